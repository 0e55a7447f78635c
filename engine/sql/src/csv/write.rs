//! Rows as lines (`UnivocityGenerator`, `com.univocity.parsers.csv.CsvWriter`).

use engine::{Failure, Value};

use super::options::CsvOptions;
use crate::cast::string_of;
use crate::context::Session;

/// The line of a row; `None` of one that is empty.
///
/// # Errors
///
/// A point in time that its format cannot write.
pub fn write_csv<'a>(
    row: impl Iterator<Item = &'a Value>,
    options: &CsvOptions,
    session: &Session,
) -> Result<Option<String>, Failure> {
    let mut fields = Vec::new();
    for (index, value) in row.enumerate() {
        fields.push(match value {
            Value::Null => options.null_value.clone(),
            value => {
                let text = match options.times.text(value)? {
                    Some(text) => text,
                    None => plain(value, session),
                };
                field(&text, index == 0, options)
            }
        });
    }
    let line = fields.join(&options.separator);
    Ok((!line.is_empty()).then_some(line))
}

fn plain(value: &Value, session: &Session) -> String {
    // As outside of ANSI mode, where a decimal may have an exponent.
    let session = Session {
        ansi: false,
        ..session.clone()
    };
    string_of(value, &session)
}

/// A value in quotes where it needs them.
fn field(text: &str, is_first: bool, options: &CsvOptions) -> String {
    if text.is_empty() {
        let empty = options.empty_value.as_deref();
        return empty.unwrap_or("\"\"").to_owned();
    }
    let mut text = text;
    if options.trims_start.unwrap_or(true) {
        text = text.trim_start_matches(|it| it <= ' ');
    }
    if options.trims_end.unwrap_or(true) {
        text = text.trim_end_matches(|it| it <= ' ');
    }
    let Some(quote) = options.quote else {
        return text.to_owned();
    };
    // The writer knows the comments of a format by default.
    let comment = options.comment.unwrap_or('#');
    let needs_quotes = options.quotes_all
        || text.contains(&options.separator)
        || text.contains(['\n', '\r'])
        || text.starts_with(quote)
        || (options.escapes_quotes && text.contains(quote))
        || (is_first && text.starts_with(comment));
    if !needs_quotes {
        return text.to_owned();
    }
    let mut quoted = String::from(quote);
    for character in text.chars() {
        if character == quote || character == options.escape {
            quoted.push(options.escape);
        }
        quoted.push(character);
    }
    quoted.push(quote);
    quoted
}
