//! The fingerprint of a run: as good as its journal for comparing two runs, and small.

use std::hash::{DefaultHasher, Hash, Hasher};

use engine::{Event, Reader, Time};

/// The most marks. Beyond them every second one is dropped.
const MARKS_MAX: usize = 4_096;

/// A hash of all events of a run, with marks on the way by which the first difference is found.
///
/// A run of up to 4,096 events has a mark for each of them, a longer one at equal distances.
#[derive(Clone, Debug)]
pub(crate) struct Fingerprint {
    hasher: DefaultHasher,
    events: usize,
    /// Events from one mark to the next.
    stride: usize,
    marks: Vec<u64>,
}

impl Default for Fingerprint {
    fn default() -> Fingerprint {
        Fingerprint {
            hasher: DefaultHasher::new(),
            events: 0,
            stride: 1,
            marks: Vec::new(),
        }
    }
}

impl Fingerprint {
    /// The number of events that both runs begin with, as far as the marks show; `None` if the runs are the same.
    pub(crate) fn first_difference(&self, other: &Fingerprint) -> Option<usize> {
        if self.events == other.events && self.hasher.finish() == other.hasher.finish() {
            return None;
        }
        let stride = self.stride.max(other.stride);
        let pairs = self.marks_by(stride).zip(other.marks_by(stride));
        Some(stride * pairs.take_while(|(mark, other)| mark == other).count())
    }

    /// The marks at this distance, a multiple of the own one.
    fn marks_by(&self, stride: usize) -> impl Iterator<Item = u64> {
        let every = stride / self.stride;
        self.marks.iter().skip(every - 1).step_by(every).copied()
    }

    fn mark(&mut self) {
        self.marks.push(self.hasher.finish());
        if self.marks.len() == MARKS_MAX {
            self.stride *= 2;
            self.marks = self.marks.iter().skip(1).step_by(2).copied().collect();
        }
    }
}

impl Reader for Fingerprint {
    fn read(&mut self, time: Time, event: &Event) {
        (time, event).hash(&mut self.hasher);
        self.events += 1;
        if self.events.is_multiple_of(self.stride) {
            self.mark();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fingerprint of a run of this many batches, of which one has another number of records.
    fn fingerprint(batches: usize, other: Option<usize>) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        for batch in 0..batches {
            let event = Event::BatchSubmitted {
                batch_time: Time::EPOCH,
                records: usize::from(other == Some(batch)),
                blocks: Vec::new(),
            };
            fingerprint.read(Time::from_millis(batch as i64), &event);
        }
        fingerprint
    }

    #[test]
    fn equal_runs_have_equal_fingerprints() {
        for batches in [0, 1, 5_000, 50_000] {
            let run = fingerprint(batches, None);
            assert_eq!(run.first_difference(&fingerprint(batches, None)), None);
        }
    }

    #[test]
    fn the_first_event_that_differs_is_found() {
        let difference = |one, two: (usize, Option<usize>)| {
            fingerprint(one, None).first_difference(&fingerprint(two.0, two.1))
        };
        for at in [0, 1, 999] {
            assert_eq!(difference(1_000, (1_000, Some(at))), Some(at));
        }
        assert_eq!(difference(3, (2, None)), Some(2));
        assert_eq!(difference(0, (1, None)), Some(0));
        let [from, to] = [49_000_usize, 49_000 + 50_000 / (MARKS_MAX / 2)];
        let found = difference(50_000, (50_000, Some(to))).expect("they differ");
        assert!((from..=to).contains(&found), "{found}");
        assert_eq!(difference(50_000, (100, None)), Some(96));
    }
}
