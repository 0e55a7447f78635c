//! `flat_map`: any number of records out for each record in.

use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::{flat_map, try_flat_map};
use crate::{Data, Failure};

impl<T: Data> DStream<T> {
    /// All the results of `function` on each record, one after the other.
    ///
    /// ```
    /// use engine::{testing::test_operation, Text};
    /// test_operation(
    ///     [vec![Text::from("blue green"), Text::from("")]],
    ///     |lines| lines.flat_map(|line| line.split(" ")),
    ///     [vec![Text::from("blue"), Text::from("green"), Text::from("")]],
    /// );
    /// ```
    pub fn flat_map<U: Data, I: IntoIterator<Item = U>>(
        &self,
        function: impl Fn(T) -> I + Send + Sync + 'static,
    ) -> DStream<U> {
        self.map_chunks("flat_map", Keys::Changed, flat_map(function))
    }

    /// As [`flat_map`](DStream::flat_map), by a function that may fail, and so may each of its results: then the batch
    /// does.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// let numbers = |text: &str| Ok(text.split(' ').map(|word| Ok(word.parse::<i64>()?)).collect::<Vec<_>>());
    /// test_operation([vec!["7 8"]], move |texts| texts.try_flat_map(numbers), [vec![7, 8]]);
    /// ```
    pub fn try_flat_map<U: Data, I: IntoIterator<Item = Result<U, Failure>>>(
        &self,
        function: impl Fn(T) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> DStream<U> {
        self.map_chunks("try_flat_map", Keys::Changed, try_flat_map(function))
    }
}
