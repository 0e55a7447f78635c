//! `millrace bench` on drawn words: the output and the exit codes; no test depends on a time.

use std::error::Error;

use serde_json::Value;

use crate::support::{Folder, TestResult};

/// Sizes that take next to no time.
pub(crate) const SMALL: &str =
    "bench -q --keys 10,100 --batch 10,20 --active-share 10%,100% --time 1ms";

const SUBJECTS: [&str; 6] = [
    "update_state_by_key",
    "map_with_state",
    "map_with_state_timeout",
    "structured_update",
    "plain_loop_update",
    "plain_loop_map",
];

/// One size alone.
pub(crate) const TINY: &str = "bench -q --keys 10 --batch 10 --active-share 1 --time 1ms";

/// The JSON that these arguments print.
pub(crate) fn results(folder: &Folder, arguments: &str) -> Result<Value, Box<dyn Error>> {
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
fn partitions_are_as_many_as_threads_unless_given() -> TestResult {
    let folder = Folder::with(&[])?;
    let settings = |options: &str| -> Result<[Value; 2], Box<dyn Error>> {
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

/// Checks that these arguments are refused before anything is measured, with these words.
#[track_caller]
pub(crate) fn check_refused(folder: &Folder, arguments: &str, expected: &str) -> TestResult {
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
    check_refused(&folder, "--workers 0", "write a number from 1 to 256")?;
    check_refused(&folder, "--workers 257", "write a number from 1 to 256")?;
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
