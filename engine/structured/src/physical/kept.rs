//! The rows that an operator has made of a batch before the first one is asked for.

use std::ops::ControlFlow;

use engine::Row;

use super::operator::{Each, Flow, Partitions, hand_out};
use super::row_list::RowList;

/// The rows of each partition that has some, ascending.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    count: usize,
    rows: Vec<(usize, RowList)>,
}

impl Kept {
    /// Rows of this number of partitions.
    pub(crate) fn new(count: usize, rows: Vec<(usize, RowList)>) -> Kept {
        Kept { count, rows }
    }

    /// Rows in one partition.
    pub(crate) fn in_one(rows: impl IntoIterator<Item = Row>) -> Kept {
        Kept::new(1, vec![(0, rows.into_iter().collect())])
    }

    pub(crate) fn partitions(&self) -> Partitions {
        Partitions {
            count: self.count,
            used: self.rows.iter().map(|(partition, _)| *partition).collect(),
        }
    }

    /// Hands out the rows of a partition.
    pub(crate) fn hand_out(&self, partition: usize, each: &mut Each<'_>) -> Flow {
        let found = self.rows.binary_search_by_key(&partition, |(it, _)| *it);
        match found {
            Ok(place) => hand_out(self.rows[place].1.iter(), each),
            Err(_) => Ok(ControlFlow::Continue(())),
        }
    }
}
