//! `flat_map`: any number of records out for each record in.

use crate::Data;
use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::flat_map;

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
}
