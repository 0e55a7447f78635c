//! How the rows of a batch are found: partition by partition, in runs.

use std::any::Any;
use std::ops::{ControlFlow, Deref, Range};

use super::Data;
use super::push::push;

/// Whoever visits the rows of a partition says after each run whether it wants more.
pub(crate) type Flow = ControlFlow<()>;

/// Takes rows run by run. What it leaves in a run is dropped.
pub(crate) type Visitor<'a, T> = dyn FnMut(&mut Vec<T>) -> Flow + 'a;

/// How many rows go from one operator to the next at once.
///
/// A run of rows costs one call, however many there are, so whoever wants all rows asks for
/// [long](Pace::ALL) runs. Whoever may have enough asks for rows [one by one](Pace::ONE): then no
/// operator computes a row that nobody wants, as no iterator of Spark's does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace(usize);

impl Pace {
    /// So many that the call is forgotten, and so few that they stay in the nearest cache.
    pub(crate) const ALL: Pace = Pace(128);
    /// Row by row.
    pub(crate) const ONE: Pace = Pace(1);
}

/// Rows that are a part of a partition: so many that a part is worth a task, and so few that two workers
/// find enough of them.
const PART: usize = 2_048;

/// How the rows of a batch are found.
pub(crate) trait Partitions<T>: Send + Sync {
    fn count(&self) -> usize;

    /// Hands the rows of a partition to `each`, in order, in runs that are not empty and not longer
    /// than `pace`, until it breaks.
    fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, T>) -> Flow;

    /// Into how many parts a partition can be cut that can be visited at the same time. It depends on the
    /// rows alone, never on who visits them.
    fn parts(&self, _partition: usize) -> usize {
        1
    }

    /// As [`visit`](Partitions::visit), of one part: all parts one after the other are the partition.
    fn visit_part(
        &self,
        (partition, _part): (usize, usize),
        pace: Pace,
        each: &mut Visitor<'_, T>,
    ) -> Flow {
        self.visit(partition, pace, each)
    }

    /// Has what waits for the first job on these rows to end happen, as Spark writes checkpoints then
    /// (`RDD.doCheckpoint`).
    fn do_checkpoint(&self) {}

    /// The states of keys that these rows are, where they lie in columns.
    fn columns(&self) -> Option<&dyn Any> {
        None
    }

    /// Shows all rows of a partition to `each`, in order and in runs: where they are, if they are
    /// anywhere.
    fn look(&self, partition: usize, each: &mut dyn FnMut(&[T])) {
        to_the_end(
            |visitor| self.visit(partition, Pace::ALL, visitor),
            |run| each(run),
        );
    }
}

/// Hands `each` all runs of a visit.
pub(super) fn to_the_end<T>(
    visit: impl FnOnce(&mut Visitor<'_, T>) -> Flow,
    mut each: impl FnMut(&mut Vec<T>),
) {
    let all = visit(&mut |run| {
        each(run);
        Flow::Continue(())
    });
    assert!(
        all.is_continue(),
        "a visit ends early only when its visitor says so"
    );
}

/// Rows on their way to a visitor: collected until they are a run.
pub(crate) struct Run<'a, T> {
    rows: Vec<T>,
    pace: Pace,
    each: &'a mut Visitor<'a, T>,
}

impl<'a, T> Run<'a, T> {
    /// Has rows made, and hands them to `each`, the last ones too.
    pub(crate) fn hand_out(
        pace: Pace,
        each: &'a mut Visitor<'a, T>,
        make: impl FnOnce(&mut Run<'_, T>) -> Flow,
    ) -> Flow {
        let mut run = Run {
            rows: Vec::new(),
            pace,
            each,
        };
        make(&mut run)?;
        run.end()
    }

    /// Adds a row.
    #[inline]
    pub(crate) fn push(&mut self, row: T) -> Flow {
        push(&mut self.rows, row);
        if self.rows.len() < self.pace.0 {
            return Flow::Continue(());
        }
        self.hand_over()
    }

    /// Adds what `function` makes of each of these rows.
    pub(crate) fn map<U>(&mut self, rows: &mut Vec<U>, function: impl Fn(U) -> T) -> Flow {
        while !rows.is_empty() {
            let room = self.pace.0 - self.rows.len();
            let some = rows.drain(..room.min(rows.len()));
            self.rows.extend(some.map(&function));
            if self.rows.len() == self.pace.0 {
                self.hand_over()?;
            }
        }
        Flow::Continue(())
    }

    /// Adds rows, as many at once as there is room for. `rows` makes those of a range of numbers.
    pub(crate) fn extend<I: Iterator<Item = T>>(
        &mut self,
        numbers: Range<usize>,
        rows: impl Fn(Range<usize>) -> I,
    ) -> Flow {
        let mut start = numbers.start;
        while start < numbers.end {
            let room = self.pace.0 - self.rows.len();
            let end = numbers.end.min(start + room);
            self.rows.extend(rows(start..end));
            if self.rows.len() == self.pace.0 {
                self.hand_over()?;
            }
            start = end;
        }
        Flow::Continue(())
    }

    /// Hands over what is left.
    fn end(mut self) -> Flow {
        if self.rows.is_empty() {
            return Flow::Continue(());
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> Flow {
        let flow = (self.each)(&mut self.rows);
        self.rows.clear();
        flow
    }
}

/// Partitions without rows: what a partitioner makes of a batch in which nothing arrived.
pub(crate) struct NoRows {
    pub(crate) partitions: usize,
}

impl<T> Partitions<T> for NoRows {
    fn count(&self) -> usize {
        self.partitions
    }

    fn visit(&self, _: usize, _: Pace, _: &mut Visitor<'_, T>) -> Flow {
        Flow::Continue(())
    }
}

/// Rows that are there already: vectors, or the blocks that were received.
impl<T: Data, P: Deref<Target = [T]> + Send + Sync> Partitions<T> for Vec<P> {
    fn count(&self) -> usize {
        self.len()
    }

    fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, T>) -> Flow {
        visit_rows(&self[partition], pace, each)
    }

    fn parts(&self, partition: usize) -> usize {
        self[partition].len().div_ceil(PART).max(1)
    }

    fn visit_part(
        &self,
        (partition, part): (usize, usize),
        pace: Pace,
        each: &mut Visitor<'_, T>,
    ) -> Flow {
        let rows = self[partition].chunks(PART).nth(part);
        visit_rows(rows.unwrap_or_default(), pace, each)
    }

    fn look(&self, partition: usize, each: &mut dyn FnMut(&[T])) {
        each(&self[partition]);
    }
}

fn visit_rows<T: Data>(rows: &[T], pace: Pace, each: &mut Visitor<'_, T>) -> Flow {
    let mut run = Vec::with_capacity(pace.0.min(rows.len()));
    rows.chunks(pace.0).try_for_each(|chunk| {
        run.clear();
        run.extend_from_slice(chunk);
        each(&mut run)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rdd;

    /// The runs in which the rows of partition 0 come.
    #[track_caller]
    fn check(rdd: &Rdd<i32>, pace: Pace, expected: &[&[i32]]) {
        let mut runs = Vec::new();
        let flow = rdd.visit(0, pace, &mut |run| {
            runs.push(std::mem::take(run));
            Flow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(runs, expected);
    }

    #[test]
    fn rows_come_in_runs_that_are_full_but_for_the_last() {
        let numbers = Rdd::of_rows(vec![vec![1, 2, 3, 4, 5]]);
        check(&numbers, Pace(2), &[&[1, 2], &[3, 4], &[5]]);
        let doubled = numbers.flat_map(|n| [n, n]).filter(|n| n % 2 == 1);
        check(&doubled, Pace(4), &[&[1, 1, 3, 3], &[5, 5]]);
        check(&doubled, Pace::ALL, &[&[1, 1, 3, 3, 5, 5]]);
        check(&numbers.filter(|_| false), Pace::ALL, &[]);
    }

    #[test]
    fn the_parts_of_a_partition_one_after_the_other_are_the_partition() {
        let rows = |count: i32| (0..count).collect::<Vec<i32>>();
        let part = i32::try_from(PART).expect("it is small");
        let numbers = Rdd::of_rows(vec![rows(2 * part + 1), Vec::new(), rows(part)]);
        let chained = numbers
            .flat_map(|n| [n, -n])
            .filter(|n| n % 3 != 0)
            .map(|n| n + 1);
        for (partition, parts) in [3, 1, 1].into_iter().enumerate() {
            assert_eq!(chained.parts(partition), parts);
            let (mut in_parts, mut whole) = (Vec::new(), Vec::new());
            for part in 0..parts {
                chained.visit_part_runs((partition, part), |run| in_parts.append(run));
            }
            chained.visit_runs(partition, |run| whole.append(run));
            assert_eq!(in_parts, whole);
        }
        let union = chained.union(&chained);
        assert_eq!(union.parts(0), 1, "a union is visited as a whole");
    }

    #[test]
    fn row_by_row_nothing_is_computed_that_nobody_wants() {
        let computed = |n: i32| {
            assert!(n <= 2, "nobody asked for the row of {n}");
            n
        };
        let numbers = Rdd::of_rows(vec![vec![1, 2, 3, 4, 5]]).map(computed);
        assert_eq!(numbers.flat_map(|n| [n, -n]).take(3), [1, -1, 2]);
    }
}
