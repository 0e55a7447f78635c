//! Regular expressions (`org.apache.spark.sql.catalyst.expressions.regexpExpressions`).

mod patterns;

use engine::{DataType, Failure, SparkVersion, Text, Value, Values};

use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Prepared, Takes, Type,
};
use crate::functions::values::{count, integer, string, text};
use patterns::Patterns;

const TWO_TEXTS: Takes = Takes::Exactly(&[Type::String, Type::String]);
const WITH_GROUP: Takes = Takes::Optional {
    required: 2,
    parameters: &[Type::String, Type::String, Type::Integer],
};

/// A function that is prepared with its pattern.
const fn prepared(
    name: &'static str,
    takes: Takes,
    gives: DataType,
    prepare: fn(&CallInfo<'_>) -> Result<Prepared, Mismatch>,
) -> Function {
    Function::new(name, takes, Gives::Type(gives), Evaluate::Prepared(prepare))
}

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    prepared("rlike", TWO_TEXTS, DataType::Boolean, rlike)
        .aliases(&["regexp_like", "regexp"])
        .text(ColumnText::Capitals),
    Function::new(
        "split",
        WITH_GROUP,
        Gives::By(|_, _| {
            Ok(DataType::Array {
                element: Box::new(DataType::String),
                nullable: false,
            })
        }),
        Evaluate::Prepared(split),
    )
    .text(ColumnText::Filled(3, &["-1"])),
    prepared("regexp_extract", WITH_GROUP, DataType::String, extract)
        .text(ColumnText::Filled(3, &["1"])),
    Function::new(
        "regexp_extract_all",
        WITH_GROUP,
        Gives::By(|_, _| Ok(DataType::array(DataType::String))),
        Evaluate::Prepared(extract_all),
    )
    .text(ColumnText::Filled(3, &["1"])),
    prepared(
        "regexp_replace",
        Takes::Optional {
            required: 3,
            parameters: &[Type::String, Type::String, Type::String, Type::Integer],
        },
        DataType::String,
        replace,
    )
    .text(ColumnText::Filled(4, &["1"])),
    prepared("regexp_count", TWO_TEXTS, DataType::Integer, count_matches),
    prepared("regexp_substr", TWO_TEXTS, DataType::String, substr).nulls(Nulls::Always),
    prepared("regexp_instr", WITH_GROUP, DataType::Integer, instr)
        .text(ColumnText::Filled(3, &["0"])),
];

/// `rlike(text, pattern)`: the pattern is somewhere in the text.
fn rlike(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let patterns = Patterns::new("rlike", call);
    Ok(Prepared::new(move |values| {
        let regex = patterns.get(&values[1])?;
        Ok(Value::Boolean(regex.is_in(text(&values[0]))?))
    }))
}

/// `split(text, pattern, limit)`.
fn split(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let patterns = Patterns::new("split", call);
    let spark = call.session.spark;
    Ok(Prepared::new(move |values| {
        let whole = text(&values[0]);
        let limit = values.get(2).map_or(-1, integer);
        let pieces = if text(&values[1]).is_empty() && !whole.is_empty() {
            let characters = characters(whole, limit, spark).into_iter();
            characters.map(Text::from).collect()
        } else {
            patterns.get(&values[1])?.split(whole, limit)?
        };
        let pieces = pieces.into_iter().map(Value::String);
        Ok(Value::Array(pieces.collect::<Values>()))
    }))
}

/// Each character; of those beyond the limit Spark 3.5 forgets the rest.
fn characters(whole: &str, limit: i32, spark: SparkVersion) -> Vec<&str> {
    let mut characters: Vec<&str> = whole.split_inclusive(|_| true).collect();
    match usize::try_from(limit) {
        Ok(limit) if limit > 0 && limit < characters.len() => {
            characters.truncate(limit);
            if spark >= SparkVersion::V4 {
                let before: usize = characters[..limit - 1].iter().map(|it| it.len()).sum();
                characters[limit - 1] = &whole[before..];
            }
        }
        _ => {}
    }
    characters
}

/// `regexp_extract(text, pattern, group)`: the group of the first match; an empty text if there is none.
fn extract(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let patterns = Patterns::new("regexp_extract", call);
    Ok(Prepared::new(move |values| {
        let regex = patterns.get(&values[1])?;
        let group = values.get(2).map_or(1, integer);
        let Some(found) = regex.first(text(&values[0]))? else {
            return string("");
        };
        let group = found.get(patterns.group(&regex, group)?);
        string(group.map_or("", |group| group.as_str()))
    }))
}

/// `regexp_extract_all(text, pattern, group)`: the group of each match.
fn extract_all(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let patterns = Patterns::new("regexp_extract_all", call);
    Ok(Prepared::new(move |values| {
        let regex = patterns.get(&values[1])?;
        let group = values.get(2).map_or(1, integer);
        let groups = regex.all(text(&values[0])).map(|found| {
            let found = found?;
            let group = found.get(patterns.group(&regex, group)?);
            string(group.map_or("", |group| group.as_str()))
        });
        Ok(Value::Array(groups.collect::<Result<Vec<_>, _>>()?.into()))
    }))
}

/// `regexp_replace(text, pattern, replacement, from)`, where `from` counts the UTF-16 units of Java.
fn replace(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    if let Some(Value::Integer(from @ ..=0)) = call.arguments.get(3).and_then(|it| it.as_literal())
    {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
            format!("The position must be between (0, 2147483647] (current value = {from})."),
        ));
    }
    let patterns = Patterns::new("regexp_replace", call);
    Ok(Prepared::new(move |values| {
        let regex = patterns.get(&values[1])?;
        let whole = text(&values[0]);
        let from = values.get(3).map_or(1, integer);
        let skipped = usize::try_from(from - 1).unwrap_or(0);
        let Some(start) = byte_of_unit(whole, skipped) else {
            return Ok(values[0].clone());
        };
        let (before, rest) = whole.split_at(start);
        let replaced = regex.replace_all(rest, text(&values[2]));
        let replaced = replaced.map_err(|error| patterns.unreplaced(error, values, from))?;
        string(format!("{before}{replaced}"))
    }))
}

/// The place of a UTF-16 unit; `None` behind the last one, unless it is the first.
fn byte_of_unit(text: &str, unit: usize) -> Option<usize> {
    if unit == 0 {
        return Some(0);
    }
    let mut units = 0;
    let found = text.char_indices().find(|(_, character)| {
        let is_there = units >= unit;
        units += character.len_utf16();
        is_there
    });
    found.map(|(byte, _)| byte)
}

/// `regexp_count(text, pattern)`.
fn count_matches(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let patterns = Patterns::new("regexp_extract_all", call);
    Ok(Prepared::new(move |values| {
        let regex = patterns.get(&values[1])?;
        let found = regex
            .all(text(&values[0]))
            .collect::<Result<Vec<_>, Failure>>()?;
        count(found.len())
    }))
}

/// `regexp_substr(text, pattern)`: the first match; `NULL` if it is empty or not there.
fn substr(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let patterns = Patterns::new("regexp_extract", call);
    Ok(Prepared::new(move |values| {
        let regex = patterns.get(&values[1])?;
        let found = regex.first(text(&values[0]))?;
        let found = found
            .as_ref()
            .and_then(|found| found.get(0))
            .map(|it| it.as_str());
        found
            .filter(|it| !it.is_empty())
            .map_or(Ok(Value::Null), string)
    }))
}

/// `regexp_instr(text, pattern)`: the place of the first match, in UTF-16 units from 1; 0 if there is none.
fn instr(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let patterns = Patterns::new("regexp_instr", call);
    Ok(Prepared::new(move |values| {
        let regex = patterns.get(&values[1])?;
        let whole = text(&values[0]);
        let found = regex.first(whole)?;
        let start = found
            .as_ref()
            .and_then(|found| found.get(0))
            .map(|it| it.start());
        count(start.map_or(0, |start| whole[..start].encode_utf16().count() + 1))
    }))
}
