//! The columns of a table while a plan is resolved: their names and types.

use std::sync::Arc;

use engine::{DataType, StructField, Text};

use crate::attribute::{Attribute, Origin};
use crate::expression::{Expression, ExpressionKind};
use crate::plan::LogicalPlan;
use crate::typed::Typed;

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
    /// Its identity; `None` of a column that is about to be made.
    pub origin: Option<Origin>,
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
            origin: None,
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

    /// Returns true if an expression is the name of the column, or of a field of it, or the column itself.
    pub(crate) fn is_named_by(&self, expression: &Expression) -> bool {
        match &*expression.kind {
            ExpressionKind::Attribute(attribute) => self.origin.as_ref() == Some(&attribute.origin),
            ExpressionKind::Column(path) => (0..path.len()).any(|qualifiers| {
                self.is_of(&path[..qualifiers]) && self.name.eq_ignore_ascii_case(&path[qualifiers])
            }),
            _ => false,
        }
    }

    /// The column by its identity, if it has one, as one of a table that the program has at hand.
    pub fn attribute(&self, table: Option<&LogicalPlan>) -> Option<Attribute> {
        Some(Attribute {
            origin: self.origin.clone()?,
            name: self.name.clone(),
            table: table.cloned(),
        })
    }

    /// The column, by its identity or else by its name and that of its table.
    pub(crate) fn to_expression(&self) -> Expression {
        if let Some(attribute) = self.attribute(None) {
            return Expression::new(ExpressionKind::Attribute(attribute));
        }
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

    /// The same columns, where those that have no identity are of this plan.
    pub(crate) fn made_by(self, plan: &LogicalPlan) -> Schema {
        if self.0.iter().all(|field| field.origin.is_some()) {
            return self;
        }
        let fields = self.0.iter().enumerate().map(|(index, field)| Field {
            origin: field
                .origin
                .clone()
                .or_else(|| Some(Origin::new(plan, index))),
            ..field.clone()
        });
        fields.collect()
    }

    /// Returns true if two expressions over the columns are the same, or are one column that is there twice.
    pub fn has_as_one(&self, one: &Typed, other: &Typed) -> bool {
        let column = |typed: &Typed| self.fields().get(typed.as_column()?);
        let is_one_column = |one: &Field, other: &Field| {
            one.origin.is_some() && one.origin == other.origin && one.name == other.name
        };
        one.is_same(other)
            || matches!((column(one), column(other)), (Some(one), Some(other)) if is_one_column(one, other))
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

/// The column of a table at this place.
pub(crate) fn column_of(index: usize, field: &Field) -> Typed {
    Typed::column(index, field.data_type.clone(), field.nullable)
}
