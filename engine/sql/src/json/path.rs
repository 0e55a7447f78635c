//! Paths into a text: `$.a[0].b[*]` (`JsonPathParser`, `GetJsonObject`).

use super::options::Syntax;
use super::reader::{Malformed, Reader, Token};
use super::writer::Writer;

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// `.name`, `['name']`.
    Key(String),
    /// `.*`, `['*']`, which Spark reads and never follows.
    AnyKey,
    /// `[0]`.
    Index(u64),
    /// `[*]`.
    AnyIndex,
}

/// A path.
#[derive(Clone, Debug)]
pub(crate) struct JsonPath(Vec<Step>);

/// The form that a match is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// A text without its quotes.
    Raw,
    /// A text in quotes, as it is one of several.
    Quoted,
    /// The elements of an array, not the array.
    Flatten,
}

impl JsonPath {
    /// The path of a text; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<JsonPath> {
        let mut rest = text.trim_start().strip_prefix('$')?.trim_start();
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, behind) = parse_step(rest)?;
            steps.push(step);
            rest = behind.trim_start();
        }
        Some(JsonPath(steps))
    }

    /// The value there in a text; `None` if there is nothing.
    pub(crate) fn find(&self, text: &str) -> Option<String> {
        let mut reader = Reader::new(text, Syntax::HIVE);
        let mut writer = Writer::default();
        let first = reader.next().ok()??;
        let is_found = follow(&self.0, first, &mut reader, &mut writer, Style::Raw);
        is_found.ok()?.then(|| writer.into_text())
    }
}

fn parse_step(text: &str) -> Option<(Step, &str)> {
    for wildcard in [".*", "['*']"] {
        if let Some(rest) = text.strip_prefix(wildcard) {
            return Some((Step::AnyKey, rest));
        }
    }
    if let Some(rest) = text.strip_prefix('.') {
        let rest = rest.trim_start();
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        return (!name.is_empty()).then(|| (Step::Key(name.into()), rest));
    }
    if let Some(rest) = text.strip_prefix("['") {
        let rest = rest.trim_start();
        let end = rest.find(['\'', '?'])?;
        let (name, rest) = rest.split_at(end);
        let rest = rest.strip_prefix("']")?;
        return (!name.is_empty()).then(|| (Step::Key(name.into()), rest));
    }
    let rest = text.strip_prefix('[')?.trim_start();
    if let Some(rest) = rest.strip_prefix('*') {
        return Some((Step::AnyIndex, rest.trim_start().strip_prefix(']')?));
    }
    let end = rest.find(|it: char| !it.is_ascii_digit())?;
    let index = rest[..end].parse().ok()?;
    Some((
        Step::Index(index),
        rest[end..].trim_start().strip_prefix(']')?,
    ))
}

/// Follows a path from the value that begins with this token, to whose end it reads; returns true if something was
/// written.
fn follow(
    path: &[Step],
    token: Token,
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    style: Style,
) -> Result<bool, Malformed> {
    match (token, path) {
        (Token::String(text), []) if style == Style::Raw => {
            writer.raw(&text);
            Ok(true)
        }
        (Token::StartArray, []) if style == Style::Flatten => each(reader, |token, reader| {
            follow(&[], token, reader, writer, style)
        }),
        (token, []) => {
            writer.copy(token, reader)?;
            Ok(true)
        }
        (Token::StartObject, [Step::Key(key), rest @ ..]) => {
            field(key, rest, reader, writer, style)
        }
        (Token::StartArray, [Step::AnyIndex, Step::AnyIndex, rest @ ..]) => {
            elements(rest, reader, writer, Style::Flatten)
        }
        (Token::StartArray, [Step::AnyIndex, rest @ ..]) if style == Style::Quoted => {
            elements(rest, reader, writer, style)
        }
        (Token::StartArray, [Step::AnyIndex, rest @ ..]) => {
            one_or_more(rest, reader, writer, style)
        }
        (Token::StartArray, [Step::Index(index), rest @ ..]) => {
            let style = if rest.first() == Some(&Step::AnyIndex) {
                Style::Quoted
            } else {
                style
            };
            let mut place = 0;
            each(reader, |token, reader| {
                let is_there = place == *index;
                place += 1;
                if is_there {
                    return follow(rest, token, reader, writer, style);
                }
                reader.skip(&token)?;
                Ok(false)
            })
        }
        (token, _) => {
            reader.skip(&token)?;
            Ok(false)
        }
    }
}

/// The first field of this name with something there.
fn field(
    key: &str,
    rest: &[Step],
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    style: Style,
) -> Result<bool, Malformed> {
    let mut is_found = false;
    while let Token::Name(name) = reader.token()? {
        let token = reader.token()?;
        if !is_found && name == key && token != Token::Null {
            is_found = follow(rest, token, reader, writer, style)?;
        } else {
            reader.skip(&token)?;
        }
    }
    Ok(is_found)
}

/// All matches as an array.
fn elements(
    rest: &[Step],
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    style: Style,
) -> Result<bool, Malformed> {
    writer.open('[');
    let is_found = each(reader, |token, reader| {
        follow(rest, token, reader, writer, style)
    })?;
    writer.close(']');
    Ok(is_found)
}

/// All matches as an array, unless there is one alone.
fn one_or_more(
    rest: &[Step],
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    style: Style,
) -> Result<bool, Malformed> {
    let style = if style == Style::Raw {
        Style::Quoted
    } else {
        style
    };
    let mut found = 0;
    let mut matches = Writer::default();
    matches.open('[');
    each(reader, |token, reader| {
        let is_found = follow(rest, token, reader, &mut matches, style)?;
        found += usize::from(is_found);
        Ok(is_found)
    })?;
    matches.close(']');
    let matches = matches.into_text();
    match found {
        0 => {}
        1 => writer.raw(&matches[1..matches.len() - 1]),
        _ => writer.raw(&matches),
    }
    Ok(found > 0)
}

/// Visits each element of an array; returns true if one of the visits did.
fn each<'a>(
    reader: &mut Reader<'a>,
    mut visit: impl FnMut(Token, &mut Reader<'a>) -> Result<bool, Malformed>,
) -> Result<bool, Malformed> {
    let mut is_any = false;
    loop {
        match reader.token()? {
            Token::EndArray => return Ok(is_any),
            token => is_any |= visit(token, reader)?,
        }
    }
}
