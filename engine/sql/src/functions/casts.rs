//! Functions that are named by a type, and cast their argument to it (`FunctionRegistry.castAlias`).

use engine::DataType;

use crate::context::Session;
use crate::function::{ColumnText, Evaluate, Function, Gives, Mismatch, Takes};
use crate::resolve::check_count;
use crate::typed::Typed;

/// A function that casts to a type.
macro_rules! cast_to {
    ($name:literal, $to:expr) => {
        Function::new(
            $name,
            Takes::By(|arguments, session| cast($name, arguments, &$to, session)),
            Gives::Argument(0),
            Evaluate::Eager(|values, _| Ok(values[0].clone())),
        )
        .text(ColumnText::By(|arguments| arguments.join(", ")))
    };
}

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    cast_to!("boolean", DataType::Boolean),
    cast_to!("tinyint", DataType::Byte),
    cast_to!("smallint", DataType::Short),
    cast_to!("int", DataType::Integer),
    cast_to!("bigint", DataType::Long),
    cast_to!("float", DataType::Float),
    cast_to!("double", DataType::Double),
    cast_to!("decimal", DECIMAL),
    cast_to!("date", DataType::Date),
    cast_to!("timestamp", DataType::Timestamp),
    cast_to!("binary", DataType::Binary),
    cast_to!("string", DataType::String),
];

/// `DECIMAL` without digits.
const DECIMAL: DataType = DataType::Decimal {
    precision: 10,
    scale: 0,
};

fn cast(
    function: &str,
    arguments: &mut [Typed],
    to: &DataType,
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(function, arguments.len(), 1, Some(1))?;
    arguments[0].cast_in_place(to, session)
}
