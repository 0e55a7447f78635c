//! What state costs, in things that can be counted.

use std::ops::AddAssign;

/// What a batch did to the states of its keys, counted and not timed: the same on every machine, with
/// any number of workers.
///
/// `update_state_by_key` touches every key in every batch, `map_with_state` the keys of the batch; here
/// it can be seen, and asserted, without a clock.
///
/// The state of a structured query is that of its aggregation: the count of each group. A micro-batch looks
/// up the group of each row to count the batch, and merges these counts into the state.
///
/// The iterator form of `update_state_by_key` is called once a partition: keys that it leaves out are not
/// counted as touched, and old states are looked up as records are.
///
/// ```
/// use engine::Counters;
/// let batch = Counters { function_calls: 3, keys_touched: 3, probes: 9, bytes_copied: 24 };
/// let mut both = batch;
/// both += batch;
/// assert_eq!(both.probes, 18);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Calls of the user's function; of an aggregation, merges of a micro-batch's count into that of its
    /// group: one for each group that came and is not late (`WM-6`).
    pub function_calls: u64,
    /// Keys whose state was set, set anew or removed; of an aggregation, groups that came and are not
    /// late, and those that the watermark removed. One that did both is one.
    pub keys_touched: u64,
    /// Keys that were looked up: one for each record; of an aggregation, one for each row that is
    /// grouped, late ones too.
    pub probes: u64,
    /// Bytes of states that were copied, as many as their type has. Of a state that has changed, what it was
    /// is kept, so that the batch could be undone. `update_state_by_key` copies all states where an earlier batch
    /// is still read, as by a window; and it knows of common numbers, of texts and of some pairs of numbers
    /// whether they have changed, and takes any other state for changed. What a state has on the heap is not
    /// counted. An aggregation copies none: its counts are changed in place, and a failure ends the query.
    pub bytes_copied: u64,
}

impl AddAssign for Counters {
    fn add_assign(&mut self, other: Counters) {
        self.function_calls += other.function_calls;
        self.keys_touched += other.keys_touched;
        self.probes += other.probes;
        self.bytes_copied += other.bytes_copied;
    }
}
