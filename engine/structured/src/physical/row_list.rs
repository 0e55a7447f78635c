//! Rows side by side.

use engine::{Failure, Row, Value};

/// Rows of the same number of columns, side by side in one list: a row takes no room of its own on the heap.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowList {
    values: Row,
    /// The number of columns, once there is a row.
    width: usize,
    count: usize,
}

impl RowList {
    /// No rows, with room for as many, of this number of columns.
    pub(crate) fn with_capacity(rows: usize, width: usize) -> RowList {
        RowList {
            values: Row::with_capacity(rows * width),
            ..RowList::default()
        }
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The row of this number, from 0.
    pub(crate) fn get(&self, number: usize) -> &[Value] {
        &self.values[number * self.width..][..self.width]
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, number: usize) -> &mut [Value] {
        &mut self.values[number * self.width..][..self.width]
    }

    /// The rows, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Value]> {
        (0..self.count).map(|number| self.get(number))
    }

    /// Adds a row behind the others.
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
        self.end_row();
    }

    /// Adds a row whose values `fill` puts behind those that are there.
    pub(crate) fn push_with(
        &mut self,
        fill: impl FnOnce(&mut Row) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        fill(&mut self.values)?;
        self.end_row();
        Ok(())
    }

    fn end_row(&mut self) {
        if self.count == 0 {
            self.width = self.values.len();
        }
        self.count += 1;
        debug_assert_eq!(
            self.values.len(),
            self.count * self.width,
            "rows are of one width"
        );
    }
}

impl FromIterator<Row> for RowList {
    fn from_iter<I: IntoIterator<Item = Row>>(rows: I) -> RowList {
        let mut list = RowList::default();
        for row in rows {
            list.push(row);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_many_and_as_wide_as_they_were_added() {
        let mut rows = RowList::with_capacity(1, 2);
        assert!(rows.is_empty());
        for number in 0..3 {
            rows.push([number, number * 10].map(Value::Long));
        }
        rows.get_mut(1)[1] = Value::Null;
        assert_eq!(rows.len(), 3);
        assert_eq!(rows.get(1), [Value::Long(1), Value::Null]);
        assert_eq!(rows.iter().count(), 3);
        assert_eq!(rows.iter().last(), Some(&[2, 20].map(Value::Long)[..]));
    }

    #[test]
    fn rows_without_columns_are_counted() {
        let mut rows = RowList::default();
        rows.push([]);
        rows.push([]);
        assert_eq!(rows.iter().collect::<Vec<_>>(), [&[] as &[Value]; 2]);
    }
}
