//! Bad input is reported with an exit code, never with a panic.

use std::fs;

use crate::support::{Folder, TestResult, check_snapshot, word_count};

/// Compares the message for a command line in a folder with these files.
#[track_caller]
fn check_files(name: &str, files: &[(&str, &str)], arguments: &str, code: i32) -> TestResult {
    let said = Folder::with(files)?.millrace(arguments)?.said(code);
    check_snapshot(&format!("bad_{name}"), said);
    Ok(())
}

/// Compares the message for a scenario.
#[track_caller]
fn check(name: &str, text: &str) -> TestResult {
    check_files(name, &[("bad.toml", text)], "run bad.toml", 2)
}

/// Compares the message for a word count in which a part is replaced.
#[track_caller]
fn check_edited(name: &str, from: &str, to: &str) -> TestResult {
    let text = word_count(&["counts"]);
    assert!(text.contains(from), "{text}");
    check(name, &text.replacen(from, to, 1))
}

/// Compares the message for a word count with these settings of the clock.
#[track_caller]
fn check_clock(name: &str, clock: &str) -> TestResult {
    check(
        name,
        &format!("{}\n[clock]\n{clock}\n", word_count(&["counts"])),
    )
}

#[test]
fn a_file_that_is_not_there() -> TestResult {
    check_files("missing_file", &[], "run absent.toml", 2)
}

#[test]
fn a_folder_without_scenarios() -> TestResult {
    check_files(
        "empty_folder",
        &[("empty/notes.txt", "none")],
        "run empty",
        4,
    )
}

#[test]
fn a_folder_that_is_called_a_scenario() -> TestResult {
    check_files(
        "folder_as_file",
        &[("a.toml/notes.txt", "none")],
        "run a.toml",
        4,
    )
}

#[test]
fn text_that_is_not_utf_8() -> TestResult {
    let folder = Folder::with(&[])?;
    fs::write(folder.path("latin.toml"), b"title = \"blue\"\n# gr\xfcn\n")?;
    let said = folder.millrace("run latin.toml")?.said(2);
    check_snapshot("bad_not_utf_8", said);
    Ok(())
}

#[test]
fn text_that_is_not_toml() -> TestResult {
    check("not_toml", "<scenario>\n  <line>blue</line>\n</scenario>\n")
}

#[test]
fn an_unknown_key() -> TestResult {
    check_edited("unknown_key", "mode =", "mod =")
}

#[test]
fn a_wrong_type() -> TestResult {
    check_edited("wrong_type", "[\"blue green blue\"]", "3")
}

#[test]
fn times_that_run_backwards() -> TestResult {
    check_edited(
        "times_backwards",
        "\"] }]",
        "\"] }, { at = \"500ms\", lines = [\"gold\"] }]",
    )
}

#[test]
fn an_empty_timeline() -> TestResult {
    check_edited(
        "empty_timeline",
        "{ at = \"1s\", lines = [\"blue green blue\"] }",
        "",
    )
}

#[test]
fn numbers_beyond_every_type() -> TestResult {
    check_edited("overflow_time", "1s", "99999999999999999999h")?;
    check_edited("overflow_run", "1s", "2562047788015h")?;
    check_edited(
        "overflow_integer",
        "lines = [\"blue green blue\"]",
        "words = { blue = 99999999999999999999 }",
    )?;
    check_edited(
        "overflow_words",
        "lines = [\"blue green blue\"]",
        "words = { blue = 9223372036854775807 }",
    )?;
    check_clock("overflow_calendar", "start = 9999-12-31T23:59:59Z")
}

#[test]
fn an_interval_that_is_none() -> TestResult {
    check_clock("interval_zero", "interval = \"0s\"")?;
    check_clock("interval_negative", "interval = \"-1s\"")
}

#[test]
fn an_unknown_time_zone() -> TestResult {
    check_clock("time_zone", "timezone = \"Europe/Berln\"")
}

#[test]
fn two_pipelines_of_one_name() -> TestResult {
    check("duplicate_name", &word_count(&["counts", "counts"]))
}

#[test]
fn no_pipeline() -> TestResult {
    check("no_pipeline", &word_count(&[]))
}

#[test]
fn a_very_long_line_is_not_printed_back() -> TestResult {
    let long = "blue ".repeat(400_000);
    check_edited(
        "long_line_with_a_mistake",
        "blue green blue\"] }",
        &format!("{long}\"], at = 7 }}"),
    )?;
    check_edited("long_line_left_open", "blue green blue\"] }", &long)?;
    check_edited("long_key", "mode", &"mode".repeat(500_000))?;
    check_edited(
        "long_word",
        "\"stateless\"",
        &format!("\"{}\"", "x".repeat(2_000_000)),
    )
}

#[test]
fn a_very_long_line_without_a_mistake_is_counted() -> TestResult {
    let text = word_count(&["counts"]).replace("blue green blue", &"blue ".repeat(400_000));
    let folder = Folder::with(&[("long.toml", &text)])?;
    let printed = folder.millrace("run long.toml --quiet")?.printed();
    assert!(printed.contains("\n('blue', 400000)\n"), "{printed}");
    Ok(())
}

#[test]
fn a_folder_of_snapshots_that_is_a_file() -> TestResult {
    let files = [
        ("a.toml", word_count(&["counts"])),
        ("snapshots", "a file\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    check_files("snapshots_are_a_file", &files, "test a.toml --bless", 2)
}

/// No user can make a file in a folder of `/proc`.
#[cfg(target_os = "linux")]
#[test]
fn a_snapshot_that_cannot_be_written() -> TestResult {
    let texts = ["a.toml", "b.toml"].map(|path| (path, word_count(&["counts"])));
    let files = texts.each_ref().map(|(path, text)| (*path, text.as_str()));
    let folder = Folder::with(&files)?;
    fs::create_dir(folder.path("snapshots"))?;
    std::os::unix::fs::symlink("/proc/self", folder.path("snapshots/a"))?;
    let said = folder.millrace("test a.toml b.toml --bless")?.said(2);
    check_snapshot("bad_snapshot_not_written", said);
    assert!(folder.path("snapshots/b/counts.snap").exists());
    Ok(())
}

/// An earlier version wrote through such a link, and left such a file behind when it was killed.
#[cfg(unix)]
#[test]
fn a_file_that_lies_about_does_not_keep_a_snapshot_from_being_written() -> TestResult {
    let folder = Folder::with(&[("a.toml", &word_count(&["counts"])), ("precious", "mine")])?;
    fs::create_dir_all(folder.path("snapshots/a"))?;
    std::os::unix::fs::symlink(
        folder.path("precious"),
        folder.path("snapshots/a/counts.snap.tmp"),
    )?;
    folder.millrace("test a.toml --bless -q")?.said(0);
    assert_eq!(folder.read("precious")?, "mine");
    Ok(())
}

#[test]
fn many_that_accept_at_once_leave_a_whole_snapshot() -> TestResult {
    let folder = Folder::with(&[("a.toml", &word_count(&["counts"]))])?;
    let started = (0..8).map(|_| folder.command("test a.toml --bless").spawn());
    let started: Vec<_> = started.collect::<Result<_, _>>()?;
    for mut process in started {
        assert!(process.wait()?.success());
    }
    folder.millrace("test a.toml")?.said(0);
    assert_eq!(fs::read_dir(folder.path("snapshots/a"))?.count(), 1);
    Ok(())
}
