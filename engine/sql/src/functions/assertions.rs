//! Types of values, and failures on purpose (`misc.scala`).

use engine::{DataType, Failure, FailureKind, SparkVersion, StructField, Value};

use crate::context::Session;
use crate::failures::failure;
use crate::function::{
    CallInfo, Evaluate, Function, Gives, Mismatch, Nulls, Replaced, Takes, Type,
};
use crate::functions;
use crate::resolve::{cast_each, check_count};
use crate::typed::{Scope, Typed};

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "typeof",
        Takes::Exactly(&[Type::Any]),
        Gives::Type(DataType::String),
        Evaluate::Lazy(|call, _| Ok(Value::String(name_of(call.argument_type(0)).into()))),
    )
    .nulls(Nulls::Never),
    Function::new(
        "raise_error",
        Takes::Exactly(&[Type::String]),
        Gives::Type(DataType::Null),
        Evaluate::Eager(raise),
    )
    .unfoldable()
    .nulls(Nulls::Always)
    .instead(named_raise),
    Function::new(
        "assert_true",
        Takes::By(assert_types),
        Gives::Type(DataType::Null),
        Evaluate::Lazy(assert),
    )
    .unfoldable()
    .nulls(Nulls::Always),
    // `NULL` in the place of a failure; not a function of SQL.
    Function::new(
        "try_eval",
        Takes::Exactly(&[Type::Any]),
        Gives::Argument(0),
        Evaluate::Lazy(|call, scope| Ok(call.arguments[0].evaluate(scope).unwrap_or(Value::Null))),
    )
    .nulls(Nulls::Always),
];

/// The name of a type in small letters, as catalogs have it (`DataType.catalogString`).
fn name_of(data_type: &DataType) -> String {
    match data_type {
        DataType::Array { element, .. } => format!("array<{}>", name_of(element)),
        DataType::Map { key, value, .. } => format!("map<{},{}>", name_of(key), name_of(value)),
        DataType::Struct(fields) => {
            let field = |it: &StructField| format!("{}:{}", it.name, name_of(&it.data_type));
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("struct<{}>", fields.join(","))
        }
        atom => atom.to_string().to_lowercase(),
    }
}

/// Spark 4 writes the error class and its parameters.
fn named_raise(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<Option<Replaced>, Mismatch> {
    if session.spark == SparkVersion::V3_5 {
        return Ok(None);
    }
    let function = functions::find("raise_error").expect("the function is in the table");
    Ok(Some(Replaced {
        typed: function.typed_call(std::mem::take(arguments), session)?,
        text: Some("raise_error(USER_RAISED_EXCEPTION, map(errorMessage, {0}))".to_owned()),
    }))
}

fn assert_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("assert_true", arguments.len(), 1, Some(2))?;
    cast_each(
        arguments,
        [Type::Boolean, Type::String].into_iter(),
        session,
    )
}

fn raise(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let message = match &values[0] {
        Value::String(message) => message.as_str(),
        _ => "null",
    };
    Err(match call.session.spark {
        SparkVersion::V3_5 => Failure::new(FailureKind::Spark, message),
        SparkVersion::V4 => {
            let condition = "USER_RAISED_EXCEPTION";
            failure(
                FailureKind::Spark,
                condition,
                message,
                "P0001",
                call.session,
            )
        }
    })
}

/// `NULL` if the condition is `TRUE`; else a failure with the message, which is evaluated only then.
fn assert(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    if call.arguments[0].evaluate(scope)? == Value::Boolean(true) {
        return Ok(Value::Null);
    }
    raise(&[call.arguments[1].evaluate(scope)?], call)
}
