//! The values of a line (`com.univocity.parsers.csv.CsvParser`, which stops at the next separator where a quote is not
//! escaped).

use super::options::CsvOptions;

/// The values of a line; `None` of one that is empty or a comment, and in the place of a value that is not there.
pub(super) fn tokens(line: &str, options: &CsvOptions) -> Option<Vec<Option<String>>> {
    if line.is_empty() || options.is_comment(line) {
        return None;
    }
    let mut tokens = Vec::new();
    let mut reader = Tokens {
        rest: line,
        options,
    };
    loop {
        tokens.push(reader.value());
        match reader.rest.strip_prefix(&options.separator) {
            Some(rest) => reader.rest = rest,
            None => return Some(tokens),
        }
    }
}

struct Tokens<'a> {
    rest: &'a str,
    options: &'a CsvOptions,
}

impl<'a> Tokens<'a> {
    fn value(&mut self) -> Option<String> {
        if self.options.trims_start == Some(true) {
            let separator = self.options.separator.as_str();
            while !self.rest.starts_with(separator) && self.rest.starts_with(is_blank) {
                self.rest = &self.rest[1..];
            }
        }
        match self.options.quote {
            Some(quote) if self.rest.starts_with(quote) => {
                self.rest = &self.rest[quote.len_utf8()..];
                let value = self.quoted(quote);
                match &self.options.empty_value {
                    Some(empty) if value.is_empty() => Some(empty.clone()),
                    _ => Some(value),
                }
            }
            _ => {
                let value = self.until_separator();
                let is_trimmed = self.options.trims_end == Some(true);
                let value = if is_trimmed {
                    value.trim_end_matches(is_blank)
                } else {
                    value
                };
                (!value.is_empty()).then(|| value.to_owned())
            }
        }
    }

    fn until_separator(&mut self) -> &'a str {
        let end = self.rest.find(&self.options.separator);
        let (value, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        value
    }

    /// A value whose first quote was read. It ends at a quote with a separator behind it; a quote with anything else
    /// behind it makes it a value that is not quoted.
    fn quoted(&mut self, quote: char) -> String {
        let escape = self.options.escape;
        let mut value = String::new();
        let mut before = '\0';
        loop {
            let is_at_end = self.rest.is_empty() || self.rest.starts_with(&self.options.separator);
            if before == quote && (is_at_end || self.rest.starts_with(is_blank)) {
                return self.behind_quote(quote, value);
            }
            let Some(character) = self.rest.chars().next() else {
                return value;
            };
            if character != quote && character != escape {
                if before == quote {
                    return self.unquoted(quote, &value);
                }
                if before == escape && escape != '\0' {
                    value.push(escape);
                }
                value.push(character);
                before = character;
            } else if character == escape && before == escape && escape != quote {
                value.push(escape);
                before = '\0';
            } else if before == escape && character == quote {
                value.push(quote);
                before = '\0';
            } else if before == quote && character == escape {
                return self.unquoted(quote, &value);
            } else {
                if before == quote {
                    value.push(quote);
                }
                before = character;
            }
            self.rest = &self.rest[character.len_utf8()..];
        }
    }

    /// Blanks behind the closing quote do not count, if there is nothing else.
    fn behind_quote(&mut self, quote: char, value: String) -> String {
        let separator = self.options.separator.as_str();
        let mut rest = self.rest;
        while !rest.starts_with(separator) && rest.starts_with(is_blank) {
            rest = &rest[1..];
        }
        if !rest.is_empty() && !rest.starts_with(separator) {
            return self.unquoted(quote, &value);
        }
        self.rest = rest;
        value
    }

    fn unquoted(&mut self, quote: char, value: &str) -> String {
        format!("{quote}{value}{quote}{}", self.until_separator())
    }
}

/// All characters up to the blank, each of one byte.
fn is_blank(character: char) -> bool {
    character <= ' '
}
