//! A join whose names and types are known.

use super::logical::JoinKind;
use super::typed::TypedPlan;
use crate::typed::Typed;

/// Pairs of rows.
#[derive(Debug)]
pub struct TypedJoin {
    /// The left table.
    pub left: Box<TypedPlan>,
    /// The right one.
    pub right: Box<TypedPlan>,
    /// The kind of join.
    pub kind: JoinKind,
    /// The pairs of expressions that must be equal: of the left row, and of the right row.
    pub keys: Vec<(Typed, Typed)>,
    /// For each pair of keys true if `NULL` is equal to `NULL` (`<=>`).
    pub null_safe: Vec<bool>,
    /// The condition beside the keys, over the columns of both.
    pub condition: Option<Typed>,
    /// The ways in which hints say that the left and the right table are joined.
    pub hints: [Option<JoinHint>; 2],
}

/// A way to join a table (`org.apache.spark.sql.catalyst.plans.logical.JoinStrategyHint`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinHint {
    /// All tasks have the table (`BROADCAST`).
    Broadcast,
    /// Both tables are sorted (`MERGE`).
    Merge,
    /// Each row is compared with each (`SHUFFLE_REPLICATE_NL`).
    NestedLoop,
}

impl JoinHint {
    /// The hint of this name, which is in upper case.
    pub fn named(name: &str) -> Option<JoinHint> {
        Some(match name {
            "BROADCAST" | "BROADCASTJOIN" | "MAPJOIN" => JoinHint::Broadcast,
            "MERGE" | "SHUFFLE_MERGE" | "MERGEJOIN" => JoinHint::Merge,
            "SHUFFLE_REPLICATE_NL" => JoinHint::NestedLoop,
            _ => return None,
        })
    }
}

impl JoinKind {
    /// Its name in plans and messages (`JoinType.toString`).
    pub fn name(self) -> &'static str {
        match self {
            JoinKind::Inner => "Inner",
            JoinKind::Cross => "Cross",
            JoinKind::LeftOuter => "LeftOuter",
            JoinKind::RightOuter => "RightOuter",
            JoinKind::FullOuter => "FullOuter",
            JoinKind::LeftSemi => "LeftSemi",
            JoinKind::LeftAnti => "LeftAnti",
        }
    }
}

impl TypedJoin {
    /// All pairs of rows.
    pub(crate) fn new(left: TypedPlan, right: TypedPlan, kind: JoinKind) -> TypedJoin {
        TypedJoin {
            left: Box::new(left),
            right: Box::new(right),
            kind,
            keys: Vec::new(),
            null_safe: Vec::new(),
            condition: None,
            hints: [None, None],
        }
    }

    /// Joins the pairs for which these conditions are true, too. Equalities of both tables become keys, before those
    /// that there are (`ExtractEquiJoinKeys`).
    pub(crate) fn require(&mut self, conditions: Vec<Typed>) {
        let width = self.left.schema.fields().len();
        let mut keys = Vec::new();
        let mut null_safe = Vec::new();
        let mut rest = Vec::new();
        for condition in conditions {
            match equality(&condition, width) {
                Some((key, is_null_safe)) => {
                    keys.push(key);
                    null_safe.push(is_null_safe);
                }
                None => rest.push(condition),
            }
        }
        rest.extend(self.condition.take());
        keys.append(&mut self.keys);
        null_safe.append(&mut self.null_safe);
        self.keys = keys;
        self.null_safe = null_safe;
        self.condition = Typed::all(rest);
    }
}

/// The key that a condition is, and true if `NULL` is equal to `NULL`; `None` unless it is an equality of an expression of
/// the left table, which has `width` columns, and one of the right table.
fn equality(condition: &Typed, width: usize) -> Option<((Typed, Typed), bool)> {
    let null_safe = match condition.as_call()?.0 {
        "=" => false,
        "<=>" => true,
        _ => return None,
    };
    let [one, other] = condition.as_call()?.1 else {
        return None;
    };
    let has_columns = |typed: &Typed| !typed.columns().is_empty();
    let is_left = |typed: &Typed| has_columns(typed) && typed.reads_only(|column| column < width);
    let is_right = |typed: &Typed| has_columns(typed) && typed.reads_only(|column| column >= width);
    let key = if is_left(one) && is_right(other) {
        (one.clone(), other.clone().shifted(width))
    } else if is_left(other) && is_right(one) {
        (other.clone(), one.clone().shifted(width))
    } else {
        return None;
    };
    Some((key, null_safe))
}
