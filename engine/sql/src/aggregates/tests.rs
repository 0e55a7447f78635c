//! Aggregates of lists of values.

use engine::{DataType, Decimal, Row, SparkVersion, Text, Value};

use crate::aggregate::AggregateKind;
use crate::columns::{ArgumentRows, Column, Operand};
use crate::context::{Context, Session};
use crate::expression::Expression;
use crate::resolve::{Resolver, TypedAggregate};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// A call of an aggregate function over the columns `x` and `y` of these types.
fn resolved(
    session: &Session,
    types: &[DataType],
    function: &str,
    more: Vec<Expression>,
) -> TypedAggregate {
    let names = ["x", "y"];
    let fields = names.iter().zip(types);
    let schema: Schema = fields
        .map(|(name, data_type)| Field::new(*name, data_type.clone()))
        .collect();
    let columns = names[..types.len()]
        .iter()
        .map(|name| Expression::column(*name));
    let call = Expression::call(function, columns.chain(more));
    let mut resolver = Resolver::new(&schema, session).with_aggregates();
    resolver.resolve(&call).expect("the call is resolved");
    resolver.into_found().0.remove(0)
}

/// The result of rows, aggregated in one partition and merged after the shuffle.
fn result(
    session: &Session,
    types: &[DataType],
    function: &str,
    more: Vec<Expression>,
    rows: impl IntoIterator<Item = Row>,
) -> Result<Value, engine::Failure> {
    let context = Context {
        session,
        timestamp: 0,
    };
    let aggregate = resolved(session, types, function, more);
    let accumulate = &aggregate.accumulate;
    let rows = rows.into_iter();
    let rows = rows.map(|row| Typed::values(&aggregate.arguments, &row, &context));
    let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
    let partial = by_row(&aggregate, &rows, &context);
    let by_column = by_column(&aggregate, &rows, session);
    assert!(by_column.is_none_or(|it| format!("{it:?}") == format!("{partial:?}")));
    let partial = partial?;
    let mut merged = accumulate.initial();
    accumulate.merge(&mut merged, &partial, &context)?;
    assert_eq!(merged.len(), accumulate.buffer().len());
    accumulate.finish(&merged, &context)
}

/// The buffer of rows of arguments.
fn by_row(
    aggregate: &TypedAggregate,
    rows: &[Row],
    context: &Context<'_>,
) -> Result<Row, engine::Failure> {
    let mut buffer = aggregate.accumulate.initial();
    for row in rows {
        aggregate.accumulate.update(&mut buffer, row, context)?;
    }
    Ok(buffer)
}

/// The same by column, if it has such a form.
fn by_column(
    aggregate: &TypedAggregate,
    rows: &[Row],
    session: &Session,
) -> Option<Result<Row, engine::Failure>> {
    let mut buffers = aggregate.accumulate.group_buffers()?;
    buffers.add_group();
    let width = aggregate.arguments.len();
    let column = |index: usize| rows.iter().map(|row| &row[index]).collect();
    let columns: Vec<Column> = (0..width).map(column).collect();
    let arguments: Vec<Operand<'_>> = columns.iter().map(Operand::Column).collect();
    let numbers: Vec<u32> = (0..rows.len() as u32).collect();
    let is_taken = buffers.update(&ArgumentRows {
        arguments: &arguments,
        rows: &numbers,
        groups: &vec![0; rows.len()],
        session,
    });
    let mut buffer = Row::new();
    buffers.push_buffer(0, &mut buffer);
    match is_taken {
        Ok(true) => Some(Ok(buffer)),
        Ok(false) => None,
        Err(failed) => Some(Err(failed.failure)),
    }
}

fn spark_3_5() -> Session {
    Session::new(SparkVersion::V3_5)
}

/// The result of one column in Spark 3.5.
#[track_caller]
fn check(data_type: DataType, function: &str, values: Vec<Value>, expected: Value) {
    let rows = values.into_iter().map(|value| vec![value]);
    let result = result(&spark_3_5(), &[data_type], function, Vec::new(), rows);
    assert_eq!(result, Ok(expected));
}

fn integers(values: &[i32]) -> Vec<Value> {
    values.iter().copied().map(Value::Integer).collect()
}

fn doubles(values: &[f64]) -> Vec<Value> {
    values
        .iter()
        .map(|it| Value::Double((*it).into()))
        .collect()
}

fn double(number: f64) -> Value {
    Value::Double(number.into())
}

fn decimal(unscaled: i128, precision: u8, scale: u8) -> Value {
    Value::Decimal(Decimal::new(unscaled, precision, scale).expect("it fits"))
}

fn range(count: i64) -> Vec<Value> {
    (0..count).map(Value::Long).collect()
}

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

#[test]
fn the_order_of_groups_follows_from_the_kinds_of_buffers() {
    let kind = |data_type: DataType, function: &str| {
        let aggregate = resolved(&spark_3_5(), &[data_type], function, Vec::new());
        AggregateKind::of(&*aggregate.accumulate)
    };
    let decimal = |precision| DataType::Decimal {
        precision,
        scale: 2,
    };
    assert_eq!(kind(DataType::Integer, "sum"), AggregateKind::FastHash);
    assert_eq!(kind(decimal(8), "sum"), AggregateKind::FastHash);
    assert_eq!(kind(decimal(9), "sum"), AggregateKind::Hash);
    assert_eq!(kind(decimal(10), "max"), AggregateKind::FastHash);
    assert_eq!(kind(DataType::String, "max"), AggregateKind::Sort);
    assert_eq!(kind(DataType::String, "first"), AggregateKind::Sort);
    assert_eq!(
        kind(DataType::Long, "approx_count_distinct"),
        AggregateKind::Hash
    );
    assert_eq!(
        kind(DataType::String, "collect_set"),
        AggregateKind::ObjectHash
    );
    assert!(
        AggregateKind::ObjectHash > AggregateKind::Sort,
        "objects are no texts in a row"
    );
}
