//! The queries on streams that Spark refuses to start
//! (`org.apache.spark.sql.catalyst.analysis.UnsupportedOperationChecker`).

mod join;
mod output_mode;

use engine::OutputMode;
use engine_sql::plan::{Deduplicate, TypedNode, TypedPlan};
use engine_sql::{AnalysisError, Typed, TypedOver};

use self::join::check_join;
use self::output_mode::check_output_mode;
use crate::groups::{GroupStateTimeout, GroupsWithState};
use crate::transform::Transformation;

pub(crate) use self::output_mode::QueryMode;

/// Refuses what Spark refuses of a query on a stream (`OM-3`).
pub(crate) fn check(plan: &TypedPlan, mode: QueryMode) -> Result<(), AnalysisError> {
    if !plan.is_streaming() {
        return Err(refused(
            "Queries without streaming sources cannot be executed with writeStream.start()",
        ));
    }
    check_chain(plan, mode.output)?;
    check_output_mode(plan, mode)?;
    check_below(plan, plan, mode).map_err(|error| error.at(plan.span))
}

fn refused(message: impl Into<String>) -> AnalysisError {
    AnalysisError::unclassified(message.into())
}

/// The tables of a plan, those that one is made of after it.
fn tables<'a>(plan: &'a TypedPlan, all: &mut Vec<&'a TypedPlan>) {
    all.push(plan);
    for input in plan.inputs() {
        tables(input, all);
    }
}

/// The tables that a plan is made of, without itself.
fn below(plan: &TypedPlan) -> Vec<&TypedPlan> {
    let mut all = Vec::new();
    for input in plan.inputs() {
        tables(input, &mut all);
    }
    all
}

/// Refuses numbers of rows that go on from partition to partition, and would begin anew in each micro-batch.
fn check_expressions(plan: &TypedPlan) -> Result<(), AnalysisError> {
    let is_increasing =
        |expression: &Typed| expression.calls_of_partition("monotonically_increasing_id");
    let has_increasing = match &plan.node {
        TypedNode::Project { columns, .. } => columns.iter().any(is_increasing),
        TypedNode::Filter { condition, .. } => is_increasing(condition),
        _ => false,
    };
    if has_increasing && plan.is_streaming() {
        return Err(refused(
            "Expression(s): monotonically_increasing_id() is not supported with streaming DataFrames/Datasets",
        ));
    }
    Ok(())
}

fn is_aggregation(plan: &TypedPlan) -> bool {
    matches!(plan.node, TypedNode::Aggregate { .. }) && plan.is_streaming()
}

/// Returns true if a query keeps states from batch to batch.
pub(crate) fn has_state(plan: &TypedPlan) -> bool {
    is_stateful(plan) || plan.inputs().into_iter().any(has_state)
}

fn is_stateful(plan: &TypedPlan) -> bool {
    match &plan.node {
        TypedNode::Aggregate { .. } | TypedNode::Deduplicate(_) => plan.is_streaming(),
        TypedNode::External { operator, .. } => {
            let code = &operator.code;
            (code.is::<GroupsWithState>() || code.is::<Transformation>()) && plan.is_streaming()
        }
        TypedNode::Join(join) => join.left.is_streaming() && join.right.is_streaming(),
        _ => false,
    }
}

/// Refuses what is above an aggregation that hands out rows which are not final.
fn check_chain(plan: &TypedPlan, output_mode: OutputMode) -> Result<(), AnalysisError> {
    let mut all = Vec::new();
    tables(plan, &mut all);
    let has_late = |plan: &&TypedPlan| {
        is_stateful(plan)
            && output_mode != OutputMode::Append
            && below(plan).into_iter().any(is_aggregation)
    };
    if let Some(late) = all.into_iter().find(has_late) {
        return Err(refused(
            "Detected pattern of possible 'correctness' issue due to global watermark. The query contains stateful \
             operation which can emit rows older than the current watermark plus allowed late record delay, which are \
             \"late rows\" in downstream stateful operations and these rows can be discarded. Please refer the programming \
             guide doc for more details. If you understand the possible risk of correctness issue and still need to run the \
             query, you can disable this check by setting the config \
             `spark.sql.streaming.statefulOperator.checkCorrectness.enabled` to false.",
        )
        .at(late.span));
    }
    Ok(())
}

/// Refuses operators, from the lowest to the highest.
fn check_below(plan: &TypedPlan, whole: &TypedPlan, mode: QueryMode) -> Result<(), AnalysisError> {
    for input in plan.inputs() {
        check_below(input, whole, mode).map_err(|error| error.at(plan.span))?;
    }
    check_expressions(plan)
        .and_then(|()| check_one(plan, whole, mode))
        .map_err(|error| error.at(plan.span))
}

fn check_one(plan: &TypedPlan, whole: &TypedPlan, mode: QueryMode) -> Result<(), AnalysisError> {
    let is_streaming = |plan: &TypedPlan| plan.is_streaming();
    match &plan.node {
        TypedNode::Aggregate {
            input, aggregates, ..
        } if input.is_streaming() => {
            if aggregates.iter().any(|aggregate| aggregate.is_distinct) {
                return Err(refused(
                    "Distinct aggregations are not supported on streaming DataFrames/Datasets. Consider using \
                     approx_count_distinct() instead.",
                ));
            }
            Ok(())
        }
        TypedNode::Over { input, functions } if input.is_streaming() => Err(over_stream(functions)),
        TypedNode::Watermark { input, .. } if has_watermark(input) => {
            Err(refused("Redefining watermark is disallowed."))
        }
        TypedNode::External {
            input, operator, ..
        } if input.is_streaming() => match operator.code.downcast_ref() {
            Some(groups) => check_groups(groups, input, whole, mode.output),
            None => Ok(()),
        },
        TypedNode::Join(join) => check_join(join, mode),
        TypedNode::Union(inputs)
            if inputs.iter().any(is_streaming) && !inputs.iter().all(is_streaming) =>
        {
            Err(refused(
                "Union between streaming and batch DataFrames/Datasets is not supported",
            ))
        }
        TypedNode::Deduplicate(deduplicate) if deduplicate.within_watermark => {
            check_within_watermark(deduplicate)
        }
        TypedNode::Sort(sort)
            if !sort.order.is_empty()
                && sort.input.is_streaming()
                && !is_complete(whole, mode.output) =>
        {
            Err(refused(
                "Sorting is not supported on streaming DataFrames/Datasets, unless it is on aggregated DataFrame/Dataset in \
             Complete output mode",
            ))
        }
        TypedNode::Sample { input, .. } if input.is_streaming() => Err(refused(
            "Sampling is not supported on streaming DataFrames/Datasets",
        )),
        TypedNode::Limit { input, offset, .. } if input.is_streaming() => {
            if *offset > 0 {
                return Err(refused(
                    "Offset is not supported on streaming DataFrames/Datasets",
                ));
            }
            if mode.output == OutputMode::Update {
                return Err(refused(
                    "Limits are not supported on streaming DataFrames/Datasets in Update output mode",
                ));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Refuses groups with states whose output mode is another one than that of the query, or that wait for a watermark which
/// their rows do not have.
fn check_groups(
    groups: &GroupsWithState,
    input: &TypedPlan,
    whole: &TypedPlan,
    output_mode: OutputMode,
) -> Result<(), AnalysisError> {
    let name = groups.name;
    let mut all = Vec::new();
    tables(whole, &mut all);
    let mode = match groups.output_mode {
        OutputMode::Append => "append",
        OutputMode::Complete => "complete",
        OutputMode::Update => "update",
    };
    let of_tables = "on a streaming DataFrame/Dataset";
    let has_aggregation = all.into_iter().any(is_aggregation);
    let reason = match (has_aggregation, groups.output_mode) {
        (true, _) if groups.is_map => Some(format!(
            "{name} is not supported with aggregation {of_tables}"
        )),
        (false, OutputMode::Update) if groups.is_map && output_mode != OutputMode::Update => Some(
            format!("{name} is not supported with {output_mode:?} output mode {of_tables}"),
        ),
        (false, own) if own != output_mode => Some(format!(
            "{name} in {mode} mode is not supported with {output_mode:?} output mode {of_tables}"
        )),
        (true, OutputMode::Update) => Some(format!(
            "{name} in update mode is not supported with aggregation {of_tables}"
        )),
        (true, _) if below(input).into_iter().chain([input]).any(is_aggregation) => Some(format!(
            "{name} in {mode} mode is not supported after aggregation {of_tables}"
        )),
        _ => None,
    };
    if let Some(reason) = reason {
        return Err(refused(reason));
    }
    if groups.timeout == GroupStateTimeout::EventTime && !has_event_time(input) {
        return Err(refused(format!(
            "Watermark must be specified in the query using '[Dataset/DataFrame].withWatermark()' for using event-time \
             timeout in a {}. Event-time timeout not supported without watermark.",
            if name == "applyInPandasWithState" {
                name
            } else {
                "[map|flatMap]GroupsWithState"
            }
        )));
    }
    Ok(())
}

/// Refuses a deduplication until the watermark of rows that have none.
fn check_within_watermark(deduplicate: &Deduplicate) -> Result<(), AnalysisError> {
    let input = &deduplicate.input;
    if !input.is_streaming() {
        return Err(refused(
            "dropDuplicatesWithinWatermark is not supported with batch DataFrames/DataSets",
        ));
    }
    if !has_event_time(input) {
        return Err(refused(
            "dropDuplicatesWithinWatermark is not supported on streaming DataFrames/DataSets without watermark",
        ));
    }
    Ok(())
}

fn has_event_time(table: &TypedPlan) -> bool {
    let mut fields = table.schema.fields().iter();
    fields.any(|field| field.is_event_time)
}

/// The error of functions over the rows around each row, which a stream has not.
fn over_stream(functions: &[TypedOver]) -> AnalysisError {
    let names: Vec<String> = functions
        .iter()
        .map(|it| it.name().to_uppercase())
        .collect();
    AnalysisError::new(
        "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING",
        format!(
            "Window function is not supported in {}() on streaming DataFrames/Datasets. Structured Streaming only supports \
             time-window aggregation using the WINDOW function.",
            names.join("(), ")
        ),
    )
}

/// True if each batch hands out the whole result.
fn is_complete(whole: &TypedPlan, output_mode: OutputMode) -> bool {
    let mut all = Vec::new();
    tables(whole, &mut all);
    output_mode == OutputMode::Complete && all.into_iter().any(is_aggregation)
}

/// True if rows have a watermark already, which no aggregation is above.
fn has_watermark(plan: &TypedPlan) -> bool {
    match &plan.node {
        TypedNode::Watermark { .. } => true,
        _ => plan.inputs().into_iter().any(has_watermark),
    }
}
