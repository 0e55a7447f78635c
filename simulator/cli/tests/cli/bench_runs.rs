//! `millrace bench --runs`: the output and the exit codes of several runs; no test depends on a time.

use std::error::Error;

use serde_json::Value;

use crate::bench::TINY;
use crate::bench_baseline::{check_exceeds, fast, folder, write_runs};
use crate::bench_scenario::PLAYED;
use crate::support::{Folder, TestResult};

#[test]
fn json_has_the_json_of_each_run() -> TestResult {
    let folder = folder()?;
    for arguments in [TINY, PLAYED] {
        let printed = folder.millrace(&format!("{arguments} --runs 3 --seed 7 --json"))?;
        let json: Value = serde_json::from_str(&printed.printed())?;
        assert_eq!(json["format"], 1);
        let runs = json["runs"].as_array().ok_or("no runs")?;
        assert_eq!(runs.len(), 3, "{json}");
        let single = folder.millrace(&format!("{arguments} --runs 1 --json"))?;
        let single: Value = serde_json::from_str(&single.printed())?;
        let parts = single.as_object().ok_or("no object")?;
        for run in runs {
            let of_run = run.as_object().ok_or("no object")?;
            assert!(of_run.keys().eq(parts.keys()), "{run}");
        }
        assert!(runs.iter().all(|run| run["seed"] == 7), "{json}");
    }
    Ok(())
}

#[test]
fn settings_reach_each_run() -> TestResult {
    let folder = Folder::with(&[])?;
    let settings =
        "--keys 1e2,10 --batch 10 --active-share 12.5%,1 --skew 1.1 --cores 3 --workers 2";
    let run = |options: &str| -> Result<Value, Box<dyn Error>> {
        let arguments = format!("bench -q --time 1ms {settings} --json {options}");
        Ok(serde_json::from_str(
            &folder.millrace(&arguments)?.printed(),
        )?)
    };
    let mut single = run("")?;
    let mut several = run("--runs 2")?;
    let asked = |json: &mut Value| {
        let points = json["points"].take();
        let points = points.as_array().into_iter().flatten();
        let points = points.map(|point| {
            [&point["keys"], &point["words"], &point["active_share"]].map(Value::clone)
        });
        let points: Vec<[Value; 3]> = points.collect();
        let settings = ["seed", "skew", "cores", "workers"].map(|name| json[name].take());
        (points, settings)
    };
    let expected = asked(&mut single);
    assert_eq!(expected.0.len(), 4);
    for run in several["runs"].as_array_mut().ok_or("no runs")? {
        assert_eq!(asked(run), expected);
    }
    Ok(())
}

#[test]
fn the_memory_of_a_key_is_measured_once() -> TestResult {
    let folder = Folder::with(&[])?;
    let run = |runs: usize| -> Result<Value, Box<dyn Error>> {
        let sizes = "--keys 1e4 --batch 10 --active-share 1% --time 1ms";
        let arguments = format!("bench -q {sizes} --json --runs {runs}");
        Ok(serde_json::from_str(
            &folder.millrace(&arguments)?.printed(),
        )?)
    };
    let single = run(1)?;
    let several = run(2)?;
    let count = |run: &Value| run["memory"].as_array().map(Vec::len);
    assert_eq!(count(&several["runs"][0]), count(&single));
    assert_eq!(count(&several["runs"][1]), Some(0));
    Ok(())
}

#[test]
fn a_subject_that_is_slower_in_all_runs_ends_with_1() -> TestResult {
    check_exceeds(TINY, 6, "Time per batch since the baseline")
}

#[test]
fn a_pipeline_that_is_slower_in_all_runs_ends_with_1() -> TestResult {
    check_exceeds(PLAYED, 6, "Time of all batches since the baseline")
}

#[test]
fn few_runs_give_no_verdict_and_no_failure_but_advice() -> TestResult {
    let folder = folder()?;
    let fast = fast(&folder, PLAYED)?;
    let check = |then: usize, now: usize, expected: &str| -> TestResult {
        write_runs(&folder, &fast, then)?;
        let limit = "--baseline before.json --fail-over 10%";
        let printed = folder
            .millrace(&format!("{PLAYED} --runs {now} {limit}"))?
            .printed();
        assert!(
            printed.contains("  no verdict\n") && printed.ends_with(expected),
            "{printed}"
        );
        Ok(())
    };
    let few = "So few runs give no verdict: 6 or more on each side do.\n";
    check(1, 2, few)?;
    check(7, 1, few)?;
    check(7, 2, few)
}

#[test]
fn a_run_that_fails_reports_the_error_of_a_single_run() -> TestResult {
    let full = "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n\
                [[pipeline]]\nname = \"update\"\nmode = \"update_state\"\n\n\
                [[pipeline]]\nname = \"map\"\nmode = \"map_with_state\"\ninitial = { blue = 9223372036854775807 }\n";
    let folder = Folder::with(&[("full.toml", full)])?;
    let single = folder.millrace("bench -q full.toml --json")?;
    let several = folder.millrace("bench -q full.toml --json --runs 2")?;
    assert_eq!(single, several);
    let said = several.said(1);
    assert!(
        said.starts_with("error: a batch of the pipeline `map` fails: "),
        "{said}"
    );
    Ok(())
}
