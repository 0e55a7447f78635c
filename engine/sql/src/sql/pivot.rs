//! `PIVOT`, rows that become columns, and `UNPIVOT`, columns that become rows.

use engine::Text;

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{LogicalPlan, PlanKind, Unpivot};

impl Cursor<'_> {
    /// Reads `PIVOT (..)` or `UNPIVOT (..)` behind a table, if it is there.
    pub(super) fn pivoted(
        &mut self,
        start: usize,
        mut table: LogicalPlan,
    ) -> Result<LogicalPlan, AnalysisError> {
        loop {
            let kind = if self.is_word("PIVOT") && self.peek_after(1).is_symbol("(") {
                self.advance();
                self.parenthesized(|cursor| cursor.pivot(table))?
            } else if self.is_word("UNPIVOT") {
                self.unpivot(table)?
            } else {
                return Ok(table);
            };
            table = self.plan_from(start, kind)?;
            table = self.aliased(start, table)?;
        }
    }

    /// Reads `sum(x) AS s FOR y IN ('a' AS first, 'b')`.
    fn pivot(&mut self, input: LogicalPlan) -> Result<PlanKind, AnalysisError> {
        let aggregates = self.list(Cursor::pivot_aggregate)?;
        self.expect_word("FOR")?;
        let start = self.start();
        let of = if self.is_symbol("(") {
            let columns = self.parenthesized(|cursor| cursor.list(Cursor::value))?;
            self.call_from(start, "struct", columns)?
        } else {
            self.value()?
        };
        self.expect_word("IN")?;
        let values = self.parenthesized(|cursor| cursor.list(Cursor::pivot_value))?;
        Ok(PlanKind::Pivot {
            input,
            aggregates,
            of,
            values,
        })
    }

    /// Reads an aggregate and its name; `FOR` is none.
    fn pivot_aggregate(&mut self) -> Result<Expression, AnalysisError> {
        let expression = self.expression()?;
        let has_name = self.take_word("AS")
            || (self.peek().name().is_some() && !self.is_word("FOR") && !self.is_symbol(","));
        if !has_name {
            return Ok(expression);
        }
        let name = self.identifier()?;
        Ok(expression.alias(name))
    }

    fn pivot_value(&mut self) -> Result<Expression, AnalysisError> {
        self.named_expression()
    }

    /// Reads `UNPIVOT INCLUDE NULLS (v FOR k IN (a AS one, b))`.
    fn unpivot(&mut self, input: LogicalPlan) -> Result<PlanKind, AnalysisError> {
        self.expect_word("UNPIVOT")?;
        let includes_nulls = self.take_words(&["INCLUDE", "NULLS"]);
        if !includes_nulls {
            self.take_words(&["EXCLUDE", "NULLS"]);
        }
        self.parenthesized(|cursor| {
            let is_list = cursor.is_symbol("(");
            let values = if is_list {
                cursor.names_in_parentheses()?
            } else {
                vec![cursor.identifier()?]
            };
            cursor.expect_word("FOR")?;
            let name = cursor.identifier()?;
            cursor.expect_word("IN")?;
            let columns =
                cursor.parenthesized(|cursor| cursor.list(|it| it.unpivot_columns(is_list)))?;
            Ok(PlanKind::Unpivot(Unpivot {
                input,
                columns,
                name,
                values,
                includes_nulls,
            }))
        })
    }

    fn unpivot_columns(
        &mut self,
        is_list: bool,
    ) -> Result<(Vec<Expression>, Option<Text>), AnalysisError> {
        let columns = if is_list {
            self.parenthesized(|cursor| cursor.list(Cursor::unpivot_column))?
        } else {
            vec![self.unpivot_column()?]
        };
        let has_name = self.take_word("AS") || self.peek().name().is_some();
        let name = if has_name {
            Some(self.identifier()?)
        } else {
            None
        };
        Ok((columns, name))
    }

    /// Reads the name of a column; no other expression has a row.
    fn unpivot_column(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let path = self.path()?;
        Ok(self.made_from(start, crate::expression::ExpressionKind::Column(path)))
    }
}
