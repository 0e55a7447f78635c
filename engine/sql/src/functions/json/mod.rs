//! JSON texts (`jsonExpressions.scala`).

use engine::{DataType, Failure, SparkVersion, Text, Value};

use crate::context::Session;
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Prepared, Takes, Type,
};
use crate::functions::options::{expect_texts, options, schema};
use crate::functions::values::{count, string, text, thrown};
use crate::json::{
    JsonOptions, JsonParser, JsonPath, ParseMode, array_length, object_keys, schema_of, write_json,
};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "from_json",
        Takes::By(|arguments, session| {
            expect_texts(
                "from_json",
                arguments,
                2,
                &[Type::String, Type::Any, Type::Any],
                session,
            )
        }),
        Gives::By(|arguments, session| schema(arguments, 1, session)),
        Evaluate::Prepared(from_json),
    )
    .nulls(Nulls::Always)
    .text(ColumnText::By(from_json_text)),
    Function::new(
        "to_json",
        Takes::Optional {
            required: 1,
            parameters: &[Type::Any, Type::Any],
        },
        Gives::Type(DataType::String),
        Evaluate::Prepared(to_json),
    )
    .nulls(Nulls::Always)
    .text(ColumnText::First(1)),
    Function::new(
        "get_json_object",
        Takes::By(|arguments, session| {
            expect_texts(
                "get_json_object",
                arguments,
                2,
                &[Type::String, Type::String],
                session,
            )
        }),
        Gives::Type(DataType::String),
        Evaluate::Prepared(get_json_object),
    )
    .nulls(Nulls::Always),
    Function::new(
        "schema_of_json",
        Takes::Optional {
            required: 1,
            parameters: &[Type::Any, Type::Any],
        },
        Gives::Type(DataType::String),
        Evaluate::Prepared(schema_of_json),
    )
    .nulls(Nulls::Never)
    .text(ColumnText::First(1)),
    Function::new(
        "json_array_length",
        Takes::By(|arguments, session| {
            expect_texts("json_array_length", arguments, 1, &[Type::String], session)
        }),
        Gives::Type(DataType::Integer),
        Evaluate::Strict(|values, _| array_length(text(&values[0])).map_or(Ok(Value::Null), count)),
    )
    .nulls(Nulls::Always),
    Function::new(
        "json_object_keys",
        Takes::By(|arguments, session| {
            expect_texts("json_object_keys", arguments, 1, &[Type::String], session)
        }),
        Gives::By(|_, _| Ok(DataType::array(DataType::String))),
        Evaluate::Strict(json_object_keys),
    )
    .nulls(Nulls::Always),
];

/// A map is named `entries`, whatever it is read from.
fn from_json_text(arguments: &[String]) -> String {
    let is_map = |schema: &String| schema.trim_start().to_uppercase().starts_with("MAP<");
    match arguments {
        [_, schema, ..] if is_map(schema) => "entries".to_owned(),
        [text, ..] => format!("from_json({text})"),
        [] => "from_json()".to_owned(),
    }
}

fn json_options(call: &CallInfo<'_>, index: usize) -> Result<JsonOptions, Mismatch> {
    let options = options(call, index)?;
    let options = options
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    JsonOptions::new(options, call.session)
}

/// `from_json(text, schema, options)`.
fn from_json(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let options = json_options(call, 2)?;
    if options.mode == ParseMode::DropMalformed {
        return Err(unsupported_mode("from_json", call.session));
    }
    let parser = JsonParser::new(call.result.clone(), options, call.session)?;
    Ok(Prepared::new(move |values| {
        Ok(parser.value(text(&values[0]))?.unwrap_or(Value::Null))
    }))
}

/// A function of values cannot drop one.
pub(super) fn unsupported_mode(function: &str, session: &Session) -> Mismatch {
    let rest = "the DROPMALFORMED mode. Acceptable modes are PERMISSIVE and FAILFAST.";
    match session.spark {
        SparkVersion::V3_5 => Mismatch::new(
            Mismatch::UNCLASSIFIED,
            format!("{function}() doesn't support {rest}"),
        ),
        SparkVersion::V4 => Mismatch::new(
            "PARSE_MODE_UNSUPPORTED",
            format!("The function `{function}` doesn't support {rest}"),
        ),
    }
}

/// `to_json(value, options)` of a struct, an array or a map.
fn to_json(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let options = json_options(call, 1)?;
    match call.argument_type(0) {
        DataType::Null | DataType::Struct(_) | DataType::Array { .. } | DataType::Map { .. } => {}
        other => return Err(crate::json::invalid_schema(other, call.session)),
    }
    Ok(Prepared::new(move |values| {
        string(write_json(&values[0], &options)?)
    }))
}

/// `get_json_object(text, path)`.
fn get_json_object(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let written = match call.arguments[1].as_literal() {
        Some(Value::String(path)) => Some(JsonPath::parse(path)),
        _ => None,
    };
    Ok(Prepared::new(move |values| {
        let path = match &written {
            Some(path) => path.clone(),
            None => JsonPath::parse(text(&values[1])),
        };
        let found = path.and_then(|path| path.find(text(&values[0])));
        found.map_or(Ok(Value::Null), string)
    }))
}

/// `schema_of_json(text, options)` of a text that is written down.
fn schema_of_json(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let options = json_options(call, 1)?;
    let json = literal_text(&call.arguments[0], "json", call.session)?;
    let schema = schema_of(&json, &options);
    Ok(Prepared::new(move |_| match &schema {
        Some(schema) => string(schema.to_string()),
        None => Err(thrown(format!("the text is no JSON: {json}"))),
    }))
}

/// The text of an argument that is written down.
pub(super) fn literal_text(
    argument: &Typed,
    name: &str,
    session: &Session,
) -> Result<Text, Mismatch> {
    match argument.constant(session) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNEXPECTED_NULL",
            format!("The {name} must not be null."),
        )),
        None => Err(Mismatch::new(
            "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
            format!("the input {name} should be a foldable \"STRING\" expression."),
        )),
    }
}

fn json_object_keys(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let keys = object_keys(text(&values[0]));
    Ok(keys.map_or(Value::Null, |keys| {
        let keys = keys.into_iter().map(|key| Value::String(key.into()));
        Value::Array(keys.collect())
    }))
}
