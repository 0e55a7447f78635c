//! `reduce_by_window`: one record of all the records in a window of time.

use std::sync::Arc;
use std::time::Duration;

use super::window_spec::WindowSpec;
use crate::Data;
use crate::dstream::DStream;

/// The key of all records.
const KEY: i32 = 1;

impl<T: Data> DStream<T> {
    /// All records of the last `length` reduced to one, once every `slide`; a window without records stays empty
    /// (`DStream.reduceByWindow`). Each batch is reduced, then the batches of the window are.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation(
    ///     [vec![1, 2], vec![3], vec![]],
    ///     move |numbers| numbers.reduce_by_window(|x, y| x + y, seconds(2), seconds(1)),
    ///     [vec![3], vec![6], vec![3], vec![]],
    /// );
    /// ```
    pub fn reduce_by_window(
        &self,
        function: impl Fn(T, T) -> T + Send + Sync + 'static,
        length: Duration,
        slide: Duration,
    ) -> DStream<T> {
        self.reduce_by_window_with(WindowSpec::function(function, length, slide))
    }

    /// As [`reduce_by_window`](Self::reduce_by_window), computed from the window before: what came is added by
    /// `function`, what left is taken away by `inverse` (`WIN-4`). Once there was a record there always is one
    /// (`WIN-5`).
    ///
    /// ```
    /// use engine::testing::test_operation_on;
    /// use engine::{Profile, SparkContext};
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation_on(
    ///     &SparkContext::local(1, "window").with_profile(Profile::Jvm),
    ///     [vec![1, 2], vec![3], vec![]],
    ///     move |numbers| numbers.reduce_by_window_inverse(|x, y| x + y, |x, y| x - y, seconds(2), seconds(1)),
    ///     [vec![3], vec![6], vec![3], vec![0]],
    /// );
    /// ```
    pub fn reduce_by_window_inverse(
        &self,
        function: impl Fn(T, T) -> T + Send + Sync + 'static,
        inverse: impl Fn(T, T) -> T + Send + Sync + 'static,
        length: Duration,
        slide: Duration,
    ) -> DStream<T> {
        self.reduce_by_window_with(WindowSpec::function(function, length, slide).inverse(inverse))
    }

    /// The windows that `spec` says, in which all records have the key 1, in one partition.
    pub fn reduce_by_window_with(&self, spec: WindowSpec<i32, T>) -> DStream<T> {
        if spec.inverse.is_some() {
            let keyed = self.map(|record| (KEY, record));
            let windows = keyed.reduce_by_key_and_window_with(spec.num_partitions(1));
            return windows.map(|(_, record)| record);
        }
        let function = Arc::clone(&spec.function);
        let reduced = self.try_reduce(move |x, y| function(x, y));
        let windows = reduced.window(spec.length, spec.slide);
        windows.try_reduce(move |x, y| (spec.function)(x, y))
    }
}
