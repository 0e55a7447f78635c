//! Conditions moved to the tables of a join (`PushPredicateThroughJoin`).

use super::filters::{self, moving};
use super::inferred;
use crate::context::Session;
use crate::plan::{JoinKind, TypedJoin};
use crate::typed::Typed;

/// Moves what can be below a join to its tables: of its own conditions, and of those on its rows, of which the others
/// stay in `conditions`.
pub(super) fn push(join: &mut TypedJoin, conditions: &mut Vec<Typed>, session: &Session) {
    if matches!(join.kind, JoinKind::Inner | JoinKind::Cross) {
        join.require(moving(conditions, |_| true));
    }
    let width = join.left.schema.fields().len();
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
