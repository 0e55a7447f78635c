//! The order of the groups of an aggregation.

use engine::order::fast_map;
use engine::{KeyOrder, Value};
use engine_sql::{AggregateKind, TypedAggregate};

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

    /// The places of keys, in the order in which the small map hands them out.
    pub(super) fn fast_order<'a>(keys: impl Iterator<Item = &'a [Value]>) -> Vec<usize> {
        fast_map::order(keys.map(fast_map::hash_row))
    }

    /// These groups, which are in the order in which they came and have these keys, in that of the table.
    pub(super) fn in_order<'a, G: Copy>(
        self,
        mut groups: Vec<G>,
        key: impl Fn(G) -> &'a [Value],
    ) -> Vec<G> {
        if self == GroupTable::Fast {
            let order = GroupTable::fast_order(groups.iter().map(|group| key(*group)));
            return order.into_iter().map(|place| groups[place]).collect();
        }
        if self.sorts(|most| groups.len() > most) {
            groups.sort_by(|one, other| key(*one).cmp(key(*other)));
        }
        groups
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
