//! Names that are texts: `IDENTIFIER('t.a')` (`ResolveIdentifierClause`).

use engine::{DataType, Text, Value};

use super::cursor::Cursor;
use super::token::TokenKind;
use crate::error::AnalysisError;
use crate::resolve::Resolver;
use crate::schema::Schema;

impl Cursor<'_> {
    /// Reads `IDENTIFIER(..)`, if it is next: the parts of the name.
    pub(super) fn identifier_clause(&mut self) -> Result<Option<Vec<Text>>, AnalysisError> {
        if !self.is_word("IDENTIFIER") || !self.peek_after(1).is_symbol("(") {
            return Ok(None);
        }
        self.advance();
        let written = self.parenthesized(Cursor::expression)?;
        let no_columns = Schema::default();
        let typed = Resolver::new(&no_columns, self.session).resolve(&written)?;
        let refused = |message: &str| {
            let condition = match typed.as_literal() {
                Some(Value::Null) => "NOT_A_CONSTANT_STRING.NULL",
                _ if typed.data_type != DataType::String => "NOT_A_CONSTANT_STRING.WRONG_TYPE",
                _ => "NOT_A_CONSTANT_STRING.NOT_CONSTANT",
            };
            let name = written.name();
            let message = format!(
                "The expression \"{name}\" used for the routine or clause IDENTIFIER must be a constant STRING which is NOT \
                 NULL. {message}"
            );
            AnalysisError::new(condition, message).at(written.span)
        };
        match typed.constant(self.session) {
            Some(Value::String(text)) => {
                let parts = parts(&text, self);
                parts.map(Some).map_err(|error| error.at(written.span))
            }
            _ => Err(refused("It is none.")),
        }
    }
}

/// The parts of a name, which may be in backquotes.
fn parts(text: &str, cursor: &Cursor<'_>) -> Result<Vec<Text>, AnalysisError> {
    let mut name = Cursor::new(text, cursor.session)?;
    if name.peek().kind == TokenKind::End {
        return Err(name.unexpected());
    }
    let path = name.path()?;
    name.expect_end()?;
    Ok(path)
}
