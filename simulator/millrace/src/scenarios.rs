//! Scenario files as tests: each pipeline of each file is one.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use scenario::Pipeline;
use suite::{Case, Orphan, Outcome, ReadError, find_scenarios, orphans, play};

use crate::runner::{Arguments, Test, run};

/// An error of a test, as a text for a person.
type TestError = Box<dyn std::error::Error>;

/// The scenario files in a folder, as the tests of a test target.
///
/// Each pipeline of each file is played twice. It fails if the two runs differ, if an expectation of the file
/// does not hold, if a batch fails, and if the console text is not its snapshot. The snapshots of
/// `scenarios/<family>/<name>.toml` are `snapshots/<family>/<name>/<pipeline>.snap`.
///
/// In `tests/scenarios.rs`:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     millrace::scenarios("scenarios").main()
/// }
/// ```
///
/// and in `Cargo.toml`:
///
/// ```toml
/// [[test]]
/// name = "scenarios"
/// harness = false
/// ```
#[derive(Debug)]
pub struct Scenarios {
    folder: PathBuf,
}

/// The scenario files in this folder, relative to the crate that is tested.
pub fn scenarios(folder: impl Into<PathBuf>) -> Scenarios {
    Scenarios {
        folder: folder.into(),
    }
}

impl Scenarios {
    /// Runs the tests, and returns the exit code of the test target.
    ///
    /// `cargo test --test scenarios -- carts` runs those with `carts` in their names; `--exact`, `--skip` and
    /// `--list` do as in other tests. `cargo test --test scenarios -- --bless` accepts the texts as the
    /// snapshots. Without it, the text of a test that fails is written beside its snapshot, for
    /// `cargo insta review`, unless the variable `CI` is set.
    pub fn main(self) -> ExitCode {
        let arguments = Arguments::parse(env::args().skip(1));
        let review = match (arguments.has("--bless"), env::var_os("CI")) {
            (false, None) => Review::Propose,
            (true, None) => Review::Accept,
            (_, Some(_)) => Review::Leave,
        };
        run(&arguments, self.tests(review))
    }

    fn tests(self, review: Review) -> Vec<Test> {
        let files = match find_scenarios(&self.folder) {
            Ok(files) if !files.is_empty() => files,
            Ok(_) => return vec![self.failing("there is no scenario in it")],
            Err(error) => return vec![self.failing(&error.to_string())],
        };
        let mut tests = Vec::new();
        let mut cases = Vec::new();
        for file in files {
            match Case::read(&file) {
                Ok(case) => cases.push(case),
                Err(error) => tests.push(failing(file.display().to_string(), explain(&error))),
            }
        }
        match orphans(std::slice::from_ref(&self.folder), &cases) {
            Ok(orphans) => tests.extend(orphans.iter().map(orphaned)),
            Err(error) => tests.push(failing("orphans".to_owned(), error.to_string())),
        }
        for case in cases.into_iter().map(Rc::new) {
            let pipelines = case.scenario.pipelines.iter().cloned();
            tests.extend(pipelines.map(|pipeline| test_of(&case, pipeline, review)));
        }
        tests
    }

    /// A suite that finds nothing must not pass.
    fn failing(&self, problem: &str) -> Test {
        let folder = self.folder.display().to_string();
        failing(
            "there_are_scenarios".to_owned(),
            format!("{folder}: {problem}"),
        )
    }
}

/// The fate of a text that is not its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Review {
    /// It is written beside the snapshot.
    Propose,
    /// It becomes the snapshot.
    Accept,
    /// It is not written.
    Leave,
}

fn test_of(case: &Rc<Case>, pipeline: Pipeline, review: Review) -> Test {
    let name = format!("{}/{}", case.name, pipeline.name);
    let case = Rc::clone(case);
    Test::new(name, move || {
        test(&case, &pipeline, review).map_err(|error| error.to_string())
    })
}

fn test(case: &Case, pipeline: &Pipeline, review: Review) -> Result<(), TestError> {
    let played = play(&case.scenario, pipeline, 0)?;
    let outcome = case.compare(&pipeline.name, &played)?;
    if outcome == Outcome::Same {
        return Ok(case.snapshots.remove_proposal(&pipeline.name)?);
    }
    let problems = outcome.problems().join("\n");
    if !outcome.is_acceptable() || review == Review::Leave {
        return Err(problems.into());
    }
    if review == Review::Accept {
        return Ok(case.snapshots.accept(&pipeline.name, &played.text)?);
    }
    case.snapshots.propose(&pipeline.name, &played.text)?;
    Err(format!("{problems}\n{HINT}").into())
}

const HINT: &str = "to see and accept what is printed now: cargo insta review; \
                    to accept it: this test with `-- --bless`";

fn failing(name: String, problem: String) -> Test {
    Test::new(name, move || Err(problem.clone()))
}

fn orphaned(orphan: &Orphan) -> Test {
    let file = orphan.file.display();
    let problem = format!("there is no such scenario or pipeline; remove the snapshot {file}");
    failing(format!("{}/{}", orphan.scenario, orphan.pipeline), problem)
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
