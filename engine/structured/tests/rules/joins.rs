//! The order of the rows of joins of tables without streams, as Spark 3.5.9 prints them with two cores.

use engine::{DataType, Inline, Row, Time, Value};
use engine_sql::Field;
use engine_structured::functions::col;
use engine_structured::{DataFrame, JoinKind, SparkSession};

use crate::support::{Run, session};

/// A table of numbers and names, which is the list of a program (an RDD of two partitions) or written in SQL.
fn table(spark: &SparkSession, name: &str, keys: &[i32], is_rdd: bool) -> DataFrame {
    let names = (0..).map(|number| format!("{name}{number}"));
    let rows = keys.iter().zip(names).map(|(key, text)| {
        // The last row of each table has a name of its key.
        let text = if *key > 7 {
            format!("{name}{key}")
        } else {
            text
        };
        (*key, text)
    });
    let columns = [("k", DataType::Integer), (name, DataType::String)];
    if is_rdd {
        let rows: Vec<Row> = rows
            .map(|(key, text)| vec![Value::Integer(key), Value::String(text.into())])
            .collect();
        let middle = rows.len() / 2;
        let (first, second) = rows.split_at(middle);
        let schema = columns.map(|(name, data_type)| Field::new(name, data_type));
        let partitions = vec![first.to_vec(), second.to_vec()];
        return spark.table_of_rdd(schema.into_iter().collect(), partitions);
    }
    let rows: Vec<String> = rows
        .map(|(key, text)| format!("({key}, '{text}')"))
        .collect();
    spark.sql(&format!(
        "SELECT * FROM VALUES {} AS t(k, {name})",
        rows.join(", ")
    ))
}

/// The tables of the recording; those that are written have a row less.
fn tables(spark: &SparkSession, are_rdds: [bool; 2]) -> [DataFrame; 2] {
    let of = |name: &str, keys: &[i32], is_rdd: bool| {
        let mut keys = keys.to_vec();
        if !is_rdd {
            keys.remove(keys.len() - 2);
        }
        table(spark, name, &keys, is_rdd)
    };
    let [left, right] = are_rdds;
    [
        of("l", &[0, 1, 2, 3, 0, 1, 2, 3, 9], left),
        of("r", &[0, 1, 2, 3, 0, 1, 8], right),
    ]
}

fn joined(are_rdds: [bool; 2], is_adaptive: bool, kind: JoinKind) -> String {
    let spark = session(2)
        .with_shuffle_partitions(4)
        .with_adaptive(is_adaptive);
    let [left, right] = tables(&spark, are_rdds);
    let rows = left
        .join_using(&right, &["k"], kind)
        .collect(Time::EPOCH, &Inline)
        .expect("it has rows");
    let text = |row: &Row| {
        let values = row.iter().map(|it| engine::render::Notation::Sql.text(it));
        values.collect::<Vec<_>>().join("=")
    };
    rows.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// A recorded join.
struct Recorded {
    /// The left and the right table are RDDs, whose sizes Spark does not know.
    are_rdds: [bool; 2],
    kind: JoinKind,
    rows: &'static str,
}

#[track_caller]
fn check(is_adaptive: bool, recorded: &[Recorded]) {
    for Recorded {
        are_rdds,
        kind,
        rows,
    } in recorded
    {
        let found = joined(*are_rdds, is_adaptive, *kind);
        assert_eq!(found.to_lowercase(), *rows, "{are_rdds:?} {kind:?}");
    }
}

const OF_ADAPTIVE_EXECUTION: [Recorded; 20] = [
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::Inner,
        rows: "2=l6=r2 2=l2=r2 0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 3=l7=r3 3=l3=r3 0=l4=r4 0=l0=r4 1=l5=r5 1=l1=r5",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::LeftOuter,
        rows: "2=l2=r2 0=l0=r4 0=l0=r0 1=l1=r5 1=l1=r1 3=l3=r3 9=l9=null 2=l6=r2 0=l4=r4 0=l4=r0 1=l5=r5 1=l5=r1 3=l7=r3",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::RightOuter,
        rows: "2=l6=r2 2=l2=r2 0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 3=l7=r3 3=l3=r3 0=l4=r4 0=l0=r4 1=l5=r5 1=l1=r5 8=null=r8",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::FullOuter,
        rows: "0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l1=r5 1=l5=r1 1=l5=r5 2=l2=r2 2=l6=r2 3=l3=r3 3=l7=r3 8=null=r8 9=l9=null",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::LeftSemi,
        rows: "2=l2 0=l0 1=l1 3=l3 2=l6 0=l4 1=l5 3=l7",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::Inner,
        rows: "0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 2=l6=r2 2=l2=r2 3=l3=r3 0=l4=r4 0=l0=r4 1=l5=r5 1=l1=r5",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::LeftOuter,
        rows: "2=l2=r2 0=l0=r4 0=l0=r0 1=l1=r5 1=l1=r1 3=l3=r3 9=l9=null 2=l6=r2 0=l4=r4 0=l4=r0 1=l5=r5 1=l5=r1",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::RightOuter,
        rows: "0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 2=l6=r2 2=l2=r2 3=l3=r3 0=l4=r4 0=l0=r4 1=l5=r5 1=l1=r5 8=null=r8",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::FullOuter,
        rows: "0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l1=r5 1=l5=r1 1=l5=r5 2=l2=r2 2=l6=r2 3=l3=r3 8=null=r8 9=l9=null",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::LeftSemi,
        rows: "2=l2 0=l0 1=l1 3=l3 2=l6 0=l4 1=l5",
    },
    Recorded {
        are_rdds: [true, false],
        kind: JoinKind::Inner,
        rows: "0=l0=r4 0=l0=r0 1=l1=r1 2=l2=r2 3=l3=r3 0=l4=r4 0=l4=r0 1=l5=r1 2=l6=r2 3=l7=r3",
    },
    Recorded {
        are_rdds: [true, false],
        kind: JoinKind::LeftOuter,
        rows: "0=l0=r4 0=l0=r0 1=l1=r1 2=l2=r2 3=l3=r3 0=l4=r4 0=l4=r0 1=l5=r1 2=l6=r2 3=l7=r3 9=l9=null",
    },
    Recorded {
        are_rdds: [true, false],
        kind: JoinKind::RightOuter,
        rows: "2=l6=r2 2=l2=r2 0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 3=l7=r3 3=l3=r3 0=l4=r4 0=l0=r4 8=null=r8",
    },
    Recorded {
        are_rdds: [true, false],
        kind: JoinKind::FullOuter,
        rows: "0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l5=r1 2=l2=r2 2=l6=r2 3=l3=r3 3=l7=r3 8=null=r8 9=l9=null",
    },
    Recorded {
        are_rdds: [true, false],
        kind: JoinKind::LeftSemi,
        rows: "0=l0 1=l1 2=l2 3=l3 0=l4 1=l5 2=l6 3=l7",
    },
    Recorded {
        are_rdds: [false, false],
        kind: JoinKind::Inner,
        rows: "0=l0=r4 0=l0=r0 1=l1=r1 2=l2=r2 3=l3=r3 0=l4=r4 0=l4=r0 1=l5=r1 2=l6=r2",
    },
    Recorded {
        are_rdds: [false, false],
        kind: JoinKind::LeftOuter,
        rows: "0=l0=r4 0=l0=r0 1=l1=r1 2=l2=r2 3=l3=r3 0=l4=r4 0=l4=r0 1=l5=r1 2=l6=r2 9=l9=null",
    },
    Recorded {
        are_rdds: [false, false],
        kind: JoinKind::RightOuter,
        rows: "0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 2=l6=r2 2=l2=r2 3=l3=r3 0=l4=r4 0=l0=r4 8=null=r8",
    },
    Recorded {
        are_rdds: [false, false],
        kind: JoinKind::FullOuter,
        rows: "0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l5=r1 2=l2=r2 2=l6=r2 3=l3=r3 8=null=r8 9=l9=null",
    },
    Recorded {
        are_rdds: [false, false],
        kind: JoinKind::LeftSemi,
        rows: "0=l0 1=l1 2=l2 3=l3 0=l4 1=l5 2=l6",
    },
];

const WITHOUT_ADAPTIVE_EXECUTION: [Recorded; 10] = [
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::Inner,
        rows: "2=l2=r2 2=l6=r2 0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l1=r5 1=l5=r1 1=l5=r5 3=l3=r3 3=l7=r3",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::LeftOuter,
        rows: "9=l9=null 2=l2=r2 2=l6=r2 0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l1=r5 1=l5=r1 1=l5=r5 3=l3=r3 3=l7=r3",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::RightOuter,
        rows: "2=l2=r2 2=l6=r2 0=l0=r0 0=l4=r0 0=l0=r4 0=l4=r4 1=l1=r1 1=l5=r1 1=l1=r5 1=l5=r5 3=l3=r3 3=l7=r3 8=null=r8",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::FullOuter,
        rows: "9=l9=null 2=l2=r2 2=l6=r2 0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l1=r5 1=l5=r1 1=l5=r5 3=l3=r3 3=l7=r3 8=null=r8",
    },
    Recorded {
        are_rdds: [true, true],
        kind: JoinKind::LeftSemi,
        rows: "2=l2 2=l6 0=l0 0=l4 1=l1 1=l5 3=l3 3=l7",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::Inner,
        rows: "0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 2=l6=r2 2=l2=r2 3=l3=r3 0=l4=r4 0=l0=r4 1=l5=r5 1=l1=r5",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::LeftOuter,
        rows: "9=l9=null 2=l2=r2 2=l6=r2 0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l1=r5 1=l5=r1 1=l5=r5 3=l3=r3",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::RightOuter,
        rows: "0=l4=r0 0=l0=r0 1=l5=r1 1=l1=r1 2=l6=r2 2=l2=r2 3=l3=r3 0=l4=r4 0=l0=r4 1=l5=r5 1=l1=r5 8=null=r8",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::FullOuter,
        rows: "9=l9=null 2=l2=r2 2=l6=r2 0=l0=r0 0=l0=r4 0=l4=r0 0=l4=r4 1=l1=r1 1=l1=r5 1=l5=r1 1=l5=r5 3=l3=r3 8=null=r8",
    },
    Recorded {
        are_rdds: [false, true],
        kind: JoinKind::LeftSemi,
        rows: "2=l2 2=l6 0=l0 0=l4 1=l1 1=l5 3=l3",
    },
];

#[test]
fn a_join_of_tables_of_unknown_size_is_changed_once_one_is_known_to_be_small() {
    check(true, &OF_ADAPTIVE_EXECUTION);
}

#[test]
fn without_adaptive_execution_tables_of_unknown_size_are_sorted() {
    check(false, &WITHOUT_ADAPTIVE_EXECUTION);
}

/// The rows of a micro-batch of a stream of numbers, which is joined with the right table.
fn joined_stream(lines: &DataFrame, kind: JoinKind) -> String {
    let spark = lines.session();
    let right = table(spark, "r", &[0, 1, 2, 3, 0, 1, 8], true);
    let numbers = lines.select([col("value").cast(DataType::Integer).alias("k")]);
    let joined = numbers.join_using(&right, &["k"], kind);
    let mut run = Run::start(joined.write_stream().console().expect("Spark takes it"), 0);
    for number in 0..9 {
        run.line(1_000, &(number % 4).to_string());
    }
    run.wake_until(1_000);
    let shown = run.shown().pop().unwrap_or_default();
    let rows = shown.split_once(": ").map(|(_, rows)| rows.to_owned());
    rows.unwrap_or_default()
}

#[test]
fn a_stream_and_a_table_of_unknown_size_are_sorted_unless_the_stream_is_of_files() {
    let spark = session(1).with_shuffle_partitions(4);
    let socket = spark.read_stream().socket("localhost", 9999);
    assert_eq!(
        joined_stream(&socket, JoinKind::Inner),
        "2=r2 2=r2 0=r0 0=r4 0=r0 0=r4 0=r0 0=r4 1=r1 1=r5 1=r1 1=r5 3=r3 3=r3"
    );
    assert_eq!(
        joined_stream(&socket, JoinKind::LeftSemi),
        "2 2 0 0 0 1 1 3 3"
    );
    let files = spark.read_stream().text("inbox");
    assert_eq!(
        joined_stream(&files, JoinKind::Inner),
        "0=r0 0=r0 0=r0 1=r1 1=r1 2=r2 2=r2 3=r3 3=r3 0=r4 0=r4 0=r4 1=r5 1=r5"
    );
}
