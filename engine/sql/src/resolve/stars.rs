//! Stars among the arguments of a function: `struct(*)`, `hash(t.*)`.

use engine::Text;

use super::Resolver;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::schema::Field;

impl Resolver<'_> {
    /// The same call with the columns that each star stands for; `None` if there is no star, or all rows are counted.
    ///
    /// # Errors
    ///
    /// A star of one table is counted.
    pub(crate) fn spread(&self, call: &Call) -> Result<Option<Call>, AnalysisError> {
        let table = call
            .arguments
            .iter()
            .find_map(|argument| match &*argument.kind {
                ExpressionKind::Star(table) => Some(table),
                _ => None,
            });
        let Some(table) = table else {
            return Ok(None);
        };
        if call.function == *"count" && call.arguments.len() == 1 && !call.is_distinct {
            if table.is_empty() {
                return Ok(None);
            }
            let message = format!(
                "count(`{}`.*) is not allowed. Use count(*) or expand the columns manually, e.g. count(col1, col2).",
                table.join("`.`")
            );
            let condition = "INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT";
            return Err(AnalysisError::new(condition, message));
        }
        let arguments = call
            .arguments
            .iter()
            .flat_map(|argument| match &*argument.kind {
                ExpressionKind::Star(table) => self.columns_of(table),
                _ => vec![argument.clone()],
            });
        Ok(Some(Call {
            arguments: arguments.collect(),
            ..call.clone()
        }))
    }

    fn columns_of(&self, table: &[Text]) -> Vec<Expression> {
        let fields = self.schema.fields().iter();
        let fields = fields.filter(|field| field.is_of(table));
        fields.map(Field::to_expression).collect()
    }
}
