//! Columns of each row.

use std::ops::{ControlFlow, Range};

use engine::Row;
use engine_sql::Typed;
use engine_sql::columns::Column;

use super::columnar::{Chunk, Columnar, EachChunk};
use super::operator::{Batch, Each, Flow, Operator};

/// These columns of each row (`org.apache.spark.sql.execution.ProjectExec`).
#[derive(Debug)]
pub(crate) struct Project {
    input: Box<dyn Operator>,
    columns: Vec<Typed>,
    /// The columns that these are, if they are nothing else.
    places: Option<Vec<usize>>,
    /// The same, if they lie side by side in a row.
    side_by_side: Option<Range<usize>>,
}

impl Project {
    pub(crate) fn new(input: Box<dyn Operator>, columns: Vec<Typed>) -> Project {
        Project {
            input,
            places: columns.iter().map(Typed::as_column).collect(),
            side_by_side: Typed::side_by_side(&columns),
            columns,
        }
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
