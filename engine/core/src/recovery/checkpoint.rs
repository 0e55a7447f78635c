//! The checkpoint of a program.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Text, Time};

/// The saved states of one operator after one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StateId {
    /// The number of the operator in the program, in the order of writing.
    pub operator: usize,
    /// The end of the batch's interval.
    pub batch_time: Time,
}

impl fmt::Display for StateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StateId {
            operator,
            batch_time,
        } = self;
        write!(f, "states of operator {operator} at {batch_time}")
    }
}

/// All that a program has to know to go on after a crash (`CKP-2`; `org.apache.spark.streaming.Checkpoint`).
///
/// It has neither records nor states, only the names of the saved states. Spark has the functions of the program in it,
/// too, so that it cannot be read by a program that was compiled anew. Here it has the [shape](Checkpoint::shape) of the
/// program, which must be the same: functions may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The batch for which it was made: when its jobs were generated, or when they were done.
    pub time: Time,
    /// The time before which there is no batch (`CLK-3`).
    pub zero_time: Time,
    /// The batches whose jobs were submitted and are not done, ascending.
    pub pending: Vec<Time>,
    /// The states that are saved and still remembered, ascending.
    pub states: Vec<StateId>,
    /// The files that they are put together from, ascending: those of an operator up to its batch, oldest first, of which
    /// most have only what changed since the one before.
    pub files: Vec<StateId>,
    /// The number of records that each stream had, as far as their blocks were logged.
    pub received: Vec<u64>,
    /// The parts of the program, one a line: its interval, its streams, its operators and its outputs.
    pub shape: Vec<Text>,
}
