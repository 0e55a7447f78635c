//! The changes of one state store in a micro-batch.

use engine::{Counters, OutputMode, StateChange};

use crate::group_key::GroupKey;

/// The changes of the state of one shuffle partition in a micro-batch.
pub(crate) struct Change {
    /// The keys that came, with their new totals.
    pub(crate) came: Vec<(GroupKey, i64)>,
    /// The keys that were removed, with their last ones.
    pub(crate) removed: Vec<(GroupKey, i64)>,
    /// The number of keys that did both.
    pub(crate) came_and_went: usize,
}

/// The result of a micro-batch in one shuffle partition.
pub(crate) struct Merged {
    /// The groups that append and update output write.
    pub(crate) written: Vec<(GroupKey, i64)>,
    pub(crate) counters: Counters,
    /// The changes of the store, if the query saves them.
    pub(crate) changes: Vec<StateChange>,
}

impl Change {
    /// The changes in the order in which Spark's store is given them: those that came before those that went.
    fn to_save(&self) -> Vec<StateChange> {
        let came = self.came.iter().map(|(key, total)| key.put(*total));
        let removed = self.removed.iter().map(|(key, _)| key.removal());
        came.chain(removed).collect()
    }

    /// The result of the change, with what is to be saved of it if the query saves its states. Totals are changed where
    /// they are, so none is copied.
    pub(crate) fn merged(
        self,
        output_mode: OutputMode,
        is_distinct: bool,
        probes: u64,
        saves: bool,
    ) -> Merged {
        let changes = if saves { self.to_save() } else { Vec::new() };
        let counters = Counters {
            function_calls: self.came.len() as u64,
            keys_touched: (self.came.len() + self.removed.len() - self.came_and_went) as u64,
            probes,
            bytes_copied: 0,
            keys_passed: 0,
        };
        let written = match output_mode {
            OutputMode::Append if !is_distinct => self.removed,
            OutputMode::Append | OutputMode::Update => self.came,
            // It writes all of the state.
            OutputMode::Complete => Vec::new(),
        };
        Merged {
            written,
            counters,
            changes,
        }
    }
}
