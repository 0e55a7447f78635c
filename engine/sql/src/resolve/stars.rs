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
            ExpressionKind::StarExcept { table, except } => {
                let columns = self.star_except(table, except);
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

    /// The columns of a star without some, or without fields of some.
    fn star_except(
        &self,
        table: &[Text],
        except: &[Vec<Text>],
    ) -> Result<Vec<Expression>, AnalysisError> {
        let mut columns: Vec<Option<Expression>> =
            self.star(table)?.into_iter().map(Some).collect();
        let names: Vec<Text> = columns.iter().flatten().map(|it| self.name(it)).collect();
        let mut known: Vec<(usize, &[Text])> = Vec::new();
        for path in except {
            let written = Expression::new(ExpressionKind::Column(path.clone()));
            let of_table = self
                .schema
                .fields()
                .iter()
                .find(|it| it.is_named_by(&written));
            let qualifiers = of_table.map_or(0, |_| self.qualifiers(path));
            let name = &path[qualifiers];
            let place = names
                .iter()
                .position(|known| known.eq_ignore_ascii_case(name));
            let place = place.ok_or_else(|| self.unknown_column(path))?;
            let fields = &path[qualifiers + 1..];
            let overlaps = |(other, others): &(usize, &[Text])| {
                let mut both = others.iter().zip(fields);
                *other == place && both.all(|(one, other)| one.eq_ignore_ascii_case(other))
            };
            if known.iter().any(overlaps) {
                return Err(AnalysisError::new(
                    "EXCEPT_OVERLAPPING_COLUMNS",
                    format!(
                        "Columns in an EXCEPT list must be distinct and non-overlapping, but got ({}).",
                        except
                            .iter()
                            .map(|it| it.join("."))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                ));
            }
            known.push((place, fields));
            let column = columns[place].take();
            if let (Some(column), [_, ..]) = (column, fields) {
                let rest = self.without_field(column, fields)?;
                columns[place] = Some(rest.alias(names[place].clone()));
            }
        }
        Ok(columns.into_iter().flatten().collect())
    }

    /// A struct without a field, or without one of a field.
    fn without_field(
        &self,
        structure: Expression,
        path: &[Text],
    ) -> Result<Expression, AnalysisError> {
        let data_type = self.peek(&structure).map(|it| it.data_type);
        let Some(DataType::Struct(fields)) = data_type else {
            return Err(AnalysisError::new(
                "EXCEPT_NESTED_COLUMN_INVALID_TYPE",
                format!(
                    "EXCEPT column `{}` was resolved and expected to be StructType, but found another type.",
                    structure.name()
                ),
            ));
        };
        let mut parts = Vec::new();
        let mut is_found = false;
        for field in fields {
            let value = Expression::new(ExpressionKind::Field {
                operand: structure.clone(),
                name: field.name.clone(),
            });
            let is_it = field.name.eq_ignore_ascii_case(&path[0]);
            is_found |= is_it;
            let value = match &path[1..] {
                _ if !is_it => value,
                [] => continue,
                rest => self.without_field(value, rest)?,
            };
            parts.extend([Expression::from(field.name.as_str()), value]);
        }
        if is_found {
            return Ok(Expression::call("named_struct", parts));
        }
        Err(self.unknown_column(path))
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
