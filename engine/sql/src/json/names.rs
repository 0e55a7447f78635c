//! The fields and the length of a text: `json_tuple`, `json_object_keys`, `json_array_length`.

use engine::{Text, Value};

use super::options::Syntax;
use super::reader::{Malformed, Reader, Token};
use super::writer::Writer;

/// The texts of these fields of an object (`json_tuple`): `NULL` of one that is not there, and all of them of a text that
/// is no object.
pub(crate) fn tuple(text: &str, names: &[Option<Text>]) -> Vec<Value> {
    read_tuple(text, names).unwrap_or_else(|_| vec![Value::Null; names.len()])
}

fn read_tuple(text: &str, names: &[Option<Text>]) -> Result<Vec<Value>, Malformed> {
    let mut values = vec![Value::Null; names.len()];
    let mut reader = Reader::new(text, Syntax::HIVE);
    if reader.next()? != Some(Token::StartObject) {
        return Err(Malformed);
    }
    while let Token::Name(name) = reader.token()? {
        let token = reader.token()?;
        let is_asked = |asked: &Option<Text>| asked.as_ref().is_some_and(|asked| **asked == *name);
        if token == Token::Null || !names.iter().any(is_asked) {
            reader.skip(&token)?;
            continue;
        }
        let value = match token {
            Token::String(text) => text,
            token => {
                let mut writer = Writer::default();
                writer.copy(token, &mut reader)?;
                writer.into_text()
            }
        };
        let places = names
            .iter()
            .zip(&mut values)
            .filter(|(asked, _)| is_asked(asked));
        for (_, place) in places {
            *place = Value::String(value.as_str().into());
        }
    }
    Ok(values)
}

/// The number of elements of an array; `None` of another text.
pub(crate) fn array_length(text: &str) -> Option<usize> {
    let mut reader = Reader::new(text, Syntax::HIVE);
    if reader.next().ok()? != Some(Token::StartArray) {
        return None;
    }
    let mut length = 0;
    loop {
        match reader.token().ok()? {
            Token::EndArray => return Some(length),
            token => reader.skip(&token).ok()?,
        }
        length += 1;
    }
}

/// The names of an object, in order; `None` of another text.
pub(crate) fn object_keys(text: &str) -> Option<Vec<String>> {
    let mut reader = Reader::new(text, Syntax::HIVE);
    if reader.next().ok()? != Some(Token::StartObject) {
        return None;
    }
    let mut names = Vec::new();
    while let Token::Name(name) = reader.token().ok()? {
        names.push(name);
        let token = reader.token().ok()?;
        reader.skip(&token).ok()?;
    }
    Some(names)
}
