//! Hints: `SELECT /*+ BROADCAST(t) */ ..` (`ResolveHints`).

use engine::Text;

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::plan::{JoinHint, LogicalPlan};

/// A hint that says how a table is joined.
pub(super) struct Hint {
    join: JoinHint,
    tables: Vec<Text>,
}

/// The hints by which rows come in another order, and in one that is not known here.
const REFUSED: &[&str] = &[
    "COALESCE",
    "REBALANCE",
    "REPARTITION",
    "REPARTITION_BY_RANGE",
    "SHUFFLE_HASH",
];

impl Cursor<'_> {
    /// Reads the hints behind `SELECT`. One of a name that Spark does not know says nothing, as in Spark.
    pub(super) fn hints(&mut self) -> Result<Vec<Hint>, AnalysisError> {
        let mut hints = Vec::new();
        while self.take_symbol("/*+") {
            hints.extend(self.hint()?);
            while !self.take_symbol("*/") {
                self.take_symbol(",");
                hints.extend(self.hint()?);
            }
        }
        Ok(hints)
    }

    fn hint(&mut self) -> Result<Option<Hint>, AnalysisError> {
        let token = self.peek();
        let name = self.name()?.to_uppercase();
        if REFUSED.contains(&name.as_str()) {
            let message = format!("The hint {name} is not supported");
            let error = AnalysisError::unclassified(message).at(Some(token.span));
            return Err(error.with_help("Leave it out, or sort the result."));
        }
        let mut tables = Vec::new();
        if self.is_symbol("(") {
            let arguments = self.parenthesized(|cursor| cursor.list(Cursor::value))?;
            tables.extend(arguments.iter().map(|argument| argument.name()));
        }
        Ok(JoinHint::named(&name).map(|join| Hint { join, tables }))
    }

    /// The tables of a `SELECT` with its hints; one that no table has the name of says nothing, as in Spark.
    pub(super) fn hinted(&self, plan: LogicalPlan, hints: Vec<Hint>) -> LogicalPlan {
        hints.into_iter().fold(plan, |plan, hint| {
            let tables = hint.tables.iter();
            tables.fold(plan, |plan, table| plan.hinted(table, hint.join))
        })
    }
}
