//! A plan with its names resolved, unless Spark refuses it.

use std::time::Duration;

use engine::{DataType, OutputMode, SparkContext, StateSchema, StreamSource, Text};

use crate::dataframe::SparkSession;
use crate::error::AnalysisError;
use crate::expression::{ResolvedExpression, TIMESTAMP, resolve_columns};
use crate::file_format::FileFormat;
use crate::file_sink::Sink;
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

/// The operator that has states, by all columns.
#[derive(Clone, Debug)]
pub(crate) struct Grouping {
    pub(crate) kind: GroupingKind,
    /// The column that has the watermark (`WM-9`).
    pub(crate) event_time: Option<usize>,
    /// The types of its states (`SS-7`).
    pub(crate) state_schema: StateSchema,
}

/// The operators that have states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupingKind {
    /// `COUNT(*)` of each key.
    Count,
    /// `COUNT(*)` of all rows, which is there without any (`OM-2`).
    Total,
    /// Each row once (`DD-1`): for each column of the result its place in the key.
    Distinct(Vec<usize>),
}

impl Grouping {
    pub(crate) fn is_distinct(&self) -> bool {
        matches!(self.kind, GroupingKind::Distinct(_))
    }
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
    check_sink(settings, &schema)?;
    match (settings.output_mode, &resolved.grouping) {
        (OutputMode::Complete, None) => Err(AnalysisError::CompleteWithoutAggregation),
        (OutputMode::Complete, Some(grouping)) if grouping.is_distinct() => {
            Err(AnalysisError::CompleteWithoutAggregation)
        }
        (
            OutputMode::Append,
            Some(Grouping {
                kind: GroupingKind::Count | GroupingKind::Total,
                event_time: None,
                ..
            }),
        ) => Err(AnalysisError::AppendWithAggregation),
        _ if settings.checkpoint && is_forgetful(&resolved) => Err(AnalysisError::Checkpoint),
        _ => Ok(resolved),
    }
}

/// Refuses rows that the sink does not take.
fn check_sink(settings: &QuerySettings, schema: &Schema) -> Result<(), AnalysisError> {
    let Sink::Files { format, .. } = &settings.sink else {
        return Ok(());
    };
    if settings.output_mode != OutputMode::Append {
        return Err(AnalysisError::FileOutputMode {
            format: format.name(),
            mode: settings.output_mode,
        });
    }
    let is_nested = |field: &&Field| {
        matches!(
            field.data_type,
            DataType::Struct(_) | DataType::Array { .. } | DataType::Map { .. }
        )
    };
    match schema.0.iter().find(is_nested) {
        Some(field) if *format == FileFormat::Csv => Err(AnalysisError::CsvColumn {
            column: field.name.to_string(),
            data_type: field.data_type.clone(),
        }),
        _ => Ok(()),
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
        LogicalPlan::Distinct { input, columns } => resolve_distinct(input, columns),
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

/// Refuses a step above an operator that has states.
fn refuse_after(
    plan: &ResolvedPlan,
    step: &'static str,
    after_aggregation: AnalysisError,
) -> Result<(), AnalysisError> {
    match &plan.grouping {
        None => Ok(()),
        Some(grouping) if grouping.is_distinct() => Err(AnalysisError::AfterDistinct(step)),
        Some(_) => Err(after_aggregation),
    }
}

fn resolve_project(
    input: &LogicalPlan,
    columns: &[Column],
) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    let (mut plan, schema) = resolve_plan(input)?;
    refuse_after(&plan, "a select", AnalysisError::SelectAfterAggregation)?;
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
    refuse_after(
        &plan,
        "a watermark",
        AnalysisError::WatermarkAfterAggregation,
    )?;
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
    refuse_after(&plan, "an aggregation", AnalysisError::SecondAggregation)?;
    let (expressions, mut schema) = resolve_columns(keys, &input)?;
    if expressions.iter().any(ResolvedExpression::is_generator) {
        return Err(AnalysisError::NestedGenerator);
    }
    for field in &schema.0 {
        expect("group_by", &GROUPABLE, &field.data_type)?;
    }
    let kind = if keys.is_empty() {
        GroupingKind::Total
    } else {
        GroupingKind::Count
    };
    plan.grouping = Some(Grouping {
        kind,
        event_time: event_time(&expressions, &schema)?,
        state_schema: state_schema(&schema, &DataType::Long.to_string()),
    });
    project_key(&mut plan, expressions, &input);
    schema.0.push(Field::new("count", DataType::Long));
    Ok((plan, schema))
}

fn resolve_distinct(
    input: &LogicalPlan,
    columns: &[Text],
) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    let (mut plan, schema) = resolve_plan(input)?;
    let twice = AnalysisError::AfterDistinct("a deduplication");
    refuse_after(&plan, "a deduplication", twice)?;
    let mut key = Vec::new();
    for name in columns {
        let (index, _) = schema.find(name)?;
        if !key.contains(&index) {
            key.push(index);
        }
    }
    if key.is_empty() {
        key = (0..schema.0.len()).collect();
    }
    let places = (0..schema.0.len()).map(|index| key.iter().position(|it| *it == index));
    let Some(places) = places.collect::<Option<Vec<usize>>>() else {
        let names: Vec<String> = schema.names().iter().map(Text::to_string).collect();
        return Err(AnalysisError::DistinctBySome(names.join(", ")));
    };
    let of_key = Schema(key.iter().map(|index| schema.0[*index].clone()).collect());
    for field in &of_key.0 {
        expect("drop_duplicates", &GROUPABLE, &field.data_type)?;
    }
    let expressions: Vec<_> = key.into_iter().map(ResolvedExpression::Column).collect();
    plan.grouping = Some(Grouping {
        kind: GroupingKind::Distinct(places),
        event_time: event_time(&expressions, &of_key)?,
        state_schema: state_schema(&of_key, &schema.types()),
    });
    project_key(&mut plan, expressions, &schema);
    Ok((plan, schema))
}

/// Has rows be the keys that they are grouped by.
fn project_key(plan: &mut ResolvedPlan, key: Vec<ResolvedExpression>, input: &Schema) {
    let are_all_columns = key.len() == input.0.len()
        && (0..)
            .zip(&key)
            .all(|(index, expression)| *expression == ResolvedExpression::Column(index));
    if !are_all_columns {
        plan.steps.push(RowStep::Project(key));
    }
}

const GROUPABLE: Takes = Takes("STRING, INT, BIGINT, TIMESTAMP or STRUCT", |it| {
    matches!(
        it,
        DataType::String
            | DataType::Integer
            | DataType::Long
            | DataType::Timestamp
            | DataType::Struct(_)
    )
});

/// The types of the states of an operator. Names are left out, as Spark lets them change.
fn state_schema(key: &Schema, value: &str) -> StateSchema {
    StateSchema {
        key: key.types().into(),
        value: value.into(),
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
