//! A place in the tokens of a text.

use engine::{SparkVersion, Text};

use super::token::{Token, TokenKind, tokens};
use crate::context::Session;
use crate::error::AnalysisError;
use crate::over::WindowSpec;
use crate::span::Span;

/// The deepest tree that a text may stand for: a deeper one would take more stack than a thread has.
const DEPTH_MAX: usize = 256;

/// A text that is read token by token.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    /// The version of Spark whose SQL it is.
    pub(super) spark: SparkVersion,
    pub(super) session: &'a Session,
    text: &'a str,
    tokens: Vec<Token<'a>>,
    next: usize,
    /// The number of expressions and queries that are open.
    depth: usize,
    /// A bound of the depth of the tree that was read since the innermost one was opened.
    height: usize,
    /// The named windows of the queries around, the innermost last.
    pub(super) windows: Vec<(Text, WindowSpec)>,
}

impl<'a> Cursor<'a> {
    /// The start of a text.
    pub(crate) fn new(text: &'a str, session: &'a Session) -> Result<Cursor<'a>, AnalysisError> {
        Ok(Cursor {
            spark: session.spark,
            session,
            text,
            tokens: tokens(text, session.spark)?,
            next: 0,
            depth: 0,
            height: 0,
            windows: Vec::new(),
        })
    }

    /// The next token.
    pub(crate) fn peek(&self) -> Token<'a> {
        self.peek_after(0)
    }

    /// The token after some.
    pub(crate) fn peek_after(&self, count: usize) -> Token<'a> {
        self.tokens[(self.next + count).min(self.tokens.len() - 1)]
    }

    /// The token that was read last.
    pub(crate) fn peek_before(&self) -> Token<'a> {
        self.tokens[self.next.saturating_sub(1)]
    }

    /// Reads something behind some tokens, and goes back.
    pub(super) fn ahead<T>(
        &mut self,
        count: usize,
        read: impl FnOnce(&mut Cursor<'a>) -> Result<T, AnalysisError>,
    ) -> Result<T, AnalysisError> {
        let next = self.next;
        self.next += count;
        let item = read(self)?;
        self.next = next;
        Ok(item)
    }

    /// Reads the next token.
    pub(crate) fn advance(&mut self) -> Token<'a> {
        let token = self.peek();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    /// Returns true before this keyword.
    pub(crate) fn is_word(&self, keyword: &str) -> bool {
        self.peek().is_word(keyword)
    }

    /// Returns true before one of these keywords.
    pub(crate) fn is_any_word(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is_word(keyword))
    }

    /// Returns true before these keywords.
    pub(crate) fn is_words(&self, keywords: &[&str]) -> bool {
        let mut both = keywords.iter().enumerate();
        both.all(|(index, keyword)| self.peek_after(index).is_word(keyword))
    }

    /// Returns true before this symbol.
    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.peek().is_symbol(symbol)
    }

    /// Reads this keyword if it is next.
    pub(crate) fn take_word(&mut self, keyword: &str) -> bool {
        self.take_words(&[keyword])
    }

    /// Reads these keywords if they are next.
    pub(crate) fn take_words(&mut self, keywords: &[&str]) -> bool {
        let found = self.is_words(keywords);
        if found {
            self.next += keywords.len();
        }
        found
    }

    /// Reads this symbol if it is next.
    pub(crate) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    /// Reads the first character of a symbol, as the first `>` of `>>`, if it is this one.
    pub(crate) fn take_character(&mut self, character: char) -> bool {
        let token = self.peek();
        if token.kind != TokenKind::Symbol || !token.text.starts_with(character) {
            return false;
        }
        let length = character.len_utf8();
        if token.text.len() == length {
            self.advance();
        } else {
            let token = &mut self.tokens[self.next];
            token.text = &token.text[length..];
            token.span.start += length;
        }
        true
    }

    /// Reads this keyword, which must be next.
    pub(crate) fn expect_word(&mut self, keyword: &str) -> Result<(), AnalysisError> {
        if self.take_word(keyword) {
            return Ok(());
        }
        Err(self.unexpected())
    }

    /// Reads this symbol, which must be next.
    pub(crate) fn expect_symbol(&mut self, symbol: &str) -> Result<(), AnalysisError> {
        if self.take_symbol(symbol) {
            return Ok(());
        }
        Err(self.unexpected())
    }

    /// Reads a name.
    pub(crate) fn name(&mut self) -> Result<Text, AnalysisError> {
        let name = self.peek().name().ok_or_else(|| self.unexpected())?;
        self.advance();
        Ok(name)
    }

    /// Reads a name where no expression can be, so that `a-b` is a name that is not quoted.
    pub(crate) fn identifier(&mut self) -> Result<Text, AnalysisError> {
        let start = self.start();
        let name = self.name()?;
        let mut end = self.span_from(start).end;
        while self.is_symbol("-") && self.start() == end && self.peek_after(1).name().is_some() {
            self.advance();
            self.advance();
            end = self.span_from(start).end;
        }
        let span = self.span_from(start);
        let written = self.text_from(start);
        if !written.contains('-') || written.starts_with('`') {
            return Ok(name);
        }
        let message = match self.spark {
            SparkVersion::V3_5 => format!(
                "The identifier {written} is invalid. Please, consider quoting it with back-quotes as `{written}`."
            ),
            SparkVersion::V4 => {
                format!(
                    "The unquoted identifier {written} is invalid and must be back quoted as: `{written}`."
                )
            }
        };
        Err(AnalysisError::new("INVALID_IDENTIFIER", message).at(Some(span)))
    }

    /// The text from a place to the end of the last token that was read.
    pub(crate) fn text_from(&self, start: usize) -> &'a str {
        let span = self.span_from(start);
        &self.text[span.start..span.end]
    }

    /// Reads a number of digits alone.
    pub(crate) fn whole_number(&mut self) -> Result<&'a str, AnalysisError> {
        let token = self.peek();
        let is_whole = token.text.bytes().all(|byte| byte.is_ascii_digit());
        if token.kind != TokenKind::Number || !is_whole {
            return Err(self.unexpected());
        }
        Ok(self.advance().text)
    }

    /// Reads what `read` does, once or more often, with commas between.
    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Cursor<'a>) -> Result<T, AnalysisError>,
    ) -> Result<Vec<T>, AnalysisError> {
        let mut items = vec![read(self)?];
        while self.take_symbol(",") {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// Reads what `read` does behind this keyword, if the keyword is next.
    pub(crate) fn optional<T>(
        &mut self,
        keyword: &str,
        read: impl FnOnce(&mut Cursor<'a>) -> Result<T, AnalysisError>,
    ) -> Result<Option<T>, AnalysisError> {
        if self.take_word(keyword) {
            return read(self).map(Some);
        }
        Ok(None)
    }

    /// Reads the same between parentheses.
    pub(crate) fn parenthesized<T>(
        &mut self,
        read: impl FnOnce(&mut Cursor<'a>) -> Result<T, AnalysisError>,
    ) -> Result<T, AnalysisError> {
        self.expect_symbol("(")?;
        let item = read(self)?;
        self.expect_symbol(")")?;
        Ok(item)
    }

    /// Reads names between parentheses, if there are any.
    pub(crate) fn names_in_parentheses(&mut self) -> Result<Vec<Text>, AnalysisError> {
        if !self.is_symbol("(") {
            return Ok(Vec::new());
        }
        self.parenthesized(|cursor| cursor.list(Cursor::identifier))
    }

    /// The end of the text, which must be next.
    pub(crate) fn expect_end(&self) -> Result<(), AnalysisError> {
        let token = self.peek();
        match token.kind {
            TokenKind::End => Ok(()),
            _ if self.peek_after(1).kind == TokenKind::End => {
                let near = token.text;
                let message = format!("Syntax error at or near '{near}': extra input '{near}'.");
                Err(syntax_error(message, token.span))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The error that the next token cannot be here.
    pub(crate) fn unexpected(&self) -> AnalysisError {
        let token = self.peek();
        let message = match token.kind {
            TokenKind::End => "Syntax error at or near end of input.".to_owned(),
            _ => format!("Syntax error at or near '{}'.", token.text),
        };
        syntax_error(message, token.span)
    }

    /// The error that something, which begins at the next token, is not there in this engine.
    pub(crate) fn unsupported(&self, thing: &str) -> AnalysisError {
        AnalysisError::unclassified(format!("{thing} is not supported")).at(Some(self.peek().span))
    }

    /// The start of the next token.
    pub(crate) fn start(&self) -> usize {
        self.peek().span.start
    }

    /// The span from a place to the end of the last token that was read.
    pub(crate) fn span_from(&self, start: usize) -> Span {
        let last = self.next.checked_sub(1).map(|last| self.tokens[last].span);
        Span {
            start,
            end: last.map_or(start, |last| last.end.max(start)),
        }
    }

    /// Reads a part of the tree that has parts of its own.
    ///
    /// # Errors
    ///
    /// `FAILED_TO_PARSE_TOO_COMPLEX` of one that is too deep.
    pub(crate) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Cursor<'a>) -> Result<T, AnalysisError>,
    ) -> Result<T, AnalysisError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.too_complex());
        }
        let outer = std::mem::take(&mut self.height);
        let item = read(self)?;
        self.depth -= 1;
        self.grow()?;
        self.height = outer.max(self.height);
        Ok(item)
    }

    /// The part of the tree that was read is the child of a new node.
    pub(crate) fn grow(&mut self) -> Result<(), AnalysisError> {
        self.height += 1;
        if self.height > DEPTH_MAX {
            return Err(self.too_complex());
        }
        Ok(())
    }

    fn too_complex(&self) -> AnalysisError {
        AnalysisError::new(
            "FAILED_TO_PARSE_TOO_COMPLEX",
            format!("The statement was too complex to parse: it has more than {DEPTH_MAX} levels."),
        )
        .at(Some(self.peek().span))
        .with_help("Divide the statement into several that are less complex.")
    }
}

fn syntax_error(message: String, span: Span) -> AnalysisError {
    AnalysisError::new("PARSE_SYNTAX_ERROR", message).at(Some(span))
}
