//! `aggregate`: one value of all the records of a batch, partitions in parallel.

use crate::Workers;
use crate::dstream::DStream;
use crate::{Data, Key, Rdd};

impl<T: Data> DStream<T> {
    /// What `fold` makes of `zero` and of each record of a partition in turn, and `combine` of what it
    /// made of each partition: one record a batch, `zero` for an empty one (`RDD.aggregate`).
    ///
    /// Partitions are folded on as many threads as there are workers.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec!["blue", "green"], vec![]],
    ///     |words| words.aggregate(0, |longest, word| word.len().max(longest), usize::max),
    ///     [vec![5], vec![0]],
    /// );
    /// ```
    pub fn aggregate<A: Data>(
        &self,
        zero: A,
        fold: impl Fn(A, &T) -> A + Send + Sync + 'static,
        combine: impl Fn(A, A) -> A + Send + Sync + 'static,
    ) -> DStream<A> {
        self.derive(move |batch, upstream| {
            aggregated(&batch, &zero, upstream.workers(), &combine, |partition| {
                batch.fold_partition(partition, zero.clone(), &mut &fold)
            })
        })
    }
}

impl<K: Key, V: Data> DStream<(K, V)> {
    /// As [`aggregate`](DStream::aggregate), of keys and values; the states of keys are looked at where
    /// they lie, which is the fastest way to look at all of a big state.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(1, 10), (2, 20)]],
    ///     |pairs| pairs.aggregate_pairs(0, |sum, _key, value| sum + value, |x, y| x + y),
    ///     [vec![30]],
    /// );
    /// ```
    pub fn aggregate_pairs<A: Data>(
        &self,
        zero: A,
        fold: impl Fn(A, &K, &V) -> A + Send + Sync + 'static,
        combine: impl Fn(A, A) -> A + Send + Sync + 'static,
    ) -> DStream<A> {
        self.derive(move |batch, upstream| {
            aggregated(&batch, &zero, upstream.workers(), &combine, |partition| {
                batch.fold_pairs_partition(partition, zero.clone(), &mut &fold)
            })
        })
    }
}

/// The batch of one record: what `combine` makes of `zero` and of what `fold` made of each partition.
fn aggregated<T: Data, A: Data>(
    batch: &Rdd<T>,
    zero: &A,
    workers: &dyn Workers,
    combine: impl Fn(A, A) -> A,
    fold: impl Fn(usize) -> A + Sync,
) -> Rdd<A> {
    let folded = batch.gather(workers, fold).into_iter();
    Rdd::of_rows(vec![vec![folded.fold(zero.clone(), combine)]])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::testing::{run_operation, test_operation};
    use crate::{DStream, Rdd};

    /// All records, partition by partition, as what is folded and combined in order.
    fn in_order(batches: Vec<Rdd<i64>>) -> Vec<Vec<Vec<i64>>> {
        let empty = vec![vec![]; batches.len()];
        let partitioned = |stream: DStream<i64>| {
            let mut batches = batches.into_iter();
            let stream = stream.transform(move |_, _| batches.next().expect("one a batch"));
            let append = |mut all: Vec<i64>, n: &i64| {
                all.push(*n);
                all
            };
            stream.aggregate(Vec::new(), append, |mut left, right| {
                left.extend(right);
                left
            })
        };
        let count = empty.len();
        run_operation(empty, partitioned, count).expect("the program keeps the rules")
    }

    #[test]
    fn plan_3_an_empty_batch_is_what_it_starts_with() {
        let batches = in_order(vec![Rdd::of_rows(vec![])]);
        assert_eq!(batches, [vec![Vec::<i64>::new()]]);
    }

    #[test]
    fn partitions_are_combined_in_their_order() {
        let rows = Rdd::of_rows(vec![vec![1, 2], vec![], vec![3]]);
        assert_eq!(in_order(vec![rows]), [vec![vec![1, 2, 3]]]);
    }

    #[test]
    fn the_states_of_keys_are_folded_where_they_lie_and_elsewhere_alike() {
        let sum = |sum: i64, _: &i64, state: &i64| sum + state;
        let states = |pairs: &DStream<(i64, i64)>| {
            pairs.update_state_by_key(|new: &[i64], old: Option<i64>| {
                Some(new.iter().sum::<i64>() + old.unwrap_or(0)).filter(|sum| *sum != 7)
            })
        };
        let input = || [vec![(1, 1), (2, 7), (3, 3)], vec![(2, 2), (1, 6)], vec![]];
        let expected = [vec![4], vec![5], vec![5]];
        test_operation(
            input(),
            |pairs| states(&pairs).aggregate_pairs(0, sum, |x, y| x + y),
            expected.clone(),
        );
        test_operation(
            input(),
            |pairs| {
                let window = Duration::from_secs(1);
                let elsewhere = states(&pairs).window(window, window).map(|pair| pair);
                elsewhere.aggregate_pairs(0, sum, |x, y| x + y)
            },
            expected,
        );
    }
}
