//! Joins with a query that names columns of the row (`LateralJoin`, `DecorrelateInnerQuery`).

use super::super::join::joined;
use super::super::{Analyzer, checked_condition, columns_of, projected};
use super::correlated::Correlated;
use crate::error::AnalysisError;
use crate::plan::{JoinCondition, JoinKind, LogicalPlan, TypedJoin, TypedNode, TypedPlan};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

impl Analyzer<'_> {
    /// The pairs of each row of a table and the rows of a query.
    pub(in super::super) fn lateral(
        &mut self,
        left: &LogicalPlan,
        right: &LogicalPlan,
        kind: JoinKind,
        condition: &JoinCondition,
    ) -> Result<TypedPlan, AnalysisError> {
        let left = self.analyze(left)?;
        let correlated = self.correlated(right, &left.schema)?;
        let of_left = left.schema.clone();
        let is_outer = kind == JoinKind::LeftOuter;
        let of_right = correlated.schema.fields().iter().map(|field| Field {
            nullable: field.nullable || is_outer || correlated.is_one_group,
            ..field.clone()
        });
        let schema: Schema = of_left.fields().iter().cloned().chain(of_right).collect();
        let mut on = match condition {
            JoinCondition::On(written) => {
                let typed = self.resolver(&schema).resolve(written)?;
                checked_condition(typed, written)?.conjuncts()
            }
            _ => Vec::new(),
        };
        if !is_outer {
            let mut plan = self.pairs(left, correlated, kind, schema)?;
            plan.filter(on);
            return Ok(plan);
        }
        let own = columns_of(&of_left);
        let all: Vec<Typed> = own.into_iter().chain(correlated.columns.clone()).collect();
        on = on.into_iter().map(|it| it.substituted(&all)).collect();
        let conditions = correlated.conditions.into_iter().chain(on).collect();
        let correlated = Correlated {
            conditions,
            ..correlated
        };
        self.pairs(left, correlated, kind, schema)
    }

    /// The columns of a table, and of the rows of a query for which its conditions are true.
    pub(super) fn pairs(
        &self,
        left: TypedPlan,
        right: Correlated,
        kind: JoinKind,
        schema: Schema,
    ) -> Result<TypedPlan, AnalysisError> {
        let Correlated {
            plan,
            columns,
            conditions,
            is_one_group,
            ..
        } = right;
        let own = columns_of(&left.schema);
        let width = own.len();
        if is_one_row(&plan) {
            return self.with_one_row(left, columns, conditions, kind, schema);
        }
        let kind = match kind {
            JoinKind::LeftOuter => JoinKind::LeftOuter,
            _ if is_one_group => JoinKind::LeftOuter,
            kind => kind,
        };
        let reads_left = |typed: &Typed| typed.columns().into_iter().any(|it| it < width);
        if kind == JoinKind::LeftOuter && !is_one_group && columns.iter().any(reads_left) {
            let message =
                "A LEFT JOIN with a query of which columns name the row around it is not supported";
            return Err(AnalysisError::unclassified(message).with_help("Name them above the join."));
        }
        let mut join = TypedJoin::new(left, plan, kind);
        join.require(conditions);
        let columns = own.into_iter().chain(columns).collect();
        Ok(projected(joined(join), columns, schema))
    }

    /// A query without a table has the one row around it.
    fn with_one_row(
        &self,
        mut left: TypedPlan,
        columns: Vec<Typed>,
        conditions: Vec<Typed>,
        kind: JoinKind,
        schema: Schema,
    ) -> Result<TypedPlan, AnalysisError> {
        let own = columns_of(&left.schema);
        if kind != JoinKind::LeftOuter {
            left.filter(conditions);
            let columns = own.into_iter().chain(columns).collect();
            return Ok(projected(left, columns, schema));
        }
        let condition = Typed::all(conditions);
        let columns = columns.into_iter().map(|column| match &condition {
            Some(condition) => self.call("if", vec![condition.clone(), column, Typed::default()]),
            None => Ok(column),
        });
        let columns = own.into_iter().map(Ok).chain(columns);
        let columns = columns.collect::<Result<_, AnalysisError>>()?;
        Ok(projected(left, columns, schema))
    }
}

/// Returns true of the table of one row without columns.
fn is_one_row(plan: &TypedPlan) -> bool {
    matches!(&plan.node, TypedNode::Rows(rows) if rows.len() == 1 && rows[0].is_empty())
}
