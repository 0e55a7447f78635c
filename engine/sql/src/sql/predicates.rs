//! Predicates: `IN`, `BETWEEN`, `LIKE` and the like, `IS`.

use engine::{SparkVersion, Text, Value};

use super::cursor::Cursor;
use super::token::TokenKind;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind, Literal, Subquery, SubqueryKind};

impl Cursor<'_> {
    /// Reads the predicate of a value, if there is one; there can be no second one.
    pub(super) fn predicate(
        &mut self,
        start: usize,
        value: Expression,
    ) -> Result<Expression, AnalysisError> {
        if self.take_word("IS") {
            return self.is_predicate(start, value);
        }
        let next = self.peek_after(usize::from(self.is_word("NOT")));
        let known = ["IN", "BETWEEN", "LIKE", "ILIKE", "RLIKE", "REGEXP"];
        let Some(keyword) = known.into_iter().find(|word| next.is_word(word)) else {
            return Ok(value);
        };
        let is_negated = self.take_word("NOT");
        self.advance();
        let predicate = match keyword {
            "IN" => self.in_predicate(start, value)?,
            "BETWEEN" => {
                let low = self.value()?;
                self.expect_word("AND")?;
                let high = self.value()?;
                self.call_from(start, "between", vec![value, low, high])?
            }
            "LIKE" | "ILIKE" if self.is_any_word(&["ANY", "SOME", "ALL"]) => {
                return self.quantified_like(start, value, keyword == "ILIKE", is_negated);
            }
            "LIKE" | "ILIKE" => {
                let mut arguments = vec![value, self.value()?];
                if self.take_word("ESCAPE") {
                    arguments.push(self.escape_character()?);
                }
                self.call_from(start, keyword.to_ascii_lowercase(), arguments)?
            }
            _ => {
                let pattern = self.value()?;
                self.call_from(start, "rlike", vec![value, pattern])?
            }
        };
        self.negated_if(is_negated, start, predicate)
    }

    fn negated_if(
        &mut self,
        is_negated: bool,
        start: usize,
        predicate: Expression,
    ) -> Result<Expression, AnalysisError> {
        if is_negated {
            return self.call_from(start, "not", vec![predicate]);
        }
        Ok(predicate)
    }

    fn is_predicate(
        &mut self,
        start: usize,
        value: Expression,
    ) -> Result<Expression, AnalysisError> {
        let is_negated = self.take_word("NOT");
        if self.take_word("NULL") || self.take_word("UNKNOWN") {
            let function = if is_negated { "isnotnull" } else { "isnull" };
            return self.call_from(start, function, vec![value]);
        }
        let other = if self.take_words(&["DISTINCT", "FROM"]) {
            let other = self.value()?;
            let same = self.call_from(start, "<=>", vec![value, other])?;
            return self.negated_if(!is_negated, start, same);
        } else if self.is_word("TRUE") {
            true
        } else if self.is_word("FALSE") {
            false
        } else {
            return Err(self.unexpected());
        };
        let span = self.advance().span;
        let other = Expression::from(other).at(Some(span));
        let same = self.call_from(start, "<=>", vec![value, other])?;
        self.negated_if(is_negated, start, same)
    }

    fn in_predicate(
        &mut self,
        start: usize,
        value: Expression,
    ) -> Result<Expression, AnalysisError> {
        let parenthesis = self.peek().span;
        if self.starts_subquery() {
            let plan = self.parenthesized(Cursor::query)?;
            self.grow()?;
            let kind = SubqueryKind::In(value);
            return Ok(self.made_from(start, ExpressionKind::Subquery(Subquery { kind, plan })));
        }
        self.expect_symbol("(")?;
        if self.is_symbol(")") {
            let span = Some(parenthesis);
            return Err(match self.spark {
                SparkVersion::V3_5 => {
                    AnalysisError::new("PARSE_SYNTAX_ERROR", "Syntax error at or near '('.")
                        .at(span)
                }
                SparkVersion::V4 => AnalysisError::new(
                    "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE",
                    "Invalid SQL syntax: IN predicate requires at least one value.",
                )
                .at(span),
            });
        }
        let mut arguments = vec![value];
        arguments.extend(self.list(Cursor::expression)?);
        self.expect_symbol(")")?;
        self.call_from(start, "in", arguments)
    }

    fn escape_character(&mut self) -> Result<Expression, AnalysisError> {
        let span = self.peek().span;
        if self.peek().kind != TokenKind::String {
            return Err(self.unexpected());
        }
        let text = self.strings()?;
        if text.chars().count() != 1 {
            return Err(AnalysisError::new(
                "INVALID_ESC",
                format!(
                    "Found an invalid escape string: '{text}'. The escape string must contain only one character."
                ),
            )
            .at(Some(span)));
        }
        Ok(Expression::from(text.as_str()).at(Some(span)))
    }

    /// Reads `ANY ('a%', '%b')` after `LIKE`.
    fn quantified_like(
        &mut self,
        start: usize,
        value: Expression,
        ignores_case: bool,
        is_negated: bool,
    ) -> Result<Expression, AnalysisError> {
        let is_all = self.advance().is_word("ALL");
        let span = self.peek().span;
        self.expect_symbol("(")?;
        if self.is_symbol(")") {
            return Err(AnalysisError::new(
                "INVALID_SQL_SYNTAX.EMPTY_QUANTIFIED_PATTERN",
                "Invalid SQL syntax: Expected something between '(' and ')'.",
            )
            .at(Some(span)));
        }
        let patterns = self.list(Cursor::expression)?;
        self.expect_symbol(")")?;
        let texts: Option<Vec<&Text>> = patterns.iter().map(text_of).collect();
        if let Some(texts) = texts {
            let function = match (is_negated, is_all) {
                (false, true) => "likeall",
                (false, false) => "likeany",
                (true, true) => "notlikeall",
                (true, false) => "notlikeany",
            };
            let mut arguments = vec![value];
            if ignores_case {
                let lower = texts.into_iter().map(|text| text.to_lowercase());
                let lower = lower.map(|text| Expression::from(text.as_str()));
                let value = self.call_from(start, "lower", arguments)?;
                arguments = std::iter::once(value).chain(lower).collect();
            } else {
                arguments.extend(patterns);
            }
            return self.call_from(start, function, arguments);
        }
        let function = if ignores_case { "ilike" } else { "like" };
        let connective = if is_all { "and" } else { "or" };
        let mut conditions = patterns.into_iter().map(|pattern| {
            let like = self.call_from(start, function, vec![value.clone(), pattern])?;
            self.negated_if(is_negated, start, like)
        });
        let conditions = conditions.by_ref().collect::<Result<Vec<_>, _>>()?;
        let mut conditions = conditions.into_iter();
        let mut all = conditions.next().unwrap_or_else(Expression::null);
        for condition in conditions {
            all = self.call_from(start, connective, vec![all, condition])?;
        }
        Ok(all)
    }
}

/// The text of a string literal.
fn text_of(expression: &Expression) -> Option<&Text> {
    match &*expression.kind {
        ExpressionKind::Literal(Literal {
            value: Value::String(text),
            ..
        }) => Some(text),
        _ => None,
    }
}
