//! Every scenario is a test: `cargo test -p snapshots -- cookbook` picks one.
//!
//! Each pipeline of each file in `scenarios/` is played twice, its journals are compared, its
//! expectations judged, and its console text is compared with its snapshot.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use scenario::{Pipeline, Scenario, TimelineLines};
use snapshots::{
    Case, Outcome, ReadError, check, encode, find_scenarios, play, read_with_lines, withdraw,
};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    quieten_proposals();
    let mut trials = vec![Trial::test("there_are_scenarios", there_are_scenarios)];
    for file in find_scenarios(&home().join("scenarios")).unwrap_or_default() {
        trials.extend(trials_of(&file));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The folder that has `scenarios` and `snapshots`.
fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("")
}

/// A path as a person at the top of the repository would type it.
fn from_home(path: &Path) -> String {
    path.strip_prefix(home())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// A suite that finds nothing must not pass.
fn there_are_scenarios() -> Result<(), Failed> {
    let found = find_scenarios(&home().join("scenarios"))?;
    if found.is_empty() {
        Err("there is no scenario in scenarios/".into())
    } else {
        Ok(())
    }
}

/// A test for each pipeline of a file, or one that fails if the file is no scenario.
fn trials_of(file: &Path) -> Vec<Trial> {
    let case = Case::of(file);
    match read_with_lines(file) {
        Err(error) => {
            let name = case.name().to_owned();
            vec![Trial::test(name, move || Err(explain(&error).into()))]
        }
        Ok((scenario, lines)) => scenario
            .pipelines
            .iter()
            .map(|pipeline| trial(&case, &scenario, &lines, pipeline))
            .collect(),
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

fn trial(case: &Case, scenario: &Scenario, lines: &TimelineLines, pipeline: &Pipeline) -> Trial {
    let case = case.clone();
    let scenario = scenario.clone();
    let lines = lines.clone();
    let pipeline = pipeline.clone();
    let name = format!("{}/{}", case.name(), pipeline.name);
    Trial::test(name, move || compare(&case, &scenario, &lines, &pipeline))
}

fn compare(
    case: &Case,
    scenario: &Scenario,
    lines: &TimelineLines,
    pipeline: &Pipeline,
) -> Result<(), Failed> {
    let played = play(scenario, pipeline, 0)?;
    if let Some(verdict) = played.verdicts.first() {
        return Err(verdict.located(lines).to_string().into());
    }
    if let Some(failure) = played.failures.first() {
        return Err(failure.into());
    }
    let snapshot = case.snapshot(&pipeline.name);
    let outcome = check(case, &pipeline.name, &played.text)?;
    let complaint = match outcome {
        Outcome::Same => return Ok(withdraw(case, &pipeline.name)?),
        Outcome::Missing => format!("there is no snapshot {}", from_home(&snapshot)),
        Outcome::Differs(difference) => difference,
        Outcome::Broken(error) => error.to_string(),
    };
    if std::env::var_os("CI").is_some() {
        return Err(complaint.into());
    }
    let advice = if propose(case, pipeline, &played.text) {
        "to see and accept what is printed now: cargo insta review"
    } else {
        "insta was told to accept what is printed now: run the test again"
    };
    Err(format!("{complaint}\n{advice}").into())
}

thread_local! {
    /// Whether this thread lets insta write a proposal, and panic because of it.
    static PROPOSING: Cell<bool> = const { Cell::new(false) };
}

/// Leaves what was printed for `cargo insta review`; false if insta has accepted it, as its variable
/// `INSTA_UPDATE` may tell it to.
fn propose(case: &Case, pipeline: &Pipeline, text: &str) -> bool {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(case.folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(case.input_file());
    let assert = || insta::assert_snapshot!(pipeline.name.clone(), encode(text));
    PROPOSING.set(true);
    let proposed = catch_unwind(AssertUnwindSafe(|| settings.bind(assert)));
    PROPOSING.set(false);
    proposed.is_err()
}

/// Lets the panics of proposals pass in silence: the test says in its own words what differs.
fn quieten_proposals() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !PROPOSING.get() {
            shown(panic);
        }
    }));
}
