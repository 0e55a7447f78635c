//! `transform`: any batch made of a batch.

use crate::Time;
use crate::dstream::{DStream, Data, Rdd};

impl<T: Data> DStream<T> {
    /// The result of `function` on each batch and its time.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![1, 2], vec![]],
    ///     |numbers| numbers.transform(|batch, _time| batch.union(&batch)),
    ///     [vec![1, 2, 1, 2], vec![]],
    /// );
    /// ```
    pub fn transform<U: Data>(
        &self,
        mut function: impl FnMut(Rdd<T>, Time) -> Rdd<U> + Send + 'static,
    ) -> DStream<U> {
        let parent = self.parent();
        self.context()
            .add_node(self.slide(), &[self.edge()], move |time, upstream| {
                function(upstream.batch(parent, time), time)
            })
    }
}
