//! A table and expressions over it that may name more than its columns: of `WHERE` and `ORDER BY`.

use super::hidden::{reveal, selects_below};
use super::project::has_aggregate;
use super::subqueries::WithValues;
use super::windows::with_window;
use super::{Analyzer, columns_of, projected};
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{Grouping, LogicalPlan, PlanKind, TypedPlan};
use crate::typed::Typed;

/// A table, with columns behind its own that the expressions read.
#[derive(Debug)]
pub(super) struct Keyed {
    pub(super) plan: TypedPlan,
    /// The number of its own columns.
    pub(super) visible: usize,
    pub(super) expressions: Vec<Typed>,
}

impl Keyed {
    /// The table with its own columns alone.
    pub(super) fn without_hidden(plan: TypedPlan, visible: usize) -> TypedPlan {
        if plan.schema.fields().len() == visible {
            return plan;
        }
        let schema = plan.schema.fields().iter().take(visible).cloned().collect();
        let columns = columns_of(&schema);
        projected(plan, columns, schema)
    }
}

impl Analyzer<'_> {
    /// A table and these expressions over it. They may name what its `SELECT`s have left out, of groups also other
    /// aggregates.
    pub(super) fn keyed(
        &mut self,
        input: &LogicalPlan,
        expressions: &[&Expression],
    ) -> Result<Keyed, AnalysisError> {
        match &*input.kind {
            PlanKind::Aggregate {
                input,
                grouping,
                columns,
                having,
            } => self.keyed_aggregate(input, grouping, columns, having.as_ref(), expressions),
            PlanKind::Project { input, columns } if columns.iter().any(has_aggregate) => {
                let grouping = Grouping::Keys(Vec::new());
                self.keyed_aggregate(input, &grouping, columns, None, expressions)
            }
            _ => {
                let mut plan = self.analyze(input)?;
                let visible = plan.schema.fields().len();
                reveal(&mut plan, selects_below(input), expressions.iter().copied());
                let WithValues { plan, places } = self.with_values(plan, expressions)?;
                let schema = plan.schema.clone();
                let mut resolver = self
                    .resolver(&schema)
                    .with_width(schema.fields().len())
                    .with_visible(visible)
                    .with_subqueries(places);
                let typed = expressions.iter().map(|it| resolver.resolve(it));
                let expressions = typed.collect::<Result<_, _>>()?;
                Ok(Keyed {
                    plan: with_window(plan, resolver.into_window()),
                    visible,
                    expressions,
                })
            }
        }
    }
}
