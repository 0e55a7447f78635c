//! Three-valued logic, and questions about `NULL` (`predicates.scala`, `nullExpressions.scala`).

use engine::{DataType, Failure, Value};

use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Nulls, Operator, Takes, Type,
};
use crate::typed::Scope;

const BOOLEAN: Gives = Gives::Type(DataType::Boolean);

const ANY: Takes = Takes::Exactly(&[Type::Any]);

const FRACTION: Takes = Takes::Exactly(&[Type::OneOf(&[Type::Double, Type::Float])]);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    connective("and", |call, scope| connect(call, scope, false)).text(ColumnText::Infix("AND")),
    connective("or", |call, scope| connect(call, scope, true)).text(ColumnText::Infix("OR")),
    Function::new(
        "not",
        Takes::Exactly(&[Type::Boolean]),
        BOOLEAN,
        Evaluate::Strict(not),
    )
    .aliases(&["!"])
    .text(ColumnText::By(|texts| format!("(NOT {})", texts[0]))),
    question("isnull", ANY, |values, _| {
        Ok(Value::Boolean(values[0] == Value::Null))
    })
    .text(ColumnText::By(|texts| format!("({} IS NULL)", texts[0]))),
    question("isnotnull", ANY, |values, _| {
        Ok(Value::Boolean(values[0] != Value::Null))
    })
    .text(ColumnText::By(|texts| {
        format!("({} IS NOT NULL)", texts[0])
    })),
    question("isnan", FRACTION, |values, _| {
        Ok(Value::Boolean(is_nan(&values[0])))
    }),
];

const fn connective(
    name: &'static str,
    evaluate: fn(&CallInfo<'_>, &Scope<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        name,
        Takes::Operands(Operator::Logic, &[Type::Boolean]),
        BOOLEAN,
        Evaluate::Lazy(evaluate),
    )
}

/// A question about a value, whose answer is never `NULL`.
const fn question(
    name: &'static str,
    takes: Takes,
    answer: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(name, takes, BOOLEAN, Evaluate::Eager(answer)).nulls(Nulls::Never)
}

/// `AND` is `FALSE` if an operand is, and `OR` is `TRUE` if one is: after such a `decisive` one the other is not evaluated.
/// Else it is `NULL` if one is.
fn connect(call: &CallInfo<'_>, scope: &Scope<'_>, decisive: bool) -> Result<Value, Failure> {
    let decisive = Value::Boolean(decisive);
    let left = call.arguments[0].evaluate(scope)?;
    if left == decisive {
        return Ok(left);
    }
    let right = call.arguments[1].evaluate(scope)?;
    if right == decisive || left != Value::Null {
        return Ok(right);
    }
    Ok(Value::Null)
}

fn not(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match values[0] {
        Value::Boolean(truth) => Ok(Value::Boolean(!truth)),
        ref other => unreachable!("`NOT` takes a truth value, not {other:?}"),
    }
}

/// True of a number that is none; false of `NULL`.
pub(in crate::functions) fn is_nan(value: &Value) -> bool {
    match value {
        Value::Double(number) => number.0.is_nan(),
        Value::Float(number) => number.0.is_nan(),
        _ => false,
    }
}
