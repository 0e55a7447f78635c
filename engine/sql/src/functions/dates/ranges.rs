//! Dates and times that Java refuses, in its words (`java.time.LocalDate.of`, `ChronoField`).

use engine::{CivilDate, Failure, FailureKind, SparkVersion};

use super::parts::MONTHS;
use crate::context::Session;
use crate::failures::failure;

/// The number of a field within its range.
pub(super) fn check(
    name: &str,
    range: std::ops::RangeInclusive<i64>,
    number: i64,
) -> Result<i64, String> {
    if range.contains(&number) {
        return Ok(number);
    }
    let least = range.start();
    let most = range.end();
    Err(format!(
        "Invalid value for {name} (valid values {least} - {most}): {number}"
    ))
}

/// The date of these numbers.
pub(super) fn check_date(year: i64, month: i64, day: i64) -> Result<CivilDate, String> {
    check("Year", -CivilDate::YEAR_MAX..=CivilDate::YEAR_MAX, year)?;
    check("MonthOfYear", 1..=12, month)?;
    if !(1..=31).contains(&day) {
        return Err(format!(
            "Invalid value for DayOfMonth (valid values 1 - 28/31): {day}"
        ));
    }
    CivilDate::new(year, month, day).ok_or_else(|| {
        if (month, day) == (2, 29) {
            return format!("Invalid date 'February 29' as '{year}' is not a leap year");
        }
        let name = MONTHS[month as usize - 1].to_uppercase();
        format!("Invalid date '{name} {day}'")
    })
}

/// The failure of a date or time that there is not, in ANSI mode.
pub(super) fn out_of_bounds(message: &str, session: &Session) -> Failure {
    match session.spark {
        SparkVersion::V3_5 => legacy_2000(message),
        SparkVersion::V4 => failure(
            FailureKind::Spark,
            "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION",
            &format!("{message}."),
            "22023",
            session,
        ),
    }
}

/// A failure of Spark 3.5 that has no name.
pub(super) fn legacy_2000(message: &str) -> Failure {
    Failure::new(
        FailureKind::Spark,
        format!(
            "[_LEGACY_ERROR_TEMP_2000] {message}. If necessary set \"spark.sql.ansi.enabled\" to false to bypass this \
             error."
        ),
    )
}
