//! `reduce_by_key_and_window`: one value of all the values of a key in the last while.

use std::sync::Arc;
use std::time::Duration;

use super::window::batch_times;
use crate::Time;
use crate::dstream::DStream;
use crate::rows::partitioner::{FirstSeen, Partitioner};
use crate::{Data, Key, Rdd};

impl<K: Key, V: Data> DStream<(K, V)> {
    /// The values of each key in the last `length`, reduced to one, once every `slide` (`WIN-3`).
    ///
    /// Each batch is reduced, then the batches of the window are. A key without records in the window
    /// is not there.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation(
    ///     [vec![(2, 1)], vec![(2, 1)], vec![(4, 1)], vec![]],
    ///     move |pairs| pairs.reduce_by_key_and_window(|x, y| x + y, seconds(2), seconds(1)),
    ///     [vec![(2, 1)], vec![(2, 2)], vec![(2, 1), (4, 1)], vec![(4, 1)]],
    /// );
    /// ```
    pub fn reduce_by_key_and_window(
        &self,
        function: impl Fn(V, V) -> V + Send + Sync + 'static,
        length: Duration,
        slide: Duration,
    ) -> DStream<(K, V)> {
        let function = Arc::new(function);
        let per_batch = Arc::clone(&function);
        self.reduce_by_key(move |x, y| per_batch(x, y))
            .window(length, slide)
            .reduce_by_key(move |x, y| function(x, y))
    }

    /// As [`reduce_by_key_and_window`](Self::reduce_by_key_and_window), computed from the window
    /// before: what came is added by `function`, what left is taken away by `inverse` (`WIN-4`;
    /// `org.apache.spark.streaming.dstream.ReducedWindowedDStream`).
    ///
    /// Its cost does not grow with the window. Keys never disappear, a count of 0 stays (`WIN-5`).
    /// With a slide longer than the window, a key that is new counts the batches of the gap too: a
    /// defect of Spark's that is kept (`WIN-8`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation(
    ///     [vec![(2, 1)], vec![(2, 1)], vec![(4, 1)], vec![]],
    ///     move |pairs| pairs.reduce_by_key_and_window_inverse(|x, y| x + y, |x, y| x - y, seconds(2), seconds(1)),
    ///     [vec![(2, 1)], vec![(2, 2)], vec![(2, 1), (4, 1)], vec![(2, 0), (4, 1)]],
    /// );
    /// ```
    pub fn reduce_by_key_and_window_inverse(
        &self,
        function: impl Fn(V, V) -> V + Clone + Send + Sync + 'static,
        inverse: impl Fn(V, V) -> V + Send + Sync + 'static,
        length: Duration,
        slide: Duration,
    ) -> DStream<(K, V)> {
        self.reduce_by_key_and_window_filtered(function, inverse, |_| true, (length, slide))
    }

    /// As [`reduce_by_key_and_window_inverse`](Self::reduce_by_key_and_window_inverse), where a pair
    /// for which `keep` does not hold is dropped, and is not there for the next window either
    /// (`WIN-5`). `window` is its length and its slide.
    pub fn reduce_by_key_and_window_filtered(
        &self,
        function: impl Fn(V, V) -> V + Clone + Send + Sync + 'static,
        inverse: impl Fn(V, V) -> V + Send + Sync + 'static,
        keep: impl Fn(&(K, V)) -> bool + Send + Sync + 'static,
        window: (Duration, Duration),
    ) -> DStream<(K, V)> {
        let (length, slide) = window;
        self.check_window("length", length);
        self.check_window("slide", slide);
        let reduced = self.reduce_by_key(function.clone());
        let (parent, parent_slide, partitioner) = (
            reduced.parent(),
            reduced.slide(),
            self.context().partitioner(),
        );
        let mut previous: Arc<Vec<Vec<(K, V)>>> =
            Arc::new(vec![Vec::new(); partitioner.partitions()]);
        let edge = reduced.edge_back(length.saturating_add(slide));
        self.context()
            .add_stateful_node(slide, &[edge], move |time, upstream| {
                let zero_time = upstream.zero_time();
                let mut batches_until = |end: Option<Time>| -> Vec<Rdd<(K, V)>> {
                    let times = end
                        .into_iter()
                        .flat_map(|end| batch_times(end, slide, parent_slide, zero_time));
                    times.map(|time| upstream.batch(parent, time)).collect()
                };
                let leaving = batches_until(earlier(time, length));
                let coming = batches_until(Some(time));
                let merge = Merge {
                    partitioner,
                    function: &function,
                    inverse: &inverse,
                };
                let next = crate::workers::gather(
                    upstream.workers(),
                    partitioner.partitions(),
                    |partition| {
                        let mut pairs =
                            merge.partition(partition, &previous[partition], &leaving, &coming);
                        pairs.retain(|pair| keep(pair));
                        pairs
                    },
                );
                previous = Arc::new(next);
                Rdd::of_shared_rows(Arc::clone(&previous)).partitioned_by(partitioner)
            })
    }
}

fn earlier(time: Time, by: Duration) -> Option<Time> {
    let by_ms = i64::try_from(by.as_millis()).ok()?;
    time.as_millis().checked_sub(by_ms).map(Time::from_millis)
}

/// How the window before becomes the next one.
struct Merge<'a, F, I> {
    partitioner: Partitioner,
    function: &'a F,
    inverse: &'a I,
}

/// What a key has: in the window before, in the batches that leave, in those that come.
struct Parts<V> {
    previous: Option<V>,
    leaving: Option<V>,
    coming: Option<V>,
}

impl<V> Default for Parts<V> {
    fn default() -> Parts<V> {
        Parts {
            previous: None,
            leaving: None,
            coming: None,
        }
    }
}

impl<F, I> Merge<'_, F, I> {
    fn partition<K: Key, V: Data>(
        &self,
        partition: usize,
        previous: &[(K, V)],
        leaving: &[Rdd<(K, V)>],
        coming: &[Rdd<(K, V)>],
    ) -> Vec<(K, V)>
    where
        F: Fn(V, V) -> V,
        I: Fn(V, V) -> V,
    {
        let mut parts: FirstSeen<K, Parts<V>> = FirstSeen::default();
        for (key, value) in previous {
            parts.entry(key.clone()).or_default().previous = Some(value.clone());
        }
        visit(leaving, partition, |(key, value)| {
            self.add(&mut parts.entry(key).or_default().leaving, value);
        });
        visit(coming, partition, |(key, value)| {
            self.add(&mut parts.entry(key).or_default().coming, value);
        });
        let merged = parts
            .into_iter()
            .map(|(key, parts)| (key, self.value(parts)));
        self.partitioner.arrange(merged.collect(), |(key, _)| key)
    }

    fn add<V>(&self, total: &mut Option<V>, value: V)
    where
        F: Fn(V, V) -> V,
    {
        *total = Some(match total.take() {
            Some(old) => (self.function)(old, value),
            None => value,
        });
    }

    /// The value of one key (`WIN-4`): what leaves counts only for a key that was in the window.
    fn value<V>(&self, parts: Parts<V>) -> V
    where
        F: Fn(V, V) -> V,
        I: Fn(V, V) -> V,
    {
        let Some(previous) = parts.previous else {
            return parts.coming.expect(
                "neither previous window has value for key, nor new values found: \
                 the filter dropped a key whose records are still in the window",
            );
        };
        let rest = match parts.leaving {
            Some(leaving) => (self.inverse)(previous, leaving),
            None => previous,
        };
        match parts.coming {
            Some(coming) => (self.function)(rest, coming),
            None => rest,
        }
    }
}

fn visit<T: Data>(batches: &[Rdd<T>], partition: usize, mut each: impl FnMut(T)) {
    let with_rows = batches
        .iter()
        .filter(|batch| partition < batch.partition_count());
    with_rows.for_each(|batch| batch.visit_all(partition, &mut each));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{run_operation, test_operation};

    type Pairs = Vec<(&'static str, i32)>;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Batches as the golden vectors of Spark's tests write them: `a1 b2 | - | a3`.
    fn batches(text: &'static str) -> Vec<Pairs> {
        let pair = |pair: &'static str| {
            let (key, value) = pair.split_at(1);
            (
                key,
                value.parse().expect("a key of one letter and a number"),
            )
        };
        let batch = |batch: &'static str| batch.split_whitespace().filter(|pair| *pair != "-");
        text.split('|')
            .map(|text| batch(text).map(pair).collect())
            .collect()
    }

    fn plain(length: u64, slide: u64) -> impl Fn(DStream<Pair>) -> DStream<Pair> {
        move |pairs| pairs.reduce_by_key_and_window(|x, y| x + y, seconds(length), seconds(slide))
    }

    fn inverse(length: u64, slide: u64) -> impl Fn(DStream<Pair>) -> DStream<Pair> {
        move |pairs| {
            let window = (seconds(length), seconds(slide));
            pairs.reduce_by_key_and_window_inverse(|x, y| x + y, |x, y| x - y, window.0, window.1)
        }
    }

    fn without_zeros(length: u64, slide: u64) -> impl Fn(DStream<Pair>) -> DStream<Pair> {
        move |pairs| {
            let window = (seconds(length), seconds(slide));
            let keep = |pair: &Pair| pair.1 != 0;
            pairs.reduce_by_key_and_window_filtered(|x, y| x + y, |x, y| x - y, keep, window)
        }
    }

    type Pair = (&'static str, i32);

    #[track_caller]
    fn check(
        input: &'static str,
        operation: impl Fn(DStream<Pair>) -> DStream<Pair>,
        expected: &'static str,
    ) {
        test_operation(batches(input), operation, batches(expected));
    }

    const GOLDEN: &str =
        "a1 | a1 b1 | a1 b1 c1 | a1 b1 | a1 | - | a1 | a1 b1 | a1 b1 c1 | a1 b1 | a1";

    #[test]
    fn win_3_a_key_without_rows_in_the_window_is_not_there() {
        check(
            GOLDEN,
            plain(2, 1),
            "a1 | a2 b1 | a2 b2 c1 | a2 b2 c1 | a2 b1 | a1 | a1 | a2 b1 | a2 b2 c1 | a2 b2 c1 | a2 b1",
        );
    }

    #[test]
    fn win_3_windows_may_tumble_or_leave_gaps() {
        check("a1 | a2 | a4 | b8", plain(2, 2), "a3 | a4 b8 | -");
        check("a1 | a2 | a4 | b8 | b16 | a32", plain(1, 3), "a4 | a32 | -");
    }

    #[test]
    fn win_4_what_came_is_added_and_what_left_is_taken_away() {
        check(
            GOLDEN,
            inverse(2, 1),
            "a1 | a2 b1 | a2 b2 c1 | a2 b2 c1 | a2 b1 c0 | a1 b0 c0 \
             | a1 b0 c0 | a2 b1 c0 | a2 b2 c1 | a2 b2 c1 | a2 b1 c0",
        );
    }

    #[test]
    fn win_4_only_what_is_new_and_what_left_is_asked_for() {
        check(
            "a1 | a2 | a4 | a8 | a16 | a32",
            inverse(4, 2),
            "a3 | a15 | a60 | a48 | a0",
        );
    }

    #[test]
    fn win_5_in_the_inverse_form_a_key_stays_with_nothing() {
        check(
            "a1 | - | b1 | - | -",
            inverse(1, 1),
            "a1 | a0 | a0 b1 | a0 b0 | a0 b0",
        );
    }

    #[test]
    fn win_5_the_filter_drops_a_key_for_good_until_it_comes_again() {
        check(
            GOLDEN,
            without_zeros(2, 1),
            "a1 | a2 b1 | a2 b2 c1 | a2 b2 c1 | a2 b1 | a1 | a1 | a2 b1 | a2 b2 c1 | a2 b2 c1 | a2 b1",
        );
    }

    #[test]
    fn win_5_the_filtered_window_is_what_the_next_one_starts_from() {
        let under_three = |pairs: DStream<Pair>| {
            let window = (seconds(3), seconds(1));
            let keep = |pair: &Pair| pair.1 < 3;
            pairs.reduce_by_key_and_window_filtered(|x, y| x + y, |x, y| x - y, keep, window)
        };
        check("a2 | a1 | a1 | a1", under_three, "a2 | - | a1 | a0");
    }

    #[test]
    #[should_panic(expected = "neither previous window has value for key")]
    fn win_4_a_key_that_only_leaves_fails_the_batch() {
        let _ = run_operation(batches("a1 | a-1 | - | -"), without_zeros(2, 1), 4);
    }

    /// The first four outputs of Spark 3.5.9 on this input.
    const GAPS: &str = "a1 | a10 | a100 | a1000 | - | b5 | b7 | -";

    #[test]
    fn win_8_with_gaps_the_inverse_form_counts_them_for_new_keys_as_spark_does() {
        check(GAPS, inverse(1, 2), "a11 | a1001 | a1 b5 | a1 b0");
    }

    #[test]
    fn win_8_with_gaps_the_plain_form_is_right() {
        check(GAPS, plain(1, 2), "a10 | a1000 | b5 | -");
    }

    #[test]
    fn win_1_the_inverse_form_refuses_what_is_no_multiple_too() {
        let result = run_operation(
            batches("a1"),
            |pairs| {
                let half = Duration::from_millis(500);
                pairs.reduce_by_key_and_window_inverse(|x, _| x, |x, _| x, half, seconds(1))
            },
            1,
        );
        let text = result.err().map(|error| error.to_string());
        let expected = "the length of a window must be a multiple of its parent's slide of 1s, \
                        not 500ms (WIN-1)";
        assert_eq!(text.as_deref(), Some(expected));
    }
}
