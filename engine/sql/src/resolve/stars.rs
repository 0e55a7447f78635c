//! Stars: in a `SELECT`, and among the arguments of a function (`struct(*)`, `hash(t.*)`).

use engine::{DataType, SparkVersion, Text};

use super::Resolver;
use crate::context::Session;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::schema::Field;

impl Resolver<'_> {
    /// The same call with the columns that each star stands for; `None` if there is no star, or all rows are counted.
    ///
    /// # Errors
    ///
    /// A star of no table and no struct, or one of a table that is counted.
    pub(crate) fn spread(&self, call: &Call) -> Result<Option<Call>, AnalysisError> {
        let star = call.arguments.iter().find(|argument| argument.is_star());
        let Some(star) = star else {
            return Ok(self.with_message(call));
        };
        if call.function == *"count" && call.arguments.len() == 1 && !call.is_distinct {
            return match &*star.kind {
                ExpressionKind::Star(table) if !table.is_empty() => {
                    Err(count_of_table(table, self.session).at(star.span))
                }
                _ => Ok(None),
            };
        }
        let mut arguments = Vec::new();
        for argument in &call.arguments {
            arguments.extend(self.without_star(argument)?);
        }
        Ok(Some(Call {
            arguments,
            ..call.clone()
        }))
    }

    /// The call with the message that `assert_true` makes of its condition, if it has none (`AssertTrue`). Columns have
    /// no numbers in it.
    fn with_message(&self, call: &Call) -> Option<Call> {
        let [condition] = &call.arguments[..] else {
            return None;
        };
        if call.function != *"assert_true" {
            return None;
        }
        let message = format!("'{}' is not true!", self.name(condition));
        Some(Call {
            arguments: vec![condition.clone(), Expression::from(message.as_str())],
            ..call.clone()
        })
    }

    /// An expression, or those that it stands for if it is a star.
    ///
    /// # Errors
    ///
    /// A star of no table and no struct.
    pub(crate) fn without_star(
        &self,
        expression: &Expression,
    ) -> Result<Vec<Expression>, AnalysisError> {
        match &*expression.kind {
            ExpressionKind::Star(table) => {
                let columns = self.star(table);
                columns.map_err(|error| error.at(expression.span))
            }
            ExpressionKind::Attributes(columns) => {
                let columns = columns.iter().cloned().map(ExpressionKind::Attribute);
                Ok(columns.map(Expression::new).collect())
            }
            _ => Ok(vec![expression.clone()]),
        }
    }

    /// The columns of all tables, or of one, or the fields of a struct.
    fn star(&self, table: &[Text]) -> Result<Vec<Expression>, AnalysisError> {
        let fields = self.schema.fields().iter().take(self.visible);
        let fields = fields.filter(|field| field.is_of(table));
        let columns: Vec<Expression> = fields.map(Field::to_expression).collect();
        if !columns.is_empty() || table.is_empty() {
            return Ok(columns);
        }
        let structure = Expression::new(ExpressionKind::Column(table.to_vec()));
        let Some(DataType::Struct(fields)) = self.peek(&structure).map(|it| it.data_type) else {
            return Err(self.unknown_star(table));
        };
        let fields = fields.into_iter().map(|field| {
            Expression::new(ExpressionKind::Field {
                operand: structure.clone(),
                name: field.name.clone(),
            })
            .alias(field.name)
        });
        Ok(fields.collect())
    }

    fn unknown_star(&self, table: &[Text]) -> AnalysisError {
        let fields = self.schema.fields().iter();
        let columns: Vec<String> = fields.map(|field| field.name.to_string()).collect();
        AnalysisError::new(
            "CANNOT_RESOLVE_STAR_EXPAND",
            format!(
                "Cannot resolve `{}`.* given input columns {}. Please check that the specified table or struct exists and is \
                 accessible in the input columns.",
                table.join("`.`"),
                columns.join(", ")
            ),
        )
    }
}

fn count_of_table(table: &[Text], session: &Session) -> AnalysisError {
    let join = |quote: &str| {
        let parts = table.iter().map(|part| format!("{quote}{part}{quote}"));
        parts.collect::<Vec<_>>().join(".")
    };
    let (condition, table) = match session.spark {
        SparkVersion::V3_5 => ("_LEGACY_ERROR_TEMP_1021", join("")),
        SparkVersion::V4 => (
            "INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT",
            join("`"),
        ),
    };
    let message = format!(
        "count({table}.*) is not allowed. Please use count(*) or expand the columns manually, e.g. count(col1, col2)."
    );
    AnalysisError::new(condition, message)
}
