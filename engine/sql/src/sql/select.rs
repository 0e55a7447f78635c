//! `SELECT`: its columns, `WHERE`, `GROUP BY` and `HAVING`.

use engine::SparkVersion;

use super::cursor::Cursor;
use super::grouping::{Sets, cube, rollup};
use crate::error::AnalysisError;
use crate::plan::{Grouping, LogicalPlan, PlanKind};

impl Cursor<'_> {
    /// Reads `SELECT` to its end; the tables of `FROM .. SELECT ..` stand before it.
    pub(super) fn select(
        &mut self,
        from: Option<LogicalPlan>,
    ) -> Result<LogicalPlan, AnalysisError> {
        let start = self.start();
        self.expect_word("SELECT")?;
        let hints = self.hints()?;
        let is_distinct = self.takes_quantifier();
        let known = self.windows.len();
        self.find_windows()?;
        let columns = self.list(Cursor::named_expression)?;
        let input = match from {
            Some(from) => from,
            None if self.take_word("FROM") => self.from()?,
            None => LogicalPlan::new(PlanKind::OneRow),
        };
        let input = self.hinted(input, hints);
        let input = self.filtered(start, input)?;
        let grouping = self.grouping()?;
        let having = self.optional("HAVING", Cursor::expression)?;
        self.skip_windows()?;
        self.windows.truncate(known);
        if self.spark == SparkVersion::V4 && self.is_word("QUALIFY") {
            let error = self.unsupported("QUALIFY");
            return Err(error.with_help("Filter the query by a column of it."));
        }
        let plan = match (grouping, having) {
            (None, None) => PlanKind::Project { input, columns },
            (grouping, having) => PlanKind::Aggregate {
                input,
                grouping: grouping.unwrap_or_else(|| Grouping::Keys(Vec::new())),
                columns,
                having,
            },
        };
        let plan = self.plan_from(start, plan)?;
        if is_distinct {
            return self.plan_from(start, PlanKind::Distinct(plan));
        }
        Ok(plan)
    }

    fn filtered(&mut self, start: usize, input: LogicalPlan) -> Result<LogicalPlan, AnalysisError> {
        if !self.take_word("WHERE") {
            return Ok(input);
        }
        let condition = self.expression()?;
        self.plan_from(start, PlanKind::Filter { input, condition })
    }

    /// Reads `GROUP BY`, if there is one.
    fn grouping(&mut self) -> Result<Option<Grouping>, AnalysisError> {
        if !self.take_words(&["GROUP", "BY"]) {
            return Ok(None);
        }
        if self.is_word("ALL") && self.ends_all() {
            self.advance();
            return Ok(Some(Grouping::All));
        }
        let start = self.start();
        let mut sets = Sets::default();
        let mut elements = self.list(Cursor::grouping_element)?;
        if self.is_words(&["GROUPING", "SETS"]) {
            sets = Sets::of_keys(elements.into_iter().flatten().flatten().collect());
            elements = vec![self.grouping_element()?];
        }
        let words = (
            self.take_words(&["WITH", "ROLLUP"]),
            self.take_words(&["WITH", "CUBE"]),
        );
        let keys = || elements.concat();
        let grouping = match words {
            (true, _) => rollup(&keys()).and_then(|element| sets.grouping(vec![element])),
            (_, true) => cube(&keys()).and_then(|element| sets.grouping(vec![element])),
            _ => sets.grouping(elements),
        };
        let span = self.span_from(start);
        grouping.map(Some).map_err(|error| error.at(Some(span)))
    }

    /// Returns true if `ALL` is no column.
    fn ends_all(&self) -> bool {
        let next = self.peek_after(1);
        !matches!(
            next.text,
            "." | "(" | "[" | "," | "+" | "-" | "*" | "/" | "%" | "="
        )
    }
}
