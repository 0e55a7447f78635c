//! Files that real Spark wrote, and files that are written here.

use engine::{
    DataType, Decimal, IntervalUnits, MapEntries, Row, SparkVersion, Struct, StructField, Value,
    Values,
};
use engine_parquet::{Codec, ParquetError, columns_of, read, write};
use proptest::prelude::*;

/// Three rows, the second one of `NULL`s, which Spark 3.5.9 wrote: `i INT`, `s STRING`, `ts TIMESTAMP`, `d DECIMAL(25,2)`,
/// `a ARRAY<INT>`, `m MAP<STRING,INT>`, `st STRUCT<x:INT,y:ARRAY<STRUCT<z:STRING>>>`.
const OF_SPARK: &[u8] = include_bytes!("spark-3.5.9.parquet");

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn array(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(items.into_iter().collect())
}

fn struct_of(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Struct(fields.into_iter().collect::<Struct>())
}

fn map(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
    Value::Map(MapEntries::new(entries.into_iter().collect()).expect("it is flat"))
}

fn rows_of_spark() -> Vec<Row> {
    let decimal =
        |unscaled| Value::Decimal(Decimal::new(unscaled, 25, 2).expect("it has 23 digits"));
    vec![
        vec![
            Value::Integer(3),
            text("text"),
            Value::Timestamp(1_709_210_096_789_012),
            decimal(-12_345_678_901_234_567_890_125),
            array([Value::Integer(1), Value::Null, Value::Integer(3)]),
            map([(text("a"), Value::Integer(1)), (text("b"), Value::Null)]),
            struct_of([
                ("x", Value::Integer(1)),
                ("y", array([struct_of([("z", text("q"))])])),
            ]),
        ],
        vec![Value::Null; 7],
        vec![
            Value::Integer(-3),
            text(""),
            Value::Timestamp(-1),
            decimal(0),
            array([]),
            map([]),
            struct_of([("x", Value::Null), ("y", Value::Null)]),
        ],
    ]
}

#[test]
fn a_file_of_spark_has_its_rows() {
    let columns = columns_of(OF_SPARK).expect("it is one");
    assert_eq!(
        columns[6].data_type.to_string(),
        "STRUCT<x: INT, y: ARRAY<STRUCT<z: STRING>>>"
    );
    let rows = read(OF_SPARK, &columns, SparkVersion::V3_5).expect("it has these columns");
    assert_eq!(rows, rows_of_spark());
    // An equal one of ours.
    let own = write(&columns, &rows, Codec::Snappy, SparkVersion::V3_5).expect("it can be written");
    assert_eq!(columns_of(&own).expect("it is one"), columns);
    assert_eq!(
        read(&own, &columns, SparkVersion::V3_5).expect("it is one"),
        rows
    );
}

/// The first values of columns of a file as they are read; or the failure.
fn first(schema: &str, spark: SparkVersion) -> Result<Row, String> {
    let columns = engine_sql::parse_schema(schema).expect("a schema");
    let rows = read(OF_SPARK, &columns, spark).map_err(|error| error.to_string())?;
    Ok(rows.into_iter().next().expect("the first row"))
}

#[test]
fn columns_are_found_by_name_and_those_that_are_missing_are_null() {
    let row = first(
        "missing INT, I INT, st STRUCT<y: ARRAY<STRUCT<z: STRING>>>",
        SparkVersion::V3_5,
    );
    let st = struct_of([("y", array([struct_of([("z", text("q"))])]))]);
    assert_eq!(row, Ok(vec![Value::Null, Value::Integer(3), st]));
    assert_eq!(
        first("st STRUCT<w: INT>", SparkVersion::V3_5),
        Ok(vec![Value::Null])
    );
    assert_eq!(
        first("st STRUCT<w: INT>", SparkVersion::V4),
        Ok(vec![struct_of([("w", Value::Null)])])
    );
}

#[test]
fn a_type_that_does_not_fit_is_refused_and_spark_4_takes_wider_ones() {
    for (schema, found) in [
        ("i BIGINT", "[i], Expected: BIGINT, Found: INT32"),
        ("s INT", "[s], Expected: INT, Found: BINARY"),
        (
            "a ARRAY<BIGINT>",
            "[a, list, element], Expected: BIGINT, Found: INT32",
        ),
        (
            "m MAP<STRING, BIGINT>",
            "[m, key_value, value], Expected: BIGINT, Found: INT32",
        ),
    ] {
        let refused = first(schema, SparkVersion::V3_5).expect_err(schema);
        assert_eq!(
            refused,
            format!("Parquet column cannot be converted: Column: {found}.")
        );
    }
    assert_eq!(
        first("i BIGINT", SparkVersion::V4),
        Ok(vec![Value::Long(3)])
    );
    assert_eq!(
        first("i DOUBLE", SparkVersion::V4),
        Ok(vec![Value::Double(3.0.into())])
    );
    let wider = first("d DECIMAL(30,4)", SparkVersion::V4).expect("it is wider");
    assert_eq!(
        engine::render::Notation::Sql.text(&wider[0]),
        "-123456789012345678901.2500"
    );
    assert!(first("d DECIMAL(24,2)", SparkVersion::V4).is_err());
    assert_eq!(
        first("i TINYINT, s BINARY", SparkVersion::V3_5),
        Ok(vec![Value::Byte(3), Value::Binary((*b"text").into())])
    );
}

#[test]
fn a_type_that_parquet_has_not_is_refused() {
    let column = [StructField::new("x", DataType::Null)];
    let refused = write(
        &column,
        &[vec![Value::Null]],
        Codec::Snappy,
        SparkVersion::V3_5,
    );
    assert!(matches!(refused, Err(ParquetError::Unwritten { .. })));
}

#[test]
fn a_damaged_file_is_refused_and_does_not_panic() {
    let columns = columns_of(OF_SPARK).expect("it is one");
    assert!(columns_of(b"hello").is_err());
    assert!(columns_of(&OF_SPARK[..2_000]).is_err());
    for place in (4..OF_SPARK.len() - 8).step_by(7) {
        let mut damaged = OF_SPARK.to_vec();
        damaged[place] ^= 0x55;
        // It may be read, where only a value is another one.
        let _ = columns_of(&damaged);
        let _ = read(&damaged, &columns, SparkVersion::V4);
    }
}

fn values() -> impl Strategy<Value = Vec<Row>> {
    let item = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::Long)];
    let list = prop::collection::vec(item.clone(), 0..4);
    let list = list.prop_map(|items| Value::Array(items.into_iter().collect::<Values>()));
    let list = prop_oneof![1 => Just(Value::Null), 4 => list];
    let lists = prop::collection::vec(list, 0..4);
    let lists = lists.prop_map(|items| Value::Array(items.into_iter().collect::<Values>()));
    let lists = prop_oneof![1 => Just(Value::Null), 4 => lists];
    let entries = prop::collection::vec(("[a-c]{0,3}", item), 0..3);
    let entries =
        entries.prop_map(|it| map(it.into_iter().map(|(key, value)| (text(&key), value))));
    let row = (lists, entries, any::<bool>(), any::<i64>());
    let row = row.prop_map(|(lists, entries, flag, micros)| {
        vec![
            lists,
            struct_of([("m", entries)]),
            Value::Boolean(flag),
            Value::DayTimeInterval {
                micros,
                units: IntervalUnits::DAY_TO_SECOND,
            },
        ]
    });
    prop::collection::vec(row, 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rows_that_are_written_are_read_again(rows in values()) {
        let schema = "l ARRAY<ARRAY<BIGINT>>, st STRUCT<m: MAP<STRING, BIGINT>>, b BOOLEAN NOT NULL, t INTERVAL DAY TO SECOND";
        let columns = engine_sql::parse_schema(schema).expect("a schema");
        for codec in [Codec::Snappy, Codec::Uncompressed] {
            let file = write(&columns, &rows, codec, SparkVersion::V4).expect("it can be written");
            prop_assert_eq!(&columns_of(&file).expect("it is one"), &columns);
            prop_assert_eq!(&read(&file, &columns, SparkVersion::V4).expect("it is one"), &rows);
        }
    }
}
