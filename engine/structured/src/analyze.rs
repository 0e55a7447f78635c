//! What Spark refuses before a query starts, and the plan with its names resolved.

use engine::{StreamSource, Text};

use crate::plan::{Column, Expression, Plan};
use crate::query::{OutputMode, QuerySettings};

/// Why a query cannot be started (`org.apache.spark.sql.AnalysisException`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// A name that no column of the table has.
    #[error("there is no column `{name}`; the table has {columns}")]
    UnknownColumn {
        /// The name.
        name: String,
        /// The columns there are.
        columns: String,
    },
    /// A function that does not take what it is given.
    #[error("`{function}` takes {takes}, not {given}")]
    Type {
        /// The function.
        function: &'static str,
        /// What it takes.
        takes: &'static str,
        /// What it was given.
        given: &'static str,
    },
    /// More than one generator in one `select`.
    #[error("only one generator is allowed per select clause")]
    Generators,
    /// A separator that is a regular expression and does not mean itself.
    #[error("the separator `{0}` is a regular expression; only plain text is understood")]
    Separator(String),
    /// `OM-3`: complete output of a query without aggregation.
    #[error("complete output mode not supported when there are no streaming aggregations")]
    CompleteWithoutAggregation,
    /// `OM-3`: append output of an aggregation whose groups are never final.
    #[error(
        "append output mode not supported when there are streaming aggregations without watermark"
    )]
    AppendWithAggregation,
    /// An aggregation of aggregated rows.
    #[error("a streaming aggregation over a streaming aggregation is not supported")]
    SecondAggregation,
    /// Columns chosen after an aggregation.
    #[error("selecting columns of an aggregation is not supported")]
    SelectAfterAggregation,
    /// A cluster without cores or a shuffle without partitions.
    #[error("the {0} must be at least 1")]
    Zero(&'static str),
}

/// A query whose names are resolved: rows of the source, projected, and then counted or not.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedPlan {
    pub(crate) source: StreamSource,
    pub(crate) counts_from_nothing: bool,
    pub(crate) projections: Vec<Vec<ResolvedExpression>>,
    /// The column by which rows are counted.
    pub(crate) key: Option<usize>,
    /// Names of the result's columns.
    pub(crate) columns: Vec<Text>,
}

/// An expression over the values of a row.
#[derive(Clone, Debug)]
pub(crate) enum ResolvedExpression {
    Column(usize),
    Split(Box<ResolvedExpression>, Text),
    Explode(Box<ResolvedExpression>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Text,
    TextArray,
    Integer,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Type::Text => "a text",
            Type::TextArray => "an array",
            Type::Integer => "an integer",
        }
    }
}

type Schema = Vec<(Text, Type)>;

/// Resolves the names of a plan and refuses what Spark refuses.
pub(crate) fn resolve(
    plan: &Plan,
    settings: &QuerySettings,
) -> Result<ResolvedPlan, AnalysisError> {
    if settings.cores == 0 {
        return Err(AnalysisError::Zero("number of cores"));
    }
    if settings.shuffle_partitions == 0 {
        return Err(AnalysisError::Zero("number of shuffle partitions"));
    }
    let (resolved, _) = resolve_plan(plan)?;
    match (settings.output_mode, resolved.key) {
        (OutputMode::Complete, None) => Err(AnalysisError::CompleteWithoutAggregation),
        (OutputMode::Append, Some(_)) => Err(AnalysisError::AppendWithAggregation),
        _ => Ok(resolved),
    }
}

fn resolve_plan(plan: &Plan) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    match plan {
        Plan::Source {
            source,
            counts_from_nothing,
        } => Ok(resolve_source(source, *counts_from_nothing)),
        Plan::Project { input, columns } => resolve_project(input, columns),
        Plan::Count { input, key } => resolve_count(input, key),
    }
}

fn resolve_source(source: &StreamSource, counts_from_nothing: bool) -> (ResolvedPlan, Schema) {
    let columns = vec![Text::from("value")];
    let projections = Vec::new();
    let plan = ResolvedPlan {
        source: source.clone(),
        counts_from_nothing,
        projections,
        key: None,
        columns,
    };
    (plan, vec![(Text::from("value"), Type::Text)])
}

fn resolve_project(
    input: &Plan,
    columns: &[Column],
) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    let (mut plan, schema) = resolve_plan(input)?;
    if plan.key.is_some() {
        return Err(AnalysisError::SelectAfterAggregation);
    }
    let generators = columns
        .iter()
        .filter(|column| matches!(column.expression, Expression::Explode(_)));
    if generators.count() > 1 {
        return Err(AnalysisError::Generators);
    }
    let mut expressions = Vec::new();
    let mut types = Vec::new();
    for column in columns {
        let (expression, of_type) = resolve_expression(&column.expression, &schema)?;
        expressions.push(expression);
        types.push((column.name(), of_type));
    }
    plan.projections.push(expressions);
    plan.columns = types.iter().map(|(name, _)| name.clone()).collect();
    Ok((plan, types))
}

fn resolve_count(input: &Plan, key: &Text) -> Result<(ResolvedPlan, Schema), AnalysisError> {
    let (mut plan, schema) = resolve_plan(input)?;
    if plan.key.is_some() {
        return Err(AnalysisError::SecondAggregation);
    }
    let (index, of_type) = find(key, &schema)?;
    expect("group_by", "a text", Type::Text, of_type)?;
    plan.key = Some(index);
    plan.columns = vec![key.clone(), Text::from("count")];
    Ok((
        plan,
        vec![
            (key.clone(), Type::Text),
            (Text::from("count"), Type::Integer),
        ],
    ))
}

fn resolve_expression(
    expression: &Expression,
    schema: &Schema,
) -> Result<(ResolvedExpression, Type), AnalysisError> {
    match expression {
        Expression::Column(name) => {
            let (index, of_type) = find(name, schema)?;
            Ok((ResolvedExpression::Column(index), of_type))
        }
        Expression::Split(text, separator) => {
            let (text, given) = resolve_expression(text, schema)?;
            expect("split", "a text", Type::Text, given)?;
            if separator.is_empty() || separator.contains(|c| "\\^$.|?*+()[]{}".contains(c)) {
                return Err(AnalysisError::Separator(separator.to_string()));
            }
            Ok((
                ResolvedExpression::Split(Box::new(text), separator.clone()),
                Type::TextArray,
            ))
        }
        Expression::Explode(array) => {
            let (array, given) = resolve_expression(array, schema)?;
            expect("explode", "an array", Type::TextArray, given)?;
            Ok((ResolvedExpression::Explode(Box::new(array)), Type::Text))
        }
    }
}

fn find(name: &Text, schema: &Schema) -> Result<(usize, Type), AnalysisError> {
    // Spark resolves names without regard to case.
    let found = schema
        .iter()
        .position(|(column, _)| column.eq_ignore_ascii_case(name));
    found.map(|index| (index, schema[index].1)).ok_or_else(|| {
        let columns: Vec<String> = schema
            .iter()
            .map(|(column, _)| format!("`{column}`"))
            .collect();
        AnalysisError::UnknownColumn {
            name: name.to_string(),
            columns: columns.join(", "),
        }
    })
}

fn expect(
    function: &'static str,
    takes: &'static str,
    wanted: Type,
    given: Type,
) -> Result<(), AnalysisError> {
    if wanted == given {
        Ok(())
    } else {
        Err(AnalysisError::Type {
            function,
            takes,
            given: given.name(),
        })
    }
}
