//! Rows of the arguments of a call (`generators.scala`: `Stack`).

use engine::{DataType, Row, StructField, Value};

use crate::context::{Context, Session};
use crate::function::{Mismatch, Takes};
use crate::generator::Generator;
use crate::rows::{EachRow, Flow, hand_out};
use crate::typed::Typed;

/// The generators.
pub(super) static GENERATORS: &[Generator] = &[Generator {
    name: "stack",
    takes: Takes::By(take),
    columns,
    generate: stack,
    is_outer: false,
}];

/// The number of rows, which must be the same in each row of the table, and values, row by row.
fn take(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if arguments.len() < 2 {
        return Err(Mismatch::argument_count("stack", "> 1", arguments.len()));
    }
    let rows = &arguments[0];
    if rows.data_type != DataType::Integer {
        return Err(Mismatch::input_type("stack", 0, "\"INT\"", &rows.data_type));
    }
    let Some(rows) = row_count(&arguments[0], session) else {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
            "`stack`: the input `n` should be a foldable \"INT\" expression.",
        ));
    };
    if rows <= 0 {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
            format!("`stack`: The `n` must be between (0, 2147483647] (current value = {rows})."),
        ));
    }
    let columns = column_count(arguments.len() - 1, rows);
    for index in 0..columns {
        let data_type = column_type(arguments, columns, index);
        for place in (1 + index..arguments.len()).step_by(columns) {
            let value = &mut arguments[place];
            if value.data_type == DataType::Null {
                value.cast_in_place(&data_type, session)?;
            } else if value.data_type != data_type {
                return Err(Mismatch::new(
                    "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES",
                    format!(
                        "`stack`: The data type of the column ({index}) do not have the same type: \"{data_type}\" \
                         <> \"{}\" ({place}).",
                        value.data_type
                    ),
                ));
            }
        }
    }
    Ok(())
}

fn row_count(argument: &Typed, session: &Session) -> Option<i32> {
    match argument.constant(session)? {
        Value::Integer(rows) => Some(rows),
        _ => None,
    }
}

fn column_count(values: usize, rows: i32) -> usize {
    values.div_ceil(rows.max(1) as usize)
}

/// The type of the first value of a column that is no bare `NULL`.
fn column_type(arguments: &[Typed], columns: usize, index: usize) -> DataType {
    let values = arguments[1..].iter().skip(index).step_by(columns);
    let mut types = values.map(|value| &value.data_type);
    types
        .find(|it| **it != DataType::Null)
        .cloned()
        .unwrap_or(DataType::Null)
}

fn columns(arguments: &[Typed], session: &Session) -> Result<Vec<StructField>, Mismatch> {
    let rows = row_count(&arguments[0], session).unwrap_or(1);
    let columns = column_count(arguments.len() - 1, rows);
    Ok((0..columns)
        .map(|index| {
            let data_type = column_type(arguments, columns, index);
            StructField::new(format!("col{index}"), data_type)
        })
        .collect())
}

/// The last row is filled up with `NULL`s, and so are rows after it.
fn stack(values: &[Value], columns: usize, _: &Context<'_>, each: &mut EachRow<'_>) -> Flow {
    let rows = match values[0] {
        Value::Integer(rows) => rows,
        _ => 0,
    };
    let mut values = values[1..].iter().cloned();
    let mut row = || -> Row {
        (0..columns)
            .map(|_| values.next().unwrap_or(Value::Null))
            .collect()
    };
    hand_out((0..rows).map(|_| row()), each)
}
