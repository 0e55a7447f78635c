//! `--help`, and the messages for a wrong command line.

use crate::support::{Folder, TestResult, check_snapshot};

const COMMANDS: [&str; 11] = [
    "run",
    "test",
    "listen",
    "record",
    "new",
    "spark",
    "bench",
    "checkpoint",
    "explore",
    "schema",
    "completions",
];

#[test]
fn the_help_lists_the_commands_and_the_exit_codes() -> TestResult {
    let help = Folder::with(&[])?.millrace("--help")?.printed();
    check_snapshot("help", &help);
    for command in COMMANDS {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
    }
    Ok(())
}

#[test]
fn the_help_of_each_command_has_examples() -> TestResult {
    let folder = Folder::with(&[])?;
    for command in COMMANDS {
        let help = folder.millrace(&format!("{command} --help"))?.printed();
        check_snapshot(&format!("help_{command}"), &help);
        let (_, examples) = help.split_once("\nExamples:\n").ok_or("no examples")?;
        assert!(
            examples.contains(&format!("millrace {command} ")),
            "{examples}"
        );
    }
    Ok(())
}

#[test]
fn the_version_is_that_of_the_crate() -> TestResult {
    let version = Folder::with(&[])?.millrace("--version")?.printed();
    assert_eq!(
        version,
        concat!("millrace ", env!("CARGO_PKG_VERSION"), "\n")
    );
    Ok(())
}

/// Checks that this command line is refused before anything is looked at, with these words.
#[track_caller]
fn check_refused(arguments: &str, expected: &str) -> TestResult {
    let said = Folder::with(&[])?.millrace(arguments)?.said(2);
    assert!(said.contains(expected), "{said}");
    Ok(())
}

#[test]
fn a_wrong_command_line_says_what_is_wrong() -> TestResult {
    check_refused("", "Usage: millrace <COMMAND>")?;
    check_refused("rum", "a similar subcommand exists: 'run'")?;
    check_refused("run", "required arguments were not provided")?;
    check_refused(
        "run a.toml --profile spark",
        "[possible values: pyspark, jvm, cookbook]",
    )?;
    for workers in ["0", "257", "20000", "99999999999999999999", "two"] {
        check_refused(
            &format!("run a.toml --workers {workers}"),
            &format!("invalid value '{workers}' for '--workers <N>': write a number from 1 to 256"),
        )?;
    }
    check_refused("spark --sweep 100001", "write a number from 1 to 100000")?;
    check_refused("bench --workers 257", "write a number from 1 to 256")?;
    check_refused(
        "listen localhost:9 --workers 257",
        "write a number from 1 to 256",
    )?;
    check_refused(
        "listen localhost:9 --cores 1000000000000",
        "invalid value '1000000000000' for '--cores <N>': write a number from 1 to 1024",
    )?;
    check_refused(
        "listen localhost:9 --rows 1000001",
        "write a number from 1 to 1000000",
    )?;
    for command in ["listen localhost:9", "record localhost:9 -o a.toml"] {
        check_refused(
            &format!("{command} --line-limit 1073741825"),
            "write a number from 1 to 1073741824",
        )?;
    }
    check_refused("run a.toml --seed 18446744073709551616", "number too large")?;
    check_refused("run a.toml --seed=-1", "invalid digit")?;
    check_refused(
        "listen localhost:9 --interval 0s",
        "it goes from 1ms to 8760h",
    )?;
    check_refused("listen localhost:9 --interval=-1s", "invalid value '-1s'")?;
    check_refused(
        "record localhost:9 -o a.toml --interval 8761h",
        "it goes from 1ms to 8760h",
    )?;
    check_refused("listen localhost:9 --pipeline counts", "--scenario <FILE>")?;
    check_refused(
        "listen localhost",
        "`localhost` is no address; write HOST:PORT",
    )?;
    check_refused("record localhost:9", "--output <FILE>")?;
    check_refused("completions tcsh", "[possible values: bash,")
}
