//! Parts of a program that fail in one of its batches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use engine::{DStream, Failure, FailureKind, Text, Time};
use scenario::FailingPart;

/// For each batch the part, and the number of times that it fails yet; `None` for each time.
type FailingBatches = BTreeMap<Time, (FailingPart, Option<u32>)>;

/// The tasks and generations that fail in one life of a driver.
#[derive(Clone, Debug, Default)]
pub(crate) struct FailingParts {
    batches: Arc<Mutex<FailingBatches>>,
    /// True if there may be some: a program without any is made as it is.
    are_possible: bool,
}

impl FailingParts {
    /// None yet, in a program that may have some.
    pub(crate) fn possible() -> FailingParts {
        FailingParts {
            are_possible: true,
            ..FailingParts::default()
        }
    }

    /// Has a part of a batch fail.
    pub(crate) fn add(&self, batch_time: Time, part: FailingPart, times: Option<u32>) {
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        batches.insert(batch_time, (part, times));
    }

    /// Forgets them all.
    pub(crate) fn clear(&self) {
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        batches.clear();
    }

    /// The part of a batch that fails now.
    fn strikes(&self, batch_time: Time, part: FailingPart) -> bool {
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        match batches.get_mut(&batch_time) {
            Some((failing, None)) => *failing == part,
            Some((failing, Some(times @ 1..))) if *failing == part => {
                *times -= 1;
                true
            }
            _ => false,
        }
    }

    /// The same lines, in a program that has these faults.
    pub(crate) fn add_to(&self, lines: &DStream<Text>) -> DStream<Text> {
        if !self.are_possible {
            return lines.clone();
        }
        let parts = self.clone();
        lines.try_transform(move |batch, time| {
            if parts.strikes(time, FailingPart::Generation) {
                return Err(boom(time));
            }
            let parts = parts.clone();
            Ok(batch.try_map(move |line| {
                if parts.strikes(time, FailingPart::Task) {
                    return Err(boom(time));
                }
                Ok(line)
            }))
        })
    }
}

/// The failure, in the words that a scenario may expect.
pub(crate) fn boom(batch_time: Time) -> Failure {
    let message = format!("boom at {}", batch_time.as_millis());
    Failure::new(FailureKind::Function, message.as_str())
}
