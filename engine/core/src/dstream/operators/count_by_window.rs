//! `count_by_window`: how many records a window of time has.

use std::time::Duration;

use super::window_spec::WindowSpec;
use crate::Data;
use crate::dstream::DStream;

impl<T: Data> DStream<T> {
    /// The number of records of the last `length`, as one record, once every `slide` (`DStream.countByWindow`).
    ///
    /// It is computed from the window before, so that a window without records has a 0, but for those before the first
    /// record, which have no count. `PySpark` counts windows of fewer than five slides anew: they have no 0.
    ///
    /// ```
    /// use engine::testing::test_operation_on;
    /// use engine::{Profile, SparkContext};
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// for (profile, last) in [(Profile::Jvm, vec![0]), (Profile::Pyspark, vec![])] {
    ///     test_operation_on(
    ///         &SparkContext::local(1, "window").with_profile(profile),
    ///         [vec![], vec!['a', 'b'], vec!['c'], vec![]],
    ///         move |letters| letters.count_by_window(seconds(2), seconds(1)),
    ///         [vec![], vec![2], vec![3], vec![1], last],
    ///     );
    /// }
    /// ```
    pub fn count_by_window(&self, length: Duration, slide: Duration) -> DStream<i64> {
        let ones = self.map(|_| 1);
        let sums = WindowSpec::function(|x, y| x + y, length, slide);
        ones.reduce_by_window_with(sums.inverse(|x, y| x - y).saved())
    }
}
