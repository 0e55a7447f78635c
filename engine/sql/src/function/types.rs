//! The types of the arguments and of the value of a function.

use engine::DataType;

use super::Mismatch;
use crate::context::Session;
use crate::typed::Typed;

/// The types of a function's arguments.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// These.
    Exactly(&'static [Type]),
    /// These, of which those after the first `required` may be left out.
    Optional {
        /// The number of arguments that there must be.
        required: usize,
        /// All parameters.
        parameters: &'static [Type],
    },
    /// These, and any number of the last one, be it none.
    Repeated {
        /// The parameters before the last.
        first: &'static [Type],
        /// The one that may be repeated.
        rest: Type,
        /// The number of arguments that there must be at least.
        least: usize,
    },
    /// At least this many, all cast to the one type that all have room in.
    Same(usize),
    /// Two operands, cast to one type by the rules of this kind of operator, which must be one of these.
    Operands(Operator, &'static [Type]),
    /// As the function says itself: it casts arguments, adds or replaces them.
    By(fn(&mut Vec<Typed>, &Session) -> Result<(), Mismatch>),
}

/// The kinds of operators of two operands, each with implicit casts of its own
/// (`org.apache.spark.sql.catalyst.expressions.BinaryOperator`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Of numbers (`BinaryArithmetic`).
    Arithmetic,
    /// A comparison (`BinaryComparison`).
    Comparison,
    /// `AND` and `OR`.
    Logic,
    /// `/` (`Division`).
    Division,
    /// `div` (`IntegralDivision`).
    WholeDivision,
}

/// A type, or one of several, that an argument is cast to where Spark does so by itself
/// (`ImplicitCastInputTypes`, `TypeCollection`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any, unchanged.
    Any,
    /// `BOOLEAN`.
    Boolean,
    /// `INT`.
    Integer,
    /// `BIGINT`.
    Long,
    /// `DOUBLE`.
    Double,
    /// `TINYINT`, `SMALLINT`, `INT` or `BIGINT`.
    Integral,
    /// Any number.
    Numeric,
    /// `FLOAT`.
    Float,
    /// `TINYINT`.
    Byte,
    /// `SMALLINT`.
    Short,
    /// A `DECIMAL` of any digits.
    Decimal,
    /// An interval of days to seconds, or of some of these units.
    DayTimeInterval,
    /// An interval of years to months, or of one of these units.
    YearMonthInterval,
    /// An interval of months, days and microseconds, of which there is no value here.
    CalendarInterval,
    /// `STRING`.
    String,
    /// `BINARY`.
    Binary,
    /// `STRING` or `BINARY`.
    StringOrBinary,
    /// `DATE`.
    Date,
    /// `TIMESTAMP`.
    Timestamp,
    /// `TIMESTAMP` or `TIMESTAMP_NTZ`.
    AnyTimestamp,
    /// An array of any elements.
    Array,
    /// An array of strings.
    StringArray,
    /// A map.
    Map,
    /// An array or a map.
    ArrayOrMap,
    /// A struct.
    Struct,
    /// A type that has an order.
    Ordered,
    /// A lambda.
    Lambda,
    /// One of these (`TypeCollection`).
    OneOf(&'static [Type]),
}

impl Type {
    /// The operands of operators of numbers.
    pub(crate) const NUMERIC_OR_INTERVAL: &'static [Type] = &[
        Type::Numeric,
        Type::DayTimeInterval,
        Type::YearMonthInterval,
        Type::CalendarInterval,
    ];

    /// The name of the type in a message.
    pub(crate) fn name(self) -> String {
        match self {
            Type::OneOf(types) => {
                let names: Vec<String> = types.iter().map(|it| it.name()).collect();
                return format!("({})", names.join(" or "));
            }
            Type::Float => "\"FLOAT\"",
            Type::Byte => "\"TINYINT\"",
            Type::Short => "\"SMALLINT\"",
            Type::Decimal => "\"DECIMAL\"",
            Type::DayTimeInterval => "\"INTERVAL DAY TO SECOND\"",
            Type::YearMonthInterval => "\"INTERVAL YEAR TO MONTH\"",
            Type::CalendarInterval => "\"INTERVAL\"",
            Type::Any => "any",
            Type::Boolean => "\"BOOLEAN\"",
            Type::Integer => "\"INT\"",
            Type::Long => "\"BIGINT\"",
            Type::Double => "\"DOUBLE\"",
            Type::Integral => "\"INTEGRAL\"",
            Type::Numeric => "\"NUMERIC\"",
            Type::String => "\"STRING\"",
            Type::Binary => "\"BINARY\"",
            Type::StringOrBinary => "(\"STRING\" or \"BINARY\")",
            Type::Date => "\"DATE\"",
            Type::Timestamp => "\"TIMESTAMP\"",
            Type::AnyTimestamp => "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"",
            Type::Array => "\"ARRAY\"",
            Type::StringArray => "\"ARRAY<STRING>\"",
            Type::Map => "\"MAP\"",
            Type::ArrayOrMap => "(\"ARRAY\" or \"MAP\")",
            Type::Struct => "\"STRUCT\"",
            Type::Ordered => "orderable",
            Type::Lambda => "\"LAMBDA\"",
        }
        .to_owned()
    }
}

/// The type of a function's value.
#[derive(Clone, Debug)]
pub enum Gives {
    /// This type.
    Type(DataType),
    /// The type of the argument of this index.
    Argument(usize),
    /// As the function says itself.
    By(fn(&[Typed], &Session) -> Result<DataType, Mismatch>),
}

/// When the value of a function may be `NULL`.
#[derive(Clone, Copy, Debug)]
pub enum Nulls {
    /// If an argument may be.
    Arguments,
    /// Never.
    Never,
    /// Always.
    Always,
    /// As the function says itself.
    By(fn(&[Typed], &Session) -> bool),
}
