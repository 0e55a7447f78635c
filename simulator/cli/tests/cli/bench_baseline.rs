//! `millrace bench --baseline`: the output and the exit codes; no test depends on a time.

use std::error::Error;
use std::io;

use serde_json::{Value, json};

use crate::bench::{SMALL, TINY, check_refused, results};
use crate::bench_scenario::PLAYED;
use crate::support::{BOOK, Folder, TestResult};

/// A folder with the scenario of the book.
pub(crate) fn folder() -> io::Result<Folder> {
    Folder::with(&[("book.toml", BOOK)])
}

/// The JSON of a single run of these arguments, as on a machine on which the operators of the engine take no
/// time.
pub(crate) fn fast(folder: &Folder, arguments: &str) -> Result<Value, Box<dyn Error>> {
    let printed = folder.millrace(&format!("{arguments} --json"))?.printed();
    let mut json = serde_json::from_str(&printed)?;
    set_rounds(&mut json);
    Ok(json)
}

/// Sets the seconds of all rounds but those of the plain loop.
fn set_rounds(json: &mut Value) {
    if let Some(rounds) = json.get_mut("rounds").and_then(Value::as_array_mut) {
        rounds.fill(1e-15.into());
    }
    match json {
        Value::Object(parts) => parts
            .iter_mut()
            .filter(|(name, _)| !name.starts_with("plain_loop"))
            .for_each(|(_, part)| set_rounds(part)),
        Value::Array(parts) => parts.iter_mut().for_each(set_rounds),
        _ => {}
    }
}

/// Writes a baseline of `count` equal runs.
pub(crate) fn write_runs(folder: &Folder, run: &Value, count: usize) -> TestResult {
    let json = json!({ "format": 1, "runs": vec![run; count] });
    folder.write("before.json", &json.to_string())?;
    Ok(())
}

/// Checks that runs of these arguments exceed a limit after as many that took no time, in all rows below the
/// title.
#[track_caller]
pub(crate) fn check_exceeds(arguments: &str, runs: usize, title: &str) -> TestResult {
    let folder = folder()?;
    write_runs(&folder, &fast(&folder, arguments)?, runs)?;
    let compared = format!("{arguments} --runs {runs} --baseline before.json");
    let ended = folder.millrace(&format!("{compared} --fail-over 10%"))?;
    assert_eq!(ended.code, Some(1), "{ended}");
    let (_, changes) = ended.stdout.split_once(title).ok_or("no changes")?;
    let rows = changes.lines().skip(4).take_while(|line| !line.is_empty());
    let rows: Vec<&str> = rows.collect();
    assert!(
        rows.len() > 1 && rows.iter().all(|row| row.ends_with("  exceeds")),
        "{ended}"
    );
    let note = format!("\nRuns: {runs} of the baseline, {runs} of these. Each counts as one value");
    assert_eq!(ended.stdout.contains(&note), runs > 1, "{ended}");
    let warning = "Each side is a single run, and one process differs from the next by more than its rounds show: \
                   believe what 6 or more --runs of each side say.";
    let warns = ended.stdout.contains(&format!("\n{warning}\n"));
    assert_eq!(warns, runs == 1, "{ended}");
    let ended = folder.millrace(&format!("{compared} --fail-over 0.1 --json"))?;
    assert_eq!(ended.code, Some(1), "{ended}");
    let json: Value = serde_json::from_str(&ended.stdout)?;
    let warning = (runs == 1).then_some(warning);
    assert_eq!(json["warning"].as_str(), warning);
    let change = &json["changes"][1];
    assert_eq!(change["verdict"], "exceeds");
    let name = change.get("contender").or(change.get("pipeline"));
    let name = name.and_then(Value::as_str).ok_or("no name")?;
    assert!(name.starts_with("map_with_state"), "{change}");
    let ended = folder.millrace(&format!("{compared} --json"))?;
    assert_eq!(ended.code, Some(0), "{ended}");
    Ok(())
}

#[test]
fn a_subject_that_is_certainly_slower_ends_with_1() -> TestResult {
    check_exceeds(TINY, 1, "\nTime per batch since the baseline")
}

#[test]
fn a_pipeline_that_is_certainly_slower_ends_with_1() -> TestResult {
    check_exceeds(PLAYED, 1, "\nTime of all batches since the baseline")
}

#[test]
fn a_baseline_is_compared_and_a_limit_that_no_machine_exceeds_holds() -> TestResult {
    let folder = Folder::with(&[])?;
    let before = folder.millrace(&format!("{SMALL} --json"))?.printed();
    folder.write("before.json", &before)?;
    let printed = folder
        .millrace(&format!(
            "{SMALL} --baseline before.json --fail-over 1000000%"
        ))?
        .printed();
    let (_, changes) = printed
        .split_once("\nTime per batch since the baseline")
        .ok_or("no changes")?;
    assert!(changes.contains("\nmap_with_state "), "{changes}");
    assert!(
        changes.contains("holds\n") && !changes.contains("exceeds"),
        "{changes}"
    );
    Ok(())
}

#[test]
fn a_scenario_is_compared_with_its_baseline_and_a_limit_that_no_machine_exceeds_holds() -> TestResult
{
    let folder = Folder::with(&[("book.toml", BOOK)])?;
    let before = folder.millrace(&format!("{PLAYED} --json"))?.printed();
    folder.write("before.json", &before)?;
    let limit = "--baseline before.json --fail-over 1000000%";
    let printed = folder.millrace(&format!("{PLAYED} {limit}"))?.printed();
    let (_, changes) = printed
        .split_once("\nTime of all batches since the baseline")
        .ok_or("no changes")?;
    let rows = changes.lines().filter(|line| line.ends_with("  holds"));
    let names = rows.filter_map(|row| row.split("  ").next());
    let expected = ["update_state", "map_with_state (added)"];
    assert_eq!(names.collect::<Vec<_>>(), expected, "{changes}");
    Ok(())
}

#[test]
fn an_interval_that_contains_the_limit_gives_no_verdict_and_no_failure() -> TestResult {
    let folder = Folder::with(&[("book.toml", BOOK)])?;
    let mut before = results(&folder, PLAYED)?;
    // Half of the rounds far below whatever is measured now, and half of them far above.
    for pipeline in before["pipelines"].as_array_mut().ok_or("no pipelines")? {
        let rounds = pipeline["rounds"].as_array_mut().ok_or("no rounds")?;
        for (index, seconds) in rounds.iter_mut().enumerate() {
            *seconds = (if index % 2 == 0 { 1e-15 } else { 1e15 }).into();
        }
    }
    folder.write("before.json", &before.to_string())?;
    let compared = format!("{PLAYED} --baseline before.json --fail-over 10% --json");
    let ended = folder.millrace(&compared)?;
    assert_eq!(ended.code, Some(0), "{ended}");
    let json: Value = serde_json::from_str(&ended.stdout)?;
    assert_eq!(json["changes"][0]["verdict"], "no verdict");
    Ok(())
}

#[test]
fn a_baseline_of_something_else_is_refused_with_what_to_do() -> TestResult {
    let other = BOOK.replace("gohawks", "green");
    let longer = BOOK.replace("[\"gohawks\"]", "[\"gohawks\", \"blue\"]");
    let changed = BOOK.replace("[\"gohawks\"]", "[\"go hawks\"]");
    let folder = Folder::with(&[("book.toml", BOOK), ("other.toml", &other)])?;
    let write = |name: &str, arguments: &str| -> TestResult {
        let printed = folder.millrace(&format!("{arguments} --json"))?.printed();
        folder.write(name, &printed)?;
        Ok(())
    };
    write("words.json", SMALL)?;
    write("book.json", PLAYED)?;
    check_refused(
        &folder,
        "book.toml --baseline words.json",
        "it is of drawn words, and this run is of a scenario: write one with --json and the scenario",
    )?;
    check_refused(
        &folder,
        "--baseline book.json",
        "it is of the scenario `book`, and this run is of drawn words: name the scenario",
    )?;
    check_refused(
        &folder,
        "other.toml --baseline book.json",
        "it is of the scenario `book`, and this run is of `other`: write one of `other` with --json",
    )?;
    check_refused(
        &folder,
        "book.toml --time 1ms --seed 7 --baseline book.json",
        "it was taken with --seed 0: compare with the same",
    )?;
    check_refused(
        &folder,
        "book.toml --runs 2 --workers 2 --baseline book.json",
        "it was taken with --workers 1, --time 1ms and --runs 1: compare with the same",
    )?;
    check_refused(
        &folder,
        "--keys 10 --cores 2 --time 1ms --baseline words.json",
        "it was taken with --cores 1: compare with the same",
    )?;
    for edited in [longer, changed] {
        assert_ne!(edited, BOOK);
        folder.write("book.toml", &edited)?;
        let refused = "the scenario has other batches by now: write it anew with --json";
        check_refused(
            &folder,
            "book.toml --time 1ms --baseline book.json",
            refused,
        )?;
    }
    Ok(())
}
