//! Columns of each row.

use std::ops::{ControlFlow, Range};

use engine::Row;
use engine_sql::Typed;
use engine_sql::columns::Column;

use super::columnar::{Chunk, Columnar, EachChunk};
use super::operator::{Batch, Each, Flow, Operator, first_rows};

/// These columns of each row (`org.apache.spark.sql.execution.ProjectExec`).
#[derive(Debug)]
pub(crate) struct Project {
    input: Box<dyn Operator>,
    columns: Vec<Typed>,
    /// The columns that these are, if they are nothing else.
    places: Option<Vec<usize>>,
    /// The same, if they lie side by side in a row.
    side_by_side: Option<Range<usize>>,
    /// True if a column is made of all rows of a partition at once (`ArrowEvalPythonExec`).
    takes_partitions: bool,
}

impl Project {
    pub(crate) fn new(input: Box<dyn Operator>, columns: Vec<Typed>) -> Project {
        Project {
            input,
            places: columns.iter().map(Typed::as_column).collect(),
            side_by_side: Typed::side_by_side(&columns),
            takes_partitions: columns.iter().any(Typed::takes_partitions),
            columns,
        }
    }

    /// The same rows, where a column is made of all of a partition.
    fn whole(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let rows = first_rows(&*self.input, partition, batch, usize::MAX)?;
        if rows.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let columns = self.columns.iter();
        let columns =
            columns.map(|column| column.partition_values(partition, &rows, &batch.context));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        for _ in 0..rows.len() {
            let row: Row = columns.iter_mut().filter_map(Iterator::next).collect();
            if each(&row)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Operator for Project {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        if let Some(columns) = &self.side_by_side {
            return self
                .input
                .rows(partition, batch, &mut |row| each(&row[columns.clone()]));
        }
        if self.takes_partitions {
            return self.whole(partition, batch, each);
        }
        let mut values = Row::with_capacity(self.columns.len());
        self.input.rows(partition, batch, &mut |row| {
            Typed::values_into(&mut values, &self.columns, row, &batch.context)?;
            each(&values)
        })
    }

    fn columnar(&self) -> Option<&dyn Columnar> {
        self.places.as_ref()?;
        self.input.columnar()?;
        Some(self)
    }
}

impl Columnar for Project {
    fn chunks(&self, partition: usize, each: &mut EachChunk<'_>) -> Flow {
        let (Some(input), Some(places)) = (self.input.columnar(), &self.places) else {
            return Ok(ControlFlow::Continue(()));
        };
        input.chunks(partition, &mut |chunk| {
            let columns: Vec<&Column> = places.iter().map(|place| chunk.columns[*place]).collect();
            each(Chunk {
                columns: &columns,
                rows: chunk.rows,
            })
        })
    }
}
