//! Intervals as SQL writes them: `INTERVAL '1 02:03:04.5' DAY TO SECOND`.
//!
//! From `org.apache.spark.sql.catalyst.util.IntervalUtils` (Spark 3.5.9), in ANSI style.

use std::fmt::{self, Write};

use super::time_text::fraction;
use crate::types::{IntervalUnit, IntervalUnits};

const MONTHS_PER_YEAR: u32 = 12;

/// An interval of months.
pub(super) fn year_month(
    months: i32,
    units: IntervalUnits,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let sign = if months < 0 { "-" } else { "" };
    let count = months.unsigned_abs();
    let years = count / MONTHS_PER_YEAR;
    let rest = count % MONTHS_PER_YEAR;
    let text = match (units.longest(), units.shortest()) {
        (IntervalUnit::Month, _) => format!("{sign}{count}"),
        (_, IntervalUnit::Month) => format!("{sign}{years}-{rest}"),
        _ => format!("{sign}{years}"),
    };
    write!(f, "INTERVAL '{text}' {units}")
}

/// An interval of microseconds: the longest unit in full, the others within the one before.
pub(super) fn day_time(
    micros: i64,
    units: IntervalUnits,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut rest = micros.unsigned_abs();
    let sign = if micros < 0 { "-" } else { "" };
    write!(f, "INTERVAL '{sign}")?;
    for (unit, separator, size) in UNITS {
        if !(units.longest()..=units.shortest()).contains(&unit) {
            continue;
        }
        if unit != units.longest() {
            f.write_char(separator)?;
        }
        let width = if unit == IntervalUnit::Day { 1 } else { 2 };
        write!(f, "{:0width$}", rest / size)?;
        rest %= size;
    }
    if units.shortest() == IntervalUnit::Second {
        f.write_str(&fraction(rest as u32))?;
    }
    write!(f, "' {units}")
}

/// The units of a day-time interval, what stands before each, and its microseconds.
const UNITS: [(IntervalUnit, char, u64); 4] = [
    (IntervalUnit::Day, ' ', 86_400_000_000),
    (IntervalUnit::Hour, ' ', 3_600_000_000),
    (IntervalUnit::Minute, ':', 60_000_000),
    (IntervalUnit::Second, ':', 1_000_000),
];
