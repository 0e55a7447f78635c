//! `window`: the batches of the last while as one.

use std::time::Duration;

use crate::dstream::node::NodeContext;
use crate::dstream::node::{Node, NodeRef};
use crate::dstream::{BuildError, DStream};
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
        let window = Window {
            parent: self.node(),
            parent_slide: self.slide(),
            length,
        };
        self.context()
            .add_stream(slide, &[self.node().edge(length)], window)
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
    parent: NodeRef<Rdd<T>>,
    parent_slide: Duration,
    length: Duration,
}

impl<T: Data> Node for Window<T> {
    type Batch = Rdd<T>;

    fn name(&self) -> &'static str {
        "window"
    }

    fn compute(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<Rdd<T>, Failure> {
        let batches = batch_times(time, self.length, self.parent_slide, context.zero_time())
            .map(|time| context.batch(self.parent, time))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Rdd::of_union(&batches))
    }
}

/// The times of the batches in the window of `length` that ends with the batch at `end`, oldest
/// first; none at or before `zero_time` (`WIN-2`). `end` is a whole number of slides after it.
pub(super) fn batch_times(
    end: Time,
    length: Duration,
    slide: Duration,
    zero_time: Time,
) -> impl Iterator<Item = Time> {
    let slide_ms = slide.as_millis() as i64;
    let batches = length.min(end.since(zero_time)).as_millis() as i64 / slide_ms;
    let back = (0..batches).rev();
    back.map(move |back| Time::from_millis(end.as_millis() - back * slide_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{run_operation, test_operation};

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
}
