//! The files of saved states that are there, and those that can go.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::StateId;
use crate::Time;

/// The saved states of a program (`CKP-7`; `org.apache.spark.streaming.dstream.DStreamCheckpointData` of each stream).
#[derive(Debug, Default)]
pub(crate) struct SavedStates {
    operators: BTreeMap<usize, SavedOperator>,
}

/// The saved states of one operator.
#[derive(Debug)]
struct SavedOperator {
    /// The time for which the operator remembers its batches.
    remember: Duration,
    /// The batches whose states are saved and remembered.
    remembered: BTreeSet<Time>,
    /// Those whose files are there.
    files: BTreeSet<Time>,
    /// For each checkpoint under way the oldest batch that it names.
    oldest_named: BTreeMap<Time, Time>,
}

impl SavedStates {
    /// Adds an operator that saves its states, given for how long it remembers its batches.
    pub(crate) fn add_operator(&mut self, operator: usize, remember: Duration) {
        self.operators.insert(
            operator,
            SavedOperator {
                remember,
                remembered: BTreeSet::new(),
                files: BTreeSet::new(),
                oldest_named: BTreeMap::new(),
            },
        );
    }

    /// Adds states whose file is there.
    pub(crate) fn add(&mut self, state: StateId) {
        if let Some(operator) = self.operators.get_mut(&state.operator) {
            operator.remembered.insert(state.batch_time);
            operator.files.insert(state.batch_time);
        }
    }

    /// Forgets batches that are no longer remembered once a batch is done (`GEN-4`).
    pub(crate) fn forget(&mut self, done: Time) {
        for operator in self.operators.values_mut() {
            let forgotten = done.checked_sub(operator.remember);
            operator.remembered.retain(|time| Some(*time) > forgotten);
        }
    }

    /// The states that a checkpoint for the batch at `time` names, ascending.
    pub(crate) fn name(&mut self, time: Time) -> Vec<StateId> {
        let mut named = Vec::new();
        for (&id, operator) in &mut self.operators {
            if let Some(oldest) = operator.remembered.first() {
                operator.oldest_named.insert(time, *oldest);
            }
            named.extend(operator.remembered.iter().map(|&batch_time| StateId {
                operator: id,
                batch_time,
            }));
        }
        named
    }

    /// Takes out the states that are older than those which the last checkpoint of the batch at `time` names, now that
    /// it is durable.
    pub(crate) fn take_unneeded(&mut self, time: Time) -> Vec<StateId> {
        let mut unneeded = Vec::new();
        for (&id, operator) in &mut self.operators {
            let Some(oldest) = operator.oldest_named.remove(&time) else {
                continue;
            };
            let needed = operator.files.split_off(&oldest);
            let old = std::mem::replace(&mut operator.files, needed);
            unneeded.extend(old.into_iter().map(|batch_time| StateId {
                operator: id,
                batch_time,
            }));
        }
        unneeded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_millis(1_000 * seconds)
    }

    fn times(states: Vec<StateId>) -> Vec<i64> {
        let times = states.into_iter().map(|state| state.batch_time.as_millis());
        times.map(|millis| millis / 1_000).collect()
    }

    #[test]
    fn ckp_7_states_that_no_checkpoint_names_are_removed_when_a_later_one_is_done() {
        let mut states = SavedStates::default();
        states.add_operator(3, Duration::from_secs(2));
        for second in 1..=3 {
            states.add(StateId {
                operator: 3,
                batch_time: at(second),
            });
            states.forget(at(second));
        }
        assert_eq!(times(states.name(at(3))), [2, 3]);
        assert_eq!(times(states.take_unneeded(at(3))), [1]);
        assert!(states.take_unneeded(at(3)).is_empty());
        states.forget(at(9));
        assert!(states.name(at(9)).is_empty());
        assert!(states.take_unneeded(at(9)).is_empty(), "none is newer");
    }
}
