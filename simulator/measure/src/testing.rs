//! For tests: a clock that counts, small plans, and results that follow a law.

use std::time::Duration;

use crate::{
    BatchTime, Checksum, KeyMemory, PipelineTimings, Point, PointResults, Results, Subject,
    SweepPlan, TimelineResults, Timer, Timings,
};

/// A clock that advances by a microsecond each time it is read, so that all times are known.
#[derive(Debug, Default)]
pub(crate) struct Ticks {
    now: Duration,
    /// The progress that was reported.
    pub(crate) progress: Vec<f64>,
}

impl Timer for Ticks {
    fn now(&mut self) -> Duration {
        self.now += Duration::from_micros(1);
        self.now
    }

    fn report_progress(&mut self, done: f64) {
        self.progress.push(done);
    }
}

/// A plan of few and small points.
pub(crate) fn small_plan() -> SweepPlan {
    SweepPlan {
        keys: vec![10, 100],
        words: vec![10, 30],
        active_shares: vec![0.1, 1.0],
        time: Duration::from_millis(10),
        ..SweepPlan::default()
    }
}

/// Results of the default plan, whose costs are those of `cost`.
pub(crate) fn lawful_results() -> Results {
    results_with(|_, seconds| seconds)
}

/// Results of the default plan, with each subject's cost changed by a function.
pub(crate) fn results_with(change: impl Fn(Subject, f64) -> f64) -> Results {
    let plan = SweepPlan::default();
    let timings = |point: Point, subject| {
        let mut timings = Timings::of(subject);
        for round in 0..8 {
            let noise = 1.0 + 0.01 * (round % 3) as f64;
            let batches = (10 * round + 1..=10 * round + 10).map(|number| BatchTime {
                number,
                seconds: change(subject, cost(subject, point, number)) * noise,
            });
            timings.add_turn(&batches.collect::<Vec<_>>(), 0);
        }
        timings
    };
    let points = plan.points().into_iter().map(|point| PointResults {
        point,
        touched_share: point.active_share.unwrap_or(0.5),
        timings: Subject::ALL.map(|subject| timings(point, subject)).to_vec(),
    });
    let memory = Subject::ALL.map(|subject| KeyMemory {
        subject,
        keys: 1_000_000,
        bytes_a_key: 41.25,
    });
    Results {
        points: points.collect(),
        plan,
        memory: memory.to_vec(),
    }
}

fn cost(subject: Subject, point: Point, number: usize) -> f64 {
    let keys = point.keys as f64;
    let words = point.words as f64;
    let nanos = match subject {
        Subject::UpdateStateByKey => 2.0 * keys + 30.0 * words,
        Subject::MapWithState => 33.0 * words,
        Subject::MapWithStateTimeout => {
            // As in Spark, which scans all keys.
            let scan = if number.is_multiple_of(10) {
                9.0 * keys
            } else {
                0.0
            };
            33.0 * words + scan
        }
        Subject::Structured => 100.0 * words,
        Subject::PlainUpdate => 10.0 * keys + 50.0 * words,
        Subject::PlainMap | Subject::PlainStructured => 60.0 * words,
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
        words: Checksum::of([("blue", 1), ("green", 2)]),
        pipelines: vec![
            pipeline("update_state", 2.0),
            pipeline("map_with_state", 1.0),
        ],
        plain: (0..7)
            .map(|round| 5e-6 * (1.0 + 0.01 * f64::from(round % 3)))
            .collect(),
    }
}
