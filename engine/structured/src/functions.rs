//! Functions on columns (`org.apache.spark.sql.functions`).

use crate::plan::{Column, Expression};

/// The column of this name.
pub fn col(name: &str) -> Column {
    Column::of(Expression::Column(name.into()))
}

/// The pieces of a text between separators, empty ones too, as an array.
///
/// In Spark the separator is a regular expression; here it must be one that means itself, or the
/// query is refused.
pub fn split(text: Column, separator: &str) -> Column {
    Column::of(Expression::Split(
        Box::new(text.expression),
        separator.into(),
    ))
}

/// A row for each element of an array.
pub fn explode(array: Column) -> Column {
    Column::of(Expression::Explode(Box::new(array.expression)))
}
