//! Rows that are kept once they are computed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::partitions::{Part, Partitions, visit_rows};
use super::place::{JobNumber, Place};
use super::rdd::Rdd;
use crate::Data;
use crate::lock::lock;

/// The rows of each partition, kept from the first time on that any of them is read.
struct Cached<T> {
    parent: Mutex<Parent<T>>,
    kept: Vec<Mutex<Option<Arc<Vec<T>>>>>,
    missing: AtomicUsize,
    kind: Kind,
    /// The partitions that were kept when Spark's scheduler looked, and the job since which it has not looked again.
    seen: Mutex<Option<(JobNumber, Vec<bool>)>>,
}

/// The rows that are kept.
enum Parent<T> {
    Rows(Rdd<T>),
    /// All partitions are kept: where they were.
    Gone(Vec<Place>),
}

/// Why rows are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The program caches them, so that Spark knows where they are.
    Cached,
    /// The program checkpoints them: Spark has them in files.
    Checkpointed,
    /// Spark would compute them again.
    Ours,
}

impl<T: Data> Cached<T> {
    /// The rows of a partition. A reader that comes while another one computes them waits.
    fn rows(&self, partition: usize) -> Result<Arc<Vec<T>>, Stop> {
        let mut kept = lock(&self.kept[partition]);
        if let Some(rows) = &*kept {
            return Ok(Arc::clone(rows));
        }
        let parent = match &*lock(&self.parent) {
            Parent::Rows(parent) => parent.clone(),
            Parent::Gone(_) => unreachable!("the rows are there until all partitions are kept"),
        };
        let rows = Arc::new(parent.rows_of(partition)?);
        *kept = Some(Arc::clone(&rows));
        if self.missing.fetch_sub(1, Ordering::Relaxed) == 1 {
            // All that the rows were made of can go.
            let places = (0..self.kept.len()).map(|partition| parent.place(partition, None));
            *lock(&self.parent) = Parent::Gone(places.collect());
        }
        Ok(rows)
    }

    /// True if Spark's scheduler takes a partition to be kept. It looks once a job, at the latest when the job begins.
    fn is_kept(&self, partition: usize, job: Option<JobNumber>) -> bool {
        let is_kept = |kept: &Mutex<Option<Arc<Vec<T>>>>| lock(kept).is_some();
        let Some(job) = job else {
            return is_kept(&self.kept[partition]);
        };
        let mut seen = lock(&self.seen);
        match &*seen {
            Some((last, kept)) if *last == job => kept[partition],
            _ => {
                let (_, kept) = seen.insert((job, self.kept.iter().map(is_kept).collect()));
                kept[partition]
            }
        }
    }
}

impl<T: Data> Partitions<T> for Cached<T> {
    fn count(&self) -> usize {
        self.kept.len()
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        match self.kind {
            Kind::Checkpointed => return Place::Unknown,
            Kind::Cached if self.is_kept(partition, job) => return Place::Host,
            Kind::Cached | Kind::Ours => {}
        }
        match &*lock(&self.parent) {
            Parent::Rows(parent) => parent.place(partition, job),
            Parent::Gone(places) => places[partition],
        }
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
        self.kept_as(Kind::Cached)
    }

    /// As [`cache`](Self::cache), for rows that Spark writes into files (`RDD.checkpoint`). None are written here.
    #[must_use]
    pub fn checkpoint(&self) -> Rdd<T> {
        self.kept_as(Kind::Checkpointed)
    }

    /// As [`cache`](Self::cache), for rows that the program does not cache.
    pub(super) fn kept(&self) -> Rdd<T> {
        self.kept_as(Kind::Ours)
    }

    fn kept_as(&self, kind: Kind) -> Rdd<T> {
        let count = self.partition_count();
        let cached = Cached {
            parent: Mutex::new(Parent::Rows(self.clone())),
            kept: (0..count).map(|_| Mutex::default()).collect(),
            missing: AtomicUsize::new(count),
            kind,
            seen: Mutex::default(),
        };
        Rdd::of_partitions(cached)
            .partitioned_as(self)
            .with_job_flags(self.job_flags())
    }
}
