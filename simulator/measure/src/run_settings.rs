//! The settings that runs must share to be compared.

use crate::{BaselineError, SweepPlan, TimelineResults};

/// The settings that runs must share to be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunSettings {
    pub(crate) input: RunInput,
    pub(crate) cores: usize,
    pub(crate) workers: usize,
    /// With less time, turns are shorter and caches colder, most of all those of the plain loop.
    pub(crate) time_ms: u64,
}

/// The words of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RunInput {
    /// Drawn by Zipf's law with this exponent.
    Drawn { skew: f64 },
    /// Those of a scenario.
    Scenario {
        name: String,
        seed: u64,
        /// The records of each batch.
        records: Vec<usize>,
        /// The checksum of all words.
        words: u64,
    },
}

impl RunSettings {
    pub(crate) fn of_plan(plan: &SweepPlan) -> RunSettings {
        RunSettings {
            input: RunInput::Drawn { skew: plan.skew },
            cores: plan.cores,
            workers: plan.workers,
            time_ms: plan.time.as_millis() as u64,
        }
    }

    pub(crate) fn of_results(results: &TimelineResults) -> RunSettings {
        RunSettings {
            input: RunInput::Scenario {
                name: results.name.clone(),
                seed: results.seed,
                records: results.records.clone(),
                words: results.words.sum,
            },
            cores: results.cores,
            workers: results.workers,
            time_ms: results.time.as_millis() as u64,
        }
    }

    /// Checks that a run with the settings `now` can be compared with `runs` runs of these settings.
    pub(crate) fn check(&self, now: &RunSettings, runs: usize) -> Result<(), BaselineError> {
        use RunInput::{Drawn, Scenario};
        let is_same_input = match (&self.input, &now.input) {
            (Scenario { name, .. }, Drawn { .. }) => {
                return Err(BaselineError::OfScenario(name.clone()));
            }
            (Drawn { .. }, Scenario { .. }) => return Err(BaselineError::OfDrawnWords),
            (Scenario { name: before, .. }, Scenario { name: now, .. }) if before != now => {
                return Err(BaselineError::OtherScenario {
                    before: before.clone(),
                    now: now.clone(),
                });
            }
            (Scenario { seed: before, .. }, Scenario { seed: now, .. }) => before == now,
            // JSON may round the last digit of the exponent.
            (Drawn { skew: before }, Drawn { skew: now }) => (before - now).abs() < 1e-12,
        };
        let is_same = is_same_input
            && self.cores == now.cores
            && self.workers == now.workers
            && self.time_ms == now.time_ms;
        if !is_same {
            return Err(BaselineError::Settings(self.options(runs as u64)));
        }
        // Name and seed are the same here, so that the batches are not.
        if matches!(now.input, Scenario { .. }) && self.input != now.input {
            return Err(BaselineError::OtherTimeline);
        }
        Ok(())
    }

    /// The command line options that give as many runs with these settings.
    fn options(&self, runs: u64) -> String {
        let cores = self.cores;
        let workers = self.workers;
        let options = match &self.input {
            RunInput::Drawn { skew } => {
                format!("--skew {skew}, --cores {cores}, --workers {workers}")
            }
            RunInput::Scenario { seed, .. } => {
                format!("--seed {seed}, --workers {workers}, `cores = {cores}` in [cluster]")
            }
        };
        let time_ms = time_of_all_ms(self.time_ms, runs);
        format!("{options}, --time {time_ms}ms and --runs {runs}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_all_runs_gives_that_of_each() {
        assert_eq!(time_of_all_ms(2_857, 7), 20_000);
        assert_eq!(time_of_all_ms(20_000, 1), 20_000);
        assert_eq!(time_of_all_ms(3, 2), 6);
    }
}
