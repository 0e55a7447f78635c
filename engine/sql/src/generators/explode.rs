//! Rows of the elements of arrays and maps (`generators.scala`: `Explode`, `PosExplode`, `Inline`).

use std::ops::ControlFlow;

use engine::{DataType, Row, StructField, Value};

use crate::context::{Context, Session};
use crate::function::{Mismatch, Takes};
use crate::generator::Generator;
use crate::rows::{EachRow, Flow, hand_out};
use crate::typed::Typed;

/// The generators.
pub(super) static GENERATORS: &[Generator] = &[
    exploding("explode", false),
    exploding("explode_outer", true),
    with_position("posexplode", false),
    with_position("posexplode_outer", true),
    inlining("inline", false),
    inlining("inline_outer", true),
];

const fn exploding(name: &'static str, is_outer: bool) -> Generator {
    Generator {
        name,
        takes: Takes::By(take_collection),
        columns: |arguments, _| Ok(element_columns(&arguments[0].data_type)),
        generate: explode,
        is_outer,
    }
}

const fn with_position(name: &'static str, is_outer: bool) -> Generator {
    Generator {
        name,
        takes: Takes::By(take_collection),
        columns: |arguments, _| {
            let mut columns = vec![column("pos", &DataType::Integer, false)];
            columns.extend(element_columns(&arguments[0].data_type));
            Ok(columns)
        },
        generate: explode_with_position,
        is_outer,
    }
}

const fn inlining(name: &'static str, is_outer: bool) -> Generator {
    Generator {
        name,
        takes: Takes::By(take_structs),
        columns: struct_columns,
        generate: inline,
        is_outer,
    }
}

fn column(name: &str, data_type: &DataType, nullable: bool) -> StructField {
    StructField {
        name: name.into(),
        data_type: data_type.clone(),
        nullable,
    }
}

fn check_count(arguments: &[Typed]) -> Result<(), Mismatch> {
    match arguments {
        [_] => Ok(()),
        _ => Err(Mismatch::argument_count("explode", "1", arguments.len())),
    }
}

fn take_collection(arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    check_count(arguments)?;
    match &arguments[0].data_type {
        DataType::Array { .. } | DataType::Map { .. } => Ok(()),
        other => {
            let requires = "(\"ARRAY\" or \"MAP\")";
            Err(Mismatch::input_type("explode", 0, requires, other))
        }
    }
}

fn take_structs(arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    check_count(arguments)?;
    let given = &arguments[0].data_type;
    match given {
        DataType::Array { element, .. } if matches!(**element, DataType::Struct(_)) => Ok(()),
        _ => Err(Mismatch::input_type(
            "inline",
            0,
            "\"ARRAY<STRUCT>\"",
            given,
        )),
    }
}

/// `col` of an array, `key` and `value` of a map.
fn element_columns(data_type: &DataType) -> Vec<StructField> {
    match data_type {
        DataType::Array { element, nullable } => vec![column("col", element, *nullable)],
        DataType::Map {
            key,
            value,
            nullable,
        } => vec![column("key", key, false), column("value", value, *nullable)],
        _ => Vec::new(),
    }
}

/// A row for each element of an array or entry of a map.
fn explode(values: &[Value], _: usize, _: &Context<'_>, each: &mut EachRow<'_>) -> Flow {
    match &values[0] {
        Value::Array(elements) => hand_out(elements.iter().map(std::slice::from_ref), each),
        Value::Map(entries) => {
            let entries = entries.iter();
            hand_out(
                entries.map(|(key, value)| [key.clone(), value.clone()]),
                each,
            )
        }
        _ => Ok(ControlFlow::Continue(())),
    }
}

/// The same, each behind its place.
fn explode_with_position(
    values: &[Value],
    columns: usize,
    context: &Context<'_>,
    each: &mut EachRow<'_>,
) -> Flow {
    let mut row = Row::with_capacity(columns);
    let mut position = 0;
    explode(values, columns, context, &mut |element| {
        row.clear();
        row.push(Value::Integer(position));
        row.extend_from_slice(element);
        position += 1;
        each(&row)
    })
}

/// The fields of the structs; any may be `NULL` if a struct may be.
fn struct_columns(arguments: &[Typed], _: &Session) -> Result<Vec<StructField>, Mismatch> {
    let DataType::Array { element, nullable } = &arguments[0].data_type else {
        return Ok(Vec::new());
    };
    let DataType::Struct(fields) = &**element else {
        return Ok(Vec::new());
    };
    let fields = fields.iter();
    Ok(fields
        .map(|field| column(&field.name, &field.data_type, field.nullable || *nullable))
        .collect())
}

/// A row for each struct; of `NULL`s, if it is missing.
fn inline(values: &[Value], columns: usize, _: &Context<'_>, each: &mut EachRow<'_>) -> Flow {
    let structs: &[Value] = match &values[0] {
        Value::Array(structs) => structs,
        _ => &[],
    };
    let row = |value: &Value| -> Row {
        match value {
            Value::Struct(fields) => fields.values().cloned().collect(),
            _ => vec![Value::Null; columns],
        }
    };
    hand_out(structs.iter().map(row), each)
}
