//! Filters that follow from a join, a window or a generator (`InferFiltersFromConstraints`, `InferFiltersFromGenerate`,
//! and the filter of `TimeWindowing`).
//!
//! They drop no row that would be in the result. Below a watermark they matter: a row that is dropped there does not
//! raise it.

use engine::{DataType, Value};

use crate::context::Session;
use crate::functions;
use crate::plan::{JoinKind, TimeWindow, TypedGenerate, TypedJoin};
use crate::schema::Schema;
use crate::typed::Typed;

/// The filters of the left and the right table: a key that is `NULL` has no partner.
pub(super) fn of_join(join: &TypedJoin, session: &Session) -> [Vec<Typed>; 2] {
    let of_left = matches!(
        join.kind,
        JoinKind::Inner | JoinKind::Cross | JoinKind::LeftSemi | JoinKind::RightOuter
    );
    let of_right = matches!(
        join.kind,
        JoinKind::Inner
            | JoinKind::Cross
            | JoinKind::LeftSemi
            | JoinKind::LeftOuter
            | JoinKind::LeftAnti
    );
    let keys = join.keys.iter().zip(&join.null_safe);
    let keys = keys.filter(|(_, null_safe)| !**null_safe);
    let keys = keys.map(|((left, right), _)| (left.clone(), right.clone()));
    let (left, right): (Vec<Typed>, Vec<Typed>) = keys.unzip();
    [(left, of_left), (right, of_right)].map(|(keys, is_filtered)| {
        let keys = keys.into_iter().filter(|_| is_filtered);
        keys.filter_map(|key| not_null(key, session)).collect()
    })
}

/// A row without a time is in no window.
pub(super) fn of_windows(window: &TimeWindow, of_input: &Schema, session: &Session) -> Vec<Typed> {
    let time = &window.time;
    // A filter on the column of the watermark stays above it.
    let is_other = time.reads_only(|column| !of_input.fields()[column].is_event_time);
    let condition = is_other.then(|| not_null(time.clone(), session));
    condition.flatten().into_iter().collect()
}

/// A column without elements makes no rows.
pub(super) fn of_generator(generate: &TypedGenerate, session: &Session) -> Vec<Typed> {
    let is_of_elements = matches!(
        generate.generator.generator.name,
        "explode" | "posexplode" | "inline"
    );
    let [argument] = &generate.generator.arguments[..] else {
        return Vec::new();
    };
    if generate.outer || !is_of_elements || argument.as_column().is_none() {
        return Vec::new();
    }
    let zero = Typed::literal(Value::Integer(0), DataType::Integer);
    let size = call("size", vec![argument.clone()], session);
    let has_elements = size.and_then(|size| call("<", vec![zero, size], session));
    let conditions = not_null(argument.clone(), session).into_iter();
    conditions.chain(has_elements).collect()
}

fn not_null(typed: Typed, session: &Session) -> Option<Typed> {
    if typed.nullable {
        call("isnotnull", vec![typed], session)
    } else {
        None
    }
}

fn call(function: &str, arguments: Vec<Typed>, session: &Session) -> Option<Typed> {
    functions::find(function)?.typed(arguments, session).ok()
}
