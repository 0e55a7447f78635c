//! Rows that are made as a whole, when the first of them is read.

use std::sync::{Arc, Mutex};

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::partitions::{Part, Partitions, visit_rows};
use crate::lock::lock;
use crate::{Data, Failure};

/// All partitions, made by the first job that reads a row, as the map side of a shuffle is in Spark, and kept. The next
/// reader of partitions that could not be made tries again.
pub(super) struct Lazy<T> {
    count: usize,
    partitions: Mutex<Made<T>>,
}

enum Made<T> {
    NotYet(Box<dyn Fn() -> Result<Vec<Vec<T>>, Failure> + Send>),
    Kept(Arc<Vec<Vec<T>>>),
}

impl<T: Data> Lazy<T> {
    /// This number of partitions, all of which `make` makes at once.
    pub(super) fn new(
        count: usize,
        make: impl Fn() -> Result<Vec<Vec<T>>, Failure> + Send + 'static,
    ) -> Lazy<T> {
        Lazy {
            count,
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

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        visit_rows(&self.partitions()?[part.partition], size, reader)
    }
}
