//! Rows as Spark 3.5.9 lays them out: the hash codes are those of rows that it made.

use super::*;
use crate::order::vectors::check;
use crate::types::{Decimal, IntervalUnits, Record, Struct};

#[test]
fn key_rows_hash_as_in_a_state_store() {
    check("unsafe_row", |text| {
        hash_row(&[text.to_value()], &[]).into()
    });
}

/// Compares with the `hashCode` of the row that Spark made.
#[track_caller]
fn check_row(row: &[&dyn Record], expected: i32) {
    let row: Vec<Value> = row.iter().map(Record::to_value).collect();
    assert_eq!(hash_row(&row, &[]), expected, "{row:?}");
}

#[test]
fn numbers_lie_in_the_low_bytes_of_a_word() {
    check_row(&[&true], 1_465_514_398);
    check_row(&[&1_i8], 1_465_514_398);
    check_row(&[&-1_i8], 2_004_758_659);
    check_row(&[&-1_i16], 2_143_727_727);
    check_row(&[&-1_i32], 1_133_687_267);
    check_row(&[&-1_i64], -821_098_432);
    check_row(&[&-1.5_f32], 497_031_901);
    check_row(&[&1.5], 1_860_889_473);
    check_row(&[&f64::NAN], -1_323_214_697);
    check_row(&[&Value::Date(19_782)], -1_849_898_870);
    check_row(&[&Value::Timestamp(1_704_103_200_500_000)], 843_611_325);
    let (months, units) = (14, IntervalUnits::YEAR_TO_MONTH);
    check_row(
        &[&Value::YearMonthInterval { months, units }],
        -1_464_466_521,
    );
    let (micros, units) = (93_784_500_000, IntervalUnits::DAY_TO_SECOND);
    check_row(&[&Value::DayTimeInterval { micros, units }], 619_749_491);
}

#[test]
fn a_wide_decimal_has_room_for_16_bytes() {
    let check = |unscaled, precision, expected| {
        let decimal = Decimal::new(unscaled, precision, 0).expect("so few digits fit");
        check_row(&[&decimal], expected);
    };
    check(-110, 10, -2_139_036_671);
    check(110, 20, 553_035_978);
    check(-1, 38, 907_730_780);
    check(12_345_678_901_234_567_890, 38, 1_279_091_141);
    let wide = Decimal::new(15, 20, 1).expect("two digits fit");
    check_row(&[&vec![wide]], -1_521_490_176);
}

#[test]
fn a_missing_value_has_the_room_of_its_type() {
    let check = |types: &[DataType], row: &[Value], expected| {
        assert_eq!(hash_row(row, types), expected, "{types:?}");
    };
    let decimal = |precision| DataType::Decimal {
        precision,
        scale: 2,
    };
    let nulls = |count| Value::Array(vec![Value::Null; count].into());
    check(&[decimal(10)], &[Value::Null], -680_163_996);
    check(&[decimal(20)], &[Value::Null], -1_381_100_695);
    let text = Value::String("x".into());
    let types = [decimal(20), DataType::String];
    check(&types, &[Value::Null, text], -179_524_057);
    let array = DataType::array;
    check(&[array(DataType::Integer)], &[nulls(2)], -1_650_307_856);
    check(&[array(DataType::Boolean)], &[nulls(3)], 1_025_103_227);
    check(&[array(decimal(20))], &[nulls(1)], -2_135_116_746);
    let fields = [("a", decimal(20)), ("b", array(DataType::Short))];
    let of = fields.map(|(name, of)| StructField::new(name, of));
    let fields = Struct::from_iter([("a", Value::Null), ("b", nulls(2))]);
    let of = DataType::Struct(of.into());
    check(&[of], &[Value::Struct(fields)], -613_031_320);
    let of = DataType::Map {
        key: DataType::String.into(),
        value: DataType::Integer.into(),
        nullable: true,
    };
    let entries = ["a", "b"].map(|key| (Value::String(key.into()), Value::Null));
    check(&[of], &[Value::Map(entries.into())], 1_598_544_917);
}

#[test]
fn rows_lie_within_rows() {
    check_row(&[&Value::Binary([0xff, 1].into())], 269_798_144);
    check_row(&[&(1, "a", None::<i32>)], -1_024_190_268);
    check_row(&[&1, &"a", &2_i64], -1_313_713_592);
    check_row(&[&Value::Null, &5_i64, &(None::<i32>,), &"x"], 172_549_020);
    let [start, end] = [1_529_622_000_000_000, 1_529_622_010_000_000].map(Value::Timestamp);
    let window = Struct::from_iter([("start", start), ("end", end)]);
    check_row(&[&Value::Struct(window), &"a"], -1_652_047_078);
}

#[test]
fn elements_of_an_array_lie_side_by_side() {
    check_row(&[&vec![Some(1), None, Some(3)]], -225_699_157);
    check_row(&[&vec![Some(1_i64), None, Some(3)]], -1_588_454_212);
    check_row(&[&vec![Some(true), Some(false), None]], -811_621_660);
    check_row(&[&vec![1_i16, 2, 3, 4, 5]], 892_273_818);
    check_row(&[&vec![0; 0]], -2_074_941_042);
    check_row(&[&"a", &vec![1_i8, 2, -3], &"b"], -442_760_577);
    check_row(&[&vec![Some("a"), None, Some("bcdefghij")]], 1_430_163_271);
    check_row(&[&vec![vec![1], vec![2, 3]]], -425_949_880);
    check_row(&[&vec![(1, Some("ab")), (2, None)]], -868_555_958);
    let fields = Struct::from_iter([("a", vec!["x"].to_value())]);
    check_row(&[&Value::Struct(fields)], 1_203_149_034);
    check_row(
        &[&Value::Map([("a".to_value(), 1.to_value())].into())],
        -1_895_008_832,
    );
}
