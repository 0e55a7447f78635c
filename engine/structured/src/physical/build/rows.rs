//! Rows that come from somewhere, rows that are made of a row each, and the first rows of a table.

use engine::Row;
use engine_sql::plan::{Relation, TypedGenerate, TypedNode, TypedPlan, TypedSort};
use engine_sql::{AnalysisError, Typed};

use super::Builder;
use crate::physical::generate::Generate;
use crate::physical::limit::{Limit, StreamLimit};
use crate::physical::operator::Operator;
use crate::physical::project::Project;
use crate::physical::scan::{Known, Listed, Scan};
use crate::physical::top::Top;

impl Builder<'_> {
    pub(super) fn relation(&mut self, relation: &Relation) -> Box<dyn Operator> {
        if relation.is_streaming {
            return Box::new(Scan {
                source: self.source(relation.id),
                width: relation.schema.fields().len(),
            });
        }
        Box::new(Known {
            partitions: self.tables.get(&relation.id).cloned().unwrap_or_default(),
        })
    }

    /// Rows that were written down.
    pub(super) fn listed(&self, rows: Vec<Row>) -> Listed {
        Listed {
            rows,
            is_dealt: self.is_adaptive,
            partitions: 0,
        }
    }

    /// Columns of a table. A generator below that no other column is read of makes nothing but its own.
    pub(super) fn project(
        &mut self,
        input: TypedPlan,
        columns: Vec<Typed>,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let details = input.details();
        let TypedNode::Generate(generate) = input.node else {
            return Ok(Box::new(Project::new(self.build(input)?, columns)));
        };
        let width = generate.input.schema.fields().len();
        let keeps_input = !columns
            .iter()
            .all(|it| it.reads_only(|index| index >= width));
        self.explained.begin();
        let mut generate = self.generate(generate, keeps_input)?;
        self.explained.end(&mut generate, &details);
        let columns = if keeps_input {
            columns
        } else {
            columns.into_iter().map(|it| it.shifted(width)).collect()
        };
        Ok(Box::new(Project::new(Box::new(generate), columns)))
    }

    pub(super) fn generate(
        &mut self,
        generate: TypedGenerate,
        keeps_input: bool,
    ) -> Result<Generate, AnalysisError> {
        Ok(Generate {
            input: self.build(*generate.input)?,
            generator: generate.generator,
            outer: generate.outer,
            keeps_input,
        })
    }

    /// The first rows: of an order, of all batches, or of the rows of a batch that are the whole result.
    pub(super) fn limit(
        &mut self,
        table: TypedPlan,
        offset: usize,
        count: Option<usize>,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let is_append = table.is_streaming() && self.settings.output_mode.heeds_watermark();
        match (table.node, count) {
            (TypedNode::Sort(TypedSort { input, order }), Some(count)) if offset == 0 => {
                Ok(Box::new(Top::new(self.build(*input)?, order, count)))
            }
            (TypedNode::Project { input, columns }, Some(count))
                if offset == 0 && matches!(input.node, TypedNode::Sort(_)) =>
            {
                let input = self.limit(*input, offset, Some(count))?;
                Ok(Box::new(Project::new(input, columns)))
            }
            (node, count) => {
                let input = self.build(TypedPlan { node, ..table })?;
                Ok(match count {
                    Some(count) if is_append && offset == 0 => {
                        Box::new(StreamLimit::new(input, count))
                    }
                    _ => Box::new(Limit::new(input, offset, count)),
                })
            }
        }
    }

    /// The place of a source.
    fn source(&mut self, relation: usize) -> usize {
        let found = self.sources.iter().position(|it| *it == relation);
        found.unwrap_or_else(|| {
            self.sources.push(relation);
            self.sources.len() - 1
        })
    }
}
