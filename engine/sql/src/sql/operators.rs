//! Operators, from the loosest to the tightest: `OR`, `AND`, `NOT`, predicates, comparisons, arithmetic.

use engine::Text;

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind};

/// Operators between two values by their tightness, the loosest first: as written, and as called.
const BINARY: &[&[(&str, &str)]] = &[
    &[
        ("=", "="),
        ("==", "="),
        ("<>", "<>"),
        ("!=", "<>"),
        ("<=>", "<=>"),
        ("<=", "<="),
        ("!>", "<="),
        (">=", ">="),
        ("!<", ">="),
        ("<", "<"),
        (">", ">"),
    ],
    &[("|", "|")],
    &[("^", "^")],
    &[("&", "&")],
    &[("<<", "<<"), (">>>", ">>>"), (">>", ">>")],
    &[("+", "+"), ("-", "-"), ("||", "concat")],
    &[("*", "*"), ("/", "/"), ("%", "%"), ("DIV", "div")],
];

impl Cursor<'_> {
    /// Reads an expression.
    pub(super) fn expression(&mut self) -> Result<Expression, AnalysisError> {
        self.nested(|cursor| cursor.connected("OR", "or", Cursor::conjunction))
    }

    fn conjunction(&mut self) -> Result<Expression, AnalysisError> {
        self.connected("AND", "and", Cursor::negation)
    }

    /// Reads conditions with a keyword between, as a tree of few levels.
    fn connected(
        &mut self,
        keyword: &str,
        function: &'static str,
        read: fn(&mut Self) -> Result<Expression, AnalysisError>,
    ) -> Result<Expression, AnalysisError> {
        let first = self.nested(read)?;
        if !self.is_word(keyword) {
            return Ok(first);
        }
        let mut conditions = vec![first];
        while self.take_word(keyword) {
            conditions.push(self.nested(read)?);
        }
        for _ in 0..=conditions.len().ilog2() {
            self.grow()?;
        }
        let tree = balanced(function, &mut conditions.into_iter());
        Ok(tree)
    }

    fn negation(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        if self.take_word("NOT") || self.take_symbol("!") {
            let condition = self.nested(Cursor::negation)?;
            return self.call_from(start, "not", vec![condition]);
        }
        let start = self.start();
        let value = self.value()?;
        self.predicate(start, value)
    }

    /// Reads a value: all operators that are tighter than predicates.
    pub(super) fn value(&mut self) -> Result<Expression, AnalysisError> {
        self.binary(0)
    }

    fn binary(&mut self, tightness: usize) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let mut left = self.unary()?;
        // One loop for all operators: the tightest that can be read is that of the operator before it.
        while let Some((found, function)) = self.operator(tightness) {
            self.advance();
            let right = self.nested(|cursor| cursor.binary(found + 1))?;
            left = if function == "<>" {
                let equal = self.call_from(start, "=", vec![left, right])?;
                self.call_from(start, "not", vec![equal])?
            } else {
                self.call_from(start, function, vec![left, right])?
            };
        }
        Ok(left)
    }

    /// The operator that is next, if it is at least as tight.
    fn operator(&self, tightness: usize) -> Option<(usize, &'static str)> {
        let token = self.peek();
        let mut levels = BINARY.iter().enumerate().skip(tightness);
        levels.find_map(|(level, operators)| {
            let mut operators = operators.iter();
            let found =
                operators.find(|(written, _)| token.is_symbol(written) || token.is_word(written));
            found.map(|(_, function)| (level, *function))
        })
    }

    fn unary(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        if self.is_symbol("-") && self.is_number_after(1) {
            return self.primary();
        }
        for (sign, function) in [("-", "-"), ("+", "positive"), ("~", "~")] {
            if self.take_symbol(sign) {
                let operand = self.nested(Cursor::unary)?;
                return self.call_from(start, function, vec![operand]);
            }
        }
        self.primary()
    }

    /// A call that was read from a place on.
    pub(super) fn call_from(
        &mut self,
        start: usize,
        function: impl Into<Text>,
        arguments: Vec<Expression>,
    ) -> Result<Expression, AnalysisError> {
        self.grow()?;
        Ok(Expression::call(function, arguments).at(Some(self.span_from(start))))
    }

    /// An expression that was read from a place on.
    pub(super) fn made_from(&self, start: usize, kind: ExpressionKind) -> Expression {
        Expression::new(kind).at(Some(self.span_from(start)))
    }
}

/// The conditions in the order they were written, in halves (`AstBuilder.visitLogicalBinary`).
fn balanced(
    function: &'static str,
    conditions: &mut impl ExactSizeIterator<Item = Expression>,
) -> Expression {
    let count = conditions.len();
    half(function, conditions, count)
}

fn half(
    function: &'static str,
    conditions: &mut impl Iterator<Item = Expression>,
    count: usize,
) -> Expression {
    if count <= 1 {
        return conditions.next().unwrap_or_else(Expression::null);
    }
    let first = (count - 1) / 2 + 1;
    let left = half(function, conditions, first);
    let right = half(function, conditions, count - first);
    let span = left
        .span
        .zip(right.span)
        .map(|(left, right)| left.to(right));
    Expression::call(function, [left, right]).at(span)
}
