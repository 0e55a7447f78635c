//! `count_by_value_and_window`: how often each record comes in a window of time.

use std::time::Duration;

use super::window_spec::WindowSpec;
use crate::dstream::DStream;
use crate::{Key, Saved};

impl<T: Key> DStream<T> {
    /// Each distinct record of the last `length` with how often it comes, once every `slide`
    /// (`DStream.countByValueAndWindow`). A record that is not in the window is not there.
    ///
    /// On the JVM it leaves the state of the window, too, and comes at the end of its partition when it comes again.
    /// `PySpark` keeps its 0, where the window is computed from the one before, and only does not show it.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation(
    ///     [vec![2, 4], vec![4], vec![]],
    ///     move |numbers| numbers.count_by_value_and_window(seconds(2), seconds(1)),
    ///     [vec![(2, 1), (4, 1)], vec![(2, 1), (4, 2)], vec![(4, 1)], vec![]],
    /// );
    /// ```
    pub fn count_by_value_and_window(
        &self,
        length: Duration,
        slide: Duration,
    ) -> DStream<(T, i64)> {
        let sums = WindowSpec::function(|x, y| x + y, length, slide);
        self.count_in_windows(sums)
    }

    /// As [`count_by_value_and_window`](Self::count_by_value_and_window), in a program that has
    /// [checkpoints](crate::StreamingContext::checkpoint).
    pub fn count_by_value_and_window_saved(
        &self,
        length: Duration,
        slide: Duration,
    ) -> DStream<(T, i64)>
    where
        T: Saved,
    {
        let sums = WindowSpec::function(|x, y| x + y, length, slide);
        self.count_in_windows(sums.saved())
    }

    fn count_in_windows(&self, sums: WindowSpec<T, i64>) -> DStream<(T, i64)> {
        let ones = self.map(|record| (record, 1)).with_partitions_of(self);
        let counts = sums.inverse(|x, y| x - y);
        if self.context().profile().is_jvm() {
            return ones.reduce_by_key_and_window_with(counts.filter(|pair| pair.1 != 0));
        }
        ones.reduce_by_key_and_window_with(counts)
            .filter(|pair| pair.1 > 0)
    }
}
