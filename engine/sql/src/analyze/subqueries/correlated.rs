//! Queries that name columns of the row around them (`RewriteCorrelatedScalarSubquery`).

use std::mem;

use super::super::{Analyzer, columns_of};
use super::pull_up::pull_up;
use crate::error::AnalysisError;
use crate::plan::{LogicalPlan, TypedNode, TypedPlan};
use crate::schema::Schema;
use crate::typed::{Typed, TypedKind};

/// A query, apart from what names columns of the row around it.
pub(super) struct Correlated {
    /// The rows of the query, for all rows around.
    pub(super) plan: TypedPlan,
    /// Its columns, over those of the table around and then of the plan.
    pub(super) columns: Vec<Typed>,
    /// Their names.
    pub(super) schema: Schema,
    /// The conditions on both tables.
    pub(super) conditions: Vec<Typed>,
    /// It has one row for each row around, also if no condition is true of any: that of no rows.
    pub(super) is_one_group: bool,
}

impl Analyzer<'_> {
    /// Resolves a query within a row of a table.
    pub(super) fn correlated(
        &mut self,
        query: &LogicalPlan,
        outer: &Schema,
    ) -> Result<Correlated, AnalysisError> {
        let around = self.outer.replace(outer.clone());
        let plan = self.analyze(query);
        self.outer = around;
        let mut plan = plan?;
        ensure_finite(&plan)?;
        let schema = plan.schema.clone();
        let mut columns = columns_of(&schema);
        let mut conditions = Vec::new();
        let mut is_one_group = false;
        if has_outer(&mut plan) {
            let width = outer.fields().len();
            plan = without_selects(plan, &mut columns);
            let defaults = self.values_of_no_rows(&plan);
            let having = take_having(&mut plan, defaults.is_some());
            conditions = pull_up(&mut plan)?;
            if has_outer(&mut plan) {
                return Err(unsupported());
            }
            for part in columns.iter_mut().chain(&mut conditions) {
                over_both(part, width);
            }
            if let Some(defaults) = defaults {
                is_one_group = true;
                self.fill(&mut columns, &defaults, having, width)?;
            }
        } else {
            let width = outer.fields().len();
            for part in &mut columns {
                over_both(part, width);
            }
        }
        Ok(Correlated {
            plan,
            columns,
            schema,
            conditions,
            is_one_group,
        })
    }

    /// The values that the aggregates of one group have of no rows, if the query is such a group
    /// (`RewriteCorrelatedScalarSubquery`, the bug of counts).
    fn values_of_no_rows(&self, plan: &TypedPlan) -> Option<Vec<Option<Typed>>> {
        let mut plan = plan;
        while let TypedNode::Filter { input, .. } = &plan.node {
            plan = input;
        }
        let TypedNode::Aggregate {
            keys, aggregates, ..
        } = &plan.node
        else {
            return None;
        };
        let values = aggregates.iter().map(|it| {
            let value = it.of_no_rows(self.session)?;
            Some(Typed::literal(value, it.accumulate.result().0))
        });
        keys.is_empty().then(|| values.collect())
    }

    /// Has the columns of one group the values of no rows, where it has none; `NULL`s if `HAVING` is not true.
    fn fill(
        &self,
        columns: &mut [Typed],
        defaults: &[Option<Typed>],
        having: Vec<Typed>,
        width: usize,
    ) -> Result<(), AnalysisError> {
        let filled = |typed: &Typed| -> Option<Typed> {
            let index = typed.as_column()?.checked_sub(width)?;
            let default = defaults.get(index)?.clone()?;
            self.call("coalesce", vec![typed.clone(), default]).ok()
        };
        for column in columns.iter_mut() {
            column.rewrite(&mut |part| filled(part));
        }
        let Some(mut having) = Typed::all(having) else {
            return Ok(());
        };
        over_both(&mut having, width);
        having.rewrite(&mut |part| filled(part));
        for column in columns {
            let none = Typed::default();
            *column = self.call("if", vec![having.clone(), column.clone(), none])?;
        }
        Ok(())
    }
}

/// Makes of an expression over a query one over the columns around, of which there are `width`, and then of the query.
fn over_both(typed: &mut Typed, width: usize) {
    typed.rewrite(&mut |part| {
        let index = match part.kind {
            TypedKind::Outer(index) => index,
            TypedKind::Column(index) => width + index,
            _ => return None,
        };
        Some(part.in_column(index))
    });
}

/// The table below the `SELECT`s at the top, and the columns over it.
fn without_selects(mut plan: TypedPlan, columns: &mut [Typed]) -> TypedPlan {
    loop {
        match plan.node {
            TypedNode::Project {
                input,
                columns: below,
            } => {
                for column in columns.iter_mut() {
                    *column = mem::take(column).substituted(&below);
                }
                plan = *input;
            }
            node => {
                return TypedPlan {
                    span: None,
                    node,
                    schema: plan.schema,
                };
            }
        }
    }
}

/// Takes the conditions off that are above one group.
fn take_having(plan: &mut TypedPlan, is_one_group: bool) -> Vec<Typed> {
    let mut having = Vec::new();
    while is_one_group && let TypedNode::Filter { input, condition } = &mut plan.node {
        having.push(mem::take(condition));
        *plan = mem::take(input);
    }
    having
}

fn has_outer(plan: &mut TypedPlan) -> bool {
    plan.expressions_mut().into_iter().any(|it| it.has_outer())
        || plan.inputs_mut().into_iter().any(has_outer)
}

/// A query within an expression is computed once a batch, from tables that stay as they are.
fn ensure_finite(plan: &TypedPlan) -> Result<(), AnalysisError> {
    if !plan.is_streaming() {
        return Ok(());
    }
    let error = AnalysisError::unclassified("a subquery of a stream is not supported");
    Err(error.with_help("Join with the stream instead."))
}

fn unsupported() -> AnalysisError {
    AnalysisError::new(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_REFERENCE",
        "Unsupported subquery expression: Expressions referencing the outer query are not supported outside of WHERE/HAVING \
         clauses.",
    )
}
