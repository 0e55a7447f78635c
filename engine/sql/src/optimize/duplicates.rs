//! Aggregations that only drop duplicates, where that makes no difference (`RemoveRedundantAggregates`). Of a stream the
//! states of the aggregation go with it, and the time that rows wait for the watermark there.

use std::mem;

use crate::plan::{TypedNode, TypedPlan, TypedSort};
use crate::schema::column_of;
use crate::typed::Typed;

/// Aggregate functions with the same value whether a row comes once or twice (`EliminateDistinct.isDuplicateAgnostic`).
const DUPLICATE_AGNOSTIC: &[&str] = &[
    "any",
    "any_value",
    "bit_and",
    "bit_or",
    "collect_set",
    "every",
    "first",
    "first_value",
    "last",
    "last_value",
    "max",
    "min",
    "some",
];

/// Removes such aggregations from a plan whose projections have been collapsed.
pub(super) fn remove(plan: &mut TypedPlan) {
    remove_under(plan, true);
}

/// Removes them from a plan of which only columns are read as they are, or expressions of them.
fn remove_under(plan: &mut TypedPlan, as_they_are: bool) {
    let reads_as_they_are = match &plan.node {
        TypedNode::Project { columns, .. } => columns.iter().all(|it| it.as_column().is_some()),
        _ => true,
    };
    for input in plan.inputs_mut() {
        remove_under(input, reads_as_they_are);
    }
    remove_below(plan);
    if as_they_are {
        remove_groups(plan);
    }
}

/// Reads the table of an aggregation below in its place, if this one has the same groups with each row of it.
fn remove_below(plan: &mut TypedPlan) {
    let TypedNode::Aggregate {
        input,
        keys,
        session: None,
        aggregates,
    } = &mut plan.node
    else {
        return;
    };
    let is_agnostic = aggregates
        .iter()
        .all(|it| it.is_distinct || DUPLICATE_AGNOSTIC.contains(&it.function.name));
    let Some(lower) = Lower::of(input).filter(|_| is_agnostic) else {
        return;
    };
    let parts = aggregates
        .iter_mut()
        .flat_map(|it| it.arguments.iter_mut().chain(&mut it.filter));
    let read: Vec<&mut Typed> = keys.iter_mut().chain(parts).collect();
    if read.iter().all(|it| lower.has(it)) {
        for typed in read {
            *typed = mem::take(typed).substituted(&lower.columns);
        }
        *input = lower.take(input);
    }
}

/// The table below an aggregation: another aggregation, with or without a projection above it.
struct Lower {
    /// Each column of the table in terms of the table below the other aggregation; an aggregate is `NULL`.
    columns: Vec<Typed>,
    /// True of the columns that do not read an aggregate.
    is_key: Vec<bool>,
    is_projected: bool,
}

impl Lower {
    fn of(input: &TypedPlan) -> Option<Lower> {
        let (projection, aggregate) = match &input.node {
            TypedNode::Project { input, columns } => (Some(columns), &**input),
            _ => (None, input),
        };
        let TypedNode::Aggregate {
            keys,
            session: None,
            ..
        } = &aggregate.node
        else {
            return None;
        };
        if keys.is_empty() {
            return None;
        }
        let fields = aggregate.schema.fields().iter();
        let mut values = keys.clone();
        values.resize_with(fields.len(), Typed::default);
        let columns: Vec<Typed> = match projection {
            Some(columns) => columns.clone(),
            None => fields
                .enumerate()
                .map(|(index, field)| column_of(index, field))
                .collect(),
        };
        let is_key = |column: &Typed| {
            column.is_deterministic() && column.reads_only(|index| index < keys.len())
        };
        Some(Lower {
            is_key: columns.iter().map(is_key).collect(),
            columns: columns
                .into_iter()
                .map(|it| it.substituted(&values))
                .collect(),
            is_projected: projection.is_some(),
        })
    }

    /// Returns true if an expression reads no aggregate.
    fn has(&self, typed: &Typed) -> bool {
        typed.reads_only(|index| self.is_key[index])
    }

    /// The table below the other aggregation.
    fn take(&self, input: &mut TypedPlan) -> Box<TypedPlan> {
        let aggregate = match &mut input.node {
            TypedNode::Project { input, .. } if self.is_projected => &mut **input,
            _ => input,
        };
        match &mut aggregate.node {
            TypedNode::Aggregate { input, .. } => mem::take(input),
            _ => unreachable!("it was an aggregation when it was looked at"),
        }
    }
}

/// Reads the rows of a table in the place of its groups, if no two of its rows are in one group, and nothing but the keys
/// is read.
fn remove_groups(plan: &mut TypedPlan) {
    if let TypedNode::Aggregate {
        input,
        keys,
        session: None,
        aggregates,
    } = &mut plan.node
        && aggregates.is_empty()
        && unique_keys(input).is_some_and(|unique| is_among(&unique, keys))
    {
        plan.node = TypedNode::Project {
            input: mem::take(input),
            columns: mem::take(keys),
        };
    }
}

/// Returns true if all these columns are among the keys.
fn is_among(columns: &[usize], keys: &[Typed]) -> bool {
    columns
        .iter()
        .all(|column| keys.iter().any(|key| key.as_column() == Some(*column)))
}

/// Columns of which no two rows of a table have the same values, as far as is known (`LogicalPlanDistinctKeys`).
fn unique_keys(plan: &TypedPlan) -> Option<Vec<usize>> {
    match &plan.node {
        TypedNode::Aggregate { keys, .. } => Some((0..keys.len()).collect()),
        TypedNode::Project { input, columns } => unique_keys(input)?
            .into_iter()
            .map(|key| columns.iter().position(|it| it.as_column() == Some(key)))
            .collect(),
        TypedNode::Filter { input, .. }
        | TypedNode::Limit { input, .. }
        | TypedNode::Sort(TypedSort { input, .. }) => unique_keys(input),
        _ => None,
    }
}
