//! Sets of values, and their estimated sizes.

use engine::{DataType, SparkVersion, Text, Value};

use super::{check, decimal, doubles, range, result, spark_3_5};
use crate::context::Session;
use crate::expression::Expression;

#[test]
fn a_set_has_the_order_of_scalas_hash_set() {
    let check_longs = |values: Vec<i64>, expected: &[i64]| {
        let values = values.into_iter().map(Value::Long).collect();
        let expected = expected.iter().copied().map(Value::Long).collect();
        check(
            DataType::Long,
            "collect_set",
            values,
            Value::Array(expected),
        );
    };
    check_longs(
        (0..60).map(|id| id * 7 % 101).collect(),
        &[
            0, 81, 60, 2, 75, 54, 25, 4, 98, 77, 19, 71, 50, 42, 21, 15, 96, 88, 67, 46, 61, 40,
            11, 92, 84, 63, 5, 57, 36, 28, 7, 9, 1, 82, 74, 53, 32, 47, 26, 99, 78, 70, 49, 43, 22,
            14, 95, 89, 68, 39, 18, 91, 33, 12, 85, 64, 56, 35, 29, 8,
        ],
    );
    let prices = (0..20).map(|id| decimal(id * 137, 10, 2)).collect();
    let order = [
        0, 411, 2466, 1233, 137, 2329, 274, 685, 1918, 548, 959, 1370, 2603, 1096, 1507, 1644,
        2192, 1781, 822, 2055,
    ];
    let expected = order.iter().map(|it| decimal(*it, 10, 2)).collect();
    let money = DataType::Decimal {
        precision: 10,
        scale: 2,
    };
    check(money, "collect_set", prices, Value::Array(expected));
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|it| Value::String(Text::from(*it)))
            .collect()
    };
    let set: Vec<Value> = words(&["b", "a", "c", "a"]);
    let flat = Value::Array(words(&["c", "b", "a"]).into());
    check(DataType::String, "collect_set", set.clone(), flat);
    let spark_4 = Session::new(SparkVersion::V4);
    let rows = set.into_iter().map(|it| vec![it]);
    let sorted = result(
        &spark_4,
        &[DataType::String],
        "collect_set",
        Vec::new(),
        rows,
    );
    assert_eq!(sorted, Ok(Value::Array(words(&["a", "c", "b"]).into())));
}

#[test]
fn a_set_of_spark_4_is_sorted_by_the_hashes_within_its_buckets() {
    let check = |data_type: DataType, values: Vec<Value>, order: &[usize]| {
        let rows = values.iter().map(|it| vec![it.clone()]);
        let spark_4 = Session::new(SparkVersion::V4);
        let set = result(&spark_4, &[data_type], "collect_set", Vec::new(), rows);
        let expected = order.iter().map(|index| values[*index].clone()).collect();
        assert_eq!(set, Ok(Value::Array(expected)));
    };
    let longs = (0..40).map(|id| Value::Long(id * 7_919_000_001 - 100_000));
    check(
        DataType::Long,
        longs.collect(),
        &[
            31, 17, 16, 29, 30, 28, 35, 37, 15, 36, 38, 39, 0, 1, 12, 6, 2, 24, 3, 4, 7, 5, 13, 11,
            14, 23, 9, 22, 10, 26, 25, 33, 34, 32, 8, 27, 19, 18, 21, 20,
        ],
    );
    let prices = (0..20).map(|id| decimal(id * 137, 10, 2));
    check(
        DataType::Decimal {
            precision: 10,
            scale: 2,
        },
        prices.collect(),
        &[
            0, 11, 17, 1, 16, 4, 19, 3, 12, 14, 18, 10, 8, 2, 13, 6, 7, 15, 9, 5,
        ],
    );
    let numbers = [1.5, -2.5, 100.0, 0.1, 1e10];
    check(DataType::Double, doubles(&numbers), &[3, 1, 0, 2, 4]);
}

#[test]
fn distinct_values_are_estimated_as_spark_does() {
    for (count, expected) in [
        (100, 103),
        (600, 612),
        (1_000, 1_026),
        (1_250, 1_223),
        (1_400, 1_327),
        (1_600, 1_493),
        (2_000, 1_947),
        (2_500, 2_378),
        (3_000, 2_770),
        (10_000, 9_571),
    ] {
        check(
            DataType::Long,
            "approx_count_distinct",
            range(count),
            Value::Long(expected),
        );
    }
    for (deviation, expected) in [
        (0.005, 2_996),
        (0.01, 2_991),
        (0.02, 2_975),
        (0.1, 3_039),
        (0.2, 2_512),
    ] {
        let rows = range(3_000).into_iter().map(|it| vec![it]);
        let more = vec![Expression::from(deviation)];
        let types = [DataType::Long];
        let estimate = result(&spark_3_5(), &types, "approx_count_distinct", more, rows);
        assert_eq!(estimate, Ok(Value::Long(expected)), "{deviation}");
    }
    let words = (0..300).map(|id| Value::String(format!("a{id}").into()));
    check(
        DataType::String,
        "approx_count_distinct",
        words.collect(),
        Value::Long(316),
    );
    let arrays = (0..300).map(|id| Value::Array(vec![Value::Long(id)].into()));
    let longs = DataType::array(DataType::Long);
    check(
        longs,
        "approx_count_distinct",
        arrays.collect(),
        Value::Long(296),
    );
}
