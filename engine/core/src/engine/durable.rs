//! The writes of a program with checkpoints, and all that waits for them.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use crate::block::Block;
use crate::dstream::SavingProgram;
use crate::receive::Allocation;
use crate::recovery::{
    Checkpoint, LogEntry, NamedStates, SavedStates, StateId, StatesToSave, UnneededStates,
};
use crate::{Outbox, Text, Time, Write, WriteContent, WriteId};

/// The writes of a program, and what it knows of those that are done.
#[derive(Debug)]
pub(super) struct Durable {
    writes: u64,
    in_flight: VecDeque<(WriteId, InFlight)>,
    states: SavedStates,
    /// The batches whose jobs were submitted and are not done (`CKP-2`).
    pending: BTreeSet<Time>,
    /// The batches that are done, and whose checkpoint waits until their states are saved.
    done: Vec<Time>,
    zero_time: Time,
    shape: Vec<Text>,
    logs_records: bool,
    remember_input: Duration,
}

/// The purpose of a write.
#[derive(Debug)]
pub(super) enum InFlight {
    /// The records of a block, which is to be logged then.
    Records(Block),
    /// The log entry of a block, which can be allocated then.
    Block(Block),
    /// The log entry of a batch, whose jobs can be submitted then.
    Allocation(Allocation),
    /// States, which a checkpoint can name then.
    States {
        id: StateId,
        /// The batch whose file is the first that they are put together from.
        since: Time,
    },
    /// A checkpoint of a batch: of one that is done, or of one whose jobs were generated.
    Checkpoint { time: Time, is_done: bool },
    /// Nothing waits for it.
    Cleaning,
}

impl Durable {
    pub(super) fn new(program: SavingProgram) -> Durable {
        let mut states = SavedStates::default();
        for (operator, remember) in program.operators {
            states.add_operator(operator, remember);
        }
        Durable {
            writes: 0,
            in_flight: VecDeque::new(),
            states,
            pending: BTreeSet::new(),
            done: Vec::new(),
            zero_time: Time::EPOCH,
            shape: program.shape,
            logs_records: program.logs_records,
            remember_input: program.remember_input,
        }
    }

    pub(super) fn start(&mut self, zero_time: Time) {
        self.zero_time = zero_time;
    }

    /// Goes on from a checkpoint.
    pub(super) fn recover(&mut self, checkpoint: &Checkpoint) {
        self.zero_time = checkpoint.zero_time;
        self.states.recover(checkpoint);
    }

    /// Logs a block, and its records first if the program says so.
    pub(super) fn log_block(&mut self, block: Block, outbox: &mut Outbox) {
        if !self.logs_records {
            return self.log_block_entry(block, outbox);
        }
        let content = WriteContent::Block {
            block: block.id,
            records: block.records.clone(),
        };
        self.write(content, InFlight::Records(block), outbox);
    }

    /// Logs that a block is there.
    pub(super) fn log_block_entry(&mut self, block: Block, outbox: &mut Outbox) {
        let entry = LogEntry::BlockAdded {
            block: block.id,
            first: block.first,
            records: block.len(),
        };
        self.write(WriteContent::Log(entry), InFlight::Block(block), outbox);
    }

    /// Logs which blocks a batch has.
    pub(super) fn log_allocation(&mut self, allocation: Allocation, outbox: &mut Outbox) {
        let entry = LogEntry::BatchAllocated {
            batch_time: allocation.batch_time,
            blocks: allocation.block_ids(),
        };
        self.write(
            WriteContent::Log(entry),
            InFlight::Allocation(allocation),
            outbox,
        );
    }

    /// True if received blocks or a batch wait for their log entries.
    pub(super) fn is_logging(&self) -> bool {
        self.in_flight.iter().any(|(_, what)| {
            matches!(
                what,
                InFlight::Records(_) | InFlight::Block(_) | InFlight::Allocation(_)
            )
        })
    }

    /// True if nothing is being written.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// Takes out what a write is for that has ended.
    ///
    /// # Panics
    ///
    /// Panics if it was not asked for, or has ended before.
    pub(super) fn take(&mut self, id: WriteId) -> InFlight {
        let index = self.in_flight.iter().position(|(asked, _)| *asked == id);
        let taken = index.and_then(|index| self.in_flight.remove(index));
        taken.expect("each write is acknowledged once").1
    }

    /// The jobs of a batch are submitted.
    pub(super) fn submitted(&mut self, time: Time) {
        self.pending.insert(time);
    }

    /// Writes the checkpoint of a batch whose jobs were generated (`CKP-1`).
    pub(super) fn generated(&mut self, time: Time, received: &[u64], outbox: &mut Outbox) {
        self.checkpoint(time, false, received, outbox);
    }

    /// Saves states.
    pub(super) fn save(&mut self, states: Vec<StatesToSave>, outbox: &mut Outbox) {
        for StatesToSave { id, since, content } in states {
            let content = WriteContent::States { id, since, content };
            self.write(content, InFlight::States { id, since }, outbox);
        }
    }

    /// States are saved, from the file of a batch on.
    pub(super) fn saved(&mut self, state: StateId, since: Time) {
        self.states.add(state, since);
    }

    /// States could not be saved.
    pub(super) fn lose(&mut self, state: StateId) {
        self.states.lose(state);
    }

    /// The jobs of a batch are done.
    pub(super) fn completed(&mut self, time: Time) {
        self.pending.remove(&time);
        self.done.push(time);
    }

    /// Writes the checkpoints of the batches that are done, once all states are saved that were asked for.
    pub(super) fn checkpoint_done(&mut self, received: &[u64], outbox: &mut Outbox) {
        let is_saving = |(_, what): &(WriteId, InFlight)| matches!(what, InFlight::States { .. });
        if self.in_flight.iter().any(is_saving) {
            return;
        }
        for time in std::mem::take(&mut self.done) {
            self.states.forget(time);
            self.checkpoint(time, true, received, outbox);
        }
    }

    /// Has removed what the checkpoint of a batch that is done, which is durable now, does not need (`CKP-7`, `TRK-3`).
    /// Returns the time before which batches are not asked for any more.
    pub(super) fn clean(&mut self, time: Time, outbox: &mut Outbox) {
        let UnneededStates { states, parts } = self.states.take_unneeded(time);
        if !states.is_empty() || !parts.is_empty() {
            self.write(
                WriteContent::RemoveStates { states, parts },
                InFlight::Cleaning,
                outbox,
            );
        }
        if let Some(before) = time.checked_sub(self.remember_input)
            && before > self.zero_time
        {
            let entry = LogEntry::BatchesCleaned { before };
            self.write(WriteContent::Log(entry), InFlight::Cleaning, outbox);
        }
    }

    fn checkpoint(&mut self, time: Time, is_done: bool, received: &[u64], outbox: &mut Outbox) {
        let NamedStates { states, files } = self.states.name(time);
        let checkpoint = Checkpoint {
            time,
            zero_time: self.zero_time,
            pending: self.pending.iter().copied().collect(),
            states,
            files,
            received: received.to_vec(),
            shape: self.shape.clone(),
        };
        let content = WriteContent::Checkpoint(checkpoint);
        self.write(content, InFlight::Checkpoint { time, is_done }, outbox);
    }

    fn write(&mut self, content: WriteContent, what: InFlight, outbox: &mut Outbox) {
        let id = WriteId(self.writes);
        self.writes += 1;
        self.in_flight.push_back((id, what));
        outbox.write(Write { id, content });
    }
}
