//! A point in time as Spark SQL casts it to text, on a clock in UTC.

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// The text of a timestamp in microseconds since the epoch (`CON-4`): date and time, and the digits
/// of the fraction up to the last that is not zero.
///
/// It is UTC that is shown. A local time is shown by adding the offset of the zone first.
///
/// From `org.apache.spark.sql.catalyst.util.FractionTimestampFormatter` (Spark 3.5.9): the proleptic
/// Gregorian calendar, a sign before years that have not four digits or are before year 0.
///
/// ```
/// use engine::sink::timestamp_text;
/// assert_eq!(timestamp_text(1_529_622_000_000_000), "2018-06-21 23:00:00");
/// assert_eq!(timestamp_text(1_529_622_000_250_000), "2018-06-21 23:00:00.25");
/// ```
pub fn timestamp_text(micros: i64) -> String {
    let seconds = micros.div_euclid(MICROS_PER_SECOND);
    let (year, month, day) = date(seconds.div_euclid(SECONDS_PER_DAY));
    let second = seconds.rem_euclid(SECONDS_PER_DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let sign = match year {
        ..0 => "-",
        0..10_000 => "",
        _ => "+",
    };
    let year = year.abs();
    let fraction = fraction(micros.rem_euclid(MICROS_PER_SECOND));
    format!("{sign}{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{fraction}")
}

fn fraction(micros: i64) -> String {
    let digits = format!(".{micros:06}");
    digits.trim_end_matches('0').trim_end_matches('.').into()
}

/// Year, month and day of a day counted from the epoch. Years are counted from March here, so that
/// a leap day is the last of its year.
fn date(days: i64) -> (i64, i64, i64) {
    const DAYS_PER_ERA: i64 = 146_097; // 400 years
    let days = days + 719_468; // from 0000-03-01
    let era = days.div_euclid(DAYS_PER_ERA);
    let of_era = days.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(micros: i64, expected: &str) {
        assert_eq!(timestamp_text(micros), expected);
    }

    #[test]
    fn con_4_a_timestamp_is_a_date_and_a_time() {
        check(0, "1970-01-01 00:00:00");
        check(-1, "1969-12-31 23:59:59.999999");
        check(951_782_400_000_000, "2000-02-29 00:00:00");
        check(1_709_251_199_000_000, "2024-02-29 23:59:59");
        check(4_107_542_400_000_000, "2100-03-01 00:00:00");
    }

    #[test]
    fn con_4_the_fraction_ends_with_its_last_digit() {
        check(1, "1970-01-01 00:00:00.000001");
        check(100_000, "1970-01-01 00:00:00.1");
    }

    /// What Java 17's `ISO_LOCAL_DATE` makes of years without four digits.
    #[test]
    fn con_4_far_years_have_a_sign() {
        check(253_402_300_799_000_000, "9999-12-31 23:59:59");
        check(253_402_300_800_000_000, "+10000-01-01 00:00:00");
        check(-62_167_219_200_000_000, "0000-01-01 00:00:00");
        check(-62_167_219_200_000_001, "-0001-12-31 23:59:59.999999");
        check(i64::MAX, "+294247-01-10 04:00:54.775807");
        check(i64::MIN, "-290308-12-21 19:59:05.224192");
    }
}
