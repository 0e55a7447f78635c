//! The first rows, and those after them.

use engine::{DataType, Value};

use super::Analyzer;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{LogicalPlan, PlanKind, TypedNode, TypedPlan};
use crate::resolve::Resolver;
use crate::schema::Schema;
use crate::typed::Typed;

impl Analyzer<'_> {
    /// `LIMIT`, with the `OFFSET` right below it.
    pub(super) fn limit(
        &mut self,
        input: &LogicalPlan,
        count: &Expression,
    ) -> Result<TypedPlan, AnalysisError> {
        let count = self.number("limit", count)?;
        let (input, offset) = match &*input.kind {
            PlanKind::Offset { input, count } => (input, self.number("offset", count)?),
            _ => (input, 0),
        };
        let input = self.analyze(input)?;
        Ok(limited(input, offset, Some(count)))
    }

    pub(super) fn sample(
        &mut self,
        input: &LogicalPlan,
        fraction: f64,
        seed: i64,
    ) -> Result<TypedPlan, AnalysisError> {
        let input = Box::new(self.analyze(input)?);
        Ok(TypedPlan {
            span: None,
            schema: input.schema.clone(),
            node: TypedNode::Sample {
                input,
                fraction,
                seed,
            },
        })
    }

    pub(super) fn offset(
        &mut self,
        input: &LogicalPlan,
        count: &Expression,
    ) -> Result<TypedPlan, AnalysisError> {
        let offset = self.number("offset", count)?;
        let input = self.analyze(input)?;
        Ok(limited(input, offset, None))
    }

    /// A number of rows, which depends on none.
    fn number(&self, word: &str, count: &Expression) -> Result<usize, AnalysisError> {
        let refused = |condition, reason: String| {
            let text = count.name();
            let message = format!("The limit like expression \"{text}\" is invalid. {reason}");
            AnalysisError::new(condition, message).at(count.span)
        };
        let none = Schema::default();
        let typed = Resolver::new(&none, self.session).resolve(count);
        let Some(typed) = typed.ok().filter(Typed::is_foldable) else {
            return Err(refused(
                "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE",
                format!("The {word} expression must evaluate to a constant value."),
            ));
        };
        if typed.data_type != DataType::Integer {
            return Err(refused(
                "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
                format!(
                    "The {word} expression must be integer type, but got \"{}\".",
                    typed.data_type
                ),
            ));
        }
        let Some(Value::Integer(number)) = typed.constant(self.session) else {
            return Err(refused(
                "INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL",
                format!("The evaluated {word} expression must not be null."),
            ));
        };
        usize::try_from(number).map_err(|_| {
            refused(
                "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
                format!(
                    "The {word} expression must be equal to or greater than 0, but got {number}."
                ),
            )
        })
    }
}

fn limited(input: TypedPlan, offset: usize, count: Option<usize>) -> TypedPlan {
    TypedPlan {
        span: None,
        schema: input.schema.clone(),
        node: TypedNode::Limit {
            input: Box::new(input),
            offset,
            count,
        },
    }
}
