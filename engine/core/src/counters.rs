//! The cost of state, in counts.

use std::ops::AddAssign;

/// The effects of a batch on the states of its keys, counted and not timed: they are the same on every
/// machine, with any number of workers.
///
/// `update_state_by_key` writes every key in every batch, `map_with_state` the keys of the batch. Here
/// that can be seen, and asserted, without a clock.
///
/// The state of a structured query is that of its aggregation: the count of each group. A micro-batch looks
/// up the group of each row to count the batch, and merges these counts into the state.
///
/// The iterator form of `update_state_by_key` is called once for each partition: keys that it leaves out are
/// not counted as touched, and old states are looked up as records are.
///
/// ```
/// use engine::Counters;
/// let batch = Counters { function_calls: 3, keys_touched: 3, probes: 9, bytes_copied: 24, ..Counters::default() };
/// let mut both = batch;
/// both += batch;
/// assert_eq!(both.probes, 18);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counters {
    /// Calls of the user's function. Of an aggregation, merges of a micro-batch's count into that of its
    /// group: one for each group that came and is not late (`WM-6`).
    pub function_calls: u64,
    /// Keys whose state was set, set again or removed. Of an aggregation, groups that came and are not
    /// late, and groups that the watermark removed; a group of both kinds counts once.
    pub keys_touched: u64,
    /// Lookups of keys: one for each record. Of an aggregation, one for each row that is grouped, also a
    /// late one.
    pub probes: u64,
    /// Bytes of states that were copied, by the size of their type; bytes on the heap do not count.
    ///
    /// The previous state of each key that has changed is kept, so that the batch can be undone.
    /// `update_state_by_key` compares numbers, texts and small tuples of them with the previous state, and takes
    /// any other state for changed. It copies all states if an earlier batch is still read, as by a window. An
    /// aggregation copies none: its counts change in place, and a failure ends the query.
    pub bytes_copied: u64,
    /// Those of `keys_touched` that are touched in each batch, with or without data for them: all keys of
    /// `update_state_by_key`. It is the basis of a cost, and no report shows it.
    pub keys_passed: u64,
    /// States of a query that were set. As those below it is for the query's progress.
    pub states_set: u64,
    /// States of a query that the watermark removed.
    pub states_removed: u64,
    /// Rows, or groups of rows, of a query that were late.
    pub late: u64,
}

impl Counters {
    /// Each counter that reports show, with its name, in the order of the fields.
    pub fn by_name(&self) -> [(&'static str, u64); 4] {
        [
            ("function_calls", self.function_calls),
            ("keys_touched", self.keys_touched),
            ("probes", self.probes),
            ("bytes_copied", self.bytes_copied),
        ]
    }
}

impl AddAssign for Counters {
    fn add_assign(&mut self, other: Counters) {
        self.function_calls += other.function_calls;
        self.keys_touched += other.keys_touched;
        self.probes += other.probes;
        self.bytes_copied += other.bytes_copied;
        self.keys_passed += other.keys_passed;
        self.states_set += other.states_set;
        self.states_removed += other.states_removed;
        self.late += other.late;
    }
}
