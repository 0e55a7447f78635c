//! `foreach_rdd`: what is done with each batch, in the user's own words.

use crate::Time;
use crate::dstream::{DStream, Data, Rdd};

impl<T: Data> DStream<T> {
    /// Runs `operation` on each batch and its time: an output operation of the user's own
    /// (`DStream.foreachRDD`).
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "sum"), Duration::from_secs(1));
    /// let mut total = 0;
    /// ssc.queue_stream([vec![1, 2], vec![3]]).foreach_rdd(move |batch, time| {
    ///     total += batch.collect().iter().sum::<i32>();
    ///     assert!(total <= 6, "at {time}");
    /// });
    /// ```
    pub fn foreach_rdd(&self, mut operation: impl FnMut(&Rdd<T>, Time) + Send + 'static) {
        self.output(move |time, batch, _, _| operation(&batch, time));
    }
}
