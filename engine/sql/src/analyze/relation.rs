//! Tables: views, rows that are written down, and names for them.

use engine::{DataType, Row, Text};

use super::hidden::forget_hidden;
use super::{Analyzer, columns_of, projected};
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{LogicalPlan, TypedNode, TypedPlan};
use crate::resolve::{Resolver, common_type};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// A name without that of the only catalog and its only database.
fn unqualified(name: &[Text]) -> &[Text] {
    let is = |part: &Text, name| part.eq_ignore_ascii_case(name);
    match name {
        [catalog, database, table @ ..]
            if is(catalog, "spark_catalog") && is(database, "default") && !table.is_empty() =>
        {
            table
        }
        [database, table @ ..] if is(database, "default") && !table.is_empty() => table,
        _ => name,
    }
}

impl Analyzer<'_> {
    /// A query of `WITH`, or a view, under its name.
    pub(super) fn table(&mut self, name: &[Text]) -> Result<TypedPlan, AnalysisError> {
        let last = name.last().map_or("", Text::as_str);
        let full = unqualified(name).join(".");
        let with = self
            .tables
            .iter()
            .rposition(|(it, _)| it.eq_ignore_ascii_case(&full));
        let mut plan = if let Some(index) = with {
            // A query sees those before it, and not itself.
            let later = self.tables.split_off(index);
            let plan = self.analyze(&later[0].1);
            self.tables.extend(later);
            plan?
        } else if let Some(view) = self.catalog.get(&full) {
            self.used.insert(full);
            let around = std::mem::take(&mut self.tables);
            let plan = self.analyze(view);
            self.tables = around;
            plan?
        } else {
            let quoted: Vec<String> = name.iter().map(|part| format!("`{part}`")).collect();
            let error = AnalysisError::new(
                "TABLE_OR_VIEW_NOT_FOUND",
                format!("The table or view {} cannot be found.", quoted.join(".")),
            );
            let names: Vec<String> = self.catalog.names().map(|it| format!("`{it}`")).collect();
            return Err(error.with_help(if names.is_empty() {
                "there is no view in this session".to_owned()
            } else {
                format!("there are {}", names.join(", "))
            }));
        };
        forget_hidden(&mut plan);
        Ok(renamed(plan, &[last.into()], None))
    }

    /// The plan in which some queries have names.
    pub(super) fn with(
        &mut self,
        tables: &[(Text, LogicalPlan)],
        input: &LogicalPlan,
    ) -> Result<TypedPlan, AnalysisError> {
        let before = self.tables.len();
        self.tables.extend(tables.iter().cloned());
        let plan = self.analyze(input);
        self.tables.truncate(before);
        plan
    }

    pub(super) fn alias(
        &mut self,
        input: &LogicalPlan,
        name: &Text,
        columns: &[Text],
    ) -> Result<TypedPlan, AnalysisError> {
        let plan = self.analyze(input)?;
        let given = columns.len();
        let width = plan.schema.fields().len();
        if given > 0 && given != width {
            return Err(AnalysisError::new(
                "ASSIGNMENT_ARITY_MISMATCH",
                format!(
                    "The number of column aliases is {given}, and `{name}` has {width} columns."
                ),
            ));
        }
        let columns = (given > 0).then_some(columns);
        Ok(renamed(plan, std::slice::from_ref(name), columns))
    }

    /// Rows that are written down; each column has the type that all its values have room in.
    pub(super) fn values(&mut self, rows: &[Vec<Expression>]) -> Result<TypedPlan, AnalysisError> {
        let no_columns = Schema::default();
        let mut table = Vec::new();
        for row in rows {
            let mut resolver = Resolver::new(&no_columns, self.session);
            let values: Result<Vec<Typed>, _> =
                row.iter().map(|value| resolver.resolve(value)).collect();
            table.push(values?);
        }
        let width = table.first().map_or(0, Vec::len);
        if table.iter().any(|row| row.len() != width) {
            return Err(AnalysisError::new(
                "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                "Invalid inline table: all rows must have the same number of columns.",
            ));
        }
        let mut fields = Vec::new();
        for column in 0..width {
            let types = table.iter().map(|row| &row[column].data_type);
            let common: DataType = common_type(types, self.session).ok_or_else(|| {
                AnalysisError::new(
                    "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
                    format!(
                        "Invalid inline table: found incompatible types in the column `col{}`.",
                        column + 1
                    ),
                )
            })?;
            let mut nullable = false;
            for row in &mut table {
                row[column].cast_in_place(&common, self.session)?;
                nullable |= row[column].nullable;
            }
            fields.push(Field {
                nullable,
                ..Field::new(format!("col{}", column + 1), common)
            });
        }
        let schema = fields.into_iter().collect();
        let known = table.iter().map(|row| self.known(row));
        let node = match known.collect::<Result<Option<Vec<Row>>, _>>()? {
            Some(rows) => TypedNode::Rows(rows),
            None => TypedNode::Expand {
                input: Box::new(TypedPlan::one_row()),
                projections: table,
            },
        };
        Ok(TypedPlan {
            span: None,
            node,
            schema,
        })
    }

    /// The values of a row that depends on no moment.
    fn known(&self, row: &[Typed]) -> Result<Option<Row>, AnalysisError> {
        let values = row.iter().map(|value| value.try_constant(self.session));
        match values.collect::<Option<Result<Row, _>>>() {
            None => Ok(None),
            Some(Ok(row)) => Ok(Some(row)),
            Some(Err(failure)) => Err(AnalysisError::unclassified(failure.message().clone())),
        }
    }
}

/// The table under a name, with other names of its columns if they are given.
fn renamed(plan: TypedPlan, qualifier: &[Text], names: Option<&[Text]>) -> TypedPlan {
    let fields = plan.schema.fields().iter().enumerate();
    let schema: Schema = fields
        .map(|(index, field)| Field {
            qualifier: qualifier.to_vec(),
            name: names.map_or_else(|| field.name.clone(), |names| names[index].clone()),
            origin: field.origin.clone().filter(|_| names.is_none()),
            ..field.clone()
        })
        .collect();
    if names.is_some() {
        let columns = columns_of(&plan.schema);
        return projected(plan, columns, schema);
    }
    TypedPlan { schema, ..plan }
}
