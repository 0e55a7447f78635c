//! Results as JSON, for other programs and for later runs.

use serde_json::{Value, json};

use crate::{Axis, Contender, Crossover, Estimate, Interval, Memory, PointResults, Results};

/// The version of this shape. It grows when something that was there is changed or gone.
pub const JSON_FORMAT: u64 = 1;

impl Results {
    /// All results as one object.
    ///
    /// | key | holds |
    /// |---|---|
    /// | `format` | 1; another number is another shape |
    /// | `seed`, `skew`, `cores`, `workers`, `time_ms` | the settings |
    /// | `points` | an object for each pair of sizes: `keys`, `words`, `active_share` (or null), `touched_share`, and `contenders` |
    /// | `points[].contenders` | by name: `seconds` and `of_plain_loop`, each `{median, low, high}`; `rounds` and `amortised`, in seconds; `checkpoints`, the seconds of every tenth batch |
    /// | `slopes` | `contender`, `over` (`keys`, `words`, `active_share`), `exponent`, `low`, `high`, `last` |
    /// | `crossovers` | `contender`, `active_share` and `low`, `high` (or null), `wins` (`always`, `never`, `below` that share, or `unsure` from it on) |
    /// | `batches` | of the point in the middle, by name: `number` and `seconds` of the first batches that were timed |
    /// | `memory` | `contender`, `keys`, `bytes_a_key`; empty where it cannot be measured |
    ///
    /// A run with a baseline adds `changes`, as [`Changes::to_json`](crate::Changes::to_json) says, and
    /// `not_compared`, the names of what only one of the runs has; without one they are null.
    ///
    /// Where too little was measured for an interval, `low` and `high` are null.
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
            "points": self.points.iter().map(point).collect::<Vec<_>>(),
            "slopes": slopes(self),
            "crossovers": crossovers(self),
            "batches": batches(self),
            "memory": self.memory.iter().map(Memory::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Memory {
    /// One of `memory` in [`Results::to_json`].
    pub fn to_json(&self) -> Value {
        json!({
            "contender": self.contender.name(),
            "keys": self.keys,
            "bytes_a_key": self.bytes_a_key,
        })
    }
}

fn point(results: &PointResults) -> Value {
    let contenders = Contender::ALL.map(|contender| {
        let timings = results.of(contender);
        let found = json!({
            "seconds": results.seconds(contender).map(estimate),
            "of_plain_loop": results.of_plain(contender).map(estimate),
            "rounds": timings.rounds,
            "amortised": timings.amortised(),
            "checkpoints": timings.checkpoints,
        });
        (contender.name().to_owned(), found)
    });
    json!({
        "keys": results.point.keys,
        "words": results.point.words,
        "active_share": results.point.active_share,
        "touched_share": results.touched_share,
        "contenders": Value::Object(contenders.into_iter().collect()),
    })
}

fn estimate(estimate: Estimate) -> Value {
    let (low, high) = ends(estimate.interval);
    json!({ "median": estimate.median, "low": low, "high": high })
}

fn ends(interval: Option<Interval>) -> (Option<f64>, Option<f64>) {
    (
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
    )
}

fn slopes(results: &Results) -> Vec<Value> {
    let pairs = Axis::ALL
        .into_iter()
        .flat_map(|axis| Contender::ALL.map(|contender| (axis, contender)));
    let slopes = pairs.filter_map(|(axis, contender)| {
        let slope = results.slope(axis, contender)?;
        let (low, high) = ends(slope.interval);
        Some(json!({
            "contender": contender.name(),
            "over": axis.name(),
            "exponent": slope.exponent,
            "low": low,
            "high": high,
            "last": slope.last,
        }))
    });
    slopes.collect()
}

fn crossovers(results: &Results) -> Vec<Value> {
    let contenders = [Contender::MapWithState, Contender::MapWithStateTimeout];
    let crossovers = contenders.into_iter().filter_map(|contender| {
        let (wins, share, interval) = match results.crossover(contender)? {
            Crossover::Before => ("never", None, None),
            Crossover::Beyond => ("always", None, None),
            Crossover::Unsure { from } => ("unsure", Some(from), None),
            Crossover::At { size, interval } => ("below", Some(size), Some(interval)),
        };
        Some(json!({
            "contender": contender.name(),
            "wins": wins,
            "active_share": share,
            "low": interval.map(|interval| interval.low),
            "high": interval.map(|interval| interval.high),
        }))
    });
    crossovers.collect()
}

fn batches(results: &Results) -> Value {
    let Some(middle) = results.at(results.plan.middle()) else {
        return Value::Null;
    };
    let contenders = Contender::ALL.map(|contender| {
        let batches = middle.of(contender).batches.iter();
        let batches =
            batches.map(|batch| json!({ "number": batch.number, "seconds": batch.seconds }));
        (contender.name().to_owned(), batches.collect())
    });
    Value::Object(contenders.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lawful_results;

    /// The keys of objects, where lists and lists of contenders are told by their first member.
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
    fn the_shape_is_as_documented() {
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
