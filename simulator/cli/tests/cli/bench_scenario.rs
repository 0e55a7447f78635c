//! `millrace bench` on a scenario: the output and the exit codes; no test depends on a time.

use crate::bench::results;
use crate::support::{BOOK, Folder, TestResult, word_count};

/// Arguments that play the scenario of the book.
pub(crate) const PLAYED: &str = "bench -q book.toml --time 1ms";

#[test]
fn a_scenario_is_played_batch_by_batch() -> TestResult {
    let folder = Folder::with(&[("book.toml", BOOK)])?;
    let printed = folder.millrace(PLAYED)?.printed();
    let rows: Vec<Vec<&str>> = printed
        .lines()
        .map(|line| line.split_whitespace().take(2).collect())
        .filter(|row: &Vec<&str>| row.len() == 2 && row[1].parse::<u64>().is_ok())
        .collect();
    assert_eq!(
        rows,
        [["1", "1"], ["2", "1"], ["3", "0"], ["4", "1"], ["all", "3"]]
    );
    assert!(
        printed.contains("  update_state  map_with_state (added)\n"),
        "{printed}"
    );
    assert!(printed.contains("\nupdate_state takes "), "{printed}");

    let results = results(&folder, PLAYED)?;
    assert_eq!(results["scenario"], "book");
    assert_eq!(results["pipelines"][1]["batches"][3]["records"], 1);
    Ok(())
}

#[test]
fn a_scenario_without_a_batch_has_nothing_to_compare() -> TestResult {
    let short = "timeline = [{ at = \"0s\", lines = [] }]\n\n[clock]\nstop = \"500ms\"\n\n\
                 [[pipeline]]\nname = \"totals\"\nmode = \"map_with_state\"\n";
    let folder = Folder::with(&[("short.toml", short)])?;
    let said = folder.millrace("bench -q short.toml")?.said(4);
    assert!(
        said.contains("short.toml has no batch: it stops before the first interval ends"),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_scenario_whose_batches_fail_is_not_timed() -> TestResult {
    let full = BOOK.replace("[console]", "[cluster]\nmemory = \"100B\"\n\n[console]");
    assert_ne!(full, BOOK);
    let folder = Folder::with(&[("full.toml", &full)])?;
    let said = folder.millrace("bench -q full.toml")?.said(1);
    assert!(
        said.contains(
            "a batch of the pipeline `update_state` fails: update_state_by_key, batch at"
        ),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_scenario_whose_batches_wait_for_each_other_is_not_timed() -> TestResult {
    let slow = "timeline = [{ at = \"1s\", lines = [\"b\"] }, { at = \"2s\", slow = \"3s\" }, { at = \"5s\", lines = [\"c\"] }]\n\n\
                [[pipeline]]\nname = \"totals\"\nmode = \"update_state\"\n";
    let folder = Folder::with(&[("slow.toml", slow)])?;
    let said = folder.millrace("bench -q slow.toml")?.said(4);
    assert!(
        said.starts_with("error: the batches of the pipeline `totals` are not timed: faults, "),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_step_that_keeps_a_state_is_compared() -> TestResult {
    let steps = "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[[pipeline]]\nname = \"chain\"\n\
                 steps = [{ flat_map = \"split\" }, { map = \"pair\" }, { map_with_state = {} }, { print = 10 }]\n";
    let folder = Folder::with(&[("steps.toml", steps)])?;
    let printed = folder.millrace("bench -q --time 1ms steps.toml")?.printed();
    assert!(printed.contains("chain"), "{printed}");
    Ok(())
}

#[test]
fn a_scenario_without_a_state_has_nothing_to_compare() -> TestResult {
    let folder = Folder::with(&[("stateless.toml", &word_count(&["counts"]))])?;
    let said = folder.millrace("bench -q stateless.toml")?.said(4);
    assert!(
        said.contains("stateless.toml has no pipeline of DStreams that keeps a state"),
        "{said}"
    );
    Ok(())
}
