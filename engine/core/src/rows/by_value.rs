//! Pairs made of other pairs, one by one.

use std::sync::Arc;

use super::map_partitions::{flat_map_values, map, try_map_values};
use super::rdd::{Keys, Rdd};
use crate::{Data, Failure, Key};

impl<K: Data, V: Data> Rdd<(K, V)> {
    /// Each key with the result of `function` on its value.
    pub fn map_values<U: Data>(
        &self,
        function: impl Fn(V) -> U + Send + Sync + 'static,
    ) -> Rdd<(K, U)> {
        let function = map(move |(key, value)| (key, function(value)));
        self.map_chunks("map_values", Keys::Kept, &Arc::new(function))
    }

    /// The keys, in their order (`PairRDDFunctions.keys`).
    pub fn keys(&self) -> Rdd<K> {
        self.map_chunks("keys", Keys::Changed, &Arc::new(map(|(key, _)| key)))
    }

    /// The values, in their order (`PairRDDFunctions.values`).
    pub fn values(&self) -> Rdd<V> {
        self.map_chunks("values", Keys::Changed, &Arc::new(map(|(_, value)| value)))
    }
}

impl<K: Key, V: Data> Rdd<(K, V)> {
    /// As [`map_values`](Rdd::map_values), by a function that may fail: then the job that reads the pair does, and its
    /// failure names the key.
    ///
    /// ```
    /// use engine::Rdd;
    /// let numbers = Rdd::of_rows(vec![vec![("a", "1"), ("b", "blue")]]).try_map_values(|text| Ok(text.parse::<i64>()?));
    /// assert_eq!(numbers.take(1)?, [("a", 1)]);
    /// let message = "try_map_values, key \"b\": invalid digit found in string";
    /// assert_eq!(numbers.collect().unwrap_err().to_string(), message);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn try_map_values<U: Data>(
        &self,
        function: impl Fn(V) -> Result<U, Failure> + Send + Sync + 'static,
    ) -> Rdd<(K, U)> {
        let function = try_map_values("try_map_values", function);
        self.map_chunks("try_map_values", Keys::Kept, &Arc::new(function))
    }

    /// Each key with all the results of `function` on its value, one after the other
    /// (`PairRDDFunctions.flatMapValues`).
    ///
    /// ```
    /// use engine::Rdd;
    /// let pairs = Rdd::of_rows(vec![vec![("a", 2), ("b", 0)]]);
    /// assert_eq!(pairs.flat_map_values(|n| 0..n).collect()?, [("a", 0), ("a", 1)]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn flat_map_values<U: Data, I: IntoIterator<Item = U>>(
        &self,
        function: impl Fn(V) -> I + Send + Sync + 'static,
    ) -> Rdd<(K, U)> {
        self.flat_map_values_as("flat_map_values", function)
    }

    /// The results of `function`, for the method of this name.
    pub(super) fn flat_map_values_as<U: Data, I: IntoIterator<Item = U>>(
        &self,
        operator: &'static str,
        function: impl Fn(V) -> I + Send + Sync + 'static,
    ) -> Rdd<(K, U)> {
        let function = flat_map_values(operator, function);
        self.map_chunks(operator, Keys::Kept, &Arc::new(function))
    }
}
