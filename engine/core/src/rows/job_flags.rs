//! Flags that the first job to end on some rows raises.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Raised when a job that read some rows has ended (`org.apache.spark.rdd.RDD.doCheckpoint`, which
/// Spark calls then for all rows that the job's are made of). Lowered by no one.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobFlag(Arc<AtomicBool>);

impl JobFlag {
    /// True if a job has ended.
    pub(crate) fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The flags of all batches that some rows are made of. Most rows have none, and cost nothing to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobFlags(Option<Arc<Vec<JobFlag>>>);

impl JobFlags {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Adds the flags of another batch, each once.
    pub(crate) fn extend(&mut self, other: &JobFlags) {
        for flag in other.0.iter().flat_map(|flags| flags.iter()) {
            let own = Arc::make_mut(self.0.get_or_insert_default());
            if !own.iter().any(|own| Arc::ptr_eq(&own.0, &flag.0)) {
                own.push(flag.clone());
            }
        }
    }

    /// Raises all of them.
    pub(crate) fn raise(&self) {
        for flag in self.0.iter().flat_map(|flags| flags.iter()) {
            flag.raise();
        }
    }
}

impl From<JobFlag> for JobFlags {
    fn from(flag: JobFlag) -> JobFlags {
        JobFlags(Some(Arc::new(vec![flag])))
    }
}
