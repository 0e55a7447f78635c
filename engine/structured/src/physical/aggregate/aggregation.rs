//! The keys and the aggregates of an aggregation: from rows to groups, and from groups to rows.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use engine::order::{murmur3, partition};
use engine::{DataType, Failure, KeyOrder, Row, Value};
use engine_sql::{Accumulate, Context, Typed, TypedAggregate};

use super::group_table::GroupTable;
use super::groups::Groups;
use crate::physical::operator::{Batch, Operator, Partitions, each_partition};
use crate::physical::state::{GroupKey, normalized};

/// The keys of an aggregation, and its aggregates, whose buffers lie side by side.
#[derive(Debug)]
pub(crate) struct Aggregation {
    keys: Vec<Key>,
    /// The columns that the keys are, if these lie side by side in a row, and are the same as keys.
    key_columns: Option<Range<usize>>,
    calls: Vec<Call>,
    /// The buffers of no rows.
    initial: Row,
    table: GroupTable,
}

/// A key.
#[derive(Debug)]
struct Key {
    expression: Typed,
    /// It may have numbers that are equal but not the same.
    has_floats: bool,
}

/// An aggregate.
#[derive(Debug)]
struct Call {
    arguments: Vec<Typed>,
    filter: Option<Typed>,
    is_distinct: bool,
    accumulate: Box<dyn Accumulate>,
    /// Its part of the buffers.
    buffer: Range<usize>,
}

/// The partial aggregation of one partition.
#[derive(Debug, Default)]
pub(crate) struct Partial {
    pub(crate) groups: Groups,
    /// The groups in the order in which they are handed out.
    pub(crate) order: Vec<usize>,
    /// The number of rows.
    pub(crate) rows: u64,
}

/// A group of a partial aggregation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CameGroup {
    /// The place of the partial aggregation.
    partial: usize,
    /// The number of the group there.
    number: usize,
}

/// The groups that came to one partition, each once, in the order of the table.
pub(crate) struct CameGroups<'a> {
    pub(crate) groups: Cow<'a, Groups>,
    pub(crate) order: Vec<usize>,
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
        let table = GroupTable::of(&aggregates, key_order);
        let mut initial = Row::new();
        let calls = aggregates.into_iter().map(|aggregate| {
            let start = initial.len();
            initial.extend(aggregate.accumulate.initial());
            Call {
                arguments: aggregate.arguments,
                filter: aggregate.filter,
                is_distinct: aggregate.is_distinct,
                accumulate: aggregate.accumulate,
                buffer: start..initial.len(),
            }
        });
        let calls = calls.collect();
        let has_floats = keys.iter().any(|key| has_floats(&key.data_type));
        Aggregation {
            key_columns: Typed::side_by_side(&keys).filter(|_| !has_floats),
            keys: keys.into_iter().map(Key::new).collect(),
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

    /// The group of no rows.
    pub(crate) fn empty(&self) -> Partial {
        let mut partial = Partial::default();
        partial
            .order
            .push(partial.groups.of_key(&[], &self.initial));
        partial
    }

    /// The aggregates that count each list of arguments once.
    pub(crate) fn has_distinct(&self) -> bool {
        self.calls.iter().any(|call| call.is_distinct)
    }

    /// The key of a row. One that has to be computed is put into `scratch`.
    pub(crate) fn key<'a>(
        &self,
        row: &'a [Value],
        context: &Context<'_>,
        scratch: &'a mut Row,
    ) -> Result<&'a [Value], Failure> {
        if let Some(columns) = &self.key_columns {
            return Ok(&row[columns.clone()]);
        }
        scratch.clear();
        for part in &self.keys {
            let value = part.expression.value(row, context)?;
            scratch.push(if part.has_floats {
                normalized(value)
            } else {
                value
            });
        }
        Ok(scratch)
    }

    /// Adds a row to the buffers of its group, but to those of distinct aggregates only if `is_new` says so of the place
    /// of the aggregate and its arguments. Those that have to be computed are put into `scratch`.
    pub(crate) fn update(
        &self,
        buffers: &mut [Value],
        row: &[Value],
        context: &Context<'_>,
        scratch: &mut Row,
        mut is_new: impl FnMut(usize, &[Value]) -> bool,
    ) -> Result<(), Failure> {
        for (place, call) in self.calls.iter().enumerate() {
            if let Some(filter) = &call.filter
                && filter.value(row, context)? != Value::Boolean(true)
            {
                continue;
            }
            let known = match call.arguments.as_slice() {
                [one] => one.known(row),
                _ => None,
            };
            let arguments = if let Some(one) = known {
                std::slice::from_ref(one)
            } else {
                Typed::values_into(scratch, &call.arguments, row, context)?;
                scratch.as_slice()
            };
            if !call.is_distinct || is_new(place, arguments) {
                let buffer = &mut buffers[call.buffer.clone()];
                call.accumulate.update(buffer, arguments, context)?;
            }
        }
        Ok(())
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

    /// The number of the group of a key, which is a new one if there is none.
    pub(crate) fn group_of(&self, groups: &mut Groups, key: &[Value]) -> usize {
        groups.of_key(key, &self.initial)
    }

    /// The groups of a partition's rows.
    fn partial(
        &self,
        input: &dyn Operator,
        partition: usize,
        batch: &Batch<'_>,
        expected: usize,
    ) -> Result<Partial, Failure> {
        let mut groups = Groups::with_capacity(expected, self.keys.len(), self.initial.len());
        let mut rows = 0;
        let mut key = Row::with_capacity(self.keys.len());
        let mut scratch = Row::new();
        let context = &batch.context;
        let _ = input.rows(partition, batch, &mut |row| {
            rows += 1;
            let key = self.key(row, context, &mut key)?;
            let group = self.group_of(&mut groups, key);
            let buffers = groups.buffers_mut(group);
            self.update(buffers, row, context, &mut scratch, |_, _| true)?;
            Ok(ControlFlow::Continue(()))
        })?;
        let order = self.table.in_order(&groups, (0..groups.len()).collect());
        Ok(Partial {
            groups,
            order,
            rows,
        })
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
            self.partial(input, it, batch, expected)
        })
    }

    /// The groups that came to one partition, those of the first partition before.
    pub(crate) fn merged<'a>(
        &self,
        partials: &'a [Partial],
        came: &[CameGroup],
        context: &Context<'_>,
    ) -> Result<CameGroups<'a>, Failure> {
        if let [only] = partials {
            let mut order: Vec<usize> = came.iter().map(|it| it.number).collect();
            // All of them have the order of the table already.
            if order.len() < only.order.len() {
                order = self.table.in_order(&only.groups, order);
            }
            let groups = Cow::Borrowed(&only.groups);
            return Ok(CameGroups { groups, order });
        }
        let mut groups = Groups::default();
        for CameGroup { partial, number } in came {
            let others = &partials[*partial].groups;
            if let Some(group) = groups.add(others, *number) {
                let more = others.buffers(*number);
                self.merge(groups.buffers_mut(group), more, context)?;
            }
        }
        let order = (0..groups.len()).collect();
        let order = self.table.in_order(&groups, order);
        let groups = Cow::Owned(groups);
        Ok(CameGroups { groups, order })
    }

    /// The groups of a state, in the order in which the last step of an aggregation hands them out; `None` if that is the
    /// order that they have.
    pub(crate) fn resorted<'a>(
        &self,
        groups: impl Fn() -> Box<dyn Iterator<Item = (&'a GroupKey, &'a Row)> + 'a>,
    ) -> Option<Vec<(&'a GroupKey, &'a Row)>> {
        self.table
            .sorts(|most| groups().nth(most).is_some())
            .then(|| {
                let mut groups: Vec<_> = groups().collect();
                groups.sort_by_key(|(key, _)| *key);
                groups
            })
    }

    /// States as the last step of an aggregation hands them out.
    pub(crate) fn last(&self, mut states: Vec<(GroupKey, Row)>) -> Vec<(GroupKey, Row)> {
        if self.table.sorts(|most| states.len() > most) {
            states.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        states
    }
}

/// The groups of partial aggregations, each with the shuffle partition that it goes to.
pub(crate) fn shuffled(
    partials: &[Partial],
    partitions: usize,
) -> impl Iterator<Item = (usize, CameGroup)> {
    let partials = partials.iter().enumerate();
    partials.flat_map(move |(partial, Partial { groups, order, .. })| {
        order.iter().map(move |number| {
            let to = match partitions {
                1 => 0,
                _ => partition(murmur3::hash_row(groups.key(*number)).into(), partitions),
            };
            let number = *number;
            (to, CameGroup { partial, number })
        })
    })
}

impl Key {
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
