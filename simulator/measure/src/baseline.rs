//! The results of an earlier run, to be compared with.

use serde_json::{Value, json};

use crate::changes::{Changed, in_one_alone};
use crate::json::JSON_FORMAT;
use crate::{Change, Changes, Contender, Plan, Point, Results, quantity};

/// What an earlier run measured, as its JSON tells.
///
/// Runs are compared by how contenders stood to the plain loop of their own run: that a machine is
/// slower today, or another one, is no change.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    skew: f64,
    cores: u64,
    entries: Vec<Entry>,
}

/// How a contender stood to the plain loop at a point, a value a round.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    point: Point,
    contender: Contender,
    of_plain: Vec<f64>,
}

/// Why something is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is no JSON.
    #[error("it is no JSON")]
    Json(#[from] serde_json::Error),
    /// It is JSON of another kind, or of another version.
    #[error("it has no `\"format\": {JSON_FORMAT}`: write it anew with --json")]
    Format,
    /// A part of it is missing or of another kind.
    #[error("its `{0}` is not what --json writes")]
    Shape(&'static str),
    /// It was taken with other settings, so that it compares nothing.
    #[error("it was taken with --skew {skew} and --workers {cores}: compare with the same")]
    Settings {
        /// The exponent of Zipf's law then.
        skew: f64,
        /// The cores then.
        cores: u64,
    },
    /// No pair of sizes is in both runs.
    #[error("it has none of the sizes of this run")]
    NothingInCommon,
    /// It is of a scenario, and this run is of drawn words.
    #[error(
        "it is of the scenario `{0}`, and this run is of drawn words: name the scenario, or write a baseline \
         with --json without one"
    )]
    OfScenario(String),
    /// It is of drawn words, and this run is of a scenario.
    #[error(
        "it is of drawn words, and this run is of a scenario: write one with --json and the scenario"
    )]
    OfDrawnWords,
    /// It is of another scenario.
    #[error(
        "it is of the scenario `{then}`, and this run is of `{now}`: write one of `{now}` with --json"
    )]
    OtherScenario {
        /// The scenario then.
        then: String,
        /// The scenario now.
        now: String,
    },
    /// A run of a scenario that was taken with other settings.
    #[error("it was taken with --seed {seed} and --workers {cores}: compare with the same")]
    ScenarioSettings {
        /// The seed then.
        seed: u64,
        /// The cores then.
        cores: u64,
    },
    /// The scenario's batches had other records then.
    #[error("the scenario has other batches by now: write it anew with --json")]
    OtherTimeline,
    /// No pipeline is in both runs.
    #[error("it has none of the pipelines of this run: write it anew with --json")]
    NoPipelineInCommon,
}

impl Baseline {
    /// Reads what [`Results::to_json`] made.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
        let json = read(text)?;
        if let Some(name) = json["scenario"].as_str() {
            return Err(BaselineError::OfScenario(name.to_owned()));
        }
        let points = json["points"].as_array();
        let points = points.ok_or(BaselineError::Shape("points"))?;
        let mut all = Vec::new();
        for point in points {
            all.extend(entries(point)?);
        }
        Ok(Baseline {
            skew: json["skew"].as_f64().ok_or(BaselineError::Shape("skew"))?,
            cores: json["cores"]
                .as_u64()
                .ok_or(BaselineError::Shape("cores"))?,
            entries: all,
        })
    }

    /// Whether a run of this plan can be compared with it.
    ///
    /// # Errors
    ///
    /// Settings that differ, and sizes of which none is in both.
    pub fn fits(&self, plan: &Plan) -> Result<(), BaselineError> {
        let is_same = (self.skew - plan.skew).abs() < 1e-12 && self.cores == plan.cores as u64;
        if !is_same {
            let (skew, cores) = (self.skew, self.cores);
            return Err(BaselineError::Settings { skew, cores });
        }
        let points = plan.points();
        if self
            .entries
            .iter()
            .any(|entry| points.contains(&entry.point))
        {
            Ok(())
        } else {
            Err(BaselineError::NothingInCommon)
        }
    }

    /// What has changed from this run to `now`, at the sizes that both have. With a limit, a ratio such
    /// as 1.1 for a tenth more, each change has a verdict.
    pub fn changes(&self, now: &Results, limit: Option<f64>) -> Changes {
        let changes = self.entries.iter().filter_map(|entry| {
            let results = now.at(entry.point)?;
            let rounds = &results.of(entry.contender).rounds;
            let of_plain = ratios(rounds, &results.of(entry.contender.plain()).rounds);
            let change = Change::between(&entry.of_plain, &of_plain)?;
            Some(entry.changed(change))
        });
        let mut then: Vec<Point> = self.entries.iter().map(|entry| entry.point).collect();
        then.dedup();
        let points: Vec<Point> = now.points.iter().map(|results| results.point).collect();
        let not_compared = in_one_alone(&then, &points);
        Changes {
            title: "Time per batch",
            head: &["", "keys", "words", "share"],
            all: changes.collect(),
            not_compared: not_compared.into_iter().map(named).collect(),
            limit,
        }
    }
}

impl Entry {
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

/// Reads JSON of the version that `--json` writes now.
pub(crate) fn read(text: &str) -> Result<Value, BaselineError> {
    let json: Value = serde_json::from_str(text)?;
    if json["format"].as_u64() == Some(JSON_FORMAT) {
        Ok(json)
    } else {
        Err(BaselineError::Format)
    }
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

/// How something stood to the plain loop, a value a round.
pub(crate) fn ratios(rounds: &[f64], plain: &[f64]) -> Vec<f64> {
    let pairs = rounds.iter().zip(plain);
    pairs.map(|(seconds, plain)| seconds / plain).collect()
}

/// The same of a run that has as many rounds of something as of the plain loop, as every one has.
pub(crate) fn ratios_of_as_many(rounds: &[f64], plain: &[f64]) -> Option<Vec<f64>> {
    (rounds.len() == plain.len()).then(|| ratios(rounds, plain))
}

/// The entries of a point of the JSON: of the engine's contenders, as the plain loop is the measure.
fn entries(json: &Value) -> Result<Vec<Entry>, BaselineError> {
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
    let entries = engines.map(|contender| {
        let (rounds, plain) = rounds_of(contender).zip(rounds_of(contender.plain()))?;
        Some(Entry {
            point,
            contender,
            of_plain: ratios_of_as_many(&rounds, &plain)?,
        })
    });
    let entries: Option<Vec<Entry>> = entries.collect();
    entries.ok_or(BaselineError::Shape("contenders"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
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
        check_error("{\"format\": 1}", "its `points` is not what --json writes");
        check_error(
            "{\"format\": 1, \"points\": [{\"keys\": 1, \"words\": -1}]}",
            "its `words` is not what --json writes",
        );
        check_error(
            "{\"format\": 1, \"points\": [{\"keys\": 1, \"words\": 1}]}",
            "its `contenders` is not what --json writes",
        );
        check_error(
            "{\"format\": 1, \"points\": []}",
            "its `skew` is not what --json writes",
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
        assert!(error.to_string().contains("--workers 1"), "{error}");
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
        let changes = then.changes(&results_with(slower), Some(1.1));
        assert!(changes.exceed());
        insta::assert_snapshot!("changes", changes);
        assert!(!then.changes(&results_with(slower), Some(1.3)).exceed());
        assert!(!then.changes(&results_with(slower), None).exceed());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn a_slower_machine_is_no_change(factor in 0.1..10.0_f64) {
            let then = baseline(&lawful_results());
            let now = results_with(|_, seconds| seconds * factor);
            let changes = then.changes(&now, Some(1.01));
            prop_assert!(!changes.exceed());
            prop_assert!(changes.all.iter().all(|changed| (changed.change.ratio - 1.0).abs() < 1e-6));
        }
    }
}
