//! Rows that are made as a whole, when the first of them is read.

use std::sync::{Arc, Mutex};

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::partitions::{Part, Partitions, visit_rows};
use super::place::{JobNumber, Place};
use crate::lock::lock;
use crate::{Data, Failure};

/// Spark asks a shuffle for the places of its rows if there are fewer partitions than this on both sides
/// (`MapOutputTracker`).
const PLACED_PARTITIONS: usize = 1_000;

/// All partitions, made by the first job that reads a row, as the map side of a shuffle is in Spark, and kept. The next
/// reader of partitions that could not be made tries again.
pub(super) struct Lazy<T> {
    count: usize,
    /// True if Spark asks where the rows are.
    is_placed: bool,
    partitions: Mutex<Made<T>>,
}

enum Made<T> {
    NotYet(Box<dyn Fn() -> Result<Vec<Vec<T>>, Failure> + Send>),
    Kept(Arc<Vec<Vec<T>>>),
}

impl<T: Data> Lazy<T> {
    /// This number of partitions, all of which `make` makes at once of that number of `parents`.
    pub(super) fn new(
        parents: usize,
        count: usize,
        make: impl Fn() -> Result<Vec<Vec<T>>, Failure> + Send + 'static,
    ) -> Lazy<T> {
        Lazy {
            count,
            is_placed: parents.max(count) < PLACED_PARTITIONS,
            partitions: Mutex::new(Made::NotYet(Box::new(make))),
        }
    }

    /// The partitions. A reader that comes while another one makes them waits.
    fn partitions(&self) -> Result<Arc<Vec<Vec<T>>>, Failure> {
        let mut partitions = lock(&self.partitions);
        match &*partitions {
            Made::Kept(kept) => Ok(Arc::clone(kept)),
            Made::NotYet(make) => {
                let kept = Arc::new(make()?);
                debug_assert_eq!(kept.len(), self.count);
                *partitions = Made::Kept(Arc::clone(&kept));
                Ok(kept)
            }
        }
    }
}

impl<T: Data> Partitions<T> for Lazy<T> {
    fn count(&self) -> usize {
        self.count
    }

    fn place(&self, partition: usize, _: Option<JobNumber>) -> Place {
        match &*lock(&self.partitions) {
            Made::Kept(kept) if self.is_placed && !kept[partition].is_empty() => Place::Host,
            _ => Place::Nowhere,
        }
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        visit_rows(&self.partitions()?[part.partition], size, reader)
    }
}
