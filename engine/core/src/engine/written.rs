//! All that waits for a write, and goes on when that has ended.

use super::Engine;
use super::durable::InFlight;
use crate::receive::Allocation;
use crate::{DriverEvent, Event, Outbox, WriteError, WriteId};

impl Engine {
    /// Goes on with what has waited for a write.
    pub(super) fn written(
        &mut self,
        id: WriteId,
        result: Result<(), WriteError>,
        outbox: &mut Outbox,
    ) {
        let durable = self
            .durable
            .as_mut()
            .expect("only a program with checkpoints writes");
        match (durable.take(id), result) {
            (InFlight::Records(block), Ok(())) => durable.log_block_entry(block, outbox),
            (InFlight::Block(block), Ok(())) => self.tracker.add(block),
            (InFlight::Records(block) | InFlight::Block(block), Err(error)) => {
                outbox.record(Event::Driver(DriverEvent::BlockRejected {
                    block: block.id,
                    records: block.len(),
                    reason: error.reason,
                }));
            }
            // A batch whose entry is not written has no blocks: the next one has them
            // (`ReceivedBlockTracker.allocateBlocksToBatch`).
            (InFlight::Allocation(mut allocation), result) => {
                if result.is_err() {
                    self.tracker.withdraw(&mut allocation);
                }
                self.submit_logged(allocation, outbox);
            }
            (InFlight::States { id, since }, Ok(())) => {
                durable.saved(id, since);
                durable.checkpoint_done(&self.tracker.all_received(self.sources.len()), outbox);
            }
            (InFlight::States { id, .. }, Err(error)) => {
                durable.lose(id);
                self.dataflow.save_all(id.operator);
                outbox.record(Event::Driver(DriverEvent::CheckpointFailed {
                    batch_time: id.batch_time,
                    reason: error.reason,
                }));
                durable.checkpoint_done(&self.tracker.all_received(self.sources.len()), outbox);
            }
            (InFlight::Checkpoint { time, is_done }, Ok(())) if is_done => {
                durable.clean(time, outbox);
            }
            (InFlight::Checkpoint { time, .. }, Err(error)) => {
                outbox.record(Event::Driver(DriverEvent::CheckpointFailed {
                    batch_time: time,
                    reason: error.reason,
                }));
            }
            (InFlight::Checkpoint { .. } | InFlight::Cleaning, _) => {}
        }
        self.run_again(outbox);
    }

    /// Submits a batch whose log entry has ended.
    fn submit_logged(&mut self, allocation: Allocation, outbox: &mut Outbox) {
        if self.runs_again(allocation.batch_time) {
            self.submit(allocation, outbox);
        } else {
            self.submit_new(allocation, outbox);
        }
    }

    /// Submits a batch of the timer, and writes its checkpoint.
    pub(super) fn submit_new(&mut self, allocation: Allocation, outbox: &mut Outbox) {
        let batch_time = allocation.batch_time;
        self.submit(allocation, outbox);
        if let Some(durable) = &mut self.durable {
            durable.generated(
                batch_time,
                &self.tracker.all_received(self.sources.len()),
                outbox,
            );
        }
    }
}
