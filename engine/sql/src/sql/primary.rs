//! The operands of operators: names, literals, calls, parentheses, and what is read from them by `.`, `[]` and `::`.

use engine::{SparkVersion, Text};

use super::cursor::Cursor;
use super::token::TokenKind;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind, Lambda, Subquery, SubqueryKind};

impl Cursor<'_> {
    /// Reads an operand.
    pub(super) fn primary(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let mut operand = self.operand()?;
        loop {
            operand = if self.take_symbol("[") {
                let index = self.nested(Cursor::value)?;
                self.expect_symbol("]")?;
                self.call_from(start, "get_item", vec![operand, index])?
            } else if self.take_symbol("::") {
                let to = self.data_type()?;
                self.grow()?;
                let kind = ExpressionKind::Cast {
                    operand,
                    to,
                    is_try: false,
                };
                self.made_from(start, kind)
            } else if self.is_symbol(".") && self.peek_after(1).name().is_some() {
                self.advance();
                let name = self.name()?;
                self.grow()?;
                let kind = match *operand.kind {
                    ExpressionKind::Column(mut path) => {
                        path.push(name);
                        ExpressionKind::Column(path)
                    }
                    _ => ExpressionKind::Field { operand, name },
                };
                self.made_from(start, kind)
            } else {
                return Ok(operand);
            };
        }
    }

    fn operand(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let token = self.peek();
        match token.kind {
            TokenKind::Symbol if token.text == "*" => {
                self.advance();
                self.star(start, Vec::new())
            }
            TokenKind::Symbol if token.text == "(" => self.parentheses(),
            TokenKind::Symbol if token.text == "-" && self.is_number_after(1) => self.literal(),
            TokenKind::Number | TokenKind::String | TokenKind::Hex => self.literal(),
            TokenKind::Word => self.word(),
            TokenKind::Quoted => self.named(),
            TokenKind::Symbol if matches!(token.text, ":" | "?") => Err(self.unbound_parameter()),
            TokenKind::Symbol | TokenKind::End => Err(self.unexpected()),
        }
    }

    /// The error of `?` or `:name`, for which no value is handed in.
    fn unbound_parameter(&self) -> AnalysisError {
        let token = self.peek();
        let name = match self.peek_after(1).name() {
            Some(name) if token.text == ":" => name,
            _ if token.text == "?" => format!("_{}", token.span.start).into(),
            _ => return self.unexpected(),
        };
        let message = format!("Found the unbound parameter: {name}.");
        AnalysisError::new("UNBOUND_SQL_PARAMETER", message)
            .at(Some(token.span))
            .with_help("Write the value into the text.")
    }

    /// Reads what begins with a word: a literal, a form of its own, or a name.
    fn word(&mut self) -> Result<Expression, AnalysisError> {
        let next = self.peek_after(1);
        match next.kind {
            TokenKind::String => return self.typed_literal(),
            TokenKind::Symbol if next.text == "(" => {
                if let Some(form) = self.form()? {
                    return Ok(form);
                }
            }
            _ if self.is_word("INTERVAL") && self.is_interval() => return self.interval(),
            _ if self.is_word("CASE") && !ends_expression(next.kind, next.text) => {
                return self.case();
            }
            _ if next.text != "." && self.is_any_word(&["NULL", "TRUE", "FALSE"]) => {
                return self.literal();
            }
            _ => {}
        }
        self.named()
    }

    /// Reads a column, all columns of a table, a lambda or a call.
    fn named(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        if self.peek_after(1).is_symbol("->") {
            let parameters = vec![self.name()?];
            return self.lambda(start, parameters);
        }
        let mut path = match self.identifier_clause()? {
            Some(path) => path,
            None => vec![self.name()?],
        };
        while self.is_symbol(".") {
            let after = self.peek_after(1);
            if after.is_symbol("*") {
                self.advance();
                self.advance();
                return self.star(start, path);
            }
            if after.name().is_none() {
                break;
            }
            self.advance();
            path.push(self.name()?);
        }
        if self.is_symbol("(") {
            return self.call(start, &path);
        }
        if let [name] = &path[..]
            && is_constant_function(name)
            && self.peek_before().kind == TokenKind::Word
        {
            return self.call_from(start, name.to_ascii_lowercase(), Vec::new());
        }
        Ok(self.made_from(start, ExpressionKind::Column(path)))
    }

    /// Reads what a star may leave out, `EXCEPT (a, s.b)`.
    fn star(&mut self, start: usize, table: Vec<Text>) -> Result<Expression, AnalysisError> {
        let first = self.peek_after(2);
        let is_query = ["SELECT", "WITH", "VALUES", "FROM", "TABLE"]
            .iter()
            .any(|word| first.is_word(word));
        let is_except = self.spark == SparkVersion::V4
            && self.is_word("EXCEPT")
            && self.peek_after(1).is_symbol("(")
            && !first.is_symbol("(")
            && !is_query;
        if !is_except {
            return Ok(self.made_from(start, ExpressionKind::Star(table)));
        }
        self.advance();
        let except = self.parenthesized(|cursor| cursor.list(Cursor::path))?;
        Ok(self.made_from(start, ExpressionKind::StarExcept { table, except }))
    }

    fn lambda(&mut self, start: usize, parameters: Vec<Text>) -> Result<Expression, AnalysisError> {
        self.expect_symbol("->")?;
        let body = self.expression()?;
        self.grow()?;
        let lambda = ExpressionKind::Lambda(Lambda { parameters, body });
        Ok(self.made_from(start, lambda))
    }

    /// Reads a subquery, the parameters of a lambda, a struct, or an expression in parentheses.
    fn parentheses(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        if self.starts_subquery() {
            let plan = self.parenthesized(Cursor::query)?;
            return self.subquery(start, SubqueryKind::Scalar, plan);
        }
        if self.is_lambda_in_parentheses() {
            let parameters = self.parenthesized(|cursor| cursor.list(Cursor::name))?;
            return self.lambda(start, parameters);
        }
        self.expect_symbol("(")?;
        let first = self.named_expression()?;
        if !self.is_symbol(",") {
            let first = self.rest_of_subquery(first)?;
            if matches!(*first.kind, ExpressionKind::Alias { .. }) {
                return Err(self.unexpected());
            }
            self.expect_symbol(")")?;
            return Ok(first);
        }
        let mut fields = vec![first];
        while self.take_symbol(",") {
            fields.push(self.named_expression()?);
        }
        self.expect_symbol(")")?;
        let named = fields.into_iter().enumerate().flat_map(|(index, field)| {
            let name = match &*field.kind {
                ExpressionKind::Column(_) | ExpressionKind::Alias { .. } => field.name(),
                _ => format!("col{}", index + 1).into(),
            };
            let field = match *field.kind {
                ExpressionKind::Alias { operand, .. } => operand,
                _ => field,
            };
            [Expression::from(name.as_str()), field]
        });
        let named = named.collect();
        self.call_from(start, "named_struct", named)
    }

    /// The subquery `(SELECT 1)` of `((SELECT 1) UNION (SELECT 2))`, with the rest of it.
    fn rest_of_subquery(&mut self, first: Expression) -> Result<Expression, AnalysisError> {
        if !self.continues_query() {
            return Ok(first);
        }
        let span = first.span;
        match *first.kind {
            ExpressionKind::Subquery(Subquery {
                kind: SubqueryKind::Scalar,
                plan,
            }) => {
                let plan = self.query_after(plan)?;
                let start = span.map_or(0, |span| span.start);
                self.subquery(start, SubqueryKind::Scalar, plan)
            }
            _ => Ok(first),
        }
    }

    pub(super) fn subquery(
        &mut self,
        start: usize,
        kind: SubqueryKind,
        plan: crate::plan::LogicalPlan,
    ) -> Result<Expression, AnalysisError> {
        self.grow()?;
        let subquery = ExpressionKind::Subquery(Subquery { kind, plan });
        Ok(self.made_from(start, subquery))
    }

    /// Returns true before `(x, y) ->`.
    fn is_lambda_in_parentheses(&self) -> bool {
        let mut index = 1;
        while self.peek_after(index).name().is_some() {
            let after = self.peek_after(index + 1);
            if after.is_symbol(")") {
                return self.peek_after(index + 2).is_symbol("->");
            }
            if !after.is_symbol(",") {
                return false;
            }
            index += 2;
        }
        false
    }

    /// Returns true before `(SELECT`.
    pub(super) fn starts_subquery(&self) -> bool {
        let first = self.peek_after(1);
        let words = ["SELECT", "WITH", "VALUES", "FROM"];
        self.is_symbol("(")
            && words.iter().any(|word| first.is_word(word))
            && !ends_expression(self.peek_after(2).kind, self.peek_after(2).text)
            && !(first.is_word("VALUES") && self.peek_after(2).is_symbol("["))
    }

    /// Returns true if the token after some is a number.
    pub(super) fn is_number_after(&self, count: usize) -> bool {
        self.peek_after(count).kind == TokenKind::Number
    }

    /// Reads an expression and its name if it has one (`namedExpression`).
    pub(super) fn named_expression(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let operand = self.expression()?;
        let names = if self.is_alias_named_as() {
            vec![self.identifier()?]
        } else if self.take_word("AS") {
            if self.is_symbol("(") {
                self.names_in_parentheses()?
            } else {
                vec![self.identifier()?]
            }
        } else if self.is_alias() {
            vec![self.identifier()?]
        } else if self.is_symbol("(") {
            self.names_in_parentheses()?
        } else {
            return Ok(operand);
        };
        self.grow()?;
        Ok(self.made_from(start, ExpressionKind::Alias { operand, names }))
    }

    /// Returns true before an `AS` that is a name itself: none follows.
    fn is_alias_named_as(&self) -> bool {
        let next = self.peek_after(1);
        let after = self.peek_after(2);
        let ends = |text: &str| matches!(text, "" | "," | ")");
        self.is_word("AS") && (ends(next.text) || next.is_word("FROM") && !ends(after.text))
    }

    /// Returns true before a name that may stand after an expression without `AS`.
    fn is_alias(&self) -> bool {
        let token = self.peek();
        let next = self.peek_after(1);
        let is_clause = match token.kind {
            TokenKind::Quoted => false,
            TokenKind::Word => {
                let is_window = token.is_word("WINDOW") && self.peek_after(2).is_word("AS");
                is_window || CLAUSES.iter().any(|word| token.is_word(word))
            }
            _ => return false,
        };
        // At the end of an expression there is no clause.
        !is_clause || next.kind == TokenKind::End || matches!(next.text, "," | ")")
    }
}

/// The words that end the list of `SELECT`.
const CLAUSES: &[&str] = &[
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "SORT",
    "CLUSTER",
    "DISTRIBUTE",
    "LIMIT",
    "OFFSET",
    "UNION",
    "EXCEPT",
    "MINUS",
    "INTERSECT",
    "LATERAL",
];

/// Functions that are called without parentheses.
fn is_constant_function(name: &str) -> bool {
    const FUNCTIONS: [&str; 3] = ["CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_USER"];
    let mut functions = FUNCTIONS.iter();
    functions.any(|function| name.eq_ignore_ascii_case(function))
}

/// Returns true of a token before which an expression can end, so that a keyword before it is a name.
fn ends_expression(kind: TokenKind, text: &str) -> bool {
    match kind {
        TokenKind::End => true,
        TokenKind::Symbol => !matches!(text, "(" | "-" | "+" | "~" | "!" | "*"),
        TokenKind::Word => {
            let words = [
                "FROM", "AS", "IS", "AND", "OR", "IN", "LIKE", "THEN", "END", "WHERE", "ASC",
                "DESC",
            ];
            words.iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}
