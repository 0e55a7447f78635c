//! Columns of a table, as a program writes them.

use engine::DataType;
use engine_sql::Expression;

/// An expression over the columns of a row (`org.apache.spark.sql.Column`).
///
/// ```
/// use engine_structured::functions::{col, lit};
/// let is_long = col("word").length().gt(lit(3)).and(col("word").is_not_null());
/// # let _ = is_long;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Column(pub(crate) Expression);

impl Column {
    /// The same expression under this name.
    pub fn alias(self, name: &str) -> Column {
        Column(self.0.alias(name))
    }

    /// The element of an array at this index, from 0. If the array is shorter, `NULL`; in Spark 4 the query fails.
    ///
    /// ```
    /// use engine_structured::functions::{col, split};
    /// let first_word = split(col("value"), " ").get_item(0);
    /// # let _ = first_word;
    /// ```
    pub fn get_item(self, index: usize) -> Column {
        let index = Expression::from(i32::try_from(index).unwrap_or(i32::MAX));
        Column(Expression::call("get_item", [self.0, index]))
    }

    /// The field of a struct of this name.
    pub fn get_field(self, name: &str) -> Column {
        let name = name.into();
        Column(Expression::new(engine_sql::ExpressionKind::Field {
            operand: self.0,
            name,
        }))
    }

    /// The value as this type. If it has none, `NULL`; in ANSI mode, as in Spark 4, the query fails.
    pub fn cast(self, to: DataType) -> Column {
        Column(self.0.cast(to))
    }

    fn call(function: &str, operands: impl IntoIterator<Item = Column>) -> Column {
        Column(Expression::call(
            function,
            operands.into_iter().map(|it| it.0),
        ))
    }
}

macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident => $sign:literal),* $(,)?) => {
        /// Operators. Each takes a column or a value.
        impl Column {
            $($(#[$doc])* pub fn $name(self, other: impl Into<Column>) -> Column {
                Column::call($sign, [self, other.into()])
            })*
        }
    };
}

operators! {
    /// `a = b`.
    eq_to => "=",
    /// `a <=> b`: `NULL` is equal to `NULL`.
    eq_null_safe => "<=>",
    /// `a < b`.
    lt => "<",
    /// `a <= b`.
    leq => "<=",
    /// `a > b`.
    gt => ">",
    /// `a >= b`.
    geq => ">=",
    /// `a AND b`.
    and => "and",
    /// `a OR b`.
    or => "or",
}

impl Column {
    /// `a <> b`.
    pub fn not_eq(self, other: impl Into<Column>) -> Column {
        !self.eq_to(other)
    }

    /// `a IS NULL`.
    pub fn is_null(self) -> Column {
        Column::call("isnull", [self])
    }

    /// `a IS NOT NULL`.
    pub fn is_not_null(self) -> Column {
        Column::call("isnotnull", [self])
    }

    /// The number of characters of a text.
    pub fn length(self) -> Column {
        Column::call("length", [self])
    }
}

/// `NOT a`.
impl std::ops::Not for Column {
    type Output = Column;

    fn not(self) -> Column {
        Column::call("not", [self])
    }
}

macro_rules! arithmetic {
    ($($operator:ident, $method:ident => $sign:literal);* $(;)?) => {$(
        impl<C: Into<Column>> std::ops::$operator<C> for Column {
            type Output = Column;

            fn $method(self, other: C) -> Column {
                Column::call($sign, [self, other.into()])
            }
        }
    )*};
}

arithmetic! {
    Add, add => "+";
    Sub, sub => "-";
    Mul, mul => "*";
    Div, div => "/";
    Rem, rem => "%";
}

impl From<Expression> for Column {
    fn from(expression: Expression) -> Column {
        Column(expression)
    }
}

impl From<Column> for Expression {
    fn from(column: Column) -> Expression {
        column.0
    }
}

/// The column of this name, or the field of one: `a.b`.
impl From<&str> for Column {
    fn from(name: &str) -> Column {
        let parts = name.split('.').map(Into::into).collect();
        let kind = match name {
            "*" => engine_sql::ExpressionKind::Star(Vec::new()),
            _ => engine_sql::ExpressionKind::Column(parts),
        };
        Column(Expression::new(kind))
    }
}

macro_rules! values {
    ($($value:ty),*) => {$(
        impl From<$value> for Column {
            fn from(value: $value) -> Column {
                Column(Expression::from(value))
            }
        }
    )*};
}

values!(bool, i32, i64, f64);

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
