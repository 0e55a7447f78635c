//! `union`: several streams as one.

use crate::dstream::node::{MadeBy, Node, NodeContext};
use crate::dstream::node_ref::{Edge, NodeRef};
use crate::dstream::{BuildError, DStream, StreamingContext};
use crate::{Data, Failure, Rdd, Time};

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
        self.derive_with("union", other, MadeBy::Rows, |_, batch, other| {
            Ok(batch.union(&other))
        })
    }
}

impl StreamingContext {
    /// The records of the batches of all these streams, one after the other (`StreamingContext.union`).
    ///
    /// There must be one at least, and all must have the same slide; another program is refused (`PLAN-2`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![1], vec![2]],
    ///     |numbers| numbers.context().union(&[numbers.clone(), numbers.map(|n| -n), numbers.clone()]),
    ///     [vec![1, -1, 1], vec![2, -2, 2]],
    /// );
    /// ```
    pub fn union<T: Data>(&self, streams: &[DStream<T>]) -> DStream<T> {
        let Some(first) = streams.first() else {
            self.refuse(BuildError::NoStreams { operator: "union" });
            return self.refused();
        };
        for stream in streams {
            self.check_slides(first.slide(), stream.slide());
        }
        let parents: Vec<Edge> = streams.iter().map(DStream::edge).collect();
        let node = UnionNode {
            parents: streams.iter().map(DStream::node).collect(),
        };
        self.add_stream(first.slide(), &parents, node)
    }
}

/// The batches of several streams, united (`org.apache.spark.streaming.dstream.UnionDStream`).
struct UnionNode<T> {
    parents: Vec<NodeRef<Rdd<T>>>,
}

impl<T: Data> Node for UnionNode<T> {
    type Batch = Rdd<T>;

    fn name(&self) -> &'static str {
        "union"
    }

    fn keeps_empty(&self) -> bool {
        true
    }

    fn compute(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<Rdd<T>, Failure> {
        let batches = self
            .parents
            .iter()
            .map(|parent| context.batch(*parent, time));
        Ok(Rdd::union_of(batches.collect::<Result<Vec<_>, _>>()?))
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
    fn plan_2_a_union_of_no_streams_is_refused() {
        let nothing = |numbers: DStream<i32>| numbers.context().union::<i32>(&[]);
        let refused = run_operation([vec![1]], nothing, 1).err();
        assert_eq!(refused, Some(BuildError::NoStreams { operator: "union" }));
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
