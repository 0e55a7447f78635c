//! `LATERAL (SELECT ..)` and `LATERAL explode(..)`: tables that depend on the row of the table before.

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::expression::ExpressionKind;
use crate::generators;
use crate::plan::{JoinCondition, JoinKind, LogicalPlan, PlanKind};

impl Cursor<'_> {
    /// Reads `LATERAL` before a subquery or a function, if it is next.
    pub(super) fn take_lateral(&mut self) -> bool {
        let after = self.peek_after(1);
        let is_table = after.is_symbol("(") || self.peek_after(2).is_symbol("(");
        is_table && !after.is_word("VIEW") && self.take_word("LATERAL")
    }

    /// Reads a subquery or a function behind `LATERAL`, and the condition of the join.
    pub(super) fn lateral(
        &mut self,
        start: usize,
        left: LogicalPlan,
        kind: JoinKind,
    ) -> Result<LogicalPlan, AnalysisError> {
        let place = self.start();
        if !matches!(
            kind,
            JoinKind::Inner | JoinKind::Cross | JoinKind::LeftOuter
        ) {
            let error = AnalysisError::new(
                "UNSUPPORTED_JOIN_TYPE",
                "Unsupported join type of a LATERAL join: 'INNER', 'LEFT OUTER' and 'CROSS' are supported.",
            );
            return Err(error.at(Some(self.span_from(start))));
        }
        if !self.is_symbol("(") {
            return self.lateral_function(start, left, kind);
        }
        let right = self.parenthesized(Cursor::query)?;
        let right = self.aliased(place, right)?;
        let condition = self.join_condition()?;
        if matches!(condition, JoinCondition::Using(_)) {
            return Err(self.unsupported("A LATERAL join with USING"));
        }
        let lateral = PlanKind::Lateral {
            left,
            right,
            kind,
            condition,
        };
        self.plan_from(start, lateral)
    }

    /// Reads `explode(a) AS t(b)`, which has a row for each that the generator makes.
    fn lateral_function(
        &mut self,
        start: usize,
        input: LogicalPlan,
        kind: JoinKind,
    ) -> Result<LogicalPlan, AnalysisError> {
        let generator = self.generator()?;
        let is_generator = matches!(&*generator.kind, ExpressionKind::Call(call)
            if generators::find(&call.function).is_some());
        if !is_generator {
            let error = AnalysisError::unclassified("LATERAL with this function is not supported");
            return Err(error.at(generator.span));
        }
        let has_alias = self.take_word("AS") || self.is_table_alias();
        let table = if has_alias {
            Some(self.identifier()?)
        } else {
            None
        };
        let columns = self.names_in_parentheses()?;
        if self.is_word("ON") {
            return Err(self.unsupported("ON with a LATERAL function"));
        }
        let generate = PlanKind::Generate {
            input,
            generator,
            outer: kind == JoinKind::LeftOuter,
            table,
            columns,
        };
        self.plan_from(start, generate)
    }
}
