//! A clock that is no clock, small plans, and results that follow a law, for tests.

use std::time::Duration;

use crate::{
    Batch, Contender, Digest, Memory, PipelineTimings, Plan, Point, PointResults, Results,
    TimelineResults, Timings, Watch,
};

/// Each look at this clock takes a microsecond, so that all that is measured is known beforehand.
#[derive(Debug, Default)]
pub(crate) struct Ticks {
    now: Duration,
    /// What it was told of the progress.
    pub(crate) told: Vec<f64>,
}

impl Watch for Ticks {
    fn now(&mut self) -> Duration {
        self.now += Duration::from_micros(1);
        self.now
    }

    fn progress(&mut self, done: f64) {
        self.told.push(done);
    }
}

/// A plan of few and small points.
pub(crate) fn small_plan() -> Plan {
    Plan {
        keys: vec![10, 100],
        words: vec![10, 30],
        active_shares: vec![0.1, 1.0],
        time: Duration::from_millis(10),
        ..Plan::default()
    }
}

/// Results of the default plan, in which costs are exactly what the book says of them.
pub(crate) fn lawful_results() -> Results {
    results_with(|_, seconds| seconds)
}

/// Results in which each contender's cost is changed in this way.
pub(crate) fn results_with(change: impl Fn(Contender, f64) -> f64) -> Results {
    let plan = Plan::default();
    let timings = |point: Point, contender| {
        let mut timings = Timings::of(contender);
        for round in 0..8 {
            let batches = (1..=10).map(|place| {
                let number = 10 * round + place;
                let seconds = change(contender, cost(contender, point, number));
                let noise = 1.0 + 0.01 * (round % 3) as f64;
                let seconds = seconds * noise;
                Batch { number, seconds }
            });
            timings.add_round(&batches.collect::<Vec<_>>(), 0);
        }
        timings
    };
    let points = plan.points().into_iter().map(|point| PointResults {
        point,
        touched_share: point.active_share.unwrap_or(0.5),
        timings: Contender::ALL
            .map(|contender| timings(point, contender))
            .to_vec(),
    });
    let memory = Contender::ALL.map(|contender| Memory {
        contender,
        keys: 1_000_000,
        bytes_a_key: 41.25,
    });
    Results {
        points: points.collect(),
        plan,
        memory: memory.to_vec(),
    }
}

fn cost(contender: Contender, point: Point, number: usize) -> f64 {
    let (keys, words) = (point.keys as f64, point.words as f64);
    let nanos = match contender {
        Contender::UpdateStateByKey => 2.0 * keys + 30.0 * words,
        Contender::MapWithState => 33.0 * words,
        Contender::MapWithStateTimeout => {
            // As in Spark, which scans all keys.
            let scan = if number.is_multiple_of(10) {
                9.0 * keys
            } else {
                0.0
            };
            33.0 * words + scan
        }
        Contender::Structured => 100.0 * words,
        Contender::PlainUpdate => 10.0 * keys + 50.0 * words,
        Contender::PlainMap | Contender::PlainStructured => 60.0 * words,
    };
    nanos * 1e-9
}

/// Results of a scenario whose n-th batch takes n times as long as its first.
pub(crate) fn timeline_results(batches: usize) -> TimelineResults {
    let pipeline = |name: &str, micros: f64| PipelineTimings {
        name: name.to_owned(),
        rounds: (0..7)
            .map(|round| {
                let seconds = micros * 1e-6 * (1.0 + 0.01 * f64::from(round));
                (0..batches)
                    .map(|batch| seconds * (batch + 1) as f64)
                    .collect()
            })
            .collect(),
    };
    TimelineResults {
        name: "cookbook".to_owned(),
        seed: 0,
        cores: 1,
        workers: 1,
        time: Duration::from_secs(20),
        records: vec![3; batches],
        words: Digest::of([("blue", 1), ("green", 2)]),
        pipelines: vec![
            pipeline("update_state", 2.0),
            pipeline("map_with_state", 1.0),
        ],
        plain: (0..7)
            .map(|round| 5e-6 * (1.0 + 0.01 * f64::from(round % 3)))
            .collect(),
    }
}
