//! The files of saved states that are there, and those that can go.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Checkpoint, StateId};
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
    /// The batches whose files are there, each with the one whose file is the first that its states are put together
    /// from.
    files: BTreeMap<Time, Time>,
    /// The batch before which files are only parts of the states of later ones.
    parts_before: Option<Time>,
    /// For each checkpoint under way the oldest batch that it names.
    oldest_named: BTreeMap<Time, Time>,
    /// True if changes were not saved, so that those that follow are of no use until all states are.
    is_broken: bool,
}

/// The states that no checkpoint needs any more.
#[derive(Debug, Default)]
pub(crate) struct UnneededStates {
    /// Those whose files go.
    pub(crate) states: Vec<StateId>,
    /// Those whose files stay as parts of later states.
    pub(crate) parts: Vec<StateId>,
}

/// The states and files that a checkpoint names, ascending.
#[derive(Debug, Default)]
pub(crate) struct NamedStates {
    pub(crate) states: Vec<StateId>,
    pub(crate) files: Vec<StateId>,
}

impl SavedStates {
    /// Adds an operator that saves its states, given for how long it remembers its batches.
    pub(crate) fn add_operator(&mut self, operator: usize, remember: Duration) {
        self.operators.insert(
            operator,
            SavedOperator {
                remember,
                remembered: BTreeSet::new(),
                files: BTreeMap::new(),
                parts_before: None,
                oldest_named: BTreeMap::new(),
                is_broken: false,
            },
        );
    }

    /// Adds states whose file is there, and which are put together from the files since that of a batch.
    pub(crate) fn add(&mut self, state: StateId, since: Time) {
        if let Some(operator) = self.operators.get_mut(&state.operator) {
            operator.is_broken &= since < state.batch_time;
            if !operator.is_broken {
                operator.remembered.insert(state.batch_time);
            }
            operator.files.insert(state.batch_time, since);
        }
    }

    /// The changes that were handed out for this state are not saved.
    pub(crate) fn lose(&mut self, state: StateId) {
        if let Some(operator) = self.operators.get_mut(&state.operator) {
            operator.is_broken = true;
        }
    }

    /// Goes on with the states and files that a checkpoint names.
    pub(crate) fn recover(&mut self, checkpoint: &Checkpoint) {
        for (&id, operator) in &mut self.operators {
            let times = |of: &[StateId]| {
                let own = of.iter().filter(|state| state.operator == id);
                own.map(|state| state.batch_time).collect::<BTreeSet<_>>()
            };
            operator.remembered = times(&checkpoint.states);
            let files = times(&checkpoint.files);
            let oldest = files.first().copied();
            operator.files = files.into_iter().zip(oldest.into_iter().cycle()).collect();
        }
    }

    /// Forgets batches that are no longer remembered once a batch is done (`GEN-4`).
    pub(crate) fn forget(&mut self, done: Time) {
        for operator in self.operators.values_mut() {
            let forgotten = done.checked_sub(operator.remember);
            operator.remembered.retain(|time| Some(*time) > forgotten);
        }
    }

    /// The states that a checkpoint for the batch at `time` names.
    pub(crate) fn name(&mut self, time: Time) -> NamedStates {
        let mut named = NamedStates::default();
        for (&id, operator) in &mut self.operators {
            let (Some(&oldest), Some(&newest)) =
                (operator.remembered.first(), operator.remembered.last())
            else {
                continue;
            };
            let first = operator.first_file(oldest);
            operator.oldest_named.insert(time, oldest);
            let state = |batch_time| StateId {
                operator: id,
                batch_time,
            };
            let remembered = operator.remembered.iter();
            named.states.extend(remembered.copied().map(state));
            let files = operator.files.range(first..=newest);
            named.files.extend(files.map(|(time, _)| state(*time)));
        }
        named
    }

    /// Takes out the states that are older than those which the last checkpoint of the batch at `time` names, now that
    /// it is durable.
    pub(crate) fn take_unneeded(&mut self, time: Time) -> UnneededStates {
        let mut unneeded = UnneededStates::default();
        for (&id, operator) in &mut self.operators {
            let Some(oldest) = operator.oldest_named.remove(&time) else {
                continue;
            };
            let state = |batch_time| StateId {
                operator: id,
                batch_time,
            };
            let first = operator.first_file(oldest);
            let needed = operator.files.split_off(&first);
            let old = std::mem::replace(&mut operator.files, needed);
            unneeded.states.extend(old.into_keys().map(state));
            let parts = operator.files.range(..oldest).map(|(file, _)| *file);
            let is_new = |file: &Time| operator.parts_before.is_none_or(|before| *file >= before);
            unneeded.parts.extend(parts.filter(is_new).map(state));
            operator.parts_before = operator.parts_before.max(Some(oldest));
        }
        unneeded
    }
}

impl SavedOperator {
    /// The first file that the states of a batch are put together from.
    fn first_file(&self, state: Time) -> Time {
        let since = self.files.get(&state).copied().unwrap_or(state);
        let up_to = self.files.range(..=since).next_back();
        up_to.map_or(since, |(file, _)| *file)
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

    fn state(seconds: i64) -> StateId {
        StateId {
            operator: 3,
            batch_time: at(seconds),
        }
    }

    fn of_two_seconds() -> SavedStates {
        let mut states = SavedStates::default();
        states.add_operator(3, Duration::from_secs(2));
        states
    }

    #[test]
    fn ckp_7_states_that_no_checkpoint_names_are_removed_when_a_later_one_is_done() {
        let mut states = of_two_seconds();
        for second in 1..=3 {
            states.add(state(second), at(second));
            states.forget(at(second));
        }
        assert_eq!(times(states.name(at(3)).states), [2, 3]);
        assert_eq!(times(states.take_unneeded(at(3)).states), [1]);
        assert!(states.take_unneeded(at(3)).states.is_empty());
        states.forget(at(9));
        assert!(states.name(at(9)).states.is_empty());
        assert!(
            states.take_unneeded(at(9)).states.is_empty(),
            "none is newer"
        );
    }

    #[test]
    fn ckp_7_files_stay_as_long_as_states_are_put_together_from_them() {
        let mut states = of_two_seconds();
        for (second, since) in [(1, 1), (2, 1), (3, 1), (4, 3), (5, 3)] {
            states.add(state(second), at(since));
            states.forget(at(second));
        }
        let named = states.name(at(5));
        assert_eq!(times(named.states), [4, 5]);
        assert_eq!(times(named.files), [3, 4, 5]);
        let unneeded = states.take_unneeded(at(5));
        assert_eq!(times(unneeded.states), [1, 2]);
        assert_eq!(times(unneeded.parts), [3], "no checkpoint goes back to it");
    }

    #[test]
    fn changes_after_some_that_were_lost_are_not_named_until_all_states_are_saved() {
        let mut states = of_two_seconds();
        states.add(state(1), at(1));
        states.lose(state(2));
        states.add(state(3), at(1));
        assert_eq!(times(states.name(at(3)).states), [1]);
        states.add(state(4), at(4));
        states.forget(at(5));
        let named = states.name(at(5));
        assert_eq!(
            (times(named.states), times(named.files)),
            (vec![4], vec![4])
        );
        assert_eq!(times(states.take_unneeded(at(5)).states), [1, 3]);
    }
}
