//! The batches of a run whose jobs take time, for whose end it waits.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use engine::{DriverEvent, Event, Reader, Time};
use scenario::Scenario;

use crate::run::RunError;

/// The batches up to the stop that have not completed.
#[derive(Debug, Default)]
pub(crate) struct Unfinished {
    batches: RefCell<BTreeSet<Time>>,
    /// The number of batches and micro-batches so far.
    count: Cell<u64>,
}

impl Unfinished {
    /// True if there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.batches.borrow().is_empty()
    }

    /// Fails if the run may not go on to this time.
    pub(crate) fn check(&self, scenario: &Scenario, time: Time) -> Result<(), RunError> {
        let is_late = time.since(scenario.clock.start) > scenario.limits.time;
        if is_late || self.count.get() > scenario.limits.batches {
            return Err(RunError::Unfinished);
        }
        Ok(())
    }
}

/// Notes the batches of a run, and passes its events on.
pub(crate) struct UnfinishedNoter<'a> {
    pub(crate) reader: &'a mut dyn Reader,
    pub(crate) stop: Time,
    pub(crate) unfinished: &'a Unfinished,
}

impl Reader for UnfinishedNoter<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        let mut batches = self.unfinished.batches.borrow_mut();
        let count = &self.unfinished.count;
        match event {
            Event::BatchSubmitted { batch_time, .. } => {
                count.set(count.get() + 1);
                if *batch_time <= self.stop {
                    batches.insert(*batch_time);
                }
            }
            Event::QueryProgress { .. } => count.set(count.get() + 1),
            Event::BatchCompleted { batch_time } => {
                batches.remove(batch_time);
            }
            Event::Driver(DriverEvent::Crashed) => batches.clear(),
            _ => {}
        }
        drop(batches);
        self.reader.read(time, event);
    }
}
