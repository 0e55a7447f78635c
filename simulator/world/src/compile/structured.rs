//! The word count of the book, as a structured query; and what a query in SQL has in common with it.

use engine::DataType;
use engine_structured::functions::{col, explode, length, split, timestamp_seconds, window};
use engine_structured::{AnalysisError, Column, DataFrame, Query, SparkSession};
use scenario::{EventTime, QueryPlace, QuerySink, Scenario, Source, Structured, WordQuery};

use super::refused::not_refused;
use super::{CompileError, LINES, PipelineSource, sql};

/// The session of the queries of a scenario.
pub fn spark_session(scenario: &Scenario) -> SparkSession {
    let cluster = &scenario.cluster;
    let spark = SparkSession::local(cluster.cores, "StructuredNetworkWordCount")
        .with_spark(scenario.spark)
        .with_shuffle_partitions(cluster.shuffle_partitions)
        .with_key_order(scenario.console.order);
    match cluster.memory {
        Some(bytes) => spark.with_memory(bytes),
        None => spark,
    }
}

/// The query of a structured pipeline, which has this number in its scenario.
pub(super) fn query(
    scenario: &Scenario,
    structured: &Structured,
    pipeline: usize,
    feed: &PipelineSource,
) -> Result<Query, CompileError> {
    let rows = rows(scenario, structured, pipeline, feed)?;
    let query = started(&rows, scenario, structured, pipeline);
    let query = query.map_err(|error| refused(error, structured, pipeline))?;
    match not_refused(structured, pipeline) {
        Some(refusal) => Err(CompileError::Refused(refusal.into())),
        None => Ok(query),
    }
}

/// The plan of a structured pipeline, as trees of text.
pub(super) fn explain(
    scenario: &Scenario,
    structured: &Structured,
    pipeline: usize,
    extended: bool,
) -> Result<String, CompileError> {
    let rows = rows(scenario, structured, pipeline, &PipelineSource::Scripted)?;
    let plan = rows.explain_query(structured.output, extended);
    plan.map_err(|error| refused(error, structured, pipeline))
}

/// The rows of a query.
fn rows(
    scenario: &Scenario,
    structured: &Structured,
    pipeline: usize,
    feed: &PipelineSource,
) -> Result<DataFrame, CompileError> {
    let spark = spark_session(scenario);
    if structured.sql.is_none() {
        return Ok(word_query(&spark, structured, feed));
    }
    let rows = sql::rows(&spark, scenario, structured, pipeline, feed);
    rows.map_err(|refusal| CompileError::Refused(refusal.into()))
}

/// The error of a query that is refused: of one in SQL with its place in the scenario.
fn refused(error: AnalysisError, structured: &Structured, pipeline: usize) -> CompileError {
    if structured.sql.is_none() {
        return error.into();
    }
    let refusal = sql::refusal(&error, QueryPlace::Sql(pipeline));
    CompileError::Refused(refusal.into())
}

/// The rows of a query over words.
fn word_query(spark: &SparkSession, structured: &Structured, feed: &PipelineSource) -> DataFrame {
    let reader = spark.read_stream();
    let lines = match (feed, structured.source) {
        (PipelineSource::Socket { host, port }, _) => reader.socket(host, *port),
        (PipelineSource::Scripted, Source::Memory) => reader.memory(LINES),
        (PipelineSource::Scripted, Source::Direct) => {
            let folder = structured.folder.as_deref().unwrap_or(LINES);
            match structured.max_files_per_trigger {
                Some(files) => reader.max_files_per_trigger(files).text(folder),
                None => reader.text(folder),
            }
        }
        // No connection is made in the virtual world: the address only makes it a socket source.
        (PipelineSource::Scripted, Source::Socket) => reader.socket("localhost", 9999),
    };
    match structured.event_time {
        None => of_words(&lines, structured.query),
        Some(event_time) => windowed_word_count(&lines, event_time),
    }
}

/// The query that writes these rows, as its scenario says.
fn started(
    rows: &DataFrame,
    scenario: &Scenario,
    structured: &Structured,
    pipeline: usize,
) -> Result<Query, AnalysisError> {
    let name = scenario.pipelines.get(pipeline);
    let name = name.map_or("query", |pipeline| &pipeline.name);
    let mut writer = rows.write_stream();
    if scenario.cluster.checkpoint.is_some() {
        writer = writer.checkpoint();
    }
    let writer = writer
        .output_mode(structured.output)
        .trigger(structured.trigger)
        .num_rows(structured.num_rows)
        .truncate(structured.truncate);
    match &structured.sink {
        QuerySink::Console => writer.console(),
        QuerySink::Json(folder) => writer.json(folder),
        QuerySink::Named(sink) => {
            let columns: Vec<&str> = sink.partition_by.iter().map(String::as_str).collect();
            let writer = writer.format(&sink.format).partition_by(&columns);
            let options = sink.options.iter();
            let writer = options.fold(writer, |writer, (name, value)| writer.option(name, value));
            writer.query_name(name).recorded().start()
        }
    }
}

fn of_words(lines: &DataFrame, query: WordQuery) -> DataFrame {
    let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
    match query {
        WordQuery::Counts => words.group_by("word").count(),
        WordQuery::Total => words.group_by(Vec::<Column>::new()).count(),
        WordQuery::Lengths => {
            let lengths = words.group_by(length(col("word")).alias("length"));
            lengths.count()
        }
        WordQuery::Words => words,
        WordQuery::Distinct => words.drop_duplicates(&["word"]),
    }
}

/// Words in windows of event time. A line without a time is in no window, and one without a word has
/// a word that is missing; in Spark 4 either ends the query.
fn windowed_word_count(lines: &DataFrame, event_time: EventTime) -> DataFrame {
    let fields = lines.select([split(col("value"), " ").alias("f")]);
    let seconds = col("f").get_item(0).cast(DataType::Long);
    let events = fields.select([
        timestamp_seconds(seconds).alias("ts"),
        col("f").get_item(1).alias("word"),
    ]);
    let events = match event_time.watermark {
        Some(delay) => events.with_watermark("ts", delay),
        None => events,
    };
    events
        .group_by([window(col("ts"), event_time.window), col("word")])
        .count()
}
