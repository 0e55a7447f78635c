//! The logical plan: what a query says, before names are resolved.

use engine::{StreamSource, Text};

/// An expression over the columns of a row (`org.apache.spark.sql.Column`).
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub(crate) expression: Expression,
    pub(crate) alias: Option<Text>,
}

impl Column {
    /// The same expression under this name.
    pub fn alias(self, name: &str) -> Column {
        Column {
            alias: Some(name.into()),
            ..self
        }
    }

    pub(crate) fn of(expression: Expression) -> Column {
        Column {
            expression,
            alias: None,
        }
    }

    /// The name of the column in the result.
    pub(crate) fn name(&self) -> Text {
        self.alias.clone().unwrap_or_else(|| self.expression.name())
    }
}

/// What is computed for a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// A column of the table below, by name.
    Column(Text),
    /// The pieces of a text between separators: an array.
    Split(Box<Expression>, Text),
    /// A row for each element of an array.
    Explode(Box<Expression>),
}

impl Expression {
    fn name(&self) -> Text {
        match self {
            Expression::Column(name) => name.clone(),
            Expression::Split(text, separator) => {
                format!("split({}, {separator}, -1)", text.name()).into()
            }
            Expression::Explode(_) => "col".into(),
        }
    }
}

/// What a table is made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plan {
    /// The unbounded table `lines(value)` of a stream.
    Source {
        source: StreamSource,
        /// Whether the source has an offset before it has any data (`MB-2b`).
        counts_from_nothing: bool,
    },
    /// These columns of each row of the table below.
    Project {
        input: Box<Plan>,
        columns: Vec<Column>,
    },
    /// The rows of the table below that have the same key, counted.
    Count { input: Box<Plan>, key: Text },
}
