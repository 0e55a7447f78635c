//! Finite tables: read from lines, dealt out to partitions, drawn from, and saved. All is as Spark 3.5.9 has it.

use engine::{Inline, Records, Row, Time, Value};
use engine_sql::plan::SortOrder;
use engine_sql::{Expression, Field};
use engine_structured::functions::{self, col};
use engine_structured::{CollectError, DataFrame, SparkSession, TableLines};

use crate::support::session;

fn file(lines: &[&str]) -> Records {
    lines.iter().map(|line| (*line).into()).collect()
}

/// The texts of the columns with their types, and those of the rows.
#[track_caller]
fn check(table: Result<DataFrame, CollectError>, columns: &[&str], rows: &[&str]) {
    let table = table.expect("Spark takes it");
    let schema = table.schema().expect("its columns are known");
    let fields = schema.fields().iter();
    let fields = fields.map(|field| format!("{} {}", field.name, field.data_type));
    assert_eq!(fields.collect::<Vec<_>>(), columns);
    let found = table.collect(Time::EPOCH, &Inline).expect("it has rows");
    assert_eq!(found.iter().map(text).collect::<Vec<_>>(), rows);
}

fn text(row: &Row) -> String {
    let texts = row.iter();
    let texts = texts.map(|value| engine::render::Notation::Sql.text(value));
    texts.collect::<Vec<_>>().join("|")
}

#[test]
fn columns_of_csv_have_the_narrowest_types_in_which_all_values_fit() {
    let lines = [
        "n,big,x,day,ok,mixed,n",
        "1,12345678901234567890,1,2020-01-01,true,1,a",
        "",
        "2,5,2.5,2020-01-02 10:00:00,FALSE,x,",
        "3000000000,7,,,,,",
    ];
    let read = session(2).read();
    let read = read.option("header", "true").option("InferSchema", "TRUE");
    check(
        read.csv(TableLines::Files(vec![file(&lines)])),
        &[
            "n0 BIGINT",
            "big DECIMAL(20,0)",
            "x DOUBLE",
            "day TIMESTAMP",
            "ok BOOLEAN",
            "mixed STRING",
            "n6 STRING",
        ],
        &[
            "1|12345678901234567890|1.0|2020-01-01 00:00:00|true|1|a",
            "2|5|2.5|2020-01-02 10:00:00|false|x|NULL",
            "3000000000|7|NULL|NULL|NULL|NULL|NULL",
        ],
    );
}

#[test]
fn each_file_has_a_header_and_partitions_have_one_together() {
    let lines = || vec![file(&["a", "1"]), file(&["a", "2", "3"])];
    let read = session(1).read().option("header", "true");
    let rows = ["2", "3", "1"];
    check(read.csv(TableLines::Files(lines())), &["a STRING"], &rows);
    let rows = ["1", "2", "3"];
    check(
        read.csv(TableLines::Partitions(lines())),
        &["a STRING"],
        &rows,
    );
}

#[test]
fn columns_of_json_are_those_of_all_objects_and_of_what_is_none() {
    let lines = [
        r#"{"b": 1, "at": {"y": null}}"#,
        r#"{"b": 2.5, "tags": [1, "x"]}"#,
        "broken",
        r#"[{"b": 3}, {"b": 4}]"#,
    ];
    check(
        session(1)
            .read()
            .json(TableLines::Files(vec![file(&lines)])),
        &[
            "_corrupt_record STRING",
            "at STRUCT<y: STRING>",
            "b DOUBLE",
            "tags ARRAY<STRING>",
        ],
        &[
            "NULL|{NULL}|1.0|NULL",
            "NULL|NULL|2.5|[1, x]",
            "broken|NULL|NULL|NULL",
            "NULL|NULL|3.0|NULL",
            "NULL|NULL|4.0|NULL",
        ],
    );
}

#[test]
fn an_option_that_a_format_has_not_is_refused() {
    let read = session(1).read().option("nosuch", "1");
    let lines = || TableLines::Files(vec![file(&["1"])]);
    for refused in [read.csv(lines()), read.json(lines()), read.text(lines())] {
        let error = refused.expect_err("it has no such option").to_string();
        assert!(error.contains("`nosuch`"), "{error}");
    }
}

/// The numbers from 0 on, in three partitions.
fn numbers(spark: &SparkSession, count: usize) -> DataFrame {
    let lines: Vec<String> = (0..count).map(|number| number.to_string()).collect();
    let bounds = (0..=3).map(|index| index * count / 3).collect::<Vec<_>>();
    let parts = bounds.windows(2).map(|bounds| {
        let lines = &lines[bounds[0]..bounds[1]];
        lines.iter().map(|line| line.as_str().into()).collect()
    });
    let lines = spark.read().text(TableLines::Partitions(parts.collect()));
    let number = col("value").cast(engine::DataType::Long).alias("n");
    lines.expect("they are texts").select([number])
}

fn partitions(table: &DataFrame) -> Vec<Vec<String>> {
    let rows = table.collect_partitions(Time::EPOCH, &Inline);
    let rows = rows.expect("it has rows").into_iter();
    rows.map(|rows| rows.iter().map(text).collect()).collect()
}

#[test]
fn fewer_partitions_are_made_of_neighbours() {
    let spark = session(2);
    let two = numbers(&spark, 6).coalesce(2);
    assert_eq!(partitions(&two), [vec!["0", "1"], vec!["2", "3", "4", "5"]]);
    assert_eq!(partitions(&two.coalesce(5)).len(), 2);
}

/// Seen on a real Spark.
#[test]
fn rows_are_dealt_out_by_turns_by_hash_and_by_range() {
    let spark = session(2);
    let table = spark.table_of_partitions(
        "LocalTable",
        [Field::new("id", engine::DataType::Long)]
            .into_iter()
            .collect(),
        [0..3, 3..6]
            .map(|ids| ids.map(|id| vec![Value::Long(id)]).collect())
            .into(),
    );
    let by_turns = partitions(&table.repartition(3));
    assert_eq!(by_turns, [["0", "4"], ["2", "3"], ["1", "5"]]);
    let id = || Expression::column("id");
    let by_hash = partitions(&table.repartition_by(3, vec![id()]));
    assert_eq!(by_hash, [vec!["3"], vec!["0"], vec!["1", "2", "4", "5"]]);
    let order = SortOrder {
        expression: id(),
        descending: true,
        nulls_first: false,
    };
    let by_range = partitions(&table.repartition_by_range(2, vec![order]));
    assert_eq!(by_range, [["3", "4", "5"], ["0", "1", "2"]]);
}

#[test]
fn a_sample_is_drawn_by_partition() {
    let spark = session(3);
    let drawn = numbers(&spark, 40).with_draws("draw", 42, false, Time::EPOCH);
    let rows = drawn
        .expect("rows")
        .collect(Time::EPOCH, &Inline)
        .expect("rows");
    let is_drawn = |row: &&Row| matches!(row[1], Value::Double(draw) if draw.0 < 0.2);
    let sample: Vec<String> = rows
        .iter()
        .filter(is_drawn)
        .map(|row| text(&row[..1].to_vec()))
        .collect();
    assert_eq!(sample, ["7", "22"]);
}

#[test]
fn groups_are_in_one_partition_unless_they_stay_as_they_were_shuffled() {
    let spark = session(2).with_shuffle_partitions(5);
    let counts = |spark: &SparkSession| partitions(&numbers(spark, 6).group_by("n").count()).len();
    assert_eq!(counts(&spark), 1);
    assert_eq!(counts(&spark.with_adaptive(false)), 5);
}

#[test]
fn a_query_names_the_views_that_there_were() {
    let spark = session(1);
    numbers(&spark, 3).create_or_replace_temp_view("v");
    let before = spark.sql("SELECT n FROM default.v WHERE n > 0");
    assert!(spark.drop_temp_view("V"));
    assert_eq!(partitions(&before).concat(), ["1", "2"]);
    assert!(spark.table("v").schema().is_err());
}

#[test]
fn columns_are_written_by_methods_as_in_sql() {
    let spark = session(1).with_shuffle_partitions(1);
    let table = spark.sql(
        "SELECT named_struct('a', col1) AS s, timestamp_seconds(col1) AS ts FROM VALUES (7), (2), (12)",
    );
    let seconds = |seconds| std::time::Duration::from_secs(seconds);
    let windows = functions::sliding_window(col("ts"), seconds(10), seconds(5));
    let table = table.filter(col("s").get_field("a").not_eq(functions::lit(2)));
    let table = table.select([col("s").get_field("a").alias("a"), windows]);
    let start = functions::call("second", [col("window").get_field("start")]);
    let table = table.select([col("a"), start.alias("start")]);
    check(
        Ok(table.order_by([col("a"), col("start")])),
        &["a INT", "start INT"],
        &["7|0", "7|5", "12|5", "12|10"],
    );
}
