//! Output modes that a query on a stream cannot have.

use engine::{OutputMode, SparkVersion};
use engine_sql::AnalysisError;
use engine_sql::plan::{TypedNode, TypedPlan};

use super::{is_aggregation, refused, tables};

/// The output mode of a query, and the Spark that refuses it.
#[derive(Clone, Copy)]
pub(crate) struct QueryMode {
    pub(crate) output: OutputMode,
    pub(crate) spark: SparkVersion,
}

impl QueryMode {
    /// The error of an output mode of a kind of query, in the words of Spark 3.5 and of Spark 4.
    fn unsupported(self, words: &str, kind: &str) -> AnalysisError {
        match self.spark {
            SparkVersion::V3_5 => refused(format!(
                "{:?} output mode not supported {words}",
                self.output
            )),
            SparkVersion::V4 => AnalysisError::new(
                "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
                format!(
                    "Invalid streaming output mode: {}. This output mode is not supported for {kind} on streaming \
                     DataFrames/DataSets.",
                    format!("{:?}", self.output).to_lowercase()
                ),
            ),
        }
    }
}

pub(super) fn check_output_mode(plan: &TypedPlan, mode: QueryMode) -> Result<(), AnalysisError> {
    let whole = plan.span;
    let mut all = Vec::new();
    tables(plan, &mut all);
    let aggregation = all.into_iter().find(|plan| is_aggregation(plan));
    let Some((plan, TypedNode::Aggregate { keys, session, .. })) =
        aggregation.map(|plan| (plan, &plan.node))
    else {
        return if mode.output == OutputMode::Complete {
            let unsupported = mode.unsupported(
                "when there are no streaming aggregations on streaming DataFrames/Datasets",
                "no streaming aggregations",
            );
            Err(unsupported.at(whole))
        } else {
            Ok(())
        };
    };
    let mut event_times = Vec::new();
    for (field, key) in plan.schema.fields().iter().zip(keys) {
        if field.is_event_time && !event_times.iter().any(|it| key.is_same(it)) {
            event_times.push(key.clone());
        }
    }
    let checked = match (mode.output, session) {
        (OutputMode::Append, _) if event_times.is_empty() => Err(mode.unsupported(
            "when there are streaming aggregations on streaming DataFrames/DataSets without watermark",
            "streaming aggregations without watermark",
        )),
        (OutputMode::Update, Some(_)) => Err(mode.unsupported(
            "for session window on streaming DataFrames/DataSets",
            "session window streaming aggregations",
        )),
        // Complete output of other groups never asks for the one that they are late by.
        (OutputMode::Append | OutputMode::Update, _) | (OutputMode::Complete, Some(_))
            if event_times.len() > 1 =>
        {
            Err(several_event_times(mode.spark))
        }
        _ => Ok(()),
    };
    checked.map_err(|error| error.at(plan.span.or(whole)))
}

/// The error of groups by two columns that each have a watermark, which Spark finds out when the first batch runs
/// (`WatermarkSupport.findEventTimeColumn`).
fn several_event_times(spark: SparkVersion) -> AnalysisError {
    let message = "More than one event time columns are available. Please ensure there is at most one event time column per \
                   stream.";
    match spark {
        SparkVersion::V3_5 => refused(message),
        SparkVersion::V4 => AnalysisError::new("MULTIPLE_EVENT_TIME_COLUMNS", message),
    }
}
