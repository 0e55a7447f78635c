//! `window`: the batches of the last while as one.

use std::collections::VecDeque;
use std::time::Duration;

use crate::dstream::node::Node;
use crate::dstream::node::NodeContext;
use crate::dstream::node_ref::{Edge, batch_times};
use crate::dstream::stream::Windows;
use crate::dstream::{BuildError, DStream};
use crate::rows::UnitedBatches;
use crate::{Data, Rdd};
use crate::{Failure, Time};

impl<T: Data> DStream<T> {
    /// All records of the last `length`, once every `slide` (`WIN-1`, `WIN-2`;
    /// `org.apache.spark.streaming.dstream.WindowedDStream`).
    ///
    /// Both are multiples of this stream's slide, or the program is refused. The first windows reach
    /// back before the first batch and have fewer batches. With a slide longer than the window, the
    /// batches between are in none.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation(
    ///     [vec![0], vec![1], vec![2], vec![3]],
    ///     move |numbers| numbers.window(seconds(2), seconds(1)),
    ///     [vec![0], vec![0, 1], vec![1, 2], vec![2, 3]],
    /// );
    /// ```
    pub fn window(&self, length: Duration, slide: Duration) -> DStream<T> {
        self.check_window("length", length);
        self.check_window("slide", slide);
        let windows = Windows {
            parent: self.node(),
            parent_slide: self.slide(),
            length,
        };
        let last = None;
        self.context()
            .add_stream(slide, &[windows.edge()], Window { windows, last })
            .of_windows(windows)
    }

    /// Refuses the program if `duration` is not a multiple of this stream's slide (`WIN-1`).
    pub(super) fn check_window(&self, what: &'static str, duration: Duration) {
        let parent = self.slide();
        let duration_ns = duration.as_nanos();
        let parent_ns = parent.as_nanos();
        let is_multiple = parent_ns > 0 && duration_ns > 0 && duration_ns.is_multiple_of(parent_ns);
        let is_countable = i64::try_from(duration.as_millis()).is_ok();
        if !(is_multiple && is_countable) {
            self.context().refuse(BuildError::Window {
                what,
                duration,
                parent,
            });
        }
    }
}

struct Window<T> {
    windows: Windows<T>,
    /// The last window that was made, from which the next one is.
    last: Option<WindowBatches<T>>,
}

/// The batches of a window that have partitions.
struct WindowBatches<T> {
    end: Time,
    times: VecDeque<WindowBatch>,
    all: UnitedBatches<T>,
    /// Those that may have rows.
    with_rows: UnitedBatches<T>,
}

/// A batch of a window.
struct WindowBatch {
    time: Time,
    has_rows: bool,
}

impl<T: Data> Node for Window<T> {
    type Batch = Rdd<T>;

    fn name(&self) -> &'static str {
        "window"
    }

    fn keeps_empty(&self) -> bool {
        true
    }

    fn compute(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<Rdd<T>, Failure> {
        let begin = self.windows.begin(time, context.zero_time());
        // Windows need not be asked for in the order of time, and not each of them.
        self.last
            .take_if(|last| last.end <= begin || time <= last.end);
        let since = self.last.as_ref().map_or(begin, |last| last.end);
        let coming = self.windows.coming(since, time, context)?;
        let window = self.last.get_or_insert_with(WindowBatches::new);
        window.remove_until(begin);
        for batch in coming {
            window.add(batch);
        }
        window.end = time;
        let union = window.union();
        if context.has_failing() {
            // The next window asks for its batches again.
            self.last = None;
        }
        Ok(union)
    }
}

impl<T: Data> WindowBatches<T> {
    fn new() -> WindowBatches<T> {
        WindowBatches {
            end: Time::EPOCH,
            times: VecDeque::new(),
            all: UnitedBatches::new(),
            with_rows: UnitedBatches::new(),
        }
    }

    /// Removes the batches up to `end`.
    fn remove_until(&mut self, end: Time) {
        while let Some(oldest) = self.times.pop_front_if(|oldest| oldest.time <= end) {
            self.all.pop();
            if oldest.has_rows {
                self.with_rows.pop();
            }
        }
    }

    /// Adds the newest batch.
    fn add(&mut self, batch: TimedBatch<T>) {
        let TimedBatch { time, batch } = batch;
        if batch.partition_count() == 0 {
            return;
        }
        let has_rows = !batch.is_known_empty();
        self.times.push_back(WindowBatch { time, has_rows });
        if has_rows {
            self.with_rows.push(batch.clone());
        }
        self.all.push(batch);
    }

    fn union(&self) -> Rdd<T> {
        // Where batches are united partition by partition, those without rows need not be read. Else they have
        // partitions of their own.
        if self.all.partitioner().is_some() && !self.with_rows.is_empty() {
            self.with_rows.union()
        } else {
            self.all.union()
        }
    }
}

/// A batch with its time.
pub(super) struct TimedBatch<T> {
    pub(super) time: Time,
    pub(super) batch: Rdd<T>,
}

impl<T: Data> Windows<T> {
    /// The parent as that of a node that makes the windows.
    pub(super) fn edge(self) -> Edge {
        self.parent.edge(self.length)
    }

    /// The time after which the batches of the window begin that ends with the batch at `end`: none is at or before
    /// `zero_time` (`WIN-2`).
    pub(super) fn begin(self, end: Time, zero_time: Time) -> Time {
        let begin = end.checked_sub(self.length);
        begin.map_or(zero_time, |begin| begin.max(zero_time))
    }

    /// The batches after `since` and up to `end`, oldest first.
    pub(super) fn coming(
        self,
        since: Time,
        end: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<Vec<TimedBatch<T>>, Failure> {
        let duration = end.since(since);
        batch_times(end, duration, self.parent_slide, context.zero_time())
            .map(|time| {
                let batch = context.batch(self.parent, time)?;
                Ok(TimedBatch { time, batch })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;

    use super::*;
    use crate::lock::lock;
    use crate::rows::{HashPartitioner, Reduce, Shuffle};
    use crate::testing::{run_operation, test_operation};
    use crate::{Inline, KeyOrder, Profile};

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Windows over the batches 0, 1, 2, 3, 4 and 5, and then empty ones.
    #[track_caller]
    fn check(length: u64, slide: u64, expected: &[&[i32]]) {
        test_operation(
            (0..6).map(|number| vec![number]),
            |numbers| numbers.window(seconds(length), seconds(slide)),
            expected.iter().map(|window| window.to_vec()),
        );
    }

    #[track_caller]
    fn check_refused(length: Duration, slide: Duration, refused: &'static str) {
        let twos = |numbers: DStream<i32>| numbers.window(seconds(2), seconds(2));
        let result = run_operation([vec![1]], |numbers| twos(numbers).window(length, slide), 1);
        let parent = seconds(2);
        let (what, duration) = (refused, if refused == "length" { length } else { slide });
        let expected = BuildError::Window {
            what,
            duration,
            parent,
        };
        assert_eq!(result.err(), Some(expected));
    }

    #[test]
    fn win_1_length_and_slide_are_multiples_of_the_slide_of_the_parent() {
        check_refused(seconds(3), seconds(2), "length");
        check_refused(seconds(2), seconds(3), "slide");
        check_refused(Duration::from_millis(4_001), seconds(2), "length");
        check_refused(Duration::ZERO, seconds(2), "length");
        check_refused(seconds(4), Duration::ZERO, "slide");
    }

    #[test]
    fn win_1_a_slide_that_no_clock_can_count_is_refused() {
        check_refused(seconds(2), seconds(u64::MAX - 1), "slide");
        check_refused(seconds(u64::MAX - 1), seconds(2), "length");
    }

    #[test]
    fn win_2_windows_end_with_their_batch_and_the_first_ones_are_partial() {
        check(
            2,
            1,
            &[&[0], &[0, 1], &[1, 2], &[2, 3], &[3, 4], &[4, 5], &[5], &[]],
        );
        check(4, 2, &[&[0, 1], &[0, 1, 2, 3], &[2, 3, 4, 5], &[4, 5]]);
    }

    #[test]
    fn win_2_windows_that_slide_by_their_length_tumble() {
        check(2, 2, &[&[0, 1], &[2, 3], &[4, 5]]);
    }

    #[test]
    fn win_1_batches_between_windows_are_in_none() {
        check(2, 3, &[&[1, 2], &[4, 5]]);
    }

    #[test]
    fn win_2_a_window_may_be_longer_than_the_program_runs() {
        let century = 100 * 365 * 24 * 3_600;
        check(century, 3, &[&[0, 1, 2], &[0, 1, 2, 3, 4, 5]]);
    }

    #[test]
    fn win_7_windows_over_windows_find_all_their_batches() {
        test_operation(
            (0..8).map(|number| vec![number]),
            |numbers| {
                let pairs = numbers.window(seconds(2), seconds(2));
                pairs.window(seconds(4), seconds(4))
            },
            [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![]],
        );
        test_operation(
            (0..5).map(|number| vec![number]),
            |numbers| {
                numbers
                    .window(seconds(3), seconds(1))
                    .window(seconds(2), seconds(2))
            },
            [vec![0, 0, 1], vec![0, 1, 2, 1, 2, 3], vec![2, 3, 4, 3, 4]],
        );
    }

    /// A batch of a stream whose batches are not all made alike.
    #[derive(Clone, Copy, Debug)]
    enum Kind {
        WithoutPartitions,
        Anywhere,
        PlacedWithoutRows,
        Placed,
        PlacedInThree,
    }

    fn kinds() -> impl Strategy<Value = Vec<Kind>> {
        let placed = prop_oneof![Just(Kind::PlacedWithoutRows), Just(Kind::Placed)];
        let any = prop_oneof![
            6 => placed,
            1 => Just(Kind::WithoutPartitions),
            1 => Just(Kind::Anywhere),
            1 => Just(Kind::PlacedInThree),
        ];
        proptest::collection::vec(any, 1..30)
    }

    fn batch(kind: Kind, number: i64) -> Rdd<(i64, i64)> {
        let shuffle = |partitions| Shuffle {
            operator: "test",
            partitioner: HashPartitioner::new(Profile::Jvm, KeyOrder::Spark, partitions),
            workers: &Inline,
        };
        let rows = Rdd::of_rows(vec![vec![(1, number)], vec![(2, number), (3, number)]]);
        let sum = Reduce(|x: i64, y: i64| Ok(x + y));
        let placed = match kind {
            Kind::WithoutPartitions => return Rdd::of_rows(Vec::new()),
            Kind::Anywhere => return rows,
            Kind::PlacedWithoutRows => shuffle(2).combine_by_key(&Rdd::of_rows(Vec::new()), &sum),
            Kind::Placed => shuffle(2).combine_by_key(&rows, &sum),
            Kind::PlacedInThree => shuffle(3).combine_by_key(&rows, &sum),
        };
        placed.expect("sums do not fail")
    }

    /// The rows of a batch, and its partitions.
    fn content(batch: &Rdd<(i64, i64)>) -> (Vec<(i64, i64)>, usize) {
        let rows = batch.collect().expect("the rows can be read");
        (rows, batch.partition_count())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn win_2_a_window_is_the_union_of_its_batches_however_each_is_made(
            kinds in kinds(),
            (length, slide) in (1_usize..9, 1_usize..9),
        ) {
            let batches: Vec<_> = kinds.iter().zip(0..).map(|(kind, n)| batch(*kind, n)).collect();
            let ends = (1..=batches.len()).filter(|end| end % slide == 0);
            let expected: Vec<_> = ends
                .map(|end| {
                    let window = batches[end.saturating_sub(length)..end].iter().cloned();
                    content(&window.collect::<UnitedBatches<_>>().union())
                })
                .collect();
            let windows = Arc::new(Mutex::new(Vec::new()));
            let seen = Arc::clone(&windows);
            run_operation(
                Vec::<Vec<i64>>::new(),
                |numbers| {
                    let stream = numbers.transform(move |_, time| {
                        let number = time.as_millis() / 1_000;
                        batches[number as usize - 1].clone()
                    });
                    let [length, slide] = [length, slide].map(|n| seconds(n as u64));
                    stream.window(length, slide).transform(move |window, _| {
                        lock(&seen).push(content(&window));
                        window
                    })
                },
                expected.len(),
            )
            .expect("the program keeps the rules");
            prop_assert_eq!(&*lock(&windows), &expected);
        }
    }
}
