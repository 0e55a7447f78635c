//! The allocation of blocks to batches.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::block::Block;
use crate::recovery::LogEntry;
use crate::{BlockId, Records, StreamId, Time};

/// The blocks of one batch, stream by stream.
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) batch_time: Time,
    /// The blocks of all streams, in the order in which they were stored.
    pub(crate) blocks: Vec<Block>,
}

impl Allocation {
    /// The number of records of the batch.
    pub(crate) fn records(&self) -> usize {
        self.blocks.iter().map(|block| block.len()).sum()
    }

    /// The ids of its blocks.
    pub(crate) fn block_ids(&self) -> Vec<BlockId> {
        self.blocks.iter().map(|block| block.id).collect()
    }
}

/// Queues stored blocks until a batch takes them all (`TRK-1`, `TRK-2`; Spark's
/// `ReceivedBlockTracker`).
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    unallocated: Vec<Block>,
    /// The blocks of sources that keep their records, in the order of the times of these: a batch has those of its time.
    kept: VecDeque<(Time, Block)>,
    /// The number of the next block of each stream that had one.
    next_number: BTreeMap<StreamId, u64>,
    /// The number of the next record of each stream that had one.
    next_record: BTreeMap<StreamId, u64>,
    /// The number of records of each stream whose blocks are queued, or were.
    received: BTreeMap<StreamId, u64>,
    /// The batches of before a crash, as they were logged.
    logged: BTreeMap<Time, Vec<Block>>,
}

impl Tracker {
    /// The tracker of a program that goes on after a crash, from its log (`WAL-5`), and the blocks whose records are not
    /// there any more (`WAL-4`).
    pub(crate) fn recovered(
        log: Vec<LogEntry>,
        records: &BTreeMap<BlockId, Records>,
    ) -> (Tracker, Vec<BlockId>) {
        let mut tracker = Tracker::default();
        let mut lost = BTreeSet::new();
        let mut found = |id| {
            let records = records.get(&id).cloned();
            if records.is_none() {
                lost.insert(id);
            }
            Some(Block {
                id,
                // It is in the log already.
                first: 0,
                records: records?,
            })
        };
        let mut unallocated = Vec::new();
        for entry in log {
            match entry {
                LogEntry::BlockAdded {
                    block,
                    first,
                    records,
                } => {
                    tracker.next_number.insert(block.stream, block.number + 1);
                    tracker.count_received(block.stream, first + records as u64);
                    unallocated.push(block);
                }
                LogEntry::BatchAllocated { batch_time, blocks } => {
                    unallocated.retain(|block| !blocks.contains(block));
                    let blocks = blocks.into_iter().filter_map(&mut found).collect();
                    tracker.logged.insert(batch_time, blocks);
                }
                LogEntry::BatchesCleaned { before } => {
                    tracker.logged = tracker.logged.split_off(&before);
                }
            }
        }
        tracker.unallocated = unallocated.into_iter().filter_map(&mut found).collect();
        (tracker, lost.into_iter().collect())
    }

    /// The id of the next block of a stream.
    pub(crate) fn next_block(&self, stream: StreamId) -> BlockId {
        let number = self.next_number.get(&stream).copied().unwrap_or_default();
        BlockId { stream, number }
    }

    /// Makes a block of records that were stored together.
    pub(crate) fn block(&mut self, stream: StreamId, records: Records) -> Block {
        debug_assert!(!records.is_empty(), "an empty block is none");
        let id = self.next_block(stream);
        self.next_number.insert(stream, id.number + 1);
        let next = self.next_record.entry(stream).or_default();
        let block = Block {
            id,
            first: *next,
            records,
        };
        *next = block.end();
        block
    }

    /// Queues a block.
    pub(crate) fn add(&mut self, block: Block) {
        self.count_received(block.id.stream, block.end());
        self.unallocated.push(block);
    }

    /// Counts the records of a stream up to this one.
    pub(crate) fn count_received(&mut self, stream: StreamId, records: u64) {
        for count in [&mut self.received, &mut self.next_record] {
            let count = count.entry(stream).or_default();
            *count = records.max(*count);
        }
    }

    /// As [`received`](Tracker::received), of each stream of a program.
    pub(crate) fn all_received(&self, streams: usize) -> Vec<u64> {
        (0..streams)
            .map(|stream| self.received(StreamId(stream)))
            .collect()
    }

    /// The number of records of a stream whose blocks are queued, or were.
    pub(crate) fn received(&self, stream: StreamId) -> u64 {
        self.received.get(&stream).copied().unwrap_or_default()
    }

    /// Queues a block of a source that keeps its records, which it has had since `time`.
    pub(crate) fn add_kept(&mut self, time: Time, block: Block) {
        let behind = self.kept.partition_point(|(before, _)| *before <= time);
        self.kept.insert(behind, (time, block));
    }

    /// True if no block waits for its batch.
    pub(crate) fn is_empty(&self) -> bool {
        self.unallocated.is_empty() && self.kept.is_empty()
    }

    /// Takes back a batch whose allocation could not be logged: the next one has its blocks.
    pub(crate) fn withdraw(&mut self, allocation: &mut Allocation) {
        let later = std::mem::replace(
            &mut self.unallocated,
            std::mem::take(&mut allocation.blocks),
        );
        self.unallocated.extend(later);
    }

    /// Gives every block that no batch has yet to the batch at `batch_time`: of sources that keep their records, those of
    /// its time. A batch that was logged before a crash has the blocks of then (`TRK-2`).
    pub(crate) fn allocate(&mut self, batch_time: Time) -> Allocation {
        let mut allocation = self.allocate_again(batch_time);
        if !self.is_allocated(batch_time) {
            allocation.blocks.append(&mut self.unallocated);
        }
        allocation
    }

    /// True if the batch, or a later one, was allocated before a crash.
    pub(crate) fn is_allocated(&self, batch_time: Time) -> bool {
        let last = self.logged.last_key_value();
        last.is_some_and(|(last, _)| batch_time <= *last)
    }

    /// The blocks of a batch of before a crash.
    pub(crate) fn allocate_again(&mut self, batch_time: Time) -> Allocation {
        let mut blocks = self.logged.get(&batch_time).cloned().unwrap_or_default();
        while let Some((_, block)) = self.kept.pop_front_if(|(time, _)| *time <= batch_time) {
            blocks.push(block);
        }
        Allocation { batch_time, blocks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Records {
        Records::from([text.into()])
    }

    /// The blocks of an allocation, as Spark names them, each with its only record.
    fn blocks(allocation: &Allocation) -> Vec<String> {
        let blocks = allocation.blocks.iter();
        blocks
            .map(|block| format!("{} {}", block.id, block[0]))
            .collect()
    }

    #[test]
    fn trk_1_blocks_are_queued_in_the_order_in_which_they_were_stored() {
        let mut tracker = Tracker::default();
        for (stream, record) in [(1, "first"), (0, "second"), (1, "third")] {
            let block = tracker.block(StreamId(stream), records(record));
            tracker.add(block);
        }
        let allocation = tracker.allocate(Time::EPOCH);
        assert_eq!(allocation.records(), 3);
        assert_eq!(
            blocks(&allocation),
            ["input-1-0 first", "input-0-0 second", "input-1-1 third"]
        );
    }
}
