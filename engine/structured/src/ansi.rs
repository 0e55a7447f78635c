//! Failures of expressions in Spark 4, where `spark.sql.ansi.enabled` is on: Spark 3.5 goes on with `NULL`, or wraps
//! around.
//!
//! The texts are those of `error-conditions.json` (Spark 4.0.5, 4.2.1 and 4.3.0). Where these differ, 4.2.1 is followed.

use engine::{Failure, FailureKind};

/// `CAST_INVALID_INPUT`: a text that is no number.
pub(crate) fn cast_invalid_input(text: &str) -> Failure {
    let text = text.replace('\\', "\\\\").replace('\'', "\\'");
    Failure::new(
        FailureKind::Spark,
        format!(
            "[CAST_INVALID_INPUT] The value '{text}' of the type \"STRING\" cannot be cast to \"BIGINT\" because it is \
             malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate \
             malformed input and return NULL instead. SQLSTATE: 22018"
        ),
    )
}

/// `INVALID_ARRAY_INDEX`: an element that is not there.
pub(crate) fn invalid_array_index(index: usize, length: usize) -> Failure {
    Failure::new(
        FailureKind::Spark,
        format!(
            "[INVALID_ARRAY_INDEX] The index {index} is out of bounds. The array has {length} elements. Use the SQL \
             function `get()` to tolerate accessing element at invalid index and return NULL instead. SQLSTATE: 22003"
        ),
    )
}

/// `ARITHMETIC_OVERFLOW`: a `BIGINT` beyond 64 bits; `instead` is the function that gives `NULL`.
pub(crate) fn arithmetic_overflow(instead: &str) -> Failure {
    Failure::new(
        FailureKind::Overflow,
        format!(
            "[ARITHMETIC_OVERFLOW] overflow. Use '{instead}' to tolerate overflow and return NULL instead. If \
             necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error. SQLSTATE: 22003"
        ),
    )
}
