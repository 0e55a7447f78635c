//! Queries within expressions. Those that are conditions of a `WHERE` are semi and anti joins (`RewritePredicateSubquery`).

mod correlated;
mod existence;
mod lateral;
mod pull_up;
mod values;

pub(super) use values::WithValues;

use super::Analyzer;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind, Subquery, SubqueryKind};
use crate::plan::{JoinKind, TypedJoin, TypedNode, TypedPlan};
use crate::resolve::common_type;
use crate::schema::Schema;
use crate::typed::Typed;
use correlated::Correlated;

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
            mut conditions,
            ..
        } = self.correlated(&predicate.subquery.plan, &input.schema)?;
        if let SubqueryKind::In(operand) = &predicate.subquery.kind {
            let is_negated = predicate.is_negated;
            conditions.extend(self.equalities(operand, columns, &input.schema, is_negated)?);
        }
        let kind = if predicate.is_negated {
            JoinKind::LeftAnti
        } else {
            JoinKind::LeftSemi
        };
        let schema = input.schema.clone();
        let mut join = TypedJoin::new(input, right, kind);
        join.require(conditions);
        Ok(TypedPlan {
            span: None,
            schema,
            node: TypedNode::Join(join),
        })
    }

    /// The conditions that an operand of `IN` is the same as the columns of a query.
    fn equalities(
        &self,
        operand: &Expression,
        columns: Vec<Typed>,
        schema: &Schema,
        or_unknown: bool,
    ) -> Result<Vec<Typed>, AnalysisError> {
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
        let pairs = values.into_iter().zip(columns);
        let same = pairs.map(|(value, column)| {
            let value = self.resolver(schema).resolve(value)?;
            self.same(value, column, or_unknown)
        });
        same.collect()
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
