//! Rows made of the rows of another batch, partition by partition: narrow dependencies.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::Arc;

use super::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use super::partitions::{Part, Partitions};
use super::place::{JobNumber, Place};
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

/// All the results of `function` on each row, one after the other; both may fail.
pub(crate) fn try_flat_map<T, U, I: IntoIterator<Item = Result<U, Failure>>>(
    function: impl Fn(T) -> Result<I, Failure> + Send + Sync + 'static,
) -> impl ChunkFunction<T, U> {
    move |rows: &mut Vec<T>, made: &mut ChunkWriter<'_, U>| {
        rows.drain(..).try_for_each(|row| {
            let mut results = function(row)?.into_iter();
            results.try_for_each(|row| made.push(row?))
        })
    }
}

/// The rows for which `predicate` holds, which may fail.
pub(crate) fn try_filter<T>(
    predicate: impl Fn(&T) -> Result<bool, Failure> + Send + Sync + 'static,
) -> impl ChunkFunction<T, T> {
    move |rows: &mut Vec<T>, made: &mut ChunkWriter<'_, T>| {
        rows.drain(..).try_for_each(|row| {
            if predicate(&row)? {
                made.push(row)?;
            }
            Ok(())
        })
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

/// Each key with the result of `function` on its value. A failure names the key.
pub(crate) fn map_values<K: Debug, V, U>(
    operator: &'static str,
    function: impl Fn(V) -> U + Send + Sync + 'static,
) -> impl ChunkFunction<(K, V), (K, U)> {
    move |rows: &mut Vec<(K, V)>, made: &mut ChunkWriter<'_, (K, U)>| {
        name_key(operator, |failed| {
            made.map(rows, |(key, value)| {
                let key = KeyInUse::new(key, failed);
                let value = function(value);
                (key.release(), value)
            })
        })
    }
}

/// Each key with the result of `function` on its value, which may fail. A failure names the key.
pub(crate) fn try_map_values<K: Debug, V, U>(
    operator: &'static str,
    function: impl Fn(V) -> Result<U, Failure> + Send + Sync + 'static,
) -> impl ChunkFunction<(K, V), (K, U)> {
    move |rows: &mut Vec<(K, V)>, made: &mut ChunkWriter<'_, (K, U)>| {
        name_key(operator, |failed| {
            rows.drain(..).try_for_each(|(key, value)| {
                let key = KeyInUse::new(key, failed);
                let value = function(value)?;
                made.push((key.release(), value))
            })
        })
    }
}

/// Each key with all the results of `function` on its value, one after the other. A failure names the key.
pub(crate) fn flat_map_values<K: Clone + Debug, V, U, I: IntoIterator<Item = U>>(
    operator: &'static str,
    function: impl Fn(V) -> I + Send + Sync + 'static,
) -> impl ChunkFunction<(K, V), (K, U)> {
    move |rows: &mut Vec<(K, V)>, made: &mut ChunkWriter<'_, (K, U)>| {
        name_key(operator, |failed| {
            rows.drain(..).try_for_each(|(key, value)| {
                let in_use = KeyInUse::new(key.clone(), failed);
                let mut results = function(value).into_iter();
                let written = results.try_for_each(|value| made.push((key.clone(), value)));
                in_use.release();
                written
            })
        })
    }
}

/// Runs `work`, whose failure names the key that it leaves in its argument.
fn name_key<K: Debug>(
    operator: &'static str,
    work: impl FnOnce(&Cell<Option<K>>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let failed = Cell::new(None);
    let result = catch(operator, || work(&failed)).map_err(Stop::Failed);
    result
        .flatten()
        .map_err(|stop| match (stop, failed.take()) {
            (Stop::Failed(failure), Some(key)) => Stop::Failed(failure.with_key(&key)),
            (stop, _) => stop,
        })
}

/// The key of a value that a function is called with. If the function panics, or returns an error, the key is left
/// where the failure finds it.
struct KeyInUse<'a, K> {
    key: Option<K>,
    failed: &'a Cell<Option<K>>,
}

impl<'a, K> KeyInUse<'a, K> {
    #[inline]
    fn new(key: K, failed: &'a Cell<Option<K>>) -> KeyInUse<'a, K> {
        KeyInUse {
            key: Some(key),
            failed,
        }
    }

    /// The key, once the function has returned.
    #[inline]
    fn release(mut self) -> K {
        self.key.take().expect("a key is released once")
    }
}

impl<K> Drop for KeyInUse<'_, K> {
    #[inline]
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.failed.set(Some(key));
        }
    }
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

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        self.parent.place(partition, job)
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
