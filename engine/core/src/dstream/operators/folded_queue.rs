//! The fold of the values in a queue, kept up while values come and the oldest leave.

use super::window_spec::ReduceFunction;
use crate::Failure;

/// Values with their positions, which ascend, and the fold of all of them from the oldest to the newest, by a
/// function that must be associative: it is called on other groups of values than a fold from the left makes.
///
/// To add a value and to remove it takes three calls of the function in all, however many there are: the queue
/// is two stacks (Tangwongsan, Hirzel and Schneider, "Low-Latency Sliding-Window Aggregation in Worst-Case
/// Constant Time", DEBS 2017, section 2).
pub(super) struct FoldedQueue<P, V> {
    /// The older values, the oldest last: each folded with all that are newer in this stack.
    front: Vec<(P, V)>,
    /// The newer values, the oldest first.
    back: Vec<(P, V)>,
    /// The fold of the newer values.
    back_fold: Option<V>,
}

impl<P: Copy, V: Clone> FoldedQueue<P, V> {
    pub(super) fn new() -> FoldedQueue<P, V> {
        FoldedQueue {
            front: Vec::new(),
            back: Vec::new(),
            back_fold: None,
        }
    }

    /// Adds the newest value. After a failure, here as below, the queue is of no use.
    pub(super) fn push(
        &mut self,
        position: P,
        value: V,
        function: &ReduceFunction<V>,
    ) -> Result<(), Failure> {
        self.back_fold = Some(match self.back_fold.take() {
            Some(older) => function(older, value.clone())?,
            None => value.clone(),
        });
        self.back.push((position, value));
        Ok(())
    }

    /// Removes the oldest value, if there is one.
    pub(super) fn pop(&mut self, function: &ReduceFunction<V>) -> Result<(), Failure> {
        if self.front.is_empty() {
            self.back_fold = None;
            for (position, value) in self.back.drain(..).rev() {
                let folded = match self.front.last() {
                    Some((_, newer)) => function(value, newer.clone())?,
                    None => value,
                };
                self.front.push((position, folded));
            }
        }
        self.front.pop();
        Ok(())
    }

    /// The position of the oldest value.
    pub(super) fn oldest(&self) -> Option<P> {
        let oldest = self.front.last().or(self.back.first());
        oldest.map(|(position, _)| *position)
    }

    /// The fold of all values; `None` if there is none.
    pub(super) fn fold(&self, function: &ReduceFunction<V>) -> Result<Option<V>, Failure> {
        match (self.front.last(), &self.back_fold) {
            (Some((_, older)), Some(newer)) => function(older.clone(), newer.clone()).map(Some),
            (Some((_, value)), None) | (None, Some(value)) => Ok(Some(value.clone())),
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::*;

    /// A function that is associative and not commutative.
    fn join() -> ReduceFunction<String> {
        Arc::new(|older, newer| Ok(older + &newer))
    }

    #[test]
    fn an_empty_queue_has_no_oldest_value_and_no_fold() -> Result<(), Failure> {
        let mut queue: FoldedQueue<i32, String> = FoldedQueue::new();
        queue.pop(&join())?;
        assert_eq!(queue.oldest(), None);
        assert_eq!(queue.fold(&join())?, None);
        Ok(())
    }

    #[test]
    fn a_value_costs_three_calls_however_long_the_queue() -> Result<(), Failure> {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let sum: ReduceFunction<u64> = Arc::new(move |x, y| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(x + y)
        });
        let mut queue = FoldedQueue::new();
        for position in 0..10_000 {
            queue.push(position, 1, &sum)?;
            if position >= 1_000 {
                queue.pop(&sum)?;
                assert_eq!(queue.fold(&sum)?, Some(1_000));
            }
        }
        let calls = calls.load(Ordering::Relaxed);
        assert!(calls < 30_000, "{calls} calls");
        Ok(())
    }

    proptest! {
        #[test]
        fn equals_a_queue_that_is_folded_anew(
            pushes in prop::collection::vec(any::<bool>(), 0..60),
        ) {
            let mut queue = FoldedQueue::new();
            let mut twin = VecDeque::new();
            for (position, is_push) in pushes.into_iter().enumerate() {
                if is_push {
                    queue.push(position, format!("{position} "), &join()).expect("it joins");
                    twin.push_back(position);
                } else {
                    queue.pop(&join()).expect("it joins");
                    twin.pop_front();
                }
                let all = twin.iter().map(|position| format!("{position} "));
                prop_assert_eq!(queue.oldest(), twin.front().copied());
                prop_assert_eq!(queue.fold(&join()), Ok(all.reduce(|x, y| x + &y)));
            }
        }
    }
}
