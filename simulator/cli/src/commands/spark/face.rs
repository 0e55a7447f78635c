//! The program that is written for a pipeline, as the package `millrace` of a Python plays it.

use std::fs;

use oracle::{Answer, Language};
use scenario::{
    Pipeline, Program, PythonProgram, Scenario, Source, SparkVersion, TimelineEvent, TimelineLines,
};
use simulator::{LINES, source_of, stop_time};
use suite::{Case, PlayError, PythonError, SnapshotFolder};

use super::comparison::{Comparison, compare};
use super::pipeline::SparkPipeline;
use crate::commands::finding::Finding;
use crate::error::CommandError;
use crate::terminal::print_note;

/// The name of the program's file.
const FILE: &str = "job.py";

/// The Python face, as far as it is there.
#[derive(Debug, Default)]
pub(super) struct Face {
    is_missing: bool,
    played: usize,
}

impl Face {
    /// The number of programs that it has played.
    pub(super) fn played(&self) -> usize {
        self.played
    }

    /// Plays the program of a pipeline that Spark has played, and adds what differs. Without an interpreter that has
    /// the package, that is said once.
    pub(super) fn examine(
        &mut self,
        pipeline: &SparkPipeline,
        answer: &Answer,
        seed: u64,
        comparison: &mut Comparison,
    ) -> Result<(), CommandError> {
        if self.is_missing || !reads_the_same_lines(&pipeline.scenario, &pipeline.pipeline) {
            return Ok(());
        }
        let script = oracle::script(&pipeline.scenario, &pipeline.pipeline, "Program");
        if script.language != Language::Python {
            return Ok(());
        }
        let folder = tempfile::tempdir().map_err(CommandError::Process)?;
        let file = folder.path().join(FILE);
        fs::write(&file, &script.text).map_err(CommandError::write(&file))?;
        let case = Case {
            name: pipeline.scenario_name.clone(),
            file: folder.path().join("scenario.toml"),
            scenario: with_program(&pipeline.scenario, &pipeline.pipeline, &script.text),
            lines: TimelineLines::default(),
            snapshots: SnapshotFolder::new(folder.path(), FILE),
        };
        let problems = match case.played(&case.scenario.pipelines[0], seed) {
            Ok(played) => {
                self.played += 1;
                compare(answer, &played, pipeline.measure()).problems
            }
            Err(PlayError::Python(
                error @ (PythonError::NoInterpreter { .. } | PythonError::NoPackage { .. }),
            )) => {
                self.is_missing = true;
                print_note(format_args!("the Python face is not compared: {error}"));
                return Ok(());
            }
            Err(error) => vec![suite::with_causes(&error)],
        };
        for problem in problems {
            comparison.finding = comparison.finding.max(Finding::Differs);
            let problem = format!("on the Python face: {problem}");
            comparison.problems.push(problem);
        }
        Ok(())
    }
}

/// True if the program's socket gives the lines that Spark was given, and the rows are those of Spark 3.5: a query over
/// a socket begins with an empty batch, and a socket cuts lines at line ends.
fn reads_the_same_lines(scenario: &Scenario, pipeline: &Pipeline) -> bool {
    let is_cut = scenario.timeline.iter().any(|entry| match &entry.event {
        TimelineEvent::Lines { lines, .. } => lines.iter().any(|it| it.contains(['\r', '\n'])),
        TimelineEvent::Generate(_)
        | TimelineEvent::Fault(_)
        | TimelineEvent::SourceFault(_)
        | TimelineEvent::ChangedRestart(_)
        | TimelineEvent::Expect(_) => false,
    });
    // The program of a query in SQL has a socket for each of its sources.
    let is_sql = matches!(&pipeline.program, Program::Structured(query) if query.sql.is_some());
    let is_query = matches!(pipeline.program, Program::Structured(_));
    let is_over_a_socket = source_of(pipeline) == Source::Socket;
    let is_same = is_over_a_socket || !(is_query || is_cut);
    is_same && !is_sql && scenario.spark == SparkVersion::V3_5
}

/// The scenario with its program in the place of its pipelines, whose lines come to the program's socket, and with the
/// end that it has with those.
fn with_program(scenario: &Scenario, pipeline: &Pipeline, script: &str) -> Scenario {
    let checkpoint = script.contains("--checkpoint");
    let arguments = ["--checkpoint", "checkpoint"].map(str::to_owned);
    let mut changed = scenario.clone();
    changed.timeline.retain(|entry| entry.is_for(LINES));
    for entry in &mut changed.timeline {
        entry.stream = None;
    }
    changed.clock.stop = Some(stop_time(scenario).since(scenario.clock.start));
    changed.pipelines = vec![Pipeline {
        program: Program::Python(PythonProgram {
            file: FILE.to_owned(),
            arguments: arguments.into_iter().filter(|_| checkpoint).collect(),
            ..PythonProgram::default()
        }),
        ..pipeline.clone()
    }];
    changed
}
