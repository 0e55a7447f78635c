//! Aggregations: keys and aggregates, and the columns that are made of them.

use engine::{DataType, Value};

use super::grouping_sets::{GroupingSets, expand};
use super::keyed::Keyed;
use super::over::with_over;
use super::project::{Selected, project_selected, select_one, selected_schema};
use super::windows::{is_event_time, with_window};
use super::{Analyzer, checked_condition};
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind};
use crate::over::TypedOver;
use crate::plan::{Grouping, LogicalPlan, TypedNode, TypedPlan};
use crate::resolve::{FoundWindow, Resolver, TypedAggregate};
use crate::schema::{Field, Schema};
use crate::typed::{Typed, TypedKind};

impl Analyzer<'_> {
    pub(super) fn aggregate(
        &mut self,
        input: &LogicalPlan,
        grouping: &Grouping,
        columns: &[Expression],
        having: Option<&Expression>,
    ) -> Result<TypedPlan, AnalysisError> {
        let groups = self.keyed_aggregate(input, grouping, columns, having, &[])?;
        Ok(groups.plan)
    }

    /// An aggregation, and expressions over its result, which may have aggregates and keys that the result has not.
    pub(super) fn keyed_aggregate(
        &mut self,
        input: &LogicalPlan,
        grouping: &Grouping,
        columns: &[Expression],
        having: Option<&Expression>,
        expressions: &[&Expression],
    ) -> Result<Keyed, AnalysisError> {
        let input = self.analyze(input)?;
        self.grouped(input, grouping, columns, having, expressions)
    }

    /// The same of a table whose names are known.
    pub(super) fn grouped(
        &mut self,
        input: TypedPlan,
        grouping: &Grouping,
        columns: &[Expression],
        having: Option<&Expression>,
        expressions: &[&Expression],
    ) -> Result<Keyed, AnalysisError> {
        let schema = input.schema.clone();
        let width = schema.fields().len();
        let mut resolver = self.resolver(&schema).with_width(width).for_keys();
        let all = all_keys(columns, &schema);
        let (written, sets) = match grouping {
            Grouping::Keys(keys) => (keys, None),
            Grouping::All => (&all, None),
            Grouping::Sets { keys, sets } => (keys, Some(sets)),
        };
        let mut keys = Vec::new();
        for key in written {
            let key = written_key(key, columns, &schema)?;
            let typed = resolver.resolve(&key)?;
            check_groupable(&typed, &key)?;
            // Spark hashes a key wherever it is written, also one that is there twice.
            keys.push(typed);
        }
        let sets = sets.map(|sets| GroupingSets::of(&mut keys, sets));
        let mut resolver = resolver.with_aggregates().with_over();
        if sets.is_some() {
            resolver = resolver.with_grouping(keys.clone());
        }
        let mut selected = Vec::new();
        for column in columns {
            select_one(column, &schema, &mut resolver, &mut selected)?;
        }
        let functions = resolver.take_over();
        let visible = selected.len();
        let result = selected_schema(&selected, &schema);
        let having = having.map(|it| self.having(it, &mut resolver));
        let having = having.transpose()?;
        let mut over_result = Vec::new();
        for expression in expressions {
            if let Ok(typed) = self.resolver(&result).resolve(expression) {
                over_result.push(typed);
                continue;
            }
            let typed = resolver.resolve(expression)?;
            over_result.push(typed.in_column(selected.len()));
            selected.push(Selected::new(typed, expression.name()));
        }
        let (aggregates, window) = resolver.into_found();
        let session = session_key(window.as_ref(), &keys, width);
        let aggregation = Aggregation {
            keys,
            sets,
            session,
            aggregates,
            functions,
        };
        let plan = aggregation.plan(with_window(input, window), selected, having)?;
        Ok(Keyed {
            plan,
            visible,
            expressions: over_result,
        })
    }

    fn having(
        &self,
        having: &Expression,
        resolver: &mut Resolver<'_>,
    ) -> Result<Typed, AnalysisError> {
        let typed = resolver.resolve(having)?;
        if typed.data_type == DataType::Null {
            return Ok(typed.cast(&DataType::Boolean, false, self.session)?);
        }
        checked_condition(typed, having)
    }
}

/// A key that is written as the place of a column, or by its alias, as that column.
fn written_key(
    key: &Expression,
    columns: &[Expression],
    schema: &Schema,
) -> Result<Expression, AnalysisError> {
    match &*key.kind {
        ExpressionKind::Literal(literal) if literal.data_type == DataType::Integer => {
            let Value::Integer(place) = literal.value else {
                return Ok(key.clone());
            };
            let index = usize::try_from(place).ok().and_then(|it| it.checked_sub(1));
            let column = index.and_then(|index| columns.get(index)).ok_or_else(|| {
                AnalysisError::new(
                    "GROUP_BY_POS_OUT_OF_RANGE",
                    format!(
                        "GROUP BY position {place} is not in select list (valid range is [1, {}]).",
                        columns.len()
                    ),
                )
                .at(key.span)
            })?;
            if super::project::has_aggregate(column) {
                return Err(AnalysisError::new(
                    "GROUP_BY_POS_AGGREGATE",
                    format!("GROUP BY {place} refers to an expression {} that contains an aggregate function. Aggregate functions are not allowed in GROUP BY.", column.name()),
                )
                .at(key.span));
            }
            Ok(unaliased(column).clone())
        }
        ExpressionKind::Column(name) if name.len() == 1 => {
            let is_column = schema
                .fields()
                .iter()
                .any(|field| field.name.eq_ignore_ascii_case(&name[0]));
            let alias = columns.iter().find(|column| {
                matches!(&*column.kind, ExpressionKind::Alias { names, .. } if names[0].eq_ignore_ascii_case(&name[0]))
            });
            Ok(alias.filter(|_| !is_column).map_or(key, unaliased).clone())
        }
        _ => Ok(key.clone()),
    }
}

/// The keys of `GROUP BY ALL`: the columns of the result that have no aggregate.
fn all_keys(columns: &[Expression], schema: &Schema) -> Vec<Expression> {
    let keys = columns.iter().map(unaliased);
    let keys = keys.filter(|key| {
        let is_literal = matches!(*key.kind, ExpressionKind::Literal(_));
        !is_literal && !super::project::has_aggregate(key)
    });
    let keys = keys.flat_map(|key| {
        if key.is_star() {
            schema.fields().iter().map(Field::to_expression).collect()
        } else {
            vec![key.clone()]
        }
    });
    keys.collect()
}

fn unaliased(column: &Expression) -> &Expression {
    match &*column.kind {
        ExpressionKind::Alias { operand, .. } => operand,
        _ => column,
    }
}

fn check_groupable(key: &Typed, written: &Expression) -> Result<(), AnalysisError> {
    if !has_map(&key.data_type) {
        return Ok(());
    }
    Err(AnalysisError::new(
        "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
        format!("The expression \"{}\" cannot be used as a grouping expression because its data type \"{}\" is not an orderable data type.", written.name(), key.data_type),
    )
    .at(written.span))
}

/// Returns true if a map is part of it.
pub(super) fn has_map(data_type: &DataType) -> bool {
    match data_type {
        DataType::Map { .. } => true,
        DataType::Array { element, .. } => has_map(element),
        DataType::Struct(fields) => fields.iter().any(|field| has_map(&field.data_type)),
        _ => false,
    }
}

/// The key that is the session window, if there is one.
fn session_key(window: Option<&FoundWindow>, keys: &[Typed], width: usize) -> Option<usize> {
    matches!(window, Some(FoundWindow::Session { .. }))
        .then(|| keys.iter().position(|key| key.as_column() == Some(width)))
        .flatten()
}

/// An aggregation whose keys and aggregates are resolved over the rows below.
struct Aggregation {
    keys: Vec<Typed>,
    sets: Option<GroupingSets>,
    session: Option<usize>,
    aggregates: Vec<TypedAggregate>,
    /// The functions over the groups.
    functions: Vec<TypedOver>,
}

impl Aggregation {
    /// The columns that are selected of the groups.
    fn plan(
        mut self,
        input: TypedPlan,
        mut selected: Vec<Selected>,
        having: Option<Typed>,
    ) -> Result<TypedPlan, AnalysisError> {
        let mut written = self.keys.clone();
        let (input, keys) = match &self.sets {
            Some(sets) => expand(input, &self.keys, sets),
            None => (input, self.keys.clone()),
        };
        // The number of the set is the last of the keys then, as expressions have it.
        written.extend(keys.get(written.len()).cloned());
        let output = Output {
            written: &written,
            keys: &keys,
            input: &input.schema,
        };
        for column in &mut selected {
            output.rewrite(&mut column.typed)?;
        }
        for part in self
            .functions
            .iter_mut()
            .flat_map(TypedOver::expressions_mut)
        {
            output.rewrite(part)?;
        }
        let having = having.into_iter().map(|mut condition| {
            output.rewrite(&mut condition)?;
            Ok(condition)
        });
        let having = having.collect::<Result<Vec<_>, AnalysisError>>()?;
        let schema = output.schema(&self.aggregates);
        let mut groups = TypedPlan {
            span: None,
            schema,
            node: TypedNode::Aggregate {
                input: Box::new(input),
                keys,
                session: self.session,
                aggregates: self.aggregates,
            },
        };
        groups.filter(having);
        let groups = with_over(groups, self.functions, &mut selected);
        Ok(project_selected(groups, selected))
    }
}

/// The columns of an aggregation: its keys, then its aggregates.
struct Output<'a> {
    /// The keys as the rows below have them.
    written: &'a [Typed],
    /// The keys over the table below, in which a key that is not in a grouping set is `NULL`.
    keys: &'a [Typed],
    input: &'a Schema,
}

impl Output<'_> {
    /// Makes of an expression over the rows and their aggregates one over the columns of the aggregation.
    ///
    /// # Errors
    ///
    /// It has a column that is no key.
    fn rewrite(&self, typed: &mut Typed) -> Result<(), AnalysisError> {
        let mut missing = None;
        typed.rewrite(&mut |part| {
            if let TypedKind::Aggregate(index) = part.kind {
                return Some(part.in_column(self.keys.len() + index));
            }
            if let Some(key) = self.written.iter().position(|key| key.is_same(part)) {
                let nullable = self.keys[key].nullable;
                return Some(Typed::column(key, part.data_type.clone(), nullable));
            }
            if let TypedKind::Column(index) = part.kind {
                missing.get_or_insert(index);
            }
            None
        });
        let Some(index) = missing else {
            return Ok(());
        };
        let name = self
            .input
            .fields()
            .get(index)
            .map_or("", |field| &field.name);
        if self.written.is_empty() {
            return Err(AnalysisError::new(
                "MISSING_GROUP_BY",
                "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses.",
            )
            .with_help(format!("`{name}` is neither grouped by nor aggregated")));
        }
        Err(AnalysisError::new(
            "MISSING_AGGREGATION",
            format!("The non-aggregating expression \"{name}\" is based on columns which are not participating in the GROUP BY clause."),
        )
        .with_help(format!("add it to GROUP BY, or aggregate it, as `any_value({name})` does")))
    }

    fn schema(&self, aggregates: &[TypedAggregate]) -> Schema {
        let keys = self.keys.iter().map(|key| {
            let column = key
                .as_column()
                .and_then(|index| self.input.fields().get(index));
            Field {
                qualifier: Vec::new(),
                name: column.map(|field| field.name.clone()).unwrap_or_default(),
                data_type: key.data_type.clone(),
                nullable: key.nullable,
                is_event_time: is_event_time(key, self.input),
                origin: None,
            }
        });
        let aggregates = aggregates.iter().map(|aggregate| {
            let (data_type, nullable) = aggregate.accumulate.result();
            Field {
                nullable,
                ..Field::new(aggregate.function.name, data_type)
            }
        });
        keys.chain(aggregates).collect()
    }
}
