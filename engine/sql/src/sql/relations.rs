//! `FROM`: tables, joins, subqueries, `LATERAL VIEW`, and their names.

use super::cursor::Cursor;
use super::token::TokenKind;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{JoinCondition, JoinKind, LogicalPlan, PlanKind};

/// The words that cannot name a table without `AS`.
const RESERVED: &[&str] = &[
    "ANTI",
    "CLUSTER",
    "CROSS",
    "DISTRIBUTE",
    "EXCEPT",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIMIT",
    "MINUS",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "PIVOT",
    "RIGHT",
    "SELECT",
    "SEMI",
    "SORT",
    "TABLESAMPLE",
    "UNION",
    "UNPIVOT",
    "USING",
    "WHERE",
    "WINDOW",
];

impl Cursor<'_> {
    /// Reads the tables of `FROM`.
    pub(super) fn from(&mut self) -> Result<LogicalPlan, AnalysisError> {
        let start = self.start();
        let mut table = self.relation()?;
        while self.take_symbol(",") {
            if self.take_lateral() {
                table = self.lateral(start, table, JoinKind::Inner)?;
                table = self.joined(start, table)?;
                continue;
            }
            let right = self.nested(Cursor::relation)?;
            let join = PlanKind::Join {
                left: table,
                right,
                kind: JoinKind::Inner,
                condition: JoinCondition::None,
            };
            table = self.plan_from(start, join)?;
        }
        while self.is_words(&["LATERAL", "VIEW"]) {
            table = self.lateral_view(start, table)?;
        }
        self.pivoted(start, table)
    }

    /// Reads a table and those that it is joined with.
    fn relation(&mut self) -> Result<LogicalPlan, AnalysisError> {
        let start = self.start();
        let first = self.nested(Cursor::table)?;
        self.joined(start, first)
    }

    fn joined(&mut self, start: usize, first: LogicalPlan) -> Result<LogicalPlan, AnalysisError> {
        let mut left = self.pivoted(start, first)?;
        while let Some((is_natural, kind)) = self.join_kind()? {
            if self.take_lateral() {
                left = self.lateral(start, left, kind)?;
                continue;
            }
            let right = self.nested(Cursor::table)?;
            let condition = if is_natural {
                JoinCondition::Natural
            } else {
                self.join_condition()?
            };
            let join = PlanKind::Join {
                left,
                right,
                kind,
                condition,
            };
            left = self.plan_from(start, join)?;
            left = self.pivoted(start, left)?;
        }
        Ok(left)
    }

    /// Reads `ON ..` or `USING (..)`, if it is there.
    pub(super) fn join_condition(&mut self) -> Result<JoinCondition, AnalysisError> {
        if self.take_word("ON") {
            return Ok(JoinCondition::On(self.expression()?));
        }
        if !self.take_word("USING") {
            return Ok(JoinCondition::None);
        }
        let names = self.parenthesized(|cursor| cursor.list(Cursor::identifier))?;
        Ok(JoinCondition::Using(names))
    }

    /// Reads the words of a join, if there is one: true if it is natural, and its kind.
    fn join_kind(&mut self) -> Result<Option<(bool, JoinKind)>, AnalysisError> {
        const KINDS: &[(&[&str], JoinKind)] = &[
            (&["JOIN"], JoinKind::Inner),
            (&["INNER", "JOIN"], JoinKind::Inner),
            (&["CROSS", "JOIN"], JoinKind::Cross),
            (&["LEFT", "JOIN"], JoinKind::LeftOuter),
            (&["LEFT", "OUTER", "JOIN"], JoinKind::LeftOuter),
            (&["RIGHT", "JOIN"], JoinKind::RightOuter),
            (&["RIGHT", "OUTER", "JOIN"], JoinKind::RightOuter),
            (&["FULL", "JOIN"], JoinKind::FullOuter),
            (&["FULL", "OUTER", "JOIN"], JoinKind::FullOuter),
            (&["SEMI", "JOIN"], JoinKind::LeftSemi),
            (&["LEFT", "SEMI", "JOIN"], JoinKind::LeftSemi),
            (&["ANTI", "JOIN"], JoinKind::LeftAnti),
            (&["LEFT", "ANTI", "JOIN"], JoinKind::LeftAnti),
        ];
        let is_natural = self.take_word("NATURAL");
        for (words, kind) in KINDS {
            if self.take_words(words) {
                return Ok(Some((is_natural, *kind)));
            }
        }
        if is_natural {
            return Err(self.unexpected());
        }
        Ok(None)
    }

    /// Reads a table: a name, a subquery, rows, or tables in parentheses.
    fn table(&mut self) -> Result<LogicalPlan, AnalysisError> {
        let start = self.start();
        if self.is_word("VALUES") && !matches!(self.peek_after(1).text, "." | "") {
            return self.inline_table();
        }
        if self.is_symbol("(") {
            let table = self.table_in_parentheses()?;
            let table = self.sampled(start, table)?;
            return self.aliased(start, table);
        }
        if let Some(name) = self.identifier_clause()? {
            let table = self.plan_from(start, PlanKind::Table(name))?;
            return self.aliased(start, table);
        }
        if self.peek_after(1).is_symbol("(") {
            let table = self.table_function()?;
            return self.aliased(start, table);
        }
        let name = self.path()?;
        for words in [
            ["FOR", "VERSION"],
            ["FOR", "TIMESTAMP"],
            ["VERSION", "AS"],
            ["TIMESTAMP", "AS"],
        ] {
            if self.is_words(&words) && self.peek_after(2).is_word("OF") {
                return Err(self.unsupported("A table as of a version or a time"));
            }
        }
        let table = self.plan_from(start, PlanKind::Table(name))?;
        let table = self.sampled(start, table)?;
        self.aliased(start, table)
    }

    /// Reads `(SELECT ..)` or `(a JOIN b)`.
    fn table_in_parentheses(&mut self) -> Result<LogicalPlan, AnalysisError> {
        if self.starts_subquery() {
            return self.parenthesized(Cursor::query);
        }
        self.parenthesized(|cursor| {
            let start = cursor.start();
            let is_nested = cursor.is_symbol("(");
            let first = cursor.nested(Cursor::table)?;
            if is_nested && cursor.continues_query() {
                return cursor.query_after(first);
            }
            cursor.joined(start, first)
        })
    }

    /// Reads the name of a table and those of its columns, if it has them.
    pub(super) fn aliased(
        &mut self,
        start: usize,
        table: LogicalPlan,
    ) -> Result<LogicalPlan, AnalysisError> {
        // `AS (a, b)` is a table of the name `AS`.
        let has_as = !self.peek_after(1).is_symbol("(") && self.take_word("AS");
        if !has_as && !self.is_table_alias() {
            return Ok(table);
        }
        let name = self.identifier()?;
        let columns = self.names_in_parentheses()?;
        let alias = PlanKind::Alias {
            input: table,
            name,
            columns,
        };
        self.plan_from(start, alias)
    }

    pub(super) fn is_table_alias(&self) -> bool {
        let token = self.peek();
        match token.kind {
            TokenKind::Quoted => true,
            TokenKind::Word => !RESERVED.iter().any(|word| token.is_word(word)),
            _ => false,
        }
    }

    /// Reads `LATERAL VIEW explode(a) t AS b`.
    fn lateral_view(
        &mut self,
        start: usize,
        input: LogicalPlan,
    ) -> Result<LogicalPlan, AnalysisError> {
        self.take_words(&["LATERAL", "VIEW"]);
        let outer = self.is_word("OUTER") && !self.peek_after(1).is_symbol("(");
        if outer {
            self.advance();
        }
        let generator = self.generator()?;
        let has_as = self.take_word("AS");
        let table = if has_as || !self.is_table_alias() {
            None
        } else {
            Some(self.identifier()?)
        };
        let columns = if has_as || self.take_word("AS") {
            self.list(Cursor::identifier)?
        } else {
            Vec::new()
        };
        let generate = PlanKind::Generate {
            input,
            generator,
            outer,
            table,
            columns,
        };
        self.plan_from(start, generate)
    }

    pub(super) fn generator(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let path = self.path()?;
        self.call(start, &path)
    }
}
