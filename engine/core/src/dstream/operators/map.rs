//! `map`: one record out for each record in.

use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::{map, try_map};
use crate::{Data, Failure};

impl<T: Data> DStream<T> {
    /// The result of `function` on each record.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![1, 2], vec![3]], |numbers| numbers.map(|n| n * 10), [vec![10, 20], vec![30]]);
    /// ```
    pub fn map<U: Data>(&self, function: impl Fn(T) -> U + Send + Sync + 'static) -> DStream<U> {
        self.map_chunks("map", Keys::Changed, map(function))
    }

    /// As [`map`](DStream::map), by a function that may fail: then the batch does.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec!["7"]], |texts| texts.try_map(|text| Ok(text.parse::<i64>()?)), [vec![7]]);
    /// ```
    pub fn try_map<U: Data>(
        &self,
        function: impl Fn(T) -> Result<U, Failure> + Send + Sync + 'static,
    ) -> DStream<U> {
        self.map_chunks("try_map", Keys::Changed, try_map(function))
    }
}
