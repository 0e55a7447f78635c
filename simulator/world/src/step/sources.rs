//! The sources of a machine: what arrives there, and what waits there.

use std::collections::{BTreeMap, VecDeque};

use engine::{Input, Machine, Records, StreamId, Text, Time};

use super::driver_clock::DriverClock;
use crate::arrivals::Arrivals;

/// Hands a machine what arrives: as blocks, or to receivers that take records one by one, and leave those over their limit
/// where they are (`BP-8`).
#[derive(Debug)]
pub(super) struct Sources {
    arrivals: Arrivals,
    /// The records that have arrived for receivers, and are not taken.
    waiting: BTreeMap<StreamId, VecDeque<Text>>,
}

impl Sources {
    pub(super) fn new(arrivals: Arrivals) -> Sources {
        Sources {
            arrivals,
            waiting: BTreeMap::new(),
        }
    }

    /// The time at which something comes next.
    pub(super) fn next_time(
        &self,
        now: Time,
        machine: &dyn Machine,
        clock: &DriverClock,
    ) -> Option<Time> {
        let waiting = self.next_waiting(now, machine, clock);
        let waiting = waiting.map(|(time, _)| time);
        waiting.into_iter().chain(self.arrivals.next_time()).min()
    }

    /// The time at which a receiver takes its next record, and its stream.
    fn next_waiting(
        &self,
        now: Time,
        machine: &dyn Machine,
        clock: &DriverClock,
    ) -> Option<(Time, StreamId)> {
        let streams = self.waiting.keys();
        let times = streams.map(|stream| {
            let time = machine.next_record(*stream);
            (time.map_or(now, |time| clock.when(time).max(now)), *stream)
        });
        times.min()
    }

    /// Takes what comes at `time`; `None` if that only waits now.
    pub(super) fn take(
        &mut self,
        time: Time,
        machine: &dyn Machine,
        clock: &DriverClock,
    ) -> Option<Input> {
        if self.arrivals.next_time() == Some(time) {
            let (stream, records) = self.arrivals.take(time);
            if !self.arrivals.has_receivers() {
                return Some(Input::Stored { stream, records });
            }
            if !records.is_empty() {
                let waiting = self.waiting.entry(stream).or_default();
                waiting.extend(records.iter().cloned());
            }
        }
        let (next, stream) = self.next_waiting(time, machine, clock)?;
        if next > time {
            return None;
        }
        let waiting = self.waiting.get_mut(&stream)?;
        let record = waiting.pop_front()?;
        if waiting.is_empty() {
            self.waiting.remove(&stream);
        }
        Some(Input::Received { stream, record })
    }

    /// Takes all that has arrived up to `now`, for a program that was not there: a source that keeps its records has them.
    pub(super) fn take_missed(&mut self, now: Time, clock: &DriverClock) -> Vec<Input> {
        let mut missed = Vec::new();
        while let Some(time) = self.arrivals.next_time().filter(|time| *time <= now) {
            let (stream, records): (StreamId, Records) = self.arrivals.take(time);
            missed.push(Input::Replayed {
                stream,
                time: clock.at(time),
                records,
            });
        }
        missed
    }
}
