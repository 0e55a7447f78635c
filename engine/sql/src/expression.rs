//! Expressions as they are written, before names and types are known.

use engine::{DataType, Text, Value};

use crate::attribute::Attribute;
use crate::external::ExternalFunction;
use crate::over::WindowSpec;
use crate::plan::LogicalPlan;
use crate::span::Span;

/// An expression over the columns of a table (`org.apache.spark.sql.Column`).
///
/// SQL text, the face in Rust and the one in Python make these, and meet in them.
///
/// ```
/// use engine_sql::Expression;
/// let doubled = Expression::call("*", [Expression::column("n"), Expression::from(2)]).alias("doubled");
/// assert_eq!(doubled.name(), "doubled");
/// ```
///
/// Two are equal wherever they stand in a text.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The kind.
    pub kind: Box<ExpressionKind>,
    /// Its place in the SQL text; `None` of one that was built by a program.
    pub span: Option<Span>,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A column, or a field of one: `a`, `t.a`, `t.a.b`.
    Column(Vec<Text>),
    /// A column of a table that the program has at hand: `table.a`.
    Attribute(Attribute),
    /// All columns of such a table.
    Attributes(Vec<Attribute>),
    /// All columns, of one table if it is named: `*`, `t.*`; or all fields of a struct column.
    Star(Vec<Text>),
    /// The same without some: `* EXCEPT (a, s.b)`.
    StarExcept {
        /// The table.
        table: Vec<Text>,
        /// The columns, or fields of columns.
        except: Vec<Vec<Text>>,
    },
    /// A value.
    Literal(Literal),
    /// A function of values, an operator, an aggregate function or a generator.
    Call(Call),
    /// A function of the program.
    External {
        /// The function.
        function: ExternalFunction,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// A value as another type.
    Cast {
        /// The value.
        operand: Expression,
        /// The type.
        to: DataType,
        /// A value that cannot be cast is `NULL`, also in ANSI mode (`try_cast`).
        is_try: bool,
    },
    /// A field of a struct, by its name.
    Field {
        /// The struct.
        operand: Expression,
        /// The field.
        name: Text,
    },
    /// An expression under a name; a generator may have several.
    Alias {
        /// The expression.
        operand: Expression,
        /// The names.
        names: Vec<Text>,
    },
    /// A function of elements of an array or a map: `x -> x + 1`.
    Lambda(Lambda),
    /// A value of a query.
    Subquery(Subquery),
    /// A function over the rows around each row: `rank() OVER (ORDER BY a)`.
    Over {
        /// The call of the function.
        function: Expression,
        /// The rows.
        window: WindowSpec,
    },
}

/// A query whose result is a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Subquery {
    /// The value.
    pub kind: SubqueryKind,
    /// The query.
    pub plan: LogicalPlan,
}

/// The value of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum SubqueryKind {
    /// The column of its only row: `(SELECT max(a) FROM t)`.
    Scalar,
    /// True if it has a row: `EXISTS (SELECT ..)`.
    Exists,
    /// True if this value is in one of its rows: `a IN (SELECT ..)`.
    In(Expression),
}

/// A value of a known type.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The value.
    pub value: Value,
    /// Its type.
    pub data_type: DataType,
}

/// A call of a function by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The name: of a function in lower case, or an operator such as `+` or `and`.
    pub function: Text,
    /// The arguments, as they were written.
    pub arguments: Vec<Expression>,
    /// Of an aggregate function: each value once (`count(DISTINCT a)`).
    pub is_distinct: bool,
    /// Of an aggregate function: the rows that count (`FILTER (WHERE ..)`).
    pub filter: Option<Expression>,
    /// Of `first`, `last` and the like: `NULL`s do not count (`IGNORE NULLS`).
    pub ignore_nulls: bool,
}

/// A function that an expression is handed: its parameters, and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Lambda {
    /// The names of its parameters.
    pub parameters: Vec<Text>,
    /// Its value.
    pub body: Expression,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.kind == other.kind
    }
}

impl Expression {
    /// An expression of no text.
    pub fn new(kind: ExpressionKind) -> Expression {
        Expression {
            kind: Box::new(kind),
            span: None,
        }
    }

    /// The column of this name.
    pub fn column(name: impl Into<Text>) -> Expression {
        Expression::new(ExpressionKind::Column(vec![name.into()]))
    }

    /// A value of a known type.
    pub fn literal(value: Value, data_type: DataType) -> Expression {
        Expression::new(ExpressionKind::Literal(Literal { value, data_type }))
    }

    /// `NULL`.
    pub fn null() -> Expression {
        Expression::literal(Value::Null, DataType::Null)
    }

    /// A call of a function.
    pub fn call(
        function: impl Into<Text>,
        arguments: impl IntoIterator<Item = Expression>,
    ) -> Expression {
        Expression::new(ExpressionKind::Call(Call {
            function: function.into(),
            arguments: arguments.into_iter().collect(),
            is_distinct: false,
            filter: None,
            ignore_nulls: false,
        }))
    }

    /// The value as another type (`CAST(.. AS ..)`).
    pub fn cast(self, to: DataType) -> Expression {
        Expression::new(ExpressionKind::Cast {
            operand: self,
            to,
            is_try: false,
        })
    }

    /// The expression under a name.
    pub fn alias(self, name: impl Into<Text>) -> Expression {
        let span = self.span;
        Expression::new(ExpressionKind::Alias {
            operand: self,
            names: vec![name.into()],
        })
        .at(span)
    }

    /// The expressions that it is made of.
    pub fn children(&self) -> Vec<&Expression> {
        match &*self.kind {
            ExpressionKind::Column(_)
            | ExpressionKind::Attribute(_)
            | ExpressionKind::Attributes(_)
            | ExpressionKind::Star(_)
            | ExpressionKind::StarExcept { .. }
            | ExpressionKind::Literal(_) => Vec::new(),
            ExpressionKind::Call(call) => call.arguments.iter().chain(&call.filter).collect(),
            ExpressionKind::External { arguments, .. } => arguments.iter().collect(),
            ExpressionKind::Cast { operand, .. }
            | ExpressionKind::Field { operand, .. }
            | ExpressionKind::Alias { operand, .. } => vec![operand],
            ExpressionKind::Lambda(lambda) => vec![&lambda.body],
            ExpressionKind::Over { function, window } => {
                let order = window.order.iter().map(|key| &key.expression);
                let rows = window.partition.iter().chain(order);
                [function].into_iter().chain(rows).collect()
            }
            ExpressionKind::Subquery(subquery) => match &subquery.kind {
                SubqueryKind::In(operand) => vec![operand],
                SubqueryKind::Scalar | SubqueryKind::Exists => Vec::new(),
            },
        }
    }

    /// The same expression, read from this place.
    pub fn at(mut self, span: Option<Span>) -> Expression {
        self.span = span;
        self
    }
}

macro_rules! literals {
    ($($type:ty => $value:ident),*) => {$(
        impl From<$type> for Expression {
            fn from(value: $type) -> Expression {
                Expression::literal(Value::$value(value.into()), DataType::$value)
            }
        }
    )*};
}

literals!(bool => Boolean, i8 => Byte, i16 => Short, i32 => Integer, i64 => Long, f32 => Float, f64 => Double, &str => String);
