//! Standard output whose reader is gone, as behind `| head`: the exit code is that of all the work.

use std::io;

use crate::bench_baseline::{fast, write_runs};
use crate::running::Running;
use crate::server::Server;
use crate::support::{Ended, Folder, TestResult, word_count};

/// Runs the program to its end, with nothing to read its standard output.
fn unread(folder: &Folder, arguments: &str) -> io::Result<Ended> {
    let (reader, writer) = io::pipe()?;
    drop(reader);
    let output = folder.command(arguments).stdout(writer).output()?;
    Ok(output.into())
}

#[test]
fn a_failure_stays_a_failure() -> TestResult {
    let wish = word_count(&["counts"]).replacen(
        "\"] }]",
        "\"] },\n  { expect = { rows = [\"('blue', 3)\"] } }]",
        1,
    );
    let memory = "[cluster]\nmemory = \"10B\"\n";
    let growing = word_count(&["counts"]).replace("stateless", "update_state") + memory;
    let folder = Folder::with(&[
        ("wish.toml", &wish),
        ("growing.toml", &growing),
        ("good.toml", &word_count(&["one", "two"])),
        ("bad.toml", "no scenario"),
    ])?;
    for (arguments, code) in [
        ("run wish.toml", 1),
        ("run wish.toml --json", 1),
        ("run growing.toml -q", 1),
        ("run growing.toml -q --json", 1),
        ("run good.toml wish.toml good.toml", 1),
        ("test good.toml --json", 1),
        ("test good.toml bad.toml --json", 2),
        ("test good.toml bad.toml --list", 2),
        ("run bad.toml", 2),
    ] {
        let ended = unread(&folder, arguments)?;
        assert_eq!(ended.code, Some(code), "{arguments}: {ended}");
    }
    let said = unread(&folder, "run wish.toml -q")?.said(1);
    assert!(said.contains("does not hold"), "{said}");
    Ok(())
}

#[test]
fn a_success_stays_a_success() -> TestResult {
    let folder = Folder::with(&[("scenarios/good.toml", &word_count(&["one", "two"]))])?;
    folder.millrace("test --bless")?.said(0);
    for arguments in [
        "run scenarios -q",
        "run scenarios -q --json",
        "test --json",
        "test --list",
        "schema",
        "completions bash",
        "spark scenarios --script -q",
    ] {
        assert_eq!(unread(&folder, arguments)?.said(0), "", "{arguments}");
    }
    Ok(())
}

#[test]
fn a_measurement_that_exceeds_its_limit_does_so_unseen() -> TestResult {
    let folder = Folder::with(&[("book.toml", crate::support::BOOK)])?;
    let played = crate::bench_scenario::PLAYED;
    write_runs(&folder, &fast(&folder, played)?, 1)?;
    let compared = format!("{played} --baseline before.json --fail-over 10%");
    unread(&folder, &compared)?.said(1);
    Ok(())
}

/// Without a reader it would go on for nothing.
#[test]
fn a_live_program_ends_with_the_failures_so_far() -> TestResult {
    let server = Server::open()?;
    let settings = "[cluster]\nmemory = \"10B\"\n\n[clock]\ninterval = \"50ms\"\n";
    let growing = word_count(&["counts"]).replace("stateless", "update_state") + settings;
    let folder = Folder::with(&[("growing.toml", &growing)])?;
    let (reader, writer) = io::pipe()?;
    let arguments = format!(
        "listen {} --scenario growing.toml -q --json",
        server.address()
    );
    let mut program = Running::start_with_output(folder.command(&arguments), writer)?;
    server.send(b"blue green\n")?;
    program.says("failed: update_state_by_key");
    drop(reader);
    assert_eq!(program.end()?.code, Some(1));
    Ok(())
}
