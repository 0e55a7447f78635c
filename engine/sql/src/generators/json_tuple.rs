//! Fields of a JSON text as columns (`jsonExpressions.scala`: `JsonTuple`).

use engine::{DataType, SparkVersion, StructField, Text, Value};

use crate::context::{Context, Session};
use crate::function::{Mismatch, Takes};
use crate::generator::Generator;
use crate::json::tuple;
use crate::rows::{EachRow, Flow};
use crate::typed::Typed;

/// The generators.
pub(super) static GENERATORS: &[Generator] = &[Generator {
    name: "json_tuple",
    takes: Takes::By(take),
    columns,
    generate: json_tuple,
    is_outer: false,
}];

/// A text, and the names of fields, which Spark does not cast.
fn take(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if arguments.len() < 2 {
        return Err(Mismatch::argument_count(
            "json_tuple",
            "> 1",
            arguments.len(),
        ));
    }
    if arguments.iter().all(|it| it.data_type == DataType::String) {
        return Ok(());
    }
    let function = match session.spark {
        SparkVersion::V3_5 => "",
        SparkVersion::V4 => " of the function `json_tuple`",
    };
    Err(Mismatch::new(
        "DATATYPE_MISMATCH.NON_STRING_TYPE",
        format!("all arguments{function} must be strings."),
    ))
}

fn columns(arguments: &[Typed], _: &Session) -> Result<Vec<StructField>, Mismatch> {
    let names = (0..arguments.len() - 1).map(|index| format!("c{index}"));
    Ok(names
        .map(|name| StructField::new(name, DataType::String))
        .collect())
}

/// One row, of `NULL`s if the text is none of an object.
fn json_tuple(values: &[Value], _: usize, _: &Context<'_>, each: &mut EachRow<'_>) -> Flow {
    let name = |value: &Value| -> Option<Text> {
        match value {
            Value::String(name) => Some(name.clone()),
            _ => None,
        }
    };
    let names: Vec<Option<Text>> = values[1..].iter().map(name).collect();
    each(&match &values[0] {
        Value::String(text) => tuple(text, &names),
        _ => vec![Value::Null; names.len()],
    })
}
