//! Queries in SQL over several streams and tables. Their rows are those of Spark 3.5.9, in its order.

use std::time::Duration;

use engine::DataType;
use engine_structured::functions::{call, col, text};
use engine_structured::{OutputMode, SparkSession, SparkVersion, WatermarkPolicy};

use crate::support::{Run, check, session};

/// A stream of lines such as `1,x,7`: the second of an event, a word and a number. The watermark is late by ten seconds.
fn events(spark: &SparkSession, name: &str) {
    let lines = spark.read_stream().memory(name);
    let fields = lines.select([call(
        "from_csv",
        [col("value"), text("s BIGINT, k STRING, n INT")],
    )
    .alias("f")]);
    let events = fields.select([
        call("timestamp_seconds", [col("f.s")]).alias("ts"),
        col("f.k").alias("k"),
        col("f.n").alias("n"),
    ]);
    let events = events.with_watermark("ts", Duration::from_secs(10));
    events.create_or_replace_temp_view(name);
}

/// A query over the streams `a` and `b`, on one core with one shuffle partition.
fn run(spark: &SparkSession, sql: &str, mode: OutputMode) -> Run {
    let query = spark.sql(sql).write_stream().output_mode(mode).console();
    Run::start(query.expect("Spark takes it"), 0)
}

fn one_partition() -> SparkSession {
    let spark = session(1).with_shuffle_partitions(1);
    events(&spark, "a");
    events(&spark, "b");
    spark
}

/// Micro-batches of lines of `a` and of `b`.
fn batches(run: &mut Run, batches: &[(&[&str], &[&str])]) {
    for (number, (left, right)) in (1..).zip(batches) {
        let now = number * 1_000;
        for (stream, lines) in [left, right].into_iter().enumerate() {
            for line in *lines {
                run.line_of(stream, now, line);
            }
        }
        run.wake_until(now);
    }
}

#[test]
fn rows_of_two_streams_wait_for_each_other_and_come_alone_when_none_can_come() {
    let spark = one_partition();
    let sql = "SELECT a.k, a.n, b.n AS m FROM a FULL OUTER JOIN b ON a.k = b.k AND b.ts >= a.ts \
               AND b.ts <= a.ts + INTERVAL 5 SECONDS";
    let mut run = run(&spark, sql, OutputMode::Append);
    let lines: [(&[&str], &[&str]); 3] = [
        (&["1,x,1", "2,y,2"], &["3,x,10", "1,z,11"]),
        (&["2,x,3"], &["4,x,12"]),
        (&["40,w,4"], &["41,w,13"]),
    ];
    batches(&mut run, &lines);
    check(
        &run.shown(),
        &[
            "0: x=1=10",
            "1: x=3=10 x=1=12 x=3=12",
            "2: w=4=13",
            "3: y=2=null null=null=11",
        ],
    );
}

#[test]
fn sessions_grow_together_and_are_final_when_the_watermark_has_passed_them() {
    let spark = one_partition();
    let sql = "SELECT k, unix_seconds(session_window.start) AS st, unix_seconds(session_window.end) AS en, count(*) AS c \
               FROM a GROUP BY k, session_window(ts, '5 seconds')";
    let mut run = run(&spark, sql, OutputMode::Append);
    let lines: [(&[&str], &[&str]); 3] = [
        (&["1,x,1", "12,x,2", "3,y,1"], &[]),
        (&["6,x,3", "11,x,4"], &[]),
        (&["40,y,5"], &[]),
    ];
    batches(&mut run, &lines);
    let mut shown = run.shown();
    let last = shown.pop().expect("a batch without data runs");
    check(&shown, &["0: ", "1: ", "2: ", "3: "]);
    assert_eq!(last, "4: y=3=8=1 x=1=17=4");
}

#[test]
fn dd_1_rows_come_again_when_the_watermark_has_passed_the_first_one() {
    let spark = one_partition();
    let table = spark.table("a").drop_duplicates_within_watermark(&["k"]);
    let query = table.select([col("k"), col("n")]).write_stream().console();
    let mut run = Run::start(query.expect("Spark takes it"), 0);
    let lines: [(&[&str], &[&str]); 3] = [
        (&["1,x,1", "2,x,2"], &[]),
        (&["30,y,3"], &[]),
        (&["31,x,4"], &[]),
    ];
    batches(&mut run, &lines);
    check(&run.shown(), &["0: x=1", "1: y=3", "2: ", "3: x=4", "4: "]);
}

#[test]
fn wm_2_several_watermarks_are_one_by_the_policy() {
    for policy in [WatermarkPolicy::Min, WatermarkPolicy::Max] {
        let spark = one_partition().with_watermark_policy(policy);
        let sql = "SELECT k, count(*) AS c FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY k, ts";
        let mut run = run(&spark, sql, OutputMode::Append);
        batches(&mut run, &[(&["1,a,1"], &["1,b,1"]), (&["30,a,1"], &[])]);
        let shown = run.shown();
        assert_eq!(
            shown.iter().any(|it| it.contains("a=1")),
            policy == WatermarkPolicy::Max,
            "{shown:?}"
        );
    }
}

#[test]
fn rows_of_a_stream_keep_their_order_and_those_of_a_table_come_from_its_end() {
    let spark = one_partition();
    let row = |k: &str, city: &str| {
        [k, city]
            .map(|it| engine::Value::String(it.into()))
            .to_vec()
    };
    let rows = vec![row("x", "Oslo"), row("y", "Rome"), row("x", "Paris")];
    let cities =
        spark.create_data_frame(&[("k", DataType::String), ("city", DataType::String)], rows);
    cities.create_or_replace_temp_view("cities");
    let sql = "SELECT a.k, n, city FROM a LEFT JOIN cities ON a.k = cities.k";
    let mut run = run(&spark, sql, OutputMode::Append);
    batches(&mut run, &[(&["1,x,1", "2,z,2", "1,y,3"], &[])]);
    check(&run.shown(), &["0: x=1=Paris x=1=Oslo z=2=null y=3=Rome"]);
}

#[test]
fn om_3_joins_that_spark_refuses_are_refused() {
    let spark = one_partition();
    let refused = |sql: &str, mode| {
        let query = spark.sql(sql).write_stream().output_mode(mode).console();
        query
            .err()
            .map_or_else(String::new, |error| error.to_string())
    };
    let update = refused("SELECT a.k FROM a JOIN b ON a.k = b.k", OutputMode::Update);
    assert!(
        update.starts_with(
            "Join between two streaming DataFrames/Datasets is not supported in Update"
        ),
        "{update}"
    );
    let unbounded = refused(
        "SELECT a.k FROM a LEFT JOIN b ON a.k = b.k",
        OutputMode::Append,
    );
    assert!(
        unbounded.starts_with("Stream-stream LeftOuter join between two streaming"),
        "{unbounded}"
    );
    let unequal = refused("SELECT a.k FROM a JOIN b ON a.n < b.n", OutputMode::Append);
    assert_eq!(
        unequal,
        "Stream-stream join without equality predicate is not supported"
    );
}

#[test]
fn om_3_spark_4_takes_a_join_without_lone_rows_in_update_mode() {
    let spark = session(1).with_shuffle_partitions(1);
    let spark = spark.with_spark(SparkVersion::V4);
    events(&spark, "a");
    events(&spark, "b");
    let counts = "SELECT a.k, count(*) AS c FROM a JOIN b ON a.k = b.k GROUP BY a.k";
    let mut run = run(&spark, counts, OutputMode::Update);
    batches(&mut run, &[(&["1,x,1"], &["2,x,5"]), (&["2,x,3"], &[])]);
    check(&run.shown(), &["0: x=1", "1: x=2"]);
    let refused = |join: &str, mode| {
        let sql = format!(
            "SELECT a.k, count(*) AS c FROM a {join} b ON a.k = b.k AND a.ts = b.ts GROUP BY a.k"
        );
        let query = spark.sql(&sql).write_stream().output_mode(mode).console();
        query.expect_err("Spark refuses it").to_string()
    };
    assert_eq!(
        refused("LEFT JOIN", OutputMode::Update),
        "LeftOuter join between two streaming DataFrames/Datasets is not supported in Update output mode, only in Append \
         output mode"
    );
    assert_eq!(
        refused("JOIN", OutputMode::Complete),
        "Inner join between two streaming DataFrames/Datasets is not supported in Complete output mode, only in Append and \
         Update output modes"
    );
}

#[test]
fn om_3_groups_have_at_most_one_column_with_a_watermark() {
    let spark = one_partition();
    let refused = |window: &str, mode| {
        let sql = format!("SELECT count(*) FROM a GROUP BY {window}(ts, '5 seconds'), ts, k");
        let query = spark.sql(&sql).write_stream().output_mode(mode).console();
        query.err().is_some_and(|error| {
            let message = error.to_string();
            message.starts_with("More than one event time columns are available.")
        })
    };
    assert!(refused("window", OutputMode::Append));
    assert!(refused("window", OutputMode::Update));
    assert!(!refused("window", OutputMode::Complete));
    assert!(refused("session_window", OutputMode::Complete));
}

/// The part of a query that the engine points to when it refuses to start it.
fn pointed_at(sql: &str, mode: OutputMode) -> String {
    let spark = one_partition();
    let started = spark.sql(sql).write_stream().output_mode(mode).console();
    let span = started.expect_err("it is refused").span();
    let span = span.expect("it is a part of the text");
    sql[span.start..span.end].to_owned()
}

#[test]
fn om_3_a_refused_query_is_pointed_at_where_it_is_refused() {
    let counts = "SELECT k, count(*) AS c FROM a GROUP BY k";
    assert_eq!(pointed_at(counts, OutputMode::Append), counts);
    let sorted = "SELECT k FROM (SELECT k FROM a ORDER BY k) WHERE k > 'b'";
    assert_eq!(
        pointed_at(sorted, OutputMode::Append),
        "SELECT k FROM a ORDER BY k"
    );
    let joined = "SELECT * FROM (SELECT a.k FROM a RIGHT JOIN VALUES ('x') AS t(k) ON a.k = t.k) WHERE k > 'b'";
    assert_eq!(
        pointed_at(joined, OutputMode::Append),
        "a RIGHT JOIN VALUES ('x') AS t(k) ON a.k = t.k"
    );
    let sampled = "SELECT k FROM a TABLESAMPLE (10 PERCENT) REPEATABLE (1)";
    assert_eq!(
        pointed_at(sampled, OutputMode::Append),
        "a TABLESAMPLE (10 PERCENT) REPEATABLE (1)"
    );
}

#[test]
fn a_plan_names_operators_states_and_the_table_that_a_join_reads_as_a_whole() {
    let spark = one_partition();
    let sql =
        "SELECT a.k, count(*) AS c FROM a JOIN VALUES ('x') AS t(k) ON a.k = t.k GROUP BY a.k";
    let plan = spark.sql(sql).explain_query(OutputMode::Update, false);
    assert_eq!(
        plan.expect("Spark takes it"),
        "\
== Incremental Physical Plan ==
Project [k, count AS c]
+- StateStoreSave Update, [k], [count(1)], state 0 in 1 partitions
   +- BroadcastHashJoin BuildRight Inner [k = k]
      :- EventTimeWatermark ts, 10s
      :  +- Project [timestamp_seconds(extract_value(f, s)) AS ts, extract_value(f, k) AS k, extract_value(f, n) AS n]
      :     +- Project [from_csv(value, s BIGINT, k STRING, n INT) AS f]
      :        +- Filter isnotnull(extract_value(from_csv(value, s BIGINT, k STRING, n INT), k))
      :           +- MicroBatchScan a [value]
      +- Project [col1 AS k]
         +- LocalTableScan [col1], 1 rows
"
    );
}

#[test]
fn an_extended_plan_begins_with_the_query_as_it_is_written() {
    let spark = one_partition();
    let plan = spark.sql("SELECT k FROM a WHERE n > 1 + 1").explain(true);
    let plan = plan.expect("Spark takes it");
    let parts: Vec<&str> = plan.lines().filter(|line| line.starts_with("==")).collect();
    assert_eq!(
        parts,
        [
            "== Parsed Logical Plan ==",
            "== Analyzed Logical Plan ==",
            "== Optimized Logical Plan ==",
            "== Incremental Physical Plan =="
        ]
    );
    assert!(plan.contains("'Filter (n > (1 + 1))\n"), "{plan}");
    assert!(plan.contains("Filter >(n, +(1, 1))\n"), "{plan}");
}

#[test]
fn a_correlated_value_is_joined_with_each_row_of_a_stream() {
    let spark = one_partition();
    let sql = "SELECT k, (SELECT max(v) FROM VALUES ('x', 7), ('y', 8) AS t(w, v) WHERE w = k) AS m FROM a";
    let mut run = run(&spark, sql, OutputMode::Append);
    batches(&mut run, &[(&["1,x,1", "2,z,2", "3,y,3"], &[])]);
    check(&run.shown(), &["0: x=7 z=null y=8"]);
}

#[test]
fn om_4_rows_of_distinct_without_null_come_first_in_complete_output() {
    let spark = one_partition();
    let sql = "SELECT DISTINCT k, n FROM a";
    let mut run = run(&spark, sql, OutputMode::Complete);
    let lines: [(&[&str], &[&str]); 2] = [
        (&["1,,1", "2,b,2", "3,c,", "4,d,4"], &[]),
        (&["5,,", "6,e,6", "7,f,7", "8,,8"], &[]),
    ];
    batches(&mut run, &lines);
    for shown in run.shown() {
        let rows: Vec<&str> = shown.split(' ').skip(1).collect();
        assert!(
            rows.is_sorted_by_key(|row| row.contains("null")),
            "NULL last: {shown}"
        );
    }
}
