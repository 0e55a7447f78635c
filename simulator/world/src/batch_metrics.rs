//! Delays and rates of the batches of a run, from its events.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{BatchTimes, DriverEvent, Event, StateOwner, Time};
use scenario::{Bounds, ExpectedMetrics, duration};

/// The delays and rates so far (`MET-2`).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BatchMetrics {
    interval: Duration,
    /// The batches that wait or run.
    open: BTreeMap<Time, OpenBatch>,
    /// The last batch that completed.
    last: Option<Completed>,
    total_delays: Duration,
    completed: u32,
    /// The start of the micro-batch that is under way.
    micro_batch: Option<Time>,
    /// The time that the last micro-batch took.
    micro_batch_time: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct OpenBatch {
    submitted: Time,
    started: Option<Time>,
    records: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Completed {
    times: BatchTimes,
    records: usize,
}

impl BatchMetrics {
    /// Nothing has happened yet in a program with this batch interval.
    pub(crate) fn new(interval: Duration) -> BatchMetrics {
        BatchMetrics {
            interval,
            open: BTreeMap::new(),
            last: None,
            total_delays: Duration::ZERO,
            completed: 0,
            micro_batch: None,
            micro_batch_time: None,
        }
    }

    pub(crate) fn read(&mut self, now: Time, event: &Event) {
        match event {
            Event::BatchSubmitted {
                batch_time,
                records,
                ..
            } => {
                let batch = OpenBatch {
                    submitted: now,
                    started: None,
                    records: *records,
                };
                self.open.insert(*batch_time, batch);
            }
            Event::BatchStarted { batch_time } => {
                if let Some(batch) = self.open.get_mut(batch_time) {
                    batch.started = Some(now);
                }
            }
            Event::BatchCompleted { batch_time } => self.complete(now, *batch_time),
            Event::StateUpdated {
                batch_time,
                owner: StateOwner::Query { .. },
                ..
            } => self.micro_batch = Some(*batch_time),
            Event::QueryProgress { .. } => {
                let begun = self.micro_batch.take();
                self.micro_batch_time = begun.map(|begun| now.since(begun));
            }
            // The next process knows of none.
            Event::Driver(DriverEvent::Crashed) => self.open.clear(),
            _ => {}
        }
    }

    fn complete(&mut self, now: Time, batch_time: Time) {
        let Some(batch) = self.open.remove(&batch_time) else {
            return;
        };
        let times = BatchTimes {
            submitted: batch.submitted,
            started: batch.started.unwrap_or(now),
            ended: now,
        };
        self.total_delays = self.total_delays.saturating_add(times.total_delay());
        self.completed += 1;
        self.last = Some(Completed {
            times,
            records: batch.records,
        });
    }

    fn average_total_delay(&self) -> Option<Duration> {
        let average = self.total_delays.checked_div(self.completed)?;
        Some(Duration::from_millis(average.as_millis() as u64))
    }

    /// The metrics that are not as expected, each as `total_delay at most 1s, and it was 2s`.
    pub(crate) fn differing(&self, expected: &ExpectedMetrics) -> Vec<String> {
        let times = self.last.map(|last| last.times);
        let processing = times.map(BatchTimes::processing_time);
        let seconds = self.interval.as_secs_f64();
        let rate = self.last.map(|last| last.records as f64 / seconds);
        let queued = self.open.len() as u64;
        let delay = |name, bounds, actual: Option<Duration>| {
            differing(name, bounds, actual.as_ref(), |it| duration::print(*it))
        };
        let differing = [
            delay(
                "scheduling_delay",
                expected.scheduling_delay,
                times.map(BatchTimes::scheduling_delay),
            ),
            delay(
                "processing_time",
                expected.processing_time,
                processing.or(self.micro_batch_time),
            ),
            delay(
                "total_delay",
                expected.total_delay,
                times.map(BatchTimes::total_delay),
            ),
            delay(
                "average_total_delay",
                expected.average_total_delay,
                self.average_total_delay(),
            ),
            differing(
                "queue_length",
                expected.queue_length,
                Some(&queued),
                u64::to_string,
            ),
            differing(
                "input_rate",
                expected.input_rate,
                rate.as_ref(),
                f64::to_string,
            ),
        ];
        differing.into_iter().flatten().collect()
    }
}

fn differing<T: PartialOrd>(
    name: &str,
    bounds: Option<Bounds<T>>,
    actual: Option<&T>,
    text: impl Fn(&T) -> String,
) -> Option<String> {
    let bounds = bounds.filter(|bounds| actual.is_none_or(|it| !bounds.hold(it)))?;
    let least = bounds.at_least.map(|it| format!("at least {}", text(&it)));
    let most = bounds.at_most.map(|it| format!("at most {}", text(&it)));
    let expected: Vec<String> = least.into_iter().chain(most).collect();
    let actual = match actual {
        Some(actual) => format!("it was {}", text(actual)),
        None => "no batch has completed".to_owned(),
    };
    Some(format!("{name} {}, and {actual}", expected.join(" and ")))
}
