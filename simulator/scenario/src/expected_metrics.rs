//! Expectations of delays, of the queue of batches and of rates.

use std::time::Duration;

/// The bounds of a quantity, both included; at least one is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds<T> {
    /// It is not less than this.
    pub at_least: Option<T>,
    /// It is not more than this.
    pub at_most: Option<T>,
}

impl<T: PartialOrd> Bounds<T> {
    /// True if the quantity is within.
    pub fn hold(&self, actual: &T) -> bool {
        self.at_least.as_ref().is_none_or(|least| actual >= least)
            && self.at_most.as_ref().is_none_or(|most| actual <= most)
    }
}

/// The delays and rates that are expected (`MET-2`); `None` where it does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ExpectedMetrics {
    /// Of the last batch that completed: from its submission to the start of its first job.
    pub scheduling_delay: Option<Bounds<Duration>>,
    /// Of the last batch that completed: from the start of its first job to the end of its last one. Of a query, from
    /// the trigger of its last micro-batch to the end of that.
    pub processing_time: Option<Bounds<Duration>>,
    /// Of the last batch that completed: from its submission to its end.
    pub total_delay: Option<Bounds<Duration>>,
    /// The mean of the total delays of all batches that have completed, to the millisecond.
    pub average_total_delay: Option<Bounds<Duration>>,
    /// The batches that wait or run.
    pub queue_length: Option<Bounds<u64>>,
    /// Of the last batch that completed: its records a second.
    pub input_rate: Option<Bounds<f64>>,
}

impl ExpectedMetrics {
    /// True if one is expected that a query has not: its trigger waits for the micro-batch before, so that none queues.
    pub fn is_of_a_queue(&self) -> bool {
        let ExpectedMetrics {
            processing_time, ..
        } = *self;
        *self
            != ExpectedMetrics {
                processing_time,
                ..ExpectedMetrics::default()
            }
    }
}
