//! A window by key that costs as much as the batches that come and leave, for an associative function.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use super::folded_keys::{FoldedKeys, FoldedPairs, Position};
use super::reduce_by_key_and_window::OPERATOR;
use super::window::TimedBatch;
use super::window_spec::{IsAssociative, ReduceFunction};
use crate::dstream::node::{Node, NodeContext};
use crate::dstream::node_ref::NodeRef;
use crate::dstream::stream::Windows;
use crate::rows::HashPartitioner;
use crate::rows::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use crate::rows::partitions::{Part, Partitions};
use crate::workers::stage_each;
use crate::{Data, Failure, Key, Rdd, Time};

/// Windows of batches that are reduced already, each computed from the one before.
///
/// Rows and their order are those of a fold of all batches of the window. That is done in place of this where
/// the function is not associative on some value in the window.
pub(super) struct FoldedWindow<K, V> {
    /// Windows of batches that are reduced each.
    pub(super) windows: Windows<(K, V)>,
    pub(super) partitioner: HashPartitioner,
    pub(super) function: ReduceFunction<V>,
    pub(super) is_associative: IsAssociative<V>,
    /// The same windows, each reduced anew.
    pub(super) reduced_anew: NodeRef<Rdd<(K, V)>>,
    /// The last window; `None` before the first one, and after one that was reduced anew or has failed.
    pub(super) last: Option<Folded<K, V>>,
}

/// The batches of a window, folded.
pub(super) struct Folded<K, V> {
    end: Time,
    /// The times of the batches that have rows.
    batch_times: VecDeque<Time>,
    partitions: Vec<FoldedKeys<K, V>>,
    /// The rows of the window, until others are made.
    rows: Option<Rdd<(K, V)>>,
}

impl<K: Key, V: Data> Node for FoldedWindow<K, V> {
    type Batch = Rdd<(K, V)>;

    fn name(&self) -> &'static str {
        OPERATOR
    }

    fn partitioner(&self) -> Option<HashPartitioner> {
        Some(self.partitioner)
    }

    fn compute(
        &mut self,
        time: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<Rdd<(K, V)>, Failure> {
        let begin = self.windows.begin(time, context.zero_time());
        // Windows need not be asked for in the order of time, and not each of them.
        self.last
            .take_if(|last| last.end <= begin || time <= last.end);
        let since = self.last.as_ref().map_or(begin, |last| last.end);
        let mut coming = self.windows.coming(since, time, context)?;
        coming.retain(|coming| !coming.batch.is_known_empty());
        let last = self.last.take();
        let mut window = last.unwrap_or_else(|| Folded::new(self.partitioner));
        let is_folded = self.slide(&mut window, begin, &coming, context)?;
        if !is_folded {
            return context.batch(self.reduced_anew, time);
        }
        window.end = time;
        let rows = window.rows(self.partitioner);
        self.last = Some(window);
        Ok(rows)
    }
}

impl<K: Key, V: Data> FoldedWindow<K, V> {
    /// Removes the batches up to `begin` and adds those that come. Returns false if there is a value on which
    /// the function is not associative. After this, as after a failure, the window is of no use.
    fn slide(
        &self,
        window: &mut Folded<K, V>,
        begin: Time,
        coming: &[TimedBatch<(K, V)>],
        context: &NodeContext<'_>,
    ) -> Result<bool, Failure> {
        let times = &mut window.batch_times;
        let is_oldest_leaving = times.front().is_some_and(|time| *time <= begin);
        if coming.is_empty() && !is_oldest_leaving {
            return Ok(true);
        }
        // Else they would be copied before they are changed.
        window.rows = None;
        while times.pop_front_if(|time| *time <= begin).is_some() {}
        times.extend(coming.iter().map(|batch| batch.time));
        let mut partitions: Vec<_> = window.partitions.iter_mut().enumerate().collect();
        let are_folded = stage_each(
            OPERATOR,
            context.workers(),
            &mut partitions,
            |(index, keys)| {
                keys.remove_until(begin, &self.function)?;
                for batch in coming {
                    if !self.add(keys, *index, batch)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            },
        )?;
        Ok(are_folded.into_iter().all(|is_folded| is_folded))
    }

    /// Adds a partition of a batch. Returns false, as above, if that cannot be done.
    fn add(
        &self,
        keys: &mut FoldedKeys<K, V>,
        partition: usize,
        coming: &TimedBatch<(K, V)>,
    ) -> Result<bool, Failure> {
        let mut index = 0;
        let mut is_folded = true;
        coming
            .batch
            .read(OPERATOR, Part::whole(partition), |pairs| {
                for (key, value) in pairs.drain(..) {
                    is_folded = is_folded && (self.is_associative)(&value);
                    if is_folded {
                        let batch_time = coming.time;
                        keys.add(Position { batch_time, index }, key, value, &self.function)?;
                        index += 1;
                    }
                }
                Ok(())
            })?;
        Ok(is_folded)
    }
}

impl<K: Key, V: Data> Folded<K, V> {
    /// A window without batches.
    fn new(partitioner: HashPartitioner) -> Folded<K, V> {
        Folded {
            end: Time::EPOCH,
            batch_times: VecDeque::new(),
            partitions: (0..partitioner.partitions())
                .map(|_| FoldedKeys::new())
                .collect(),
            rows: None,
        }
    }

    /// The rows of the window, which keep it from being changed in place as long as they are there.
    fn rows(&mut self, partitioner: HashPartitioner) -> Rdd<(K, V)> {
        let rows = self.rows.get_or_insert_with(|| {
            if self.batch_times.is_empty() {
                return Rdd::placed_without_rows(partitioner);
            }
            let partitions = self.partitions.iter().map(|keys| FoldedRows {
                partitioner,
                pairs: Arc::clone(keys.pairs()),
                table_order: OnceLock::new(),
            });
            Rdd::of_partitions(FoldedPartitions(partitions.collect())).partitioned_by(partitioner)
        });
        rows.clone()
    }
}

/// The rows of a window.
struct FoldedPartitions<K, V>(Vec<FoldedRows<K, V>>);

/// The rows of one partition.
struct FoldedRows<K, V> {
    partitioner: HashPartitioner,
    pairs: Arc<FoldedPairs<K, V>>,
    /// The positions of the pairs in the order of a table of the JVM, from the first read on.
    table_order: OnceLock<Vec<Position>>,
}

impl<K: Key, V: Data> Partitions<(K, V)> for FoldedPartitions<K, V> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, (K, V)>,
    ) -> Result<(), Stop> {
        let rows = &self.0[part.partition];
        ChunkWriter::write(size, reader, |made| {
            if !rows.partitioner.has_tables() {
                return rows
                    .pairs
                    .values()
                    .cloned()
                    .try_for_each(|pair| made.push(pair));
            }
            let order = rows.table_order.get_or_init(|| rows.table_order());
            let mut pairs = order.iter().map(|position| rows.pairs[position].clone());
            pairs.try_for_each(|pair| made.push(pair))
        })
    }
}

impl<K: Key, V: Data> FoldedRows<K, V> {
    fn table_order(&self) -> Vec<Position> {
        let keys = self.pairs.values().map(|(key, _)| key);
        let order = self.partitioner.table_order(keys);
        let positions: Vec<Position> = self.pairs.keys().copied().collect();
        order.into_iter().map(|index| positions[index]).collect()
    }
}
