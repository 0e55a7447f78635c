//! `transform_with`: any batch made of the batches of two streams.

use crate::dstream::DStream;
use crate::dstream::node::MadeBy;
use crate::{Data, Failure, Rdd, Time};

impl<T: Data> DStream<T> {
    /// The result of `function` on each batch of this stream, that of the other and their time
    /// (`DStream.transformWith`). Both have the same slide, or the program is refused (`PLAN-2`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![1, 2], vec![]],
    ///     |numbers| {
    ///         let texts = numbers.map(|n| n.to_string());
    ///         numbers.transform_with(&texts, |numbers, texts, _time| {
    ///             texts.zip_partitions(&numbers, |texts, numbers| Ok(texts.into_iter().zip(numbers).map(Ok)))
    ///         })
    ///     },
    ///     [vec![("1".to_owned(), 1), ("2".to_owned(), 2)], vec![]],
    /// );
    /// ```
    pub fn transform_with<U: Data, V: Data>(
        &self,
        other: &DStream<U>,
        mut function: impl FnMut(Rdd<T>, Rdd<U>, Time) -> Rdd<V> + Send + 'static,
    ) -> DStream<V> {
        self.derive_with(
            "transform_with",
            other,
            MadeBy::Function,
            move |time, batch, other| Ok(function(batch, other, time)),
        )
    }

    /// As [`transform_with`](DStream::transform_with), by a function that may fail, as one does that reads rows:
    /// then the batch does.
    ///
    /// ```
    /// use engine::Rdd;
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![1, 2], vec![]],
    ///     |numbers| {
    ///         numbers.try_transform_with(&numbers.glom(), |numbers, partitions, _time| {
    ///             Ok(Rdd::of_rows(vec![vec![(numbers.count()?, partitions.count()?)]]))
    ///         })
    ///     },
    ///     [vec![(2, 1)], vec![(0, 0)]],
    /// );
    /// ```
    pub fn try_transform_with<U: Data, V: Data>(
        &self,
        other: &DStream<U>,
        mut function: impl FnMut(Rdd<T>, Rdd<U>, Time) -> Result<Rdd<V>, Failure> + Send + 'static,
    ) -> DStream<V> {
        self.derive_with(
            "try_transform_with",
            other,
            MadeBy::Function,
            move |time, batch, other| function(batch, other, time),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::BuildError;
    use crate::testing::run_operation;

    #[test]
    fn plan_2_streams_of_different_slides_are_refused() {
        let (one, two) = (Duration::from_secs(1), Duration::from_secs(2));
        let refused = run_operation(
            [vec![1]],
            |numbers| {
                let windows = numbers.window(two, two);
                numbers.transform_with(&windows, |numbers, _, _| numbers)
            },
            1,
        );
        let slides = BuildError::Slides {
            left: one,
            right: two,
        };
        assert_eq!(refused.err(), Some(slides));
    }
}
