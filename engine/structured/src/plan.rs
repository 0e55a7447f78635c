//! The logical plan of a query, before names are resolved.

use std::time::Duration;

use engine::{DataType, StreamSource, Text};

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

    /// The element of an array at this index, from 0. If the array is shorter, `NULL`; in Spark 4 the query fails.
    ///
    /// ```
    /// use engine_structured::functions::{col, split};
    /// let first_word = split(col("value"), " ").get_item(0);
    /// # let _ = first_word;
    /// ```
    pub fn get_item(self, index: usize) -> Column {
        Column::of(Expression::GetItem(Box::new(self.expression), index))
    }

    /// The value as this type. If it has none, `NULL`; in Spark 4 the query fails.
    ///
    /// A `STRING`, a `BIGINT` or a `TIMESTAMP` can be cast to a `BIGINT`: a text to the decimal number that it
    /// is, and a time to the seconds since the epoch, rounded down. A number with a fraction is cut off, and in Spark 4
    /// has no value. A query with another cast is refused.
    pub fn cast(self, to: DataType) -> Column {
        Column::of(Expression::Cast(Box::new(self.expression), to))
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

/// The column of this name.
impl From<&str> for Column {
    fn from(name: &str) -> Column {
        Column::of(Expression::Column(name.into()))
    }
}

/// One column or several: a name, a [`Column`], or an array of either.
///
/// ```
/// use engine_structured::{IntoColumns, functions::col};
/// assert_eq!("word".into_columns(), [col("word")]);
/// assert_eq!(["year", "word"].into_columns(), [col("year"), col("word")]);
/// ```
pub trait IntoColumns {
    /// The columns, in the order written.
    fn into_columns(self) -> Vec<Column>;
}

impl IntoColumns for &str {
    fn into_columns(self) -> Vec<Column> {
        vec![self.into()]
    }
}

impl IntoColumns for Column {
    fn into_columns(self) -> Vec<Column> {
        vec![self]
    }
}

impl<C: Into<Column>, const N: usize> IntoColumns for [C; N] {
    fn into_columns(self) -> Vec<Column> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<C: Into<Column>> IntoColumns for Vec<C> {
    fn into_columns(self) -> Vec<Column> {
        self.into_iter().map(Into::into).collect()
    }
}

/// The expression of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// A column of the table below, by name.
    Column(Text),
    /// The pieces of a text between separators: an array.
    Split(Box<Expression>, Text),
    /// The number of characters of a text.
    Length(Box<Expression>),
    /// A row for each element of an array.
    Explode(Box<Expression>),
    /// An element of an array.
    GetItem(Box<Expression>, usize),
    /// A value as another type.
    Cast(Box<Expression>, DataType),
    /// A time by its seconds since the epoch.
    TimestampSeconds(Box<Expression>),
    /// The tumbling window of this length that a time lies in.
    Window(Box<Expression>, Duration),
}

impl Expression {
    /// The name of a column of this expression.
    fn name(&self) -> Text {
        match self {
            Expression::Column(name) => name.clone(),
            Expression::Split(text, separator) => {
                format!("split({}, {separator}, -1)", text.text()).into()
            }
            Expression::Length(text) => format!("length({})", text.text()).into(),
            Expression::Explode(_) => "col".into(),
            Expression::GetItem(array, index) => format!("{}[{index}]", array.text()).into(),
            // A column that is cast keeps its name (`Column.named`).
            Expression::Cast(value, _) => match **value {
                Expression::Column(ref name) => name.clone(),
                _ => self.text(),
            },
            Expression::TimestampSeconds(seconds) => {
                format!("timestamp_seconds({})", seconds.text()).into()
            }
            Expression::Window(..) => "window".into(),
        }
    }

    /// The text of the expression as part of another one.
    fn text(&self) -> Text {
        match self {
            Expression::Cast(value, to) => format!("CAST({} AS {to})", value.text()).into(),
            _ => self.name(),
        }
    }
}

/// A table and the tables that it is made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LogicalPlan {
    /// The unbounded table `lines(value)` of a stream.
    Source {
        source: StreamSource,
        /// Batch 0 is empty, whatever has come (`MB-2b`).
        starts_empty: bool,
        /// The most files of a micro-batch, of a source that has files.
        max_files: Option<usize>,
    },
    /// These columns of each row of the table below.
    Project {
        input: Box<LogicalPlan>,
        columns: Vec<Column>,
    },
    /// The table below, whose times in this column bound the lateness of rows.
    Watermark {
        input: Box<LogicalPlan>,
        column: Text,
        delay: Duration,
    },
    /// The rows of the table below, each once (`DD-1`).
    Distinct {
        input: Box<LogicalPlan>,
        /// The columns of the key, all of the table's.
        columns: Vec<Text>,
    },
    /// The rows of the table below that have the same key, counted.
    Count {
        input: Box<LogicalPlan>,
        keys: Vec<Column>,
    },
}
