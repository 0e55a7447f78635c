//! `reduce_by_key_and_window`: one value of all the values of a key in the last while.

use std::sync::Arc;
use std::time::Duration;

use super::window::batch_times;
use crate::Time;
use crate::dstream::shuffle::{FirstSeen, Shuffle};
use crate::dstream::{DStream, Data, Key, Rdd};

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
        let (parent, parent_slide, shuffle) =
            (reduced.parent(), reduced.slide(), self.context().shuffle());
        let mut previous: Arc<Vec<Vec<(K, V)>>> = Arc::new(vec![Vec::new(); shuffle.partitions()]);
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
                    shuffle,
                    function: &function,
                    inverse: &inverse,
                };
                let next =
                    crate::workers::gather(upstream.workers(), shuffle.partitions(), |partition| {
                        let mut pairs =
                            merge.partition(partition, &previous[partition], &leaving, &coming);
                        pairs.retain(|pair| keep(pair));
                        pairs
                    });
                previous = Arc::new(next);
                Rdd::of_shared_rows(Arc::clone(&previous))
            })
    }
}

fn earlier(time: Time, by: Duration) -> Option<Time> {
    let by_ms = i64::try_from(by.as_millis()).ok()?;
    time.as_millis().checked_sub(by_ms).map(Time::from_millis)
}

/// How the window before becomes the next one.
struct Merge<'a, F, I> {
    shuffle: Shuffle,
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
        self.shuffle.arrange(merged.collect(), |(key, _)| key)
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
