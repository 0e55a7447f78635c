//! A pipeline as a program for Spark: the operators of its kind, in a frame that reads a socket.

mod java;
mod map_with_state;
mod python;
mod settings;
mod sql;
mod stateless;
mod steps;
mod structured;
mod update_state;
mod words;

use scenario::{Cluster, Pipeline, Program, Scenario};

pub(crate) use settings::settings;
pub(crate) use sql::variable;

/// The language that a program is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Python 3, for `spark-submit FILE.py`.
    Python,
    /// Java 17, for `spark-submit --class NAME FILE.jar`.
    Java,
}

/// A pipeline as a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The language it is written in.
    pub language: Language,
    /// The whole program: it reads lines from a socket, prints to the console and runs until it is stopped.
    pub text: String,
    /// The operators on the stream of lines: the part that is the same in a replay.
    pub(crate) body: String,
}

/// The operators of a pipeline, and what its program needs around them.
struct Body {
    /// The name of the file, without its extension.
    file: String,
    /// The name of the application in Spark.
    app: String,
    /// The operators, from `lines` to the print.
    text: String,
    /// True if they keep state, so that Spark asks for a checkpoint.
    is_stateful: bool,
}

/// Turns a pipeline into a plain program: `PySpark` for the profiles `pyspark` and `cookbook`, Java for
/// `jvm` and for `mapWithState`, which `PySpark` does not have. Queries are `PySpark` in every profile:
/// their tables come from the JVM all the same. A Java program has the class name `class`.
///
/// # Panics
///
/// Panics if the pipeline is a program in Rust.
pub fn script(scenario: &Scenario, pipeline: &Pipeline, class: &str) -> Script {
    let profile = scenario.profile_of(pipeline);
    let rows = scenario.console.rows;
    let is_jvm = profile.is_jvm() || pipeline.program.mapped_totals().next().is_some();
    let language = if is_jvm {
        Language::Java
    } else {
        Language::Python
    };
    let body = match &pipeline.program {
        Program::Stateless { window, .. } => stateless::body(*window, rows, language),
        Program::UpdateState {
            update, initial, ..
        } => update_state::body(*update, initial, rows, language),
        Program::MapWithState(program) => map_with_state::body(&program.totals, rows),
        Program::Steps(steps) => steps::body(&pipeline.name, steps, language),
        Program::Structured(structured) => {
            return match &structured.sql {
                Some(sql) => sql::script(scenario, pipeline, structured, sql),
                None => structured::script(scenario, structured),
            };
        }
        Program::Python(program) => panic!("the program {} is its own script", program.file),
        Program::Rust(name) => panic!("the program `{name}` in Rust is none of Spark's"),
    };
    match language {
        Language::Python => python::script(scenario, &body),
        Language::Java => java::script(scenario, &body, class),
    }
}

/// The options of `spark-submit` that give a program with a receiver these cores. In local mode a receiver takes one for
/// itself, so that on one core no job would ever run; of two cores the setting makes one partition, as of one.
fn master(cluster: &Cluster) -> String {
    let cores = cluster.cores;
    match (cluster.executors, cores) {
        (Some(executors), _) => format!("--master \"local-cluster[{executors},{cores},1024]\""),
        (None, 1) => "--master \"local[2]\" --conf spark.default.parallelism=1".to_owned(),
        (None, _) => format!("--master \"local[{cores}]\""),
    }
}

/// `NetworkWordCount` of `network_word_count`.
fn camel_case(name: &str) -> String {
    let words = name.split(['_', '-']);
    let capitalized = words.map(|word| {
        let mut characters = word.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>()
    });
    capitalized.collect()
}

/// A name that Java takes for a class: `UpdateState` of `update_state`.
pub fn class_name(name: &str) -> String {
    let name = camel_case(name);
    if name.starts_with(|character: char| character.is_ascii_alphabetic()) {
        name
    } else {
        format!("Pipeline{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_begins_with_a_letter() {
        assert_eq!(class_name("update_state"), "UpdateState");
        assert_eq!(class_name("2-cores"), "Pipeline2Cores");
    }
}
