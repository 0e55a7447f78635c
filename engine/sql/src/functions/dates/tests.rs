//! Dates, times and intervals.

use proptest::prelude::*;

use crate::testing::{answer, check, check_in, session, value};

#[test]
fn parts_of_dates_and_times() {
    check(&[
        ("weekofyear(DATE'2021-01-03')", "53"),
        ("dayofweek(DATE'2024-02-29')", "5"),
        ("weekday(DATE'2024-02-29')", "3"),
        ("quarter(DATE'2024-02-29')", "1"),
        ("year(DATE'-0001-12-31')", "-1"),
        ("second(TIMESTAMP'1969-12-31 23:59:59.999999')", "59"),
        (
            "extract(SECOND FROM TIMESTAMP'2024-02-29 13:14:15.678901')",
            "15.678901",
        ),
        ("date_part('doy', DATE'2024-02-29')", "60"),
        ("extract(MINUTE FROM -INTERVAL '90' MINUTE)", "-30"),
    ]);
}

#[test]
fn months_end_with_their_last_day() {
    check(&[
        ("add_months(DATE'2024-01-31', 1)", "2024-02-29"),
        ("DATE'2024-02-29' + INTERVAL '1' YEAR", "2025-02-28"),
        ("months_between(DATE'2024-02-29', DATE'2024-01-31')", "1.0"),
        (
            "months_between('1997-02-28 10:30:00', '1996-10-30')",
            "3.94959677",
        ),
        ("last_day('2009-01-12')", "2009-01-31"),
        ("next_day(DATE'2024-01-01', 'MON')", "2024-01-08"),
        (
            "timestampdiff(MONTH, DATE'2024-01-31', DATE'2024-02-29')",
            "0",
        ),
    ]);
}

#[test]
fn a_day_has_as_many_hours_as_the_clocks_of_the_zone() {
    check_in(
        &session(false, "America/Los_Angeles"),
        &[
            (
                "TIMESTAMP'2024-03-10 01:30:00' + INTERVAL '1' HOUR",
                "2024-03-10 03:30:00",
            ),
            (
                "TIMESTAMP'2024-03-09 02:30:00' + INTERVAL '1' DAY",
                "2024-03-10 03:30:00",
            ),
            (
                "TIMESTAMP'2024-03-10 12:00:00' - TIMESTAMP'2024-03-09 12:00:00'",
                "INTERVAL '1 00:00:00' DAY TO SECOND",
            ),
            (
                "unix_timestamp(date_trunc('hour', TIMESTAMP'2024-11-03 09:30:00Z'))",
                "1730624400",
            ),
            (
                "to_utc_timestamp(TIMESTAMP'2024-07-01 12:00:00', 'Asia/Seoul')",
                "2024-07-01 03:00:00",
            ),
        ],
    );
}

#[test]
fn the_moment_is_that_of_the_micro_batch() {
    check_in(
        &session(false, "Asia/Tokyo"),
        &[
            ("current_timestamp()", "2024-07-01 21:00:00"),
            ("localtimestamp()", "2024-07-01 21:00:00"),
            ("current_date()", "2024-07-01"),
            ("unix_timestamp()", "1719835200"),
            ("current_timezone()", "Asia/Tokyo"),
        ],
    );
}

#[test]
fn times_are_written_by_patterns() {
    let at = |pattern: &str| {
        let sql = format!("date_format(TIMESTAMP'2024-02-09 13:04:05.678901', \"{pattern}\")");
        answer(&sql, &session(false, "America/Los_Angeles"))
    };
    assert_eq!(
        at("yyyy-MM-dd'T'HH:mm:ss.SSSXXX"),
        "2024-02-09T13:04:05.678-08:00"
    );
    assert_eq!(at("EEEE, d MMM yy h:mm a"), "Friday, 9 Feb 24 1:04 PM");
    assert_eq!(at("DDD F q QQQ QQQQ G"), "040 2 1 Q1 1st quarter AD");
    assert_eq!(
        at("k K VV z zzzz O OOOO x xx Z"),
        "13 1 America/Los_Angeles PST Pacific Standard Time GMT-8 GMT-08:00 -08 -0800 -0800"
    );
    assert_eq!(at("[yyyy] ''MM''"), "2024 '02'");
    assert!(at("YYYY").contains("DATETIME_PATTERN_RECOGNITION"));
    assert_eq!(at("n"), "Illegal pattern character: n");
}

#[test]
fn texts_are_read_by_patterns() {
    check(&[
        ("to_date('31/12/2016', 'dd/MM/yyyy')", "2016-12-31"),
        ("to_date('2016-366', 'yyyy-DDD')", "2016-12-31"),
        (
            "to_timestamp('20161231101112', 'yyyyMMddHHmmss')",
            "2016-12-31 10:11:12",
        ),
        (
            "to_timestamp('2016-12-31 10:00 PM', 'yyyy-MM-dd hh:mm a')",
            "2016-12-31 22:00:00",
        ),
        (
            "to_timestamp('2016-12-31T10:00:00.12+02:00', \"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\")",
            "2016-12-31 08:00:00.12",
        ),
        (
            "to_timestamp('2016-12-31 10:00:00', 'yyyy-MM-dd HH:mm:ss[.SSS]')",
            "2016-12-31 10:00:00",
        ),
        ("to_timestamp('2016-13-31', 'yyyy-MM-dd')", "NULL"),
        ("to_timestamp('02-29', 'MM-dd')", "NULL"),
        // What the parser before Spark 3 would have read is refused.
        (
            "to_date('2016-1-1', 'yyyy-MM-dd')",
            "[INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER]",
        ),
        (
            "to_date('2016-12-31x', 'yyyy-MM-dd')",
            "[INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER]",
        ),
    ]);
    check_in(
        &session(true, "UTC"),
        &[
            (
                "to_date('2016-12-31', 'dd/MM/yyyy')",
                "[CANNOT_PARSE_TIMESTAMP] Text '2016-12-31' could not be parsed at index 2.",
            ),
            (
                "to_date('2016-02-30', 'yyyy-MM-dd')",
                "[CANNOT_PARSE_TIMESTAMP] Text '2016-02-30' could not be parsed: Invalid date 'FEBRUARY 30'.",
            ),
            ("try_to_timestamp('2016-12-31', 'HH')", "NULL"),
        ],
    );
}

#[test]
fn dates_are_made_of_numbers() {
    check(&[
        ("make_date(2023, 2, 29)", "NULL"),
        (
            "make_timestamp(2024, 2, 29, 10, 20, 60)",
            "2024-02-29 10:21:00",
        ),
        (
            "make_timestamp(2024, 2, 29, 10, 20, 30, 'CET')",
            "2024-02-29 09:20:30",
        ),
        (
            "make_dt_interval(-1, 2)",
            "INTERVAL '-0 22:00:00' DAY TO SECOND",
        ),
        ("timestamp_seconds(-1.5D)", "1969-12-31 23:59:58.5"),
        (
            "make_interval(1)",
            "`make_interval` makes an interval of months, days and microseconds at once",
        ),
    ]);
}

#[test]
fn intervals_are_multiplied_and_divided_half_up() {
    check(&[
        (
            "INTERVAL '1' DAY * 1.5",
            "INTERVAL '1 12:00:00' DAY TO SECOND",
        ),
        ("INTERVAL '3' MONTH / 2", "INTERVAL '0-2' YEAR TO MONTH"),
        ("INTERVAL '1' DAY / 0", "[INTERVAL_DIVIDED_BY_ZERO]"),
    ]);
}

proptest! {
    #[test]
    fn any_pattern_writes_and_reads_without_a_panic(pattern in "[GyMLdEahHkKmsSVzOXxZDFqQYw'\\[\\] :.-]{0,20}", text in "\\PC{0,20}") {
        let quote = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
        let (pattern, text) = (quote(&pattern), quote(&text));
        for sql in [
            format!("date_format(TIMESTAMP'2024-02-09 13:04:05.678', '{pattern}')"),
            format!("to_timestamp('{text}', '{pattern}')"),
            format!("to_timestamp(date_format(TIMESTAMP'2024-02-09 13:04:05.678', '{pattern}'), '{pattern}')"),
        ] {
            let _ = value(&sql, &session(false, "America/Los_Angeles"));
        }
    }

    #[test]
    fn any_moment_has_all_parts(micros: i64, days: i32, number: i64) {
        for sql in [
            format!("date_trunc('week', timestamp_micros({micros}))"),
            format!("timestamp_micros({micros}) + INTERVAL '100000' DAY"),
            format!("timestampadd(MONTH, {}, timestamp_micros({micros}))", number as i32),
            format!("months_between(timestamp_micros({micros}), timestamp_micros({number}))"),
            format!("from_unixtime({number})"),
            format!("date_add(date_from_unix_date({days}), {})", number as i32),
            format!("add_months(date_from_unix_date({days}), {})", number as i32),
            format!("cast(date_from_unix_date({days}) AS TIMESTAMP)"),
            format!("make_timestamp({}, 1, 1, 0, 0, 0)", number as i32),
            format!("cast(cast(timestamp_micros({micros}) AS TIMESTAMP_NTZ) AS TIMESTAMP)"),
            format!("date_format(timestamp_micros({micros}), 'yyyy-MM-dd HH:mm:ss.SSSSSS XXX')"),
        ] {
            let _ = value(&sql, &session(false, "America/Los_Angeles"));
        }
    }

    #[test]
    fn a_time_is_read_as_it_is_written(micros in 0_i64..253_402_300_800_000_000) {
        let session = session(false, "Europe/Berlin");
        let pattern = "'yyyy-MM-dd HH:mm:ss.SSSSSSXXXXX'";
        let sql = format!("unix_micros(to_timestamp(date_format(timestamp_micros({micros}), {pattern}), {pattern}))");
        prop_assert_eq!(answer(&sql, &session), micros.to_string());
    }
}
