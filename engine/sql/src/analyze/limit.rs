//! The first rows, and those after them.

use engine::{DataType, Value};

use super::Analyzer;
use crate::context::Context;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{LogicalPlan, PlanKind, TypedNode, TypedPlan};
use crate::resolve::Resolver;
use crate::schema::Schema;

impl Analyzer<'_> {
    /// `LIMIT`, with the `OFFSET` right below it.
    pub(super) fn limit(
        &mut self,
        input: &LogicalPlan,
        count: &Expression,
    ) -> Result<TypedPlan, AnalysisError> {
        let count = self.number("limit", "INVALID_LIMIT_LIKE_EXPRESSION", count)?;
        let (input, offset) = match &*input.kind {
            PlanKind::Offset { input, count } => (
                input,
                self.number("offset", "INVALID_LIMIT_LIKE_EXPRESSION", count)?,
            ),
            _ => (input, 0),
        };
        let input = self.analyze(input)?;
        Ok(limited(input, offset, Some(count)))
    }

    pub(super) fn offset(
        &mut self,
        input: &LogicalPlan,
        count: &Expression,
    ) -> Result<TypedPlan, AnalysisError> {
        let offset = self.number("offset", "INVALID_LIMIT_LIKE_EXPRESSION", count)?;
        let input = self.analyze(input)?;
        Ok(limited(input, offset, None))
    }

    /// A number of rows, which depends on none.
    fn number(
        &self,
        word: &str,
        condition: &'static str,
        count: &Expression,
    ) -> Result<usize, AnalysisError> {
        let none = Schema::default();
        let typed = Resolver::new(&none, self.session).resolve(count)?;
        let context = Context {
            session: self.session,
            timestamp: 0,
        };
        let refused = |reason: &str| {
            AnalysisError::new(
                condition,
                format!(
                    "The {word} expression \"{}\" is invalid: {reason}.",
                    count.name()
                ),
            )
            .at(count.span)
        };
        if typed.data_type != DataType::Integer {
            return Err(refused("it must be of the type INT"));
        }
        match typed.value(&[], &context) {
            Ok(Value::Integer(number)) => {
                usize::try_from(number).map_err(|_| refused("it must not be negative"))
            }
            Ok(_) => Err(refused("it must not be NULL")),
            Err(failure) => Err(refused(failure.message())),
        }
    }
}

fn limited(input: TypedPlan, offset: usize, count: Option<usize>) -> TypedPlan {
    TypedPlan {
        schema: input.schema.clone(),
        node: TypedNode::Limit {
            input: Box::new(input),
            offset,
            count,
        },
    }
}
