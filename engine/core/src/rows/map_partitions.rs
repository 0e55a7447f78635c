//! Rows made of the rows of another batch, partition by partition: narrow dependencies.

use std::sync::Arc;

use super::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use super::partitions::{Part, Partitions};
use super::rdd::Rdd;
use crate::Data;
use crate::Failure;
use crate::failure::catch;

/// Takes the rows of a chunk and writes those that it makes of them.
pub(crate) trait ChunkFunction<T, U>:
    Fn(&mut Vec<T>, &mut ChunkWriter<'_, U>) -> Result<(), Stop> + Send + Sync + 'static
{
}

impl<T, U, F> ChunkFunction<T, U> for F where
    F: Fn(&mut Vec<T>, &mut ChunkWriter<'_, U>) -> Result<(), Stop> + Send + Sync + 'static
{
}

/// The result of `function` on each row.
pub(crate) fn map<T, U>(
    function: impl Fn(T) -> U + Send + Sync + 'static,
) -> impl ChunkFunction<T, U> {
    move |rows: &mut Vec<T>, made: &mut ChunkWriter<'_, U>| made.map(rows, &function)
}

/// The result of `function` on each row, which may fail.
pub(crate) fn try_map<T, U>(
    function: impl Fn(T) -> Result<U, Failure> + Send + Sync + 'static,
) -> impl ChunkFunction<T, U> {
    move |rows: &mut Vec<T>, made: &mut ChunkWriter<'_, U>| {
        rows.drain(..).try_for_each(|row| made.push(function(row)?))
    }
}

/// All the results of `function` on each row, one after the other.
pub(crate) fn flat_map<T, U, I: IntoIterator<Item = U>>(
    function: impl Fn(T) -> I + Send + Sync + 'static,
) -> impl ChunkFunction<T, U> {
    move |rows: &mut Vec<T>, made: &mut ChunkWriter<'_, U>| {
        rows.drain(..)
            .try_for_each(|row| function(row).into_iter().try_for_each(|row| made.push(row)))
    }
}

/// The rows for which `predicate` holds.
pub(crate) fn filter<T>(
    predicate: impl Fn(&T) -> bool + Send + Sync + 'static,
) -> impl ChunkFunction<T, T> {
    move |rows: &mut Vec<T>, made: &mut ChunkWriter<'_, T>| {
        rows.drain(..)
            .filter(&predicate)
            .try_for_each(|row| made.push(row))
    }
}

/// Each key with the result of `function` on its value.
pub(crate) fn map_values<K, V, U>(
    function: impl Fn(V) -> U + Send + Sync + 'static,
) -> impl ChunkFunction<(K, V), (K, U)> {
    map(move |(key, value)| (key, function(value)))
}

/// The rows that a function makes of each chunk of a batch
/// (`org.apache.spark.rdd.MapPartitionsRDD`).
pub(super) struct MapPartitions<T, F> {
    pub(super) parent: Rdd<T>,
    /// The operator that a failure of the function names.
    pub(super) operator: &'static str,
    pub(super) function: Arc<F>,
}

impl<T: Data, U: Data, F: ChunkFunction<T, U>> Partitions<U> for MapPartitions<T, F> {
    fn count(&self) -> usize {
        self.parent.partition_count()
    }

    fn parts(&self, partition: usize) -> usize {
        self.parent.part_count(partition)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, U>,
    ) -> Result<(), Stop> {
        ChunkWriter::write(size, reader, |made| {
            // Operators further down run inside this call, and catch their own panics: one that
            // arrives here is this function's.
            self.parent.visit(part, size, &mut |rows| {
                catch(self.operator, || (self.function)(rows, made))?
                    .map_err(|stop| stop.in_operator(self.operator))
            })
        })
    }
}
