//! Rows whose order is worked out when somebody reads them.

use std::sync::OnceLock;

use super::Data;
use super::partitions::{Flow, Pace, Partitions, Run, Visitor};
use crate::key::Key;
use crate::rows::Partitioner;

/// The pairs of each partition in the order in which a table of the language hands out their keys.
///
/// A batch that nobody prints, or of which a `print` shows the first partition, costs no more than
/// that.
pub(crate) struct Ordered<K, V> {
    partitioner: Partitioner,
    partitions: Vec<Partition<K, V>>,
}

struct Partition<K, V> {
    /// In the order in which the keys were put into the table.
    pairs: Vec<(K, V)>,
    /// The places of the pairs in the order of the table, once somebody has asked.
    order: OnceLock<Vec<usize>>,
}

impl<K: Key, V: Data> Ordered<K, V> {
    /// Pairs given in the order in which their keys were put into the table of their partition.
    pub(crate) fn new(partitioner: Partitioner, partitions: Vec<Vec<(K, V)>>) -> Ordered<K, V> {
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

    fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, (K, V)>) -> Flow {
        let Partition { pairs, order } = &self.partitions[partition];
        Run::hand_out(pace, each, |run| {
            if !self.partitioner.has_tables() {
                return pairs.iter().cloned().try_for_each(|pair| run.push(pair));
            }
            let keys = pairs.iter().map(|(key, _)| key);
            let order = order.get_or_init(|| self.partitioner.table_order(keys));
            let mut in_order = order.iter().map(|place| pairs[*place].clone());
            in_order.try_for_each(|pair| run.push(pair))
        })
    }
}
