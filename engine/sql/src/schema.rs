//! The columns of a table while a plan is resolved: their names and types.

use std::sync::Arc;

use engine::{DataType, StructField, Text};

use crate::expression::{Expression, ExpressionKind};

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The table that it can be named by, innermost last (`t` of `t.a`).
    pub qualifier: Vec<Text>,
    /// Its name.
    pub name: Text,
    /// Its type.
    pub data_type: DataType,
    /// It may be `NULL`.
    pub nullable: bool,
    /// It is the column with a watermark, or a window over it (`WM-9`).
    pub is_event_time: bool,
}

impl Field {
    /// A column of no table, that may be `NULL`.
    pub fn new(name: impl Into<Text>, data_type: DataType) -> Field {
        Field {
            qualifier: Vec::new(),
            name: name.into(),
            data_type,
            nullable: true,
            is_event_time: false,
        }
    }
}

impl Field {
    /// Returns true if it is a column of the table of this name, in which the parts of a longer name may be left out at the
    /// start.
    pub(crate) fn is_of(&self, table: &[Text]) -> bool {
        let start = self.qualifier.len().checked_sub(table.len());
        start.is_some_and(|start| {
            let mut parts = self.qualifier[start..].iter().zip(table);
            parts.all(|(one, other)| one.eq_ignore_ascii_case(other))
        })
    }

    /// The column by its name, and that of its table.
    pub(crate) fn to_expression(&self) -> Expression {
        let path = self.qualifier.iter().chain([&self.name]).cloned();
        Expression::new(ExpressionKind::Column(path.collect()))
    }
}

/// The columns of a table, in order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Schema(pub Arc<[Field]>);

impl Schema {
    /// The columns.
    pub fn fields(&self) -> &[Field] {
        &self.0
    }

    /// The columns as the fields of a struct.
    pub fn to_struct(&self) -> Vec<StructField> {
        let fields = self.0.iter().map(|field| StructField {
            name: field.name.clone(),
            data_type: field.data_type.clone(),
            nullable: field.nullable,
        });
        fields.collect()
    }
}

impl FromIterator<Field> for Schema {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Schema {
        Schema(fields.into_iter().collect())
    }
}
