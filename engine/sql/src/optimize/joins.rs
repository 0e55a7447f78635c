//! Conditions moved to the tables of a join (`PushPredicateThroughJoin`, `EliminateOuterJoin`).

use engine::Value;

use super::filters::{self, moving};
use super::inferred;
use crate::context::{Context, Session};
use crate::plan::{JoinKind, TypedJoin};
use crate::typed::Typed;

/// Moves what can be below a join to its tables: of its own conditions, and of those on its rows, of which the others
/// stay in `conditions`.
pub(super) fn push(join: &mut TypedJoin, conditions: &mut Vec<Typed>, session: &Session) {
    let width = join.left.schema.fields().len();
    join.kind = without_outer(join, width, conditions, session);
    if matches!(join.kind, JoinKind::Inner | JoinKind::Cross) {
        join.require(moving(conditions, |_| true));
    }
    let [mut left, mut right] = inferred::of_join(join, session);
    let mut move_left = |from: &mut Vec<Typed>| left.extend(moving(from, |column| column < width));
    let mut move_right = |from: &mut Vec<Typed>| {
        let moving = moving(from, |column| column >= width);
        right.extend(moving.into_iter().map(|it| it.shifted(width)));
    };
    let mut own = join
        .condition
        .take()
        .map(Typed::conjuncts)
        .unwrap_or_default();
    match join.kind {
        JoinKind::Inner | JoinKind::Cross => {
            move_left(&mut own);
            move_right(&mut own);
        }
        JoinKind::LeftSemi => {
            move_left(conditions);
            move_left(&mut own);
            move_right(&mut own);
        }
        JoinKind::LeftOuter | JoinKind::LeftAnti => {
            move_left(conditions);
            move_right(&mut own);
        }
        JoinKind::RightOuter => {
            move_right(conditions);
            move_left(&mut own);
        }
        JoinKind::FullOuter => {}
    }
    join.condition = Typed::all(own);
    filters::push(&mut join.left, left, session);
    filters::push(&mut join.right, right, session);
}

/// The kind of a join without the rows that come alone where the conditions on its rows drop them all, as they ask for a
/// column of the table that has none for them.
fn without_outer(
    join: &TypedJoin,
    width: usize,
    conditions: &[Typed],
    session: &Session,
) -> JoinKind {
    let drops_nulls = |is_of_table: &dyn Fn(usize) -> bool| {
        let mut conditions = conditions.iter().filter(|it| it.reads_only(is_of_table));
        conditions.any(|it| is_dropped_without_columns(it, join, session))
    };
    let asks_left = || drops_nulls(&|column| column < width);
    let asks_right = || drops_nulls(&|column| column >= width);
    match join.kind {
        JoinKind::LeftOuter if asks_right() => JoinKind::Inner,
        JoinKind::RightOuter if asks_left() => JoinKind::Inner,
        JoinKind::FullOuter => match (asks_left(), asks_right()) {
            (true, true) => JoinKind::Inner,
            (true, false) => JoinKind::LeftOuter,
            (false, true) => JoinKind::RightOuter,
            (false, false) => JoinKind::FullOuter,
        },
        kind => kind,
    }
}

/// Returns true if a condition is not true of a row of `NULL`s.
fn is_dropped_without_columns(condition: &Typed, join: &TypedJoin, session: &Session) -> bool {
    let width = join.left.schema.fields().len() + join.right.schema.fields().len();
    let context = Context {
        session,
        timestamp: 0,
    };
    let can_be_asked = condition.is_deterministic() && !condition.has_apart();
    let value = || condition.value(&vec![Value::Null; width], &context);
    can_be_asked && matches!(value(), Ok(Value::Null | Value::Boolean(false)))
}
