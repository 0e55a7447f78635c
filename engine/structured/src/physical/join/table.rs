//! Pairs of rows, of which those of one table are the same in each batch.

use std::ops::ControlFlow;

use engine::{Failure, Row, Value};
use engine_sql::Typed;

use super::keys::JoinKeys;
use crate::physical::generate::joined;
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions, collect};
use crate::physical::state::KeyMap;

/// Each row of a table with the rows of another one that all tasks have
/// (`org.apache.spark.sql.execution.joins.BroadcastHashJoinExec`, `BroadcastNestedLoopJoinExec`).
#[derive(Debug)]
pub(crate) struct TableJoin {
    /// The table whose rows come one by one, in their order.
    pub(crate) rows: Box<dyn Operator>,
    /// The other one, which is read once a query if it is finite.
    pub(crate) table: Box<dyn Operator>,
    /// The rows that come one by one are those of the left table.
    pub(crate) is_left: bool,
    /// The keys of both; none if each row is compared with each.
    pub(crate) keys: Option<(JoinKeys, JoinKeys)>,
    /// The condition beside the keys, over the columns of the left table and then of the right one.
    pub(crate) condition: Option<Typed>,
    pub(crate) without: Without,
    /// The number of the columns of the table.
    pub(crate) table_width: usize,
    /// The table is that of a stream, and another one in each batch.
    pub(crate) is_stream: bool,
    pub(crate) known: Option<KnownTable>,
}

/// The result for a row by its partners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Without {
    /// Pairs; nothing of a row without a partner.
    Nothing,
    /// Pairs; a row without a partner with `NULL`s.
    Nulls,
    /// The row once if it has a partner.
    Semi,
    /// The row if it has none.
    Anti,
}

/// The rows of a table, and their places by their keys.
#[derive(Debug, Default)]
pub(crate) struct KnownTable {
    rows: Vec<Row>,
    /// The last first: so does Spark's map chain rows of one key.
    places: KeyMap<Vec<usize>>,
}

impl TableJoin {
    fn read(&mut self, batch: &Batch<'_>) -> Result<KnownTable, Failure> {
        let partitions = self.table.begin(batch)?;
        let rows = collect(&*self.table, &partitions, batch)?;
        let mut known = KnownTable {
            rows: rows.into_iter().flatten().collect(),
            places: KeyMap::default(),
        };
        if let Some((_, keys)) = &self.keys {
            for (place, row) in known.rows.iter().enumerate().rev() {
                if let Some(key) = keys.key(row, &batch.context)? {
                    known.places.entry(key).or_default().push(place);
                }
            }
        }
        Ok(known)
    }

    fn pair(&self, row: &[Value], other: &[Value]) -> Row {
        if self.is_left {
            joined(row, other.to_vec())
        } else {
            joined(other, row.to_vec())
        }
    }

    /// Hands the results of a row to `each`.
    fn join(
        &self,
        row: &[Value],
        known: &KnownTable,
        batch: &Batch<'_>,
        each: &mut Each<'_>,
    ) -> Flow {
        let (places, all) = match &self.keys {
            None => (None, 0..known.rows.len()),
            Some((keys, _)) => {
                let key = keys.key(row, &batch.context)?;
                (key.and_then(|key| known.places.get(&key)), 0..0)
            }
        };
        let mut has_partner = false;
        for place in places.into_iter().flatten().copied().chain(all) {
            let pair = self.pair(row, &known.rows[place]);
            if let Some(condition) = &self.condition
                && condition.value(&pair, &batch.context)? != Value::Boolean(true)
            {
                continue;
            }
            has_partner = true;
            match self.without {
                Without::Semi | Without::Anti => break,
                Without::Nothing | Without::Nulls => {
                    if each(&pair)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
        }
        match (self.without, has_partner) {
            (Without::Semi, true) | (Without::Anti, false) => each(row),
            (Without::Nulls, false) => each(&self.pair(row, &vec![Value::Null; self.table_width])),
            _ => Ok(ControlFlow::Continue(())),
        }
    }
}

impl Operator for TableJoin {
    fn name(&self) -> String {
        let build = if self.is_left {
            "BuildRight"
        } else {
            "BuildLeft"
        };
        match self.keys {
            Some(_) => format!("BroadcastHashJoin {build}"),
            None => format!("BroadcastNestedLoopJoin {build}"),
        }
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.rows, &mut *self.table]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        if self.is_stream || self.known.is_none() {
            self.known = Some(self.read(batch)?);
        }
        self.rows.begin(batch)
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let Some(known) = &self.known else {
            return Ok(ControlFlow::Continue(()));
        };
        self.rows.rows(partition, batch, &mut |row| {
            self.join(row, known, batch, each)
        })
    }
}
