//! The first rows of an order, of which all are never sorted.

use std::cmp::Ordering;

use engine::Failure;

use super::kept::Kept;
use super::operator::{Batch, Each, Flow, Operator, Partitions, each_partition};
use super::sort::{Order, Sortable, compare, sortable};

/// The first rows of an order, in one partition (`org.apache.spark.sql.execution.TakeOrderedAndProjectExec`).
#[derive(Debug)]
pub(crate) struct Top {
    input: Box<dyn Operator>,
    order: Order,
    count: usize,
    first: Kept,
}

impl Top {
    pub(crate) fn new(input: Box<dyn Operator>, order: Order, count: usize) -> Top {
        Top {
            input,
            order,
            count,
            first: Kept::default(),
        }
    }

    /// The first rows of a partition.
    fn of_partition(&self, partition: usize, batch: &Batch<'_>) -> Result<Vec<Sortable>, Failure> {
        let mut least = Least::new(self.count, |one: &Sortable, other: &Sortable| {
            compare(&self.order, one, other)
        });
        let _ = self.input.rows(partition, batch, &mut |row| {
            least.add(sortable(&self.order, row.to_vec(), &batch.context)?);
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        Ok(least.finish())
    }
}

impl Operator for Top {
    fn name(&self) -> String {
        format!("TakeOrderedAndProject of {} keys,", self.order.len())
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let firsts = each_partition(&partitions, batch, |it| self.of_partition(it, batch))?;
        let mut least = Least::new(self.count, |one: &Sortable, other: &Sortable| {
            compare(&self.order, one, other)
        });
        firsts.into_iter().flatten().for_each(|row| least.add(row));
        self.first = Kept::in_one(least.finish().into_iter().map(|(_, row)| row));
        Ok(self.first.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.first.hand_out(partition, each)
    }
}

/// The least items that were added, of which those that are equal come in the order, and are the ones, that Guava's
/// `Ordering.leastOf` gives (version 14): twice as many as are wanted are kept, and then the least half
/// of them.
struct Least<T, F> {
    count: usize,
    compare: F,
    items: Vec<T>,
    /// The place of the greatest among the items that are kept.
    threshold: usize,
}

impl<T: Clone, F: Fn(&T, &T) -> Ordering> Least<T, F> {
    fn new(count: usize, compare: F) -> Least<T, F> {
        Least {
            count,
            compare,
            items: Vec::new(),
            threshold: 0,
        }
    }

    fn add(&mut self, item: T) {
        if self.count == 0 {
            return;
        }
        let is_filling = self.items.len() < self.count;
        if !is_filling && (self.compare)(&item, &self.items[self.threshold]).is_ge() {
            return;
        }
        self.items.push(item);
        if is_filling {
            self.raise(self.items.len() - 1);
        } else if self.items.len() == self.count.saturating_mul(2) {
            self.halve();
        }
    }

    /// The least ones, in order.
    fn finish(mut self) -> Vec<T> {
        self.items.sort_by(&self.compare);
        self.items.truncate(self.count);
        self.items
    }

    /// Of two that are equal, the threshold is the one that was it before.
    fn raise(&mut self, place: usize) {
        if (self.compare)(&self.items[self.threshold], &self.items[place]).is_lt() {
            self.threshold = place;
        }
    }

    /// Keeps the least half (a quickselect).
    fn halve(&mut self) {
        let mut left = 0;
        let mut right = self.items.len() - 1;
        let mut threshold = 0;
        while left < right {
            let pivot = self.partition(left, right, (left + right).div_ceil(2));
            match pivot.cmp(&self.count) {
                Ordering::Greater => right = pivot - 1,
                Ordering::Less => {
                    left = pivot.max(left + 1);
                    threshold = pivot;
                }
                Ordering::Equal => break,
            }
        }
        self.items.truncate(self.count);
        self.threshold = threshold;
        for place in threshold + 1..self.count {
            self.raise(place);
        }
    }

    /// Brings what is less than the item at `pivot` before it, and returns its new place.
    fn partition(&mut self, left: usize, right: usize, pivot: usize) -> usize {
        let value = self.items[pivot].clone();
        self.items.swap(pivot, right);
        let mut store = left;
        for place in left..right {
            if (self.compare)(&self.items[place], &value).is_lt() {
                self.items.swap(store, place);
                store += 1;
            }
        }
        self.items.swap(right, store);
        store
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The least of some numbers by their tens.
    fn least(count: usize, numbers: &[u32]) -> Vec<u32> {
        let mut least = Least::new(count, |one: &u32, other: &u32| {
            (one / 10).cmp(&(other / 10))
        });
        for number in numbers {
            least.add(*number);
        }
        least.finish()
    }

    #[test]
    fn the_first_of_those_that_are_equal_are_kept_as_long_as_there_is_room() {
        assert_eq!(least(2, &[31, 32, 33, 11]), [11, 31]);
        assert!(least(0, &[1]).is_empty());
        assert_eq!(least(5, &[21, 11, 12]), [11, 12, 21]);
    }

    proptest! {
        #[test]
        fn they_are_those_of_the_sorted_list_but_for_equal_ones(count in 0_usize..6, numbers: Vec<u8>) {
            let numbers: Vec<u32> = numbers.into_iter().map(u32::from).collect();
            let mut sorted = numbers.clone();
            sorted.sort_by_key(|number| number / 10);
            let tens = |numbers: &[u32]| numbers.iter().map(|it| it / 10).take(count).collect::<Vec<_>>();
            prop_assert_eq!(tens(&least(count, &numbers)), tens(&sorted));
        }
    }
}
