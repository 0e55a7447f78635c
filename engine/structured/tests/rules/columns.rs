//! Groups of rows that are read by column: they have the aggregates of the same rows one by one.

use engine::{DataType, Inline, Row, SparkVersion, Time, Value};
use engine_structured::SparkSession;
use proptest::prelude::*;

/// The columns of the table: a key, another one, a whole number, and a fraction.
const COLUMNS: [(&str, DataType); 4] = [
    ("word", DataType::String),
    ("level", DataType::Integer),
    ("number", DataType::Long),
    ("part", DataType::Double),
];

const AGGREGATES: &str = "count(*) AS rows, count(number), sum(number), avg(number), min(number), max(number), \
     sum(part), avg(part), min(part), max(part), min(word), max(word), sum(level), first(part), \
     count(DISTINCT number), sum(number) FILTER (WHERE level >= 1), max(word) FILTER (WHERE word IS NOT NULL)";

/// The table under the name `rows`, in a session with ANSI mode or without it.
fn session(spark: SparkVersion, rows: Vec<Row>) -> SparkSession {
    let session = SparkSession::local(1, "columns")
        .with_spark(spark)
        .with_shuffle_partitions(1);
    session
        .create_data_frame(&COLUMNS, rows)
        .create_or_replace_temp_view("rows");
    session
}

/// The rows of a query, or its failure.
fn answer(session: &SparkSession, query: &str) -> Result<Vec<Row>, String> {
    let rows = session.sql(query).collect(Time::EPOCH, &Inline);
    rows.map_err(|error| error.to_string())
}

/// A filter and a key that have no form by column stand for the same rows one by one.
fn check(rows: Vec<Row>) {
    let session = session(SparkVersion::V3_5, rows);
    for keys in ["word", "word, level", "level", "number"] {
        for filter in ["number > 2", "word <= 'blue' AND 3 > level", "part < 0.5"] {
            let query = |filter: &str| {
                format!("SELECT {keys}, {AGGREGATES} FROM rows WHERE {filter} GROUP BY {keys}")
            };
            let by_column = answer(&session, &query(filter));
            let by_row = answer(
                &session,
                &query(&format!("CASE WHEN {filter} THEN TRUE END")),
            );
            assert_eq!(by_column, by_row, "{}", query(filter));
        }
    }
}

fn value<T: std::fmt::Debug>(
    values: impl Strategy<Value = T>,
    of: impl Fn(T) -> Value,
) -> impl Strategy<Value = Value> {
    prop::option::weighted(0.8, values).prop_map(move |value| value.map_or(Value::Null, &of))
}

fn row() -> impl Strategy<Value = Row> {
    let word = prop::sample::select(vec!["", "blue", "green", "a word of twenty bytes"]);
    let part = prop::sample::select(vec![-0.0, 0.0, 0.25, 1e300, f64::NAN]);
    let values = (
        value(word, |word| Value::String(word.into())),
        value(0..4, Value::Integer),
        value(-3..6_i64, Value::Long),
        value(part, |part: f64| Value::Double(part.into())),
    );
    values.prop_map(|(word, level, number, part)| vec![word, level, number, part])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn rows_by_column_have_the_aggregates_of_the_same_rows_one_by_one(
        rows in prop::collection::vec(row(), 0..60),
    ) {
        check(rows);
    }
}

/// More rows than are read at a time, and the first that fails among several that do.
#[test]
fn mb_7_the_first_row_that_fails_names_the_failure() {
    let row = |number: usize| -> Row {
        vec![
            Value::String("blue".into()),
            Value::Integer(i32::from(number >= 2_500)),
            Value::Long(if number >= 2_400 { i64::MAX } else { 0 }),
            Value::Null,
        ]
    };
    let session = session(SparkVersion::V4, (0..3_000).map(row).collect());
    let overflow = "ARITHMETIC_OVERFLOW";
    let division = "DIVIDE_BY_ZERO";
    for (aggregates, expected) in [
        ("sum(number)", overflow),
        ("max(1 / (1 - level)), sum(number)", overflow),
        (
            "sum(number) FILTER (WHERE level > 0), max(1 / (1 - level))",
            division,
        ),
    ] {
        for filter in ["number >= 0", "number >= level - 1"] {
            let query = format!("SELECT word, {aggregates} FROM rows WHERE {filter} GROUP BY word");
            let failure = answer(&session, &query).expect_err("a row fails");
            assert!(failure.contains(expected), "{query}: {failure}");
        }
    }
}
