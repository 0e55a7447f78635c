//! Every scenario is a test: `cargo test -p snapshots -- cookbook` picks one.
//!
//! Each pipeline of each file in `scenarios/` is played twice and its journals are compared; then its
//! expectations are checked, and its console text is compared with its snapshot.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use scenario::Pipeline;
use suite::{Case, Outcome, ReadError, find_scenarios, play};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    // Messages then show the paths that a person at the top of the repository would type.
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("");
    env::set_current_dir(home).expect("the repository is there");
    let files = find_scenarios(Path::new("scenarios")).unwrap_or_default();
    let mut trials = vec![there_are_scenarios(&files)];
    trials.extend(files.iter().flat_map(|file| trials_of(file)));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A suite that finds nothing must not pass.
fn there_are_scenarios(files: &[PathBuf]) -> Trial {
    let is_empty = files.is_empty();
    Trial::test("there_are_scenarios", move || {
        if is_empty {
            Err("there is no scenario in scenarios/".into())
        } else {
            Ok(())
        }
    })
}

/// A test for each pipeline of a file, or a failing one if the file has mistakes.
fn trials_of(file: &Path) -> Vec<Trial> {
    match Case::read(file) {
        Err(error) => {
            let name = file.display().to_string();
            vec![Trial::test(name, move || Err(explain(&error).into()))]
        }
        Ok(case) => {
            let pipelines = case.scenario.pipelines.iter();
            pipelines.map(|pipeline| trial(&case, pipeline)).collect()
        }
    }
}

/// All the mistakes of a file, a line each.
fn explain(error: &ReadError) -> String {
    let ReadError::Mistakes(mistakes) = error else {
        return error.to_string();
    };
    let name = mistakes.name();
    let lines = mistakes
        .iter()
        .map(|it| format!("{name}:{}:{}: {}", it.line(), it.column(), it.message()));
    lines.collect::<Vec<_>>().join("\n")
}

fn trial(case: &Case, pipeline: &Pipeline) -> Trial {
    let name = format!("{}/{}", case.name, pipeline.name);
    let case = case.clone();
    let pipeline = pipeline.clone();
    Trial::test(name, move || test(&case, &pipeline))
}

fn test(case: &Case, pipeline: &Pipeline) -> Result<(), Failed> {
    let played = play(&case.scenario, pipeline, 0)?;
    let outcome = case.compare(&pipeline.name, &played)?;
    if outcome == Outcome::Same {
        return Ok(case.snapshots.remove_proposal(&pipeline.name)?);
    }
    let mut problems = outcome.problems().join("\n");
    if outcome.is_acceptable() && env::var_os("CI").is_none() {
        case.snapshots.propose(&pipeline.name, &played.text)?;
        problems += "\nto see and accept what is printed now: cargo insta review";
    }
    Err(problems.into())
}
