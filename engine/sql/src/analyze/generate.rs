//! Generators: in a `SELECT`, and of a `LATERAL VIEW`.

use engine::Text;

use super::Analyzer;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::generator::TypedGenerator;
use crate::generators;
use crate::plan::{LogicalPlan, TypedGenerate, TypedNode, TypedPlan};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// The generator of a `SELECT`.
#[derive(Debug)]
pub(super) struct Generated {
    /// Its place among the columns.
    pub(super) place: usize,
}

impl Analyzer<'_> {
    /// The table with the columns of the generator that is among these columns, if there is one.
    pub(super) fn generated(
        &mut self,
        input: TypedPlan,
        columns: &[Expression],
    ) -> Result<(TypedPlan, Option<Generated>), AnalysisError> {
        let mut found = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| generator_call(column).is_some());
        let Some((place, column)) = found.next() else {
            return Ok((input, None));
        };
        if let Some((_, second)) = found.next() {
            return Err(AnalysisError::new(
                "UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
                format!("The generator is not supported: only one generator allowed per SELECT clause but found 2: \"{}\", \"{}\".", column.name(), second.name()),
            )
            .at(second.span));
        }
        let names = match &*column.kind {
            ExpressionKind::Alias { names, .. } => names.as_slice(),
            _ => &[],
        };
        let plan = self.generate(input, column, false, None, names)?;
        Ok((plan, Some(Generated { place })))
    }

    /// `LATERAL VIEW`.
    pub(super) fn lateral_view(
        &mut self,
        input: &LogicalPlan,
        generator: &Expression,
        outer: bool,
        table: Option<&Text>,
        names: &[Text],
    ) -> Result<TypedPlan, AnalysisError> {
        let input = self.analyze(input)?;
        self.generate(input, generator, outer, table, names)
    }

    fn generate(
        &mut self,
        input: TypedPlan,
        expression: &Expression,
        outer: bool,
        table: Option<&Text>,
        names: &[Text],
    ) -> Result<TypedPlan, AnalysisError> {
        let Some(call) = generator_call(expression) else {
            return Err(AnalysisError::new(
                "UNSUPPORTED_GENERATOR.NOT_GENERATOR",
                format!(
                    "The generator is not supported: \"{}\" is expected to be a generator.",
                    expression.name()
                ),
            )
            .at(expression.span));
        };
        let typed = self
            .typed_generator(call, &input.schema)
            .map_err(|error| error.at(expression.span))?;
        if !names.is_empty() && names.len() != typed.columns.len() {
            return Err(AnalysisError::new(
                "UDTF_ALIAS_NUMBER_MISMATCH",
                format!("The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF. Expected {} aliases, but got {}.", typed.columns.len(), names.join(",")),
            )
            .at(expression.span));
        }
        let outer = outer || typed.generator.is_outer;
        let columns = typed
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| Field {
                qualifier: table.cloned().into_iter().collect(),
                name: names.get(index).unwrap_or(&column.name).clone(),
                nullable: column.nullable || outer,
                ..Field::new("", column.data_type.clone())
            });
        let schema: Schema = input
            .schema
            .fields()
            .iter()
            .cloned()
            .chain(columns)
            .collect();
        Ok(TypedPlan {
            span: None,
            schema,
            node: TypedNode::Generate(TypedGenerate {
                input: Box::new(input),
                generator: typed,
                outer,
            }),
        })
    }

    /// Each row once for each element of an array, which stands behind its columns.
    pub(super) fn exploded(
        &self,
        input: TypedPlan,
        array: Typed,
    ) -> Result<TypedPlan, AnalysisError> {
        let generator = generators::find("explode").expect("it is in the table");
        let arguments = vec![array];
        let columns = (generator.columns)(&arguments, self.session)?;
        let fields = columns
            .iter()
            .map(|column| Field::new("", column.data_type.clone()));
        let schema = input.schema.fields().iter().cloned().chain(fields);
        Ok(TypedPlan {
            span: None,
            schema: schema.collect(),
            node: TypedNode::Generate(TypedGenerate {
                generator: TypedGenerator {
                    generator,
                    arguments,
                    columns,
                },
                outer: false,
                input: Box::new(input),
            }),
        })
    }

    fn typed_generator(
        &self,
        call: &Call,
        schema: &Schema,
    ) -> Result<TypedGenerator, AnalysisError> {
        let generator = generators::find(&call.function).expect("the call was looked up before");
        let mut resolver = self.resolver(schema);
        let arguments: Result<Vec<_>, _> = call
            .arguments
            .iter()
            .map(|it| resolver.resolve(it))
            .collect();
        let mut arguments = arguments?;
        generator
            .takes
            .coerce(generator.name, &mut arguments, self.session)?;
        let columns = (generator.columns)(&arguments, self.session)?;
        Ok(TypedGenerator {
            generator,
            arguments,
            columns,
        })
    }
}

/// The call of a generator, under a name or not.
fn generator_call(expression: &Expression) -> Option<&Call> {
    match &*expression.kind {
        ExpressionKind::Call(call) => generators::find(&call.function).map(|_| call),
        ExpressionKind::Alias { operand, .. } => generator_call(operand),
        _ => None,
    }
}
