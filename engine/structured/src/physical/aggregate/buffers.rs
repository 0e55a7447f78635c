//! The buffers of an aggregate in a partial aggregation.

use engine::{Row, Value};
use engine_sql::columns::{ArgumentRows, FailedRow, GroupBuffers};
use engine_sql::{Accumulate, Context};

use crate::physical::row_list::RowList;

/// The buffers of an aggregate, one a group: by column while its arguments are of a kind that has such a form, or else as
/// rows of values.
#[derive(Debug)]
pub(super) enum Buffers {
    Columns(Box<dyn GroupBuffers>),
    Rows(RowList),
}

impl Buffers {
    pub(super) fn of(accumulate: &dyn Accumulate) -> Buffers {
        accumulate
            .group_buffers()
            .map_or_else(|| Buffers::Rows(RowList::default()), Buffers::Columns)
    }

    /// Adds groups of no rows, whose buffers have these values.
    pub(super) fn add_groups(&mut self, count: usize, initial: &[Value]) {
        for _ in 0..count {
            match self {
                Buffers::Columns(buffers) => buffers.add_group(),
                Buffers::Rows(buffers) => buffers.push(initial.iter().cloned()),
            }
        }
    }

    /// Puts the buffer of a group behind `row`.
    pub(super) fn push_buffer(&self, group: usize, row: &mut Row) {
        match self {
            Buffers::Columns(buffers) => buffers.push_buffer(group, row),
            Buffers::Rows(buffers) => row.extend_from_slice(buffers.get(group)),
        }
    }

    /// Adds rows to the buffers of their groups, of which there are `groups`.
    ///
    /// # Errors
    ///
    /// The first row that fails.
    pub(super) fn update(
        &mut self,
        accumulate: &dyn Accumulate,
        groups: usize,
        rows: &ArgumentRows<'_>,
        context: &Context<'_>,
    ) -> Result<(), FailedRow> {
        if let Buffers::Columns(buffers) = self {
            if buffers.update(rows)? {
                return Ok(());
            }
            let mut values = RowList::default();
            for group in 0..groups {
                let mut buffer = Row::new();
                buffers.push_buffer(group, &mut buffer);
                values.push(buffer);
            }
            *self = Buffers::Rows(values);
        }
        let Buffers::Rows(buffers) = self else {
            return Ok(());
        };
        let mut arguments = Row::new();
        for (place, (row, group)) in rows.rows.iter().zip(rows.groups).enumerate() {
            arguments.clear();
            arguments.extend(rows.arguments.iter().map(|it| it.value(*row as usize)));
            let buffer = buffers.get_mut(*group as usize);
            accumulate
                .update(buffer, &arguments, context)
                .map_err(|failure| FailedRow { place, failure })?;
        }
        Ok(())
    }
}
