//! Scenario files as tests: each pipeline of each file is one.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::io::{self, Write};
use std::panic::Location;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use engine::{Engine, Machine, StreamingContext, Trigger};
use engine_structured::{AnalysisError, Query, SparkSession};
use libtest_mimic::{Arguments, Trial};
use scenario::{Pipeline, Scenario};
use simulator::{spark_context, spark_session};
use suite::{Case, CaseOutcome, Orphan, Tested, find_scenarios, hints, is_ci, orphans};

use crate::replay::replay_to;
use crate::timeline::Timeline;

/// An error of a test, as a text for a person.
type TestError = Box<dyn std::error::Error>;

/// Writes the program of a pipeline anew, for each run.
type WriteProgram = Box<dyn Fn(&Scenario, &Pipeline) -> Result<Written, TestError> + Send + Sync>;

/// A program that is ready to run.
struct Written {
    machine: Box<dyn Machine>,
    /// If it is a query.
    trigger: Option<Trigger>,
}

/// The programs that a user registered, by name.
type UserPrograms = BTreeMap<String, WriteProgram>;

/// The scenario files in a folder, as the tests of a test target.
///
/// Each pipeline of each file is played twice. It fails if the two runs differ, if an expectation of the file
/// does not hold, if a batch fails, and if the console text is not its snapshot. The snapshots of
/// `scenarios/<family>/<name>.toml` are `snapshots/<family>/<name>/<pipeline>.snap`, beside the folder `scenarios`. A
/// folder of another name has them below each file's own folder: those of `cases/<family>/<name>.toml` are
/// `cases/<family>/snapshots/<name>/<pipeline>.snap`.
///
/// A pipeline with `rust = "word_count"` is the program of that name. In `tests/scenarios.rs`:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     millrace::scenarios("scenarios")
///         .program("word_count", |ssc| {
///             let lines = ssc.socket_text_stream("localhost", 9999);
///             lines.flat_map(|line| line.split(" ")).count_by_value().print();
///         })
///         .main()
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
pub struct Scenarios {
    folder: PathBuf,
    programs: UserPrograms,
    /// The file of the test target, which the snapshots name.
    source: String,
}

/// The scenario files in this folder, relative to the crate that is tested.
#[track_caller]
pub fn scenarios(folder: impl Into<PathBuf>) -> Scenarios {
    Scenarios {
        folder: folder.into(),
        programs: BTreeMap::new(),
        source: Location::caller().file().replace('\\', "/"),
    }
}

impl Scenarios {
    /// Registers a program of streams under this name. Clock, cluster and language are the scenario's. If it has
    /// several sources, each receives all lines.
    ///
    /// # Panics
    ///
    /// Panics if another program has the name; so with [`query`](Scenarios::query).
    pub fn program(
        self,
        name: &str,
        write: impl Fn(&StreamingContext) + Send + Sync + 'static,
    ) -> Scenarios {
        let program = move |scenario: &Scenario, pipeline: &Pipeline| {
            let cluster = spark_context(scenario, pipeline);
            let ssc = StreamingContext::new(&cluster, scenario.clock.interval);
            write(&ssc);
            Ok(Written {
                machine: Box::new(Engine::new(ssc.build()?)),
                trigger: None,
            })
        };
        self.register(name, Box::new(program))
    }

    /// Registers a structured query under this name. The session is the scenario's.
    ///
    /// ```no_run
    /// use millrace::structured::OutputMode;
    /// let scenarios = millrace::scenarios("scenarios").query("words", |spark| {
    ///     let words = spark.read_stream().memory("lines").group_by("value").count();
    ///     words.write_stream().output_mode(OutputMode::Update).console()
    /// });
    /// ```
    pub fn query(
        self,
        name: &str,
        write: impl Fn(&SparkSession) -> Result<Query, AnalysisError> + Send + Sync + 'static,
    ) -> Scenarios {
        let program = move |scenario: &Scenario, _: &Pipeline| {
            let query = write(&spark_session(scenario))?;
            Ok(Written {
                trigger: Some(query.trigger()),
                machine: Box::new(query),
            })
        };
        self.register(name, Box::new(program))
    }

    fn register(mut self, name: &str, program: WriteProgram) -> Scenarios {
        let other = self.programs.insert(name.to_owned(), program);
        assert!(other.is_none(), "two programs are registered as `{name}`");
        self
    }

    /// Runs the tests, and returns the exit code of the test target.
    ///
    /// `cargo test --test scenarios -- carts` runs those with `carts` in their names; `--exact`, `--skip` and
    /// `--list` do as in other tests. `cargo test --test scenarios -- --bless` accepts the texts as the
    /// snapshots. Without it, the text of a test that fails is written beside its snapshot, into
    /// `<pipeline>.snap.new`, for you and for `cargo insta review`, unless the variable `CI` is set; it is removed
    /// when the test passes.
    pub fn main(self) -> ExitCode {
        let is_bless = |argument: &String| argument == BLESS;
        let arguments = Arguments::from_iter(env::args().filter(|it| !is_bless(it)));
        let accepts = env::args().any(|it| is_bless(&it));
        match Review::of(accepts, is_ci(env::var_os("CI").as_deref())) {
            Ok(review) => {
                let tests = self.tests(review).into_iter().map(Test::trial);
                libtest_mimic::run(&arguments, tests.collect()).exit_code()
            }
            Err(problem) => {
                // Without a standard error the exit code is all that can be given.
                let _ = writeln!(io::stderr(), "{problem}");
                ExitCode::FAILURE
            }
        }
    }

    fn tests(self, review: Review) -> Vec<Test> {
        let files = find_scenarios(&self.folder);
        if files.is_empty() {
            return vec![self.without_scenarios()];
        }
        let mut tests = Vec::new();
        let mut cases = Vec::new();
        for file in files {
            match file.and_then(|file| Case::read(&file)) {
                Ok(mut case) => {
                    case.snapshots = case.snapshots.with_source(&self.source);
                    cases.push(case);
                }
                Err(error) => {
                    let name = error.path().display().to_string();
                    tests.push(failing(name, error.explain(false)));
                }
            }
        }
        let read: Vec<&Case> = cases.iter().collect();
        match orphans(std::slice::from_ref(&self.folder), &read) {
            Ok(orphans) => tests.extend(orphans.iter().map(orphaned)),
            Err(error) => tests.push(failing("orphans".to_owned(), error.to_string())),
        }
        let target = target_of(&self.source);
        let programs = Arc::new(self.programs);
        for case in cases.into_iter().map(Arc::new) {
            let pipelines = case.scenario.pipelines.iter().cloned();
            let test = |pipeline| test_of(&case, pipeline, &programs, review, target);
            tests.extend(pipelines.map(test));
        }
        tests
    }

    /// A suite that finds nothing must not pass.
    fn without_scenarios(&self) -> Test {
        let problem = format!("{}: there is no scenario in it", self.folder.display());
        failing("there_are_scenarios".to_owned(), problem)
    }
}

/// A test, by name.
struct Test {
    name: String,
    /// Returns remarks if it does not fail, and the problem if it does.
    function: Box<dyn Fn() -> Result<Vec<String>, String> + Send>,
}

impl Test {
    fn new(
        name: String,
        function: impl Fn() -> Result<Vec<String>, String> + Send + 'static,
    ) -> Test {
        let function = Box::new(function);
        Test { name, function }
    }

    fn trial(self) -> Trial {
        let name = self.name.clone();
        Trial::test(self.name, move || {
            let remarks = (self.function)()?;
            for remark in &remarks {
                show(&name, remark);
            }
            Ok(())
        })
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

impl Review {
    /// The fate of texts by whether `--bless` is given and `CI` is set.
    fn of(accepts: bool, is_ci: bool) -> Result<Review, &'static str> {
        match (accepts, is_ci) {
            (true, true) => Err(
                "snapshots are not accepted where the variable CI is set; run this on your own machine",
            ),
            (true, false) => Ok(Review::Accept),
            (false, true) => Ok(Review::Leave),
            (false, false) => Ok(Review::Propose),
        }
    }
}

fn test_of(
    case: &Arc<Case>,
    pipeline: Pipeline,
    programs: &Arc<UserPrograms>,
    review: Review,
    target: &str,
) -> Test {
    let name = format!("{}/{}", case.name, pipeline.name);
    let case = Arc::clone(case);
    let programs = Arc::clone(programs);
    let bless = format!("cargo test --test {target} -- {BLESS} {name}");
    Test::new(name, move || {
        let tested = tested(&case, &pipeline, &programs);
        let settled = tested.and_then(|tested| settle(&case, &pipeline, &tested, review, &bless));
        settled.map_err(|error| suite::with_causes(&*error))
    })
}

/// Tests a pipeline that is given in words, or a program that is registered.
fn tested(case: &Case, pipeline: &Pipeline, programs: &UserPrograms) -> Result<Tested, TestError> {
    let scenario::Program::Rust(name) = &pipeline.program else {
        return Ok(case.test(pipeline, 0)?);
    };
    let Some(program) = programs.get(name) else {
        let names: Vec<String> = programs.keys().map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        return Err(format!("no program `{name}` is registered; registered are: {names}").into());
    };
    case.test_with(pipeline, |reader| {
        let Written { machine, trigger } = program(&case.scenario, pipeline)?;
        let timeline = Timeline::of(&case.scenario);
        Ok(replay_to(&timeline, machine, trigger, reader)?)
    })
}

/// The name of the test target that has this file: that of the file, or of its folder.
fn target_of(source: &str) -> &str {
    let path = source.strip_suffix(".rs").unwrap_or(source);
    let path = path.strip_suffix("/main").unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}

/// Shows a remark on a test that does not fail.
#[expect(
    clippy::print_stderr,
    reason = "the runner shows what a test says only if it fails"
)]
fn show(test: &str, remark: &str) {
    eprintln!("{test}: {remark}");
}

/// Accepts or proposes a text that is not the snapshot of a pipeline. Returns the remarks on one that is accepted, and
/// fails with the problems and remarks if it is not. `bless` is the command that would accept it.
fn settle(
    case: &Case,
    pipeline: &Pipeline,
    tested: &Tested,
    review: Review,
    bless: &str,
) -> Result<Vec<String>, TestError> {
    let snapshots = &case.snapshots;
    let name = &pipeline.name;
    let outcome = &tested.outcome;
    let text = tested.text.as_ref().filter(|_| outcome.is_acceptable());
    if review != Review::Leave && text.is_none() {
        // To accept a text that is printed no more would bring it back.
        snapshots.remove_proposal(name)?;
    }
    let notes = tested.notes.iter().cloned();
    let hints = hints(case, pipeline).into_iter().chain(notes);
    let remarks = hints.map(|hint| format!("note: {hint}"));
    let remedy = match (text, review) {
        _ if *outcome == CaseOutcome::Same => return Ok(Vec::new()),
        (Some(text), Review::Accept) => {
            snapshots.accept(name, text)?;
            return Ok(remarks.collect());
        }
        (Some(text), Review::Propose) => {
            snapshots.propose(name, text)?;
            let file = snapshots.proposal(name);
            let file = file.display();
            format!("it is in {file}; to accept it: cargo insta review, or\n  {bless}")
        }
        (Some(_), Review::Leave) => format!(
            "nothing is written where the variable CI is set; to accept it, on your own machine:\n  {bless}"
        ),
        (None, Review::Accept) => outcome.refusal().unwrap_or_default().to_owned(),
        (None, Review::Propose | Review::Leave) => String::new(),
    };
    let mut problems = outcome.problems();
    problems.extend(remarks);
    problems.extend(Some(remedy).filter(|remedy| !remedy.is_empty()));
    Err(problems.join("\n").into())
}

/// The argument that accepts texts, beside those of every test target.
const BLESS: &str = "--bless";

fn failing(name: String, problem: String) -> Test {
    Test::new(name, move || Err(problem.clone()))
}

fn orphaned(orphan: &Orphan) -> Test {
    let file = orphan.file.display();
    let problem = format!("there is no such scenario or pipeline; remove the snapshot {file}");
    failing(format!("{}/{}", orphan.scenario, orphan.pipeline), problem)
}

impl fmt::Debug for Scenarios {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenarios")
            .field("folder", &self.folder)
            .field("programs", &self.programs.keys())
            .field("source", &self.source)
            .finish()
    }
}

#[cfg(test)]
mod tests;
