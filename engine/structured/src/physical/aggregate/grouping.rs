//! A partial aggregation while it is under way: from the rows of a partition to its groups.

use std::ops::ControlFlow;

use engine::{Failure, Row, Value};
use engine_sql::columns::{ArgumentRows, Column, Operand};
use engine_sql::{Context, Typed};
use foldhash::fast::FixedState;
use indexmap::IndexSet;

use super::aggregation::{Aggregation, Call, Partial};
use super::buffers::Buffers;
use super::groups::Groups;
use crate::physical::columnar::{CHUNK_ROWS, Chunk};
use crate::physical::operator::{Batch, Flow, Operator};

/// The groups of the rows so far. Rows that come one by one are evaluated at once and gathered by column, and added to
/// their groups some at a time, as those that come by column are.
pub(super) struct Grouping<'a> {
    aggregation: &'a Aggregation,
    context: &'a Context<'a>,
    groups: Groups,
    /// Of each aggregate.
    buffers: Vec<Buffers>,
    /// Of an aggregation in which some lists of arguments count once: those that have.
    seen: IndexSet<Once, FixedState>,
    rows: u64,
    gathered: Gathered,
    /// The groups of the rows that are being added.
    numbers: Vec<u32>,
}

/// A list of arguments that counts once.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Once {
    group: u32,
    /// The place of the aggregate.
    call: usize,
    arguments: Row,
}

/// Rows by column, as many as a chunk has at most.
#[derive(Debug, Default)]
struct Gathered {
    /// Their numbers: from 0 on.
    rows: Vec<u32>,
    keys: Vec<Column>,
    calls: Vec<GatheredCall>,
}

/// The arguments of an aggregate. Those of a row that does not count are any.
#[derive(Debug, Default)]
struct GatheredCall {
    arguments: Vec<Column>,
    /// The rows that count.
    rows: Vec<u32>,
}

/// The arguments of an aggregate, and the rows that count.
struct CallRows<'a> {
    arguments: Vec<Operand<'a>>,
    /// All of them, if `None`.
    rows: Option<&'a [u32]>,
}

impl<'a> Grouping<'a> {
    /// No groups, with room for as many.
    pub(super) fn new(
        aggregation: &'a Aggregation,
        context: &'a Context<'a>,
        groups: usize,
    ) -> Grouping<'a> {
        let calls = aggregation.calls.iter();
        Grouping {
            aggregation,
            context,
            groups: Groups::with_capacity(groups, aggregation.keys.len()),
            buffers: calls.map(|it| Buffers::of(&*it.accumulate)).collect(),
            seen: IndexSet::default(),
            rows: 0,
            gathered: Gathered::of(aggregation),
            numbers: Vec::new(),
        }
    }

    /// Adds the rows of a partition of a table.
    pub(super) fn add_rows(
        &mut self,
        input: &dyn Operator,
        partition: usize,
        batch: &Batch<'_>,
    ) -> Flow {
        let flow = input.rows(partition, batch, &mut |row| {
            self.add_row(row)?;
            Ok(ControlFlow::Continue(()))
        });
        // A row that came before a failure may fail in its buffer.
        self.add_gathered()?;
        flow
    }

    /// Adds a row.
    fn add_row(&mut self, row: &[Value]) -> Result<(), Failure> {
        if let Err(failure) = self.gathered.add(self.aggregation, row, self.context) {
            self.gathered.rows.pop();
            return Err(failure);
        }
        self.rows += 1;
        if self.gathered.rows.len() == CHUNK_ROWS {
            self.add_gathered()?;
        }
        Ok(())
    }

    /// Adds the rows that are gathered.
    fn add_gathered(&mut self) -> Result<(), Failure> {
        let mut gathered = std::mem::take(&mut self.gathered);
        let keys: Vec<Operand<'_>> = gathered.keys.iter().map(Operand::Column).collect();
        let calls = gathered.calls.iter().zip(&self.aggregation.calls);
        let calls: Vec<CallRows<'_>> = calls
            .map(|(gathered, call)| CallRows {
                arguments: gathered.operands(call),
                rows: call.filter.is_some().then_some(&gathered.rows[..]),
            })
            .collect();
        self.add(&keys, &gathered.rows, &calls)?;
        gathered.clear();
        self.gathered = gathered;
        Ok(())
    }

    /// Adds rows by column, of an aggregation that takes them so.
    pub(super) fn add_chunk(&mut self, chunk: &Chunk<'_>) -> Result<(), Failure> {
        self.rows += chunk.rows.len() as u64;
        let operand = |it| operand(it, chunk.columns);
        let keys = self.aggregation.keys.iter();
        let keys: Vec<Operand<'_>> = keys.map(|key| operand(&key.expression)).collect();
        let narrowed = self.aggregation.calls.iter().map(|call| {
            let predicate = call.predicate.as_ref()?;
            let mut rows = chunk.rows.clone();
            predicate.narrow(chunk.columns, &mut rows);
            Some(rows)
        });
        let narrowed: Vec<Option<Vec<u32>>> = narrowed.collect();
        let calls = self.aggregation.calls.iter().zip(&narrowed);
        let calls: Vec<CallRows<'_>> = calls
            .map(|(call, rows)| CallRows {
                arguments: call.arguments.iter().map(operand).collect(),
                rows: rows.as_deref(),
            })
            .collect();
        self.add(&keys, chunk.rows, &calls)
    }

    /// Adds rows to their groups. The failure is that of the first row that fails.
    fn add(
        &mut self,
        keys: &[Operand<'_>],
        rows: &[u32],
        calls: &[CallRows<'_>],
    ) -> Result<(), Failure> {
        let before = self.groups.len();
        let mut numbers = std::mem::take(&mut self.numbers);
        self.groups.numbers_of(keys, rows, &mut numbers);
        let mut end = u32::MAX;
        let mut first = Ok(());
        for (place, call) in calls.iter().enumerate() {
            let initial = self.aggregation.initial_of(place);
            self.buffers[place].add_groups(self.groups.len() - before, initial);
            if let Err(failed) = self.add_to(place, call, rows, &numbers, end) {
                end = failed.row;
                first = Err(failed.failure);
            }
        }
        self.numbers = numbers;
        first
    }

    /// Adds the rows before `end` to the buffers of one aggregate.
    fn add_to(
        &mut self,
        place: usize,
        call: &CallRows<'_>,
        rows: &[u32],
        numbers: &[u32],
        end: u32,
    ) -> Result<(), Failed> {
        let is_distinct = self.aggregation.calls[place].is_distinct;
        let mut some = Vec::new();
        let mut of_some = Vec::new();
        let mut rows = rows;
        let mut numbers = numbers;
        if call.rows.is_some() || is_distinct {
            let counting = call.rows.unwrap_or(rows);
            for (row, group) in of_rows(counting, rows, numbers) {
                let is_new = !is_distinct || {
                    let arguments = call.arguments.iter();
                    self.seen.insert(Once {
                        group,
                        call: place,
                        arguments: arguments.map(|it| it.value(row as usize)).collect(),
                    })
                };
                if is_new {
                    some.push(row);
                    of_some.push(group);
                }
            }
            rows = &some;
            numbers = &of_some;
        }
        let count = rows.partition_point(|row| *row < end);
        let input = ArgumentRows {
            arguments: &call.arguments,
            rows: &rows[..count],
            groups: &numbers[..count],
            session: self.context.session,
        };
        let accumulate = &*self.aggregation.calls[place].accumulate;
        self.buffers[place]
            .update(accumulate, self.groups.len(), &input, self.context)
            .map_err(|failed| Failed {
                row: rows[failed.place],
                failure: failed.failure,
            })
    }

    /// The groups of all rows.
    pub(super) fn finish(self) -> Partial {
        let order = (0..self.groups.len()).collect();
        let order = self
            .aggregation
            .table
            .in_order(order, |number| self.groups.key(number));
        Partial {
            groups: self.groups,
            buffers: self.buffers,
            order,
            rows: self.rows,
        }
    }
}

/// A row that fails, by its number.
struct Failed {
    row: u32,
    failure: Failure,
}

/// Some of these rows, each with its group.
fn of_rows<'a>(
    some: &'a [u32],
    rows: &'a [u32],
    numbers: &'a [u32],
) -> impl Iterator<Item = (u32, u32)> + 'a {
    let mut all = rows.iter().zip(numbers);
    some.iter()
        .filter_map(move |row| Some((*row, *all.find(|(other, _)| *other == row)?.1)))
}

/// An argument of this expression, a column or a value that was written down.
fn operand<'a>(expression: &'a Typed, columns: &[&'a Column]) -> Operand<'a> {
    match expression.as_column() {
        Some(index) => Operand::Column(columns[index]),
        None => Operand::Constant(expression.as_literal().unwrap_or(&Value::Null)),
    }
}

impl Gathered {
    fn of(aggregation: &Aggregation) -> Gathered {
        let columns = |count: usize| (0..count).map(|_| Column::default()).collect();
        let calls = aggregation.calls.iter().map(|call| GatheredCall {
            arguments: columns(call.arguments.len()),
            rows: Vec::new(),
        });
        Gathered {
            rows: Vec::new(),
            keys: columns(aggregation.keys.len()),
            calls: calls.collect(),
        }
    }

    /// Adds a row: its key, and the arguments of the aggregates that it counts for.
    fn add(
        &mut self,
        aggregation: &Aggregation,
        row: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        let number = self.rows.len() as u32;
        self.rows.push(number);
        for (column, key) in self.keys.iter_mut().zip(&aggregation.keys) {
            match key.expression.known(row) {
                Some(value) if !key.has_floats => column.push(value),
                _ => column.push(&key.value(row, context)?),
            }
        }
        for (gathered, call) in self.calls.iter_mut().zip(&aggregation.calls) {
            if let Some(filter) = &call.filter {
                if filter.value(row, context)? != Value::Boolean(true) {
                    for column in &mut gathered.arguments {
                        column.push(&Value::Null);
                    }
                    continue;
                }
                gathered.rows.push(number);
            }
            for (column, argument) in gathered.arguments.iter_mut().zip(&call.arguments) {
                match argument.known(row) {
                    // It is the same in each row.
                    Some(_) if argument.as_literal().is_some() => {}
                    Some(value) => column.push(value),
                    None => column.push(&argument.value(row, context)?),
                }
            }
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.keys.iter_mut().for_each(Column::clear);
        for call in &mut self.calls {
            call.rows.clear();
            call.arguments.iter_mut().for_each(Column::clear);
        }
    }
}

impl GatheredCall {
    fn operands<'a>(&'a self, call: &'a Call) -> Vec<Operand<'a>> {
        let arguments = self.arguments.iter().zip(&call.arguments);
        arguments
            .map(|(column, argument)| match argument.as_literal() {
                Some(_) => operand(argument, &[]),
                None => Operand::Column(column),
            })
            .collect()
    }
}
