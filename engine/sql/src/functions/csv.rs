//! Lines of CSV (`csvExpressions.scala`).

use engine::{DataType, SparkVersion, Struct, Value};

use crate::context::Session;
use crate::csv::{CsvOptions, CsvParser, schema_of, write_csv};
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Prepared, Takes, Type,
};
use crate::functions::json::{literal_text, unsupported_mode};
use crate::functions::options::{expect_texts, options, schema};
use crate::functions::values::{string, text, thrown};
use crate::json::ParseMode;
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "from_csv",
        Takes::By(|arguments, session| {
            expect_texts(
                "from_csv",
                arguments,
                2,
                &[Type::String, Type::Any, Type::Any],
                session,
            )
        }),
        Gives::By(from_csv_type),
        Evaluate::Prepared(from_csv),
    )
    .nulls(Nulls::By(|arguments, _| arguments[0].nullable))
    .text(ColumnText::First(1)),
    Function::new(
        "to_csv",
        Takes::Optional {
            required: 1,
            parameters: &[Type::Any, Type::Any],
        },
        Gives::Type(DataType::String),
        Evaluate::Prepared(to_csv),
    )
    .nulls(Nulls::Always)
    .text(ColumnText::First(1)),
    Function::new(
        "schema_of_csv",
        Takes::Optional {
            required: 1,
            parameters: &[Type::Any, Type::Any],
        },
        Gives::Type(DataType::String),
        Evaluate::Prepared(schema_of_csv),
    )
    .nulls(Nulls::Never)
    .text(ColumnText::First(1)),
];

fn csv_options(call: &CallInfo<'_>, index: usize) -> Result<CsvOptions, Mismatch> {
    let options = options(call, index)?;
    let options = options
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    CsvOptions::new(options, call.session)
}

fn from_csv_type(arguments: &[Typed], session: &Session) -> Result<DataType, Mismatch> {
    match schema(arguments, 1, session)? {
        data_type @ DataType::Struct(_) => Ok(data_type),
        other => Err(Mismatch::new(
            "INVALID_SCHEMA.NON_STRUCT_TYPE",
            format!(
                "The input schema \"{other}\" is not a valid schema string. The input expression should be evaluated to \
                 struct type, but got \"{other}\"."
            ),
        )),
    }
}

/// `from_csv(line, schema, options)`.
fn from_csv(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let options = csv_options(call, 2)?;
    if options.mode == ParseMode::DropMalformed {
        return Err(unsupported_mode("from_csv", call.session));
    }
    let DataType::Struct(columns) = call.result.clone() else {
        return Ok(Prepared::new(|_| Ok(Value::Null)));
    };
    let names: Vec<_> = columns.iter().map(|column| column.name.clone()).collect();
    let parser = CsvParser::new(columns, options, call.session)?;
    Ok(Prepared::new(move |values| {
        let row = parser.row(text(&values[0]))?;
        Ok(row.map_or(Value::Null, |row| {
            Value::Struct(names.iter().cloned().zip(row).collect::<Struct>())
        }))
    }))
}

/// `to_csv(struct, options)`.
fn to_csv(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let options = csv_options(call, 1)?;
    match call.argument_type(0) {
        DataType::Struct(fields) => fields
            .iter()
            .try_for_each(|field| check_written(&field.data_type, call.session))?,
        DataType::Null => {}
        other => return Err(not_a_struct(other, call.session)),
    }
    let session = call.session.clone();
    Ok(Prepared::new(move |values| match &values[0] {
        Value::Struct(fields) => {
            let line = write_csv(fields.values(), &options, &session)?;
            line.map_or(Ok(Value::Null), string)
        }
        _ => Ok(Value::Null),
    }))
}

fn not_a_struct(data_type: &DataType, session: &Session) -> Mismatch {
    if session.spark >= SparkVersion::V4 {
        return Mismatch::new(
            "DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE",
            format!("The input of `to_csv` can't be \"{data_type}\" type data."),
        );
    }
    Mismatch::new(
        "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
        format!(
            "`to_csv`: parameter 1 requires the \"STRUCT\" type, and it has the type \"{data_type}\"."
        ),
    )
}

/// Spark writes the address of some values in the JVM, or bytes in hexadecimal digits.
fn check_written(data_type: &DataType, _: &Session) -> Result<(), Mismatch> {
    match data_type {
        DataType::Binary | DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_) => {
            Err(Mismatch::new(
                Mismatch::UNCLASSIFIED,
                format!(
                    "`to_csv` of a field of the type {data_type} is not supported here: cast it to a STRING"
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// `schema_of_csv(line, options)` of a line that is written down.
fn schema_of_csv(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let options = csv_options(call, 1)?;
    let line = literal_text(&call.arguments[0], "csv", call.session)?;
    let schema = schema_of(&line, &options);
    Ok(Prepared::new(move |_| match &schema {
        Some(schema) => string(schema.to_string()),
        None => Err(thrown("an empty line has no schema")),
    }))
}
