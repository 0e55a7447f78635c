//! `foreach_rdd`: what is done with each batch, in the user's own words.

use crate::Time;
use crate::dstream::DStream;
use crate::dstream::output::Reads;
use crate::{Data, Failure, Rdd};

impl<T: Data> DStream<T> {
    /// Runs `operation` on each batch and its time: an output operation of the user's own
    /// (`DStream.foreachRDD`).
    ///
    /// A batch that cannot be made, as a function of its states fails, fails what reads it: an operation that does not, or
    /// that passes over the failure, does well (`JOB-4`).
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "sum"), Duration::from_secs(1));
    /// let mut total = 0;
    /// ssc.queue_stream([vec![1, 2], vec![3]]).foreach_rdd(move |batch, time| {
    ///     total += batch.collect()?.iter().sum::<i32>();
    ///     assert!(total <= 6, "at {time}");
    ///     Ok(())
    /// });
    /// ```
    pub fn foreach_rdd(
        &self,
        mut operation: impl FnMut(&Rdd<T>, Time) -> Result<(), Failure> + Send + 'static,
    ) {
        self.output("foreach_rdd", Reads::Batch, move |batch, context| {
            operation(batch, context.batch_job.batch_time)
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use crate::{BuildError, Inline, SparkContext, Stepper, StreamingContext, Time};

    #[test]
    fn clk_4_an_operation_is_told_the_end_of_the_interval() -> Result<(), BuildError> {
        let ssc = StreamingContext::new(
            &SparkContext::local(2, "times"),
            Duration::from_millis(1_500),
        );
        let seen = Arc::new(Mutex::new(Vec::new()));
        let times = Arc::clone(&seen);
        ssc.queue_stream([vec!['a']])
            .foreach_rdd(move |batch, time| {
                let mut times = times.lock().expect("one job runs at a time");
                times.push((time.as_millis(), batch.collect()?));
                Ok(())
            });
        let mut stepper = Stepper::start(ssc.build()?, Time::from_millis(100_000));
        stepper.step(&Inline);
        stepper.step(&Inline);
        let seen = seen.lock().expect("no job is running");
        assert_eq!(*seen, [(100_500, vec!['a']), (102_000, vec![])]);
        Ok(())
    }
}
