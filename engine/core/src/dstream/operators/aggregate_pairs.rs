//! `aggregate_pairs`: one value of all the keys and values of a batch, partitions in parallel.

use std::sync::Arc;

use crate::dstream::DStream;
use crate::failure::catch;
use crate::rows::partitions::Part;
use crate::state::update_snapshot::UpdateSnapshot;
use crate::workers::stage;
use crate::{Data, Failure, Key, Rdd};

const OPERATOR: &str = "aggregate_pairs";

impl<K: Key, V: Data> DStream<(K, V)> {
    /// The result of `fold` on `zero` and each key and value of a partition in turn, and of `combine` on
    /// `zero` and the results of the partitions: one record a batch, `zero` for an empty one
    /// (`RDD.aggregate`).
    ///
    /// Spark has this on an RDD alone. It is an operator here because the states of
    /// `update_state_by_key` are then read by reference where they are stored, partitions in parallel:
    /// for all of a large state that takes a third of the time of handing out copies.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(1, 10), (2, 20)], vec![]],
    ///     |pairs| pairs.aggregate_pairs(0, |sum, _key, value| sum + value, |x, y| x + y),
    ///     [vec![30], vec![0]],
    /// );
    /// ```
    pub fn aggregate_pairs<A: Data>(
        &self,
        zero: A,
        fold: impl Fn(A, &K, &V) -> A + Send + Sync + 'static,
        combine: impl Fn(A, A) -> A + Send + Sync + 'static,
    ) -> DStream<A> {
        self.derive(OPERATOR, move |_, batch, context| {
            let count = batch.partition_count();
            let folded = stage(OPERATOR, context.workers(), count, |partition| {
                fold_partition(&batch, partition, zero.clone(), &fold)
            })?;
            let total = folded.into_iter().fold(zero.clone(), &combine);
            Ok(Rdd::of_rows(vec![vec![total]]))
        })
    }
}

fn fold_partition<K: Key, V: Data, A>(
    batch: &Rdd<(K, V)>,
    partition: usize,
    zero: A,
    fold: &impl Fn(A, &K, &V) -> A,
) -> Result<A, Failure> {
    if let Some(states) = batch.partitions_as::<Vec<UpdateSnapshot<K, V>>>() {
        return catch(OPERATOR, || states[partition].fold(zero, &mut &fold)).and_then(|it| it);
    }
    if let Some(rows) = batch.partitions_as::<Arc<Vec<Vec<(K, V)>>>>() {
        let pairs = rows[partition].iter();
        return catch(OPERATOR, || {
            pairs.fold(zero, |folded, (key, value)| fold(folded, key, value))
        });
    }
    let mut folded = Some(zero);
    batch.read(OPERATOR, Part::whole(partition), |rows| {
        let so_far = folded.take();
        folded = so_far.map(|so_far| {
            rows.drain(..)
                .fold(so_far, |folded, (key, value)| fold(folded, &key, &value))
        });
        Ok(())
    })?;
    Ok(folded.expect("a fold that has not failed has a value"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::DStream;
    use crate::testing::test_operation;

    #[test]
    fn states_are_folded_by_reference_and_copies_alike() {
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
                let copies = states(&pairs).window(window, window).map(|pair| pair);
                copies.aggregate_pairs(0, sum, |x, y| x + y)
            },
            expected,
        );
    }
}
