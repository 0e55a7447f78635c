//! Queries in SQL, over any rows in any cut into micro-batches: the incremental result is that of the same query over all
//! rows at once, as a finite table.

use std::collections::BTreeMap;

use engine::render::Notation;
use engine::{DataType, Inline, Row, Text, Time, Value};
use engine_structured::functions::{call, col, text};
use engine_structured::{DataFrame, OutputMode, SparkSession};
use proptest::prelude::*;

use crate::support::{Run, session};

/// Queries whose complete output is their result.
const GROUPS: &[&str] = &[
    "SELECT k, count(*) AS c, sum(n) AS s, min(n) AS l, avg(n) AS a FROM ev GROUP BY k",
    "SELECT k, max(k) AS m, count_if(n > 2) AS c FROM ev WHERE n <> 1 GROUP BY k",
    "SELECT n % 3 AS r, sort_array(collect_list(k)) AS ks, approx_count_distinct(n) AS d FROM ev GROUP BY n % 3",
    "SELECT count(*) AS c, max(n) AS m, bool_and(n > 0) AS b FROM ev",
    "SELECT k, n > 2 AS big, count(*) AS c, grouping_id() AS g FROM ev GROUP BY CUBE (k, n > 2)",
    "SELECT window(ts, '10 seconds', '4 seconds') AS w, k, count(*) AS c FROM ev GROUP BY 1, 2",
    "SELECT DISTINCT k, n FROM ev",
    "SELECT k, count(*) AS c FROM ev GROUP BY k HAVING c > 1 ORDER BY c DESC, k LIMIT 2",
    "SELECT city, sum(n) AS s FROM ev LEFT JOIN cities USING (k) GROUP BY city",
    "SELECT w, count(*) AS c FROM ev LATERAL VIEW explode(split(k, '')) g AS w GROUP BY w",
    "SELECT k, sum(n) AS s FROM (SELECT k, n FROM ev UNION ALL SELECT upper(k), -n FROM ev) GROUP BY k",
];

/// Queries that add rows to their result, and change none.
const ROWS: &[&str] = &[
    "SELECT k, n * 2 AS m FROM ev WHERE n > 0",
    "SELECT k, w FROM ev LATERAL VIEW OUTER explode(split(k, 'a')) g AS w",
    "SELECT ev.k, city FROM ev LEFT JOIN cities USING (k)",
    "SELECT k FROM ev LEFT ANTI JOIN cities USING (k)",
    "SELECT k, n FROM ev UNION ALL SELECT upper(k), -n FROM ev WHERE n > 1",
    "SELECT a.k, a.n, b.n AS m FROM ev a JOIN ev b ON a.k = b.k AND a.n < b.n",
];

/// Queries whose rows are final once the watermark has passed them.
const FINAL: &[&str] = &[
    "SELECT window(ts, '10 seconds') AS w, count(*) AS c, sum(n) AS s FROM ev GROUP BY 1",
    "SELECT k, window(ts, '10 seconds', '5 seconds') AS w, max(n) AS m FROM ev GROUP BY 1, 2",
    "SELECT DISTINCT ts, k FROM ev",
    "SELECT a.k, a.n, b.n AS m FROM ev a LEFT JOIN ev b ON a.k = b.k AND a.n < b.n AND b.ts BETWEEN a.ts AND a.ts + \
     INTERVAL 5 SECONDS",
];

/// Micro-batches of lines, and the size of the cluster.
#[derive(Clone, Debug)]
struct Case {
    batches: Vec<Vec<String>>,
    cores: usize,
    shuffle_partitions: usize,
}

fn cases() -> impl Strategy<Value = Case> {
    // At the epoch itself all would be late: no watermark is before it.
    let line =
        (1_000_i64..1_060, "[ab]{0,2}", prop::option::of(0_i64..6)).prop_map(|(second, key, n)| {
            let n = n.map_or(String::new(), |n| n.to_string());
            format!("{second},{key},{n}")
        });
    let batches = prop::collection::vec(prop::collection::vec(line, 1..6), 1..6);
    (batches, 1_usize..4, 1_usize..5).prop_map(|(batches, cores, shuffle_partitions)| Case {
        batches,
        cores,
        shuffle_partitions,
    })
}

impl Case {
    /// A session with the view `ev` of these lines, and the view `cities`.
    fn session(&self, lines: impl Fn(&SparkSession) -> DataFrame) -> SparkSession {
        let spark = session(self.cores).with_shuffle_partitions(self.shuffle_partitions);
        let schema = text("s BIGINT, k STRING, n INT");
        let fields = call("from_csv", [col("value"), schema]).alias("f");
        let ev = lines(&spark).select([fields]).select([
            call("timestamp_seconds", [col("f.s")]).alias("ts"),
            col("f.k").alias("k"),
            col("f.n").alias("n"),
        ]);
        let delay = std::time::Duration::from_secs(100);
        ev.with_watermark("ts", delay)
            .create_or_replace_temp_view("ev");
        let cities = [["a", "Oslo"], ["b", "Rome"], ["a", "Paris"]];
        let cities = cities.map(|row| row.map(|it| Value::String(it.into())).to_vec());
        let columns = [("k", DataType::String), ("city", DataType::String)];
        let cities = spark.create_data_frame(&columns, cities.to_vec());
        cities.create_or_replace_temp_view("cities");
        spark
    }

    /// The tables of the micro-batches of a query over the stream.
    fn incremental(&self, sql: &str, mode: OutputMode) -> Vec<Vec<String>> {
        let spark = self.session(|spark| spark.read_stream().memory("lines"));
        let writer = spark.sql(sql).write_stream().output_mode(mode);
        let query = writer.num_rows(usize::MAX).console();
        let mut run = Run::start(query.expect("Spark takes it"), 0);
        for lines in &self.batches {
            run.lines(0, &lines.iter().map(String::as_str).collect::<Vec<_>>());
            run.wake_until(0);
        }
        run.tables().iter().map(|table| texts(table)).collect()
    }

    /// The rows of the same query over all lines at once.
    fn at_once(&self, sql: &str) -> Vec<String> {
        let lines = self.batches.iter().flatten();
        let rows: Vec<Row> = lines
            .map(|it| vec![Value::String(Text::from(&**it))])
            .collect();
        let column = [("value", DataType::String)];
        let spark = self.session(|spark| spark.create_data_frame(&column, rows.clone()));
        let rows = spark.sql(sql).collect(Time::EPOCH, &Inline);
        texts(&rows.expect("Spark takes it"))
    }
}

/// The rows as texts, sorted: the order of rows is another matter.
fn texts(rows: &[Row]) -> Vec<String> {
    let cells = |row: &Row| {
        row.iter()
            .map(|it| Notation::Sql.text(it))
            .collect::<Vec<_>>()
    };
    let mut texts: Vec<String> = rows.iter().map(|row| cells(row).join("|")).collect();
    texts.sort();
    texts
}

fn sorted(rows: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut rows: Vec<String> = rows.into_iter().collect();
    rows.sort();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn om_1_complete_output_is_the_query_over_all_rows_at_once(case in cases()) {
        for sql in GROUPS {
            let tables = case.incremental(sql, OutputMode::Complete);
            prop_assert_eq!(tables.last(), Some(&case.at_once(sql)), "{}", sql);
        }
    }

    #[test]
    fn om_1_update_output_laid_over_itself_is_the_query_over_all_rows_at_once(case in cases()) {
        for sql in &GROUPS[..3] {
            let mut laid_over = BTreeMap::new();
            for row in case.incremental(sql, OutputMode::Update).into_iter().flatten() {
                let key = row.split('|').next().unwrap_or_default().to_owned();
                laid_over.insert(key, row);
            }
            prop_assert_eq!(sorted(laid_over.into_values()), case.at_once(sql), "{}", sql);
        }
    }

    #[test]
    fn om_1_rows_that_are_added_are_those_of_the_query_over_all_rows_at_once(case in cases()) {
        for sql in ROWS {
            let rows = case.incremental(sql, OutputMode::Append).into_iter().flatten();
            prop_assert_eq!(sorted(rows), case.at_once(sql), "{}", sql);
        }
    }

    /// A last row, later than all by far, makes all others final.
    #[test]
    fn wm_7_rows_that_are_final_are_those_of_the_query_over_all_rows_at_once(mut case in cases()) {
        case.batches.push(vec!["100000,last,7".to_owned()]);
        let is_before = |row: &String| !row.contains("last") && !row.contains("1970-01-02");
        for sql in FINAL {
            let rows = case.incremental(sql, OutputMode::Append).into_iter().flatten();
            let expected = case.at_once(sql).into_iter().filter(is_before);
            prop_assert_eq!(sorted(rows.filter(is_before)), sorted(expected), "{}", sql);
        }
    }
}
