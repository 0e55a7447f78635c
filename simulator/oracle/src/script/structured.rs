//! `mode = "structured"`: the word count of the book as a query, in `PySpark`.

use scenario::spark::python_text;
use scenario::{EventTime, NamedSink, OutputMode, QuerySink, Scenario, Structured, Trigger};

use super::python::{ARGUMENTS, header};
use super::settings::config;
use super::words::in_words;
use super::{Language, Script};

/// The book's third program.
pub(super) fn script(scenario: &Scenario, structured: &Structured) -> Script {
    let body = body(structured);
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
    .appName("StructuredNetworkWordCount") \
{settings}    .getOrCreate()

# Keep the state where every node can read it
if arguments.checkpoint:
    spark.conf.set("spark.sql.streaming.checkpointLocation", arguments.checkpoint)

# Create DataFrame representing the stream of input lines
lines = spark \
    .readStream \
    .format("socket") \
    .option("host", arguments.host) \
    .option("port", arguments.port) \
    .load()

{body}
# Await Spark Streaming termination
query.awaitTermination()
"#,
        header = header(
            "structured_streaming_word_count",
            &format!("--master \"local[{}]\"", scenario.cluster.cores),
        ),
        imports = imports(structured),
        settings = config(scenario, structured),
    );
    Script {
        language: Language::Python,
        text,
        body,
    }
}

pub(super) const CHECKPOINT_OPTION: &str =
    "parser.add_argument(\"--checkpoint\", metavar=\"DIRECTORY\")\n";

fn imports(structured: &Structured) -> String {
    let functions: &[&str] = match structured.event_time {
        None => &["explode", "split"],
        Some(_) => &["col", "split", "timestamp_seconds", "window"],
    };
    let lines = functions.iter();
    lines.fold(String::new(), |lines, function| {
        lines + "from pyspark.sql.functions import " + function + "\n"
    })
}

/// The running word count, of all words or in windows of event time.
fn word_counts(event_time: Option<EventTime>) -> String {
    let Some(EventTime { window, watermark }) = event_time else {
        return r#"# Split the lines into words
words = lines.select(
    explode(
        split(lines.value, " ")
    ).alias("word")
)

# Generate running word count
word_counts = words.groupBy("word").count()
"#
        .to_owned();
    };
    let watermark = watermark.map_or(String::new(), |delay| {
        let delay = in_words(delay);
        format!(
            "\n# Say how late a word may come\nwords = words.withWatermark(\"time\", \"{delay}\")\n"
        )
    });
    format!(
        r#"# Take the time and the word out of each line
fields = lines.select(split(lines.value, " ").alias("fields"))
words = fields.select(
    timestamp_seconds(col("fields").getItem(0).cast("long")).alias("time"),
    col("fields").getItem(1).alias("word")
)
{watermark}
# Generate running word count in windows of time
word_counts = words.groupBy(window(words.time, "{window}"), words.word).count()
"#,
        window = in_words(window),
    )
}

fn body(structured: &Structured) -> String {
    let doing = match structured.sink {
        QuerySink::Console => "prints the running counts to the console",
        QuerySink::Json(_) => "saves the final counts as files",
        QuerySink::Named(_) => "writes the running counts",
    };
    format!(
        "{word_counts}\n# Start running the query that {doing}\n{query}",
        word_counts = word_counts(structured.event_time),
        query = started("word_counts", structured),
    )
}

/// The statement that starts a query of these rows.
pub(super) fn started(rows: &str, structured: &Structured) -> String {
    let format = match &structured.sink {
        QuerySink::Console => "console",
        QuerySink::Json(_) => "json",
        QuerySink::Named(sink) => &sink.format,
    };
    format!(
        r#"query = {rows} \
    .writeStream \
    .outputMode("{output}") \
    .format("{format}") \
{options}    .start()
"#,
        output = output(structured.output),
        options = options(structured),
    )
}

fn output(output: OutputMode) -> &'static str {
    match output {
        OutputMode::Complete => "complete",
        OutputMode::Update => "update",
        OutputMode::Append => "append",
    }
}

fn options(structured: &Structured) -> String {
    let num_rows = (structured.num_rows != 20)
        .then(|| format!(".option(\"numRows\", {})", structured.num_rows));
    let truncate = (!structured.truncate).then(|| ".option(\"truncate\", False)".to_owned());
    let folder = match &structured.sink {
        QuerySink::Console => None,
        QuerySink::Json(folder) => Some(format!(
            ".option(\"path\", {}).option(\"checkpointLocation\", \"checkpoint\")",
            python_text(folder)
        )),
        QuerySink::Named(sink) => Some(sink_options(sink)),
    };
    let options = [num_rows, truncate, folder, trigger(structured.trigger)];
    let lines = options.into_iter().flatten();
    lines.fold(String::new(), |lines, option| {
        lines + "    " + &option + " \\\n"
    })
}

/// The options of a data source; each but a memory sink, which has a name instead, has a checkpoint.
fn sink_options(sink: &NamedSink) -> String {
    let options = sink.options.iter();
    let options = options
        .map(|(name, value)| format!(".option({}, {})", python_text(name), python_text(value)));
    let columns: Vec<String> = sink.partition_by.iter().map(|it| python_text(it)).collect();
    let columns = (!columns.is_empty()).then(|| format!(".partitionBy({})", columns.join(", ")));
    let own = match sink.format.as_str() {
        "memory" => ".queryName(\"rows\")".to_owned(),
        _ => ".option(\"checkpointLocation\", \"checkpoint\")".to_owned(),
    };
    options.chain(columns).chain([own]).collect()
}

fn trigger(trigger: Trigger) -> Option<String> {
    Some(match trigger {
        Trigger::Default => return None,
        Trigger::Once => ".trigger(once=True)".to_owned(),
        Trigger::AvailableNow => ".trigger(availableNow=True)".to_owned(),
        Trigger::ProcessingTime(interval) => {
            format!(".trigger(processingTime=\"{}\")", in_words(interval))
        }
    })
}
