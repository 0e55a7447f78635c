//! Something that is timed beside the plain loop.

use serde_json::{Value, json};

use crate::{Point, Subject, quantity};

/// Something that is timed beside the plain loop, and can be found again in another run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Benchmark {
    /// The name of the benchmarks that are in a run together with this one, or not at all.
    pub(crate) group: String,
    /// The name of what is timed.
    pub(crate) name: String,
    /// The sizes at which it is timed, a cell a column.
    pub(crate) sizes: Vec<String>,
    /// Name and sizes as an object.
    pub(crate) json: Value,
}

impl Benchmark {
    /// A subject at a point of a sweep.
    pub(crate) fn of_subject(subject: Subject, point: Point) -> Benchmark {
        let keys = quantity::count(point.keys);
        let words = quantity::count(point.words);
        let mut group = format!("{keys} keys, {words} words");
        let share = point.active_share.map(quantity::share).unwrap_or_default();
        if !share.is_empty() {
            group = format!("{group}, {share} of the keys");
        }
        Benchmark {
            group,
            name: subject.name().to_owned(),
            sizes: vec![keys, words, share],
            json: json!({
                "contender": subject.name(),
                "keys": point.keys,
                "words": point.words,
                "active_share": point.active_share,
            }),
        }
    }

    /// A pipeline of a scenario.
    pub(crate) fn of_pipeline(name: &str) -> Benchmark {
        Benchmark {
            group: name.to_owned(),
            name: name.to_owned(),
            sizes: Vec::new(),
            json: json!({ "pipeline": name }),
        }
    }
}
