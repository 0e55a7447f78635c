//! Aggregates that are one of the values.

use engine::{DataType, Value};

use super::{check, decimal, double, doubles, integers, result, spark_3_5};
use crate::expression::Expression;

#[test]
fn of_equal_extremes_the_first_stays_and_the_last_row_is_taken() {
    let rows = || {
        let pairs = [(1, 10), (2, 10), (3, 50), (4, 50)];
        pairs.map(|(x, y)| vec![Value::Integer(x), Value::Integer(y)])
    };
    let types = [DataType::Integer, DataType::Integer];
    let max_by = result(&spark_3_5(), &types, "max_by", Vec::new(), rows());
    assert_eq!(max_by, Ok(Value::Integer(4)));
    let min_by = result(&spark_3_5(), &types, "min_by", Vec::new(), rows());
    assert_eq!(min_by, Ok(Value::Integer(2)));
    let zeros = result(
        &spark_3_5(),
        &[DataType::Double],
        "min",
        Vec::new(),
        doubles(&[-0.0, 0.0]).into_iter().map(|it| vec![it]),
    );
    assert!(matches!(zeros, Ok(Value::Double(zero)) if zero.0.is_sign_negative()));
}

#[test]
fn first_and_last_count_nulls_unless_they_ignore_them() {
    let values = || {
        vec![
            Value::Null,
            Value::Integer(5),
            Value::Integer(7),
            Value::Null,
        ]
    };
    check(DataType::Integer, "first", values(), Value::Null);
    check(DataType::Integer, "last", values(), Value::Null);
    let rows = values().into_iter().map(|it| vec![it]);
    let ignore = vec![Expression::from(true)];
    let last = result(&spark_3_5(), &[DataType::Integer], "last", ignore, rows);
    assert_eq!(last, Ok(Value::Integer(7)));
}

#[test]
fn of_equally_frequent_values_the_first_of_the_hash_map_is_the_mode() {
    check(
        DataType::Integer,
        "mode",
        integers(&[3, 1, 2]),
        Value::Integer(1),
    );
    let longs = (0..60).map(|id| Value::Long(id * 7 % 101)).collect();
    check(DataType::Long, "mode", longs, Value::Long(39));
    let words = (0..60).map(|id| Value::String(format!("w{}", id * 7 % 101).into()));
    check(
        DataType::String,
        "mode",
        words.collect(),
        Value::String("w43".into()),
    );
    let prices = (0..20).map(|id| decimal(id * 137, 10, 2)).collect();
    let money = DataType::Decimal {
        precision: 10,
        scale: 2,
    };
    check(money, "mode", prices, decimal(274, 10, 2));
}

#[test]
fn percentiles_lie_between_the_nearest_values_or_are_one() {
    let percentile = |function: &str, part: f64, values: Vec<Value>| {
        let rows = values.into_iter().map(|it| vec![it]);
        let more = vec![Expression::from(part)];
        result(&spark_3_5(), &[DataType::Integer], function, more, rows)
    };
    let values = || integers(&[0, 10, 20]);
    assert_eq!(percentile("percentile", 0.3, values()), Ok(double(6.0)));
    assert_eq!(percentile("percentile", 1.0, values()), Ok(double(20.0)));
    let values = || integers(&[0, 1, 2, 10]);
    assert_eq!(
        percentile("percentile_approx", 0.5, values()),
        Ok(Value::Integer(1))
    );
    check(DataType::Integer, "median", integers(&[1, 2]), double(1.5));
    let rows = (0..120_000_i64).map(|id| vec![Value::Long(id * 37 % 120_011)]);
    for (part, expected) in [(0.1, 12_218), (0.5, 57_745), (0.77, 87_748)] {
        let more = vec![Expression::from(part), Expression::from(20)];
        let found = result(
            &spark_3_5(),
            &[DataType::Long],
            "percentile_approx",
            more,
            rows.clone(),
        );
        assert_eq!(found, Ok(Value::Long(expected)), "{part}");
    }
}
