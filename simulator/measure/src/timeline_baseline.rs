//! The results of an earlier run of a scenario, to be compared with.

use serde_json::{Value, json};

use crate::baseline::{check_format, ratios, rounds};
use crate::changes::{Changed, in_one_alone};
use crate::runs::{Runs, read_runs};
use crate::{BaselineError, Changes, TimelineResults};

/// What one run of a scenario measured, or what several did, as their JSON tells.
///
/// As with a [`Baseline`](crate::Baseline), pipelines are compared by how they stood to the plain loop of
/// their own run.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineBaseline {
    settings: Settings,
    /// By the name of the pipeline.
    runs: Runs<String>,
}

/// What both runs must have alike.
#[derive(Clone, Debug, PartialEq)]
struct Settings {
    scenario: String,
    seed: u64,
    cores: u64,
    workers: u64,
    time_ms: u64,
    /// The records of each batch.
    records: Vec<u64>,
    /// The checksum of all words.
    words: u64,
}

impl TimelineBaseline {
    /// Reads the text of what [`TimelineResults::to_json`] made, of one run or of several.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<TimelineBaseline, BaselineError> {
        TimelineBaseline::from_json(&serde_json::from_str(text)?)
    }

    /// Reads what [`TimelineResults::to_json`] made, of one run or of several.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn from_json(json: &Value) -> Result<TimelineBaseline, BaselineError> {
        check_format(json)?;
        let (settings, runs) = read_runs(json, run)?;
        Ok(TimelineBaseline { settings, runs })
    }

    /// Whether a run can be compared with it: one of the same scenario, which need not have any round
    /// yet.
    ///
    /// # Errors
    ///
    /// A scenario or settings that differ, and pipelines of which none is in both.
    pub fn fits(&self, now: &TimelineResults) -> Result<(), BaselineError> {
        let then = &self.settings;
        if then.scenario != now.name {
            let (then, now) = (then.scenario.clone(), now.name.clone());
            return Err(BaselineError::OtherScenario { then, now });
        }
        let is_same = then.seed == now.seed
            && then.cores == now.cores as u64
            && then.workers == now.workers as u64
            && then.time_ms == now.time.as_millis() as u64;
        if !is_same {
            return Err(BaselineError::ScenarioSettings {
                seed: then.seed,
                cores: then.cores,
                workers: then.workers,
                time_ms: self.runs.time_ms(then.time_ms),
                runs: self.runs.count(),
            });
        }
        let records = now.records.iter().map(|records| *records as u64);
        if !records.eq(then.records.iter().copied()) || then.words != now.words.checksum {
            return Err(BaselineError::OtherTimeline);
        }
        let mut names = self.runs.subjects().iter();
        if names.any(|name| now.named(name).is_some()) {
            Ok(())
        } else {
            Err(BaselineError::NoPipelineInCommon)
        }
    }

    /// What has changed from this to `now`, for the pipelines that both have, over all batches. With a
    /// limit, a ratio such as 1.1 for a tenth more, each change has a verdict.
    pub fn changes(&self, now: &TimelineBaseline, limit: Option<f64>) -> Changes {
        let changes = self.runs.changes(&now.runs).into_iter();
        let changes = changes.map(|(name, change)| Changed {
            cells: vec![name.clone()],
            names: json!({ "pipeline": name }),
            change,
        });
        Changes {
            title: "Time of all batches",
            head: &[""],
            all: changes.collect(),
            not_compared: in_one_alone(self.runs.subjects(), now.runs.subjects()),
            runs: [self.runs.count(), now.runs.count()],
            limit,
        }
    }
}

/// Reads one run.
fn run(json: &Value) -> Result<(Settings, Runs<String>), BaselineError> {
    if !json["points"].is_null() {
        return Err(BaselineError::OfDrawnWords);
    }
    let scenario = json["scenario"].as_str();
    let number = |name| json[name].as_u64().ok_or(BaselineError::Shape(name));
    let settings = Settings {
        scenario: scenario.ok_or(BaselineError::Shape("scenario"))?.to_owned(),
        seed: number("seed")?,
        cores: number("cores")?,
        workers: number("workers")?,
        time_ms: number("time_ms")?,
        records: records(json).ok_or(BaselineError::Shape("batches"))?,
        words: number("words")?,
    };
    let plain = rounds(&json["plain_loop"]).ok_or(BaselineError::Shape("plain_loop"))?;
    let pipelines = json["pipelines"].as_array().map(|pipelines| {
        let pipelines = pipelines.iter();
        pipelines.map(|json| pipeline(json, &plain)).collect()
    });
    let pipelines: Option<Vec<_>> = pipelines.flatten();
    let pipelines = pipelines.ok_or(BaselineError::Shape("pipelines"))?;
    Ok((settings, Runs::single(pipelines)))
}

fn pipeline(json: &Value, plain: &[f64]) -> Option<(String, Vec<f64>)> {
    let name = json["name"].as_str()?.to_owned();
    Some((name, ratios(&rounds(json)?, plain)?))
}

/// The records of each batch, which are the same for all pipelines.
fn records(json: &Value) -> Option<Vec<u64>> {
    let batches = json["pipelines"][0]["batches"].as_array()?;
    let records = batches.iter().map(|batch| batch["records"].as_u64());
    records.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::timeline_results;

    fn baseline(results: &TimelineResults) -> TimelineBaseline {
        let text = results.to_json().to_string();
        TimelineBaseline::parse(&text).expect("it is what was written")
    }

    #[track_caller]
    fn check_misfit(change: impl Fn(&mut TimelineResults), expected: &str) {
        let mut now = timeline_results(5);
        change(&mut now);
        let error = baseline(&timeline_results(5))
            .fits(&now)
            .expect_err("it differs");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn runs_that_have_nothing_in_common_are_not_compared() {
        check_misfit(
            |now| now.name = "shop/carts".to_owned(),
            "it is of the scenario `cookbook`, and this run is of `shop/carts`: write one of `shop/carts` \
             with --json",
        );
        let settings = "it was taken with --seed 0, --workers 1, `cores = 1` in [cluster], --time 20000ms and \
                        --runs 1: compare with the same";
        check_misfit(|now| now.seed = 7, settings);
        check_misfit(|now| now.cores = 2, settings);
        check_misfit(|now| now.workers = 2, settings);
        check_misfit(|now| now.time /= 2, settings);
        let timeline = "the scenario has other batches by now: write it anew with --json";
        check_misfit(|now| now.records[2] = 4, timeline);
        check_misfit(|now| now.records.push(3), timeline);
        check_misfit(|now| now.words.add("blue", 3), timeline);
        check_misfit(
            |now| now.pipelines.clear(),
            "it has none of the pipelines of this run: write it anew with --json",
        );
    }

    #[test]
    fn a_run_without_rounds_yet_fits() {
        let mut now = timeline_results(5);
        now.plain.clear();
        now.pipelines.remove(0);
        now.pipelines[0].rounds.clear();
        assert!(baseline(&timeline_results(5)).fits(&now).is_ok());
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        let error = TimelineBaseline::parse(text).expect_err("it is none");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn what_is_no_baseline_is_told_as_such() {
        check_error("", "it is no JSON");
        check_error("{}", "it has no `\"format\": 1`: write it anew with --json");
        check_error(
            "{\"format\": 1, \"points\": []}",
            "it is of drawn words, and this run is of a scenario: write one with --json and the scenario",
        );
        let mut json = timeline_results(5).to_json();
        for part in [
            "plain_loop",
            "words",
            "pipelines",
            "workers",
            "cores",
            "seed",
            "scenario",
        ] {
            json[part] = "no".into();
            json[part].take();
            let part = if part == "pipelines" { "batches" } else { part };
            check_error(
                &json.to_string(),
                &format!("its `{part}` is not what --json writes: write it anew"),
            );
        }
    }

    #[test]
    fn rounds_that_are_none_or_too_few_are_no_baseline() {
        let parse = |change: &dyn Fn(&mut Value)| {
            let mut json = timeline_results(5).to_json();
            change(&mut json);
            let error = TimelineBaseline::parse(&json.to_string()).expect_err("it has no ratio");
            error.to_string()
        };
        assert_eq!(
            parse(&|json| json["plain_loop"]["rounds"] = json!([])),
            "its `plain_loop` is not what --json writes: write it anew"
        );
        assert_eq!(
            parse(&|json| json["pipelines"][0]["rounds"] = json!([1.0, 2.0])),
            "its `pipelines` is not what --json writes: write it anew"
        );
    }

    #[test]
    fn a_slower_pipeline_exceeds_the_limit_and_is_shown() {
        let then = baseline(&timeline_results(5));
        let mut now = timeline_results(5);
        for seconds in now.pipelines[1].rounds.iter_mut().flatten() {
            *seconds *= 1.2;
        }
        let now = baseline(&now);
        let changes = then.changes(&now, Some(1.1));
        assert!(changes.exceed());
        insta::assert_snapshot!("timeline_changes", changes);
        let json = changes.to_json();
        assert_eq!(json[1]["pipeline"], "map_with_state");
        assert_eq!(json[1]["verdict"], "exceeds");
        assert!(!then.changes(&now, Some(1.3)).exceed());
        assert!(!then.changes(&now, None).exceed());
    }

    #[test]
    fn a_pipeline_of_one_run_alone_is_told() {
        let then = baseline(&timeline_results(5));
        let mut now = timeline_results(5);
        now.pipelines[0].name = "renamed".to_owned();
        let changes = then.changes(&baseline(&now), Some(1.1));
        assert_eq!(changes.not_compared(), ["update_state", "renamed"]);
        let told = "\nNot compared, as only one of the runs has it: update_state; renamed\n";
        assert!(changes.to_string().ends_with(told), "{changes}");
    }

    #[test]
    fn a_slower_machine_is_no_change() {
        let mut now = timeline_results(5);
        let batches = now.pipelines.iter_mut().flat_map(|it| &mut it.rounds);
        for seconds in batches.flatten().chain(&mut now.plain) {
            *seconds *= 3.0;
        }
        let changes = baseline(&timeline_results(5)).changes(&baseline(&now), Some(1.01));
        let ratios = changes.all.iter().map(|changed| changed.change.ratio);
        assert!(ratios.into_iter().all(|ratio| (ratio - 1.0).abs() < 1e-9));
    }

    #[test]
    fn too_few_rounds_have_no_verdict() {
        let mut now = timeline_results(5);
        now.plain.truncate(3);
        for pipeline in &mut now.pipelines {
            pipeline.rounds.truncate(3);
        }
        let changes = baseline(&timeline_results(5)).changes(&baseline(&now), Some(1e-6));
        assert!(!changes.exceed());
        assert_eq!(changes.to_json()[0]["verdict"], "no verdict");
    }

    #[test]
    fn a_run_of_a_process_is_one_value_where_there_are_several() {
        let runs = |count: usize, factor: f64| {
            let mut run = timeline_results(5);
            for seconds in run.pipelines[1].rounds.iter_mut().flatten() {
                *seconds *= factor;
            }
            let json = json!({ "format": 1, "runs": vec![run.to_json(); count] });
            TimelineBaseline::from_json(&json).expect("these are runs")
        };
        let changes = runs(7, 1.0).changes(&runs(7, 3.0), Some(1.1));
        assert!(changes.exceed());
        assert_eq!(changes.to_json()[1]["verdict"], "exceeds");
        let changes = runs(5, 1.0).changes(&runs(5, 3.0), Some(1.1));
        assert_eq!(changes.to_json()[1]["verdict"], "no verdict");
        assert!(runs(7, 1.0).fits(&timeline_results(5)).is_ok());
    }
}
