//! The keys and the aggregates of an aggregation: from rows to groups, and from groups to rows.

use std::ops::{ControlFlow, Range};

use engine::order::{fast_map, partition};
use engine::{DataType, Failure, KeyOrder, Row, Value};
use engine_sql::{Accumulate, AggregateKind, Context, Typed, TypedAggregate};

use crate::physical::operator::{Batch, Operator, Partitions, each_partition};
use crate::physical::state::{GroupKey, KeyMap, normalized};

/// The keys of an aggregation, and its aggregates, whose buffers lie side by side.
#[derive(Debug)]
pub(crate) struct Aggregation {
    keys: Vec<Key>,
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

/// The table that groups are kept in, which says in which order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GroupTable {
    /// As they came.
    FirstSeen,
    /// Behind a small map that gives up soon.
    Fast,
    /// As they came, or sorted if there are many.
    Objects,
    /// Sorted by their keys.
    Sorted,
}

/// Groups and their buffers, in the order of a table.
pub(crate) type Groups = Vec<(GroupKey, Row)>;

/// The partial aggregation of one partition.
pub(crate) struct Partial {
    /// The groups, each with the partition that it goes to.
    pub(crate) groups: Vec<(usize, (GroupKey, Row))>,
    /// The number of rows.
    pub(crate) rows: u64,
}

impl Aggregation {
    pub(crate) fn new(
        keys: Vec<Typed>,
        aggregates: Vec<TypedAggregate>,
        key_order: KeyOrder,
    ) -> Aggregation {
        let table = match key_order {
            KeyOrder::Spark => GroupTable::of(&aggregates),
            KeyOrder::Arrival => GroupTable::FirstSeen,
        };
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
        let keys = keys.into_iter().map(|expression| Key {
            has_floats: has_floats(&expression.data_type),
            expression,
        });
        Aggregation {
            keys: keys.collect(),
            calls,
            initial,
            table,
        }
    }

    /// True if all rows are one group.
    pub(crate) fn is_global(&self) -> bool {
        self.keys.is_empty()
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
    pub(crate) fn empty(&self) -> (GroupKey, Row) {
        (GroupKey::new(&[]), self.initial.clone())
    }

    /// The aggregates that count each list of arguments once.
    pub(crate) fn has_distinct(&self) -> bool {
        self.calls.iter().any(|call| call.is_distinct)
    }

    /// The key of a row, into `key`.
    pub(crate) fn key(
        &self,
        row: &[Value],
        context: &Context<'_>,
        key: &mut Row,
    ) -> Result<(), Failure> {
        key.clear();
        for part in &self.keys {
            let value = part.expression.value(row, context)?;
            key.push(if part.has_floats {
                normalized(value)
            } else {
                value
            });
        }
        Ok(())
    }

    /// Adds a row to the buffers of its group, but to those of distinct aggregates only if `is_new` says so of the place
    /// of the aggregate and its arguments.
    pub(crate) fn update(
        &self,
        buffers: &mut [Value],
        row: &[Value],
        context: &Context<'_>,
        mut is_new: impl FnMut(usize, &[Value]) -> bool,
    ) -> Result<(), Failure> {
        let mut arguments = Row::new();
        for (place, call) in self.calls.iter().enumerate() {
            if let Some(filter) = &call.filter
                && filter.value(row, context)? != Value::Boolean(true)
            {
                continue;
            }
            arguments.clear();
            for argument in &call.arguments {
                arguments.push(argument.value(row, context)?);
            }
            if !call.is_distinct || is_new(place, &arguments) {
                let buffer = &mut buffers[call.buffer.clone()];
                call.accumulate.update(buffer, &arguments, context)?;
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

    /// The row of a group: its key and its aggregates.
    pub(crate) fn finish(
        &self,
        key: &GroupKey,
        buffers: &[Value],
        context: &Context<'_>,
    ) -> Result<Row, Failure> {
        let mut row = Row::with_capacity(self.keys.len() + self.calls.len());
        row.extend_from_slice(key.values());
        for call in &self.calls {
            row.push(
                call.accumulate
                    .finish(&buffers[call.buffer.clone()], context)?,
            );
        }
        Ok(row)
    }

    /// The groups of a partition's rows, and the number of these.
    pub(crate) fn groups_of(
        &self,
        input: &dyn Operator,
        partition: usize,
        batch: &Batch<'_>,
    ) -> Result<(Groups, u64), Failure> {
        let mut groups: KeyMap<Row> = KeyMap::default();
        let mut key = Row::with_capacity(self.keys.len());
        let mut rows = 0;
        let context = &batch.context;
        let _ = input.rows(partition, batch, &mut |row| {
            rows += 1;
            self.key(&row, context, &mut key)?;
            let buffers = match groups.get_mut(key.as_slice()) {
                Some(buffers) => buffers,
                None => groups
                    .entry(GroupKey::new(&key))
                    .or_insert_with(|| self.initial.clone()),
            };
            self.update(buffers, &row, context, |_, _| true)?;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok((self.table.in_order(groups), rows))
    }

    /// The groups of each partition of a table, and the partitions that they go to, of this number.
    pub(crate) fn partials(
        &self,
        input: &dyn Operator,
        partitions: &Partitions,
        shuffle_partitions: usize,
        batch: &Batch<'_>,
    ) -> Result<Vec<Partial>, Failure> {
        each_partition(partitions, batch, |it| {
            let (groups, rows) = self.groups_of(input, it, batch)?;
            let groups = groups.into_iter().map(|group| {
                let to = match shuffle_partitions {
                    1 => 0,
                    _ => partition(group.0.shuffle_hash(), shuffle_partitions),
                };
                (to, group)
            });
            Ok(Partial {
                groups: groups.collect(),
                rows,
            })
        })
    }

    /// The groups that came to one partition, those of the first partition before: each once.
    pub(crate) fn merged(&self, came: Groups, context: &Context<'_>) -> Result<Groups, Failure> {
        let mut groups: KeyMap<Row> = KeyMap::default();
        for (key, more) in came {
            match groups.get_mut(&key) {
                Some(buffers) => self.merge(buffers, &more, context)?,
                None => drop(groups.insert(key, more)),
            }
        }
        Ok(self.table.in_order(groups))
    }

    /// The groups of a state, in the order in which the last step of an aggregation hands them out; `None` if that is the
    /// order that they have.
    pub(crate) fn resorted<'a>(
        &self,
        groups: impl Fn() -> Box<dyn Iterator<Item = (&'a GroupKey, &'a Row)> + 'a>,
    ) -> Option<Vec<(&'a GroupKey, &'a Row)>> {
        let is_sorted = match self.table {
            GroupTable::FirstSeen | GroupTable::Fast => false,
            GroupTable::Objects => groups().nth(AggregateKind::OBJECT_GROUPS_MAX - 1).is_some(),
            GroupTable::Sorted => true,
        };
        is_sorted.then(|| {
            let mut groups: Vec<_> = groups().collect();
            groups.sort_by_key(|(key, _)| *key);
            groups
        })
    }

    /// Groups as the last step of an aggregation hands them out.
    pub(crate) fn last(&self, mut groups: Groups) -> Groups {
        let is_sorted = match self.table {
            GroupTable::FirstSeen | GroupTable::Fast => false,
            GroupTable::Objects => groups.len() >= AggregateKind::OBJECT_GROUPS_MAX,
            GroupTable::Sorted => true,
        };
        if is_sorted {
            groups.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        groups
    }
}

impl GroupTable {
    /// The table for such buffers (`AggUtils`, `HashAggregateExec`).
    fn of(aggregates: &[TypedAggregate]) -> GroupTable {
        let kinds = aggregates
            .iter()
            .map(|it| AggregateKind::of(&*it.accumulate));
        match kinds.max() {
            None | Some(AggregateKind::FastHash) => GroupTable::Fast,
            Some(AggregateKind::Hash) => GroupTable::FirstSeen,
            Some(AggregateKind::Sort) => GroupTable::Sorted,
            Some(AggregateKind::ObjectHash) => GroupTable::Objects,
        }
    }

    fn in_order(self, groups: KeyMap<Row>) -> Groups {
        let in_order = |order: Vec<usize>, groups: KeyMap<Row>| {
            let mut groups: Vec<Option<(GroupKey, Row)>> = groups.into_iter().map(Some).collect();
            order
                .into_iter()
                .filter_map(|place| groups[place].take())
                .collect()
        };
        match self {
            GroupTable::Fast => {
                let order = fast_map::order(groups.keys().map(GroupKey::fast_hash));
                if order.is_sorted() {
                    return groups.into_iter().collect();
                }
                in_order(order, groups)
            }
            GroupTable::Objects if groups.len() < AggregateKind::OBJECT_GROUPS_MAX => {
                groups.into_iter().collect()
            }
            GroupTable::FirstSeen => groups.into_iter().collect(),
            GroupTable::Objects | GroupTable::Sorted => {
                let mut groups: Groups = groups.into_iter().collect();
                groups.sort_by(|(one, _), (other, _)| one.cmp(other));
                groups
            }
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
