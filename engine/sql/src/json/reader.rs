//! The tokens of a JSON text (`com.fasterxml.jackson.core.json.ReaderBasedJsonParser`).

use super::options::Syntax;

/// The most levels of a text, as Jackson has them.
const LEVELS_MAX: usize = 1_000;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    /// The name of a field.
    Name(String),
    String(String),
    /// A number without point and exponent, as it is written.
    Integer(String),
    /// A number with a point or an exponent, as it is written.
    Float(String),
    /// `NaN` and the infinities, which are no JSON.
    NonNumeric(f64),
    Boolean(bool),
    Null,
}

/// The text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// The place that a reader is at, within an object or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// Before a name, or the end; with a comma before it, unless it is the first.
    Object { is_first: bool },
    /// Behind a name.
    Field,
    /// Before an element, or the end.
    Array { is_first: bool },
}

/// A reader of tokens. Behind the value of the whole text it reads no further.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a str,
    syntax: Syntax,
    levels: Vec<Level>,
    is_malformed: bool,
    is_done: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, syntax: Syntax) -> Reader<'a> {
        Reader {
            rest: text,
            syntax,
            levels: Vec::new(),
            is_malformed: false,
            is_done: false,
        }
    }

    /// The next token; `None` if there is no text, or none any more. A malformed text stays so.
    pub(super) fn next(&mut self) -> Result<Option<Token>, Malformed> {
        if self.is_malformed {
            return Err(Malformed);
        }
        let token = self.read();
        self.is_malformed = token.is_err();
        token
    }

    /// The next token, where there must be one.
    pub(super) fn token(&mut self) -> Result<Token, Malformed> {
        self.next()?.ok_or(Malformed)
    }

    /// Reads to the end of the object or array that begins with this token, if it does.
    pub(super) fn skip(&mut self, token: &Token) -> Result<(), Malformed> {
        if !matches!(token, Token::StartObject | Token::StartArray) {
            return Ok(());
        }
        let outer = self.levels.len() - 1;
        self.leave(outer)
    }

    /// Reads to the end of all objects and arrays within this number of them.
    pub(super) fn leave(&mut self, levels: usize) -> Result<(), Malformed> {
        while self.levels.len() > levels {
            self.token()?;
        }
        Ok(())
    }

    /// The number of objects and arrays around the place.
    pub(super) fn levels(&self) -> usize {
        self.levels.len()
    }

    fn read(&mut self) -> Result<Option<Token>, Malformed> {
        self.skip_blanks()?;
        match self.levels.last().copied() {
            None if self.is_done || self.rest.is_empty() => Ok(None),
            None => self.value().map(Some),
            Some(Level::Field) => {
                self.levels.pop();
                self.value().map(Some)
            }
            Some(Level::Array { is_first }) => {
                if self.eat(']') {
                    self.close();
                    return Ok(Some(Token::EndArray));
                }
                self.separate(is_first)?;
                self.set(Level::Array { is_first: false });
                self.value().map(Some)
            }
            Some(Level::Object { is_first }) => {
                if self.eat('}') {
                    self.close();
                    return Ok(Some(Token::EndObject));
                }
                self.separate(is_first)?;
                self.set(Level::Object { is_first: false });
                self.name().map(Some)
            }
        }
    }

    fn set(&mut self, level: Level) {
        if let Some(last) = self.levels.last_mut() {
            *last = level;
        }
    }

    fn close(&mut self) {
        self.levels.pop();
        self.is_done = self.levels.is_empty();
    }

    fn separate(&mut self, is_first: bool) -> Result<(), Malformed> {
        if !is_first {
            if !self.eat(',') {
                return Err(Malformed);
            }
            self.skip_blanks()?;
        }
        Ok(())
    }

    fn open(&mut self, level: Level) -> Result<(), Malformed> {
        if self.levels.len() >= LEVELS_MAX {
            return Err(Malformed);
        }
        self.levels.push(level);
        Ok(())
    }

    fn name(&mut self) -> Result<Token, Malformed> {
        let name = if self.eat('"') {
            self.string('"')?
        } else if self.syntax.single_quotes && self.eat('\'') {
            self.string('\'')?
        } else if self.syntax.unquoted_names {
            let is_part =
                |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '-' | '@' | '#' | '*');
            let end = self.rest.find(|it| !is_part(it)).unwrap_or(self.rest.len());
            let name = self.rest[..end].to_owned();
            self.rest = &self.rest[end..];
            if name.is_empty() {
                return Err(Malformed);
            }
            name
        } else {
            return Err(Malformed);
        };
        self.skip_blanks()?;
        if !self.eat(':') {
            return Err(Malformed);
        }
        self.levels.push(Level::Field);
        Ok(Token::Name(name))
    }

    fn value(&mut self) -> Result<Token, Malformed> {
        let token = match self.rest.chars().next().ok_or(Malformed)? {
            '{' => {
                self.rest = &self.rest[1..];
                self.open(Level::Object { is_first: true })?;
                return Ok(Token::StartObject);
            }
            '[' => {
                self.rest = &self.rest[1..];
                self.open(Level::Array { is_first: true })?;
                return Ok(Token::StartArray);
            }
            quote @ ('"' | '\'') if quote == '"' || self.syntax.single_quotes => {
                self.rest = &self.rest[1..];
                Token::String(self.string(quote)?)
            }
            '0'..='9' | '-' | '+' | 'N' | 'I' => self.number()?,
            _ => self.word()?,
        };
        self.is_done = self.levels.is_empty();
        Ok(token)
    }

    fn word(&mut self) -> Result<Token, Malformed> {
        let words = [
            ("true", Token::Boolean(true)),
            ("false", Token::Boolean(false)),
            ("null", Token::Null),
        ];
        let found = words.into_iter().find(|(word, _)| self.eat_word(word));
        found.map(|(_, token)| token).ok_or(Malformed)
    }

    fn number(&mut self) -> Result<Token, Malformed> {
        let named = [
            ("NaN", f64::NAN),
            ("Infinity", f64::INFINITY),
            ("+Infinity", f64::INFINITY),
            ("+INF", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("-INF", f64::NEG_INFINITY),
        ];
        if self.syntax.non_numeric_numbers
            && let Some((_, number)) = named.iter().find(|(name, _)| self.eat_word(name))
        {
            return Ok(Token::NonNumeric(*number));
        }
        let start = self.rest;
        self.eat('-');
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') && !self.syntax.leading_zeros {
            return Err(Malformed);
        }
        let mut is_float = false;
        if self.eat('.') {
            is_float = true;
            self.digits()?;
        }
        if self.eat('e') || self.eat('E') {
            is_float = true;
            if !self.eat('-') {
                self.eat('+');
            }
            self.digits()?;
        }
        let text = start[..start.len() - self.rest.len()].to_owned();
        Ok(if is_float {
            Token::Float(text)
        } else {
            let sign = if text.starts_with('-') { "-" } else { "" };
            let digits = whole.trim_start_matches('0');
            Token::Integer(if digits.is_empty() {
                "0".into()
            } else {
                format!("{sign}{digits}")
            })
        })
    }

    fn digits(&mut self) -> Result<&'a str, Malformed> {
        let end = self.rest.find(|it: char| !it.is_ascii_digit());
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if digits.is_empty() {
            Err(Malformed)
        } else {
            Ok(digits)
        }
    }

    /// The text up to the closing quote, whose opening one was read.
    fn string(&mut self, quote: char) -> Result<String, Malformed> {
        let mut text = String::new();
        loop {
            let end = self
                .rest
                .find(|it: char| it == quote || it == '\\' || it < ' ');
            let end = end.ok_or(Malformed)?;
            text.push_str(&self.rest[..end]);
            let mut rest = self.rest[end..].chars();
            let character = rest.next();
            self.rest = rest.as_str();
            match character {
                Some('\\') => text.push(self.escape()?),
                Some(character) if character == quote => return Ok(text),
                Some(character) if self.syntax.control_characters => text.push(character),
                _ => return Err(Malformed),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let mut rest = self.rest.chars();
        let character = rest.next().ok_or(Malformed)?;
        self.rest = rest.as_str();
        Ok(match character {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            '"' | '/' | '\\' => character,
            'u' => return self.utf16(),
            '\'' if self.syntax.single_quotes => character,
            _ if self.syntax.any_escape => character,
            _ => return Err(Malformed),
        })
    }

    /// `\ud83d\ude00` is one character, and half of such a pair is `?`.
    fn utf16(&mut self) -> Result<char, Malformed> {
        let first = self.unit()?;
        let Some(rest) = self
            .rest
            .strip_prefix("\\u")
            .filter(|_| (0xD800..0xDC00).contains(&first))
        else {
            return Ok(char::from_u32(first.into()).unwrap_or('?'));
        };
        let before = std::mem::replace(&mut self.rest, rest);
        let second = self.unit()?;
        let mut pair = char::decode_utf16([first, second]);
        if let Some(Ok(character)) = pair.next() {
            return Ok(character);
        }
        self.rest = before;
        Ok('?')
    }

    fn unit(&mut self) -> Result<u16, Malformed> {
        let digits = self.rest.get(..4).ok_or(Malformed)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Malformed);
        }
        self.rest = &self.rest[4..];
        u16::from_str_radix(digits, 16).map_err(|_| Malformed)
    }

    fn eat(&mut self, character: char) -> bool {
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Reads a word that ends there.
    fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        let rest =
            rest.filter(|rest| !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_'));
        if let Some(rest) = rest {
            self.rest = rest;
        }
        rest.is_some()
    }

    fn skip_blanks(&mut self) -> Result<(), Malformed> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
            if !self.syntax.comments || !self.rest.starts_with('/') {
                return Ok(());
            }
            let end = match self.rest.as_bytes().get(1) {
                Some(b'*') => self.rest.find("*/").map(|at| at + 2).ok_or(Malformed)?,
                Some(b'/') => self.rest.find(['\n', '\r']).unwrap_or(self.rest.len()),
                _ => return Err(Malformed),
            };
            self.rest = &self.rest[end..];
        }
    }
}
