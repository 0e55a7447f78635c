//! Results as JSON, for other programs and for later runs.

use serde_json::{Map, Value, json};

use crate::{
    Axis, BatchTime, Crossover, Estimate, Interval, KeyMemory, PointResults, Results, Subject,
};

/// The version of the format. It grows when a part is changed or removed.
pub const JSON_FORMAT: u64 = 1;

impl Results {
    /// All results as one object.
    ///
    /// | key | value |
    /// |---|---|
    /// | `format` | 1; another number is another format |
    /// | `seed`, `skew`, `cores`, `workers`, `time_ms` | the settings |
    /// | `points` | an object for each pair of sizes: `keys`, `words`, `active_share` (or null), `touched_share`, and `contenders` |
    /// | `points[].contenders` | by name: `seconds` and `of_plain_loop`, each `{median, low, high}`; `rounds` and `amortised`, in seconds; `checkpoints`, the seconds of every tenth batch |
    /// | `slopes` | `contender`, `over` (`keys`, `words`, `active_share`), `exponent`, `low`, `high`, `last` |
    /// | `crossovers` | `contender`, `active_share` and `low`, `high` (or null), `wins` (`always`, `never`, `below` that share, or `unsure` from it on) |
    /// | `batches` | of the point in the middle, by name: `number` and `seconds` of the first batches that were timed |
    /// | `memory` | `contender`, `keys`, `bytes_a_key`; empty where it cannot be measured |
    ///
    /// A run with a baseline adds `changes`, as described at
    /// [`BaselineComparison::to_json`](crate::BaselineComparison::to_json), and `not_compared`, the names of
    /// what only one of the runs has; without one they are null.
    ///
    /// `low` and `high` are null where there are too few values for an interval.
    ///
    /// Several runs, each in a process of its own, are an object with `format` and with `runs`, a list of
    /// such objects; `memory` is in the first alone.
    pub fn to_json(&self) -> Value {
        json!({
            "format": JSON_FORMAT,
            "seed": self.plan.seed,
            "skew": self.plan.skew,
            "cores": self.plan.cores,
            "workers": self.plan.workers,
            "time_ms": self.plan.time.as_millis() as u64,
            "points": self.points.iter().map(PointResults::to_json).collect::<Vec<_>>(),
            "slopes": self.slopes_json(),
            "crossovers": self.crossovers_json(),
            "batches": self.batches_json(),
            "memory": self.memory.iter().map(KeyMemory::to_json).collect::<Vec<_>>(),
        })
    }

    fn slopes_json(&self) -> Vec<Value> {
        let pairs = Axis::ALL
            .into_iter()
            .flat_map(|axis| Subject::ALL.map(|subject| (axis, subject)));
        let slopes = pairs.filter_map(|(axis, subject)| {
            let slope = self.slope(axis, subject)?;
            Some(json!({
                "contender": subject.name(),
                "over": axis.name(),
                "exponent": slope.exponent.median,
                "low": low(slope.exponent.interval),
                "high": high(slope.exponent.interval),
                "last": slope.last,
            }))
        });
        slopes.collect()
    }

    fn crossovers_json(&self) -> Vec<Value> {
        let crossovers = Subject::MAP_WITH_STATE.into_iter().filter_map(|subject| {
            let (wins, share, interval) = match self.crossover(subject)? {
                Crossover::Before => ("never", None, None),
                Crossover::Beyond => ("always", None, None),
                Crossover::Unsure { from } => ("unsure", Some(from), None),
                Crossover::At { size, interval } => ("below", Some(size), Some(interval)),
            };
            Some(json!({
                "contender": subject.name(),
                "wins": wins,
                "active_share": share,
                "low": low(interval),
                "high": high(interval),
            }))
        });
        crossovers.collect()
    }

    fn batches_json(&self) -> Option<Value> {
        let middle = self.at(self.plan.middle())?;
        Some(by_name(|subject| {
            let batches = middle.of(subject).batches.iter();
            batches
                .map(
                    |BatchTime { number, seconds }| json!({ "number": number, "seconds": seconds }),
                )
                .collect()
        }))
    }
}

impl KeyMemory {
    /// An element of `memory` in [`Results::to_json`].
    pub fn to_json(&self) -> Value {
        json!({
            "contender": self.subject.name(),
            "keys": self.keys,
            "bytes_a_key": self.bytes_a_key,
        })
    }
}

impl PointResults {
    fn to_json(&self) -> Value {
        let subjects = by_name(|subject| {
            let timings = self.of(subject);
            json!({
                "seconds": self.seconds(subject).map(Estimate::to_json),
                "of_plain_loop": self.of_plain(subject).map(Estimate::to_json),
                "rounds": timings.rounds,
                "amortised": timings.amortised(),
                "checkpoints": timings.checkpoints,
            })
        });
        json!({
            "keys": self.point.keys,
            "words": self.point.words,
            "active_share": self.point.active_share,
            "touched_share": self.touched_share,
            "contenders": subjects,
        })
    }
}

impl Estimate {
    /// An object `{median, low, high}`.
    pub(crate) fn to_json(self) -> Value {
        json!({ "median": self.median, "low": low(self.interval), "high": high(self.interval) })
    }
}

pub(crate) fn low(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.low)
}

pub(crate) fn high(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.high)
}

/// An object with a value for each subject.
fn by_name(value: impl Fn(Subject) -> Value) -> Value {
    let values = Subject::ALL.map(|subject| (subject.name().to_owned(), value(subject)));
    Value::Object(Map::from_iter(values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lawful_results;

    /// The keys of objects. A list, and an object of subjects, is represented by its first member.
    fn shape(value: &Value) -> Value {
        match value {
            Value::Array(values) => values.iter().take(1).map(shape).collect(),
            Value::Object(values) => {
                let is_by_name = values.contains_key("update_state_by_key");
                let values = values.iter().take(if is_by_name { 1 } else { usize::MAX });
                values
                    .map(|(key, value)| (key.clone(), shape(value)))
                    .collect()
            }
            Value::Number(_) => "number".into(),
            Value::String(_) => "text".into(),
            Value::Null => Value::Null,
            Value::Bool(_) => "truth".into(),
        }
    }

    #[test]
    fn the_keys_are_as_documented() {
        let shape = shape(&lawful_results().to_json());
        insta::assert_snapshot!("json_shape", format!("{shape:#}"));
    }

    #[test]
    fn without_results_lists_are_empty() {
        let mut results = lawful_results();
        results.points.clear();
        results.memory.clear();
        let json = results.to_json();
        for list in ["points", "slopes", "crossovers", "memory"] {
            assert_eq!(json[list], json!([]), "{list}");
        }
    }
}
