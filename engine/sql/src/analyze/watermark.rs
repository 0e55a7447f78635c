//! The event time of a table, and how late its rows may be.

use std::time::Duration;

use engine::{DataType, Text};

use super::Analyzer;
use super::union::index_of;
use crate::error::AnalysisError;
use crate::plan::{LogicalPlan, TypedNode, TypedPlan};
use crate::schema::{Field, Schema};

impl Analyzer<'_> {
    /// The table whose times in a column bound the lateness of rows. No other column has a watermark from there on.
    pub(super) fn watermark(
        &mut self,
        input: &LogicalPlan,
        column: &Text,
        delay: Duration,
    ) -> Result<TypedPlan, AnalysisError> {
        let input = self.analyze(input)?;
        let index = index_of(&input.schema, column)?;
        let data_type = &input.schema.fields()[index].data_type;
        if !is_time(data_type) {
            return Err(AnalysisError::new(
                "EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE",
                format!(
                    "The event time `{column}` has the invalid type \"{data_type}\", but expected \"TIMESTAMP\"."
                ),
            ));
        }
        let fields = input.schema.fields().iter().enumerate();
        let schema: Schema = fields
            .map(|(it, field)| Field {
                is_event_time: it == index,
                ..field.clone()
            })
            .collect();
        Ok(TypedPlan {
            span: None,
            schema,
            node: TypedNode::Watermark {
                input: Box::new(input),
                column: index,
                delay,
            },
        })
    }
}

/// A `TIMESTAMP`, or a window, of which the end counts.
fn is_time(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp => true,
        DataType::Struct(fields) => fields
            .iter()
            .any(|field| field.name == "end" && field.data_type == DataType::Timestamp),
        _ => false,
    }
}
