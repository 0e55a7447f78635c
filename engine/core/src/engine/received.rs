//! Records from sources, up to where they are queued as blocks.

use super::{Engine, Phase};
use crate::{Outbox, Records, StreamId, Text, Time};

impl Engine {
    /// True if records of a stream count: a graceful stop ends receivers first, and a source that keeps its records has
    /// none.
    fn takes(&self, stream: StreamId) -> bool {
        match self.phase {
            Phase::Running => true,
            Phase::Stopping => self.sources[stream.0].keeps_records(),
            Phase::New | Phase::Stopped => false,
        }
    }

    /// Panics unless the program has the stream.
    pub(super) fn check(&self, stream: StreamId) {
        let streams = self.sources.len();
        assert!(
            stream.0 < streams,
            "the program has {streams} streams, and none is {stream:?}"
        );
    }

    /// Takes a record that a receiver hands over by itself.
    pub(super) fn receive(&mut self, now: Time, stream: StreamId, record: Text) {
        self.check(stream);
        if self.takes(stream) {
            self.receivers[stream.0].store(now, record);
        }
    }

    /// Takes records that a receiver stores as a block.
    pub(super) fn store(
        &mut self,
        now: Time,
        stream: StreamId,
        records: Records,
        outbox: &mut Outbox,
    ) {
        self.check(stream);
        if self.takes(stream) && !records.is_empty() {
            self.add(now, stream, records, outbox);
        }
    }

    /// Queues a block, which is logged before if the program has checkpoints (`TRK-1`).
    fn add(&mut self, now: Time, stream: StreamId, records: Records, outbox: &mut Outbox) {
        let block = self.tracker.block(stream, records);
        if self.sources[stream.0].keeps_records() {
            return self.tracker.add_kept(now, block);
        }
        match &mut self.durable {
            Some(durable) => durable.log_block(block, outbox),
            None => self.tracker.add(block),
        }
    }

    /// Ends the blocks that are due.
    pub(super) fn cut(&mut self, is_due: impl Fn(Time) -> bool, outbox: &mut Outbox) {
        for index in 0..self.receivers.len() {
            let receiver = &mut self.receivers[index];
            if let Some(cut) = receiver.next_cut().filter(|cut| is_due(*cut))
                && let Some(records) = receiver.cut()
            {
                self.add(cut, StreamId(index), records, outbox);
            }
        }
    }
}
