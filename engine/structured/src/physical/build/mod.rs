//! From a plan with known types to operators.

mod groups;
mod program;
mod rows;

use std::collections::BTreeMap;

use engine_sql::plan::{TypedJoin, TypedNode, TypedPlan, TypedSort, failing_constant};
use engine_sql::{AnalysisError, Field};

use super::aggregate::{Aggregation, StreamSettings};
use super::expand::Expand;
use super::explain::Explained;
use super::filter::Filter;
use super::join::{stream_join, table_join};
use super::operator::Operator;
use super::over::Over;
use super::plan::PhysicalPlan;
use super::sample::Sample;
use super::sort::Sort;
use super::table_part::TablePart;
use super::tracker::WatermarkPolicy;
use super::union::Union;
use super::watermark::Watermark;
use super::windows::Windows;

/// The rows of a table that is finite, partition by partition.
pub(crate) type Partitioned = Vec<TablePart>;

/// The tables that are finite, by the numbers of their relations.
pub(crate) type Tables = BTreeMap<usize, Partitioned>;

/// Makes the operators of a plan (`org.apache.spark.sql.execution.SparkStrategies`).
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    pub(crate) settings: StreamSettings,
    pub(crate) tables: &'a Tables,
    /// The relations that are read as streams, each at the place of its source.
    pub(crate) sources: Vec<usize>,
    /// A join is changed once its tables have been shuffled (`spark.sql.adaptive.enabled`).
    pub(crate) is_adaptive: bool,
    explained: Explained,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(settings: StreamSettings, tables: &'a Tables) -> Builder<'a> {
        Builder {
            settings,
            tables,
            sources: Vec::new(),
            is_adaptive: false,
            explained: Explained::default(),
        }
    }

    /// The operators of a query.
    ///
    /// # Errors
    ///
    /// As [`build`](Builder::build).
    pub(crate) fn plan(
        &mut self,
        plan: TypedPlan,
        policy: WatermarkPolicy,
    ) -> Result<PhysicalPlan, AnalysisError> {
        let failing = failing_constant(&plan).cloned();
        let root = self.build(plan)?;
        let tree = std::mem::take(&mut self.explained).into_tree();
        Ok(PhysicalPlan::new(root, tree, policy).failing_by(failing))
    }

    /// The operators of a plan.
    ///
    /// # Errors
    ///
    /// Something that Spark does and this engine does not.
    pub(crate) fn build(&mut self, plan: TypedPlan) -> Result<Box<dyn Operator>, AnalysisError> {
        let details = plan.details();
        self.explained.begin();
        let mut operator = self.operator(plan)?;
        self.explained.end(&mut *operator, &details);
        Ok(operator)
    }

    fn operator(&mut self, plan: TypedPlan) -> Result<Box<dyn Operator>, AnalysisError> {
        Ok(match plan.node {
            TypedNode::Relation(relation) => self.relation(&relation),
            TypedNode::Rows(rows) => Box::new(self.listed(rows)),
            TypedNode::Project { input, columns } => self.project(*input, columns)?,
            TypedNode::Filter { input, condition } => {
                Box::new(Filter::new(self.build(*input)?, condition))
            }
            TypedNode::Generate(generate) => Box::new(self.generate(generate, true)?),
            TypedNode::Windows { input, window } => {
                let input = self.build(*input)?;
                Box::new(Windows { input, window })
            }
            TypedNode::SessionWindow { input, time, gap } => self.session(*input, time, gap)?,
            TypedNode::Aggregate {
                input,
                keys,
                session,
                aggregates,
            } => {
                let event_time = event_time(&plan.schema.fields()[..keys.len()]);
                let aggregation = Aggregation::new(keys, aggregates, self.settings.key_order);
                self.aggregate(*input, aggregation, session, event_time)?
            }
            TypedNode::Expand { input, projections } => {
                let input = self.build(*input)?;
                Box::new(Expand { input, projections })
            }
            TypedNode::Over { input, functions } => {
                let partitions = self.settings.shuffle_partitions;
                Box::new(Over::new(self.build(*input)?, functions, partitions))
            }
            TypedNode::Join(join) => self.join(join)?,
            TypedNode::Union(inputs) => {
                let inputs = inputs.into_iter().map(|input| self.build(input));
                Box::new(Union::new(inputs.collect::<Result<_, _>>()?))
            }
            TypedNode::Deduplicate(deduplicate) => self.deduplicate(deduplicate)?,
            TypedNode::Sort(TypedSort { input, order }) => {
                Box::new(Sort::new(self.build(*input)?, order))
            }
            TypedNode::Limit {
                input,
                offset,
                count,
            } => self.limit(*input, offset, count)?,
            TypedNode::Sample {
                input,
                fraction,
                seed,
            } => Box::new(Sample {
                input: self.build(*input)?,
                fraction,
                seed,
            }),
            TypedNode::External {
                input,
                keys,
                operator,
            } => self.external(*input, keys, operator)?,
            TypedNode::Watermark {
                input,
                column,
                delay,
            } => Box::new(Watermark::new(self.build(*input)?, column, delay)),
        })
    }

    fn join(&mut self, join: TypedJoin) -> Result<Box<dyn Operator>, AnalysisError> {
        if join.left.is_streaming() && join.right.is_streaming() {
            stream_join(join, self)
        } else {
            table_join(join, self)
        }
    }
}

/// The place of the column that is the event time, if there is one among these.
fn event_time(fields: &[Field]) -> Option<usize> {
    fields.iter().position(|field| field.is_event_time)
}

pub(crate) fn unsupported(what: &str) -> AnalysisError {
    AnalysisError::unclassified(format!("{what} is not supported"))
}
