//! `update_state_by_key`: a state for every key, updated for every key in every batch.

use std::sync::Arc;

use crate::dstream::{DStream, Data, Key, Rdd};
use crate::state::update_by_key;

impl<K: Key, V: Data> DStream<(K, V)> {
    /// The state of every key after each batch: all of it, not what changed (`USK-1`, `USK-6`;
    /// `org.apache.spark.streaming.dstream.StateDStream`).
    ///
    /// `update` is called once for every key that has new values or has a state, in every batch, with
    /// the new values in the order of arrival: none for an idle key (`USK-2`). Without a result the
    /// key is removed (`USK-3`). Each batch costs in proportion to the state.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 1), (2, 1)], vec![(4, 1)], vec![]],
    ///     |pairs| pairs.update_state_by_key(|new_values, last_sum: Option<i64>| {
    ///         Some(new_values.iter().sum::<i64>() + last_sum.unwrap_or(0))
    ///     }),
    ///     [vec![(2, 2)], vec![(2, 2), (4, 1)], vec![(2, 2), (4, 1)]],
    /// );
    /// ```
    pub fn update_state_by_key<S: Data>(
        &self,
        update: impl Fn(&[V], Option<S>) -> Option<S> + Send + Sync + 'static,
    ) -> DStream<(K, S)> {
        self.update_state_by_key_from(Vec::new(), update)
    }

    /// As [`update_state_by_key`](Self::update_state_by_key), where these keys have a state before
    /// the first batch (`USK-5`, `initialRDD`). Of a key that is there twice the first state counts.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(4, 1)]],
    ///     |pairs| pairs.update_state_by_key_from(vec![(2, 7)], |new_values, last_sum| {
    ///         Some(new_values.iter().sum::<i64>() + last_sum.unwrap_or(0))
    ///     }),
    ///     [vec![(2, 7), (4, 1)]],
    /// );
    /// ```
    pub fn update_state_by_key_from<S: Data>(
        &self,
        initial: Vec<(K, S)>,
        update: impl Fn(&[V], Option<S>) -> Option<S> + Send + Sync + 'static,
    ) -> DStream<(K, S)> {
        let (parent, shuffle) = (self.parent(), self.context().shuffle());
        let mut state = Arc::new(update_by_key::initial_state(shuffle, initial));
        self.context()
            .add_stateful_node(self.slide(), &[self.edge()], move |time, upstream| {
                let groups = shuffle.group(&upstream.batch(parent, time), upstream.workers());
                state = Arc::new(update_by_key::updated(
                    shuffle,
                    &state,
                    &groups,
                    &update,
                    upstream.workers(),
                ));
                Rdd::of_shared_rows(Arc::clone(&state))
            })
    }
}
