//! `update_state_by_key`: a state for every key, updated for every key in every batch.

use std::sync::Arc;
use std::time::Duration;

use crate::dstream::DStream;
use crate::dstream::node::{Node, NodeContext, codec_of};
use crate::dstream::node_ref::NodeRef;
use crate::dstream::saved_rows::{rows_to_save, saved_rows};
use crate::recovery::StateContent;
use crate::rows::HashPartitioner;
use crate::state::UpdateSpec;
use crate::state::budget::Share;
use crate::state::saved_slots::RowsCodec;
use crate::state::state_store::{OPERATOR, StateStore};
use crate::state::update_spec::StoreParts;
use crate::{Data, Failure, Grid, Key, Rdd, Time};

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
        self.update_state_by_key_with(UpdateSpec::function(update))
    }

    /// As [`update_state_by_key`](Self::update_state_by_key), with its settings: an initial state, a
    /// number of partitions, a function that knows the batch time and the key, or one that is given
    /// whole partitions (`USK-5`, `USK-7`).
    ///
    /// ```
    /// use engine::{Time, UpdateSpec};
    /// use engine::testing::test_operation;
    ///
    /// // Which keys came, and when last.
    /// let last_seen = |now: Time, _key: &i64, new_values: &[i64], last: Option<i64>| {
    ///     if new_values.is_empty() { last } else { Some(now.as_millis()) }
    /// };
    /// test_operation(
    ///     [vec![(2, 1)], vec![(4, 1)], vec![(2, 1)]],
    ///     |pairs| pairs.update_state_by_key_with(UpdateSpec::function_at(last_seen)),
    ///     [vec![(2, 1_000)], vec![(2, 1_000), (4, 2_000)], vec![(2, 3_000), (4, 2_000)]],
    /// );
    /// ```
    pub fn update_state_by_key_with<S: Data>(&self, spec: UpdateSpec<K, V, S>) -> DStream<(K, S)> {
        let context = self.context();
        let partitioner = self.partitioner_with(OPERATOR, spec.partitions());
        let remembers_partitioner = spec.remembers_partitioner();
        let StoreParts {
            store,
            initial,
            codec,
        } = spec.into_parts(partitioner, context.concurrency());
        let node = UpdateStateByKey {
            parent: self.node(),
            partitioner,
            remembers_partitioner,
            // Of a batch in which all states change, those of before are kept too.
            share: context.budget().share(OPERATOR, 2),
            states: store,
            initial: Some(initial),
            codec,
            saves: None,
        };
        self.context()
            .add_stateful(self.slide(), &[self.edge()], node)
    }
}

struct UpdateStateByKey<K, V, S> {
    parent: NodeRef<Rdd<(K, V)>>,
    partitioner: HashPartitioner,
    /// True if the stream is known to be partitioned so.
    remembers_partitioner: bool,
    share: Share,
    states: Box<dyn StateStore<K, V, S>>,
    /// The state before the first batch, until that has put it into the states.
    initial: Option<Vec<(K, S)>>,
    codec: Option<RowsCodec<K, S>>,
    /// The batches that are saved, in a program that saves its states.
    saves: Option<Grid>,
}

impl<K: Key, V: Data, S: Data> UpdateStateByKey<K, V, S> {
    /// The batch that is these states.
    fn batch(&self, states: Rdd<(K, S)>) -> Rdd<(K, S)> {
        if self.remembers_partitioner {
            states.partitioned_by(self.partitioner)
        } else {
            states
        }
    }
}

impl<K: Key, V: Data, S: Data> Node for UpdateStateByKey<K, V, S> {
    type Batch = Rdd<(K, S)>;

    fn name(&self) -> &'static str {
        OPERATOR
    }

    fn partitioner(&self) -> Option<HashPartitioner> {
        Some(self.partitioner)
    }

    fn compute(
        &mut self,
        time: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<Rdd<(K, S)>, Failure> {
        let records = context.batch(self.parent, time)?;
        if let Some(initial) = &self.initial {
            self.states.begin(self.partitioner.scatter(initial.clone()));
            // Not before: if a key of it panics, the next job reads it again.
            self.initial = None;
        }
        let zero_time = context.zero_time();
        let is_saved = self.saves.is_some_and(|saves| saves.holds(time, zero_time));
        let footprint = self
            .states
            .run(time, is_saved, &records, context.workers())?;
        self.share.take::<K, S>(footprint)?;
        let (states, counters) = self.states.commit();
        context.count(counters);
        Ok(self.batch(states))
    }

    fn can_save(&self) -> bool {
        self.codec.is_some()
    }

    fn state_partitioner(&self) -> Option<HashPartitioner> {
        Some(self.partitioner)
    }

    fn begin_saving(&mut self, saves: Grid, slide: Duration) {
        self.saves = Some(saves);
        let batches = saves.interval().as_millis() / slide.as_millis();
        self.states
            .begin_saving(u64::try_from(batches).unwrap_or(u64::MAX));
    }

    fn save_all(&mut self) {
        self.states.save_all();
    }

    fn save(&mut self, time: Time, batch: &Rdd<(K, S)>) -> Result<(StateContent, Time), Failure> {
        let Some((unsaved, since)) = self.states.take_unsaved(time) else {
            return Ok((rows_to_save(self.codec, OPERATOR, batch)?, time));
        };
        let codec = codec_of(self.codec)?;
        let content = StateContent::new(unsaved, move |unsaved| codec.encode(unsaved));
        Ok((content, since))
    }

    fn restore(&mut self, time: Time, saved: &[u8], _: Time) -> Result<Rdd<(K, S)>, Failure> {
        let states = saved_rows(self.codec, saved)?;
        self.states.begin(states.clone());
        self.states.log_all(time);
        self.initial = None;
        Ok(self.batch(Rdd::of_partitions(Arc::new(states))))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::*;
    use crate::Rdd;
    use crate::testing::{run_operation, test_operation};

    type Pair = (i64, i64);

    #[expect(
        clippy::unnecessary_wraps,
        reason = "an update that returns nothing removes the key"
    )]
    fn sum(new_values: &[i64], last_sum: Option<i64>) -> Option<i64> {
        Some(new_values.iter().sum::<i64>() + last_sum.unwrap_or(0))
    }

    #[track_caller]
    fn check(
        input: &[&[Pair]],
        update: impl Fn(&[i64], Option<i64>) -> Option<i64> + Send + Sync + 'static,
        expected: &[&[Pair]],
    ) {
        check_from(&[], input, update, expected);
    }

    #[track_caller]
    fn check_from(
        initial: &[Pair],
        input: &[&[Pair]],
        update: impl Fn(&[i64], Option<i64>) -> Option<i64> + Send + Sync + 'static,
        expected: &[&[Pair]],
    ) {
        test_operation(
            input.iter().map(|batch| batch.to_vec()),
            |pairs| {
                let spec = UpdateSpec::function(update).initial_state(initial.to_vec());
                pairs.update_state_by_key_with(spec)
            },
            expected.iter().map(|batch| batch.to_vec()),
        );
    }

    type Calls = Vec<(Vec<i64>, Option<i64>)>;

    /// How the function was called in each of these batches; the keys are in the values.
    fn calls(initial: &[Pair], input: &[&[Pair]]) -> Vec<Calls> {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&calls);
        let mut by_batch = Vec::new();
        let input = input.iter().map(|batch| batch.to_vec());
        let batches = input.len();
        let states = run_operation(
            input,
            |pairs| {
                let spec = UpdateSpec::function(move |values: &[i64], old| {
                    let mut seen = seen.lock().expect("one job runs at a time");
                    seen.push((values.to_vec(), old));
                    sum(values, old)
                });
                let states = pairs.update_state_by_key_with(spec.initial_state(initial.to_vec()));
                let seen = Arc::clone(&calls);
                states.transform(move |_, _| {
                    let mut seen = seen.lock().expect("one job runs at a time");
                    Rdd::of_rows(vec![std::mem::take(&mut *seen)])
                })
            },
            batches,
        );
        by_batch.extend(states.expect("the program keeps the rules"));
        by_batch
    }

    #[test]
    fn usk_1_the_state_of_a_batch_is_made_of_the_state_of_the_batch_before() {
        check(
            &[&[(2, 1), (2, 1)], &[(4, 1)], &[(4, 1), (2, 1)]],
            sum,
            &[&[(2, 2)], &[(2, 2), (4, 1)], &[(2, 3), (4, 2)]],
        );
    }

    #[test]
    fn usk_2_the_function_is_called_once_for_each_key_with_values_or_state() {
        let calls = calls(
            &[],
            &[&[(1, 10), (1, 11), (2, 20)], &[(3, 30), (1, 12)], &[]],
        );
        assert_eq!(
            calls,
            [
                vec![(vec![10, 11], None), (vec![20], None)],
                vec![(vec![12], Some(21)), (vec![], Some(20)), (vec![30], None)],
                vec![(vec![], Some(33)), (vec![], Some(20)), (vec![], Some(30))],
            ]
        );
    }

    #[test]
    fn usk_3_without_a_result_the_key_is_removed_and_comes_back_anew() {
        let drop_idle = |new_values: &[i64], last_sum| match new_values {
            [] => None,
            _ => sum(new_values, last_sum),
        };
        check(
            &[&[(1, 1), (2, 1)], &[(2, 1)], &[(1, 5), (2, 1)], &[]],
            drop_idle,
            &[&[(1, 1), (2, 1)], &[(2, 2)], &[(2, 3), (1, 5)], &[], &[]],
        );
    }

    #[test]
    fn usk_3_a_key_may_never_be_created() {
        let odd =
            |new_values: &[i64], _| new_values.first().copied().filter(|value| value % 2 == 1);
        check(&[&[(1, 1), (2, 2)]], odd, &[&[(1, 1)], &[]]);
    }

    #[test]
    fn usk_4_a_batch_without_rows_updates_every_key() {
        let age = |new_values: &[i64], age: Option<i64>| match (new_values, age) {
            ([], Some(age)) => Some(age + 1),
            _ => Some(0),
        };
        check(
            &[&[(1, 1)]],
            age,
            &[&[(1, 0)], &[(1, 1)], &[(1, 2)], &[(1, 3)]],
        );
    }

    #[test]
    fn usk_5_the_initial_state_is_the_state_before_the_first_batch() {
        let calls = calls(&[(1, 7), (2, 8)], &[&[(2, 1), (3, 1)], &[]]);
        assert_eq!(
            calls[0],
            [(vec![], Some(7)), (vec![1], Some(8)), (vec![1], None)]
        );
        assert_eq!(calls[1].len(), 3, "it is used once");
    }

    #[test]
    fn usk_5_of_a_key_that_is_there_twice_the_first_initial_state_counts() {
        check_from(
            &[(1, 7), (2, 1), (1, 100)],
            &[&[(1, 1)], &[]],
            sum,
            &[&[(1, 8), (2, 1)], &[(1, 8), (2, 1)]],
        );
    }

    #[test]
    fn usk_5_an_initial_state_may_be_removed_at_once() {
        let keep_busy = |new_values: &[i64], old| (!new_values.is_empty()).then_some(old?);
        check_from(
            &[(1, 7), (2, 8)],
            &[&[(2, 0)]],
            keep_busy,
            &[&[(2, 8)], &[]],
        );
    }

    #[test]
    fn usk_6_the_output_is_the_whole_state() {
        check(
            &[&[(1, 1), (2, 1), (3, 1)], &[(3, 1)]],
            sum,
            &[&[(1, 1), (2, 1), (3, 1)], &[(1, 1), (2, 1), (3, 2)]],
        );
    }

    #[test]
    fn usk_9_new_values_are_in_the_order_of_arrival() {
        let digits = |new_values: &[i64], number: Option<i64>| {
            Some(
                new_values
                    .iter()
                    .fold(number.unwrap_or(0), |number, digit| number * 10 + digit),
            )
        };
        check(
            &[&[(1, 3), (1, 1)], &[(1, 4), (1, 2)]],
            digits,
            &[&[(1, 31)], &[(1, 3142)]],
        );
    }

    #[test]
    fn gen_3_state_over_windows_is_updated_once_a_slide() {
        let seconds = Duration::from_secs;
        test_operation(
            [vec![(1, 1)], vec![(1, 1)], vec![(1, 1)], vec![(2, 1)]],
            move |pairs: DStream<Pair>| {
                pairs
                    .window(seconds(1), seconds(2))
                    .update_state_by_key(sum)
            },
            [vec![(1, 1)], vec![(1, 1), (2, 1)], vec![(1, 1), (2, 1)]],
        );
    }

    #[test]
    fn win_7_windows_over_state_find_the_states_of_their_batches() {
        let seconds = Duration::from_secs;
        test_operation(
            [vec![(1, 1)], vec![(1, 1)], vec![(1, 1)], vec![(2, 1)]],
            move |pairs: DStream<Pair>| {
                pairs
                    .update_state_by_key(sum)
                    .window(seconds(2), seconds(2))
            },
            [vec![(1, 1), (1, 2)], vec![(1, 3), (1, 3), (2, 1)]],
        );
    }
}
