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
    /// A name that several columns of the table have.
    #[error("reference `{0}` is ambiguous: more than one column has this name")]
    AmbiguousColumn(String),
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
    /// A generator inside another expression.
    #[error("a generator is not supported inside another expression")]
    NestedGenerator,
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
            let (text, given) = resolve_argument(text, schema)?;
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
            let (array, given) = resolve_argument(array, schema)?;
            expect("explode", "an array", Type::TextArray, given)?;
            Ok((ResolvedExpression::Explode(Box::new(array)), Type::Text))
        }
    }
}

/// An expression that a function is given: one value for each row.
fn resolve_argument(
    expression: &Expression,
    schema: &Schema,
) -> Result<(ResolvedExpression, Type), AnalysisError> {
    if matches!(expression, Expression::Explode(_)) {
        return Err(AnalysisError::NestedGenerator);
    }
    resolve_expression(expression, schema)
}

fn find(name: &Text, schema: &Schema) -> Result<(usize, Type), AnalysisError> {
    // Spark resolves names without regard to case.
    let columns = schema.iter().enumerate();
    let mut found = columns.filter(|(_, (column, _))| column.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some((index, (_, of_type))), None) => Ok((index, *of_type)),
        (Some(_), Some(_)) => Err(AnalysisError::AmbiguousColumn(name.to_string())),
        (None, _) => Err(unknown(name, schema)),
    }
}

fn unknown(name: &Text, schema: &Schema) -> AnalysisError {
    let columns = schema.iter().map(|(column, _)| format!("`{column}`"));
    AnalysisError::UnknownColumn {
        name: name.to_string(),
        columns: columns.collect::<Vec<_>>().join(", "),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::{col, explode, split};
    use crate::{DataFrame, SparkSession};

    fn lines() -> DataFrame {
        SparkSession::local(2, "analysis")
            .read_stream()
            .memory("lines")
    }

    fn words() -> DataFrame {
        lines().select([explode(split(col("value"), " ")).alias("word")])
    }

    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a case reads best with its result in place"
    )]
    fn check(table: &DataFrame, output_mode: OutputMode, expected: Result<(), AnalysisError>) {
        let query = table.write_stream().output_mode(output_mode).console();
        assert_eq!(query.map(|_| ()), expected);
    }

    #[track_caller]
    fn check_refused(table: &DataFrame, text: &str) {
        let refused = table.write_stream().console().err();
        assert_eq!(
            refused.map(|error| error.to_string()).as_deref(),
            Some(text)
        );
    }

    #[test]
    fn om_3_complete_output_needs_an_aggregation() {
        let refused = Err(AnalysisError::CompleteWithoutAggregation);
        check(&words(), OutputMode::Complete, refused);
        check(
            &words().group_by("word").count(),
            OutputMode::Complete,
            Ok(()),
        );
    }

    #[test]
    fn om_3_append_output_of_an_aggregation_needs_a_watermark() {
        let refused = Err(AnalysisError::AppendWithAggregation);
        check(
            &words().group_by("word").count(),
            OutputMode::Append,
            refused,
        );
        check(&words(), OutputMode::Append, Ok(()));
    }

    #[test]
    fn om_3_update_output_is_always_allowed() {
        check(&words(), OutputMode::Update, Ok(()));
        check(
            &words().group_by("word").count(),
            OutputMode::Update,
            Ok(()),
        );
        check(&lines(), OutputMode::Update, Ok(()));
    }

    #[test]
    fn names_are_found_whatever_their_case() {
        let counts = lines().select([col("VALUE")]).group_by("Value").count();
        check(&counts, OutputMode::Complete, Ok(()));
    }

    #[test]
    fn an_unknown_name_is_refused() {
        let text = "there is no column `word`; the table has `value`";
        check_refused(&lines().select([col("word")]), text);
        check_refused(&lines().group_by("word").count(), text);
        let text = "there is no column `value`; the table has `word`, `line`";
        let table = lines().select([col("value").alias("word"), col("value").alias("line")]);
        check_refused(&table.select([col("value")]), text);
    }

    #[test]
    fn a_name_that_two_columns_have_is_refused() {
        let table = lines().select([
            col("value"),
            explode(split(col("value"), " ")).alias("Value"),
        ]);
        let text = "reference `value` is ambiguous: more than one column has this name";
        check_refused(&table.group_by("value").count(), text);
    }

    #[test]
    fn a_function_is_refused_what_it_does_not_take() {
        let pieces = || split(col("value"), " ");
        check_refused(
            &lines().select([explode(col("value"))]),
            "`explode` takes an array, not a text",
        );
        check_refused(
            &lines().select([split(pieces(), " ")]),
            "`split` takes a text, not an array",
        );
        check_refused(
            &lines()
                .select([pieces().alias("words")])
                .group_by("words")
                .count(),
            "`group_by` takes a text, not an array",
        );
    }

    #[test]
    fn one_generator_in_a_select_is_allowed_and_none_inside_an_expression() {
        let generator = || explode(split(col("value"), " "));
        check_refused(
            &lines().select([generator(), col("value"), generator()]),
            "only one generator is allowed per select clause",
        );
        let nested = "a generator is not supported inside another expression";
        check_refused(&lines().select([split(generator(), "a")]), nested);
        check_refused(&lines().select([explode(generator())]), nested);
    }

    #[test]
    fn a_separator_that_is_a_regular_expression_is_refused() {
        for separator in ["", ".", "a|b", "\\s", "[ ]"] {
            let query = lines().select([split(col("value"), separator)]);
            let refused = Err(AnalysisError::Separator(separator.to_owned()));
            check(&query, OutputMode::Append, refused);
        }
    }

    #[test]
    fn nothing_may_follow_an_aggregation() {
        let counts = words().group_by("word").count();
        let again = counts.group_by("word").count();
        check(
            &again,
            OutputMode::Complete,
            Err(AnalysisError::SecondAggregation),
        );
        let selected = counts.select([col("word")]);
        check(
            &selected,
            OutputMode::Complete,
            Err(AnalysisError::SelectAfterAggregation),
        );
    }

    #[test]
    fn a_cluster_has_cores_and_a_shuffle_partitions() {
        let no_cores = SparkSession::local(0, "none").read_stream().memory("lines");
        check_refused(&no_cores, "the number of cores must be at least 1");
        let session = SparkSession::local(1, "none").with_shuffle_partitions(0);
        let text = "the number of shuffle partitions must be at least 1";
        check_refused(&session.read_stream().memory("lines"), text);
    }
}
