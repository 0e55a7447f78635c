//! Spark's words where an expression fails (`QueryExecutionErrors`): its error class, and the message of the version.

use engine::{DataType, Failure, FailureKind, SparkVersion, Value};

use crate::context::Session;
use crate::literal_text::sql_value;

/// A failure with Spark's error class. Spark 4 adds the SQLSTATE.
pub(crate) fn failure(
    kind: FailureKind,
    condition: &str,
    message: &str,
    state: &str,
    session: &Session,
) -> Failure {
    Failure::new(
        kind,
        match session.spark {
            SparkVersion::V3_5 => format!("[{condition}] {message}"),
            SparkVersion::V4 => format!("[{condition}] {message} SQLSTATE: {state}"),
        },
    )
}

/// Advice that Spark 3.5 gives, and Spark 4 no longer.
pub(crate) fn ansi_advice(session: &Session) -> &'static str {
    match session.spark {
        SparkVersion::V3_5 => {
            " If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error."
        }
        SparkVersion::V4 => "",
    }
}

/// `CAST_INVALID_INPUT`: a text that is none of the type.
pub(crate) fn cast_invalid_input(
    value: &Value,
    from: &DataType,
    to: &DataType,
    session: &Session,
) -> Failure {
    let value = match value {
        Value::Double(number) if number.0.is_nan() => "NaN".to_owned(),
        Value::Double(number) if number.0.is_infinite() && number.0 > 0.0 => "Infinity".to_owned(),
        Value::Double(number) if number.0.is_infinite() => "-Infinity".to_owned(),
        value => sql_value(value, session),
    };
    let message = format!(
        "The value {value} of the type \"{from}\" cannot be cast to \"{to}\" because it is malformed. Correct the \
         value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return \
         NULL instead.{}",
        ansi_advice(session)
    );
    failure(
        FailureKind::Spark,
        "CAST_INVALID_INPUT",
        &message,
        "22018",
        session,
    )
}

/// `CAST_OVERFLOW`: a number out of the range of the type.
pub(crate) fn cast_overflow(
    value: &Value,
    from: &DataType,
    to: &DataType,
    session: &Session,
) -> Failure {
    let message = format!(
        "The value {} of the type \"{from}\" cannot be cast to \"{to}\" due to an overflow. Use `try_cast` to tolerate \
         overflow and return NULL instead.{}",
        sql_value(value, session),
        ansi_advice(session)
    );
    failure(
        FailureKind::Overflow,
        "CAST_OVERFLOW",
        &message,
        "22003",
        session,
    )
}

/// `NUMERIC_VALUE_OUT_OF_RANGE`: a number with too many digits for the type.
pub(crate) fn numeric_out_of_range(
    value: &str,
    precision: u8,
    scale: u8,
    session: &Session,
) -> Failure {
    let condition = match session.spark {
        SparkVersion::V3_5 => "NUMERIC_VALUE_OUT_OF_RANGE",
        SparkVersion::V4 => "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
    };
    let message = format!(
        "{value} cannot be represented as Decimal({precision}, {scale}). If necessary set \
         \"spark.sql.ansi.enabled\" to \"false\" to bypass this error, and return NULL instead."
    );
    failure(FailureKind::Overflow, condition, &message, "22003", session)
}

/// `NUMERIC_OUT_OF_SUPPORTED_RANGE`: a text of a number with more digits than any decimal has.
pub(crate) fn numeric_out_of_supported_range(text: &str, session: &Session) -> Failure {
    let condition = "NUMERIC_OUT_OF_SUPPORTED_RANGE";
    let message = format!(
        "The value {text} cannot be interpreted as a numeric since it has more than 38 digits."
    );
    failure(FailureKind::Overflow, condition, &message, "22003", session)
}

/// `ArithmeticException` of `Math.addExact` and the like, which has no error class.
pub(crate) fn long_overflow() -> Failure {
    Failure::new(FailureKind::Overflow, "long overflow")
}
