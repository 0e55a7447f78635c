//! The keys and the aggregates of an aggregation: from rows to groups, and from groups to rows.

use std::ops::{ControlFlow, Range};

use engine::{DataType, Failure, KeyOrder, Row, Value};
use engine_sql::columns::Predicate;
use engine_sql::{Accumulate, Context, Typed, TypedAggregate};

use super::buffers::Buffers;
use super::came::{CameGroup, CameGroups};
use super::group_table::GroupTable;
use super::grouping::Grouping;
use super::groups::Groups;
use crate::physical::operator::{Batch, Operator, Partitions, each_partition};
use crate::physical::state::{GroupKey, StateBuffers, normalized};

/// The keys of an aggregation, and its aggregates, whose buffers lie side by side.
#[derive(Debug)]
pub(crate) struct Aggregation {
    pub(super) keys: Vec<Key>,
    pub(super) calls: Vec<Call>,
    /// The buffers of no rows.
    initial: Row,
    pub(super) table: GroupTable,
    /// Keys and arguments are columns or values that were written down.
    takes_columns: bool,
}

/// A key.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) expression: Typed,
    /// It may have numbers that are equal but not the same.
    pub(super) has_floats: bool,
}

/// An aggregate.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) arguments: Vec<Typed>,
    pub(super) filter: Option<Typed>,
    /// The filter by column, if it has such a form.
    pub(super) predicate: Option<Predicate>,
    pub(super) is_distinct: bool,
    pub(super) accumulate: Box<dyn Accumulate>,
    /// Its part of the buffers.
    buffer: Range<usize>,
}

/// The partial aggregation of one partition.
#[derive(Debug)]
pub(crate) struct Partial {
    pub(super) groups: Groups,
    /// Of each aggregate.
    pub(super) buffers: Vec<Buffers>,
    /// The groups in the order in which they are handed out.
    pub(super) order: Vec<usize>,
    /// The number of rows.
    pub(super) rows: u64,
}

impl Partial {
    /// Puts the buffers of a group into `row`, in the place of those that are there.
    pub(super) fn buffers_into(&self, number: usize, row: &mut Row) {
        row.clear();
        for buffers in &self.buffers {
            buffers.push_buffer(number, row);
        }
    }
}

impl Aggregation {
    /// The name of its operator over a finite table.
    pub(super) fn name(&self) -> String {
        self.table.name().to_owned()
    }

    pub(crate) fn new(
        keys: Vec<Typed>,
        aggregates: Vec<TypedAggregate>,
        key_order: KeyOrder,
    ) -> Aggregation {
        // Groups of which some arguments count once are those of one partition, as they come.
        let table = if aggregates.iter().any(|it| it.is_distinct) {
            GroupTable::FirstSeen
        } else {
            GroupTable::of(&aggregates, key_order)
        };
        let mut initial = Row::new();
        let calls = aggregates.into_iter().map(|aggregate| {
            let start = initial.len();
            initial.extend(aggregate.accumulate.initial());
            Call {
                arguments: aggregate.arguments,
                predicate: aggregate.filter.as_ref().and_then(Predicate::of),
                filter: aggregate.filter,
                is_distinct: aggregate.is_distinct,
                accumulate: aggregate.accumulate,
                buffer: start..initial.len(),
            }
        });
        let calls: Vec<Call> = calls.collect();
        let keys: Vec<Key> = keys.into_iter().map(Key::new).collect();
        let is_plain = |it: &Typed| it.as_column().is_some() || it.as_literal().is_some();
        Aggregation {
            takes_columns: keys
                .iter()
                .all(|key| is_plain(&key.expression) && !key.has_floats)
                && calls.iter().all(|call| {
                    call.predicate.is_some() == call.filter.is_some()
                        && call.arguments.iter().all(is_plain)
                }),
            keys,
            calls,
            initial,
            table,
        }
    }

    /// True if all rows are one group.
    pub(crate) fn is_global(&self) -> bool {
        self.keys.is_empty()
    }

    /// The number of columns of its rows.
    pub(crate) fn width(&self) -> usize {
        self.keys.len() + self.calls.len()
    }

    /// The number of keys.
    pub(crate) fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// The types of the keys, and of the buffers.
    pub(crate) fn types(&self) -> (Vec<DataType>, Vec<DataType>) {
        let keys = self.keys.iter().map(|key| key.expression.data_type.clone());
        let buffers = self.calls.iter().flat_map(|call| call.accumulate.buffer());
        (keys.collect(), buffers.collect())
    }

    /// The buffer of an aggregate of no rows.
    pub(super) fn initial_of(&self, call: usize) -> &[Value] {
        &self.initial[self.calls[call].buffer.clone()]
    }

    /// The group of no rows.
    pub(crate) fn empty(&self) -> Partial {
        let mut groups = Groups::default();
        groups.add_global();
        let buffers = self.calls.iter().enumerate().map(|(place, call)| {
            let mut buffers = Buffers::of(&*call.accumulate);
            buffers.add_groups(1, self.initial_of(place));
            buffers
        });
        Partial {
            groups,
            buffers: buffers.collect(),
            order: vec![0],
            rows: 0,
        }
    }

    /// The aggregates that count each list of arguments once.
    pub(crate) fn has_distinct(&self) -> bool {
        self.calls.iter().any(|call| call.is_distinct)
    }

    /// Adds buffers to those of rows that came before.
    pub(crate) fn merge(
        &self,
        buffers: &mut [Value],
        more: &[Value],
        context: &Context<'_>,
    ) -> Result<(), Failure> {
        for call in &self.calls {
            let range = call.buffer.clone();
            call.accumulate
                .merge(&mut buffers[range.clone()], &more[range], context)?;
        }
        Ok(())
    }

    /// Puts the row of a group behind `row`: its key and its aggregates.
    pub(crate) fn finish(
        &self,
        key: &[Value],
        buffers: &[Value],
        context: &Context<'_>,
        row: &mut Row,
    ) -> Result<(), Failure> {
        row.extend_from_slice(key);
        for call in &self.calls {
            let buffer = &buffers[call.buffer.clone()];
            row.push(call.accumulate.finish(buffer, context)?);
        }
        Ok(())
    }

    /// The groups of the rows of some partitions.
    pub(super) fn partial(
        &self,
        input: &dyn Operator,
        partitions: &[usize],
        batch: &Batch<'_>,
        expected: usize,
    ) -> Result<Partial, Failure> {
        let mut grouping = Grouping::new(self, &batch.context, expected);
        let columnar = input.columnar().filter(|_| self.takes_columns);
        for partition in partitions {
            let _ = match columnar {
                Some(input) => input.chunks(*partition, &mut |chunk| {
                    grouping.add_chunk(&chunk)?;
                    Ok(ControlFlow::Continue(()))
                }),
                None => grouping.add_rows(input, *partition, batch),
            }?;
        }
        Ok(grouping.finish())
    }

    /// The groups of each partition of a table. Room is made for the number of groups that is expected in each.
    pub(crate) fn partials(
        &self,
        input: &dyn Operator,
        partitions: &Partitions,
        batch: &Batch<'_>,
        expected: usize,
    ) -> Result<Vec<Partial>, Failure> {
        each_partition(partitions, batch, |it| {
            self.partial(input, &[it], batch, expected)
        })
    }

    /// The groups that came to one partition, those of the first partition before.
    pub(super) fn merged(
        &self,
        partials: &[Partial],
        came: &[CameGroup],
        context: &Context<'_>,
    ) -> Result<CameGroups, Failure> {
        let mut groups = CameGroups::default();
        if let [only] = partials {
            groups.came = came.to_vec();
            // All of them have the order of the table already.
            if came.len() == only.order.len() {
                return Ok(groups);
            }
        } else {
            groups.merge(came, partials, |buffers, more| {
                self.merge(buffers, more, context)
            })?;
        }
        let came = std::mem::take(&mut groups.came);
        groups.came = self.table.in_order(came, |group| group.key(partials));
        Ok(groups)
    }

    /// Groups of a state in the order in which the last step of an aggregation hands them out; they are copied only if it is
    /// not the order that they have.
    pub(super) fn handed_out<'a, I>(
        &self,
        groups: impl Fn() -> I,
    ) -> Box<dyn Iterator<Item = I::Item> + 'a>
    where
        I: Iterator<Item = (&'a GroupKey, &'a StateBuffers)> + 'a,
    {
        if self.is_distinct() {
            let groups: Vec<_> = groups().collect();
            let order = GroupTable::fast_order(groups.iter().map(|(key, _)| key.values()));
            return Box::new(order.into_iter().map(move |place| groups[place]));
        }
        if self.table.sorts(|most| groups().nth(most).is_some()) {
            let mut groups: Vec<_> = groups().collect();
            groups.sort_by_key(|(key, _)| *key);
            return Box::new(groups.into_iter());
        }
        Box::new(groups())
    }

    /// Returns true if its last step sorts as many groups by their keys.
    pub(super) fn sorts(&self, groups: usize) -> bool {
        self.table.sorts(|most| groups > most)
    }

    /// Returns true if its last step has the small map, too, as that of an aggregation without aggregates.
    fn is_distinct(&self) -> bool {
        self.calls.is_empty() && self.table == GroupTable::Fast
    }
}

impl Key {
    /// Its value in a row.
    pub(super) fn value(&self, row: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        let value = self.expression.value(row, context)?;
        Ok(if self.has_floats {
            normalized(value)
        } else {
            value
        })
    }

    fn new(expression: Typed) -> Key {
        Key {
            has_floats: has_floats(&expression.data_type),
            expression,
        }
    }
}

fn has_floats(data_type: &DataType) -> bool {
    match data_type {
        DataType::Float | DataType::Double => true,
        DataType::Struct(fields) => fields.iter().any(|field| has_floats(&field.data_type)),
        DataType::Array { element, .. } => has_floats(element),
        _ => false,
    }
}
