//! Sums, averages and moments.

use engine::{DataType, Value};

use super::{check, decimal, double, doubles, integers, result, spark_3_5};
use crate::context::Session;

#[test]
fn sums_have_the_types_of_spark() {
    check(
        DataType::Integer,
        "sum",
        integers(&[i32::MAX, 1]),
        Value::Long(2_147_483_648),
    );
    check(DataType::Integer, "sum", vec![Value::Null], Value::Null);
    let longs = vec![Value::Long(i64::MAX), Value::Long(1)];
    check(DataType::Long, "sum", longs.clone(), Value::Long(i64::MIN));
    check(DataType::Long, "try_sum", longs, Value::Null);
    check(
        DataType::Double,
        "sum",
        doubles(&[0.1, 0.2, 0.3]),
        double(0.600_000_000_000_000_1),
    );
    let money = DataType::Decimal {
        precision: 10,
        scale: 2,
    };
    let prices = vec![
        decimal(100, 10, 2),
        decimal(200, 10, 2),
        decimal(200, 10, 2),
    ];
    check(money.clone(), "sum", prices.clone(), decimal(500, 20, 2));
    check(money, "avg", prices, decimal(1_666_667, 14, 6));
}

#[test]
fn a_sum_beyond_its_type_fails_in_ansi_mode() {
    let session = Session {
        ansi: true,
        ..spark_3_5()
    };
    let rows = || [vec![Value::Long(i64::MAX)], vec![Value::Long(1)]];
    let failure = result(&session, &[DataType::Long], "sum", Vec::new(), rows());
    let message = failure.expect_err("it overflows").to_string();
    assert!(
        message.starts_with("[ARITHMETIC_OVERFLOW] long overflow. Use 'try_add'"),
        "{message}"
    );
    let widest = 10_i128.pow(38) - 1;
    let wide = DataType::Decimal {
        precision: 38,
        scale: 0,
    };
    let rows = || [vec![decimal(widest, 38, 0)], vec![decimal(1, 38, 0)]];
    let failure = result(
        &session,
        std::slice::from_ref(&wide),
        "sum",
        Vec::new(),
        rows(),
    );
    let message = failure.expect_err("it overflows").to_string();
    assert!(
        message.starts_with("[ARITHMETIC_OVERFLOW] Overflow in sum of decimals. If"),
        "{message}"
    );
    let null = result(&spark_3_5(), &[wide], "sum", Vec::new(), rows());
    assert_eq!(null, Ok(Value::Null));
}

#[test]
fn moments_have_the_bits_of_spark() {
    let numbers = doubles(&[-10.0, -20.0, 100.0, 1_000.0]);
    check(
        DataType::Double,
        "skewness",
        numbers.clone(),
        double(1.113_565_746_902_201_1),
    );
    check(
        DataType::Double,
        "kurtosis",
        numbers,
        double(-0.701_436_804_752_960_9),
    );
    let numbers = doubles(&[0.1, 0.2, 0.4]);
    check(
        DataType::Double,
        "stddev",
        numbers.clone(),
        double(0.152_752_523_165_194_7),
    );
    check(
        DataType::Double,
        "var_pop",
        numbers,
        double(0.015_555_555_555_555_559),
    );
    check(DataType::Double, "stddev", doubles(&[5.0]), Value::Null);
    check(
        DataType::Double,
        "stddev",
        doubles(&[1e308, 1e308]),
        double(f64::NAN),
    );
}

#[test]
fn pairs_have_the_bits_of_spark() {
    let check = |function: &str, pairs: &[(f64, f64)], expected: Value| {
        let rows = pairs.iter().map(|(x, y)| vec![double(*x), double(*y)]);
        let types = [DataType::Double, DataType::Double];
        let result = result(&spark_3_5(), &types, function, Vec::new(), rows);
        assert_eq!(result, Ok(expected), "{function}");
    };
    let pairs = [(3.0, 2.0), (3.0, 3.0), (6.0, 4.0)];
    check("corr", &pairs, double(0.866_025_403_784_438_7));
    check("covar_pop", &pairs, double(1.0));
    check("covar_samp", &pairs, double(1.5));
    let line = [(1.0, 2.0), (2.0, 3.0), (3.0, 5.0)];
    check("regr_avgx", &line, double(3.333_333_333_333_333_5));
    check("regr_slope", &line, double(0.642_857_142_857_142_9));
    check("regr_intercept", &line, double(-0.142_857_142_857_143_24));
    check("regr_r2", &line, double(0.964_285_714_285_714_5));
    check("regr_sxx", &line, double(4.666_666_666_666_666));
    check("regr_sxy", &line, double(3.0));
}
