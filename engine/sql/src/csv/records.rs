//! The records of a text, of which one may have several lines (`multiLine`).

use super::options::CsvOptions;

/// The records of a text: its lines, but for line ends between quotes.
///
/// ```
/// use engine::SparkVersion;
/// use engine_sql::{CsvOptions, Session, csv_records};
/// let options = CsvOptions::new([], &Session::new(SparkVersion::V3_5))?;
/// assert_eq!(csv_records("1,\"a\nb\"\n2,c\n", &options), ["1,\"a\nb\"", "2,c"]);
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
pub fn csv_records<'a>(text: &'a str, options: &CsvOptions) -> Vec<&'a str> {
    let mut records = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = record_end(rest, options);
        records.push(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    records
}

/// The place of the line end behind the first record, or of the end.
fn record_end(text: &str, options: &CsvOptions) -> usize {
    let Some(quote) = options.quote else {
        return text.find('\n').unwrap_or(text.len());
    };
    let mut place = 0;
    loop {
        let rest = &text[place..];
        if rest.starts_with(quote) {
            place += quote.len_utf8();
            place += quoted_length(&text[place..], quote, options);
        }
        let rest = &text[place..];
        let line = rest.find('\n').unwrap_or(rest.len());
        match rest.find(&options.separator) {
            Some(separator) if separator < line => place += separator + options.separator.len(),
            _ => return place + line,
        }
    }
}

/// The length of a value behind its first quote, with the last one: a quote that is followed by a separator, a blank or
/// the end.
fn quoted_length(text: &str, quote: char, options: &CsvOptions) -> usize {
    let mut characters = text.char_indices();
    while let Some((place, character)) = characters.next() {
        let behind = &text[place + character.len_utf8()..];
        if character == options.escape && behind.starts_with([quote, options.escape]) {
            characters.next();
        } else if character == quote {
            let is_end = behind.is_empty()
                || behind.starts_with(&options.separator)
                || behind.starts_with(|it| it <= ' ');
            if is_end {
                return place + character.len_utf8();
            }
        }
    }
    text.len()
}
