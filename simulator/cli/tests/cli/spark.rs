//! `millrace spark`, on a Spark that is played: a shell that answers each request with the same console.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::{BOOK, Ended, Folder, TestResult, WORD_COUNTED, word_count};

const HELLO: &str = r#"{"spark": "3.5.9", "java": "17", "python": "3.11"}"#;

/// A folder with a scenario, and a Spark 3.5.9 that says this to each request.
fn folder_with_spark(answer: &str) -> Result<Folder, Box<dyn std::error::Error>> {
    folder_with("spark-core_2.12-3.5.9.jar", answer)
}

/// A folder with a scenario, and a Spark with this jar that says this to each request.
fn folder_with(jar: &str, answer: &str) -> Result<Folder, Box<dyn std::error::Error>> {
    let folder = Folder::with(&[
        ("scenarios/words.toml", &word_count(&["counts"])),
        ("spark/bin/java", ""),
        (&format!("spark/jars/{jar}"), ""),
        ("spark/answer.json", &format!("{answer}\n")),
    ])?;
    let python = format!(
        r#"read -r hello
printf '%s\n' '{HELLO}'
while read -r request && [ "$request" != null ]; do
  read -r answer < '{}'
  printf '%s\n' "$answer"
done
"#,
        folder.path("spark/answer.json").display()
    );
    add_program(&folder, "spark/bin/python3", &python)?;
    Ok(folder)
}

/// Adds a program of the shell.
fn add_program(folder: &Folder, path: &str, text: &str) -> TestResult {
    folder.write(path, &format!("#!/bin/sh\n{text}"))?;
    fs::set_permissions(folder.path(path), fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// The answer of a Spark that has printed this.
fn printed(console: &str) -> String {
    format!(r#"{{"id": 0, "console": {console:?}}}"#).replace("\\'", "'")
}

fn run(folder: &Folder, arguments: &str) -> std::io::Result<Ended> {
    command(folder, arguments).output().map(Ended::from)
}

fn command(folder: &Folder, arguments: &str) -> std::process::Command {
    let mut command = folder.command(arguments);
    command
        .env("SPARK_HOME", folder.path("spark"))
        .env("PATH", folder.path("spark/bin"));
    for variable in ["JAVA_HOME", "PYSPARK_PYTHON", "PYTHONPATH"] {
        command.env_remove(variable);
    }
    command
}

fn snapshot(folder: &Folder) -> PathBuf {
    folder.path("snapshots/words/counts.snap")
}

#[test]
fn the_same_console_is_success() -> TestResult {
    let folder = folder_with_spark(&printed(WORD_COUNTED))?;
    let said = run(&folder, "spark scenarios")?.said(0);
    let (versions, found) = said.split_once('\n').ok_or("only one line")?;
    assert!(
        versions.starts_with("Spark 3.5.9, Python 3.11, Java 17, in "),
        "{versions}"
    );
    assert_eq!(
        found,
        "    same  words/counts\n1 same; batches compared: 1\n"
    );
    assert!(!snapshot(&folder).exists(), "nothing is recorded unasked");
    Ok(())
}

#[test]
fn an_older_python_is_pointed_out() -> TestResult {
    let folder = folder_with_spark(&printed(WORD_COUNTED))?;
    folder.edit("spark/bin/python3", "3.11", "3.10.14")?;
    let said = run(&folder, "spark scenarios")?.said(0);
    assert!(said.contains("another order than ours\n"), "{said}");
    Ok(())
}

#[test]
fn another_console_differs() -> TestResult {
    let folder = folder_with_spark(&printed(&WORD_COUNTED.replace("2)", "3)")))?;
    let said = run(&folder, "spark scenarios --quiet")?.said(1);
    assert!(said.starts_with(" differs  words/counts\n"), "{said}");
    assert!(
        said.contains("('blue', 3)") && said.contains("('blue', 2)"),
        "{said}"
    );
    Ok(())
}

#[test]
fn what_spark_cannot_run_has_failed() -> TestResult {
    let folder = folder_with_spark(r#"{"id": 0, "error": "a stage was aborted"}"#)?;
    let said = run(&folder, "spark scenarios --quiet")?.said(1);
    assert_eq!(
        said,
        "  failed  words/counts\nSpark says: a stage was aborted\n"
    );
    Ok(())
}

/// A recording has Spark's text, also where ours differs; from then on `millrace test` reports that.
#[test]
fn a_recording_is_what_spark_printed() -> TestResult {
    let folder = folder_with_spark(&printed(&WORD_COUNTED.replace("2)", "3)")))?;
    let said = run(&folder, "spark scenarios --record --quiet")?.said(1);
    assert!(
        said.starts_with(" differs  words/counts: recorded\n"),
        "{said}"
    );
    let recorded = fs::read_to_string(snapshot(&folder))?;
    assert!(recorded.contains("('blue', 3)"), "{recorded}");
    let tested = folder.millrace("test scenarios --quiet")?.said(1);
    assert!(tested.starts_with(" differs  words/counts\n"), "{tested}");

    folder.write("spark/answer.json", &format!("{}\n", printed(WORD_COUNTED)))?;
    let said = run(&folder, "spark scenarios --record")?.said(0);
    assert!(
        said.contains("    same  words/counts: recorded\n"),
        "{said}"
    );
    assert_eq!(folder.millrace("test scenarios --quiet")?.said(0), "");
    Ok(())
}

#[test]
fn nothing_is_recorded_that_no_spark_prints() -> TestResult {
    let folder = folder_with_spark("")?;
    folder.write("scenarios/words.toml", BOOK)?;
    let said = run(&folder, "spark scenarios --record --pipeline stateless")?.said(4);
    assert!(
        said.contains("not recorded: no Spark prints it as it stands"),
        "{said}"
    );
    assert!(!folder.path("snapshots").exists());
    Ok(())
}

#[test]
fn nothing_is_recorded_in_ci() -> TestResult {
    let folder = folder_with_spark(&printed(WORD_COUNTED))?;
    let ended = command(&folder, "spark scenarios --record")
        .env("CI", "1")
        .output()?;
    let said = Ended::from(ended).said(2);
    assert!(
        said.contains("snapshots are not accepted where the variable CI is set"),
        "{said}"
    );
    assert!(!snapshot(&folder).exists());
    Ok(())
}

const SPARK_4: &str = "spark-core_2.13-4.3.0.jar";

#[test]
fn a_scenario_is_played_as_the_spark_that_is_there() -> TestResult {
    let folder = folder_with(SPARK_4, &printed(WORD_COUNTED))?;
    let said = run(&folder, "spark scenarios")?.said(0);
    assert!(
        said.contains("    same  words/counts: as Spark 4\n"),
        "{said}"
    );
    let said = run(&folder, "spark scenarios --record")?.said(4);
    let reason = "not replayed on Spark: it is for Spark 3.5, and this is Spark 4";
    assert_eq!(
        said,
        format!(" skipped  words/counts: {reason}\n1 skipped\n")
    );
    assert!(!snapshot(&folder).exists());
    Ok(())
}

#[test]
fn a_scenario_for_spark_4_is_not_compared_with_spark_3_5() -> TestResult {
    let folder = folder_with_spark(&printed(WORD_COUNTED))?;
    let for_spark_4 = format!("spark = \"4\"\n{}", word_count(&["counts"]));
    folder.write("scenarios/words.toml", &for_spark_4)?;
    let said = run(&folder, "spark scenarios")?.said(4);
    let reason = "not replayed on Spark: it is for Spark 4, and this is Spark 3.5";
    assert_eq!(
        said,
        format!(" skipped  words/counts: {reason}\n1 skipped\n")
    );
    Ok(())
}

#[test]
fn a_spark_of_neither_version_is_named() -> TestResult {
    let folder = folder_with("spark-core_2.11-2.4.8.jar", "")?;
    let said = run(&folder, "spark scenarios")?.said(2);
    let end = ", of release 2.4.8, and Millrace plays Spark 3.5 and Spark 4\n";
    assert!(said.ends_with(end), "{said}");
    Ok(())
}

/// A query that ends at a line without a time, in Spark 4.
const ENDS: &str = "\
spark = \"4\"
timeline = [{ at = \"1s\", lines = [\"x blue\"] }, { expect = { failure = \"CAST_INVALID_INPUT\" } }]

[cluster]
cores = 1

[[pipeline]]
name = \"windows\"
mode = \"structured\"
window = \"10s\"
";

#[test]
fn a_query_that_fails_is_compared_with_one_that_fails() -> TestResult {
    let fails = r#"{"console": "", "failure": "[CAST_INVALID_INPUT] no number"}"#;
    let folder = folder_with(SPARK_4, fails)?;
    folder.write("scenarios/words.toml", ENDS)?;
    let said = run(&folder, "spark scenarios")?.said(0);
    assert!(said.contains("    same  words/windows\n"), "{said}");

    let another = fails.replace("CAST_INVALID_INPUT", "INVALID_ARRAY_INDEX");
    folder.write("spark/answer.json", &format!("{another}\n"))?;
    let said = run(&folder, "spark scenarios -q")?.said(1);
    assert!(
        said.contains("Spark fails by [INVALID_ARRAY_INDEX] no number\n"),
        "{said}"
    );

    folder.write("spark/answer.json", "{\"console\": \"\"}\n")?;
    let said = run(&folder, "spark scenarios -q")?.said(1);
    assert!(
        said.contains("ours fails, and Spark does not: batch 0: [CAST_INVALID_INPUT] "),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_sweep_says_once_that_no_python_has_the_package() -> TestResult {
    let folder = folder_with_spark(&printed(""))?;
    add_program(&folder, "spark/bin/javac", "")?;
    let ended = command(&folder, "spark --sweep 9 --keep kept")
        .env("MILLRACE_PYTHON", "/nowhere/python")
        .output()?;
    let said = Ended::from(ended).said(1);
    let note = "the Python face is not compared: failed to start /nowhere/python, which plays programs in Python";
    assert_eq!(said.matches(note).count(), 1, "{said}");
    assert!(!said.contains("played on the Python face"), "{said}");
    Ok(())
}

#[test]
fn a_sweep_compares_the_programs_that_it_writes_as_a_python_plays_them() -> TestResult {
    let folder = folder_with_spark(&printed(""))?;
    let text = r#"{"time_ms": 0, "event": "text_printed", "text": "of the face\\n"}"#;
    let stopped = r#"{"time_ms": 0, "event": "stopped"}"#;
    add_program(
        &folder,
        "face",
        &format!("echo '{text}'\necho '{stopped}'\n"),
    )?;
    add_program(&folder, "spark/bin/javac", "")?;
    let ended = command(&folder, "spark --sweep 9 --keep kept")
        .env("MILLRACE_PYTHON", folder.path("face"))
        .output()?;
    let said = Ended::from(ended).said(1);
    assert!(
        said.contains("on the Python face: expected is Spark's, actual is ours\n"),
        "{said}"
    );
    assert!(
        said.contains("; programs played on the Python face: "),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_query_that_differs_is_written_without_the_parts_that_do_not_matter_too() -> TestResult {
    let folder = folder_with_spark(&printed(""))?;
    let said = run(&folder, "spark --sweep 1 --queries --keep kept")?.said(1);
    assert!(said.contains(" differs  sweep_0_0/query\n"), "{said}");
    let whole = fs::read_to_string(folder.path("kept/sweep_0_0.toml"))?;
    let smaller = fs::read_to_string(folder.path("kept/sweep_0_0_smaller.toml"))?;
    assert!(smaller.len() * 2 < whole.len(), "{whole}\n{smaller}");
    Ok(())
}

#[test]
fn a_sweep_is_recorded_with_its_scenarios() -> TestResult {
    let folder = folder_with_spark(&printed("of Spark\n"))?;
    run(
        &folder,
        "spark --sweep 1 --queries --record --keep scenarios/drawn",
    )?
    .said(1);
    assert!(folder.path("scenarios/drawn/sweep_0_0.toml").exists());
    let snapshot = folder.path("snapshots/drawn/sweep_0_0/query.snap");
    assert!(fs::read_to_string(snapshot)?.contains("of Spark\n"));
    Ok(())
}
