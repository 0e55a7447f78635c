//! The results of an earlier run, or of several, to be compared with.

use serde_json::{Value, json};

use crate::changes::{Changed, in_one_alone};
use crate::json::JSON_FORMAT;
use crate::runs::{Runs, read_runs};
use crate::{BaselineError, Change, Changes, Contender, Plan, Point, quantity};

/// What one run measured, or what several did, as their JSON tells.
///
/// Runs are compared by how contenders stood to the plain loop of their own run: that a machine is
/// slower today, or another one, is no change. Of single runs the rounds are compared; where there are
/// several, each of them counts as one value, the median of its rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    settings: Settings,
    runs: Runs<Subject>,
}

/// What both runs must have alike.
#[derive(Clone, Debug, PartialEq)]
struct Settings {
    skew: f64,
    cores: u64,
    workers: u64,
    /// In less time turns are shorter and caches colder, of the plain loop above all.
    time_ms: u64,
}

/// What is timed.
#[derive(Clone, Debug, PartialEq)]
struct Subject {
    point: Point,
    contender: Contender,
}

impl Baseline {
    /// Reads the text of what [`Results::to_json`](crate::Results::to_json) made, of one run or of several.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
        Baseline::from_json(&serde_json::from_str(text)?)
    }

    /// Reads what [`Results::to_json`](crate::Results::to_json) made, of one run or of several.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn from_json(json: &Value) -> Result<Baseline, BaselineError> {
        check_format(json)?;
        let (settings, runs) = read_runs(json, run)?;
        Ok(Baseline { settings, runs })
    }

    /// Whether a run of this plan can be compared with it.
    ///
    /// # Errors
    ///
    /// Settings that differ, and sizes of which none is in both.
    pub fn fits(&self, plan: &Plan) -> Result<(), BaselineError> {
        let Settings {
            skew,
            cores,
            workers,
            time_ms,
        } = self.settings;
        let is_same = (skew - plan.skew).abs() < 1e-12
            && cores == plan.cores as u64
            && workers == plan.workers as u64
            && time_ms == plan.time.as_millis() as u64;
        if !is_same {
            return Err(BaselineError::Settings {
                skew,
                cores,
                workers,
                time_ms: self.runs.time_ms(time_ms),
                runs: self.runs.count(),
            });
        }
        let points = plan.points();
        let mut subjects = self.runs.subjects().iter();
        if subjects.any(|subject| points.contains(&subject.point)) {
            Ok(())
        } else {
            Err(BaselineError::NothingInCommon)
        }
    }

    /// What has changed from this to `now`, at the sizes that both have. With a limit, a ratio such as 1.1
    /// for a tenth more, each change has a verdict.
    pub fn changes(&self, now: &Baseline, limit: Option<f64>) -> Changes {
        let changes = self.runs.changes(&now.runs).into_iter();
        let not_compared = in_one_alone(&self.points(), &now.points());
        Changes {
            title: "Time per batch",
            head: &["", "keys", "words", "share"],
            all: changes
                .map(|(subject, change)| subject.changed(change))
                .collect(),
            not_compared: not_compared.into_iter().map(named).collect(),
            runs: [self.runs.count(), now.runs.count()],
            limit,
        }
    }

    /// All points, each once.
    fn points(&self) -> Vec<Point> {
        let subjects = self.runs.subjects().iter();
        let mut points: Vec<Point> = subjects.map(|subject| subject.point).collect();
        points.dedup();
        points
    }
}

impl Subject {
    fn changed(&self, change: Change) -> Changed {
        let (point, contender) = (self.point, self.contender.name());
        Changed {
            cells: vec![
                contender.to_owned(),
                quantity::count(point.keys),
                quantity::count(point.words),
                point.active_share.map(quantity::share).unwrap_or_default(),
            ],
            names: json!({
                "contender": contender,
                "keys": point.keys,
                "words": point.words,
                "active_share": point.active_share,
            }),
            change,
        }
    }
}

fn named(point: Point) -> String {
    let (keys, words) = (quantity::count(point.keys), quantity::count(point.words));
    let share = point.active_share.map(quantity::share);
    let share = share.map_or_else(String::new, |share| format!(", {share} of the keys"));
    format!("{keys} keys, {words} words{share}")
}

/// Only what is of the version that `--json` writes now is read.
pub(crate) fn check_format(json: &Value) -> Result<(), BaselineError> {
    if json["format"].as_u64() == Some(JSON_FORMAT) {
        Ok(())
    } else {
        Err(BaselineError::Format)
    }
}

/// Reads one run.
fn run(json: &Value) -> Result<(Settings, Runs<Subject>), BaselineError> {
    if let Some(name) = json["scenario"].as_str() {
        return Err(BaselineError::OfScenario(name.to_owned()));
    }
    let points = json["points"].as_array();
    let points = points.ok_or(BaselineError::Shape("points"))?;
    let mut measured = Vec::new();
    for point in points {
        measured.extend(subjects(point)?);
    }
    let number = |name| json[name].as_u64().ok_or(BaselineError::Shape(name));
    let settings = Settings {
        skew: json["skew"].as_f64().ok_or(BaselineError::Shape("skew"))?,
        cores: number("cores")?,
        workers: number("workers")?,
        time_ms: number("time_ms")?,
    };
    Ok((settings, Runs::single(measured)))
}

/// Seconds of rounds, of which there are some, all of them positive.
pub(crate) fn rounds(json: &Value) -> Option<Vec<f64>> {
    let rounds: Option<Vec<f64>> = json["rounds"]
        .as_array()?
        .iter()
        .map(Value::as_f64)
        .collect();
    rounds.filter(|rounds| !rounds.is_empty() && rounds.iter().all(|seconds| *seconds > 0.0))
}

/// How something stood to the plain loop, a value a round, of which every run has as many of both.
pub(crate) fn ratios(rounds: &[f64], plain: &[f64]) -> Option<Vec<f64>> {
    let pairs = rounds.iter().zip(plain);
    let ratios = pairs.map(|(seconds, plain)| seconds / plain);
    (rounds.len() == plain.len()).then(|| ratios.collect())
}

/// What is told of a point: of the engine's contenders, as the plain loop is the measure.
fn subjects(json: &Value) -> Result<Vec<(Subject, Vec<f64>)>, BaselineError> {
    let size = |name: &'static str| {
        let size = json[name]
            .as_u64()
            .and_then(|size| usize::try_from(size).ok());
        size.ok_or(BaselineError::Shape(name))
    };
    let point = Point {
        keys: size("keys")?,
        words: size("words")?,
        active_share: json["active_share"].as_f64(),
    };
    let rounds_of = |contender: Contender| rounds(&json["contenders"][contender.name()]);
    let engines = Contender::ALL
        .into_iter()
        .filter(|contender| contender.plain() != *contender);
    let subjects = engines.map(|contender| {
        let (rounds, plain) = rounds_of(contender).zip(rounds_of(contender.plain()))?;
        Some((Subject { point, contender }, ratios(&rounds, &plain)?))
    });
    let subjects: Option<Vec<_>> = subjects.collect();
    subjects.ok_or(BaselineError::Shape("contenders"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::Results;
    use crate::testing::{lawful_results, results_with};

    fn baseline(results: &Results) -> Baseline {
        let text = results.to_json().to_string();
        Baseline::parse(&text).expect("it is what was written")
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        let error = Baseline::parse(text).expect_err("it is none");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn what_is_no_baseline_is_told_as_such() {
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
    fn runs_that_have_nothing_in_common_are_not_compared() {
        let then = baseline(&lawful_results());
        let other = Plan {
            cores: 2,
            ..Plan::default()
        };
        let error = then.fits(&other).expect_err("the cores differ");
        let expected = "it was taken with --skew 0, --cores 1, --workers 1, --time 20000ms and --runs 1: compare \
             with the same";
        assert_eq!(error.to_string(), expected);
        let other = Plan {
            workers: 2,
            ..Plan::default()
        };
        let error = then.fits(&other).expect_err("the workers differ");
        assert_eq!(error.to_string(), expected);
        let other = Plan {
            time: Duration::from_secs(3),
            ..Plan::default()
        };
        let error = then.fits(&other).expect_err("the times differ");
        assert_eq!(error.to_string(), expected);
        let nothing = Plan {
            keys: vec![7],
            ..Plan::default()
        };
        let error = then.fits(&nothing).expect_err("the sizes differ");
        assert!(matches!(error, BaselineError::NothingInCommon));
        assert!(then.fits(&Plan::default()).is_ok());
    }

    #[test]
    fn a_slower_contender_exceeds_the_limit_and_is_shown() {
        let then = baseline(&lawful_results());
        let slower = |contender, seconds| match contender {
            Contender::MapWithState => seconds * 1.2,
            _ => seconds,
        };
        let now = baseline(&results_with(slower));
        let changes = then.changes(&now, Some(1.1));
        assert!(changes.exceed());
        insta::assert_snapshot!("changes", changes);
        assert!(!then.changes(&now, Some(1.3)).exceed());
        assert!(!then.changes(&now, None).exceed());
    }

    /// So many runs, in each of which rounds of one process are alike and those of two are not.
    fn runs(count: usize, factor: f64) -> Baseline {
        let run = |run: usize| {
            let changed = factor * (1.0 + 0.01 * run as f64);
            results_with(|contender, seconds| match contender {
                Contender::MapWithState => seconds * changed,
                _ => seconds,
            })
            .to_json()
        };
        let runs: Vec<Value> = (0..count).map(run).collect();
        let json = json!({ "format": JSON_FORMAT, "runs": runs });
        Baseline::parse(&json.to_string()).expect("these are runs")
    }

    #[test]
    fn processes_that_differ_by_more_than_their_rounds_show_do_not_exceed() {
        // Single runs, of which the second is one of the slower ones, do.
        let slow = runs(1, 1.05);
        assert!(runs(1, 1.0).changes(&slow, Some(1.03)).exceed());
        let changes = runs(7, 1.0).changes(&runs(7, 1.0), Some(1.03));
        assert!(!changes.exceed());
        assert!(runs(7, 1.0).changes(&runs(7, 1.2), Some(1.03)).exceed());
    }

    #[track_caller]
    fn check_end((then, now): (usize, usize), expected: &str) {
        let changes = runs(then, 1.0).changes(&runs(now, 2.0), Some(1.1));
        let text = changes.to_string();
        assert!(text.ends_with(expected), "{text}");
        assert_eq!(changes.exceed(), then.min(now) >= 6 || then.max(now) == 1);
    }

    #[test]
    fn how_many_runs_there_are_is_told_and_how_many_give_a_verdict() {
        let several = "Runs: 6 of the baseline, 7 of these. Each counts as one value, the median of its rounds.\n";
        check_end((6, 7), several);
        check_end((1, 1), "holds\n");
        let few = "So few runs give no verdict: 6 or more on each side do.\n";
        for too_few in [(5, 5), (1, 7), (7, 1)] {
            check_end(too_few, few);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn a_slower_machine_is_no_change(factor in 0.1..10.0_f64) {
            let then = baseline(&lawful_results());
            let now = baseline(&results_with(|_, seconds| seconds * factor));
            let changes = then.changes(&now, Some(1.01));
            prop_assert!(!changes.exceed());
            prop_assert!(changes.all.iter().all(|changed| (changed.change.ratio - 1.0).abs() < 1e-6));
        }
    }
}
