//! A plan with its names resolved, unless Spark refuses it.

use std::time::Duration;

use engine::{DataType, OutputMode, SparkContext, StateSchema, StreamSource, Text};

use crate::dataframe::SparkSession;
use crate::error::AnalysisError;
use crate::expression::{ResolvedExpression, TIMESTAMP, resolve_columns};
use crate::plan::{Column, LogicalPlan};
use crate::project::RowStep;
use crate::schema::{Field, Schema, Takes, expect};
use crate::settings::QuerySettings;

/// A query whose names are resolved: rows of the source, projected, and then counted or not.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedPlan {
    pub(crate) source: StreamSource,
    pub(crate) starts_empty: bool,
    /// The most files of a micro-batch, of a source that has files.
    pub(crate) max_files: Option<usize>,
    pub(crate) steps: Vec<RowStep>,
    /// The delay of the watermark, if there is one.
    pub(crate) delay: Option<Duration>,
    pub(crate) grouping: Option<Grouping>,
    /// Names of the result's columns.
    pub(crate) columns: Vec<Text>,
}

/// The aggregation: `COUNT(*)`, grouped by all columns.
#[derive(Clone, Debug)]
pub(crate) struct Grouping {
    /// The column that has the watermark (`WM-9`).
    pub(crate) event_time: Option<usize>,
    /// True if all rows are one group, which is there without any (`OM-2`).
    pub(crate) is_global: bool,
    /// The types of its states (`SS-7`).
    pub(crate) state_schema: StateSchema,
}

/// Resolves the names of a plan and refuses what Spark refuses.
pub(crate) fn resolve(
    plan: &LogicalPlan,
    settings: &QuerySettings,
) -> Result<ResolvedPlan, AnalysisError> {
    check_number("number of cores", settings.cores, SparkContext::CORES_MAX)?;
    check_number(
        "number of shuffle partitions",
        settings.shuffle_partitions,
        SparkSession::SHUFFLE_PARTITIONS_MAX,
    )?;
    let (mut resolved, schema) = resolve_plan(plan)?;
    if resolved.max_files == Some(0) {
        return Err(AnalysisError::Zero("number of files per trigger"));
    }
    resolved.columns = schema.names();
    match (settings.output_mode, &resolved.grouping) {
        (OutputMode::Complete, None) => Err(AnalysisError::CompleteWithoutAggregation),
        (
            OutputMode::Append,
            Some(Grouping {
                event_time: None, ..
            }),
        ) => Err(AnalysisError::AppendWithAggregation),
        _ if settings.checkpoint && is_forgetful(&resolved) => Err(AnalysisError::Checkpoint),
        _ => Ok(resolved),
    }
}

/// True of a source that keeps neither its lines nor its offsets for a query that starts again.
fn is_forgetful(plan: &ResolvedPlan) -> bool {
    matches!(plan.source, StreamSource::Receiver { .. })
}

fn check_number(what: &'static str, given: usize, most: usize) -> Result<(), AnalysisError> {
    if given == 0 {
        Err(AnalysisError::Zero(what))
    } else if given > most {
        Err(AnalysisError::TooMany { what, most, given })
    } else {
        Ok(())
    }
}

fn resolve_plan(plan: &LogicalPlan) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    match plan {
        LogicalPlan::Source {
            source,
            starts_empty,
            max_files,
        } => Ok(resolve_source(source, *starts_empty, *max_files)),
        LogicalPlan::Project { input, columns } => resolve_project(input, columns),
        LogicalPlan::Watermark {
            input,
            column,
            delay,
        } => resolve_watermark(input, column, *delay),
        LogicalPlan::Count { input, keys } => resolve_count(input, keys),
    }
}

fn resolve_source(
    source: &StreamSource,
    starts_empty: bool,
    max_files: Option<usize>,
) -> (ResolvedPlan, Schema) {
    let plan = ResolvedPlan {
        source: source.clone(),
        starts_empty,
        max_files,
        steps: Vec::new(),
        delay: None,
        grouping: None,
        columns: Vec::new(),
    };
    (plan, Schema(vec![Field::new("value", DataType::String)]))
}

fn resolve_project(
    input: &LogicalPlan,
    columns: &[Column],
) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    let (mut plan, schema) = resolve_plan(input)?;
    if plan.grouping.is_some() {
        return Err(AnalysisError::SelectAfterAggregation);
    }
    let (expressions, schema) = resolve_columns(columns, &schema)?;
    let generators = expressions.iter().filter(|it| it.is_generator());
    if generators.count() > 1 {
        return Err(AnalysisError::Generators);
    }
    plan.steps.push(RowStep::Project(expressions));
    Ok((plan, schema))
}

fn resolve_watermark(
    input: &LogicalPlan,
    column: &Text,
    delay: Duration,
) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    let (mut plan, mut schema) = resolve_plan(input)?;
    if plan.grouping.is_some() {
        return Err(AnalysisError::WatermarkAfterAggregation);
    }
    if plan.delay.is_some() {
        return Err(AnalysisError::SecondWatermark);
    }
    let (index, field) = schema.find(column)?;
    expect("with_watermark", &TIMESTAMP, &field.data_type)?;
    schema.0[index].is_event_time = true;
    plan.steps.push(RowStep::Watermark(index));
    plan.delay = Some(delay);
    Ok((plan, schema))
}

fn resolve_count(
    input: &LogicalPlan,
    keys: &[Column],
) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    let (mut plan, input) = resolve_plan(input)?;
    if plan.grouping.is_some() {
        return Err(AnalysisError::SecondAggregation);
    }
    let (expressions, mut schema) = resolve_columns(keys, &input)?;
    if expressions.iter().any(ResolvedExpression::is_generator) {
        return Err(AnalysisError::NestedGenerator);
    }
    for field in &schema.0 {
        expect("group_by", &GROUPABLE, &field.data_type)?;
    }
    plan.grouping = Some(Grouping {
        event_time: event_time(&expressions, &schema)?,
        is_global: keys.is_empty(),
        state_schema: state_schema(&schema),
    });
    let are_all_columns = expressions.len() == input.0.len()
        && (0..)
            .zip(&expressions)
            .all(|(index, expression)| *expression == ResolvedExpression::Column(index));
    if !are_all_columns {
        plan.steps.push(RowStep::Project(expressions));
    }
    schema.0.push(Field::new("count", DataType::Long));
    Ok((plan, schema))
}

const GROUPABLE: Takes = Takes("STRING, BIGINT, TIMESTAMP or STRUCT", |it| {
    matches!(
        it,
        DataType::String | DataType::Long | DataType::Timestamp | DataType::Struct(_)
    )
});

/// The types of the states of a count by these columns. Names are left out, as Spark lets them change.
fn state_schema(key: &Schema) -> StateSchema {
    let types = key.0.iter().map(|field| field.data_type.to_string());
    StateSchema {
        key: types.collect::<Vec<_>>().join(", ").into(),
        value: DataType::Long.to_string().into(),
    }
}

/// The one column of a key that has the watermark; one that is there twice counts once.
fn event_time(
    expressions: &[ResolvedExpression],
    schema: &Schema,
) -> Result<Option<usize>, AnalysisError> {
    let columns = schema.0.iter().enumerate();
    let mut with_watermark = columns
        .filter(|(_, field)| field.is_event_time)
        .map(|(index, _)| index);
    let first = with_watermark.next();
    if with_watermark.any(|other| first.is_some_and(|it| expressions[it] != expressions[other])) {
        return Err(AnalysisError::EventTimeColumns);
    }
    Ok(first)
}

#[cfg(test)]
mod tests;
