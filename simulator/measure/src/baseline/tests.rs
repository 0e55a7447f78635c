//! Baselines that fit and those that do not, and the texts of comparisons.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{lawful_results, results_with, timeline_results};

fn baseline(json: &Value) -> Baseline {
    Baseline::parse(&json.to_string()).expect("it is what was written")
}

fn several(runs: &[Value]) -> Value {
    json!({ "format": JSON_FORMAT, "runs": runs })
}

fn sweep() -> Baseline {
    baseline(&lawful_results().to_json())
}

fn of_scenario() -> Baseline {
    baseline(&timeline_results(5).to_json())
}

/// Results in which `map_with_state` takes longer by this factor.
fn slower_subject(factor: f64) -> Results {
    results_with(|subject, seconds| match subject {
        Subject::MapWithState => seconds * factor,
        _ => seconds,
    })
}

/// Results in which the second pipeline takes longer by this factor.
fn slower_pipeline(factor: f64) -> TimelineResults {
    let mut results = timeline_results(5);
    for seconds in results.pipelines[1].rounds.iter_mut().flatten() {
        *seconds *= factor;
    }
    results
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    let error = Baseline::parse(text).expect_err("it is none");
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
fn check_part(json: &Value, part: &str) {
    let expected = format!("its `{part}` is not what --json writes: write it anew");
    check_error(&json.to_string(), &expected);
}

#[test]
fn another_text_is_refused_with_the_reason() {
    check_error("", "it is no JSON");
    let format = "it has no `\"format\": 1`: write it anew with --json";
    for text in ["[]", "{}", "{\"format\": 2}"] {
        check_error(text, format);
    }
    check_part(&json!({ "format": 1 }), "points");
    let with_point = |point| json!({ "format": 1, "points": [point] });
    check_part(&with_point(json!({ "keys": 1, "words": -1 })), "words");
    check_part(&with_point(json!({ "keys": 1, "words": 1 })), "contenders");
    check_part(&json!({ "format": 1, "points": [] }), "cores");
    for part in [
        "plain_loop",
        "words",
        "pipelines",
        "workers",
        "cores",
        "seed",
    ] {
        let mut json = timeline_results(5).to_json();
        json[part].take();
        check_part(&json, part);
    }
}

#[test]
fn empty_or_too_few_rounds_are_refused() {
    let mut json = timeline_results(5).to_json();
    json["pipelines"][0]["rounds"] = json!([1.0, 2.0]);
    check_part(&json, "pipelines");
    json["plain_loop"]["rounds"] = json!([]);
    check_part(&json, "plain_loop");
}

#[test]
fn runs_of_other_settings_or_benchmarks_are_refused() {
    let run = |change: fn(&mut TimelineResults)| {
        let mut results = timeline_results(5);
        change(&mut results);
        results.to_json()
    };
    let first = run(|_| {});
    assert_eq!(
        baseline(&several(&[first.clone(), first.clone()]))
            .runs
            .len(),
        2
    );
    check_part(&several(&[]), "runs");
    check_part(&several(&[first.clone(), run(|it| it.seed = 1)]), "runs");
    let renamed = run(|it| it.pipelines[0].name = "renamed".to_owned());
    check_part(&several(&[first, renamed]), "runs");
}

#[track_caller]
fn check_plan(change: impl Fn(&mut SweepPlan), expected: &str) {
    let mut plan = SweepPlan::default();
    change(&mut plan);
    let error = sweep().check_plan(&plan).expect_err("it differs");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn runs_with_other_settings_or_sizes_are_not_compared() {
    assert!(sweep().check_plan(&SweepPlan::default()).is_ok());
    let taken_with = |settings| format!("it was taken with {settings}: compare with the same");
    check_plan(|now| now.cores = 2, &taken_with("--cores 1"));
    check_plan(|now| now.workers = 2, &taken_with("--workers 1"));
    let time = "--time 20000ms and --runs 1";
    check_plan(|now| now.time = Duration::from_secs(3), &taken_with(time));
    let both = |now: &mut SweepPlan| {
        now.cores = 2;
        now.time = Duration::from_secs(3);
    };
    check_plan(both, &taken_with(&format!("--cores 1, {time}")));
    check_plan(
        |now| now.keys = vec![7],
        "it has none of the sizes of this run",
    );
    let error = of_scenario().check_plan(&SweepPlan::default());
    let expected = "it is of the scenario `cookbook`, and this run is of drawn words: name the scenario, or \
                    write a baseline with --json without one";
    assert_eq!(error.expect_err("it differs").to_string(), expected);
}

#[track_caller]
fn check_results(change: impl Fn(&mut TimelineResults), expected: &str) {
    let mut now = timeline_results(5);
    change(&mut now);
    let error = of_scenario().check_results(&now).expect_err("it differs");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn runs_with_other_settings_or_batches_are_not_compared() {
    check_results(
        |now| now.name = "shop/carts".to_owned(),
        "it is of the scenario `cookbook`, and this run is of `shop/carts`: write one of `shop/carts` \
         with --json",
    );
    let taken_with = |settings| format!("it was taken with {settings}: compare with the same");
    check_results(|now| now.seed = 7, &taken_with("--seed 0"));
    check_results(|now| now.cores = 2, &taken_with("`cores = 1` in [cluster]"));
    check_results(|now| now.workers = 2, &taken_with("--workers 1"));
    check_results(
        |now| now.time /= 2,
        &taken_with("--time 20000ms and --runs 1"),
    );
    let timeline = "the scenario has other batches by now: write it anew with --json";
    check_results(|now| now.records[2] = 4, timeline);
    check_results(|now| now.records.push(3), timeline);
    check_results(|now| now.words.add("blue", 3), timeline);
    check_results(
        |now| now.pipelines.iter_mut().for_each(|it| it.name.push('2')),
        "it has none of the pipelines of this run: write it anew with --json",
    );
    let error = sweep().check_results(&timeline_results(5));
    let expected = "it is of drawn words, and this run is of a scenario: write one with --json and the scenario";
    assert_eq!(error.expect_err("it differs").to_string(), expected);
}

#[test]
fn a_run_without_rounds_yet_fits() {
    let mut now = timeline_results(5);
    now.plain.clear();
    now.pipelines.remove(0);
    now.pipelines[0].rounds.clear();
    assert!(of_scenario().check_results(&now).is_ok());
}

#[test]
fn a_slower_subject_exceeds_the_limit_and_is_shown() {
    let now = baseline(&slower_subject(1.2).to_json());
    let changes = sweep().compare(&now, Some(1.1));
    assert!(changes.exceeds());
    insta::assert_snapshot!("changes", changes);
    assert!(!sweep().compare(&now, Some(1.3)).exceeds());
    assert!(!sweep().compare(&now, None).exceeds());
}

#[test]
fn a_slower_pipeline_exceeds_the_limit_and_is_shown() {
    let now = baseline(&slower_pipeline(1.2).to_json());
    let changes = of_scenario().compare(&now, Some(1.1));
    assert!(changes.exceeds());
    insta::assert_snapshot!("timeline_changes", changes);
    let json = changes.to_json();
    assert_eq!(json[1]["pipeline"], "map_with_state");
    assert_eq!(json[1]["verdict"], "exceeds");
}

#[test]
fn a_pipeline_of_one_run_alone_is_named() {
    let mut now = timeline_results(5);
    now.pipelines[0].name = "renamed".to_owned();
    let changes = of_scenario().compare(&baseline(&now.to_json()), Some(1.1));
    assert_eq!(changes.not_compared(), ["update_state", "renamed"]);
    let note = "\nNot compared, as only one of the runs has it: update_state; renamed\n";
    assert!(changes.to_string().ends_with(note), "{changes}");
}

#[test]
fn each_of_several_runs_is_one_value() {
    let runs = |factors: [f64; 6]| {
        let runs = factors.map(|factor| slower_pipeline(factor).to_json());
        baseline(&several(&runs))
    };
    let check = |before, low| {
        let comparison = runs(before).compare(&runs([2.0; 6]), None);
        let change = comparison.compared[1].change;
        let interval = change.interval.expect("there are six runs");
        let expected = [2.0, low, 2.0];
        for (found, expected) in [change.median, interval.low, interval.high]
            .iter()
            .zip(expected)
        {
            assert!((found - expected).abs() < 1e-9, "{change:?}");
        }
    };
    check([1.0; 6], 2.0);
    check([1.0, 1.0, 1.0, 1.0, 1.0, 2.0], 1.0);
}

/// Runs of a sweep that differ by more than the rounds of each.
fn runs(count: usize, factor: f64) -> Baseline {
    let run = |run: usize| slower_subject(factor * (1.0 + 0.01 * run as f64)).to_json();
    let runs: Vec<Value> = (0..count).map(run).collect();
    baseline(&several(&runs))
}

#[test]
fn processes_that_differ_by_more_than_their_rounds_show_do_not_exceed() {
    // Single runs, of which the second is one of the slower ones, do.
    let slow = runs(1, 1.05);
    assert!(runs(1, 1.0).compare(&slow, Some(1.03)).exceeds());
    let changes = runs(7, 1.0).compare(&runs(7, 1.0), Some(1.03));
    assert!(!changes.exceeds());
    assert!(runs(7, 1.0).compare(&runs(7, 1.2), Some(1.03)).exceeds());
}

#[track_caller]
fn check_end([before, now]: [usize; 2], expected: &str) {
    let changes = runs(before, 1.0).compare(&runs(now, 2.0), Some(1.1));
    let text = changes.to_string();
    assert!(text.ends_with(expected), "{text}");
    assert_eq!(
        changes.exceeds(),
        before.min(now) >= 6 || before.max(now) == 1
    );
}

#[test]
fn the_number_of_runs_and_the_number_needed_are_printed() {
    let several = "Runs: 6 of the baseline, 7 of these. Each counts as one value, the median of its rounds.\n";
    check_end([6, 7], several);
    check_end([1, 1], "believe what 6 or more --runs of each side say.\n");
    let few = "So few runs give no verdict: 6 or more on each side do.\n";
    for too_few in [[5, 5], [1, 7], [7, 1]] {
        check_end(too_few, few);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn a_slower_machine_is_no_change(factor in 0.1..10.0_f64) {
        let words = baseline(&results_with(|_, seconds| seconds * factor).to_json());
        let mut played = timeline_results(5);
        let batches = played.pipelines.iter_mut().flat_map(|it| &mut it.rounds);
        for seconds in batches.flatten().chain(&mut played.plain) {
            *seconds *= factor;
        }
        let changes = [
            sweep().compare(&words, Some(1.01)),
            of_scenario().compare(&baseline(&played.to_json()), Some(1.01)),
        ];
        for changes in changes {
            prop_assert!(!changes.exceeds());
            prop_assert!(changes.compared.iter().all(|it| (it.change.median - 1.0).abs() < 1e-6));
        }
    }
}
