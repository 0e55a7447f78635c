//! Earlier runs, read from JSON, with which later runs are compared.

use serde_json::Value;

use crate::benchmark::Benchmark;
use crate::comparison::{BaselineComparison, ComparedBenchmark};
use crate::json::JSON_FORMAT;
use crate::run_settings::{RunSettings, read};
use crate::{BaselineError, Estimate, Point, Results, Subject, SweepPlan, TimelineResults, median};

/// The ratios of one run, or of several with the same settings: those that
/// [`Results::to_json`] or [`TimelineResults::to_json`] wrote.
///
/// Runs are compared by the ratios to the plain loop of the same run, so that another machine, or a slower
/// day, is no change. If both sides are single runs, their rounds are compared. Otherwise each run counts as
/// one value, the median of its rounds: one process differs from the next, by where its memory happens to
/// lie, by more than its rounds show.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    settings: RunSettings,
    benchmarks: Vec<Benchmark>,
    /// The ratios by run, benchmark and round. There is at least one run, and each has all benchmarks.
    runs: Vec<Vec<Vec<f64>>>,
}

impl Baseline {
    /// Reads the text of what `--json` wrote, for one run or for several.
    ///
    /// # Errors
    ///
    /// The first mistake in the text.
    pub fn parse(text: &str) -> Result<Baseline, BaselineError> {
        Baseline::from_json(&serde_json::from_str(text)?)
    }

    /// Reads the JSON of one run or of several.
    ///
    /// # Errors
    ///
    /// The first mistake in the JSON.
    pub fn from_json(json: &Value) -> Result<Baseline, BaselineError> {
        if json["format"].as_u64() != Some(JSON_FORMAT) {
            return Err(BaselineError::Format);
        }
        let Some(runs) = json["runs"].as_array() else {
            return Baseline::of_run(json);
        };
        let (first, others) = runs.split_first().ok_or(BaselineError::Shape("runs"))?;
        let mut baseline = Baseline::of_run(first)?;
        for other in others {
            let other = Baseline::of_run(other)?;
            if baseline.settings != other.settings || baseline.benchmarks != other.benchmarks {
                return Err(BaselineError::Shape("runs"));
            }
            baseline.runs.extend(other.runs);
        }
        Ok(baseline)
    }

    fn of_run(json: &Value) -> Result<Baseline, BaselineError> {
        let ratios = if json["scenario"].is_string() {
            let plain = read(json, "plain_loop", rounds)?;
            read(json, "pipelines", |it| pipelines(it, &plain))?
        } else {
            read_points(json)?
        };
        let (benchmarks, rounds) = ratios.into_iter().unzip();
        Ok(Baseline {
            settings: RunSettings::read(json)?,
            benchmarks,
            runs: vec![rounds],
        })
    }

    /// Checks that a run of this plan can be compared with the baseline. One common size is enough.
    ///
    /// # Errors
    ///
    /// A run of a scenario, settings that differ, or no common size.
    pub fn check_plan(&self, plan: &SweepPlan) -> Result<(), BaselineError> {
        let not_begun = Results {
            plan: plan.clone(),
            points: Vec::new(),
            memory: Vec::new(),
        };
        let now = RunSettings::read(&not_begun.to_json())?;
        self.settings.check(&now, self.runs.len())?;
        // Each point has all subjects.
        let has = |point| {
            let benchmark = Benchmark::of_subject(Subject::UpdateStateByKey, point);
            self.benchmarks.contains(&benchmark)
        };
        let is_common = plan.points().into_iter().any(has);
        is_common
            .then_some(())
            .ok_or(BaselineError::NothingInCommon)
    }

    /// Checks that a run of a scenario can be compared with the baseline. It needs no rounds yet.
    ///
    /// # Errors
    ///
    /// A run of drawn words, a scenario or settings that differ, or no common pipeline.
    pub fn check_results(&self, now: &TimelineResults) -> Result<(), BaselineError> {
        let settings = RunSettings::read(&now.to_json())?;
        self.settings.check(&settings, self.runs.len())?;
        let mut names = now.pipelines.iter().map(|pipeline| &pipeline.name);
        let is_common = names.any(|name| self.benchmarks.contains(&Benchmark::of_pipeline(name)));
        is_common
            .then_some(())
            .ok_or(BaselineError::NoPipelineInCommon)
    }

    /// Compares a later run with this one, benchmark by benchmark, for those that both have. With a limit, a
    /// ratio such as 1.1 for a tenth more, each change has an outcome.
    pub fn compare(&self, now: &Baseline, limit: Option<f64>) -> BaselineComparison {
        let is_single = self.runs.len() == 1 && now.runs.len() == 1;
        let compared = self.benchmarks.iter().filter_map(|benchmark| {
            let before = self.values(benchmark, is_single)?;
            let now = now.values(benchmark, is_single)?;
            Some(ComparedBenchmark {
                benchmark: benchmark.clone(),
                change: Estimate::of_change(&before, &now)?,
            })
        });
        BaselineComparison {
            is_of_scenario: self.settings.scenario.is_some(),
            compared: compared.collect(),
            not_compared: in_one_alone(&self.groups(), &now.groups()),
            baseline_runs: self.runs.len(),
            runs: now.runs.len(),
            limit,
        }
    }

    /// The values of a benchmark: the rounds of a single run, or the median of each run.
    fn values(&self, benchmark: &Benchmark, is_single: bool) -> Option<Vec<f64>> {
        let index = self.benchmarks.iter().position(|it| it == benchmark)?;
        let mut runs = self.runs.iter().map(|run| &run[index]);
        if is_single {
            runs.next().cloned()
        } else {
            runs.map(|rounds| median(rounds)).collect()
        }
    }

    /// The groups of benchmarks, each once. Those of one group stand together.
    fn groups(&self) -> Vec<&str> {
        let groups = self.benchmarks.iter().map(|it| it.group.as_str());
        let mut groups: Vec<&str> = groups.collect();
        groups.dedup();
        groups
    }
}

/// The groups of one side alone, first those of the baseline.
fn in_one_alone(before: &[&str], now: &[&str]) -> Vec<String> {
    let gone = before.iter().filter(|group| !now.contains(group));
    let new = now.iter().filter(|group| !before.contains(group));
    gone.chain(new).map(ToString::to_string).collect()
}

/// Benchmarks, each with its ratio in each round.
type Ratios = Vec<(Benchmark, Vec<f64>)>;

fn read_points(json: &Value) -> Result<Ratios, BaselineError> {
    let mut ratios = Vec::new();
    for json in read(json, "points", Value::as_array)? {
        let point = Point {
            keys: read(json, "keys", size)?,
            words: read(json, "words", size)?,
            active_share: json["active_share"].as_f64(),
        };
        ratios.extend(read(json, "contenders", |it| subjects(it, point))?);
    }
    Ok(ratios)
}

/// The ratios of all subjects at a point, but for the plain loops, with which they are compared.
fn subjects(json: &Value, point: Point) -> Option<Ratios> {
    let rounds_of = |subject: Subject| rounds(&json[subject.name()]);
    let subjects = Subject::ALL.into_iter().filter(|it| !it.is_reference());
    let ratios = subjects.map(|subject| {
        let plain = rounds_of(subject.reference())?;
        let ratios = ratios(&rounds_of(subject)?, &plain)?;
        Some((Benchmark::of_subject(subject, point), ratios))
    });
    ratios.collect()
}

fn pipelines(json: &Value, plain: &[f64]) -> Option<Ratios> {
    let pipelines = json.as_array()?.iter();
    let ratios = pipelines.map(|json| {
        let benchmark = Benchmark::of_pipeline(json["name"].as_str()?);
        Some((benchmark, ratios(&rounds(json)?, plain)?))
    });
    ratios.collect()
}

/// The ratios of these seconds; none unless both have equally many rounds.
fn ratios(rounds: &[f64], plain: &[f64]) -> Option<Vec<f64>> {
    let pairs = rounds.iter().zip(plain);
    (rounds.len() == plain.len()).then(|| pairs.map(|(seconds, plain)| seconds / plain).collect())
}

/// The seconds of rounds; none unless there are some and all are positive.
fn rounds(json: &Value) -> Option<Vec<f64>> {
    let rounds = json["rounds"].as_array()?.iter().map(Value::as_f64);
    let rounds: Vec<f64> = rounds.collect::<Option<_>>()?;
    (!rounds.is_empty() && rounds.iter().all(|seconds| *seconds > 0.0)).then_some(rounds)
}

fn size(json: &Value) -> Option<usize> {
    usize::try_from(json.as_u64()?).ok()
}

#[cfg(test)]
mod tests;
