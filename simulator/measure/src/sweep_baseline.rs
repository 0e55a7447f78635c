//! The baseline of a sweep: its subjects at each point.

use serde_json::{Value, json};

use crate::baseline::{Baseline, Benchmark, Ratios, RunSettings, read_number, read_rounds};
use crate::{BaselineError, Point, Subject, SweepPlan, quantity};

/// Earlier runs of a sweep: what [`Results::to_json`](crate::Results::to_json) wrote.
pub type SweepBaseline = Baseline<SweepSettings>;

/// The settings that sweeps must share to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepSettings {
    points: Vec<Point>,
    skew: f64,
    cores: u64,
    workers: u64,
    /// With less time, turns are shorter and caches colder, most of all those of the plain loop.
    time_ms: u64,
}

impl SweepBaseline {
    /// Checks that a run of this plan can be compared with the baseline. One common size is enough.
    ///
    /// # Errors
    ///
    /// Settings that differ, or no common size.
    pub fn check_plan(&self, plan: &SweepPlan) -> Result<(), BaselineError> {
        let before = &self.settings;
        // JSON may round the last digit of the exponent.
        let is_same = (before.skew - plan.skew).abs() < 1e-12
            && before.cores == plan.cores as u64
            && before.workers == plan.workers as u64
            && before.time_ms == plan.time.as_millis() as u64;
        if !is_same {
            let options = format!(
                "--skew {}, --cores {}, --workers {}",
                before.skew, before.cores, before.workers
            );
            return Err(self.settings_error(&options, before.time_ms));
        }
        if plan.points().iter().any(|it| before.points.contains(it)) {
            Ok(())
        } else {
            Err(BaselineError::NothingInCommon)
        }
    }
}

impl RunSettings for SweepSettings {
    const TITLE: &'static str = "Time per batch";
    const COLUMNS: &'static [&'static str] = &["", "keys", "words", "share"];

    fn read_run(json: &Value) -> Result<(SweepSettings, Vec<Ratios>), BaselineError> {
        if let Some(name) = json["scenario"].as_str() {
            return Err(BaselineError::OfScenario(name.to_owned()));
        }
        let mut points = Vec::new();
        let mut ratios = Vec::new();
        for json in json["points"]
            .as_array()
            .ok_or(BaselineError::Shape("points"))?
        {
            let point = read_point(json)?;
            let subjects = read_subjects(&json["contenders"], point);
            ratios.extend(subjects.ok_or(BaselineError::Shape("contenders"))?);
            points.push(point);
        }
        let settings = SweepSettings {
            points,
            skew: json["skew"].as_f64().ok_or(BaselineError::Shape("skew"))?,
            cores: read_number(json, "cores")?,
            workers: read_number(json, "workers")?,
            time_ms: read_number(json, "time_ms")?,
        };
        Ok((settings, ratios))
    }
}

fn read_point(json: &Value) -> Result<Point, BaselineError> {
    let size = |name: &'static str| {
        let size = usize::try_from(read_number(json, name)?);
        size.map_err(|_| BaselineError::Shape(name))
    };
    Ok(Point {
        keys: size("keys")?,
        words: size("words")?,
        active_share: json["active_share"].as_f64(),
    })
}

/// Reads the ratios of all subjects at a point, but for the plain loops, with which they are compared.
fn read_subjects(json: &Value, point: Point) -> Option<Vec<Ratios>> {
    let rounds_of = |subject: Subject| read_rounds(&json[subject.name()]);
    let subjects = Subject::ALL.into_iter().filter(|it| !it.is_reference());
    let ratios = subjects.map(|subject| {
        let plain = rounds_of(subject.reference())?;
        Ratios::new(benchmark(subject, point), &rounds_of(subject)?, &plain)
    });
    ratios.collect()
}

fn benchmark(subject: Subject, point: Point) -> Benchmark {
    let keys = quantity::count(point.keys);
    let words = quantity::count(point.words);
    let share = point.active_share.map(quantity::share);
    let of_keys = share
        .as_ref()
        .map(|share| format!(", {share} of the keys"))
        .unwrap_or_default();
    Benchmark {
        group: format!("{keys} keys, {words} words{of_keys}"),
        cells: vec![
            subject.name().to_owned(),
            keys,
            words,
            share.unwrap_or_default(),
        ],
        json: json!({
            "contender": subject.name(),
            "keys": point.keys,
            "words": point.words,
            "active_share": point.active_share,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::Results;
    use crate::json::JSON_FORMAT;
    use crate::testing::{lawful_results, results_with};

    fn baseline(results: &Results) -> SweepBaseline {
        let text = results.to_json().to_string();
        SweepBaseline::parse(&text).expect("it is what was written")
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        let error = SweepBaseline::parse(text).expect_err("it is none");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn another_text_is_refused_with_the_reason() {
        check_error("", "it is no JSON");
        check_error("[]", "it has no `\"format\": 1`: write it anew with --json");
        check_error(
            "{\"format\": 2}",
            "it has no `\"format\": 1`: write it anew with --json",
        );
        check_error(
            "{\"format\": 1}",
            "its `points` is not what --json writes: write it anew",
        );
        check_error(
            "{\"format\": 1, \"points\": [{\"keys\": 1, \"words\": -1}]}",
            "its `words` is not what --json writes: write it anew",
        );
        check_error(
            "{\"format\": 1, \"points\": [{\"keys\": 1, \"words\": 1}]}",
            "its `contenders` is not what --json writes: write it anew",
        );
        check_error(
            "{\"format\": 1, \"points\": []}",
            "its `skew` is not what --json writes: write it anew",
        );
        check_error(
            "{\"format\": 1, \"scenario\": \"book\"}",
            "it is of the scenario `book`, and this run is of drawn words: name the scenario, or write a \
             baseline with --json without one",
        );
    }

    #[test]
    fn runs_with_other_settings_or_sizes_are_not_compared() {
        let before = baseline(&lawful_results());
        let other = SweepPlan {
            cores: 2,
            ..SweepPlan::default()
        };
        let error = before.check_plan(&other).expect_err("the cores differ");
        let expected = "it was taken with --skew 0, --cores 1, --workers 1, --time 20000ms and --runs 1: compare \
             with the same";
        assert_eq!(error.to_string(), expected);
        let other = SweepPlan {
            workers: 2,
            ..SweepPlan::default()
        };
        let error = before.check_plan(&other).expect_err("the workers differ");
        assert_eq!(error.to_string(), expected);
        let other = SweepPlan {
            time: Duration::from_secs(3),
            ..SweepPlan::default()
        };
        let error = before.check_plan(&other).expect_err("the times differ");
        assert_eq!(error.to_string(), expected);
        let nothing = SweepPlan {
            keys: vec![7],
            ..SweepPlan::default()
        };
        let error = before.check_plan(&nothing).expect_err("the sizes differ");
        assert!(matches!(error, BaselineError::NothingInCommon));
        assert!(before.check_plan(&SweepPlan::default()).is_ok());
    }

    #[test]
    fn a_slower_subject_exceeds_the_limit_and_is_shown() {
        let before = baseline(&lawful_results());
        let slower = |subject, seconds| match subject {
            Subject::MapWithState => seconds * 1.2,
            _ => seconds,
        };
        let now = baseline(&results_with(slower));
        let changes = before.compare(&now, Some(1.1));
        assert!(changes.exceeds());
        insta::assert_snapshot!("changes", changes);
        assert!(!before.compare(&now, Some(1.3)).exceeds());
        assert!(!before.compare(&now, None).exceeds());
    }

    /// Runs that differ by more than the rounds of each.
    fn runs(count: usize, factor: f64) -> SweepBaseline {
        let run = |run: usize| {
            let changed = factor * (1.0 + 0.01 * run as f64);
            results_with(|subject, seconds| match subject {
                Subject::MapWithState => seconds * changed,
                _ => seconds,
            })
            .to_json()
        };
        let runs: Vec<Value> = (0..count).map(run).collect();
        let json = json!({ "format": JSON_FORMAT, "runs": runs });
        SweepBaseline::parse(&json.to_string()).expect("these are runs")
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
        check_end([1, 1], "holds\n");
        let few = "So few runs give no verdict: 6 or more on each side do.\n";
        for too_few in [[5, 5], [1, 7], [7, 1]] {
            check_end(too_few, few);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn a_slower_machine_is_no_change(factor in 0.1..10.0_f64) {
            let before = baseline(&lawful_results());
            let now = baseline(&results_with(|_, seconds| seconds * factor));
            let changes = before.compare(&now, Some(1.01));
            prop_assert!(!changes.exceeds());
            prop_assert!(changes.compared.iter().all(|it| (it.change.median - 1.0).abs() < 1e-6));
        }
    }
}
