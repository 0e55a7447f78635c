//! From a join of a plan to its operator.

use engine_sql::plan::{JoinKind, TypedJoin, TypedPlan};
use engine_sql::{AnalysisError, Typed};

use super::bounds::{Bound, Side, state_watermark};
use super::keys::JoinKeys;
use super::merge::{MergeJoin, Side as MergeSide};
use super::shuffled::Shuffled;
use super::strategy::{Build, Strategy};
use super::stream::{JoinConditions, JoinSide, StreamJoin};
use super::table::{TableJoin, Without};
use crate::physical::build::{Builder, unsupported};
use crate::physical::kept::Kept;
use crate::physical::operator::Operator;

/// Pairs of rows, of which one table at least has no stream.
///
/// # Errors
///
/// An outer join of a stream with a table whose rows would have to wait for its end.
pub(crate) fn table_join(
    join: TypedJoin,
    builder: &mut Builder<'_>,
) -> Result<Box<dyn Operator>, AnalysisError> {
    let strategy = Strategy::of(&join, builder.tables);
    match (strategy, builder.is_adaptive) {
        (Strategy::Broadcast(build), _) => broadcast_join(join, build, false, builder),
        (Strategy::Cartesian, _) if join.right.is_streaming() => {
            broadcast_join(join, Build::Left, false, builder)
        }
        (Strategy::Cartesian, _) => broadcast_join(join, Build::Right, false, builder),
        (Strategy::Merge, false) => merge_join(join, builder),
        (Strategy::Merge, true) => match Build::adapted(join.kind) {
            Some(build) => broadcast_join(join, build, true, builder),
            None => merge_join(join, builder),
        },
    }
}

/// Pairs of the rows of a table, in their order, and of a table that all tasks have. Those of the first may have been
/// shuffled before.
fn broadcast_join(
    join: TypedJoin,
    build: Build,
    is_shuffled: bool,
    builder: &mut Builder<'_>,
) -> Result<Box<dyn Operator>, AnalysisError> {
    let TypedJoin {
        left,
        right,
        kind,
        keys,
        null_safe,
        condition,
        ..
    } = join;
    let is_left = build == Build::Right;
    let without = match kind {
        JoinKind::Inner | JoinKind::Cross => Without::Nothing,
        JoinKind::LeftOuter if is_left => Without::Nulls,
        JoinKind::RightOuter if !is_left => Without::Nulls,
        JoinKind::LeftSemi if is_left => Without::Semi,
        JoinKind::LeftAnti if is_left => Without::Anti,
        _ => return Err(unsupported("this outer join of a stream with a table")),
    };
    let [left_keys, right_keys] = join_keys(keys, &null_safe);
    let table_width = if is_left { &right } else { &left }.schema.fields().len();
    let is_stream = if is_left { &right } else { &left }.is_streaming();
    let left = builder.build(*left)?;
    let right = builder.build(*right)?;
    let (mut rows, table, keys) = if is_left {
        (left, right, (left_keys, right_keys))
    } else {
        (right, left, (right_keys, left_keys))
    };
    if is_shuffled {
        rows = Box::new(Shuffled {
            input: rows,
            keys: keys.0.clone(),
            shuffle_partitions: builder.settings.shuffle_partitions,
        });
    }
    Ok(Box::new(TableJoin {
        rows,
        table,
        is_left,
        keys: Some(keys).filter(|_| !null_safe.is_empty()),
        condition,
        without,
        table_width,
        is_stream,
        known: None,
    }))
}

/// Pairs of rows of two tables that are sorted by their keys.
fn merge_join(
    join: TypedJoin,
    builder: &mut Builder<'_>,
) -> Result<Box<dyn Operator>, AnalysisError> {
    let [left_keys, right_keys] = join_keys(join.keys, &join.null_safe);
    let has_keys = !join.null_safe.is_empty();
    let mut side = |plan: TypedPlan, keys| {
        Ok::<_, AnalysisError>(MergeSide {
            width: plan.schema.fields().len(),
            input: builder.build(plan)?,
            keys,
        })
    };
    let left = side(*join.left, left_keys)?;
    let right = side(*join.right, right_keys)?;
    let shuffle_partitions = builder.settings.shuffle_partitions;
    Ok(Box::new(MergeJoin {
        left,
        right,
        kind: join.kind,
        condition: join.condition,
        // Small partitions have become one before they are sorted (`CoalesceShufflePartitions`).
        shuffle_partitions: if has_keys && !builder.is_adaptive {
            shuffle_partitions
        } else {
            1
        },
        rows: Kept::default(),
    }))
}

/// The keys of both tables.
fn join_keys(keys: Vec<(Typed, Typed)>, null_safe: &[bool]) -> [JoinKeys; 2] {
    let (left, right): (Vec<Typed>, Vec<Typed>) = keys.into_iter().unzip();
    [left, right].map(|expressions| JoinKeys {
        expressions,
        null_safe: null_safe.to_vec(),
    })
}

/// Pairs of rows of two streams.
///
/// # Errors
///
/// A join that Spark refuses: no equality, or an outer join whose rows would wait for ever.
pub(crate) fn stream_join(
    join: TypedJoin,
    builder: &mut Builder<'_>,
) -> Result<Box<dyn Operator>, AnalysisError> {
    if join.keys.is_empty() {
        return Err(AnalysisError::unclassified(
            "Stream-stream join without equality predicate is not supported",
        ));
    }
    if join.null_safe.contains(&true) {
        return Err(unsupported("a join of streams by `<=>`"));
    }
    let conditions = conditions(&join);
    let [left_bound, right_bound] = bounds(&join, &conditions.all);
    check_outer(join.kind, left_bound, right_bound)?;
    let TypedJoin {
        left,
        right,
        kind,
        keys,
        ..
    } = join;
    let (left_keys, right_keys) = keys.into_iter().unzip();
    let [left_side, right_side] = sides(&left, &right);
    let left = side(*left, left_keys, left_bound, left_side, builder)?;
    let right = side(*right, right_keys, right_bound, right_side, builder)?;
    let settings = builder.settings;
    Ok(Box::new(StreamJoin::new(
        left, right, kind, conditions, settings,
    )))
}

fn side(
    plan: TypedPlan,
    keys: Vec<Typed>,
    bound: Bound,
    side: Side,
    builder: &mut Builder<'_>,
) -> Result<JoinSide, AnalysisError> {
    Ok(JoinSide {
        event_time: event_time(&plan),
        width: plan.schema.fields().len(),
        input: builder.build(plan)?,
        keys,
        bound,
        side,
    })
}

fn event_time(plan: &TypedPlan) -> Option<usize> {
    plan.schema
        .fields()
        .iter()
        .position(|field| field.is_event_time)
}

/// The columns that the bounds of both sides depend on.
fn sides(left: &TypedPlan, right: &TypedPlan) -> [Side; 2] {
    let width = left.schema.fields().len();
    [
        Side {
            columns: 0..width,
            other_time: event_time(right).map(|column| width + column),
        },
        Side {
            columns: width..width + right.schema.fields().len(),
            other_time: event_time(left),
        },
    ]
}

/// A condition by the sides that its parts depend on.
fn conditions(join: &TypedJoin) -> JoinConditions {
    let width = join.left.schema.fields().len();
    let all = join.condition.clone().map(Typed::conjuncts);
    let all = all.unwrap_or_default();
    let mut conditions = JoinConditions {
        all: all.clone(),
        left: Vec::new(),
        right: Vec::new(),
        both: Vec::new(),
    };
    for condition in all {
        let columns = condition.columns();
        let is_left = columns.iter().all(|column| *column < width);
        let is_right = columns.iter().all(|column| *column >= width);
        match (is_left, is_right) {
            (true, _) => conditions.left.push(condition),
            (false, true) => conditions.right.push(condition),
            (false, false) => conditions.both.push(condition),
        }
    }
    conditions
}

/// When the rows of both sides are let go (`StreamingSymmetricHashJoinHelper.getStateWatermarkPredicates`).
fn bounds(join: &TypedJoin, conditions: &[Typed]) -> [Bound; 2] {
    let is_event_time = |key: &Typed, plan: &TypedPlan| {
        let column = key.as_column().map(|column| &plan.schema.fields()[column]);
        column.is_some_and(|field| field.is_event_time)
    };
    let key = join.keys.iter().position(|(left, right)| {
        is_event_time(left, &join.left) || is_event_time(right, &join.right)
    });
    if let Some(place) = key {
        return [Bound::Key(place); 2];
    }
    let [left, right] = sides(&join.left, &join.right);
    [(&join.left, left), (&join.right, right)].map(|(plan, side)| match event_time(plan) {
        Some(column) if state_watermark(conditions, &side, 0).is_some() => Bound::Time(column),
        _ => Bound::None,
    })
}

/// Refuses an outer join whose rows would wait for a partner for ever.
fn check_outer(kind: JoinKind, left: Bound, right: Bound) -> Result<(), AnalysisError> {
    let (name, is_bounded) = match kind {
        JoinKind::LeftOuter => ("LeftOuter", left != Bound::None),
        JoinKind::RightOuter => ("RightOuter", right != Bound::None),
        JoinKind::FullOuter => ("FullOuter", left != Bound::None || right != Bound::None),
        JoinKind::LeftSemi => ("LeftSemi", left != Bound::None),
        _ => return Ok(()),
    };
    if is_bounded {
        return Ok(());
    }
    Err(AnalysisError::unclassified(format!(
        "Stream-stream {name} join between two streaming DataFrame/Datasets is not supported without a watermark in the join \
         keys, or a watermark on the nullable side and an appropriate range condition"
    )))
}
