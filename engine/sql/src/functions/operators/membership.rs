//! Values among others: `IN` and `BETWEEN` (`predicates.scala`).

use engine::{DataType, Failure, SparkVersion, Value};

use super::comparison::order;
use crate::context::Session;
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Replaced, Takes};
use crate::functions;
use crate::resolve::{
    cast_all, check_count, check_ordered, common_type, different_listed, is_same_type,
};
use crate::typed::{Scope, Typed};

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "in",
        Takes::By(one_type),
        Gives::Type(DataType::Boolean),
        Evaluate::Lazy(is_in),
    )
    .text(ColumnText::By(|texts| {
        format!("({} IN ({}))", texts[0], texts[1..].join(", "))
    })),
    // Always another expression in its place.
    Function::new(
        "between",
        Takes::By(|arguments, _| check_count("between", arguments.len(), 3, Some(3))),
        Gives::Type(DataType::Boolean),
        Evaluate::Eager(|_, _| Ok(Value::Null)),
    )
    .instead(between),
];

/// The value and those that it is looked for in become one type (`InConversion`).
fn one_type(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("in", arguments.len(), 2, None)?;
    let types: Vec<&DataType> = arguments.iter().map(|it| &it.data_type).collect();
    let [first, others @ ..] = &types[..] else {
        return Ok(());
    };
    if others.iter().any(|it| it != first) {
        match common_type(types.iter().copied(), session) {
            Some(common) => cast_all(arguments, &common, session)?,
            None if others.iter().all(|it| is_same_type(first, it, session)) => {}
            None => return Err(different_listed("in", &types)),
        }
    }
    check_ordered("in", &arguments[0].data_type)
}

/// `NULL` if the value is, or if it is not found and one of the others is `NULL`. Those after the first equal one are not
/// evaluated.
fn is_in(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let value = call.arguments[0].evaluate(scope)?;
    if value == Value::Null {
        return Ok(Value::Null);
    }
    let mut has_null = false;
    for other in &call.arguments[1..] {
        let other = other.evaluate(scope)?;
        if other == Value::Null {
            has_null = true;
        } else if order(&value, &other).is_eq() {
            return Ok(Value::Boolean(true));
        }
    }
    Ok(if has_null {
        Value::Null
    } else {
        Value::Boolean(false)
    })
}

/// `(a >= low AND a <= high)`, each with its own casts.
fn between(arguments: &mut Vec<Typed>, session: &Session) -> Result<Option<Replaced>, Mismatch> {
    let [value, low, high] = &arguments[..] else {
        return Ok(None);
    };
    let half = |name: &str, bound: &Typed| {
        let function = functions::find(name).expect("the function is in the table");
        let operands = vec![value.clone(), bound.clone()];
        match session.spark {
            SparkVersion::V3_5 => function.replaced(operands, session),
            // There the value is no literal any more when the rules for literals apply.
            SparkVersion::V4 => function.typed_call(operands, session).map(Replaced::from),
        }
    };
    let from = half(">=", low)?;
    let to = half("<=", high)?;
    let text = (session.spark == SparkVersion::V3_5).then(|| {
        let from = from
            .text
            .clone()
            .unwrap_or_else(|| "({0} >= {1})".to_owned());
        let to = to.text.clone().unwrap_or_else(|| "({0} <= {1})".to_owned());
        format!("({from} AND {})", to.replace("{1}", "{2}"))
    });
    let typed = functions::call("and", vec![from.typed, to.typed], session)?;
    Ok(Some(Replaced { typed, text }))
}
