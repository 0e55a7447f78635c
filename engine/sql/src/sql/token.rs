//! The tokens of a text, without its blanks and comments.

use engine::{SparkVersion, Text};
use sqlparser::tokenizer::{Location, Token as Lexeme, TokenWithSpan, Tokenizer, Whitespace};

use super::dialect::SparkDialect;
use crate::error::AnalysisError;
use crate::span::Span;

/// A token, as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name or a keyword, which may begin with a digit.
    Word,
    /// A name in backquotes.
    Quoted,
    /// A string in quotes, which may have an `r` before it.
    String,
    /// A number with its suffix: `1`, `1.5BD`.
    Number,
    /// Bytes: `X'1F'`.
    Hex,
    /// Anything else.
    Symbol,
    /// The end of the text.
    End,
}

/// The tokens of a text; the last one is the end.
///
/// # Errors
///
/// `PARSE_SYNTAX_ERROR` of a string or a quoted name without its end, `UNCLOSED_BRACKETED_COMMENT` of a comment,
/// `INVALID_IDENTIFIER` of a name with other letters than those of ASCII.
pub(crate) fn tokens(text: &str, spark: SparkVersion) -> Result<Vec<Token<'_>>, AnalysisError> {
    let mut lexemes = Vec::new();
    let outcome = Tokenizer::new(&SparkDialect, text)
        .with_unescape(false)
        .tokenize_with_location_into_buf(&mut lexemes);
    let known = match spark {
        SparkVersion::V3_5 => SYMBOLS_3_5,
        SparkVersion::V4 => SYMBOLS,
    };
    let mut places = Places::new(text);
    let mut tokens: Vec<Token<'_>> = Vec::new();
    for lexeme in &lexemes {
        let span = places.span(lexeme);
        if text[span.start..span.end].starts_with("/*+") {
            push_hint(&mut tokens, text, span, spark)?;
            continue;
        }
        push(&mut tokens, lexeme, span, text, known);
        if let Lexeme::Word(word) = &lexeme.token
            && word.quote_style.is_none()
        {
            check_letters(&text[span.start..span.end], span, spark)?;
        }
    }
    if outcome.is_err() {
        // Lexemes stand one after the other: what has no end begins where they end.
        let start = lexemes
            .last()
            .map_or(0, |last| places.offset(last.span.end));
        return Err(unclosed(text, start));
    }
    let end = text.len();
    tokens.push(Token {
        kind: TokenKind::End,
        text: "",
        span: Span { start: end, end },
    });
    Ok(tokens)
}

/// The tokens of a comment that is a hint, `/*+ .. */`.
fn push_hint<'a>(
    tokens: &mut Vec<Token<'a>>,
    text: &'a str,
    span: Span,
    spark: SparkVersion,
) -> Result<(), AnalysisError> {
    let inner = Span {
        start: span.start + 3,
        end: span.end.saturating_sub(2).max(span.start + 3),
    };
    let sign = |start, end| Token {
        kind: TokenKind::Symbol,
        text: &text[start..end],
        span: Span { start, end },
    };
    tokens.push(sign(span.start, inner.start));
    let mut within = self::tokens(&text[inner.start..inner.end], spark)?;
    within.pop();
    tokens.extend(within.into_iter().map(|token| Token {
        span: Span {
            start: inner.start + token.span.start,
            end: inner.start + token.span.end,
        },
        ..token
    }));
    tokens.push(sign(inner.end, span.end));
    Ok(())
}

/// The error of a string, a name or a comment that begins here and has no end.
fn unclosed(text: &str, start: usize) -> AnalysisError {
    let rest = &text[start..];
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let span = Span {
        start,
        end: start + length,
    };
    let error = if rest.starts_with("/*") {
        let message =
            "Found an unclosed bracketed comment. Please, append */ at the end of the comment.";
        AnalysisError::new("UNCLOSED_BRACKETED_COMMENT", message)
    } else {
        let near = &rest[..length];
        let message = format!("Syntax error at or near '{near}'.");
        AnalysisError::new("PARSE_SYNTAX_ERROR", message)
    };
    error.at(Some(span))
}

/// Names that are not quoted have letters of ASCII alone.
fn check_letters(name: &str, span: Span, spark: SparkVersion) -> Result<(), AnalysisError> {
    let Some((index, letter)) = name.char_indices().find(|(_, letter)| !letter.is_ascii()) else {
        return Ok(());
    };
    if spark == SparkVersion::V4 {
        let message = format!(
            "The unquoted identifier {name} is invalid and must be back quoted as: `{name}`."
        );
        return Err(AnalysisError::new("INVALID_IDENTIFIER", message).at(Some(span)));
    }
    let start = span.start + index;
    let end = start + letter.len_utf8();
    let message = format!("Syntax error at or near '{letter}'.");
    Err(AnalysisError::new("PARSE_SYNTAX_ERROR", message).at(Some(Span { start, end })))
}

fn push<'a>(
    tokens: &mut Vec<Token<'a>>,
    lexeme: &TokenWithSpan,
    span: Span,
    text: &'a str,
    known: &[&str],
) {
    let kind = match &lexeme.token {
        Lexeme::Whitespace(Whitespace::MultiLineComment(_) | _) => return,
        Lexeme::Word(word) if word.quote_style.is_some() => TokenKind::Quoted,
        Lexeme::SingleQuotedString(_) | Lexeme::DoubleQuotedString(_) => TokenKind::String,
        // `0x1F` is a name.
        Lexeme::HexStringLiteral(_) if !text[span.start..].starts_with('0') => TokenKind::Hex,
        Lexeme::Word(_) | Lexeme::HexStringLiteral(_) => TokenKind::Word,
        Lexeme::Number(number, _) if number != "." => TokenKind::Number,
        _ => TokenKind::Symbol,
    };
    let token = |kind, span: Span| Token {
        kind,
        text: &text[span.start..span.end],
        span,
    };
    if let Some(last) = tokens.last_mut()
        && last.span.end == span.start
    {
        let both = last.span.to(span);
        match (last.kind, kind) {
            (TokenKind::Number, TokenKind::Word) => {
                let written = &text[both.start..both.end];
                if super::number::is_number(written) {
                    *last = token(TokenKind::Number, both);
                    return;
                }
                if super::number::is_name(written) {
                    *last = token(TokenKind::Word, both);
                    return;
                }
            }
            (TokenKind::Symbol, TokenKind::Symbol)
                if known.contains(&&text[both.start..both.end]) =>
            {
                *last = token(TokenKind::Symbol, both);
                return;
            }
            (TokenKind::Word, TokenKind::String) if last.text.eq_ignore_ascii_case("r") => {
                *last = token(TokenKind::String, both);
                return;
            }
            _ => {}
        }
    }
    if kind == TokenKind::Symbol {
        symbols(&text[span.start..span.end], span.start, known, tokens);
    } else {
        tokens.push(token(kind, span));
    }
}

/// The operators that Spark has, longest first; the tokenizer knows more, which are several of these.
const SYMBOLS: &[&str] = &[
    "<=>", ">>>", "<=", ">=", "<>", "!=", "!<", "!>", "==", "||", "->", "=>", "::", "<<", ">>",
    "|>",
];

/// Those of Spark 3.5.
const SYMBOLS_3_5: &[&str] = &[
    "<=>", "<=", ">=", "<>", "!=", "!<", "!>", "==", "||", "->", "=>",
];

/// Splits a symbol of the tokenizer into Spark's.
fn symbols<'a>(mut rest: &'a str, mut start: usize, known: &[&str], tokens: &mut Vec<Token<'a>>) {
    while let Some(first) = rest.chars().next() {
        let found = known.iter().find(|symbol| rest.starts_with(**symbol));
        let length = found.map_or(first.len_utf8(), |symbol| symbol.len());
        let (text, after) = rest.split_at(length);
        let end = start + length;
        tokens.push(Token {
            kind: TokenKind::Symbol,
            text,
            span: Span { start, end },
        });
        (rest, start) = (after, end);
    }
}

/// Lines and columns, counted in characters from 1, as offsets in bytes. They must come in the order of the text.
struct Places<'a> {
    rest: std::str::Chars<'a>,
    line: u64,
    column: u64,
    length: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Places<'a> {
        Places {
            rest: text.chars(),
            line: 1,
            column: 1,
            length: text.len(),
        }
    }

    fn offset(&mut self, location: Location) -> usize {
        while (self.line, self.column) < (location.line, location.column) {
            match self.rest.next() {
                Some('\n') => (self.line, self.column) = (self.line + 1, 1),
                Some(_) => self.column += 1,
                None => break,
            }
        }
        self.length - self.rest.as_str().len()
    }

    fn span(&mut self, lexeme: &TokenWithSpan) -> Span {
        Span {
            start: self.offset(lexeme.span.start),
            end: self.offset(lexeme.span.end),
        }
    }
}

impl Token<'_> {
    /// Returns true of this keyword, which is in upper case.
    pub(crate) fn is_word(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Returns true of this symbol.
    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// The name that a word or a quoted word is.
    pub(crate) fn name(&self) -> Option<Text> {
        match self.kind {
            TokenKind::Word => Some(self.text.into()),
            TokenKind::Quoted => {
                let inner = &self.text[1..self.text.len() - 1];
                Some(inner.replace("``", "`").into())
            }
            _ => None,
        }
    }
}
