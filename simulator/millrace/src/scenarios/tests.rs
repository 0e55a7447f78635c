//! Tests of the runner of scenario files.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;

const SCENARIO: &str = "timeline = [{ at = '1s', lines = ['blue'] }]\n\
     [[pipeline]]\nname = 'mine'\nrust = 'lines'\nprofile = 'jvm'\n\
     [[pipeline]]\nname = 'query'\nrust = 'query'\n\
     [[pipeline]]\nname = 'theirs'\nmode = 'stateless'\n";

/// The problem of each test of the scenarios in a folder, which are `SCENARIO`.
fn problems(home: &Path, review: Review) -> Vec<Option<String>> {
    let scenarios = scenarios(home.join("scenarios"))
        .program("lines", |ssc| ssc.receiver_stream("lines").print())
        .query("query", |spark| {
            let lines = spark.read_stream().memory("lines");
            lines
                .write_stream()
                .output_mode(engine_structured::OutputMode::Append)
                .console()
        });
    let tests = scenarios.tests(review);
    tests.iter().map(|test| (test.function)().err()).collect()
}

#[test]
fn a_text_is_proposed_accepted_and_compared() -> io::Result<()> {
    let home = tempfile::tempdir()?;
    fs::create_dir(home.path().join("scenarios"))?;
    fs::write(home.path().join("scenarios/blue.toml"), SCENARIO)?;
    let file = |name: &str| home.path().join("snapshots/blue").join(name);
    let missing = problems(home.path(), Review::Leave);
    assert!(
        missing
            .iter()
            .flatten()
            .all(|it| it.starts_with("there is no snapshot "))
    );
    assert_eq!((missing.len(), file("").exists()), (3, false));

    let proposed = problems(home.path(), Review::Propose);
    assert!(proposed.iter().flatten().all(|it| it.ends_with(HINT)));
    assert!(file("mine.snap.new").exists() && !file("mine.snap").exists());

    assert_eq!(problems(home.path(), Review::Accept), [None, None, None]);
    assert!(!file("mine.snap.new").exists());
    let text = fs::read_to_string(file("mine.snap"))?;
    assert!(text.contains("\nTime: 1000 ms\n"), "{text}");
    let text = fs::read_to_string(file("query.snap"))?;
    assert!(
        text.contains("\nBatch: 0\n") && text.contains("| blue|\n"),
        "{text}"
    );
    assert_eq!(problems(home.path(), Review::Leave), [None, None, None]);

    fs::rename(file("mine.snap"), file("other.snap"))?;
    let orphan = &problems(home.path(), Review::Leave)[0];
    let problem = "there is no such scenario or pipeline; remove the snapshot ";
    assert!(
        orphan.as_ref().is_some_and(|it| it.starts_with(problem)),
        "{orphan:?}"
    );
    Ok(())
}

/// Checks the only problem of a folder with this scenario.
#[track_caller]
fn check_problem(scenario: Option<&str>, expected: &str) {
    let home = tempfile::tempdir().expect("there is room for a folder");
    let folder = home.path().join("scenarios");
    fs::create_dir(&folder).expect("the folder is new");
    if let Some(text) = scenario {
        fs::write(folder.join("blue.toml"), text).expect("the file is new");
    }
    let problems = problems(home.path(), Review::Leave);
    let [Some(problem)] = &*problems else {
        panic!("one test fails: {problems:?}");
    };
    assert_eq!(
        problem.replace(&*folder.to_string_lossy(), "scenarios"),
        expected
    );
}

#[test]
fn texts_are_accepted_if_that_is_asked_for_and_never_in_ci() {
    assert_eq!(Review::of(true, false), Ok(Review::Accept));
    assert_eq!(Review::of(false, false), Ok(Review::Propose));
    assert_eq!(Review::of(false, true), Ok(Review::Leave));
    let problem = Review::of(true, true).expect_err("it is refused");
    assert!(problem.contains("CI"), "{problem}");
}

#[test]
fn a_mistake_is_a_test_that_fails() {
    check_problem(None, "scenarios: there is no scenario in it");
    check_problem(
        Some("timeline = []\n[[pipeline]]\nname = 'mine'\n"),
        "scenarios/blue.toml:1:12: the timeline is empty\n\
         scenarios/blue.toml:2:1: a pipeline needs `mode`, `steps` or `rust`",
    );
    check_problem(
        Some(
            "timeline = [{ lines = ['a'], at = '0s' }]\n[[pipeline]]\nname = 'mine'\nrust = 'rows'",
        ),
        "no program `rows` is registered; registered are: `lines`, `query`",
    );
}

#[test]
fn a_program_that_differs_from_run_to_run_is_reported() {
    let scenario = scenario::parse("blue.toml", SCENARIO).expect("it has no mistakes");
    let runs = AtomicI64::new(0);
    let scenarios = scenarios("scenarios").program("lines", move |ssc| {
        let run = runs.fetch_add(1, Ordering::Relaxed);
        ssc.queue_stream([vec![run]])
            .union(&ssc.receiver_stream("lines").map(|_| 0))
            .print();
    });
    let error =
        played(&scenario, &scenario.pipelines[0], &scenarios.programs).expect_err("runs differ");
    assert!(
        error.to_string().starts_with("two runs differ at entry "),
        "{error}"
    );
}
