//! The settings that runs must share to be compared.

use serde_json::Value;

use crate::BaselineError;

/// The settings that runs must share to be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunSettings {
    /// The scenario; none for drawn words.
    pub(crate) scenario: Option<String>,
    /// The options that give these settings, without those of the time: as many for each kind of run.
    options: Vec<String>,
    /// With less time, turns are shorter and caches colder, most of all those of the plain loop.
    time_ms: u64,
    /// The records of each batch of the scenario, and the checksum of all words.
    batches: Vec<u64>,
}

impl RunSettings {
    /// Reads the settings of a run, which needs no rounds.
    pub(crate) fn read(json: &Value) -> Result<RunSettings, BaselineError> {
        let scenario = json["scenario"].as_str();
        let cores = read(json, "cores", Value::as_u64)?;
        let workers = read(json, "workers", Value::as_u64)?;
        let mut batches = Vec::new();
        let options = if scenario.is_some() {
            let seed = read(json, "seed", Value::as_u64)?;
            // They are the same for all pipelines.
            batches = read(&json["pipelines"][0], "batches", records)?;
            batches.push(read(json, "words", Value::as_u64)?);
            vec![
                format!("--seed {seed}"),
                format!("--workers {workers}"),
                format!("`cores = {cores}` in [cluster]"),
            ]
        } else {
            // JSON may round the last digit of the exponent.
            let skew = (read(json, "skew", Value::as_f64)? * 1e12).round() / 1e12;
            vec![
                format!("--skew {skew}"),
                format!("--cores {cores}"),
                format!("--workers {workers}"),
            ]
        };
        Ok(RunSettings {
            scenario: scenario.map(str::to_owned),
            options,
            time_ms: read(json, "time_ms", Value::as_u64)?,
            batches,
        })
    }

    /// Checks that a run with the settings `now` can be compared with `runs` runs of these settings.
    pub(crate) fn check(&self, now: &RunSettings, runs: usize) -> Result<(), BaselineError> {
        match (&self.scenario, &now.scenario) {
            (Some(before), None) => return Err(BaselineError::OfScenario(before.clone())),
            (None, Some(_)) => return Err(BaselineError::OfDrawnWords),
            (Some(before), Some(now)) if before != now => {
                return Err(BaselineError::OtherScenario {
                    before: before.clone(),
                    now: now.clone(),
                });
            }
            _ => {}
        }
        let options = self.options.iter().zip(&now.options);
        let options = options.filter(|(before, now)| before != now);
        let mut differing: Vec<String> = options.map(|(before, _)| before.clone()).collect();
        if self.time_ms != now.time_ms {
            let time_ms = time_of_all_ms(self.time_ms, runs as u64);
            differing.push(format!("--time {time_ms}ms and --runs {runs}"));
        }
        if !differing.is_empty() {
            return Err(BaselineError::Settings(differing.join(", ")));
        }
        if self.batches != now.batches {
            return Err(BaselineError::OtherTimeline);
        }
        Ok(())
    }
}

fn records(batches: &Value) -> Option<Vec<u64>> {
    let batches = batches.as_array()?.iter();
    batches.map(|batch| batch["records"].as_u64()).collect()
}

/// Reads the part of this name.
pub(crate) fn read<'a, T>(
    json: &'a Value,
    name: &'static str,
    part: impl FnOnce(&'a Value) -> Option<T>,
) -> Result<T, BaselineError> {
    part(&json[name]).ok_or(BaselineError::Shape(name))
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
