//! What several runs measured of the same things, each run in a process of its own.

use serde_json::Value;

use crate::{BaselineError, Change, median};

/// Of so many runs each, two programs have a verdict.
pub(crate) const RUNS_MIN: usize = 6;

/// Of each subject and each run, a value a round: how it stood to the plain loop.
///
/// One process differs from the next, by where its memory happens to lie, by more than its rounds show. So
/// where there are several, each of them counts as one value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Runs<T> {
    subjects: Vec<T>,
    /// By run and subject. There is at least one run.
    of_plain: Vec<Vec<Vec<f64>>>,
}

impl<T: Clone + PartialEq> Runs<T> {
    /// A single run.
    pub(crate) fn single(measured: Vec<(T, Vec<f64>)>) -> Runs<T> {
        let (subjects, of_plain) = measured.into_iter().unzip();
        Runs {
            subjects,
            of_plain: vec![of_plain],
        }
    }

    /// How many runs there are.
    pub(crate) fn count(&self) -> usize {
        self.of_plain.len()
    }

    /// How long all runs together should take, if each is to have so many milliseconds: a round number of them
    /// where there is one.
    pub(crate) fn time_ms(&self, of_run_ms: u64) -> u64 {
        let runs = self.count() as u64;
        let time_ms = of_run_ms * runs;
        let round = time_ms.next_multiple_of(100);
        if round / runs == of_run_ms {
            round
        } else {
            time_ms
        }
    }

    pub(crate) fn subjects(&self) -> &[T] {
        &self.subjects
    }

    /// What has changed from these runs to `now`, of each subject that both have.
    pub(crate) fn changes(&self, now: &Runs<T>) -> Vec<(T, Change)> {
        let is_each_one = self.count() > 1 || now.count() > 1;
        let changes = self.subjects.iter().filter_map(|subject| {
            let then = self.values(subject, is_each_one)?;
            let now = now.values(subject, is_each_one)?;
            Some((subject.clone(), Change::between(&then, &now)?))
        });
        changes.collect()
    }

    /// The values of a subject: one a run, the median of its rounds, or those of all rounds.
    fn values(&self, subject: &T, is_each_one: bool) -> Option<Vec<f64>> {
        let index = self.subjects.iter().position(|other| other == subject)?;
        let runs = self.of_plain.iter().map(|run| &run[index]);
        if is_each_one {
            runs.map(|rounds| median(rounds)).collect()
        } else {
            Some(runs.flatten().copied().collect())
        }
    }

    /// Takes further runs in, if they are of the same subjects.
    fn add(&mut self, runs: Runs<T>) -> Option<()> {
        let is_alike = self.subjects == runs.subjects;
        self.of_plain.extend(runs.of_plain);
        is_alike.then_some(())
    }
}

/// Reads JSON of one run, or of several of the same settings.
pub(crate) fn read_runs<S: PartialEq, T: Clone + PartialEq>(
    json: &Value,
    read: impl Fn(&Value) -> Result<(S, Runs<T>), BaselineError>,
) -> Result<(S, Runs<T>), BaselineError> {
    let Some(each) = json["runs"].as_array() else {
        return read(json);
    };
    let (first, others) = each.split_first().ok_or(BaselineError::Shape("runs"))?;
    let (settings, mut runs) = read(first)?;
    for other in others {
        let (its_settings, other) = read(other)?;
        let added = runs.add(other).filter(|()| settings == its_settings);
        added.ok_or(BaselineError::Shape("runs"))?;
    }
    Ok((settings, runs))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Runs of one subject, each of three rounds around a value.
    fn runs(values: &[f64]) -> Runs<&'static str> {
        let rounds = |value: &f64| vec![vec![0.9 * value, 1.1 * value, *value]];
        Runs {
            subjects: vec!["map"],
            of_plain: values.iter().map(rounds).collect(),
        }
    }

    #[track_caller]
    fn check(then: &[f64], now: &[f64], expected: (f64, Option<(f64, f64)>)) {
        let changes = runs(then).changes(&runs(now));
        let [(subject, change)] = changes.as_slice() else {
            panic!("one subject changes: {changes:?}");
        };
        let interval = change
            .interval
            .map(|interval| (interval.low, interval.high));
        assert_eq!(
            (*subject, change.ratio, interval),
            ("map", expected.0, expected.1)
        );
    }

    #[test]
    fn of_several_runs_each_is_one_value() {
        check(&[1.0; 6], &[2.0; 6], (2.0, Some((2.0, 2.0))));
        let then = [1.0, 1.0, 1.0, 1.0, 1.0, 2.0];
        check(&then, &[2.0; 6], (2.0, Some((1.0, 2.0))));
    }

    #[test]
    fn of_few_runs_there_is_no_interval() {
        check(&[1.0; 5], &[2.0; 5], (2.0, None));
        check(&[1.0; 100], &[2.0], (2.0, None));
        check(&[1.0], &[2.0; 100], (2.0, None));
        let change = Change::between(&[1.0; RUNS_MIN], &[2.0; RUNS_MIN]);
        assert!(change.is_some_and(|change| change.interval.is_some()));
    }

    #[test]
    fn the_time_of_all_runs_gives_that_of_each() {
        assert_eq!(runs(&[1.0; 7]).time_ms(2_857), 20_000);
        assert_eq!(runs(&[1.0]).time_ms(20_000), 20_000);
        assert_eq!(runs(&[1.0; 2]).time_ms(3), 6);
    }

    #[test]
    fn of_single_runs_the_rounds_are_the_values() {
        let rounds = |value: f64| Runs::single(vec![("map", vec![value; 6])]);
        let changes = rounds(1.0).changes(&rounds(2.0));
        assert!(changes[0].1.interval.is_some(), "{changes:?}");
    }

    #[test]
    fn runs_of_other_things_are_no_runs() {
        let read = |json: &Value| {
            let name = json["name"].as_str().unwrap_or_default().to_owned();
            Ok((json["seed"].as_u64(), Runs::single(vec![(name, vec![1.0])])))
        };
        let count = |json: Value| {
            let (_, runs) = read_runs(&json, read)?;
            Ok::<usize, BaselineError>(runs.count())
        };
        let run = |seed: u64, name: &str| json!({ "seed": seed, "name": name });
        let several = |runs: &[Value]| json!({ "runs": runs });
        assert!(matches!(count(run(0, "map")), Ok(1)));
        let alike = several(&[run(0, "map"), run(0, "map")]);
        assert!(matches!(count(alike), Ok(2)));
        for runs in [
            vec![],
            vec![run(0, "map"), run(1, "map")],
            vec![run(0, "map"), run(0, "update")],
        ] {
            let error = count(several(&runs));
            assert!(
                matches!(error, Err(BaselineError::Shape("runs"))),
                "{error:?}"
            );
        }
    }
}
