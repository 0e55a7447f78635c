//! Functions of no other family (`misc.scala`).

use engine::{DataType, Failure, Value};

use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Nulls, Takes};
use crate::functions::values::string;

/// A function without arguments that gives a name.
const fn name(
    function: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        function,
        Takes::Exactly(&[]),
        Gives::Type(DataType::String),
        Evaluate::Eager(evaluate),
    )
    .nulls(Nulls::Never)
}

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    name("current_catalog", |_, _| string("spark_catalog")),
    name("current_database", |_, _| string("default"))
        .aliases(&["current_schema"])
        .text(ColumnText::Named("current_database")),
];
