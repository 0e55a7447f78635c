//! `reduce_by_key_and_window`: one value of all the values of a key in a window of time.

use std::sync::Arc;
use std::time::Duration;

use super::folded_window::FoldedWindow;
use super::reduced_window::ReducedWindow;
use super::window_spec::{ReduceFunction, WindowSpec};
use crate::dstream::DStream;
use crate::rows::map_partitions::try_filter;
use crate::rows::{HashPartitioner, Keys};
use crate::{Data, Key};

/// The operator, for all forms of it.
pub(super) const OPERATOR: &str = "reduce_by_key_and_window";

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
        self.reduce_by_key_and_window_with(WindowSpec::function(function, length, slide))
    }

    /// As [`reduce_by_key_and_window`](Self::reduce_by_key_and_window), computed from the window
    /// before: what came is added by `function`, what left is taken away by `inverse` (`WIN-4`).
    ///
    /// ```
    /// use engine::testing::test_operation_on;
    /// use engine::{Profile, SparkContext};
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation_on(
    ///     &SparkContext::local(1, "window").with_profile(Profile::Jvm),
    ///     [vec![(2, 1)], vec![(2, 1)], vec![(4, 1)], vec![]],
    ///     move |pairs| pairs.reduce_by_key_and_window_inverse(|x, y| x + y, |x, y| x - y, seconds(2), seconds(1)),
    ///     [vec![(2, 1)], vec![(2, 2)], vec![(4, 1), (2, 1)], vec![(4, 1), (2, 0)]],
    /// );
    /// ```
    pub fn reduce_by_key_and_window_inverse(
        &self,
        function: impl Fn(V, V) -> V + Send + Sync + 'static,
        inverse: impl Fn(V, V) -> V + Send + Sync + 'static,
        length: Duration,
        slide: Duration,
    ) -> DStream<(K, V)> {
        self.reduce_by_key_and_window_with(
            WindowSpec::function(function, length, slide).inverse(inverse),
        )
    }

    /// The windows that `spec` says.
    ///
    /// With an inverse function, or one that is [declared associative](WindowSpec::associative), the cost of a window
    /// does not grow with its length. With an inverse function keys then never
    /// disappear, a count of 0 stays, unless a filter drops them (`WIN-5`). With a slide longer than the
    /// window, a key that is new counts the batches of the gap too: a defect of Spark's that is kept
    /// (`WIN-8`; `org.apache.spark.streaming.dstream.ReducedWindowedDStream`). `PySpark` uses an inverse
    /// function only where it pays, in windows of five slides and more
    /// (`python/pyspark/streaming/dstream.py`), and so do programs with a [`Profile`](crate::Profile) of Python.
    pub fn reduce_by_key_and_window_with(&self, spec: WindowSpec<K, V>) -> DStream<(K, V)> {
        self.check_window("length", spec.length);
        self.check_window("slide", spec.slide);
        let partitioner = self.partitioner_with(OPERATOR, spec.partitions);
        let per_batch = Arc::clone(&spec.function);
        let reduced = self.reduce_by_key_as(OPERATOR, partitioner, move |x, y| per_batch(x, y));
        if let Some(inverse) = self.usable_inverse(&spec) {
            return reduced.reduce_from_window_before(spec, inverse, partitioner);
        }
        let filter = spec.filter.clone().filter(|_| spec.inverse.is_some());
        let windows = reduced.reduce_batches(spec, partitioner);
        match filter {
            Some(keep) => {
                windows.map_chunks(OPERATOR, Keys::Kept, try_filter(move |pair| keep(pair)))
            }
            None => windows,
        }
    }

    /// The inverse function, if the program's language uses it.
    fn usable_inverse(&self, spec: &WindowSpec<K, V>) -> Option<ReduceFunction<V>> {
        let is_used =
            self.context().profile().is_jvm() || spec.length >= spec.slide.saturating_mul(5);
        spec.inverse.clone().filter(|_| is_used)
    }

    /// The windows of batches that are reduced already, each reduced.
    fn reduce_batches(
        &self,
        spec: WindowSpec<K, V>,
        partitioner: HashPartitioner,
    ) -> DStream<(K, V)> {
        let function = Arc::clone(&spec.function);
        let windows = self.window(spec.length, spec.slide);
        let reduced_anew =
            windows.reduce_by_key_as(OPERATOR, partitioner, move |x, y| function(x, y));
        let Some((is_associative, windows)) = spec.is_associative.zip(windows.windows()) else {
            return reduced_anew;
        };
        let node = FoldedWindow {
            windows,
            partitioner,
            function: spec.function,
            is_associative,
            reduced_anew: reduced_anew.node(),
            last: None,
        };
        let parents = [windows.edge(), reduced_anew.edge()];
        self.context().add_stream(spec.slide, &parents, node)
    }

    /// The windows of batches that are reduced already, each computed from the one before by an inverse function.
    fn reduce_from_window_before(
        &self,
        spec: WindowSpec<K, V>,
        inverse: ReduceFunction<V>,
        partitioner: HashPartitioner,
    ) -> DStream<(K, V)> {
        let reach = spec.length.saturating_add(spec.slide);
        let slide = spec.slide;
        let node = ReducedWindow {
            parent: self.node(),
            parent_slide: self.slide(),
            previous: Arc::new(vec![Vec::new(); partitioner.partitions()]),
            replaced: Arc::default(),
            partitioner,
            spec,
            inverse,
        };
        self.context()
            .add_stateful(slide, &[self.node().edge(reach)], node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{run_operation, test_operation, test_operation_on};
    use crate::{KeyOrder, Profile, SparkContext};

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

    /// Running sums with an inverse function.
    fn sums(length: u64, slide: u64) -> WindowSpec<&'static str, i32> {
        WindowSpec::function(|x, y| x + y, seconds(length), seconds(slide)).inverse(|x, y| x - y)
    }

    fn inverse(length: u64, slide: u64) -> impl Fn(DStream<Pair>) -> DStream<Pair> {
        move |pairs| pairs.reduce_by_key_and_window_with(sums(length, slide))
    }

    fn without_zeros(length: u64, slide: u64) -> impl Fn(DStream<Pair>) -> DStream<Pair> {
        let spec = move || sums(length, slide).filter(|pair| pair.1 != 0);
        move |pairs| pairs.reduce_by_key_and_window_with(spec())
    }

    /// The JVM, which always uses an inverse function, with keys in the order of arrival.
    fn jvm() -> SparkContext {
        SparkContext::local(1, "window")
            .with_profile(Profile::Jvm)
            .with_key_order(KeyOrder::Arrival)
    }

    type Pair = (&'static str, i32);

    #[track_caller]
    fn check(
        input: &'static str,
        operation: impl Fn(DStream<Pair>) -> DStream<Pair>,
        expected: &'static str,
    ) {
        test_operation_on(&jvm(), batches(input), operation, batches(expected));
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
            pairs.reduce_by_key_and_window_with(sums(3, 1).filter(|pair| pair.1 < 3))
        };
        check("a2 | a1 | a1 | a1", under_three, "a2 | - | a1 | a0");
    }

    #[test]
    #[should_panic(expected = "neither previous window has value for key")]
    fn win_4_a_key_that_only_leaves_fails_the_batch() {
        check("a1 | a-1 | - | -", without_zeros(2, 1), "a1 | - | - | -");
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

    /// As `reduceByKeyAndWindow` of `PySpark` has it, which a key of 0 tells apart.
    #[test]
    fn win_5_python_uses_an_inverse_function_from_five_slides_on() {
        let input = || batches("a1 | - | - | - | - | - | -");
        test_operation(input(), inverse(4, 1), batches("a1 | a1 | a1 | a1 | - | -"));
        test_operation(
            input(),
            inverse(5, 1),
            batches("a1 | a1 | a1 | a1 | a1 | a0"),
        );
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
                        not 500ms";
        assert_eq!(text.as_deref(), Some(expected));
    }
}
