//! Rows that are kept once they are computed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::partitions::{Part, Partitions, visit_rows};
use super::rdd::Rdd;
use crate::Data;
use crate::lock::lock;

/// The rows of each partition, kept from the first time on that any of them is read.
struct Cached<T> {
    /// Until all partitions are kept.
    parent: Mutex<Option<Rdd<T>>>,
    kept: Vec<Mutex<Option<Arc<Vec<T>>>>>,
    missing: AtomicUsize,
}

impl<T: Data> Cached<T> {
    /// The rows of a partition. A reader that comes while another one computes them waits.
    fn rows(&self, partition: usize) -> Result<Arc<Vec<T>>, Stop> {
        let mut kept = lock(&self.kept[partition]);
        if let Some(rows) = &*kept {
            return Ok(Arc::clone(rows));
        }
        let parent = lock(&self.parent).clone();
        let parent = parent.expect("the rows are there until all partitions are kept");
        let rows = Arc::new(parent.rows_of(partition)?);
        *kept = Some(Arc::clone(&rows));
        if self.missing.fetch_sub(1, Ordering::Relaxed) == 1 {
            // All that the rows were made of can go.
            drop(lock(&self.parent).take());
        }
        Ok(rows)
    }
}

impl<T: Data> Partitions<T> for Cached<T> {
    fn count(&self) -> usize {
        self.kept.len()
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        visit_rows(&self.rows(part.partition)?, size, reader)
    }
}

impl<T: Data> Rdd<T> {
    /// The same rows, each partition of which is computed once, when its first row is read (`RDD.cache`). They are
    /// handed out as clones. A partition that fails is computed again by the next reader.
    ///
    /// ```
    /// use engine::Rdd;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use std::sync::Arc;
    /// let calls = Arc::new(AtomicUsize::new(0));
    /// let counted = Arc::clone(&calls);
    /// let numbers = Rdd::of_rows(vec![vec![1, 2], vec![3]]);
    /// let cached = numbers.map(move |n| { counted.fetch_add(1, Ordering::Relaxed); n }).cache();
    /// assert_eq!(cached.take(1)?, [1]);
    /// assert_eq!(calls.load(Ordering::Relaxed), 2, "a partition is computed as a whole");
    /// assert_eq!((cached.count()?, cached.count()?), (3, 3));
    /// assert_eq!(calls.load(Ordering::Relaxed), 3);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    #[must_use]
    pub fn cache(&self) -> Rdd<T> {
        let count = self.partition_count();
        let cached = Cached {
            parent: Mutex::new(Some(self.clone())),
            kept: (0..count).map(|_| Mutex::default()).collect(),
            missing: AtomicUsize::new(count),
        };
        Rdd::of_partitions(cached)
            .partitioned_as(self)
            .with_job_flags(self.job_flags())
    }
}
