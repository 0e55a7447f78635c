//! A query in SQL as a program in `PySpark`: views over its sources and tables, and the query.

use scenario::spark::python_text;
use scenario::{
    Cell, DropDuplicates, LineFormat, ParseMode, Pipeline, QuerySource, Scenario, StaticTable,
    Structured,
};

use super::python::{ARGUMENTS, header};
use super::settings::config;
use super::structured::{CHECKPOINT_OPTION, started};
use super::words::in_words;
use super::{Language, Script};

/// A program that reads each source from a socket, the first from the port of the command line, and others from those
/// after it.
pub(super) fn script(
    scenario: &Scenario,
    pipeline: &Pipeline,
    query: &Structured,
    sql: &str,
) -> Script {
    let sources = scenario.query_sources(query);
    let body = body(&sources, &scenario.tables, query, sql);
    let reads = sources.iter().enumerate();
    let reads: String = reads
        .map(|(number, source)| read(number, source, &variable(query, source)))
        .collect();
    let text = format!(
        r#"{header}
# Import the necessary classes and functions
import argparse

from pyspark.sql import SparkSession
{imports}
# Read from the command line where the lines come from
{ARGUMENTS}{CHECKPOINT_OPTION}arguments = parser.parse_args()

# Create a SparkSession; `spark-submit` says where it runs
spark = SparkSession \
    .builder \
    .appName({name}) \
{settings}    .getOrCreate()

# Keep the state where every node can read it
if arguments.checkpoint:
    spark.conf.set("spark.sql.streaming.checkpointLocation", arguments.checkpoint)

{reads}{body}
# Await Spark Streaming termination
query.awaitTermination()
"#,
        header = header(
            &pipeline.name,
            &format!("--master \"local[{}]\"", scenario.cluster.cores),
        ),
        imports = imports(&sources),
        name = python_text(&pipeline.name),
        settings = config(scenario, query),
    );
    Script {
        language: Language::Python,
        text,
        body,
    }
}

/// The variable of a source's lines.
pub(crate) fn variable(query: &Structured, source: &QuerySource) -> String {
    match query.sql {
        Some(_) => format!("{}_lines", source.name),
        None => source.name.clone(),
    }
}

fn read(number: usize, source: &QuerySource, variable: &str) -> String {
    let name = &source.name;
    let mut options = Vec::new();
    let mut option = |name: &str, value: String| {
        options.push(format!("    .option({}, {value}) \\\n", python_text(name)));
    };
    let (format, what) = match source.format {
        LineFormat::Text | LineFormat::Json | LineFormat::Csv => {
            option("host", "arguments.host".to_owned());
            option(
                "port",
                match number {
                    0 => "arguments.port".to_owned(),
                    _ => format!("arguments.port + {number}"),
                },
            );
            ("socket", "a stream of input lines".to_owned())
        }
        LineFormat::Kafka => {
            let servers = "arguments.host + \":9092\"".to_owned();
            option("kafka.bootstrap.servers", servers);
            option("subscribe", python_text(name));
            option("includeHeaders", python_text("true"));
            if let Some(starting) = &source.starting_offsets {
                option("startingOffsets", python_text(starting));
            }
            if let Some(most) = source.max_offsets_per_trigger {
                option("maxOffsetsPerTrigger", most.to_string());
            }
            ("kafka", format!("the messages of the topic {name}"))
        }
        LineFormat::Rate => ("rate", "numbers at a steady rate".to_owned()),
        LineFormat::RateMicroBatch => (
            "rate-micro-batch",
            "equally many numbers in each micro-batch".to_owned(),
        ),
    };
    for (name, value) in &source.options {
        option(name, python_text(value));
    }
    format!(
        r#"# Create DataFrame representing {what}
{variable} = spark \
    .readStream \
    .format("{format}") \
{options}    .load()

"#,
        options = options.concat(),
    )
}

fn imports(sources: &[QuerySource]) -> String {
    let functions = [
        (LineFormat::Csv, "from_csv"),
        (LineFormat::Json, "from_json"),
    ];
    let used = functions
        .iter()
        .filter(|(format, _)| sources.iter().any(|it| it.format == *format));
    used.fold(String::new(), |lines, (_, function)| {
        lines + "from pyspark.sql.functions import " + function + "\n"
    })
}

/// The views, and the query over them.
fn body(sources: &[QuerySource], tables: &[StaticTable], query: &Structured, sql: &str) -> String {
    let views = sources
        .iter()
        .map(|source| view(source, &variable(query, source)));
    let tables = tables.iter().map(table);
    format!(
        "{}# Start running the query\nrows = spark.sql({})\n{}",
        views.chain(tables).collect::<String>(),
        long_text(sql),
        started("rows", query),
    )
}

/// The view of a source.
fn view(source: &QuerySource, lines: &str) -> String {
    let name = &source.name;
    let watermark = source.watermark.as_ref().map(|watermark| {
        let column = python_text(&watermark.column);
        format!(
            ".withWatermark({column}, \"{}\")",
            in_words(watermark.delay)
        )
    });
    let dropped = source.drop_duplicates.as_ref().map(dropped);
    let steps = parsed(source, lines)
        .into_iter()
        .chain(watermark)
        .chain(dropped);
    let steps = steps.fold(String::new(), |all, step| all + " \\\n    " + &step);
    if steps.is_empty() {
        return format!("# The table {name}\n{lines}.createOrReplaceTempView(\"{name}\")\n\n");
    }
    format!(
        "# The table {name}\n{name}_rows = {lines}{steps}\n{name}_rows.createOrReplaceTempView(\"{name}\")\n\n"
    )
}

/// The steps that take lines of JSON or CSV apart.
fn parsed(source: &QuerySource, lines: &str) -> Vec<String> {
    let function = match source.format {
        LineFormat::Text | LineFormat::Kafka | LineFormat::Rate | LineFormat::RateMicroBatch => {
            return Vec::new();
        }
        LineFormat::Json => "from_json",
        LineFormat::Csv => "from_csv",
    };
    let schema = python_text(source.schema.as_deref().unwrap_or_default());
    let options = match source.mode {
        ParseMode::Permissive => "",
        ParseMode::FailFast => ", {\"mode\": \"FAILFAST\"}",
    };
    let row = format!(".select({function}({lines}.value, {schema}{options}).alias(\"row\"))");
    vec![row, ".select(\"row.*\")".to_owned()]
}

fn dropped(dropped: &DropDuplicates) -> String {
    let method = if dropped.within_watermark {
        "dropDuplicatesWithinWatermark"
    } else {
        "dropDuplicates"
    };
    let columns = dropped.columns.as_ref().map(|columns| {
        let columns: Vec<String> = columns.iter().map(|it| python_text(it)).collect();
        format!("[{}]", columns.join(", "))
    });
    format!(".{method}({})", columns.unwrap_or_default())
}

/// The view of a table that does not change. Its values are texts that are cast, and are known when the query is
/// planned.
fn table(table: &StaticTable) -> String {
    let name = &table.name;
    let schema = python_text(&table.schema);
    let text = format!("# The table {name}\n");
    if table.rows.is_empty() {
        return text
            + &format!(
                r#"{name}_nulls = [
    f"CAST(NULL AS {{column.dataType.simpleString()}}) AS `{{column.name}}`"
    for column in spark.createDataFrame([], {schema}).schema
]
spark.sql(f"SELECT {{', '.join({name}_nulls)}} WHERE false").createOrReplaceTempView("{name}")

"#
            );
    }
    let rows: Vec<String> = table.rows.iter().map(|row| values(row)).collect();
    let rows = long_text(&format!("VALUES\n  {}", rows.join(",\n  ")));
    let rest = format!(
        r#"{name}_schema = spark.createDataFrame([], {schema}).schema
{name}_texts = spark.sql({rows})
{name}_columns = zip({name}_texts.columns, {name}_schema)
{name}_rows = {name}_texts.select(
    [{name}_texts[text].cast(column.dataType).alias(column.name) for text, column in {name}_columns]
)
{name}_rows.createOrReplaceTempView("{name}")

"#
    );
    text + &rest
}

/// A row of `VALUES`.
fn values(row: &[Option<Cell>]) -> String {
    let cells = row.iter().map(|cell| match cell {
        None => "NULL".to_owned(),
        Some(cell) => format!(
            "'{}'",
            cell.text().replace('\\', "\\\\").replace('\'', "\\'")
        ),
    });
    format!("({})", cells.collect::<Vec<_>>().join(", "))
}

/// A text in Python, of several lines if it has several and no signs that would be escapes.
fn long_text(text: &str) -> String {
    let is_plain = !text.contains(['\\', '\r']) && !text.contains("\"\"\"") && !text.ends_with('"');
    if is_plain && text.contains('\n') {
        return format!("\"\"\"\n{text}\n\"\"\"");
    }
    python_text(text)
}
