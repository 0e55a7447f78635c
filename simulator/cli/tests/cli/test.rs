//! `millrace test`: console text, compared with the snapshots.

use std::fs;

use serde_json::{Value, json};

use crate::support::{
    BOOK, BOOK_PIPELINES, Ended, Folder, TestResult, book_snapshot, check_snapshot, word_count,
};

const STATELESS: &str = "snapshots/cookbook/stateless.snap";

/// The book, of whose snapshots one has been changed.
fn with_a_difference() -> std::io::Result<Folder> {
    let folder = Folder::of_the_book()?;
    folder.edit(STATELESS, "(u'gohawks', 1)", "(u'gohawks', 2)")?;
    Ok(folder)
}

#[test]
fn what_has_not_changed_is_the_same() -> TestResult {
    let folder = Folder::of_the_book()?;
    assert_eq!(
        folder.millrace("test scenarios")?.said(0),
        "    same  cookbook/stateless\n    same  cookbook/update_state\n    \
             same  cookbook/structured\n3 same\n"
    );
    assert_eq!(folder.millrace("test scenarios -q")?.said(0), "");
    Ok(())
}

#[test]
fn a_difference_names_the_first_batch_and_shows_both_sides() -> TestResult {
    let said = with_a_difference()?.millrace("test scenarios -q")?.said(1);
    assert!(
        said.contains("first difference: Time: 2018-06-21 23:00:31 differs"),
        "{said}"
    );
    check_snapshot("test_differs", &said);
    Ok(())
}

#[test]
fn a_snapshot_that_is_missing_is_reported() -> TestResult {
    let folder = Folder::of_the_book()?;
    fs::remove_file(folder.path(STATELESS))?;
    let said = folder.millrace("test scenarios/cookbook.toml")?.said(1);
    check_snapshot("test_missing", &said);
    Ok(())
}

#[test]
fn a_snapshot_that_was_changed_by_hand_is_broken() -> TestResult {
    let folder = Folder::of_the_book()?;
    folder.edit(STATELESS, "==== end ====", "")?;
    let said = folder.millrace("test scenarios")?.said(1);
    check_snapshot("test_broken", &said);
    Ok(())
}

#[test]
fn a_snapshot_without_scenario_or_pipeline_is_orphaned() -> TestResult {
    let folder = Folder::of_the_book()?;
    let text = folder.read(STATELESS)?;
    folder.write("snapshots/cookbook/old.snap", &text)?;
    folder.write("snapshots/gone/counts.snap", &text)?;
    let said = folder.millrace("test scenarios")?.said(1);
    check_snapshot("test_orphaned", &said);
    // Of one file alone, nothing can be said about other scenarios.
    let said = folder.millrace("test scenarios/cookbook.toml -q")?.said(1);
    assert!(
        said.contains("cookbook/old") && !said.contains("gone"),
        "{said}"
    );
    Ok(())
}

#[test]
fn an_expectation_that_does_not_hold_is_never_accepted() -> TestResult {
    let text = word_count(&["counts"]).replacen(
        "\"] }]",
        "\"] },\n  { expect = { rows = [\"('blue', 3)\"] } }]",
        1,
    );
    let folder = Folder::with(&[("wish.toml", &text)])?;
    let said = folder.millrace("test wish.toml --bless")?.said(1);
    check_snapshot("test_unmet", &said);
    assert!(!folder.path("snapshots").exists());
    Ok(())
}

/// Its text would say nothing of what the job should have printed.
#[test]
fn a_job_that_fails_is_never_accepted_and_the_entry_that_would_expect_it_is_said() -> TestResult {
    let growing = "timeline = [{ at = \"1s\", lines = [\"blue green\"] }]\n\n[cluster]\nmemory = \"100B\"\n\n\
                   [[pipeline]]\nname = \"counts\"\nmode = \"update_state\"\n";
    let folder = Folder::with(&[("scenarios/growing.toml", growing)])?;
    let said = folder.millrace("test scenarios")?.said(1);
    let message = "the states of 2 keys would take 112 bytes, and the memory of the cluster is 100 bytes; give it more \
                   memory, or let keys go";
    let entry =
        format!("{{ at = \"1s\", expect = {{ pipeline = \"counts\", failure = \"{message}\" }} }}");
    let failed = format!(
        "  failed  growing/counts\nfailed: update_state_by_key, batch at 1970-01-01 00:00:01: {message}\n\
         if it is to fail, add to the timeline, in the order of time and with what all messages have:\n  {entry}\n"
    );
    assert_eq!(said, format!("{failed}1 failed\n"));
    let refused =
        "nothing is written: a snapshot would lack what a failed batch should have printed\n";
    let said = folder.millrace("test scenarios --bless")?.said(1);
    assert_eq!(said, format!("{failed}{refused}1 failed\n"));
    assert!(!folder.path("snapshots").exists());

    folder.edit("scenarios/growing.toml", "] }]", &format!("] }}, {entry}]"))?;
    folder.millrace("test scenarios --bless")?.said(0);
    Ok(())
}

#[test]
fn the_worst_exit_code_wins() -> TestResult {
    let folder = with_a_difference()?;
    assert_eq!(folder.millrace("test scenarios")?.code, Some(1));
    let unreadable = folder.path("snapshots/cookbook/update_state.snap");
    fs::remove_file(&unreadable)?;
    fs::create_dir(&unreadable)?;
    let said = folder.millrace("test scenarios")?.said(2);
    assert!(said.contains("differs  cookbook/stateless\n"), "{said}");
    assert!(said.contains("failed  cookbook/update_state\n"), "{said}");
    assert!(said.contains("same  cookbook/structured\n"), "{said}");
    assert!(said.contains("1 same, 1 differs, 1 failed\n"), "{said}");
    Ok(())
}

#[test]
fn bless_accepts_what_is_printed_now() -> TestResult {
    let folder = Folder::with(&[("scenarios/cookbook.toml", BOOK)])?;
    let said = folder.millrace("test scenarios --bless")?.said(0);
    assert!(said.ends_with("3 accepted\n"), "{said}");
    for pipeline in BOOK_PIPELINES {
        let written = folder.read(&format!("snapshots/cookbook/{pipeline}.snap"))?;
        // No test has written it, so that its head names none.
        let expected = fs::read_to_string(book_snapshot(pipeline))?;
        assert_eq!(
            written,
            expected.replacen("source: snapshots/scenarios.rs\n", "", 1)
        );
    }
    assert!(
        folder
            .millrace("test scenarios --bless")?
            .said(0)
            .ends_with("3 same\n")
    );
    Ok(())
}

/// A checkout on Windows may give it other line ends.
#[test]
fn a_snapshot_may_have_carriage_returns_at_its_line_ends() -> TestResult {
    let folder = Folder::of_the_book()?;
    let text = folder.read(STATELESS)?;
    folder.write(STATELESS, &text.replace('\n', "\r\n"))?;
    folder.write("scenarios/cookbook.toml", &BOOK.replace('\n', "\r\n"))?;
    assert!(folder.millrace("test")?.said(0).ends_with("3 same\n"));
    Ok(())
}

/// A proposal of an earlier text, accepted later, would put it back.
#[test]
fn bless_removes_a_proposal_that_waits_for_review() -> TestResult {
    let folder = with_a_difference()?;
    let proposal = "snapshots/cookbook/stateless.snap.new";
    folder.write(proposal, "an older text")?;
    folder.millrace("test scenarios --bless")?.said(0);
    assert!(!folder.path(proposal).exists());
    Ok(())
}

#[test]
fn a_proposal_is_removed_when_the_snapshot_is_right_again() -> TestResult {
    let folder = Folder::of_the_book()?;
    let proposal = "snapshots/cookbook/stateless.snap.new";
    folder.write(proposal, "an older text")?;
    let mut command = folder.command("test");
    Ended::from(command.env("CI", "true").output()?).said(0);
    assert!(folder.path(proposal).exists(), "nothing is removed in CI");
    folder.millrace("test")?.said(0);
    assert!(!folder.path(proposal).exists());
    Ok(())
}

#[test]
fn hidden_files_are_no_scenarios() -> TestResult {
    let folder = Folder::of_the_book()?;
    folder.write("scenarios/.#cookbook.toml", "what an editor keeps")?;
    folder.millrace("test scenarios")?.said(0);
    Ok(())
}

#[test]
fn bless_leaves_nothing_else_behind() -> TestResult {
    let folder = with_a_difference()?;
    let said = folder.millrace("test scenarios --bless")?.said(0);
    assert!(said.ends_with("2 same, 1 accepted\n"), "{said}");
    let there = fs::read_dir(folder.path("snapshots/cookbook"))?;
    assert_eq!(there.count(), BOOK_PIPELINES.len());
    assert_eq!(
        folder.read(STATELESS)?,
        fs::read_to_string(book_snapshot("stateless"))?
    );
    Ok(())
}

#[test]
fn bless_is_refused_in_ci() -> TestResult {
    let folder = with_a_difference()?;
    let before = folder.read(STATELESS)?;
    let mut command = folder.command("test scenarios --bless");
    let ended = Ended::from(command.env("CI", "true").output()?);
    assert_eq!(
        ended.said(2),
        "error: snapshots are not accepted where the variable CI is set; run this on your own machine\n"
    );
    assert_eq!(folder.read(STATELESS)?, before);
    Ok(())
}

#[test]
fn each_pipeline_is_a_line_of_json() -> TestResult {
    let ended = with_a_difference()?.millrace("test scenarios --json")?;
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(1), ""),
        "{ended}"
    );
    let lines: Result<Vec<Value>, _> = ended.stdout.lines().map(serde_json::from_str).collect();
    let mut lines = lines?;
    for line in &mut lines {
        let took = line
            .as_object_mut()
            .and_then(|line| line.shift_remove("duration_ms"));
        assert!(took.is_some_and(|took| took.is_f64()), "{line}");
    }
    let complaints = lines[0]["complaints"].take().to_string();
    assert!(complaints.contains("2018-06-21 23:00:31"), "{complaints}");
    let line = |pipeline: &str, result: &str, complaints: Value| {
        json!({
            "scenario": "cookbook", "pipeline": pipeline, "result": result, "complaints": complaints,
            "hints": [], "path": "scenarios/cookbook.toml", "exit_code": i32::from(result == "differs"),
        })
    };
    let expected = [
        line("stateless", "differs", Value::Null),
        line("update_state", "same", json!([])),
        line("structured", "same", json!([])),
    ];
    assert_eq!(lines, expected);
    Ok(())
}

#[test]
fn the_snapshots_are_found_from_within_the_scenarios() -> TestResult {
    let folder = Folder::of_the_book()?;
    let text = folder.read(STATELESS)?;
    folder.write("snapshots/cookbook/old.snap", &text)?;
    for arguments in [
        "test cookbook.toml -q",
        "test . -q",
        "test ./cookbook.toml -q",
    ] {
        let mut command = folder.command(arguments);
        let ended = command.current_dir(folder.path("scenarios")).output()?;
        let said = Ended::from(ended).said(1);
        assert!(said.starts_with("orphaned  cookbook/old\n"), "{said}");
    }
    Ok(())
}
