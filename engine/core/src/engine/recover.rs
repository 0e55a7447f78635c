//! A program that goes on after a crash.

use std::collections::BTreeMap;

use super::Engine;
use crate::dstream::Program;
use crate::receive::Tracker;
use crate::recovery::{Checkpoint, RecoverError, Recovery, StateId, batches_to_run_again};
use crate::{BlockId, DriverEvent, Event, Outbox, Records, StreamId, Time};

/// The saved state of a program.
#[derive(Debug)]
pub(super) struct Recovered {
    checkpoint: Checkpoint,
    states: BTreeMap<StateId, Vec<u8>>,
    /// The blocks whose records are not there any more.
    lost: Vec<BlockId>,
}

impl Engine {
    /// An engine for a program that goes on after a crash, to be started by [`Input::Started`](crate::Input::Started). The records of
    /// sources that keep them are handed in before, by [`Input::Replayed`](crate::Input::Replayed).
    ///
    /// The program is written as it was before the crash. Its functions may have changed: they work on the states that
    /// were saved.
    ///
    /// # Errors
    ///
    /// The program has other streams, operators or outputs than the one that was saved; or states are missing.
    pub fn recover(program: Program, recovery: Recovery) -> Result<Engine, RecoverError> {
        let shape = program.saving.as_ref().map(|saving| saving.shape.clone());
        recovery.check(&shape.unwrap_or_default())?;
        let mut engine = Engine::new(program);
        let (tracker, lost) = Tracker::recovered(recovery.log, &recovery.blocks);
        engine.tracker = tracker;
        for (stream, records) in recovery.checkpoint.received.iter().enumerate() {
            engine.tracker.count_received(StreamId(stream), *records);
        }
        engine.recovery = Some(Recovered {
            checkpoint: recovery.checkpoint,
            states: recovery.states,
            lost,
        });
        Ok(engine)
    }

    /// Goes on after a crash: with the batches that ran last, and those that were missed (`REC-1` to `REC-4`).
    pub(super) fn start_again(&mut self, now: Time, recovered: Recovered, outbox: &mut Outbox) {
        let Recovered {
            checkpoint,
            states,
            lost,
        } = recovered;
        self.zero_time = checkpoint.zero_time;
        self.first_new = self.generator.next();
        self.again = batches_to_run_again(&checkpoint, self.generator.grid(), now);
        let first = self.again.front().copied().or(self.generator.next());
        if let Some(first) = first {
            let input = self.dataflow.recover(self.zero_time, first, states);
            self.allocate_before(input, first);
        }
        if let Some(durable) = &mut self.durable {
            durable.recover(&checkpoint);
        }
        outbox.record(Event::Driver(DriverEvent::Recovered {
            zero_time: self.zero_time,
            checkpoint_time: checkpoint.time,
            again: self.again.iter().copied().collect(),
            lost,
        }));
        self.run_again(outbox);
    }

    /// Allocates the input of the batches from `input` on, which those from `first` on are computed from.
    fn allocate_before(&mut self, input: Time, first: Time) {
        let grid = self.generator.grid();
        // Input from before is not asked for; that of the first batch is all that there is by then.
        let before = input.checked_sub(grid.interval());
        let before = before.filter(|before| *before > self.zero_time);
        drop(before.map(|before| self.tracker.allocate_again(before)));
        let mut next = grid.at_or_after(input);
        while let Some(batch_time) = next.filter(|time| *time < first) {
            let allocation = self.tracker.allocate_again(batch_time);
            if !allocation.blocks.is_empty() {
                self.dataflow.allocate(allocation);
            }
            next = grid.after(batch_time);
        }
    }

    /// True of a batch that ran before a crash, or was missed.
    pub(super) fn runs_again(&self, batch_time: Time) -> bool {
        self.first_new.is_some_and(|first| batch_time < first)
    }

    /// Generates the batches that are to run again, until one waits for its log entry.
    pub(super) fn run_again(&mut self, outbox: &mut Outbox) {
        while !self.is_logging()
            && let Some(batch_time) = self.again.pop_front()
        {
            // Batches between are done, and the later ones may be computed from their input.
            let after = self
                .ran_again
                .and_then(|last| self.generator.grid().after(last));
            if let Some(after) = after {
                self.allocate_before(after, batch_time);
            }
            self.ran_again = Some(batch_time);
            let allocation = self.tracker.allocate(batch_time);
            match &mut self.durable {
                Some(durable) if self.logs_blocks && !self.tracker.is_allocated(batch_time) => {
                    durable.log_allocation(allocation, outbox);
                }
                _ => self.submit(allocation, outbox),
            }
        }
    }

    /// Takes in what a source that keeps its records has had since `time`.
    pub(super) fn replay(&mut self, time: Time, stream: StreamId, records: Records) {
        self.check(stream);
        if self.sources[stream.0].keeps_records() && !records.is_empty() {
            let block = self.tracker.block(stream, records);
            self.tracker.add_kept(time, block);
        }
    }
}
