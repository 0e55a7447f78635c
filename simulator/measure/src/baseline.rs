//! Earlier runs, read from JSON, with which later runs are compared.

use serde_json::Value;

use crate::baseline_comparison::{BaselineComparison, ComparedBenchmark};
use crate::json::JSON_FORMAT;
use crate::{BaselineError, Estimate, median};

/// The ratios of one run, or of several with the same settings.
///
/// Runs are compared by the ratios to the plain loop of the same run, so that another machine, or a slower
/// day, is no change. If both sides are single runs, their rounds are compared. Otherwise each run counts as
/// one value, the median of its rounds: one process differs from the next, by where its memory happens to
/// lie, by more than its rounds show.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline<S> {
    pub(crate) settings: S,
    pub(crate) benchmarks: Vec<Benchmark>,
    /// The ratios by run, benchmark and round. There is at least one run, and each has all benchmarks.
    runs: Vec<Vec<Vec<f64>>>,
}

/// The settings that runs must share to be compared, by the kind of the measurement.
pub trait RunSettings: PartialEq + Sized {
    /// The title of a comparison.
    const TITLE: &'static str;

    /// The head of the columns that name a benchmark.
    const COLUMNS: &'static [&'static str];

    /// Reads one run: its settings, and the ratios of each of its benchmarks.
    ///
    /// # Errors
    ///
    /// The first mistake in the JSON.
    fn read_run(json: &Value) -> Result<(Self, Vec<Ratios>), BaselineError>;
}

/// Something that is timed beside the plain loop, and can be found again in another run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Benchmark {
    /// The name of the benchmarks that are in a run together with this one, or not at all.
    pub(crate) group: String,
    /// The name of this benchmark, a cell a column.
    pub(crate) cells: Vec<String>,
    /// The same as an object.
    pub(crate) json: Value,
}

/// A benchmark, and the ratio of its time to that of the plain loop in each round of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratios {
    benchmark: Benchmark,
    rounds: Vec<f64>,
}

impl Ratios {
    /// The ratios of these seconds; none unless both have equally many rounds.
    pub(crate) fn new(benchmark: Benchmark, rounds: &[f64], plain: &[f64]) -> Option<Ratios> {
        let pairs = rounds.iter().zip(plain);
        let ratios = pairs.map(|(seconds, plain)| seconds / plain).collect();
        (rounds.len() == plain.len()).then_some(Ratios {
            benchmark,
            rounds: ratios,
        })
    }
}

impl<S: RunSettings> Baseline<S> {
    /// Reads the text of what `--json` wrote, for one run or for several.
    ///
    /// # Errors
    ///
    /// The first mistake in the text.
    pub fn parse(text: &str) -> Result<Baseline<S>, BaselineError> {
        Baseline::from_json(&serde_json::from_str(text)?)
    }

    /// Reads the JSON of one run or of several.
    ///
    /// # Errors
    ///
    /// The first mistake in the JSON.
    pub fn from_json(json: &Value) -> Result<Baseline<S>, BaselineError> {
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

    fn of_run(json: &Value) -> Result<Baseline<S>, BaselineError> {
        let (settings, ratios) = S::read_run(json)?;
        let ratios = ratios.into_iter().map(|it| (it.benchmark, it.rounds));
        let (benchmarks, rounds) = ratios.unzip();
        Ok(Baseline {
            settings,
            benchmarks,
            runs: vec![rounds],
        })
    }

    /// Compares a later run with this one, benchmark by benchmark, for those that both have. With a limit, a
    /// ratio such as 1.1 for a tenth more, each change has an outcome.
    pub fn compare(&self, now: &Baseline<S>, limit: Option<f64>) -> BaselineComparison {
        let is_single = self.run_count() == 1 && now.run_count() == 1;
        let compared = self.benchmarks.iter().filter_map(|benchmark| {
            let before = self.values(benchmark, is_single)?;
            let now = now.values(benchmark, is_single)?;
            Some(ComparedBenchmark {
                benchmark: benchmark.clone(),
                change: Estimate::of_change(&before, &now)?,
            })
        });
        BaselineComparison {
            title: S::TITLE,
            columns: S::COLUMNS,
            compared: compared.collect(),
            not_compared: in_one_alone(&self.groups(), &now.groups()),
            baseline_runs: self.run_count(),
            runs: now.run_count(),
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

    /// The groups of all benchmarks, each once.
    fn groups(&self) -> Vec<&str> {
        let groups = self.benchmarks.iter().map(|it| it.group.as_str());
        let mut groups: Vec<&str> = groups.collect();
        groups.dedup();
        groups
    }

    /// The error that a run has other settings than this baseline, of which each run took `time_ms`.
    pub(crate) fn settings_error(&self, options: &str, time_ms: u64) -> BaselineError {
        let time_ms = time_of_all_ms(time_ms, self.run_count() as u64);
        let runs = self.run_count();
        BaselineError::Settings(format!("{options}, --time {time_ms}ms and --runs {runs}"))
    }

    fn run_count(&self) -> usize {
        self.runs.len()
    }
}

/// The `--time` of all runs together, if each has `run_ms` milliseconds. The time of a run is rounded down, so
/// a multiple of 100 ms is preferred where it gives the same.
fn time_of_all_ms(run_ms: u64, runs: u64) -> u64 {
    let time_ms = run_ms * runs;
    let round = time_ms.next_multiple_of(100);
    if round / runs == run_ms {
        round
    } else {
        time_ms
    }
}

/// The groups of one side alone, first those of the baseline.
fn in_one_alone(before: &[&str], now: &[&str]) -> Vec<String> {
    let gone = before.iter().filter(|group| !now.contains(group));
    let new = now.iter().filter(|group| !before.contains(group));
    gone.chain(new).map(ToString::to_string).collect()
}

/// Reads the seconds of rounds; none unless there are some and all are positive.
pub(crate) fn read_rounds(json: &Value) -> Option<Vec<f64>> {
    let rounds = json["rounds"].as_array()?.iter().map(Value::as_f64);
    let rounds: Vec<f64> = rounds.collect::<Option<_>>()?;
    (!rounds.is_empty() && rounds.iter().all(|seconds| *seconds > 0.0)).then_some(rounds)
}

/// Reads a whole number.
pub(crate) fn read_number(json: &Value, name: &'static str) -> Result<u64, BaselineError> {
    json[name].as_u64().ok_or(BaselineError::Shape(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Interval;

    /// The settings of runs such as `{ "seed": 0, "name": "map", "rounds": [1.0] }`.
    #[derive(Clone, Debug, PartialEq)]
    struct Seed(Option<u64>);

    impl RunSettings for Seed {
        const TITLE: &'static str = "Time";
        const COLUMNS: &'static [&'static str] = &[""];

        fn read_run(json: &Value) -> Result<(Seed, Vec<Ratios>), BaselineError> {
            let benchmark = Benchmark {
                group: String::new(),
                cells: Vec::new(),
                json: json["name"].clone(),
            };
            let rounds = read_rounds(json).ok_or(BaselineError::Shape("rounds"))?;
            let ratios = Ratios { benchmark, rounds };
            Ok((Seed(json["seed"].as_u64()), vec![ratios]))
        }
    }

    fn baseline(runs: &[Value]) -> Result<Baseline<Seed>, BaselineError> {
        Baseline::from_json(&json!({ "format": JSON_FORMAT, "runs": runs }))
    }

    /// Runs of one benchmark, each of three rounds around a value.
    fn runs(values: &[f64]) -> Baseline<Seed> {
        let run = |value: &f64| json!({ "rounds": [0.9 * value, 1.1 * value, *value] });
        let runs: Vec<Value> = values.iter().map(run).collect();
        baseline(&runs).expect("these are runs")
    }

    #[track_caller]
    fn check(before: &[f64], now: &[f64], ratio: f64, interval: Option<Interval>) {
        let comparison = runs(before).compare(&runs(now), None);
        let [compared] = comparison.compared.as_slice() else {
            panic!("there is one benchmark: {comparison:?}");
        };
        let median = ratio;
        assert_eq!(compared.change, Estimate { median, interval });
    }

    #[test]
    fn each_of_several_runs_is_one_value() {
        let interval = |low, high| Some(Interval { low, high });
        check(&[1.0; 6], &[2.0; 6], 2.0, interval(2.0, 2.0));
        let before = [1.0, 1.0, 1.0, 1.0, 1.0, 2.0];
        check(&before, &[2.0; 6], 2.0, interval(1.0, 2.0));
    }

    #[test]
    fn few_runs_have_no_interval() {
        check(&[1.0; 5], &[2.0; 5], 2.0, None);
        check(&[1.0; 100], &[2.0], 2.0, None);
        check(&[1.0], &[2.0; 100], 2.0, None);
    }

    #[test]
    fn the_rounds_of_single_runs_are_the_values() {
        let run = |seconds: f64| {
            let rounds = vec![seconds; 6];
            baseline(&[json!({ "rounds": rounds })]).expect("it is a run")
        };
        let comparison = run(1.0).compare(&run(2.0), None);
        let interval = comparison.compared[0].change.interval;
        assert!(interval.is_some(), "{comparison:?}");
    }

    #[test]
    fn the_time_of_all_runs_gives_that_of_each() {
        assert_eq!(time_of_all_ms(2_857, 7), 20_000);
        assert_eq!(time_of_all_ms(20_000, 1), 20_000);
        assert_eq!(time_of_all_ms(3, 2), 6);
    }

    #[test]
    fn runs_of_other_settings_or_benchmarks_are_refused() {
        let run = |seed: u64, name: &str| json!({ "seed": seed, "name": name, "rounds": [1.0] });
        let same = baseline(&[run(0, "map"), run(0, "map")]);
        assert_eq!(same.expect("they are alike").run_count(), 2);
        for runs in [
            vec![],
            vec![run(0, "map"), run(1, "map")],
            vec![run(0, "map"), run(0, "update")],
        ] {
            let error = baseline(&runs);
            assert!(
                matches!(error, Err(BaselineError::Shape("runs"))),
                "{error:?}"
            );
        }
    }
}
