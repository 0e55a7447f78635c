//! The column that a name means (`AttributeSeq.resolve`).

use std::ops::Range;

use engine::{DataType, Text, Value};

use super::{Parameter, Resolver};
use crate::attribute::Attribute;
use crate::context::Session;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::function::Mismatch;
use crate::functions;
use crate::plan::LogicalPlan;
use crate::schema::{Field, column_of};
use crate::typed::{Typed, TypedKind};

impl Resolver<'_> {
    /// A parameter of a lambda, a column, or a field of one of these.
    pub(super) fn resolve_column(&self, name: &[Text]) -> Result<Typed, AnalysisError> {
        if let Some(parameter) = self.parameter(&name[0]) {
            return self.extract_all(parameter, &name[1..]);
        }
        let count = self.schema.fields().len();
        for scope in [0..self.visible, self.visible..count] {
            if let Some(column) = self.column_among(scope, name)? {
                return Ok(column);
            }
        }
        if let Some(window) = self.window_named(&name[0]) {
            return self.extract_all(window, &name[1..]);
        }
        let mut aliases = self.aliases.iter().rev();
        match aliases.find(|(alias, _)| alias.eq_ignore_ascii_case(&name[0])) {
            Some((_, typed)) => self.extract_all(typed.clone(), &name[1..]),
            None => self
                .outer_column(name)
                .ok_or_else(|| self.unknown_column(name)),
        }
    }

    /// A column of the row around the subquery, or a field of one.
    fn outer_column(&self, name: &[Text]) -> Option<Typed> {
        let outer = self.outer.as_ref()?;
        let mut typed = Resolver::new(outer, self.session)
            .resolve_column(name)
            .ok()?;
        typed.rewrite(&mut |part| {
            Some(Typed {
                kind: TypedKind::Outer(part.as_column()?),
                ..part.clone()
            })
        });
        Some(typed)
    }

    /// A column of those in a range, or a field of one. The longest qualifier that fits comes first.
    fn column_among(
        &self,
        scope: Range<usize>,
        name: &[Text],
    ) -> Result<Option<Typed>, AnalysisError> {
        for qualifiers in (0..name.len()).rev() {
            let (qualifier, rest) = name.split_at(qualifiers);
            let columns = self.schema.fields().iter().enumerate();
            let columns = columns.skip(scope.start).take(scope.len());
            let mut found = columns.filter(|(_, field)| {
                field.is_of(qualifier) && field.name.eq_ignore_ascii_case(&rest[0])
            });
            match (found.next(), found.next()) {
                (Some((index, field)), None) => {
                    let column = self.extract_all(column_of(index, field), &rest[1..]);
                    return column.map(Some);
                }
                (Some((_, one)), Some((_, other))) => return Err(ambiguous(name, one, other)),
                (None, _) => {}
            }
        }
        Ok(None)
    }

    /// A column by its identity.
    ///
    /// # Errors
    ///
    /// The table does not have it, or has it in the place of another one as well: its own table was joined with one that
    /// has the same columns (`DetectAmbiguousSelfJoin`).
    pub(super) fn resolve_attribute(&self, attribute: &Attribute) -> Result<Typed, AnalysisError> {
        let mut origins = self
            .schema
            .fields()
            .iter()
            .filter_map(|it| it.origin.as_ref());
        if origins.any(|origin| origin.is_in_place_of(attribute)) {
            return Err(AnalysisError::new(
                "_LEGACY_ERROR_TEMP_1182",
                format!(
                    "Column {} are ambiguous. It's probably because you joined several Datasets together, and some of these \
                     Datasets are the same. This column points to one of the Datasets but Spark is unable to figure out \
                     which one. Please alias the Datasets with different names via `Dataset.as` before joining them, and \
                     specify the column using qualified name, e.g. `df.as(\"a\").join(df.as(\"b\"), $\"a.id\" > $\"b.id\")`. \
                     You can also set spark.sql.analyzer.failAmbiguousSelfJoin to false to disable this check.",
                    attribute.name
                ),
            ));
        }
        let mut fields = self.schema.fields().iter().enumerate();
        let found = fields.find(|(_, field)| field.origin.as_ref() == Some(&attribute.origin));
        match found {
            Some((index, field)) => Ok(column_of(index, field)),
            None => Err(self.missing(attribute)),
        }
    }

    /// The column that a name means, or a field of one, by its identity: what is made of `table`, whose columns these
    /// are, has it whatever else is named like it (`Dataset.col`).
    ///
    /// # Errors
    ///
    /// An unknown name, or one of several columns.
    pub fn attribute(
        &self,
        name: &[Text],
        table: &LogicalPlan,
    ) -> Result<Expression, AnalysisError> {
        let columns = self.resolve_column(name)?.columns();
        let field = columns.first().map(|index| &self.schema.fields()[*index]);
        let Some(attribute) = field.and_then(|field| field.attribute(Some(table))) else {
            return Ok(Expression::new(ExpressionKind::Column(name.to_vec())));
        };
        let column = Expression::new(ExpressionKind::Attribute(attribute));
        let fields = name.iter().skip(self.qualifiers(name) + 1).cloned();
        Ok(fields.fold(column, |operand, name| {
            Expression::new(ExpressionKind::Field { operand, name })
        }))
    }

    /// The equality of a column with itself, where it is one of a column of the left table of a self-join with that of the
    /// right one (`Dataset.resolveSelfJoinCondition`).
    pub(super) fn of_both_tables(&self, call: &Call) -> Option<Call> {
        let width = self.left?;
        let [one, other] = &call.arguments[..] else {
            return None;
        };
        let columns = [one, other].map(|it| match &*it.kind {
            ExpressionKind::Attribute(attribute) => Some(&attribute.origin),
            _ => None,
        });
        let [Some(column), Some(same)] = columns else {
            return None;
        };
        if !matches!(call.function.as_str(), "=" | "<=>") || column != same {
            return None;
        }
        let mut of_left = self.schema.fields().iter().take(width);
        let mut of_right = self.schema.fields().iter().skip(width);
        let is_other = |field: &&Field| {
            let mut origins = field.origin.iter();
            origins.any(|origin| origin.replaces(column))
        };
        let left = of_left.find(|field| field.origin.as_ref() == Some(column))?;
        let right = of_right.find(is_other)?;
        Some(Call {
            arguments: vec![left.to_expression(), right.to_expression()],
            ..call.clone()
        })
    }

    fn missing(&self, attribute: &Attribute) -> AnalysisError {
        let fields = self.schema.fields().iter();
        let names: Vec<String> = fields.map(|field| format!("\"{}\"", field.name)).collect();
        let message = format!(
            "Resolved attribute(s) \"{}\" missing from {}",
            attribute.name,
            names.join(", ")
        );
        let mut fields = self.schema.fields().iter();
        if fields.any(|field| field.name == attribute.name) {
            return AnalysisError::new(
                "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_APPEAR_IN_OPERATION",
                format!(
                    "{message}. Attribute(s) with the same name appear in the operation: \"{}\". Please check if the right \
                     attribute(s) are used.",
                    attribute.name
                ),
            );
        }
        AnalysisError::new(
            "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
            message,
        )
    }

    /// The number of parts at the start of a name that name the table of a column.
    pub(crate) fn qualifiers(&self, name: &[Text]) -> usize {
        if self.parameter(&name[0]).is_some() {
            return 0;
        }
        let has_column = |qualifiers: &usize| {
            let (qualifier, rest) = name.split_at(*qualifiers);
            let mut fields = self.schema.fields().iter();
            fields.any(|field| field.is_of(qualifier) && field.name.eq_ignore_ascii_case(&rest[0]))
        };
        (0..name.len()).rev().find(has_column).unwrap_or(0)
    }

    fn parameter(&self, name: &str) -> Option<Typed> {
        let innermost_first = self.lambdas.iter().rev().enumerate();
        innermost_first
            .flat_map(|(depth, lambda)| {
                lambda
                    .iter()
                    .enumerate()
                    .map(move |(index, it)| (depth, index, it))
            })
            .find(|(_, _, parameter)| parameter.name.eq_ignore_ascii_case(name))
            .map(
                |(
                    depth,
                    index,
                    Parameter {
                        data_type,
                        nullable,
                        ..
                    },
                )| Typed {
                    kind: TypedKind::Variable { depth, index },
                    data_type: data_type.clone(),
                    nullable: *nullable,
                },
            )
    }

    fn extract_all(&self, value: Typed, names: &[Text]) -> Result<Typed, AnalysisError> {
        names.iter().try_fold(value, |value, name| {
            extract(value, name, self.session).map_err(AnalysisError::from)
        })
    }

    pub(super) fn unknown_column(&self, name: &[Text]) -> AnalysisError {
        let quoted = |parts: &[Text]| {
            let parts = parts
                .iter()
                .map(|part| format!("`{}`", part.replace('`', "``")));
            parts.collect::<Vec<_>>().join(".")
        };
        let message = format!(
            "A column or function parameter with name {} cannot be resolved.",
            quoted(name)
        );
        let mut columns: Vec<(usize, String)> = Vec::new();
        let last = name.last().map_or("", Text::as_str).to_lowercase();
        for field in self.schema.fields() {
            let mut parts = field.qualifier.clone();
            parts.push(field.name.clone());
            let distance = strsim::levenshtein(&last, &field.name.to_lowercase());
            columns.push((distance, quoted(&parts)));
        }
        if columns.is_empty() {
            return AnalysisError::new("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", message);
        }
        columns.sort_by_key(|(distance, _)| *distance);
        let columns: Vec<String> = columns
            .into_iter()
            .take(5)
            .map(|(_, column)| column)
            .collect();
        AnalysisError::new(
            "UNRESOLVED_COLUMN.WITH_SUGGESTION",
            format!(
                "{message} Did you mean one of the following? [{}].",
                columns.join(", ")
            ),
        )
    }
}

fn ambiguous(name: &[Text], one: &Field, other: &Field) -> AnalysisError {
    let full = |field: &Field| {
        let parts = field.qualifier.iter().chain([&field.name]);
        parts
            .map(|part| format!("`{part}`"))
            .collect::<Vec<_>>()
            .join(".")
    };
    let name = name
        .iter()
        .map(|part| format!("`{part}`"))
        .collect::<Vec<_>>()
        .join(".");
    AnalysisError::new(
        "AMBIGUOUS_REFERENCE",
        format!(
            "Reference {name} is ambiguous, could be: [{}, {}].",
            full(one),
            full(other)
        ),
    )
}

/// A field of a struct, the field of each struct of an array, or the value of a map for this key
/// (`org.apache.spark.sql.catalyst.expressions.ExtractValue`).
pub(super) fn extract(value: Typed, name: &Text, session: &Session) -> Result<Typed, Mismatch> {
    let name = Typed::literal(Value::String(name.clone()), DataType::String);
    let extract = functions::find("extract_value").expect("the function is in the table");
    extract.typed(vec![value, name], session)
}
