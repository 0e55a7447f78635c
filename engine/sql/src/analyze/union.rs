//! The rows of several tables, and each row once.

use engine::Text;

use super::{Analyzer, column_of, columns_of, projected};
use crate::error::AnalysisError;
use crate::plan::{Deduplicate, LogicalPlan, TypedNode, TypedPlan};
use crate::resolve::common_type;
use crate::schema::{Field, Schema};

impl Analyzer<'_> {
    /// The rows of all tables, their columns cast to one type each; the names are those of the first.
    pub(super) fn union(
        &mut self,
        inputs: &[LogicalPlan],
        by_name: bool,
    ) -> Result<TypedPlan, AnalysisError> {
        let mut plans = Vec::new();
        for input in inputs {
            let plan = self.analyze(input)?;
            plans.push(match plans.first() {
                Some(first) if by_name => in_order_of(plan, first)?,
                _ => plan,
            });
        }
        let Aligned { schema, plans } = self.same_types("UNION", plans)?;
        Ok(TypedPlan {
            span: None,
            schema,
            node: TypedNode::Union(plans),
        })
    }

    /// Tables of the same number of columns with each column cast to one type.
    pub(super) fn same_types(
        &self,
        operation: &str,
        plans: Vec<TypedPlan>,
    ) -> Result<Aligned, AnalysisError> {
        let width = plans
            .first()
            .map_or(0, |plan: &TypedPlan| plan.schema.fields().len());
        if let Some(other) = plans
            .iter()
            .find(|plan| plan.schema.fields().len() != width)
        {
            let given = other.schema.fields().len();
            return Err(AnalysisError::new(
                "NUM_COLUMNS_MISMATCH",
                format!(
                    "{operation} can only be performed on inputs with the same number of columns, but the first input has {width} columns and another input has {given} columns."
                ),
            ));
        }
        let mut fields = Vec::new();
        for column in 0..width {
            let of = plans.iter().map(|plan| &plan.schema.fields()[column]);
            let common = common_type(of.clone().map(|it| &it.data_type), self.session);
            let common = common.ok_or_else(|| {
                AnalysisError::new(
                    "INCOMPATIBLE_COLUMN_TYPE",
                    format!("{operation} can only be performed on tables with compatible column types; column {} differs.", column + 1),
                )
            })?;
            let first = &plans[0].schema.fields()[column];
            let is_kept = first.data_type == common;
            fields.push(Field {
                qualifier: Vec::new(),
                name: first.name.clone(),
                origin: first.origin.clone().filter(|_| is_kept),
                data_type: common,
                nullable: of.clone().any(|it| it.nullable),
                is_event_time: of.clone().all(|it| it.is_event_time),
            });
        }
        let schema: Schema = fields.into_iter().collect();
        let plans = plans.into_iter().map(|plan| self.cast_all(plan, &schema));
        let plans = plans.collect::<Result<_, _>>()?;
        Ok(Aligned { schema, plans })
    }

    fn cast_all(&self, plan: TypedPlan, schema: &Schema) -> Result<TypedPlan, AnalysisError> {
        let types = plan.schema.fields().iter().map(|field| &field.data_type);
        if types.eq(schema.fields().iter().map(|field| &field.data_type)) {
            return Ok(plan);
        }
        let mut columns = columns_of(&plan.schema);
        for (column, field) in columns.iter_mut().zip(schema.fields()) {
            column.cast_in_place(&field.data_type, self.session)?;
        }
        let fields = plan.schema.fields().iter().zip(&columns);
        let fields: Schema = fields
            .map(|(field, column)| Field {
                data_type: column.data_type.clone(),
                nullable: column.nullable,
                ..field.clone()
            })
            .collect();
        Ok(projected(plan, columns, fields))
    }

    /// `SELECT DISTINCT`: an aggregation without aggregates.
    pub(super) fn distinct(&mut self, input: &LogicalPlan) -> Result<TypedPlan, AnalysisError> {
        let input = self.analyze(input)?;
        Ok(each_once(input))
    }

    pub(super) fn deduplicate(
        &mut self,
        input: &LogicalPlan,
        keys: &[Text],
        within_watermark: bool,
    ) -> Result<TypedPlan, AnalysisError> {
        let input = self.analyze(input)?;
        let mut indices = Vec::new();
        for key in keys {
            index_of(&input.schema, key)?;
            let fields = input.schema.fields().iter().enumerate();
            let named = fields.filter(|(_, field)| field.name.eq_ignore_ascii_case(key));
            for (index, _) in named {
                if !indices.contains(&index) {
                    indices.push(index);
                }
            }
        }
        if keys.is_empty() {
            indices = (0..input.schema.fields().len()).collect();
        }
        Ok(TypedPlan {
            span: None,
            schema: input.schema.clone(),
            node: TypedNode::Deduplicate(Deduplicate {
                input: Box::new(input),
                keys: indices,
                within_watermark,
            }),
        })
    }
}

/// Tables whose columns have the same types, and the columns of all their rows.
#[derive(Debug)]
pub(super) struct Aligned {
    pub(super) schema: Schema,
    pub(super) plans: Vec<TypedPlan>,
}

/// The rows of a table, each once: an aggregation without aggregates.
pub(super) fn each_once(input: TypedPlan) -> TypedPlan {
    TypedPlan {
        span: None,
        schema: input.schema.clone(),
        node: TypedNode::Aggregate {
            keys: columns_of(&input.schema),
            input: Box::new(input),
            session: None,
            aggregates: Vec::new(),
        },
    }
}

/// The place of the column of this name.
pub(super) fn index_of(schema: &Schema, name: &Text) -> Result<usize, AnalysisError> {
    let mut fields = schema.fields().iter();
    fields
        .position(|field| field.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            let names: Vec<String> = schema
                .fields()
                .iter()
                .map(|field| field.name.to_string())
                .collect();
            AnalysisError::unclassified(format!(
                "Cannot resolve column name \"{name}\" among ({}).",
                names.join(", ")
            ))
        })
}

/// The columns of a table in the order that another one has them by their names.
fn in_order_of(plan: TypedPlan, first: &TypedPlan) -> Result<TypedPlan, AnalysisError> {
    let mut columns = Vec::new();
    let mut fields = Vec::new();
    for field in first.schema.fields() {
        let index = index_of(&plan.schema, &field.name)?;
        columns.push(column_of(index, &plan.schema.fields()[index]));
        fields.push(plan.schema.fields()[index].clone());
    }
    Ok(projected(plan, columns, fields.into_iter().collect()))
}
