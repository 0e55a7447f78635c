//! Rows made of other rows, one by one.

use std::sync::Arc;

use super::map_partitions::{filter, flat_map, map, try_filter, try_flat_map, try_map};
use super::rdd::{Keys, Rdd};
use crate::{Data, Failure};

impl<T: Data> Rdd<T> {
    /// The result of `function` on each row.
    pub fn map<U: Data>(&self, function: impl Fn(T) -> U + Send + Sync + 'static) -> Rdd<U> {
        self.map_chunks("map", Keys::Changed, &Arc::new(map(function)))
    }

    /// As [`map`](Rdd::map), by a function that may fail: then the job that reads the row does.
    ///
    /// ```
    /// use engine::Rdd;
    /// let numbers = Rdd::of_rows(vec![vec!["1", "2", "blue"]]).try_map(|text| Ok(text.parse::<i64>()?));
    /// assert_eq!(numbers.take(2)?, [1, 2]);
    /// assert_eq!(numbers.collect().unwrap_err().to_string(), "try_map: invalid digit found in string");
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn try_map<U: Data>(
        &self,
        function: impl Fn(T) -> Result<U, Failure> + Send + Sync + 'static,
    ) -> Rdd<U> {
        self.map_chunks("try_map", Keys::Changed, &Arc::new(try_map(function)))
    }

    /// All the results of `function` on each row, one after the other.
    pub fn flat_map<U: Data, I: IntoIterator<Item = U>>(
        &self,
        function: impl Fn(T) -> I + Send + Sync + 'static,
    ) -> Rdd<U> {
        self.map_chunks("flat_map", Keys::Changed, &Arc::new(flat_map(function)))
    }

    /// As [`flat_map`](Rdd::flat_map), by a function that may fail, and so may each of its results. They are pulled as
    /// they are read: a reader that stops early, as [`take`](Rdd::take) does, pulls no more.
    ///
    /// ```
    /// use engine::{Failure, FailureKind, Rdd};
    /// let endless = Rdd::of_rows(vec![vec![1]]).try_flat_map(|n| Ok((n..).map(Ok)));
    /// assert_eq!(endless.take(2)?, [1, 2]);
    /// # Ok::<(), Failure>(())
    /// ```
    pub fn try_flat_map<U: Data, I: IntoIterator<Item = Result<U, Failure>>>(
        &self,
        function: impl Fn(T) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> Rdd<U> {
        let function = Arc::new(try_flat_map(function));
        self.map_chunks("try_flat_map", Keys::Changed, &function)
    }

    /// The rows for which `predicate` holds.
    pub fn filter(&self, predicate: impl Fn(&T) -> bool + Send + Sync + 'static) -> Rdd<T> {
        self.map_chunks("filter", Keys::Kept, &Arc::new(filter(predicate)))
    }

    /// As [`filter`](Rdd::filter), by a function that may fail: then the job that reads the row does.
    ///
    /// ```
    /// use engine::Rdd;
    /// let texts = Rdd::of_rows(vec![vec!["1", "-2"]]);
    /// let positive = texts.try_filter(|text| Ok(text.parse::<i64>()? > 0));
    /// assert_eq!(positive.collect()?, ["1"]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn try_filter(
        &self,
        predicate: impl Fn(&T) -> Result<bool, Failure> + Send + Sync + 'static,
    ) -> Rdd<T> {
        self.map_chunks("try_filter", Keys::Kept, &Arc::new(try_filter(predicate)))
    }
}
