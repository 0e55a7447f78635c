//! The beginning of a program that was there before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Checkpoint, LogEntry, StateId};
use crate::block::Records;
use crate::{BlockId, Grid, Text, Time};

/// The saved state of a program, as its driver found it.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// The checkpoint that counts: the newest one that can be read (`CKP-5`).
    pub checkpoint: Checkpoint,
    /// The saved states that can be read, of those that the checkpoint names.
    pub states: BTreeMap<StateId, Vec<u8>>,
    /// The log of received blocks, in the order in which it was written (`WAL-5`).
    pub log: Vec<LogEntry>,
    /// The records of blocks, of a program that [logs them](crate::StreamingContext::log_records).
    pub blocks: BTreeMap<BlockId, Records>,
}

/// Why a program cannot go on from what was saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoverError {
    /// The program is not the one that was saved.
    #[error(
        "the checkpoint is one of another program: it has `{saved}` where this one has `{own}`; start the program \
         that it was written by, or start anew with another checkpoint folder"
    )]
    Changed {
        /// The first part of the saved program that is another one; `nothing` behind its end.
        saved: Text,
        /// The part of this program in its place; `nothing` behind its end.
        own: Text,
    },
    /// The checkpoint names states that are not there: a newer checkpoint, which is lost, had them deleted (`CKP-7`).
    #[error(
        "the checkpoint of {checkpoint} needs the {missing}, which are not there: a later checkpoint, which cannot be \
         read, had them removed"
    )]
    StatesMissing {
        /// The time of the checkpoint.
        checkpoint: Time,
        /// The states.
        missing: StateId,
    },
}

impl Recovery {
    /// Refuses what a program of this shape cannot go on from.
    pub(crate) fn check(&self, shape: &[Text]) -> Result<(), RecoverError> {
        let saved = &self.checkpoint.shape;
        for index in 0..saved.len().max(shape.len()) {
            if saved.get(index) != shape.get(index) {
                let part = |shape: &[Text]| shape.get(index).cloned().unwrap_or("nothing".into());
                return Err(RecoverError::Changed {
                    saved: part(saved),
                    own: part(shape),
                });
            }
        }
        let is_missing = |state: &&StateId| !self.states.contains_key(state);
        match self.checkpoint.states.iter().find(is_missing) {
            None => Ok(()),
            Some(missing) => Err(RecoverError::StatesMissing {
                checkpoint: self.checkpoint.time,
                missing: *missing,
            }),
        }
    }
}

/// The batches that a program which starts again has run before, or has missed (`REC-4`), ascending: that of the
/// checkpoint and all since, and those that were pending.
pub(crate) fn batches_to_run_again(
    checkpoint: &Checkpoint,
    grid: Grid,
    now: Time,
) -> VecDeque<Time> {
    let down = std::iter::successors(Some(checkpoint.time), |time| grid.after(*time));
    let pending = checkpoint.pending.iter().copied();
    let is_past = |time: &Time| *time <= now;
    let again: BTreeSet<Time> = pending
        .filter(is_past)
        .chain(down.take_while(is_past))
        .collect();
    again.into_iter().collect()
}
