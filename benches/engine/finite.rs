//! The cost of a table without streams: a filter and three aggregates over a million rows.
//!
//! Nine rows of ten pass the filter, and are grouped by a text of twelve bytes, into 1,000 or 100,000 groups; `sum`,
//! `avg` and `max` are those of a `BIGINT`. The figure is the time from the text of the query to its rows, on one thread.
//!
//! `cargo bench -p benches --bench finite`; `benches/datafusion/run` times the same query on another engine.

use criterion::{BenchmarkId, Throughput};
use engine::{DataType, Inline, Row, Text, Time, Value};
use engine_structured::{CollectError, DataFrame, SparkSession};

use benches::{criterion, size};

const ROWS: usize = 1_000_000;
const GROUPS: [usize; 2] = [1_000, 100_000];

/// The query, which `benches/datafusion/run` has, too.
const QUERY: &str = "SELECT word, sum(number), avg(number), max(number) FROM numbers WHERE number > 99 GROUP BY word";

fn main() -> Result<(), CollectError> {
    let mut criterion = criterion();
    let mut group = criterion.benchmark_group("finite");
    group.sample_size(10);
    for named in GROUPS {
        let rows = size(ROWS);
        let groups = size(named);
        let table = table(rows, groups);
        check(&table.collect(Time::EPOCH, &Inline)?, rows, groups);
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function(BenchmarkId::from_parameter(named), |bencher| {
            bencher.iter(|| table.collect(Time::EPOCH, &Inline));
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// The result of the query on rows of this number of words. A prime step spreads the words over the rows.
fn table(rows: usize, groups: usize) -> DataFrame {
    let row = |index: usize| -> Row {
        let word = format!("key-{:08}", index * 7_919 % groups);
        vec![Value::String(Text::from(word)), Value::Long(number(index))]
    };
    let columns = [("word", DataType::String), ("number", DataType::Long)];
    let spark = SparkSession::local(1, "finite").with_shuffle_partitions(1);
    let numbers = spark.create_data_frame(&columns, (0..rows).map(row).collect());
    numbers.create_or_replace_temp_view("numbers");
    spark.sql(QUERY)
}

fn number(index: usize) -> i64 {
    (index * 31 % 1_000) as i64
}

/// Compares the sum of all groups with a plain loop.
fn check(found: &[Row], rows: usize, groups: usize) {
    let sums = found.iter().map(|row| match row[1] {
        Value::Long(sum) => sum,
        _ => 0,
    });
    let expected = (0..rows).map(number).filter(|number| *number > 99);
    assert_eq!(sums.sum::<i64>(), expected.sum::<i64>());
    assert!(found.len() <= groups);
}
