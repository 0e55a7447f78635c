//! The way in which two tables are joined (`JoinSelection` of `org.apache.spark.sql.execution.SparkStrategies`).

use engine::DataType;
use engine_sql::plan::{JoinHint, JoinKind, TypedJoin, TypedNode, TypedPlan};

use crate::physical::build::Tables;

/// The table that is read as a whole, by all tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    Left,
    Right,
}

/// A way to join two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    /// All tasks have one table; the rows of the other come in their order.
    Broadcast(Build),
    /// Both are sorted by their keys.
    Merge,
    /// Each row of the left table with each of the right one.
    Cartesian,
}

/// Bytes of a table that all tasks are given (`spark.sql.autoBroadcastJoinThreshold`).
const BROADCAST_MAX: u64 = 10 << 20;

impl Strategy {
    /// The way to join two tables, of which one at least has no stream.
    pub(super) fn of(join: &TypedJoin, tables: &Tables) -> Strategy {
        let [can_left, can_right] = can_build(join.kind);
        let sizes = [&join.left, &join.right].map(|table| size(table, tables));
        let is_less = sizes[0].unwrap_or(u64::MAX) < sizes[1].unwrap_or(u64::MAX);
        let smaller = if is_less { Build::Left } else { Build::Right };
        let one_of = |left: bool, right: bool| match (left && can_left, right && can_right) {
            (true, true) => Some(smaller),
            (true, false) => Some(Build::Left),
            (false, true) => Some(Build::Right),
            (false, false) => None,
        };
        let is_hinted = |hint| join.hints.map(|it| it == Some(hint));
        let [left, right] = is_hinted(JoinHint::Broadcast);
        let [small_left, small_right] =
            sizes.map(|size| size.is_some_and(|bytes| bytes <= BROADCAST_MAX));
        let has_keys = !join.null_safe.is_empty();
        if let Some(build) = one_of(left, right) {
            return Strategy::Broadcast(build);
        }
        if has_keys && is_hinted(JoinHint::Merge).contains(&true) {
            return Strategy::Merge;
        }
        let is_inner = matches!(join.kind, JoinKind::Inner | JoinKind::Cross);
        if is_inner && is_hinted(JoinHint::NestedLoop).contains(&true) {
            return Strategy::Cartesian;
        }
        if let Some(build) = one_of(small_left, small_right) {
            return Strategy::Broadcast(build);
        }
        // The files of a micro-batch are few.
        let [files_left, files_right] = [&join.left, &join.right].map(|it| is_of_files(it));
        if let Some(build) = one_of(files_left, files_right) {
            return Strategy::Broadcast(build);
        }
        match (has_keys, join.kind) {
            (true, _) | (_, JoinKind::FullOuter) => Strategy::Merge,
            _ if is_inner => Strategy::Cartesian,
            (_, JoinKind::RightOuter) => Strategy::Broadcast(Build::Left),
            _ => Strategy::Broadcast(Build::Right),
        }
    }
}

impl Build {
    /// The table that is read as a whole once both have been shuffled, and turn out to be small: the left one is the first
    /// to be known (`org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec.reOptimize`). `None` if they are sorted
    /// all the same.
    pub(super) fn adapted(kind: JoinKind) -> Option<Build> {
        match can_build(kind) {
            [true, _] => Some(Build::Left),
            [false, true] => Some(Build::Right),
            [false, false] => None,
        }
    }
}

/// Returns true of the rows of the files of a micro-batch.
fn is_of_files(plan: &TypedPlan) -> bool {
    match &plan.node {
        TypedNode::Relation(relation) => relation.is_streaming && relation.is_sized,
        _ => matches!(&plan.inputs()[..], [input] if is_of_files(input)),
    }
}

/// True of the left and of the right table if all tasks may have it.
fn can_build(kind: JoinKind) -> [bool; 2] {
    match kind {
        JoinKind::Inner | JoinKind::Cross => [true, true],
        JoinKind::RightOuter => [true, false],
        JoinKind::LeftOuter | JoinKind::LeftSemi | JoinKind::LeftAnti => [false, true],
        JoinKind::FullOuter => [false, false],
    }
}

/// The bytes of a table, as far as Spark knows before it runs (`SizeInBytesOnlyStatsPlanVisitor`); `None` of one that is
/// made of the rows of a program.
fn size(plan: &TypedPlan, tables: &Tables) -> Option<u64> {
    let width = |plan: &TypedPlan| {
        let fields = plan.schema.fields().iter();
        8 + fields.map(|it| default_size(&it.data_type)).sum::<u64>()
    };
    match &plan.node {
        TypedNode::Rows(rows) => Some(rows.len() as u64 * width(plan)),
        TypedNode::Relation(relation) => {
            let rows = tables.get(&relation.id).filter(|_| relation.is_sized)?;
            let rows: usize = rows.iter().map(|rows| rows.len()).sum();
            Some(rows as u64 * width(plan))
        }
        TypedNode::Join(join) => {
            let left = size(&join.left, tables)?;
            match join.kind {
                JoinKind::LeftSemi | JoinKind::LeftAnti => Some(left),
                _ => Some(left.saturating_mul(size(&join.right, tables)?)),
            }
        }
        TypedNode::Union(inputs) => inputs.iter().map(|input| size(input, tables)).sum(),
        TypedNode::Aggregate { keys, .. } if keys.is_empty() => Some(width(plan)),
        TypedNode::Limit {
            count: Some(count), ..
        } => Some((*count as u64).saturating_mul(width(plan))),
        _ => {
            let [input] = &plan.inputs()[..] else {
                return None;
            };
            let bytes = u128::from(size(input, tables)?) * u128::from(width(plan));
            u64::try_from(bytes / u128::from(width(input))).ok()
        }
    }
}

/// The bytes that a value of a type is taken to have (`DataType.defaultSize`).
fn default_size(data_type: &DataType) -> u64 {
    match data_type {
        DataType::Null | DataType::Boolean | DataType::Byte => 1,
        DataType::Short => 2,
        DataType::Integer | DataType::Float | DataType::Date | DataType::YearMonthInterval(_) => 4,
        DataType::String => 20,
        DataType::Binary => 100,
        DataType::Decimal { precision, .. } if *precision > 18 => 16,
        DataType::Array { element, .. } => default_size(element),
        DataType::Map { key, value, .. } => default_size(key) + default_size(value),
        DataType::Struct(fields) => fields.iter().map(|it| default_size(&it.data_type)).sum(),
        _ => 8,
    }
}
