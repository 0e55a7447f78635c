//! Plans run over rows that are all there, one operator after the other.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use engine::{Failure, Row, Value};
use engine_sql::plan::{TypedGenerate, TypedNode, TypedPlan, TypedSort};
use engine_sql::{AggregateKind, Context, Typed, TypedAggregate};

/// The reason why a plan has no rows.
#[derive(Debug)]
pub(crate) enum Error {
    /// A value failed.
    Failure(Failure),
    /// An operator of this name, which only the engine of queries runs.
    Operator(&'static str),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        Error::Failure(failure)
    }
}

/// The rows of a plan.
pub(crate) fn rows(plan: &TypedPlan, context: &Context<'_>) -> Result<Vec<Row>, Error> {
    let mut rows = match plan.inputs()[..] {
        [input] => rows(input, context)?,
        _ => Vec::new(),
    };
    match &plan.node {
        TypedNode::Rows(rows) => Ok(rows.clone()),
        TypedNode::Project { columns, .. } => {
            let project = |row: &Row| Ok(Typed::values(columns, row, context)?);
            rows.iter().map(project).collect()
        }
        TypedNode::Filter { condition, .. } => {
            let mut kept = Vec::new();
            for row in rows {
                if condition.value(&row, context)? == Value::Boolean(true) {
                    kept.push(row);
                }
            }
            Ok(kept)
        }
        TypedNode::Generate(generate) => generated(generate, &rows, context),
        TypedNode::Aggregate {
            keys,
            session: None,
            aggregates,
            ..
        } => aggregated(keys, aggregates, &rows, context),
        TypedNode::Union(inputs) => {
            for input in inputs {
                rows.extend(self::rows(input, context)?);
            }
            Ok(rows)
        }
        TypedNode::Sort(sort) => sorted(sort, rows, context),
        TypedNode::Limit { offset, count, .. } => {
            let rows = rows.into_iter().skip(*offset);
            Ok(rows.take(count.unwrap_or(usize::MAX)).collect())
        }
        TypedNode::Deduplicate(deduplicate) => {
            let mut seen = BTreeSet::new();
            rows.retain(|row| {
                let key = deduplicate.keys.iter().map(|key| row[*key].clone());
                seen.insert(key.collect::<Vec<Value>>())
            });
            Ok(rows)
        }
        TypedNode::Relation(_) => Err(Error::Operator("a relation")),
        TypedNode::Windows { .. } | TypedNode::SessionWindow { .. } => {
            Err(Error::Operator("windows"))
        }
        TypedNode::Aggregate { .. } => Err(Error::Operator("session windows")),
        TypedNode::Expand { .. } => Err(Error::Operator("grouping sets")),
        TypedNode::Join(_) => Err(Error::Operator("joins")),
        TypedNode::Watermark { .. } => Err(Error::Operator("watermarks")),
    }
}

fn generated(
    generate: &TypedGenerate,
    rows: &[Row],
    context: &Context<'_>,
) -> Result<Vec<Row>, Error> {
    let mut all = Vec::new();
    for row in rows {
        let mut made = Vec::new();
        let _ = generate.generator.rows(row, context, &mut |row| {
            made.push(row.to_vec());
            Ok(ControlFlow::Continue(()))
        })?;
        if made.is_empty() && generate.outer {
            let nulls = generate.generator.columns.iter().map(|_| Value::Null);
            made.push(nulls.collect());
        }
        all.extend(made.into_iter().map(|made| {
            let both = row.iter().cloned().chain(made.iter().cloned());
            both.collect::<Row>()
        }));
    }
    Ok(all)
}

/// A group: its key, and for each aggregate its buffer and the arguments that it has seen.
struct Group {
    key: Row,
    buffers: Vec<(Vec<Value>, BTreeSet<Row>)>,
}

fn aggregated(
    keys: &[Typed],
    aggregates: &[TypedAggregate],
    rows: &[Row],
    context: &Context<'_>,
) -> Result<Vec<Row>, Error> {
    let initial = || {
        let buffers = aggregates.iter();
        buffers
            .map(|it| (it.accumulate.initial(), BTreeSet::new()))
            .collect()
    };
    let mut groups: Vec<Group> = Vec::new();
    if keys.is_empty() {
        let (key, buffers) = (Row::default(), initial());
        groups.push(Group { key, buffers });
    }
    for row in rows {
        let key = Typed::values(keys, row, context)?;
        let known = groups.iter().position(|group| group.key == key);
        let index = known.unwrap_or_else(|| {
            let buffers = initial();
            groups.push(Group { key, buffers });
            groups.len() - 1
        });
        for (aggregate, (buffer, seen)) in aggregates.iter().zip(&mut groups[index].buffers) {
            if let Some(filter) = &aggregate.filter
                && filter.value(row, context)? != Value::Boolean(true)
            {
                continue;
            }
            let arguments = Typed::values(&aggregate.arguments, row, context)?;
            if !aggregate.is_distinct || seen.insert(arguments.clone()) {
                aggregate.accumulate.update(buffer, &arguments, context)?;
            }
        }
    }
    let mut kinds = aggregates.iter().map(|it| it.accumulate.kind());
    if kinds.any(|kind| kind == AggregateKind::Sort) {
        groups.sort_by(|one, other| one.key.cmp(&other.key));
    }
    let mut result = Vec::new();
    for group in groups {
        let mut row: Vec<Value> = group.key.clone();
        for (aggregate, (buffer, _)) in aggregates.iter().zip(&group.buffers) {
            row.push(aggregate.accumulate.finish(buffer, context)?);
        }
        result.push(row.into_iter().collect());
    }
    Ok(result)
}

fn sorted(sort: &TypedSort, rows: Vec<Row>, context: &Context<'_>) -> Result<Vec<Row>, Error> {
    let mut keyed = Vec::new();
    for row in rows {
        let keys = sort.order.iter().map(|(key, ..)| key.value(&row, context));
        keyed.push((keys.collect::<Result<Vec<Value>, Failure>>()?, row));
    }
    keyed.sort_by(|(one, _), (other, _)| {
        let pairs = one.iter().zip(other).zip(&sort.order);
        let orders = pairs.map(|((one, other), (_, descending, nulls_first))| {
            let by_null = (*other == Value::Null).cmp(&(*one == Value::Null));
            let by_null = if *nulls_first {
                by_null
            } else {
                by_null.reverse()
            };
            let by_value = if *descending {
                other.cmp(one)
            } else {
                one.cmp(other)
            };
            by_null.then(by_value)
        });
        orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}
