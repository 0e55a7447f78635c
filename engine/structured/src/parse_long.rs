//! The number of a text.

use engine::{DataType, SparkVersion, Value};
use engine_sql::{Context, Session, Typed};

/// The `BIGINT` of a text, as `CAST(text AS BIGINT)` gives it; `None` where that is `NULL` or fails.
///
/// ```
/// use engine_structured::{SparkVersion, parse_long};
/// assert_eq!(parse_long("12.7", SparkVersion::V3_5), Some(12));
/// assert_eq!(parse_long("12.7", SparkVersion::V4), None);
/// assert_eq!(parse_long("2018-06-21", SparkVersion::V3_5), None);
/// ```
pub fn parse_long(text: &str, spark: SparkVersion) -> Option<i64> {
    let session = Session::new(spark);
    let text = Typed::literal(Value::String(text.into()), DataType::String);
    let number = text.cast(&DataType::Long, false, &session).ok()?;
    let context = Context {
        session: &session,
        timestamp: 0,
    };
    match number.value(&[], &context) {
        Ok(Value::Long(number)) => Some(number),
        _ => None,
    }
}
