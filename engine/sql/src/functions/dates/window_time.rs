//! The last moment of a window (`org.apache.spark.sql.catalyst.expressions.WindowTime`).

use engine::{DataType, Failure, Value};

use crate::context::Session;
use crate::function::{CallInfo, Evaluate, Function, Gives, Mismatch, Takes};
use crate::typed::Typed;

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[Function::new(
    "window_time",
    Takes::By(takes_window),
    Gives::By(|arguments, _| Ok(end_type(&arguments[0]).unwrap_or(DataType::Timestamp))),
    Evaluate::Strict(window_time),
)];

fn takes_window(arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    match &arguments[..] {
        [window] if end_type(window).is_some() => Ok(()),
        [other] => Err(Mismatch::input_type(
            "window_time",
            0,
            "\"STRUCT<start: TIMESTAMP, end: TIMESTAMP>\"",
            &other.data_type,
        )),
        _ => Err(Mismatch::new(
            "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
            format!(
                "The `window_time` requires 1 parameters but the actual number is {}.",
                arguments.len()
            ),
        )),
    }
}

/// The type of the end of a window.
fn end_type(window: &Typed) -> Option<DataType> {
    let DataType::Struct(fields) = &window.data_type else {
        return None;
    };
    let end = fields.iter().find(|field| field.name == "end")?;
    matches!(end.data_type, DataType::Timestamp | DataType::TimestampNtz)
        .then(|| end.data_type.clone())
}

fn window_time(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let Value::Struct(window) = &values[0] else {
        return Ok(Value::Null);
    };
    let end = window.fields().iter().find(|(name, _)| name == "end");
    Ok(match end.map(|(_, end)| end) {
        Some(Value::Timestamp(micros)) => Value::Timestamp(micros.saturating_sub(1)),
        Some(Value::TimestampNtz(micros)) => Value::TimestampNtz(micros.saturating_sub(1)),
        _ => Value::Null,
    })
}
