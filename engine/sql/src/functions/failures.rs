//! Failures of expressions in ANSI mode, where other sessions go on with `NULL` or wrap around
//! (`org.apache.spark.sql.errors.QueryExecutionErrors`).

use engine::{Failure, FailureKind, SparkVersion};

use crate::context::Session;
use crate::failures::failure;

/// The end of a message that names the way out.
const BYPASS: &str =
    "If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error";

/// `DIVIDE_BY_ZERO`.
pub(crate) fn divide_by_zero(session: &Session) -> Failure {
    let message = format!(
        "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. {BYPASS}."
    );
    failure(
        FailureKind::Spark,
        "DIVIDE_BY_ZERO",
        &message,
        "22012",
        session,
    )
}

/// `REMAINDER_BY_ZERO`, which is `DIVIDE_BY_ZERO` in Spark 3.5.
pub(crate) fn remainder_by_zero(session: &Session) -> Failure {
    if session.spark == SparkVersion::V3_5 {
        return divide_by_zero(session);
    }
    let message = format!(
        "Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead. {BYPASS}."
    );
    failure(
        FailureKind::Spark,
        "REMAINDER_BY_ZERO",
        &message,
        "22012",
        session,
    )
}

/// `ARITHMETIC_OVERFLOW`: `what` is named by Spark 3.5 alone; `instead` is the function that gives `NULL`.
pub(crate) fn arithmetic_overflow(session: &Session, what: &str, instead: Option<&str>) -> Failure {
    let message = match session.spark {
        SparkVersion::V3_5 => format!("{what} overflow"),
        SparkVersion::V4 => "overflow".to_owned(),
    };
    overflow(session, &message, instead)
}

/// `ARITHMETIC_OVERFLOW` with its whole message.
pub(crate) fn overflow(session: &Session, message: &str, instead: Option<&str>) -> Failure {
    let instead =
        instead.map(|it| format!(" Use '{it}' to tolerate overflow and return NULL instead."));
    let message = format!("{message}.{} {BYPASS}.", instead.unwrap_or_default());
    failure(
        FailureKind::Overflow,
        "ARITHMETIC_OVERFLOW",
        &message,
        "22003",
        session,
    )
}

/// `BINARY_ARITHMETIC_OVERFLOW`: of `TINYINT` and `SMALLINT`.
pub(crate) fn binary_overflow(
    session: &Session,
    one: i128,
    sign: char,
    other: i128,
    instead: &str,
) -> Failure {
    let hint = match session.spark {
        SparkVersion::V3_5 => String::new(),
        SparkVersion::V4 => format!(" Use `{instead}` to ignore overflow problem and return NULL."),
    };
    let message = format!("{one}S {sign} {other}S caused overflow.{hint}");
    failure(
        FailureKind::Overflow,
        "BINARY_ARITHMETIC_OVERFLOW",
        &message,
        "22003",
        session,
    )
}

/// `INTERVAL_ARITHMETIC_OVERFLOW`: `what` is named by Spark 3.5 alone; `instead` is the function that gives `NULL`.
pub(crate) fn interval_overflow(session: &Session, what: &str, instead: Option<&str>) -> Failure {
    let (condition, message) = match (session.spark, instead) {
        (SparkVersion::V3_5, None) => {
            ("INTERVAL_ARITHMETIC_OVERFLOW", format!("{what} overflow."))
        }
        (SparkVersion::V3_5, Some(instead)) => (
            "INTERVAL_ARITHMETIC_OVERFLOW",
            format!("{what} overflow. Use '{instead}' to tolerate overflow and return NULL instead."),
        ),
        (SparkVersion::V4, None) => (
            "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION",
            "Integer overflow while operating with intervals. Try devising appropriate values for the interval parameters."
                .to_owned(),
        ),
        (SparkVersion::V4, Some(instead)) => (
            "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION",
            format!(
                "Integer overflow while operating with intervals. Use `{instead}` to tolerate overflow and return NULL instead."
            ),
        ),
    };
    failure(FailureKind::Overflow, condition, &message, "22015", session)
}

/// The overflow of a `TINYINT` or `SMALLINT` without its sign.
pub(crate) fn negation_overflow(session: &Session, number: i128) -> Failure {
    match session.spark {
        SparkVersion::V3_5 => Failure::new(
            FailureKind::Overflow,
            format!("[_LEGACY_ERROR_TEMP_2043] - {number} caused overflow."),
        ),
        SparkVersion::V4 => overflow(session, "overflow", None),
    }
}

/// An exception that Spark 3.5 throws without a class, and 4 with one.
pub(crate) fn invalid(
    session: &Session,
    unclassified: String,
    class: &str,
    message: &str,
    state: &str,
) -> Failure {
    match session.spark {
        SparkVersion::V3_5 => Failure::new(FailureKind::Spark, unclassified),
        SparkVersion::V4 => failure(FailureKind::Spark, class, message, state, session),
    }
}

/// A failure of one class in both versions.
pub(crate) fn classified(session: &Session, class: &str, message: &str, state: &str) -> Failure {
    failure(FailureKind::Spark, class, message, state, session)
}
