//! `group_by_key_and_window`: all the values of a key in a window of time.

use std::time::Duration;

use super::window_spec::WindowSpec;
use crate::dstream::DStream;
use crate::{Data, Key, Saved};

impl<K: Key, V: Data> DStream<(K, V)> {
    /// Each key with all its values of the last `length`, once every `slide`, oldest first
    /// (`PairDStreamFunctions.groupByKeyAndWindow`).
    ///
    /// On the JVM each batch is grouped, and then the batches of the window are. `PySpark` computes the groups from those
    /// of the window before, if there are five slides in a window or more: a key then stays, with no values
    /// (`WIN-5`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation(
    ///     [vec![(2, 'a'), (4, 'b')], vec![(2, 'c')], vec![]],
    ///     move |pairs| pairs.group_by_key_and_window(seconds(2), seconds(1)),
    ///     [vec![(2, vec!['a']), (4, vec!['b'])], vec![(2, vec!['a', 'c']), (4, vec!['b'])], vec![(2, vec!['c'])]],
    /// );
    /// ```
    pub fn group_by_key_and_window(
        &self,
        length: Duration,
        slide: Duration,
    ) -> DStream<(K, Vec<V>)> {
        self.group_in_windows(WindowSpec::function(extend, length, slide))
    }

    /// As [`group_by_key_and_window`](Self::group_by_key_and_window), in a program that has
    /// [checkpoints](crate::StreamingContext::checkpoint).
    pub fn group_by_key_and_window_saved(
        &self,
        length: Duration,
        slide: Duration,
    ) -> DStream<(K, Vec<V>)>
    where
        K: Saved,
        V: Saved,
    {
        self.group_in_windows(WindowSpec::function(extend, length, slide).saved())
    }

    fn group_in_windows(&self, spec: WindowSpec<K, Vec<V>>) -> DStream<(K, Vec<V>)> {
        if self.context().profile().is_jvm() {
            let windows = self.group_by_key().window(spec.length, spec.slide);
            return windows.with_partitions_of(self).reduce_by_key(extend);
        }
        let groups = self.map_values(|value| vec![value]);
        let without_oldest = |mut values: Vec<V>, oldest: Vec<V>| {
            values.drain(..oldest.len().min(values.len()));
            values
        };
        let groups = groups.with_partitions_of(self);
        groups.reduce_by_key_and_window_with(spec.inverse(without_oldest))
    }
}

fn extend<V>(mut values: Vec<V>, newer: Vec<V>) -> Vec<V> {
    values.extend(newer);
    values
}
