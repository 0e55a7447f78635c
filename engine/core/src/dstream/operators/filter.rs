//! `filter`: some of the records.

use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::{filter, try_filter};
use crate::{Data, Failure};

impl<T: Data> DStream<T> {
    /// The records for which `predicate` holds.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![1, 2, 3]], |numbers| numbers.filter(|n| n % 2 == 1), [vec![1, 3]]);
    /// ```
    pub fn filter(&self, predicate: impl Fn(&T) -> bool + Send + Sync + 'static) -> DStream<T> {
        self.map_chunks("filter", Keys::Kept, filter(predicate))
    }

    /// As [`filter`](DStream::filter), by a function that may fail: then the batch does.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// let is_positive = |text: &&str| Ok(text.parse::<i64>()? > 0);
    /// test_operation([vec!["7", "-7"]], move |texts| texts.try_filter(is_positive), [vec!["7"]]);
    /// ```
    pub fn try_filter(
        &self,
        predicate: impl Fn(&T) -> Result<bool, Failure> + Send + Sync + 'static,
    ) -> DStream<T> {
        self.map_chunks("try_filter", Keys::Kept, try_filter(predicate))
    }
}
