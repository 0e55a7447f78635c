//! A query in SQL: its sources and tables are views, over which it is written.

use engine_sql::plan::LogicalPlan;
use engine_sql::{AnalysisError, Expression, ExpressionKind, Session, parse_schema};
use engine_structured::{DataFrame, DataStreamReader, SparkSession, StateStoreProvider};
use scenario::{
    LineFormat, ParseMode, QueryPlace, QuerySource, Refusal, Scenario, Source, StateStore,
    Structured, WatermarkPolicy,
};

use super::{PipelineSource, sql_table};

/// The rows of a query; the number of its pipeline is the place in which it is written.
pub(super) fn rows(
    spark: &SparkSession,
    scenario: &Scenario,
    query: &Structured,
    pipeline: usize,
    feed: &PipelineSource,
) -> Result<DataFrame, Refusal> {
    check_conf(query, pipeline)?;
    check_feed(scenario, feed)?;
    let session = settings(scenario, query);
    let spark = spark
        .clone()
        .with_shuffle_partitions(scenario.shuffle_partitions_of(query))
        .with_watermark_policy(watermark_policy(query))
        .with_no_data_batches(query.conf.no_data_batches.unwrap_or(true))
        .with_state_store(state_store(query))
        .with_settings(session.clone());
    let sources = scenario.query_sources(query);
    for (number, source) in sources.iter().enumerate() {
        let rows = view(&spark, source, number, feed)?;
        rows.create_or_replace_temp_view(&source.name);
    }
    for (number, table) in scenario.tables.iter().enumerate() {
        let rows = sql_table::view(&spark, &session, table, number)?;
        rows.create_or_replace_temp_view(&table.name);
    }
    Ok(spark.sql(query.sql.as_deref().unwrap_or_default()))
}

/// A refusal of the engine at a place of the scenario.
pub(super) fn refusal(error: &AnalysisError, place: QueryPlace) -> Refusal {
    Refusal {
        place,
        span: error.span().map(|span| span.start..span.end),
        message: error.to_string(),
        help: error.help().map(ToString::to_string),
    }
}

/// The settings of the session of a query.
fn settings(scenario: &Scenario, query: &Structured) -> Session {
    let session = Session::new(scenario.spark);
    let zones = jiff::tz::TimeZoneDatabase::bundled();
    Session {
        ansi: query.conf.ansi.unwrap_or(session.ansi),
        // Reading a scenario refuses a name that is none.
        zone: zones
            .get(scenario.timezone_of_query(query))
            .unwrap_or(session.zone),
        ..session
    }
}

/// The watermark of a query whose sources have several.
fn watermark_policy(query: &Structured) -> engine_structured::WatermarkPolicy {
    match query.conf.watermark_policy {
        None => engine_structured::WatermarkPolicy::default(),
        Some(WatermarkPolicy::Min) => engine_structured::WatermarkPolicy::Min,
        Some(WatermarkPolicy::Max) => engine_structured::WatermarkPolicy::Max,
    }
}

/// The kind of the query's state stores.
fn state_store(query: &Structured) -> StateStoreProvider {
    match query.conf.state_store {
        None | Some(StateStore::Hdfs) => StateStoreProvider::Hdfs,
        Some(StateStore::RocksDb) => StateStoreProvider::RocksDb,
    }
}

/// Refuses settings that the engine does not have.
fn check_conf(query: &Structured, pipeline: usize) -> Result<(), Refusal> {
    if query.conf.allow_multiple != Some(false) {
        return Ok(());
    }
    let message =
        "a setting that is not played: a query may keep several states one after the other";
    Err(Refusal {
        place: QueryPlace::Conf(pipeline),
        span: None,
        message: message.to_owned(),
        help: Some("leave the setting out".to_owned()),
    })
}

/// Refuses the sources of a scenario in a live run, which has one socket.
fn check_feed(scenario: &Scenario, feed: &PipelineSource) -> Result<(), Refusal> {
    match feed {
        PipelineSource::Socket { .. } if !scenario.sources.is_empty() => Err(Refusal {
            place: QueryPlace::SourceKind(0),
            span: None,
            message: "a live run has one socket, whose lines are the table `lines`".to_owned(),
            help: Some("leave out `[[source]]`".to_owned()),
        }),
        PipelineSource::Socket { .. } | PipelineSource::Scripted => Ok(()),
    }
}

/// The rows of a source: its lines taken apart, with a watermark, each once.
fn view(
    spark: &SparkSession,
    source: &QuerySource,
    number: usize,
    feed: &PipelineSource,
) -> Result<DataFrame, Refusal> {
    let lines = lines(spark, source, feed);
    let mut rows = match source.format {
        LineFormat::Text => lines,
        LineFormat::Kafka | LineFormat::Rate | LineFormat::RateMicroBatch => {
            let place = if source.options.is_empty() {
                QueryPlace::StartingOffsets(number)
            } else {
                QueryPlace::SourceOptions(number)
            };
            check(&lines, place)?;
            lines
        }
        LineFormat::Json => parsed(&lines, source, number, "from_json")?,
        LineFormat::Csv => parsed(&lines, source, number, "from_csv")?,
    };
    if let Some(watermark) = &source.watermark {
        rows = rows.with_watermark(&watermark.column, watermark.delay);
        check(&rows, QueryPlace::SourceWatermark(number))?;
    }
    if let Some(dropped) = &source.drop_duplicates {
        let columns = dropped.columns.iter().flatten();
        let columns = columns.map(String::as_str).collect::<Vec<_>>();
        rows = if dropped.within_watermark {
            rows.drop_duplicates_within_watermark(&columns)
        } else {
            rows.drop_duplicates(&columns)
        };
        check(&rows, QueryPlace::DropDuplicates(number))?;
    }
    Ok(rows)
}

/// The lines of a source. Its name is that of the stream, also of a socket: no connection is made in the virtual world.
fn lines(spark: &SparkSession, source: &QuerySource, feed: &PipelineSource) -> DataFrame {
    let reader = spark.read_stream();
    let named = match source.format {
        LineFormat::Kafka => Some(topic(reader.clone(), source)),
        LineFormat::Rate => Some(reader.clone().format("rate")),
        LineFormat::RateMicroBatch => Some(reader.clone().format("rate-micro-batch")),
        LineFormat::Text | LineFormat::Json | LineFormat::Csv => None,
    };
    if let Some(reader) = named {
        let options = source.options.iter();
        let reader = options.fold(reader, |reader, (name, value)| reader.option(name, value));
        return reader.load();
    }
    match (feed, source.kind) {
        (PipelineSource::Socket { host, port }, _) => reader.socket(host, *port),
        (PipelineSource::Scripted, Source::Memory) => reader.memory(&source.name),
        (PipelineSource::Scripted, Source::Socket) => reader.socket(&source.name, 9999),
        (PipelineSource::Scripted, Source::Direct) => match source.max_files_per_trigger {
            Some(files) => reader.max_files_per_trigger(files).text(&source.name),
            None => reader.text(&source.name),
        },
    }
}

/// The messages of a source, whose name is that of the topic.
fn topic(reader: DataStreamReader, source: &QuerySource) -> DataStreamReader {
    let mut reader = reader
        .format("kafka")
        .option("kafka.bootstrap.servers", "localhost:9092")
        .option("subscribe", &source.name)
        .option("includeHeaders", true);
    if let Some(offsets) = &source.starting_offsets {
        reader = reader.option("startingOffsets", offsets);
    }
    if let Some(most) = source.max_offsets_per_trigger {
        reader = reader.option("maxOffsetsPerTrigger", most);
    }
    reader
}

/// The columns that a function makes of each line.
fn parsed(
    lines: &DataFrame,
    source: &QuerySource,
    number: usize,
    function: &str,
) -> Result<DataFrame, Refusal> {
    let place = QueryPlace::SourceSchema(number);
    let schema = source.schema.as_deref().unwrap_or_default();
    parse_schema(schema).map_err(|error| refusal(&error, place))?;
    let mut arguments = vec![Expression::column("value"), Expression::from(schema)];
    if source.mode == ParseMode::FailFast {
        arguments.push(Expression::call(
            "map",
            ["mode", "FAILFAST"].map(Expression::from),
        ));
    }
    let row = Expression::call(function, arguments).alias("row");
    let columns = Expression::new(ExpressionKind::Star(vec!["row".into()]));
    let plan: Result<&LogicalPlan, AnalysisError> = lines.plan();
    let plan = plan.map_err(|error| refusal(&error, place))?.clone();
    let rows = lines.session().frame(plan.select([row]).select([columns]));
    check(&rows, place)?;
    Ok(rows)
}

/// Resolves rows, so that what is wrong with them is wrong at their place.
fn check(rows: &DataFrame, place: QueryPlace) -> Result<(), Refusal> {
    let schema = rows.schema();
    schema.map(drop).map_err(|error| refusal(&error, place))
}
