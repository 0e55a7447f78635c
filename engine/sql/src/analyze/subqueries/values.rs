//! Queries that are values of an expression (`RewriteCorrelatedScalarSubquery`).

use super::super::Analyzer;
use super::correlated::Correlated;
use crate::aggregates::single_value;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind, Subquery, SubqueryKind};
use crate::plan::{JoinKind, TypedJoin, TypedNode, TypedPlan};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// A table with the values of queries behind its columns.
#[derive(Debug)]
pub(in super::super) struct WithValues {
    pub(in super::super) plan: TypedPlan,
    /// The queries, and the places of their values.
    pub(in super::super) places: Vec<(Expression, usize)>,
}

impl Analyzer<'_> {
    /// The table with the values of the queries in these expressions behind its columns, and the place of each.
    pub(in super::super) fn with_values(
        &mut self,
        input: TypedPlan,
        expressions: &[&Expression],
    ) -> Result<WithValues, AnalysisError> {
        let mut found = Vec::new();
        for expression in expressions {
            find(expression, &mut found);
        }
        let mut plan = input;
        let mut places = Vec::new();
        for (written, subquery) in found {
            places.push((written.clone(), plan.schema.fields().len()));
            let with_value = self.with_value(plan, subquery);
            plan = with_value.map_err(|error| error.at(written.span))?;
        }
        Ok(WithValues { plan, places })
    }

    fn with_value(
        &mut self,
        input: TypedPlan,
        subquery: &Subquery,
    ) -> Result<TypedPlan, AnalysisError> {
        let correlated = self.correlated(&subquery.plan, &input.schema)?;
        match &subquery.kind {
            SubqueryKind::Scalar => self.with_single_value(input, correlated),
            SubqueryKind::Exists => self.with_existence(input, correlated, None),
            SubqueryKind::In(operand) => self.with_existence(input, correlated, Some(operand)),
        }
    }

    fn with_single_value(
        &mut self,
        input: TypedPlan,
        query: Correlated,
    ) -> Result<TypedPlan, AnalysisError> {
        let [field] = query.schema.fields() else {
            return Err(AnalysisError::new(
                "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                format!(
                    "Invalid subquery: Scalar subquery must return only one column, but got {}.",
                    query.schema.fields().len()
                ),
            ));
        };
        let field = Field {
            nullable: true,
            ..Field::new(field.name.clone(), field.data_type.clone())
        };
        let width = input.schema.fields().len();
        let own = input.schema.fields().iter().cloned();
        let schema: Schema = own.chain([field.clone()]).collect();
        let is_apart = query.conditions.is_empty() && !query.is_one_group;
        if is_apart
            && query
                .columns
                .iter()
                .all(|it| it.reads_only(|column| column >= width))
        {
            let columns = query.columns.into_iter().map(|it| it.shifted(width));
            let value = single_row(query.plan, columns.collect(), field);
            return Ok(TypedPlan {
                span: None,
                schema,
                node: TypedNode::Join(TypedJoin::new(input, value, JoinKind::Cross)),
            });
        }
        if !query.conditions.is_empty() && !is_aggregated(&query.plan) {
            return Err(AnalysisError::new(
                "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY",
                "Unsupported subquery expression: Correlated scalar subqueries must be aggregated to return at most one row.",
            ));
        }
        self.pairs(input, query, JoinKind::LeftOuter, schema)
    }
}

/// Returns true of groups, of which there is at most one for each row around.
fn is_aggregated(plan: &TypedPlan) -> bool {
    match &plan.node {
        TypedNode::Project { input, .. } | TypedNode::Filter { input, .. } => is_aggregated(input),
        node => matches!(node, TypedNode::Aggregate { .. }),
    }
}

/// A table of one row: that of the query, or `NULL`.
fn single_row(query: TypedPlan, columns: Vec<Typed>, field: Field) -> TypedPlan {
    TypedPlan {
        span: None,
        schema: [field].into_iter().collect(),
        node: TypedNode::Aggregate {
            input: Box::new(query),
            keys: Vec::new(),
            session: None,
            aggregates: columns.into_iter().map(single_value).collect(),
        },
    }
}

/// The queries in an expression.
fn find<'e>(expression: &'e Expression, found: &mut Vec<(&'e Expression, &'e Subquery)>) {
    if let ExpressionKind::Subquery(subquery) = &*expression.kind {
        if found.iter().all(|(known, _)| *known != expression) {
            found.push((expression, subquery));
        }
        return;
    }
    for child in expression.children() {
        find(child, found);
    }
}
