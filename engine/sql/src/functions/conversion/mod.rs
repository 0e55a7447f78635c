//! Values as texts and texts as values (`stringExpressions.scala`, `mathExpressions.scala`, `numberFormatExpressions.scala`).

mod bytes;
mod chosen;
mod digits;
mod format_number;
mod format_string;
mod number_pattern;
mod numbers;

use engine::{DataType, Failure, SparkVersion, Value};

use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Nulls, Takes, Type};
use crate::functions::values::string;

const STRING: Gives = Gives::Type(DataType::String);
const BINARY: Gives = Gives::Type(DataType::Binary);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "hex",
        Takes::By(bytes::hex_types),
        STRING,
        Evaluate::Strict(bytes::hex),
    ),
    Function::new(
        "unhex",
        Takes::Exactly(&[Type::String]),
        BINARY,
        Evaluate::Strict(bytes::unhex),
    )
    .nulls(Nulls::Always),
    Function::new(
        "base64",
        Takes::Exactly(&[Type::Binary]),
        STRING,
        Evaluate::Strict(bytes::base64),
    ),
    Function::new(
        "unbase64",
        Takes::Exactly(&[Type::String]),
        BINARY,
        Evaluate::Strict(bytes::unbase64),
    ),
    Function::new(
        "encode",
        Takes::Exactly(&[Type::String, Type::String]),
        BINARY,
        Evaluate::Strict(bytes::encode),
    )
    .nulls(Nulls::By(|arguments, session| {
        // In Spark 4 it is a call of a method of the JVM, of which nothing is known.
        session.spark >= SparkVersion::V4 || arguments.iter().any(|it| it.nullable)
    })),
    Function::new(
        "decode",
        Takes::By(chosen::decode_types),
        Gives::By(chosen::decode_type),
        Evaluate::Lazy(chosen::decode),
    )
    .nulls(Nulls::By(chosen::decode_nullable)),
    Function::new(
        "to_binary",
        Takes::By(bytes::to_binary_types),
        BINARY,
        Evaluate::Strict(bytes::to_binary),
    )
    .nulls(Nulls::By(bytes::to_binary_nullable)),
    Function::new(
        "try_to_binary",
        Takes::Optional {
            required: 1,
            parameters: &[Type::String, Type::String],
        },
        BINARY,
        Evaluate::Strict(bytes::try_to_binary),
    )
    .nulls(Nulls::Always),
    Function::new(
        "chr",
        Takes::Exactly(&[Type::Long]),
        STRING,
        Evaluate::Strict(chr),
    )
    .aliases(&["char"]),
    Function::new(
        "to_number",
        Takes::Exactly(&[Type::String, Type::String]),
        Gives::By(numbers::number_type),
        Evaluate::Prepared(numbers::to_number),
    ),
    Function::new(
        "try_to_number",
        Takes::Exactly(&[Type::String, Type::String]),
        Gives::By(numbers::number_type),
        Evaluate::Prepared(numbers::try_to_number),
    )
    .nulls(Nulls::Always),
    Function::new(
        "to_char",
        Takes::By(numbers::char_types),
        STRING,
        Evaluate::Prepared(numbers::to_char),
    )
    .instead(numbers::char_of_other)
    .aliases(&["to_varchar"])
    .text(ColumnText::Named("to_char")),
    Function::new(
        "format_number",
        Takes::By(format_number::types),
        STRING,
        Evaluate::Strict(format_number::format_number),
    )
    .nulls(Nulls::Always),
    Function::new(
        "format_string",
        Takes::By(format_string::types),
        STRING,
        Evaluate::Eager(format_string::format_string),
    )
    .aliases(&["printf"])
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable))
    .text(ColumnText::Call),
];

/// `chr(code)`: the character of the last byte; none of a negative number.
fn chr(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[0] {
        Value::Long(code @ 0..) => string(char::from(*code as u8).to_string()),
        _ => string(""),
    }
}
