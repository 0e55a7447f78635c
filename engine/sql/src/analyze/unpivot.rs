//! `UNPIVOT`: a row for each of some columns (`org.apache.spark.sql.catalyst.analysis.ResolveUnpivot`).

use engine::{DataType, Text, Value};

use super::{Analyzer, column_of};
use crate::error::AnalysisError;
use crate::plan::{TypedNode, TypedPlan, Unpivot};
use crate::resolve::common_type;
use crate::schema::Field;
use crate::typed::Typed;

impl Analyzer<'_> {
    pub(super) fn unpivot(&mut self, unpivot: &Unpivot) -> Result<TypedPlan, AnalysisError> {
        let input = self.analyze(&unpivot.input)?;
        let mut rows: Vec<Vec<Typed>> = Vec::new();
        let mut names: Vec<Text> = Vec::new();
        for (columns, name) in &unpivot.columns {
            let row = columns
                .iter()
                .map(|column| self.resolver(&input.schema).resolve(column));
            let row: Vec<Typed> = row.collect::<Result<_, _>>()?;
            if let Some(place) = row.iter().position(|it| it.as_column().is_none()) {
                let message = format!(
                    "UNPIVOT requires all given value expressions to be columns when no id expressions are given. These are \
                     not columns: [\"{}\"].",
                    columns[place].name()
                );
                let error = AnalysisError::new("UNPIVOT_REQUIRES_ATTRIBUTES", message);
                return Err(error.at(columns[place].span));
            }
            if row.len() != unpivot.values.len() {
                let message = "All unpivot value columns must have the same size as there are value column names.";
                return Err(AnalysisError::new("UNPIVOT_VALUE_SIZE_MISMATCH", message));
            }
            let of_columns = columns.iter().map(|column| column.name().to_string());
            let of_columns: Vec<String> = of_columns.collect();
            names.push(name.clone().unwrap_or_else(|| of_columns.join("_").into()));
            rows.push(row);
        }
        let read: Vec<usize> = rows.iter().flatten().filter_map(Typed::as_column).collect();
        let fields = input.schema.fields().iter().enumerate();
        let own: Vec<_> = fields.filter(|(index, _)| !read.contains(index)).collect();
        let mut schema: Vec<Field> = own.iter().map(|(_, field)| (*field).clone()).collect();
        schema.push(Field {
            nullable: false,
            ..Field::new(unpivot.name.clone(), DataType::String)
        });
        for (place, name) in unpivot.values.iter().enumerate() {
            schema.push(self.unpivoted(&mut rows, place, name)?);
        }
        let projections = rows.into_iter().zip(names).map(|(row, name)| {
            let own = own.iter().map(|(index, field)| column_of(*index, field));
            let name = Typed::literal(Value::String(name), DataType::String);
            own.chain([name]).chain(row).collect()
        });
        let projections = projections.collect();
        let values = schema.len() - unpivot.values.len();
        let is_set = (values..schema.len())
            .map(|index| self.call("isnotnull", vec![column_of(index, &schema[index])]));
        let is_set = is_set.collect::<Result<Vec<_>, _>>()?;
        let mut plan = TypedPlan {
            span: None,
            node: TypedNode::Expand {
                input: Box::new(input),
                projections,
            },
            schema: schema.into_iter().collect(),
        };
        if !unpivot.includes_nulls {
            let any = is_set.into_iter().map(Ok);
            let any = any.reduce(|one, other| self.call("or", vec![one?, other?]));
            plan.filter(any.transpose()?.into_iter().collect());
        }
        Ok(plan)
    }

    /// The column of the values at this place of all rows, which are cast to one type.
    fn unpivoted(
        &self,
        rows: &mut [Vec<Typed>],
        place: usize,
        name: &Text,
    ) -> Result<Field, AnalysisError> {
        let types = rows.iter().map(|row| &row[place].data_type);
        let Some(common) = common_type(types, self.session) else {
            let message = format!(
                "Unpivot value columns must share a least common type, some types do not: the columns of \"{name}\"."
            );
            return Err(AnalysisError::new(
                "UNPIVOT_VALUE_DATA_TYPE_MISMATCH",
                message,
            ));
        };
        let mut nullable = false;
        for row in rows {
            row[place].cast_in_place(&common, self.session)?;
            nullable |= row[place].nullable;
        }
        Ok(Field {
            nullable,
            ..Field::new(name.clone(), common)
        })
    }
}
