//! Queries: `WITH`, `SELECT`, `VALUES`, sets of them, and their order and limits.

use std::sync::Arc;

use engine::Text;

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{LogicalPlan, PlanKind, SortOrder};

impl Cursor<'_> {
    /// Reads a query.
    pub(super) fn query(&mut self) -> Result<LogicalPlan, AnalysisError> {
        self.nested(|cursor| {
            let start = cursor.start();
            if cursor.is_word("WITH") {
                return cursor.with(start);
            }
            let first = cursor.query_primary()?;
            cursor.query_after(first)
        })
    }

    /// Reads what follows the first part of a query: `UNION ..`, `ORDER BY ..`, `LIMIT ..`.
    pub(super) fn query_after(&mut self, first: LogicalPlan) -> Result<LogicalPlan, AnalysisError> {
        let plan = self.set_operations(first)?;
        self.organized(plan)
    }

    /// Returns true before what follows the first part of a query.
    pub(super) fn continues_query(&self) -> bool {
        let sets = ["UNION", "INTERSECT", "EXCEPT", "MINUS"];
        let order = ["ORDER", "SORT", "CLUSTER", "DISTRIBUTE", "LIMIT", "OFFSET"];
        self.is_any_word(&sets) || self.is_any_word(&order)
    }

    /// A plan that was read from a place on.
    pub(super) fn plan_from(
        &mut self,
        start: usize,
        kind: PlanKind,
    ) -> Result<LogicalPlan, AnalysisError> {
        self.grow()?;
        Ok(LogicalPlan::new(kind).at(Some(self.span_from(start))))
    }

    fn with(&mut self, start: usize) -> Result<LogicalPlan, AnalysisError> {
        self.expect_word("WITH")?;
        if self.is_word("RECURSIVE") {
            return Err(self.unsupported("WITH RECURSIVE"));
        }
        let tables = self.list(Cursor::common_table)?;
        let input = self.query()?;
        self.plan_from(start, PlanKind::With { tables, input })
    }

    /// Reads `t(a, b) AS (SELECT ..)`.
    fn common_table(&mut self) -> Result<(Text, LogicalPlan), AnalysisError> {
        let start = self.start();
        let name = self.identifier()?;
        let columns = if self.starts_subquery() {
            Vec::new()
        } else {
            self.names_in_parentheses()?
        };
        self.take_word("AS");
        let input = self.parenthesized(Cursor::query)?;
        if columns.is_empty() {
            return Ok((name, input));
        }
        let alias = PlanKind::Alias {
            input,
            name: name.clone(),
            columns,
        };
        Ok((name, self.plan_from(start, alias)?))
    }

    fn query_primary(&mut self) -> Result<LogicalPlan, AnalysisError> {
        let start = self.start();
        if self.is_symbol("(") {
            return self.parenthesized(Cursor::query);
        }
        if self.is_word("SELECT") {
            return self.select(None);
        }
        if self.is_word("VALUES") {
            return self.inline_table();
        }
        if self.take_word("TABLE") {
            let name = self.path()?;
            return self.plan_from(start, PlanKind::Table(name));
        }
        if self.take_word("FROM") {
            let input = self.from()?;
            return self.select(Some(input));
        }
        Err(self.unexpected())
    }

    /// Reads `UNION` and the like, one after the other.
    fn set_operations(&mut self, first: LogicalPlan) -> Result<LogicalPlan, AnalysisError> {
        let start = first.span.map_or_else(|| self.start(), |span| span.start);
        let mut left = first;
        loop {
            if self.is_any_word(&["INTERSECT", "EXCEPT", "MINUS"]) {
                left = self.set_operation(start, left)?;
                continue;
            }
            if !self.take_word("UNION") {
                return Ok(left);
            }
            let is_all = self.take_word("ALL");
            if !is_all {
                self.take_word("DISTINCT");
            }
            let right = self.right_side(start)?;
            left = self.union(start, left, right)?;
            if !is_all {
                left = self.plan_from(start, PlanKind::Distinct(left))?;
            }
        }
    }

    /// Reads `EXCEPT ..` or `INTERSECT ..` after its left side.
    fn set_operation(
        &mut self,
        start: usize,
        left: LogicalPlan,
    ) -> Result<LogicalPlan, AnalysisError> {
        let is_intersect = self.is_word("INTERSECT");
        self.advance();
        let all = self.take_word("ALL");
        if !all {
            self.take_word("DISTINCT");
        }
        if is_intersect {
            let right = self.nested(Cursor::query_primary)?;
            return self.plan_from(start, PlanKind::Intersect { left, right, all });
        }
        let right = self.right_side(start)?;
        self.plan_from(start, PlanKind::Except { left, right, all })
    }

    /// Reads the right side of `UNION` or `EXCEPT`, to which an `INTERSECT` after it belongs.
    fn right_side(&mut self, start: usize) -> Result<LogicalPlan, AnalysisError> {
        let mut right = self.nested(Cursor::query_primary)?;
        while self.is_word("INTERSECT") {
            right = self.set_operation(start, right)?;
        }
        Ok(right)
    }

    fn union(
        &mut self,
        start: usize,
        left: LogicalPlan,
        right: LogicalPlan,
    ) -> Result<LogicalPlan, AnalysisError> {
        let span = Some(self.span_from(start));
        // A plan that is being read is of nothing else yet, so that its tables are not copied.
        let mut inputs = match Arc::unwrap_or_clone(left.kind) {
            PlanKind::Union {
                inputs,
                by_name: false,
            } if left.span.is_some_and(|left| left.start == start) => inputs,
            kind => {
                self.grow()?;
                vec![LogicalPlan::new(kind).at(left.span)]
            }
        };
        inputs.push(right);
        let union = PlanKind::Union {
            inputs,
            by_name: false,
        };
        Ok(LogicalPlan::new(union).at(span))
    }

    /// Reads `ORDER BY`, `LIMIT` and `OFFSET`.
    fn organized(&mut self, mut plan: LogicalPlan) -> Result<LogicalPlan, AnalysisError> {
        let start = plan.span.map_or_else(|| self.start(), |span| span.start);
        for words in [["SORT", "BY"], ["CLUSTER", "BY"], ["DISTRIBUTE", "BY"]] {
            if self.is_words(&words) {
                let error = self.unsupported(&words.join(" "));
                return Err(error.with_help("ORDER BY sorts the whole result."));
            }
        }
        if self.take_words(&["ORDER", "BY"]) {
            let order = self.list(Cursor::sort_order)?;
            plan = self.plan_from(start, PlanKind::Sort { input: plan, order })?;
        }
        let limit = match self.take_word("LIMIT") {
            true if self.take_word("ALL") => None,
            true => Some(self.expression()?),
            false => None,
        };
        if self.take_word("OFFSET") {
            let count = self.expression()?;
            plan = self.plan_from(start, PlanKind::Offset { input: plan, count })?;
        }
        if let Some(count) = limit {
            plan = self.plan_from(start, PlanKind::Limit { input: plan, count })?;
        }
        Ok(plan)
    }

    pub(super) fn sort_order(&mut self) -> Result<SortOrder, AnalysisError> {
        let expression = self.expression()?;
        let descending = self.take_word("DESC");
        if !descending {
            self.take_word("ASC");
        }
        let nulls_first = if self.take_words(&["NULLS", "FIRST"]) {
            true
        } else if self.take_words(&["NULLS", "LAST"]) {
            false
        } else {
            !descending
        };
        Ok(SortOrder {
            expression,
            descending,
            nulls_first,
        })
    }

    /// Reads a name of several parts.
    pub(super) fn path(&mut self) -> Result<Vec<Text>, AnalysisError> {
        let mut path = vec![self.identifier()?];
        while self.take_symbol(".") {
            path.push(self.identifier()?);
        }
        Ok(path)
    }

    /// Reads `VALUES (1, 'a'), (2, 'b')`, and the name of the table if it has one.
    pub(super) fn inline_table(&mut self) -> Result<LogicalPlan, AnalysisError> {
        let start = self.start();
        self.expect_word("VALUES")?;
        let rows = self.list(Cursor::values)?;
        let table = self.plan_from(start, PlanKind::Values(rows))?;
        self.aliased(start, table)
    }

    /// Reads a row: expressions in parentheses, or one without.
    fn values(&mut self) -> Result<Vec<Expression>, AnalysisError> {
        let row = self.is_row();
        if row {
            return self.parenthesized(|cursor| cursor.list(Cursor::named_expression));
        }
        Ok(vec![self.expression()?])
    }

    /// Returns true before parentheses that are a row, and not the start of an expression such as `(1) + 2`.
    fn is_row(&self) -> bool {
        if !self.is_symbol("(") || self.starts_subquery() {
            return false;
        }
        let mut open = 0_usize;
        let mut index = 0;
        loop {
            let token = self.peek_after(index);
            match token.text {
                "(" => open += 1,
                ")" => open = open.saturating_sub(1),
                "" => return true,
                _ => {}
            }
            index += 1;
            if open == 0 {
                break;
            }
        }
        let after = self.peek_after(index);
        let signs = ["+", "-", "*", "/", "%", "||", "=", "<", ">", ".", "["];
        !signs.iter().any(|sign| after.is_symbol(sign))
    }
}
