//! Pairs in the order of a table of the program's language, worked out when they are read.

use std::sync::OnceLock;

use super::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use super::partitioner::HashPartitioner;
use super::partitions::{Part, Partitions};
use crate::Data;
use crate::Key;

/// The pairs of each partition in the order in which a table of the language iterates over their keys.
///
/// A batch that is not printed, or of which a `print` shows the first partition, costs no more than
/// that.
pub(super) struct Ordered<K, V> {
    partitioner: HashPartitioner,
    partitions: Vec<Partition<K, V>>,
}

struct Partition<K, V> {
    /// In the order in which the keys were inserted into the table.
    pairs: Vec<(K, V)>,
    /// Indices of the pairs in the order of the table, from the first read on.
    order: OnceLock<Vec<usize>>,
}

impl<K: Key, V: Data> Ordered<K, V> {
    /// Pairs given in the order in which their keys were inserted into the table of their partition.
    pub(super) fn new(partitioner: HashPartitioner, partitions: Vec<Vec<(K, V)>>) -> Ordered<K, V> {
        let partitions = partitions.into_iter().map(|pairs| Partition {
            pairs,
            order: OnceLock::new(),
        });
        Ordered {
            partitioner,
            partitions: partitions.collect(),
        }
    }
}

impl<K: Key, V: Data> Partitions<(K, V)> for Ordered<K, V> {
    fn count(&self) -> usize {
        self.partitions.len()
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, (K, V)>,
    ) -> Result<(), Stop> {
        let Partition { pairs, order } = &self.partitions[part.partition];
        ChunkWriter::write(size, reader, |made| {
            if !self.partitioner.has_tables() {
                return pairs.iter().cloned().try_for_each(|pair| made.push(pair));
            }
            let order = order.get_or_init(|| {
                self.partitioner
                    .table_order(pairs.iter().map(|(key, _)| key))
            });
            debug_assert_eq!(order.len(), pairs.len(), "a table has each key once");
            order
                .iter()
                .try_for_each(|index| made.push(pairs[*index].clone()))
        })
    }
}
