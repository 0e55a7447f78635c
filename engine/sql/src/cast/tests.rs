//! Casts.

use proptest::prelude::*;

use crate::testing::{answer, check, check_in, session, value};

#[test]
fn a_text_is_a_whole_number_up_to_its_point() {
    check(&[
        ("cast('1.9' AS INT)", "1"),
        ("cast('-1.9' AS INT)", "-1"),
        ("cast('1e3' AS INT)", "NULL"),
        ("cast(' 12 ' AS INT)", "12"),
        ("cast('.5' AS INT)", "0"),
        ("cast('2147483648' AS INT)", "NULL"),
        ("cast('128' AS TINYINT)", "NULL"),
    ]);
}

#[test]
fn a_text_that_is_no_number_fails_in_ansi_mode() {
    check_in(
        &session(true, "UTC"),
        &[
            (
                "cast('1.9' AS INT)",
                "[CAST_INVALID_INPUT] The value '1.9' of the type \"STRING\" cannot be cast to \"INT\" because it is \
                 malformed.",
            ),
            ("try_cast('1.9' AS INT)", "NULL"),
            ("try_cast(' 12 ' AS INT)", "12"),
            (
                "cast(300 AS TINYINT)",
                "[CAST_OVERFLOW] The value 300 of the type \"INT\" cannot be cast to \"TINYINT\" due to an overflow.",
            ),
            (
                "cast('1000' AS DECIMAL(3,2))",
                "[NUMERIC_VALUE_OUT_OF_RANGE] 1000 cannot be represented as Decimal(3, 2).",
            ),
        ],
    );
}

#[test]
fn whole_numbers_wrap_around_and_floating_ones_stop_at_the_greatest() {
    check(&[
        ("cast(300 AS TINYINT)", "44"),
        ("cast(1e20D AS INT)", "2147483647"),
        ("cast(1e20D AS TINYINT)", "-1"),
        ("cast(cast('NaN' AS DOUBLE) AS INT)", "0"),
        ("cast(12345678901BD AS INT)", "-539222987"),
    ]);
}

#[test]
fn decimals_are_rounded_half_up_and_null_if_they_do_not_fit() {
    check(&[
        ("cast('999.995' AS DECIMAL(5,2))", "NULL"),
        ("cast('1.545' AS DECIMAL(10,2))", "1.55"),
        ("cast(-12.345 AS DECIMAL(4,2))", "-12.35"),
        ("cast(0.1F AS DECIMAL(20,18))", "0.100000001490116120"),
        ("cast('1e-50' AS DECIMAL(38,10))", "0.0000000000"),
    ]);
}

#[test]
fn truths_have_a_few_names() {
    check(&[
        ("cast('on' AS BOOLEAN)", "NULL"),
        ("cast(' true ' AS BOOLEAN)", "true"),
        ("cast('No' AS BOOLEAN)", "false"),
        ("cast(-0.0D AS BOOLEAN)", "false"),
    ]);
}

#[test]
fn dates_are_read_to_the_first_blank() {
    check(&[
        ("cast('2024-2-9' AS DATE)", "2024-02-09"),
        ("cast('2024' AS DATE)", "2024-01-01"),
        ("cast('2024-02-29T12' AS DATE)", "2024-02-29"),
        ("cast('2024-02-29 x' AS DATE)", "2024-02-29"),
        ("cast('2024-02-29x' AS DATE)", "NULL"),
        ("cast('2023-02-29' AS DATE)", "NULL"),
        ("cast('12345-01-01' AS DATE)", "+12345-01-01"),
    ]);
}

#[test]
fn timestamps_are_read_in_the_zone_that_they_name_or_that_of_the_session() {
    check_in(
        &session(false, "America/Los_Angeles"),
        &[
            ("cast('2024-01-01 10' AS TIMESTAMP)", "2024-01-01 10:00:00"),
            (
                "cast('2024-01-01T10:20:30.5Z' AS TIMESTAMP)",
                "2024-01-01 02:20:30.5",
            ),
            (
                "cast('2024-01-01 10:20:30 +1:5' AS TIMESTAMP)",
                "2024-01-01 01:15:30",
            ),
            (
                "cast('2024-01-01 10:20:30 CET' AS TIMESTAMP)",
                "2024-01-01 01:20:30",
            ),
            (
                "cast('2024-03-10 02:30:00' AS TIMESTAMP)",
                "2024-03-10 03:30:00",
            ),
            ("cast('10:20' AS TIMESTAMP)", "2024-07-01 10:20:00"),
            ("cast('2024-01-01 24:00:00' AS TIMESTAMP)", "NULL"),
            ("cast(DATE'2024-07-01' AS TIMESTAMP)", "2024-07-01 00:00:00"),
        ],
    );
}

#[test]
fn a_text_that_is_written_down_may_name_a_moment() {
    check_in(
        &session(false, "Asia/Tokyo"),
        &[
            ("cast(' Today ' AS DATE)", "2024-07-01"),
            ("cast('tomorrow' AS TIMESTAMP)", "2024-07-02 00:00:00"),
            ("cast('now' AS TIMESTAMP)", "2024-07-01 21:00:00"),
            ("cast('epoch' AS TIMESTAMP)", "1970-01-01 09:00:00"),
            ("cast(concat('to', 'day') AS DATE)", "NULL"),
        ],
    );
}

#[test]
fn texts_of_values_have_null_in_small_letters() {
    check(&[
        ("cast(1e-7BD AS STRING)", "1E-7"),
        ("cast(X'4142' AS STRING)", "AB"),
        ("cast(1.0F AS STRING)", "1.0"),
        (
            "cast(INTERVAL '1-2' YEAR TO MONTH AS STRING)",
            "INTERVAL '1-2' YEAR TO MONTH",
        ),
    ]);
    check_in(
        &session(true, "UTC"),
        &[("cast(1e-7BD AS STRING)", "0.0000001")],
    );
}

#[test]
fn what_spark_does_not_cast_is_refused() {
    let refused = |sql: &str, ansi: bool| answer(sql, &session(ansi, "UTC"));
    assert!(refused("cast(1 AS DATE)", false).contains("CAST_WITHOUT_SUGGESTION"));
    assert!(refused("cast(1 AS DATE)", true).contains("CAST_WITH_FUNC_SUGGESTION"));
    assert!(refused("cast(true AS TIMESTAMP)", true).contains("CAST_WITH_CONF_SUGGESTION"));
    assert_eq!(
        answer("cast(true AS TIMESTAMP)", &session(false, "UTC")),
        "1970-01-01 00:00:00.000001"
    );
}

proptest! {
    #[test]
    fn any_text_is_cast_to_any_type(text in "\\PC{0,30}|[-+0-9.eE:T Z]{0,40}") {
        let quoted = text.replace('\\', "\\\\").replace('\'', "\\'");
        for to in [
            "BOOLEAN", "TINYINT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(10,2)", "DECIMAL(38,38)", "DATE", "TIMESTAMP",
            "TIMESTAMP_NTZ", "INTERVAL DAY TO SECOND", "INTERVAL YEAR TO MONTH",
        ] {
            let _ = value(&format!("cast('{quoted}' AS {to})"), &session(false, "Europe/Berlin"));
            let _ = value(&format!("cast('{quoted}' AS {to})"), &session(true, "Europe/Berlin"));
        }
    }

    #[test]
    fn a_timestamp_is_read_as_it_is_written(micros in -62_135_596_800_000_000_i64..253_402_300_800_000_000) {
        let session = session(false, "UTC");
        let sql = format!("unix_micros(cast(cast(timestamp_micros({micros}) AS STRING) AS TIMESTAMP))");
        prop_assert_eq!(answer(&sql, &session), micros.to_string());
    }
}
