//! The groups of partial aggregations on their way through the shuffle.

use engine::order::{murmur3, partition};
use engine::{Failure, Row, Value};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::aggregation::Partial;
use crate::physical::row_list::RowList;

/// A group of a partial aggregation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CameGroup {
    /// The place of the partial aggregation.
    partial: u32,
    /// The number of the group there.
    number: u32,
    /// The place of its merged buffers, if it has come from several partial aggregations.
    merged: Option<u32>,
}

/// The groups of some partial aggregations that came to one partition, each once.
#[derive(Debug, Default)]
pub(super) struct CameGroups {
    /// In the order of the group table.
    pub(super) came: Vec<CameGroup>,
    /// The buffers of groups that came from several partial aggregations.
    merged: RowList,
}

/// The groups of partial aggregations, each with the shuffle partition that it goes to.
pub(super) fn shuffled(
    partials: &[Partial],
    partitions: usize,
) -> impl Iterator<Item = (usize, CameGroup)> {
    (0..).zip(partials).flat_map(move |(partial, it)| {
        it.order.iter().map(move |number| {
            let to = match partitions {
                1 => 0,
                _ => partition(murmur3::hash_row(it.groups.key(*number)).into(), partitions),
            };
            let group = CameGroup {
                partial,
                number: *number as u32,
                merged: None,
            };
            (to, group)
        })
    })
}

impl CameGroup {
    /// Its key.
    pub(super) fn key(self, partials: &[Partial]) -> &[Value] {
        let partial = &partials[self.partial as usize];
        partial.groups.key(self.number as usize)
    }

    /// The hash of its key.
    pub(super) fn hash(self, partials: &[Partial]) -> u64 {
        let partial = &partials[self.partial as usize];
        partial.groups.hash(self.number as usize)
    }

    /// Puts the buffers that it came with into `row`, in the place of those that are there.
    fn own_buffers_into(self, partials: &[Partial], row: &mut Row) {
        let partial = &partials[self.partial as usize];
        partial.buffers_into(self.number as usize, row);
    }
}

impl CameGroups {
    /// Puts the buffers of a group into `row`, in the place of those that are there.
    pub(super) fn buffers_into(&self, group: CameGroup, partials: &[Partial], row: &mut Row) {
        match group.merged {
            Some(place) => {
                row.clear();
                row.extend_from_slice(self.merged.get(place as usize));
            }
            None => group.own_buffers_into(partials, row),
        }
    }

    /// Makes one of the groups of each key, by `merge`, which adds buffers to those that came before.
    pub(super) fn merge(
        &mut self,
        came: &[CameGroup],
        partials: &[Partial],
        merge: impl Fn(&mut [Value], &[Value]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut places: HashTable<u32> = HashTable::with_capacity(came.len());
        let mut buffers = Row::new();
        for group in came {
            let key = group.key(partials);
            let is_same = |place: &u32| self.came[*place as usize].key(partials) == key;
            let hash = |place: &u32| self.came[*place as usize].hash(partials);
            match places.entry(group.hash(partials), is_same, hash) {
                Entry::Vacant(entry) => {
                    entry.insert(self.came.len() as u32);
                    self.came.push(*group);
                }
                Entry::Occupied(entry) => {
                    let place = *entry.get() as usize;
                    let merged = self.merged_buffers(place, partials);
                    group.own_buffers_into(partials, &mut buffers);
                    merge(self.merged.get_mut(merged), &buffers)?;
                }
            }
        }
        Ok(())
    }

    /// The place of the merged buffers of a group, which are those that it came with if there are none.
    fn merged_buffers(&mut self, place: usize, partials: &[Partial]) -> usize {
        if let Some(merged) = self.came[place].merged {
            return merged as usize;
        }
        let mut buffers = Row::new();
        self.came[place].own_buffers_into(partials, &mut buffers);
        let merged = self.merged.len();
        self.merged.push(buffers);
        self.came[place].merged = Some(merged as u32);
        merged
    }
}
