//! The cluster that a program is written for.

use super::error::BuildError;
use crate::rows::HashPartitioner;
use crate::{KeyOrder, Profile};

/// The cluster that a program is written for (`org.apache.spark.SparkContext`).
///
/// ```
/// // sc = SparkContext("local[2]", "NetworkWordCount")
/// let sc = engine::SparkContext::local(2, "NetworkWordCount");
/// assert_eq!(sc.default_parallelism(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparkContext {
    app_name: String,
    cores: usize,
    profile: Profile,
    key_order: KeyOrder,
    memory: Option<u64>,
    concurrent_jobs: usize,
}

impl SparkContext {
    /// The most cores. A shuffle has a partition for each, and each partition costs something in every batch.
    pub const CORES_MAX: usize = 1_024;

    /// `local[cores]`: as many cores, and as many partitions where a program does not say. A program for no
    /// cores, or for more than [`CORES_MAX`](SparkContext::CORES_MAX), is refused when it is built.
    pub fn local(cores: usize, app_name: &str) -> SparkContext {
        SparkContext {
            app_name: app_name.to_owned(),
            cores,
            profile: Profile::default(),
            key_order: KeyOrder::default(),
            memory: None,
            concurrent_jobs: 1,
        }
    }

    /// The same cluster, driven from another language or of another version of Spark: rows come in the order that it
    /// gives them, and are printed in its notation.
    pub fn with_profile(self, profile: Profile) -> SparkContext {
        SparkContext { profile, ..self }
    }

    /// The same cluster, where the keys of a partition come in this order.
    ///
    /// ```
    /// use engine::{KeyOrder, Profile, SparkContext};
    /// let sc = SparkContext::local(2, "NetworkWordCount")
    ///     .with_profile(Profile::Jvm)
    ///     .with_key_order(KeyOrder::Arrival);
    /// # let _ = sc;
    /// ```
    pub fn with_key_order(self, key_order: KeyOrder) -> SparkContext {
        SparkContext { key_order, ..self }
    }

    /// The same cluster, with a limit in bytes for the states of a program. Default: no limit.
    ///
    /// A batch fails if the states of all `update_state_by_key` and `map_with_state` would take more after
    /// it, and the states stay as they are: a state that grows without end is reported before the machine
    /// swaps. The size is an estimate, the same on every machine of 64 bits: for each key that has a state
    /// its own size, [its heap](crate::Key::heap_bytes), 24 bytes for its slot and its place in the lists
    /// of recent use, and the size of the state, twice for `update_state_by_key`, which keeps previous
    /// states until the next batch. Not counted are the heap of a state, the records of a batch, and the past
    /// states that a window reads.
    ///
    /// ```
    /// let sc = engine::SparkContext::local(2, "NetworkWordCount").with_memory(512 * 1024 * 1024);
    /// # let _ = sc;
    /// ```
    pub fn with_memory(self, bytes: u64) -> SparkContext {
        SparkContext {
            memory: Some(bytes),
            ..self
        }
    }

    /// The same cluster, on which up to `jobs` jobs run at the same time: one by default
    /// (`spark.streaming.concurrentJobs`, `JOB-5`).
    ///
    /// Jobs start in the order in which they were submitted, and may end in another. States are those of
    /// one batch after the other. No job waits for one that reads them: a batch that begins while the states
    /// of an earlier one are held changes a copy, which costs in proportion to the state, also where
    /// `map_with_state` costs in proportion to the batch alone. One job at a time makes its batch, up to the
    /// last stateful operator or shuffle; a function there must not wait until another job gets further.
    pub fn with_concurrent_jobs(self, jobs: usize) -> SparkContext {
        SparkContext {
            concurrent_jobs: jobs,
            ..self
        }
    }

    /// Name of the program.
    pub fn app_name(&self) -> &str {
        &self.app_name
    }

    /// Partitions of a partitioner where a program does not say: the number of cores (`PLAN-4`).
    pub fn default_parallelism(&self) -> usize {
        self.cores
    }

    /// Refuses a cluster on which no job can run.
    pub(super) fn check(&self) -> Result<(), BuildError> {
        if self.cores == 0 {
            return Err(BuildError::NoCores);
        }
        if self.cores > SparkContext::CORES_MAX {
            return Err(BuildError::TooManyCores(self.cores));
        }
        if self.concurrent_jobs == 0 {
            return Err(BuildError::NoJobs);
        }
        Ok(())
    }

    pub(super) fn concurrent_jobs(&self) -> usize {
        self.concurrent_jobs
    }

    pub(super) fn memory(&self) -> Option<u64> {
        self.memory
    }

    /// The Spark that the program plays.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The placement and order of keys where a program does not say (`PLAN-4`).
    pub fn partitioner(&self) -> HashPartitioner {
        // Other numbers are refused when the program is built.
        let cores = self.cores.clamp(1, SparkContext::CORES_MAX);
        HashPartitioner::new(self.profile, self.key_order, cores)
    }
}
