//! The baseline of a scenario: its pipelines on its timeline.

use serde_json::{Value, json};

use crate::baseline::{Baseline, Benchmark, Ratios, RunSettings, read_number, read_rounds};
use crate::{BaselineError, TimelineResults};

/// Earlier runs of a scenario: what [`TimelineResults::to_json`] wrote.
pub type TimelineBaseline = Baseline<TimelineSettings>;

/// The settings that runs of a scenario must share to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineSettings {
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
    /// Checks that a run can be compared with the baseline. It needs no rounds yet.
    ///
    /// # Errors
    ///
    /// A scenario or settings that differ, or no common pipeline.
    pub fn check_results(&self, now: &TimelineResults) -> Result<(), BaselineError> {
        let before = &self.settings;
        if before.scenario != now.name {
            return Err(BaselineError::OtherScenario {
                before: before.scenario.clone(),
                now: now.name.clone(),
            });
        }
        let is_same = before.seed == now.seed
            && before.cores == now.cores as u64
            && before.workers == now.workers as u64
            && before.time_ms == now.time.as_millis() as u64;
        if !is_same {
            let options = format!(
                "--seed {}, --workers {}, `cores = {}` in [cluster]",
                before.seed, before.workers, before.cores
            );
            return Err(self.settings_error(&options, before.time_ms));
        }
        let records = now.records.iter().map(|records| *records as u64);
        if !records.eq(before.records.iter().copied()) || before.words != now.words.sum {
            return Err(BaselineError::OtherTimeline);
        }
        let mut benchmarks = self.benchmarks.iter();
        if benchmarks.any(|pipeline| now.has_pipeline(&pipeline.group)) {
            Ok(())
        } else {
            Err(BaselineError::NoPipelineInCommon)
        }
    }
}

impl RunSettings for TimelineSettings {
    const TITLE: &'static str = "Time of all batches";
    const COLUMNS: &'static [&'static str] = &[""];

    fn read_run(json: &Value) -> Result<(TimelineSettings, Vec<Ratios>), BaselineError> {
        if !json["points"].is_null() {
            return Err(BaselineError::OfDrawnWords);
        }
        let scenario = json["scenario"].as_str();
        let settings = TimelineSettings {
            scenario: scenario.ok_or(BaselineError::Shape("scenario"))?.to_owned(),
            seed: read_number(json, "seed")?,
            cores: read_number(json, "cores")?,
            workers: read_number(json, "workers")?,
            time_ms: read_number(json, "time_ms")?,
            records: read_records(json).ok_or(BaselineError::Shape("batches"))?,
            words: read_number(json, "words")?,
        };
        let plain = read_rounds(&json["plain_loop"]).ok_or(BaselineError::Shape("plain_loop"))?;
        let ratios = read_pipelines(json, &plain).ok_or(BaselineError::Shape("pipelines"))?;
        Ok((settings, ratios))
    }
}

/// Reads the records of each batch, which are the same for all pipelines.
fn read_records(json: &Value) -> Option<Vec<u64>> {
    let batches = json["pipelines"][0]["batches"].as_array()?;
    let records = batches.iter().map(|batch| batch["records"].as_u64());
    records.collect()
}

fn read_pipelines(json: &Value, plain: &[f64]) -> Option<Vec<Ratios>> {
    let pipelines = json["pipelines"].as_array()?.iter();
    let ratios = pipelines.map(|json| {
        let name = json["name"].as_str()?;
        let benchmark = Benchmark {
            group: name.to_owned(),
            cells: vec![name.to_owned()],
            json: json!({ "pipeline": name }),
        };
        Ratios::new(benchmark, &read_rounds(json)?, plain)
    });
    ratios.collect()
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
    fn check_refused(change: impl Fn(&mut TimelineResults), expected: &str) {
        let mut now = timeline_results(5);
        change(&mut now);
        let error = baseline(&timeline_results(5))
            .check_results(&now)
            .expect_err("it differs");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn runs_with_other_settings_or_batches_are_not_compared() {
        check_refused(
            |now| now.name = "shop/carts".to_owned(),
            "it is of the scenario `cookbook`, and this run is of `shop/carts`: write one of `shop/carts` \
             with --json",
        );
        let settings = "it was taken with --seed 0, --workers 1, `cores = 1` in [cluster], --time 20000ms and \
                        --runs 1: compare with the same";
        check_refused(|now| now.seed = 7, settings);
        check_refused(|now| now.cores = 2, settings);
        check_refused(|now| now.workers = 2, settings);
        check_refused(|now| now.time /= 2, settings);
        let timeline = "the scenario has other batches by now: write it anew with --json";
        check_refused(|now| now.records[2] = 4, timeline);
        check_refused(|now| now.records.push(3), timeline);
        check_refused(|now| now.words.add("blue", 3), timeline);
        check_refused(
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
        assert!(baseline(&timeline_results(5)).check_results(&now).is_ok());
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        let error = TimelineBaseline::parse(text).expect_err("it is none");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn another_text_is_refused_with_the_reason() {
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
    fn empty_or_too_few_rounds_are_refused() {
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
        let before = baseline(&timeline_results(5));
        let mut now = timeline_results(5);
        for seconds in now.pipelines[1].rounds.iter_mut().flatten() {
            *seconds *= 1.2;
        }
        let now = baseline(&now);
        let changes = before.compare(&now, Some(1.1));
        assert!(changes.exceeds());
        insta::assert_snapshot!("timeline_changes", changes);
        let json = changes.to_json();
        assert_eq!(json[1]["pipeline"], "map_with_state");
        assert_eq!(json[1]["verdict"], "exceeds");
        assert!(!before.compare(&now, Some(1.3)).exceeds());
        assert!(!before.compare(&now, None).exceeds());
    }

    #[test]
    fn a_pipeline_of_one_run_alone_is_named() {
        let before = baseline(&timeline_results(5));
        let mut now = timeline_results(5);
        now.pipelines[0].name = "renamed".to_owned();
        let changes = before.compare(&baseline(&now), Some(1.1));
        assert_eq!(changes.not_compared(), ["update_state", "renamed"]);
        let note = "\nNot compared, as only one of the runs has it: update_state; renamed\n";
        assert!(changes.to_string().ends_with(note), "{changes}");
    }

    #[test]
    fn a_slower_machine_is_no_change() {
        let mut now = timeline_results(5);
        let batches = now.pipelines.iter_mut().flat_map(|it| &mut it.rounds);
        for seconds in batches.flatten().chain(&mut now.plain) {
            *seconds *= 3.0;
        }
        let changes = baseline(&timeline_results(5)).compare(&baseline(&now), Some(1.01));
        let ratios = changes.compared.iter().map(|it| it.change.median);
        assert!(ratios.into_iter().all(|ratio| (ratio - 1.0).abs() < 1e-9));
    }

    #[test]
    fn too_few_rounds_have_no_outcome() {
        let mut now = timeline_results(5);
        now.plain.truncate(3);
        for pipeline in &mut now.pipelines {
            pipeline.rounds.truncate(3);
        }
        let changes = baseline(&timeline_results(5)).compare(&baseline(&now), Some(1e-6));
        assert!(!changes.exceeds());
        assert_eq!(changes.to_json()[0]["verdict"], "no verdict");
    }

    #[test]
    fn each_of_several_runs_is_one_value() {
        let runs = |count: usize, factor: f64| {
            let mut run = timeline_results(5);
            for seconds in run.pipelines[1].rounds.iter_mut().flatten() {
                *seconds *= factor;
            }
            let json = json!({ "format": 1, "runs": vec![run.to_json(); count] });
            TimelineBaseline::from_json(&json).expect("these are runs")
        };
        let changes = runs(7, 1.0).compare(&runs(7, 3.0), Some(1.1));
        assert!(changes.exceeds());
        assert_eq!(changes.to_json()[1]["verdict"], "exceeds");
        let changes = runs(5, 1.0).compare(&runs(5, 3.0), Some(1.1));
        assert_eq!(changes.to_json()[1]["verdict"], "no verdict");
        assert!(runs(7, 1.0).check_results(&timeline_results(5)).is_ok());
    }
}
