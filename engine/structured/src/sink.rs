//! Sinks: the places that the rows of micro-batches go to.

use std::fmt;
use std::sync::Arc;

use engine::{DataType, Failure, OutputMode, Row, Text};
use engine_sql::{AnalysisError, Condition, Schema};

use crate::dataframe::DataFrame;
use crate::file_format::FileFormat;

/// A place for the rows of micro-batches.
#[derive(Clone)]
pub(crate) enum Sink {
    /// The console.
    Console,
    /// Files in a folder.
    Files {
        format: Box<FileFormat>,
        folder: Text,
        /// The columns whose values name the folders within it.
        partition_by: Vec<Text>,
    },
    /// A table of the session, which has this number (`MemorySink`).
    Memory {
        table: usize,
        /// There is a record of its rows, too.
        is_recorded: bool,
    },
    /// Nothing.
    Noop,
    /// A place that is not here: there is a record of its rows.
    Recorded {
        format: Text,
        options: Vec<(Text, Text)>,
    },
    /// A function of the rows of a partition (`ForeachWriterTable`).
    Foreach(Arc<PartitionFunction>),
    /// A function of the table of a micro-batch (`ForeachBatchSink`).
    ForeachBatch(Arc<BatchFunction>),
}

/// A function of the rows of a partition, which has this number in this micro-batch.
pub(crate) type PartitionFunction =
    dyn Fn(usize, u64, Vec<Row>) -> Result<(), Failure> + Send + Sync;

/// A function of the table of a micro-batch, and its number.
pub(crate) type BatchFunction = dyn Fn(DataFrame, u64) -> Result<(), Failure> + Send + Sync;

/// A writer of the rows of one partition of a micro-batch (`org.apache.spark.sql.ForeachWriter`).
pub trait ForeachWriter {
    /// Begins. If it returns false no row is processed.
    ///
    /// # Errors
    ///
    /// A failure ends the query, and then `close` is not called.
    fn open(&mut self, partition: usize, epoch: u64) -> Result<bool, Failure>;

    /// Takes a row.
    ///
    /// # Errors
    ///
    /// A failure ends the query.
    fn process(&mut self, row: &Row) -> Result<(), Failure>;

    /// Ends, after the failure of a row if there was one.
    fn close(&mut self, failure: Option<&Failure>);
}

/// Hands the rows of a partition to a writer (`ForeachDataWriter`).
pub(crate) fn write_each(
    mut writer: impl ForeachWriter,
    partition: usize,
    epoch: u64,
    rows: &[Row],
) -> Result<(), Failure> {
    let result = if writer.open(partition, epoch)? {
        rows.iter().try_for_each(|row| writer.process(row))
    } else {
        Ok(())
    };
    writer.close(result.as_ref().err());
    result
}

/// The place that is nowhere, as Spark calls it.
const NOOP: &str = "org.apache.spark.sql.execution.datasources.noop.NoopTable$";

impl Sink {
    /// The sink as the progress of a query describes it. Spark has the address of an object behind some.
    pub(crate) fn description(&self) -> Text {
        match self {
            Sink::Console => "org.apache.spark.sql.execution.streaming.ConsoleTable$".into(),
            Sink::Files { folder, .. } => format!("FileSink[{folder}]").into(),
            Sink::Memory { .. } => "MemorySink".into(),
            Sink::Noop => NOOP.into(),
            Sink::Recorded { format, .. } if format == "noop" => NOOP.into(),
            Sink::Recorded { format, .. } => format.clone(),
            Sink::Foreach(_) => "ForeachWriterTable".into(),
            Sink::ForeachBatch(_) => "ForeachBatchSink".into(),
        }
    }

    /// Refuses rows and output modes that the sink does not take.
    pub(crate) fn check(
        &self,
        output_mode: OutputMode,
        schema: &Schema,
    ) -> Result<(), AnalysisError> {
        match self {
            Sink::Files {
                format,
                partition_by,
                ..
            } => {
                check_append(format.title().to_lowercase().as_str(), output_mode)?;
                check_columns(format, partition_by, schema)
            }
            Sink::Recorded { format, options } => match format.as_str() {
                "parquet" | "orc" => check_append(format, output_mode),
                "kafka" => check_kafka(options, schema),
                _ => Ok(()),
            },
            Sink::Console
            | Sink::Memory { .. }
            | Sink::Noop
            | Sink::Foreach(_)
            | Sink::ForeachBatch(_) => Ok(()),
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sink::Console => "Console",
            Sink::Files { .. } => "Files",
            Sink::Memory { .. } => "Memory",
            Sink::Noop => "Noop",
            Sink::Recorded { .. } => "Recorded",
            Sink::Foreach(_) => "Foreach",
            Sink::ForeachBatch(_) => "ForeachBatch",
        })
    }
}

/// Files never change: they take only rows that do not, either.
fn check_append(format: &str, output_mode: OutputMode) -> Result<(), AnalysisError> {
    if output_mode == OutputMode::Append {
        return Ok(());
    }
    Err(AnalysisError::new(
        "_LEGACY_ERROR_TEMP_1131",
        format!("Data source {format} does not support {output_mode:?} output mode."),
    ))
}

/// Refuses columns that files of a format, in folders by some of them, do not have.
pub(crate) fn check_columns(
    format: &FileFormat,
    partition_by: &[Text],
    schema: &Schema,
) -> Result<(), AnalysisError> {
    check_partition_columns(partition_by, schema)?;
    let mut fields = schema.fields().iter();
    let refused =
        fields.find(|field| !partition_by.contains(&field.name) && !format.takes(&field.data_type));
    refused.map_or(Ok(()), |field| {
        Err(AnalysisError::new(
            "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
            format!(
                "The {} datasource doesn't support the column `{}` of the type \"{}\".",
                format.title(),
                field.name,
                field.data_type
            ),
        ))
    })
}

fn check_partition_columns(columns: &[Text], schema: &Schema) -> Result<(), AnalysisError> {
    let names: Vec<&str> = schema.fields().iter().map(|it| it.name.as_str()).collect();
    match columns
        .iter()
        .find(|column| !names.contains(&column.as_str()))
    {
        Some(column) => Err(AnalysisError::new(
            "_LEGACY_ERROR_TEMP_1196",
            format!(
                "Partition column {column} not found in existing columns ({}).",
                names.join(", ")
            ),
        )),
        None if !columns.is_empty() && columns.len() == names.len() => {
            let message = "Cannot use all columns for partition columns.";
            Err(AnalysisError::new("_LEGACY_ERROR_TEMP_1154", message))
        }
        None => Ok(()),
    }
}

/// Refuses rows that are no messages (`org.apache.spark.sql.kafka010.KafkaWriter.validateQuery`).
pub(crate) fn check_kafka(options: &[(Text, Text)], schema: &Schema) -> Result<(), AnalysisError> {
    const CONDITION: Condition = "_LEGACY_ERROR_TEMP_3080";
    let named = |name: &str| schema.fields().iter().find(|field| field.name == name);
    let has_topic = options
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("topic"));
    let missing = if !has_topic && named("topic").is_none() {
        "topic option required when no 'topic' attribute is present. Use the topic option for setting a topic."
    } else if named("value").is_none() {
        "Required attribute 'value' not found"
    } else {
        ""
    };
    if !missing.is_empty() {
        return Err(AnalysisError::new(CONDITION, missing));
    }
    let attributes: [(&str, &[DataType]); 4] = [
        ("topic", &[DataType::String]),
        ("key", &[DataType::String, DataType::Binary]),
        ("value", &[DataType::String, DataType::Binary]),
        ("partition", &[DataType::Integer]),
    ];
    for (name, types) in attributes {
        let field = named(name).filter(|field| !types.contains(&field.data_type));
        if let Some(field) = field.filter(|_| name != "topic" || !has_topic) {
            let types: Vec<String> = types
                .iter()
                .map(|it| it.to_string().to_lowercase())
                .collect();
            let message = format!(
                "{name} attribute unsupported type {}. {name} must be a(n) {}",
                field.data_type.to_string().to_lowercase(),
                types.join(" or ")
            );
            return Err(AnalysisError::new(CONDITION, message));
        }
    }
    Ok(())
}
