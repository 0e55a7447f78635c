//! `millrace spark` where there is no Spark: its programs, its messages, its exit codes.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const BOOK: &str = "../../scenarios/cookbook.toml";

/// Runs `millrace spark` in a folder of its own, where nothing is on the `PATH`.
fn spark(arguments: &[&str], folder: &Path) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_millrace"))
        .arg("spark")
        .args(arguments)
        .env("PATH", folder)
        .env_remove("SPARK_HOME")
        .env_remove("PYSPARK_PYTHON")
        .output()
}

#[track_caller]
fn check(arguments: &[&str], exit: i32, expected: &str) {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let output = spark(arguments, folder.path()).expect("millrace can be run");
    let (stdout, stderr) = (&output.stdout, String::from_utf8_lossy(&output.stderr));
    assert_eq!(stderr, expected);
    assert_eq!(String::from_utf8_lossy(stdout), "");
    assert_eq!(output.status.code(), Some(exit));
}

const NO_SPARK: &str = "\
error: no Spark is found by SPARK_HOME, by `spark-submit` on the PATH, or by `pyspark` in the active Python
  to get one: `pip install pyspark==3.5.9`, or `pyspark==4.3.0`, in an active virtual environment, and Java 17 as JAVA_HOME or on the PATH
";

#[test]
fn without_a_spark_it_says_how_to_get_one() {
    check(&[BOOK], 2, NO_SPARK);
    check(&["--sweep", "3"], 2, NO_SPARK);
}

#[test]
fn a_spark_home_without_spark_is_named() -> Result {
    let folder = TempDir::new()?;
    let output = Command::new(env!("CARGO_BIN_EXE_millrace"))
        .args(["spark", BOOK])
        .env("SPARK_HOME", folder.path())
        .output()?;
    let expected = format!(
        "error: SPARK_HOME is {}, and there is no Spark: it has no folder `jars`\n",
        folder.path().display()
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

/// A query with too many triggers to wait for is named, and does not count as verified.
#[test]
fn what_cannot_be_replayed_is_named() -> Result {
    let folder = TempDir::new()?;
    let file = folder.path().join("ticks.toml");
    let text = "timeline = [{ at = '5s', lines = ['blue'] }]\n[[pipeline]]\nname = 'counts'\n\
                mode = 'structured'\ntrigger = { processing_time = '1ms' }\n";
    fs::write(&file, text)?;
    let output = spark(&[&file.to_string_lossy()], folder.path())?;
    let expected = " skipped  ticks/counts: not replayed on Spark: it has 5001 batches or triggers, and more than 2000 take too long\n\
                    1 skipped\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
    assert_eq!(output.status.code(), Some(4));
    Ok(())
}

/// Exact time-outs are ours: Spark looks for idle keys in every tenth batch.
#[test]
fn exact_time_outs_are_not_spark_s() {
    check(
        &[
            "../../scenarios/state/exact_timeouts.toml",
            "--pipeline",
            "exact",
        ],
        4,
        " skipped  state/exact_timeouts/exact: not replayed on Spark: its time-outs are exact, and Spark \
         looks for idle keys in every tenth batch only\n1 skipped\n",
    );
}

#[test]
fn a_program_is_printed_alone() -> Result {
    let folder = TempDir::new()?;
    let output = spark(
        &[BOOK, "--script", "--pipeline", "update_state"],
        folder.path(),
    )?;
    let program = String::from_utf8(output.stdout)?;
    assert!(
        program.starts_with("#\n# stateful_streaming_word_count.py\n"),
        "{program}"
    );
    assert!(
        program.contains("    .updateStateByKey(update_func)\n"),
        "{program}"
    );
    assert_eq!(String::from_utf8(output.stderr)?, "cookbook/update_state\n");
    assert_eq!(output.status.code(), Some(0));
    Ok(())
}

#[test]
fn all_programs_of_a_scenario_are_printed_in_its_order() -> Result {
    let folder = TempDir::new()?;
    let output = spark(&[BOOK, "--script", "--quiet"], folder.path())?;
    let programs = String::from_utf8(output.stdout)?;
    let names = programs
        .lines()
        .filter_map(|line| line.strip_prefix("# ")?.strip_suffix(".py"));
    let expected = [
        "streaming_word_count",
        "stateful_streaming_word_count",
        "structured_streaming_word_count",
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    Ok(())
}

#[test]
fn a_master_without_a_port_is_refused() -> Result {
    let folder = TempDir::new()?;
    let output = spark(&[BOOK, "--master", "spark://localhost"], folder.path())?;
    let message = String::from_utf8(output.stderr)?;
    let expected = "it has no port; write spark://HOST:PORT, such as spark://localhost:7077";
    assert!(message.contains(expected), "{message}");
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

/// A Python that ends without an answer stands for a Spark that breaks down.
#[cfg(unix)]
#[test]
fn a_spark_that_dies_is_reported_with_its_last_words() -> Result {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new()?;
    for folder in ["jars", "bin"].map(|name| folder.path().join(name)) {
        fs::create_dir(folder)?;
    }
    for (name, text) in [
        (
            "python3",
            "#!/bin/sh\necho 'no room for a heap' >&2\nexit 1\n",
        ),
        ("java", ""),
    ] {
        let program = folder.path().join("bin").join(name);
        fs::write(&program, text)?;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    }
    fs::write(folder.path().join("jars/spark-core_2.12-3.5.9.jar"), "")?;
    let output = Command::new(env!("CARGO_BIN_EXE_millrace"))
        .args(["spark", BOOK])
        .env("SPARK_HOME", folder.path())
        .env("PATH", folder.path().join("bin"))
        .env_remove("PYSPARK_PYTHON")
        .output()?;
    let expected =
        "error: failed to hear from Spark: it ended before it had answered\n  no room for a heap\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}
