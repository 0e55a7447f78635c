//! The types of arguments that Spark casts by rules of their own.

use engine::{DataType, SparkVersion, Value};

use crate::context::Session;
use crate::function::{Mismatch, Type};
use crate::resolve::implicit_cast;
use crate::typed::Typed;

/// The refusal of an argument of another type than its parameter has.
pub(super) fn unexpected(index: usize, takes: &str, given: &Typed, session: &Session) -> Mismatch {
    let parameter = match (session.spark, index) {
        (SparkVersion::V3_5, _) => format!("Parameter {}", index + 1),
        (SparkVersion::V4, 0) => "The first parameter".to_owned(),
        (SparkVersion::V4, 1) => "The second parameter".to_owned(),
        (SparkVersion::V4, _) => "The third parameter".to_owned(),
    };
    Mismatch::new(
        "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
        format!(
            "{parameter} requires the {takes} type, however \"{{{index}}}\" has the type \"{}\".",
            given.data_type
        ),
    )
}

/// The name of the types of timestamps.
pub(super) fn any_timestamp(session: &Session) -> &'static str {
    match session.spark {
        SparkVersion::V3_5 => "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"",
        SparkVersion::V4 => {
            "(\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\" or \"(TIMESTAMP_LTZ(P) OR TIMESTAMP_NTZ(P) WITH P IN [7, \
             9])\")"
        }
    }
}

/// An argument that Spark does not cast by itself, unless it is `NULL` (`ExpectsInputTypes`).
pub(in crate::functions) fn expect(
    arguments: &mut [Typed],
    index: usize,
    takes: Type,
    null: &DataType,
    session: &Session,
) -> Result<(), Mismatch> {
    let argument = &mut arguments[index];
    if argument.data_type == DataType::Null {
        return argument.cast_in_place(null, session);
    }
    if takes.has(&argument.data_type) {
        return Ok(());
    }
    Err(unexpected(index, &takes.name(), argument, session))
}

/// A number of days: a text that was written down counts if it is a whole number, in ANSI mode any text.
pub(super) fn expect_days(
    function: &str,
    arguments: &mut [Typed],
    index: usize,
    session: &Session,
) -> Result<(), Mismatch> {
    let argument = &mut arguments[index];
    match argument.data_type {
        DataType::Integer | DataType::Short | DataType::Byte => Ok(()),
        DataType::Null => argument.cast_in_place(&DataType::Integer, session),
        DataType::String if session.ansi => argument.cast_in_place(&DataType::Integer, session),
        DataType::String if argument.as_literal().is_some() => {
            let number = match argument.as_literal() {
                Some(Value::String(text)) => crate::cast::whole_number(text, false),
                _ => None,
            };
            let number = number.and_then(|number| i32::try_from(number).ok());
            let number = number.ok_or_else(|| {
                Mismatch::new(
                    "SECOND_FUNCTION_ARGUMENT_NOT_INTEGER",
                    format!("The second argument of {function} function needs to be an integer."),
                )
            })?;
            *argument = Typed::literal(Value::Integer(number), DataType::Integer);
            Ok(())
        }
        _ => Err(unexpected(
            index,
            "(\"INT\" or \"SMALLINT\" or \"TINYINT\")",
            argument,
            session,
        )),
    }
}

/// The number of arguments.
pub(super) fn check_count(
    function: &str,
    given: usize,
    counts: std::ops::RangeInclusive<usize>,
) -> Result<(), Mismatch> {
    if counts.contains(&given) {
        return Ok(());
    }
    let takes = if counts.start() == counts.end() {
        counts.start().to_string()
    } else {
        let all: Vec<String> = counts.map(|it| it.to_string()).collect();
        format!("[{}]", all.join(", "))
    };
    Err(Mismatch::new(
        "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
        format!(
            "The `{function}` requires {takes} parameters but the actual number is {given}. Please, refer to \
             'https://spark.apache.org/docs/latest/sql-ref-functions.html' for a fix."
        ),
    ))
}

/// Casts an argument that Spark casts by itself to this type.
pub(super) fn cast_from(
    arguments: &mut [Typed],
    index: usize,
    from: &[DataType],
    to: &DataType,
    session: &Session,
) -> Result<(), Mismatch> {
    let argument = &mut arguments[index];
    if argument.data_type == *to
        || argument.data_type == DataType::Null
        || from.contains(&argument.data_type)
    {
        return argument.cast_in_place(to, session);
    }
    Err(unexpected(index, &format!("\"{to}\""), argument, session))
}

/// Casts an argument as Spark does by itself for a parameter of this type.
pub(super) fn cast_implicitly(
    arguments: &mut [Typed],
    index: usize,
    takes: Type,
    session: &Session,
) -> Result<(), Mismatch> {
    let argument = &mut arguments[index];
    match implicit_cast(argument, takes, session) {
        Some(to) => argument.cast_in_place(&to, session),
        None => Err(unexpected(index, &takes.name(), argument, session)),
    }
}
