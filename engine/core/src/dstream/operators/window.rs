//! `window`: the batches of the last while as one.

use std::time::Duration;

use crate::dstream::{BuildError, DStream, Data, Rdd};
use crate::{Grid, Time};

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
        let (parent, parent_slide) = (self.parent(), self.slide());
        self.context()
            .add_node(slide, &[self.edge_back(length)], move |time, upstream| {
                let times = batch_times(time, length, parent_slide, upstream.zero_time());
                Rdd::of_union(times.map(|time| upstream.batch(parent, time)).collect())
            })
    }

    /// Refuses the program if `duration` is not a multiple of this stream's slide (`WIN-1`).
    pub(super) fn check_window(&self, what: &'static str, duration: Duration) {
        let parent = self.slide();
        let (duration_ns, parent_ns) = (duration.as_nanos(), parent.as_nanos());
        let is_multiple = parent_ns > 0 && duration_ns > 0 && duration_ns.is_multiple_of(parent_ns);
        if !is_multiple {
            self.context().refuse(BuildError::Window {
                what,
                duration,
                parent,
            });
        }
    }
}

/// The times of the batches in the window of `length` that ends with the batch at `end`, oldest
/// first; none at or before `zero_time` (`WIN-2`).
pub(super) fn batch_times(
    end: Time,
    length: Duration,
    slide: Duration,
    zero_time: Time,
) -> impl Iterator<Item = Time> {
    let slide_ms = slide.as_millis() as i64;
    let batches = (length.as_millis() / slide.as_millis()) as i64;
    let times = (0..batches).rev().map(move |back| {
        end.as_millis()
            .saturating_sub(back.saturating_mul(slide_ms))
    });
    times
        .map(Time::from_millis)
        .filter(move |&time| Grid::every(slide).holds(time, zero_time))
}
