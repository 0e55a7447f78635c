//! `millrace bench`: the output and the exit codes; no test depends on a time.

use crate::support::{BOOK, Folder, TestResult, word_count};

/// Sizes that take next to no time.
const SMALL: &str = "bench -q --keys 10,100 --batch 10,20 --active-share 10%,100% --time 1ms";

const SUBJECTS: [&str; 6] = [
    "update_state_by_key",
    "map_with_state",
    "map_with_state_timeout",
    "structured_update",
    "plain_loop_update",
    "plain_loop_map",
];

/// One size alone.
const TINY: &str = "bench -q --keys 10 --batch 10 --active-share 1 --time 1ms";

/// The JSON that these arguments print.
fn results(
    folder: &Folder,
    arguments: &str,
) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let printed = folder.millrace(&format!("{arguments} --json"))?.printed();
    Ok(serde_json::from_str(&printed)?)
}

#[test]
fn tables_slopes_crossovers_batches_and_charts_are_printed() -> TestResult {
    let printed = Folder::with(&[])?.millrace(SMALL)?.printed();
    for subject in SUBJECTS {
        assert!(printed.contains(&format!("\n{subject} ")), "{printed}");
    }
    for part in [
        "\n10 keys, 10 words a batch\n",
        "\nOver keys of the state, 10 words a batch\n",
        "\nOver words of a batch, 10 keys\n",
        "\nOver the share of 10 keys that come in a batch, each once\n",
        " exponent ",
        " last\n",
        "\ntime per batch over keys of the state, 10 words a batch\n",
        "map_with_state_timeout ",
        " update_state_by_key ",
        "^ is every tenth",
    ] {
        assert!(printed.contains(part), "{part:?} is not in {printed}");
    }
    Ok(())
}

#[test]
fn json_has_every_size_and_every_subject() -> TestResult {
    let results = results(&Folder::with(&[])?, &format!("{SMALL} --seed 7 --skew 1.1"))?;
    assert_eq!(results["format"], 1);
    assert_eq!(
        (&results["seed"], &results["skew"]),
        (&7.into(), &1.1.into())
    );
    let points = results["points"].as_array().ok_or("no points")?;
    let sizes: Vec<(u64, u64, Option<f64>)> = points
        .iter()
        .filter_map(|point| {
            let share = point["active_share"].as_f64();
            Some((point["keys"].as_u64()?, point["words"].as_u64()?, share))
        })
        .collect();
    let expected = [
        (10, 10, None),
        (100, 10, None),
        (10, 20, None),
        (10, 1, Some(0.1)),
        (10, 10, Some(1.0)),
    ];
    assert_eq!(sizes, expected);
    for point in points {
        for subject in SUBJECTS {
            let found = &point["contenders"][subject];
            let rounds = found["rounds"].as_array().map(Vec::len);
            assert!(rounds >= Some(6), "{subject}: {found}");
        }
    }
    Ok(())
}

#[test]
fn sizes_may_be_written_in_any_order_and_twice() -> TestResult {
    let arguments = "bench -q --keys 1e2,10,100 --batch 10 --active-share 1 --time 1ms";
    let results = results(&Folder::with(&[])?, arguments)?;
    let points = results["points"].as_array().ok_or("no points")?;
    let keys: Vec<_> = points.iter().map(|point| &point["keys"]).collect();
    assert_eq!(keys, [10, 100, 10]);
    Ok(())
}

#[test]
fn the_curves_become_a_picture() -> TestResult {
    let folder = Folder::with(&[])?;
    folder
        .millrace(&format!("{SMALL} --svg curves.svg"))?
        .printed();
    let picture = folder.read("curves.svg")?;
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    for subject in SUBJECTS {
        assert!(picture.contains(&format!(">{subject}</text>")), "{subject}");
    }
    Ok(())
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
fn a_subject_that_is_certainly_slower_ends_with_1() -> TestResult {
    let folder = Folder::with(&[])?;
    let mut before = results(&folder, SMALL)?;
    for point in before["points"].as_array_mut().ok_or("no points")? {
        let rounds = &mut point["contenders"]["map_with_state"]["rounds"];
        for seconds in rounds.as_array_mut().ok_or("no rounds")? {
            *seconds = 1e-15.into();
        }
    }
    folder.write("before.json", &before.to_string())?;
    let ended = folder.millrace(&format!("{SMALL} --baseline before.json --fail-over 10%"))?;
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.contains("exceeds\n"), "{ended}");
    let ended = folder.millrace(&format!(
        "{SMALL} --baseline before.json --fail-over 0.1 --json"
    ))?;
    assert_eq!(ended.code, Some(1), "{ended}");
    let json: serde_json::Value = serde_json::from_str(&ended.stdout)?;
    assert_eq!(json["changes"][1]["contender"], "map_with_state");
    assert_eq!(json["changes"][1]["verdict"], "exceeds");
    let ended = folder.millrace(&format!("{SMALL} --baseline before.json"))?;
    assert_eq!(ended.code, Some(0), "{ended}");
    Ok(())
}

#[test]
fn a_scenario_is_played_batch_by_batch() -> TestResult {
    let folder = Folder::with(&[("book.toml", BOOK)])?;
    let printed = folder.millrace("bench -q book.toml --time 1ms")?.printed();
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

    let results = results(&folder, "bench -q book.toml --time 1ms")?;
    assert_eq!(results["scenario"], "book");
    assert_eq!(results["pipelines"][1]["batches"][3]["records"], 1);
    Ok(())
}

#[test]
fn partitions_are_as_many_as_threads_unless_given() -> TestResult {
    let folder = Folder::with(&[])?;
    let settings = |options: &str| -> Result<[serde_json::Value; 2], Box<dyn std::error::Error>> {
        let mut results = results(&folder, &format!("{TINY} {options}"))?;
        Ok([results["cores"].take(), results["workers"].take()])
    };
    assert_eq!(settings("")?, [1, 1]);
    assert_eq!(settings("--workers 2")?, [2, 2]);
    assert_eq!(settings("--cores 2")?, [2, 1]);
    assert_eq!(settings("--cores 3 --workers 2")?, [3, 2]);
    let printed = folder.millrace(&format!("{TINY} --cores 2"))?.printed();
    assert!(
        printed.contains(" One thread; partitions: 2. "),
        "{printed}"
    );
    Ok(())
}

/// Arguments that play the scenario of the book.
const PLAYED: &str = "bench -q book.toml --time 1ms";

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

/// Sets the seconds of each round of what `--json` printed.
fn set_rounds(json: &mut serde_json::Value, seconds: f64) -> TestResult {
    for round in json["rounds"].as_array_mut().ok_or("no rounds")? {
        *round = seconds.into();
    }
    Ok(())
}

#[test]
fn a_pipeline_that_is_certainly_slower_ends_with_1() -> TestResult {
    let folder = Folder::with(&[("book.toml", BOOK)])?;
    let mut before = results(&folder, PLAYED)?;
    set_rounds(&mut before["pipelines"][1], 1e-15)?;
    folder.write("before.json", &before.to_string())?;
    let compared = format!("{PLAYED} --baseline before.json");
    let ended = folder.millrace(&format!("{compared} --fail-over 10%"))?;
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.contains("exceeds\n"), "{ended}");
    let ended = folder.millrace(&format!("{compared} --fail-over 0.1 --json"))?;
    assert_eq!(ended.code, Some(1), "{ended}");
    let json: serde_json::Value = serde_json::from_str(&ended.stdout)?;
    assert_eq!(json["changes"][1]["pipeline"], "map_with_state (added)");
    assert_eq!(json["changes"][1]["verdict"], "exceeds");
    let ended = folder.millrace(&compared)?;
    assert_eq!(ended.code, Some(0), "{ended}");
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
    let json: serde_json::Value = serde_json::from_str(&ended.stdout)?;
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
    let settings = "it was taken with --seed 0, --workers 1, `cores = 2` in [cluster], --time 1ms and --runs 1: compare with the same";
    check_refused(&folder, "book.toml --seed 7 --baseline book.json", settings)?;
    check_refused(
        &folder,
        "book.toml --runs 2 --workers 2 --baseline book.json",
        settings,
    )?;
    check_refused(
        &folder,
        "--keys 10 --cores 2 --baseline words.json",
        "it was taken with --skew 0, --cores 1, --workers 1, --time 1ms and --runs 1: compare with the same",
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

#[test]
fn a_scenario_without_a_batch_has_nothing_to_compare() -> TestResult {
    let short = "timeline = [{ at = \"0s\", lines = [\"blue\"] }]\n\n[clock]\nstop = \"500ms\"\n\n\
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

/// Checks that these arguments are refused before anything is measured, with these words.
#[track_caller]
fn check_refused(folder: &Folder, arguments: &str, expected: &str) -> TestResult {
    let said = folder.millrace(&format!("bench -q {arguments}"))?.said(2);
    assert!(said.contains(expected), "{said}");
    Ok(())
}

#[test]
fn bad_numbers_are_refused_with_the_range() -> TestResult {
    let folder = Folder::with(&[])?;
    for keys in ["0", "-1", "1.5", "many", "1e9", "10,,20"] {
        check_refused(
            &folder,
            &format!("--keys={keys}"),
            "a whole number from 1 to 1e8",
        )?;
    }
    check_refused(&folder, "--batch 0", "a whole number from 1 to 1e8")?;
    check_refused(
        &folder,
        "--active-share 120%",
        "a share above 0 and up to 1",
    )?;
    check_refused(&folder, "--skew=-1", "a number from 0 to 10")?;
    check_refused(&folder, "--time 0s", "it goes from 1ms to 8760h")?;
    check_refused(&folder, "--workers 0", "write a number from 1 to 1024")?;
    check_refused(&folder, "--workers 100000", "write a number from 1 to 1024")?;
    check_refused(&folder, "--cores 0", "write a number from 1 to 1024")?;
    check_refused(&folder, "--runs 0 --json", "write a number from 1 to 100")?;
    check_refused(&folder, "--runs 101 --json", "write a number from 1 to 100")?;
    check_refused(
        &folder,
        "--runs 2",
        "error: the argument '--runs <N>' needs '--json', which writes a baseline, or '--baseline <FILE>'",
    )?;
    check_refused(
        &folder,
        "--runs 2 --json --svg a.svg",
        "cannot be used with",
    )?;
    check_refused(&folder, "a.toml --cores 2", "cannot be used with")?;
    check_refused(&folder, "--fail-over 10%", "--baseline <FILE>")?;
    check_refused(&folder, "a.toml --keys 10", "cannot be used with")?;
    Ok(())
}

#[test]
fn unusable_files_are_refused_before_anything_is_measured() -> TestResult {
    let folder = Folder::with(&[
        ("text.json", "no"),
        ("other.json", "{\"format\": 7}"),
        (
            "none.json",
            "{\"format\": 1, \"points\": [], \"skew\": 0, \"cores\": 1, \"workers\": 1, \"time_ms\": 20000}",
        ),
    ])?;
    check_refused(
        &folder,
        "--baseline absent.json",
        "failed to read absent.json",
    )?;
    check_refused(&folder, "--baseline text.json", "because: it is no JSON")?;
    check_refused(
        &folder,
        "--baseline other.json",
        "because: it has no `\"format\": 1`",
    )?;
    check_refused(
        &folder,
        "--baseline none.json",
        "it has none of the sizes of this run",
    )?;
    check_refused(
        &folder,
        "--svg absent/curves.svg",
        "failed to write absent/curves.svg",
    )?;
    check_refused(&folder, "absent.toml", "absent.toml")?;
    Ok(())
}
