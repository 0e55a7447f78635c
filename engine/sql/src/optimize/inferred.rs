//! Filters that follow from a join, a window or a generator (`InferFiltersFromConstraints`, `InferFiltersFromGenerate`,
//! and the filter of `TimeWindowing`).
//!
//! They drop no row that would be in the result. Below a watermark they matter: a row that is dropped there does not
//! raise it.

use std::collections::BTreeSet;

use engine::{DataType, Value};

use crate::context::Session;
use crate::functions;
use crate::plan::{JoinKind, TimeWindow, TypedGenerate, TypedJoin};
use crate::schema::{Schema, column_of};
use crate::typed::{Typed, TypedKind};

/// The filters of the left and the right table: a row without a column that its keys or the condition need has no partner.
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
    let width = join.left.schema.fields().len();
    let mut columns = BTreeSet::new();
    for ((left, right), null_safe) in join.keys.iter().zip(&join.null_safe) {
        if !null_safe {
            needed(left, 0, &mut columns);
            needed(right, width, &mut columns);
        }
    }
    for condition in join.condition.iter().flat_map(|it| it.clone().conjuncts()) {
        needed(&condition, 0, &mut columns);
    }
    let not_null = |schema: &Schema, first: usize, is_filtered: bool| {
        let fields = schema.fields().iter().enumerate();
        let needed = fields.filter(|(index, _)| is_filtered && columns.contains(&(first + index)));
        needed
            .filter_map(|(index, field)| not_null(column_of(index, field), session))
            .collect()
    };
    [
        not_null(&join.left.schema, 0, of_left),
        not_null(&join.right.schema, width, of_right),
    ]
}

/// Adds the columns, from `first` on, without which a condition is not true (`scanNullIntolerantAttribute`).
fn needed(condition: &Typed, first: usize, columns: &mut BTreeSet<usize>) {
    match &condition.kind {
        TypedKind::Column(index) => {
            columns.insert(first + index);
        }
        TypedKind::Cast { operand, .. } => needed(operand, first, columns),
        TypedKind::Call {
            function,
            arguments,
            ..
        } if function.is_null_of_null() || function.name == "isnotnull" => {
            for argument in arguments {
                needed(argument, first, columns);
            }
        }
        _ => {}
    }
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
