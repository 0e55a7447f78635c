//! Queries whose results are values: predicates become joins, and a single value a column
//! (`RewritePredicateSubquery`, `RewriteCorrelatedScalarSubquery`).

use super::hidden::reveal;
use super::project::has_aggregate;
use super::{Analyzer, columns_of};
use crate::aggregates::single_value;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind, Subquery, SubqueryKind};
use crate::plan::{JoinKind, LogicalPlan, PlanKind, TypedJoin, TypedNode, TypedPlan};
use crate::resolve::{Resolver, common_type};
use crate::schema::{Field, Schema, column_of};
use crate::typed::Typed;

/// A condition that a query is part of: `EXISTS (..)`, `a IN (..)`, or the opposite.
#[derive(Debug)]
pub(super) struct Predicate<'a> {
    subquery: &'a Subquery,
    is_negated: bool,
    written: &'a Expression,
}

/// The conditions that must all be true for one to be.
#[derive(Debug, Default)]
pub(super) struct Conditions<'a> {
    /// Those that are queries.
    pub(super) predicates: Vec<Predicate<'a>>,
    pub(super) others: Vec<&'a Expression>,
}

/// Takes a condition apart at its `AND`s.
pub(super) fn split(condition: &Expression) -> Conditions<'_> {
    let mut conditions = Conditions::default();
    for part in conjuncts(condition) {
        match predicate(part) {
            Some(predicate) => conditions.predicates.push(predicate),
            None => conditions.others.push(part),
        }
    }
    conditions
}

fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match &*condition.kind {
        ExpressionKind::Call(call) if call.function == *"and" => {
            call.arguments.iter().flat_map(conjuncts).collect()
        }
        _ => vec![condition],
    }
}

fn predicate(written: &Expression) -> Option<Predicate<'_>> {
    match &*written.kind {
        ExpressionKind::Subquery(subquery) if subquery.kind != SubqueryKind::Scalar => {
            Some(Predicate {
                subquery,
                is_negated: false,
                written,
            })
        }
        ExpressionKind::Call(call) if call.function == *"not" => {
            let inner = predicate(call.arguments.first()?)?;
            Some(Predicate {
                is_negated: !inner.is_negated,
                written,
                ..inner
            })
        }
        _ => None,
    }
}

impl Analyzer<'_> {
    /// The rows of a table for which a predicate is true.
    pub(super) fn filter_by(
        &mut self,
        input: TypedPlan,
        predicate: &Predicate<'_>,
    ) -> Result<TypedPlan, AnalysisError> {
        let joined = self.join_with(input, predicate);
        joined.map_err(|error| error.at(predicate.written.span))
    }

    fn join_with(
        &mut self,
        input: TypedPlan,
        predicate: &Predicate<'_>,
    ) -> Result<TypedPlan, AnalysisError> {
        let Correlated {
            plan: right,
            columns,
            outer,
        } = self.correlated(&predicate.subquery.plan, &input.schema)?;
        let both: Schema = [&input.schema, &right.schema]
            .into_iter()
            .flat_map(|schema| schema.fields().iter().cloned())
            .collect();
        let width = input.schema.fields().len();
        let mut conditions = Vec::new();
        for condition in outer {
            let resolver = Resolver::new(&both, self.session);
            let typed = resolver.with_inner(width).resolve(condition)?;
            conditions.extend(self.condition(typed, condition)?.conjuncts());
        }
        if let SubqueryKind::In(operand) = &predicate.subquery.kind {
            let values = values_of(operand);
            if values.len() != columns.len() {
                return Err(AnalysisError::new(
                    "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
                    format!(
                        "The number of columns in the left hand side of an IN subquery does not match the number of columns \
                         in the output of subquery: {} and {}.",
                        values.len(),
                        columns.len()
                    ),
                ));
            }
            for (value, column) in values.into_iter().zip(columns) {
                let value = Resolver::new(&input.schema, self.session).resolve(value)?;
                let field = &right.schema.fields()[column];
                let column = column_of(width + column, field);
                conditions.push(self.same(value, column, predicate.is_negated)?);
            }
        }
        let schema = input.schema.clone();
        let mut join = TypedJoin {
            left: Box::new(input),
            right: Box::new(right),
            kind: if predicate.is_negated {
                JoinKind::LeftAnti
            } else {
                JoinKind::LeftSemi
            },
            keys: Vec::new(),
            null_safe: Vec::new(),
            condition: None,
        };
        join.require(conditions);
        Ok(TypedPlan {
            schema,
            node: TypedNode::Join(join),
        })
    }

    /// True if both values are the same; of `NOT IN` also if that is unknown, so that the row is not in the result.
    fn same(&self, one: Typed, other: Typed, or_unknown: bool) -> Result<Typed, AnalysisError> {
        let types = [one.data_type.clone(), other.data_type.clone()];
        let Some(common) = common_type(types.iter(), self.session) else {
            return Err(AnalysisError::new(
                "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                format!(
                    "The data type of one or more elements in the left hand side of an IN subquery is not compatible with the \
                     data type of the output of the subquery: {} and {}.",
                    types[0], types[1]
                ),
            ));
        };
        let mut operands = vec![one, other];
        for operand in &mut operands {
            operand.cast_in_place(&common, self.session)?;
        }
        let same = self.call("=", operands)?;
        if !or_unknown {
            return Ok(same);
        }
        let unknown = self.call("isnull", vec![same.clone()])?;
        self.call("or", vec![same, unknown])
    }

    /// The table of a query that may name columns of the table around it.
    fn correlated<'e>(
        &mut self,
        query: &'e LogicalPlan,
        outer: &Schema,
    ) -> Result<Correlated<'e>, AnalysisError> {
        let selected = match &*query.kind {
            PlanKind::Project { input, columns } if !columns.iter().any(has_aggregate) => {
                Some((input, columns))
            }
            _ => None,
        };
        if let Some((input, columns)) = selected
            && let PlanKind::Filter { input, condition } = &*input.kind
        {
            let below = self.analyze(input)?;
            let is_of_outer = |part: &&Expression| {
                let alone = Resolver::new(&below.schema, self.session).resolve(part);
                let both = below.schema.fields().iter().chain(outer.fields());
                let both: Schema = both.cloned().collect();
                alone.is_err() && Resolver::new(&both, self.session).resolve(part).is_ok()
            };
            let parts = conjuncts(condition).into_iter();
            let (of_outer, own): (Vec<_>, Vec<_>) = parts.partition(is_of_outer);
            if !of_outer.is_empty() {
                let own = own.into_iter().cloned();
                let all = own.reduce(|one, other| Expression::call("and", [one, other]));
                let table = match all {
                    Some(condition) => LogicalPlan::new(PlanKind::Filter {
                        input: input.clone(),
                        condition,
                    }),
                    None => input.clone(),
                };
                let mut plan = self.analyze(&table.select(columns.iter().cloned()))?;
                ensure_finite(&plan)?;
                let columns = (0..plan.schema.fields().len()).collect();
                reveal(&mut plan, 1, of_outer.iter().copied());
                return Ok(Correlated {
                    plan,
                    columns,
                    outer: of_outer,
                });
            }
        }
        let plan = self.analyze(query)?;
        ensure_finite(&plan)?;
        Ok(Correlated {
            columns: (0..plan.schema.fields().len()).collect(),
            plan,
            outer: Vec::new(),
        })
    }

    /// The table with the single values of the queries in these expressions behind its columns, and the place of each.
    pub(super) fn with_single_values(
        &mut self,
        input: TypedPlan,
        expressions: &[&Expression],
    ) -> Result<WithValues, AnalysisError> {
        let mut found = Vec::new();
        for expression in expressions {
            single_values(expression, &mut found);
        }
        let mut plan = input;
        let mut places = Vec::new();
        for (written, query) in found {
            let value = self.analyze(query)?;
            ensure_finite(&value)?;
            let [column] = value.schema.fields() else {
                return Err(AnalysisError::new(
                    "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                    format!(
                        "Invalid subquery: Scalar subquery must return only one column, but got {}.",
                        value.schema.fields().len()
                    ),
                )
                .at(written.span));
            };
            let field = Field {
                nullable: true,
                ..Field::new(column.name.clone(), column.data_type.clone())
            };
            places.push((written.clone(), plan.schema.fields().len()));
            let schema = plan.schema.fields().iter().cloned().chain([field.clone()]);
            plan = TypedPlan {
                schema: schema.collect(),
                node: TypedNode::Join(TypedJoin {
                    left: Box::new(plan),
                    right: Box::new(single_row(value, field)),
                    kind: JoinKind::Cross,
                    keys: Vec::new(),
                    null_safe: Vec::new(),
                    condition: None,
                }),
            };
        }
        Ok(WithValues { plan, places })
    }
}

/// A table with the values of queries behind its columns.
#[derive(Debug)]
pub(super) struct WithValues {
    pub(super) plan: TypedPlan,
    /// The queries, and the places of their values.
    pub(super) places: Vec<(Expression, usize)>,
}

/// The table of a query, and its conditions on the table around it.
struct Correlated<'e> {
    plan: TypedPlan,
    /// The columns of the query.
    columns: Vec<usize>,
    /// The conditions that name columns of the table around.
    outer: Vec<&'e Expression>,
}

/// A table of one row: that of the query, or `NULL`.
fn single_row(value: TypedPlan, field: Field) -> TypedPlan {
    let columns = columns_of(&value.schema);
    TypedPlan {
        schema: [field].into_iter().collect(),
        node: TypedNode::Aggregate {
            input: Box::new(value),
            keys: Vec::new(),
            session: None,
            aggregates: columns.into_iter().map(single_value).collect(),
        },
    }
}

/// The queries of single values in an expression.
fn single_values<'e>(
    expression: &'e Expression,
    found: &mut Vec<(&'e Expression, &'e LogicalPlan)>,
) {
    if let ExpressionKind::Subquery(subquery) = &*expression.kind
        && subquery.kind == SubqueryKind::Scalar
    {
        if found.iter().all(|(known, _)| *known != expression) {
            found.push((expression, &subquery.plan));
        }
        return;
    }
    for child in expression.children() {
        single_values(child, found);
    }
}

/// The values that are looked for by `IN`: one, or those in parentheses.
fn values_of(operand: &Expression) -> Vec<&Expression> {
    match &*operand.kind {
        ExpressionKind::Call(call) if call.function == *"named_struct" => {
            call.arguments.iter().skip(1).step_by(2).collect()
        }
        _ => vec![operand],
    }
}

/// A query within an expression is computed once a batch, from tables that stay as they are.
fn ensure_finite(plan: &TypedPlan) -> Result<(), AnalysisError> {
    if !plan.is_streaming() {
        return Ok(());
    }
    let error = AnalysisError::unclassified("a subquery of a stream is not supported");
    Err(error.with_help("Join with the stream instead."))
}
