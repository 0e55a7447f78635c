//! The order of the groups of an aggregation.

use engine::KeyOrder;
use engine::order::fast_map;
use engine_sql::{AggregateKind, TypedAggregate};

use super::groups::Groups;

/// The table that groups are kept in, which says in which order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupTable {
    /// As they came.
    FirstSeen,
    /// Behind a small map that gives up soon.
    Fast,
    /// As they came, or sorted if there are many.
    Objects,
    /// Sorted by their keys.
    Sorted,
}

impl GroupTable {
    /// The table for such buffers (`AggUtils`, `HashAggregateExec`).
    pub(super) fn of(aggregates: &[TypedAggregate], key_order: KeyOrder) -> GroupTable {
        if key_order == KeyOrder::Arrival {
            return GroupTable::FirstSeen;
        }
        let kinds = aggregates
            .iter()
            .map(|it| AggregateKind::of(&*it.accumulate));
        match kinds.max() {
            None | Some(AggregateKind::FastHash) => GroupTable::Fast,
            Some(AggregateKind::Hash) => GroupTable::FirstSeen,
            Some(AggregateKind::Sort) => GroupTable::Sorted,
            Some(AggregateKind::ObjectHash) => GroupTable::Objects,
        }
    }

    /// The name of Spark's operator.
    pub(super) fn name(self) -> &'static str {
        match self {
            GroupTable::FirstSeen | GroupTable::Fast => "HashAggregate",
            GroupTable::Objects => "ObjectHashAggregate",
            GroupTable::Sorted => "SortAggregate",
        }
    }

    /// These groups, which are in the order in which they came, in that of the table.
    pub(super) fn in_order(self, groups: &Groups, mut numbers: Vec<usize>) -> Vec<usize> {
        if self == GroupTable::Fast {
            let hashes = numbers.iter().map(|it| fast_map::hash_row(groups.key(*it)));
            let order = fast_map::order(hashes);
            return order.into_iter().map(|place| numbers[place]).collect();
        }
        if self.sorts(|most| numbers.len() > most) {
            numbers.sort_by(|one, other| groups.key(*one).cmp(groups.key(*other)));
        }
        numbers
    }

    /// True if groups are sorted by their keys; `exceeds` says if there are more of them than that.
    pub(super) fn sorts(self, exceeds: impl FnOnce(usize) -> bool) -> bool {
        match self {
            GroupTable::FirstSeen | GroupTable::Fast => false,
            GroupTable::Objects => exceeds(AggregateKind::OBJECT_GROUPS_MAX - 1),
            GroupTable::Sorted => true,
        }
    }
}
