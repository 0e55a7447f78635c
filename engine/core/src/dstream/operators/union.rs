//! `union`: two streams as one.

use crate::dstream::node::Derived;
use crate::dstream::node::NodeContext;
use crate::dstream::{BuildError, DStream};
use crate::{Data, Rdd};

impl<T: Data> DStream<T> {
    /// The records of this stream's batch and then those of the other's.
    ///
    /// Both streams must have the same slide; a program in which they have not is refused (`PLAN-2`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![1], vec![2]],
    ///     |numbers| numbers.union(&numbers.map(|n| -n)),
    ///     [vec![1, -1], vec![2, -2]],
    /// );
    /// ```
    pub fn union(&self, other: &DStream<T>) -> DStream<T> {
        if self.slide() != other.slide() {
            self.context().refuse(BuildError::Slides {
                left: self.slide(),
                right: other.slide(),
            });
        }
        let right = other.node();
        let node = Derived {
            name: "union",
            parent: self.node(),
            keeps_empty: true,
            function: move |time, batch: Rdd<T>, context: &mut NodeContext<'_>| {
                Ok(batch.union(&context.batch(right, time)?))
            },
        };
        self.context()
            .add_stream(self.slide(), &[self.edge(), other.edge()], node)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{run_operation, test_operation};

    #[test]
    fn plan_2_streams_of_different_slides_are_refused() {
        let (one, two) = (Duration::from_secs(1), Duration::from_secs(2));
        let result = run_operation(
            [vec![1]],
            |numbers| numbers.union(&numbers.window(two, two)),
            1,
        );
        let slides = BuildError::Slides {
            left: one,
            right: two,
        };
        assert_eq!(result.err(), Some(slides));
    }

    #[test]
    fn plan_3_an_empty_batch_adds_nothing() {
        test_operation(
            [vec![1, 2], vec![3]],
            |numbers| {
                numbers
                    .filter(|n| *n == 2)
                    .union(&numbers.filter(|n| *n != 2))
            },
            [vec![2, 1], vec![3], vec![]],
        );
    }
}
