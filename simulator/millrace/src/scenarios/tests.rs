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
    let [Some(problem), ..] = &*proposed else {
        panic!("each test fails: {proposed:?}");
    };
    let shown = problem.replace(&*home.path().to_string_lossy(), "");
    assert_eq!(
        shown,
        "there is no snapshot /snapshots/blue/mine.snap; this is printed now:\n\
         -------------------------------------------\nTime: 1000 ms\n\
         -------------------------------------------\nblue\n\n\
         it is in /snapshots/blue/mine.snap.new; to accept it: cargo insta review, or\n  \
         cargo test --test tests -- --bless blue/mine"
    );
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

/// A folder with a scenario of one program, and the problem of its test.
struct OneProgram {
    home: tempfile::TempDir,
}

impl OneProgram {
    /// Lines at one and at two seconds, and these entries.
    fn with(entries: &str) -> io::Result<OneProgram> {
        let home = tempfile::tempdir()?;
        fs::create_dir(home.path().join("scenarios"))?;
        let program = OneProgram { home };
        program.write(entries)?;
        Ok(program)
    }

    fn write(&self, entries: &str) -> io::Result<()> {
        let text = format!(
            "timeline = [{{ at = '1s', lines = ['1'] }}, {{ at = '2s', lines = ['one'] }}{entries}]\n\
             [[pipeline]]\nname = 'numbers'\nrust = 'numbers'\n"
        );
        fs::write(self.home.path().join("scenarios/a.toml"), text)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join("snapshots/a").join(name)
    }

    /// The problem of the program, which prints the numbers up to this one.
    fn problem(&self, most: i64, review: Review) -> Option<String> {
        self.run(most, review).err()
    }

    fn run(&self, most: i64, review: Review) -> Result<Vec<String>, String> {
        let scenarios = scenarios(self.home.path().join("scenarios"));
        let scenarios = scenarios.program("numbers", move |ssc| {
            let lines = ssc.receiver_stream("lines");
            let numbers = lines.try_map(|line| Ok(line.parse::<i64>()?));
            numbers.filter(move |number| *number <= most).print();
        });
        let tests = scenarios.tests(review);
        assert_eq!(tests.len(), 1);
        (tests[0].function)()
    }
}

#[test]
fn a_batch_that_fails_is_never_accepted_and_the_way_out_is_said() -> io::Result<()> {
    let program = OneProgram::with("")?;
    let failed = "failed: try_map, batch at 1970-01-01 00:00:02: invalid digit found in string";
    let problem = program.problem(9, Review::Accept);
    let remedy = "if it is to fail, add to the timeline, in the order of time and with what all messages have:\n  \
                  { at = \"2s\", expect = { pipeline = \"numbers\", failure = \"invalid digit found in string\" } }";
    let refused =
        "nothing is written: a snapshot would lack what a failed batch should have printed";
    assert_eq!(problem, Some([failed, remedy, refused].join("\n")));
    assert!(!program.file("numbers.snap").exists());

    program.write(", { at = '2s', expect = { failure = 'invalid digit' } }")?;
    assert_eq!(program.problem(9, Review::Accept), None);
    assert!(program.file("numbers.snap").exists());
    assert_eq!(program.problem(9, Review::Leave), None);

    program.write(", { at = '2s', expect = { failure = 'overflow' } }")?;
    let problem = program.problem(9, Review::Accept).unwrap_or_default();
    assert!(problem.starts_with(failed), "{problem}");
    assert!(
        problem.ends_with(
            "nothing is written: a snapshot may not be what the scenario does not expect; correct that, or the program"
        ),
        "{problem}"
    );
    Ok(())
}

#[test]
fn a_test_that_fails_has_the_hints() -> io::Result<()> {
    let program = OneProgram::with("]\n[cluster]\ncores = 1\n#")?;
    let problem = program.problem(9, Review::Leave).unwrap_or_default();
    assert!(
        problem.contains("\nnote: ") && problem.contains("has `cores = 1`"),
        "{problem}"
    );
    Ok(())
}

#[test]
fn a_text_that_is_accepted_has_the_hints() -> io::Result<()> {
    let expected = ", { at = '2s', expect = { failure = 'digit' } }";
    let program = OneProgram::with(&format!("{expected}]\n[cluster]\ncores = 1\n#"))?;
    let accepted = program.run(9, Review::Accept);
    let Ok([remark]) = accepted.as_deref() else {
        panic!("it has one remark: {accepted:?}");
    };
    assert!(remark.starts_with("note: ") && remark.contains("has `cores = 1`"));
    assert_eq!(program.run(9, Review::Leave), Ok(Vec::new()));
    Ok(())
}

#[test]
fn a_proposal_goes_with_what_proposed_it() -> io::Result<()> {
    let expected = ", { at = '2s', expect = { failure = 'digit' } }";
    let program = OneProgram::with(expected)?;
    let proposal = program.file("numbers.snap.new");
    assert_eq!(program.problem(9, Review::Accept), None);
    let propose = || {
        let problem = program.problem(0, Review::Propose).unwrap_or_default();
        assert!(problem.contains("first difference: Time: "), "{problem}");
        assert!(
            problem.contains("numbers.snap.new; to accept it: "),
            "{problem}"
        );
        proposal.exists()
    };
    assert!(propose());
    let problem = program.problem(0, Review::Leave).unwrap_or_default();
    assert!(
        problem.ends_with(
            "\nnothing is written where the variable CI is set; to accept it, on your own machine:\n  \
             cargo test --test tests -- --bless a/numbers"
        ),
        "{problem}"
    );
    // It is the snapshot's again.
    assert_eq!(program.problem(9, Review::Propose), None);
    assert!(!proposal.exists());
    // There is nothing to accept any more.
    assert!(propose());
    program.write("")?;
    assert!(program.problem(0, Review::Propose).is_some());
    assert!(!proposal.exists());
    Ok(())
}

#[test]
fn texts_are_accepted_if_that_is_asked_for_and_never_in_ci() {
    assert_eq!(Review::of(true, false), Ok(Review::Accept));
    assert_eq!(Review::of(false, false), Ok(Review::Propose));
    assert_eq!(Review::of(false, true), Ok(Review::Leave));
    let problem = Review::of(true, true).expect_err("it is refused");
    assert!(problem.contains("CI"), "{problem}");
}

/// The report of a scenario with two mistakes.
const MISTAKES: &str = "  × failed to read scenarios/blue.toml: 2 mistakes

Error: scenario::nothing_happens

  × the timeline is empty
   ╭─[scenarios/blue.toml:1:12]
 1 │ timeline = []
   ·            ─┬
   ·             ╰── no entries
 2 │ [[pipeline]]
   ╰────
  help: for example
        timeline = [{ at = \"1s\", lines = [\"blue green\"] }]; with `stop` in `[clock]` a run needs
        no entries

Error: scenario::missing_key

  × a pipeline needs `mode`, `steps`, `program` or `rust`
   ╭─[scenarios/blue.toml:2:1]
 1 │ timeline = []
 2 │ [[pipeline]]
   · ──────┬─────
   ·       ╰── has none of them
 3 │ name = 'mine'
   ╰────
  help: for example `mode = \"stateless\"`, or `steps = [{ flat_map = \"split\" }, { print = 10 }]`
";

#[test]
fn a_mistake_is_a_test_that_fails() {
    check_problem(None, "scenarios: there is no scenario in it");
    check_problem(
        Some("timeline = []\n[[pipeline]]\nname = 'mine'\n"),
        MISTAKES,
    );
    check_problem(
        Some(
            "timeline = [{ lines = ['a'], at = '0s' }]\n[[pipeline]]\nname = 'mine'\nrust = 'rows'",
        ),
        "no program `rows` is registered; registered are: `lines`, `query`",
    );
}

#[test]
#[should_panic(expected = "two programs are registered as `lines`")]
fn two_programs_of_one_name_are_refused() {
    let lines = |ssc: &StreamingContext| ssc.receiver_stream("lines").print();
    let _ = scenarios("scenarios")
        .program("lines", lines)
        .program("lines", lines);
}

#[test]
fn a_program_that_differs_from_run_to_run_is_reported() {
    let case = Case::parse(Path::new("blue.toml"), SCENARIO).expect("it has no mistakes");
    let runs = AtomicI64::new(0);
    let scenarios = scenarios("scenarios").program("lines", move |ssc| {
        let run = runs.fetch_add(1, Ordering::Relaxed);
        ssc.queue_stream([vec![run]])
            .union(&ssc.receiver_stream("lines").map(|_| 0))
            .print();
    });
    let error =
        tested(&case, &case.scenario.pipelines[0], &scenarios.programs).expect_err("runs differ");
    assert!(
        error.to_string().starts_with("two runs differ at entry "),
        "{error}"
    );
}

/// Rows that a failed job would have printed are missing, and so may be what is expected: both are said.
#[test]
fn a_function_that_panics_is_named_beside_what_is_missing() {
    let expecting =
        "timeline = [{ at = '1s', lines = ['blue'] }, { expect = { contains = ['blue'] } }]";
    let text = SCENARIO.replacen("timeline = [{ at = '1s', lines = ['blue'] }]", expecting, 1);
    let case = Case::parse(Path::new("blue.toml"), &text).expect("it has no mistakes");
    let scenarios = scenarios("scenarios").program("lines", |ssc| {
        let lines = ssc.receiver_stream("lines");
        lines
            .map(|line| {
                assert_eq!(line, "green", "no green");
                line
            })
            .print();
    });
    let tested = tested(&case, &case.scenario.pipelines[0], &scenarios.programs);
    let problems = tested.map(|tested| tested.outcome.problems().join("\n"));
    let problems = problems.expect("both runs are the same");
    assert!(
        problems.starts_with("failed: map, batch at 1000 ms, panicked at simulator/millrace/src/"),
        "{problems}"
    );
    assert!(
        problems.contains("no green") && problems.contains("does not hold"),
        "{problems}"
    );
}
