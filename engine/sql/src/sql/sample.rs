//! `TABLESAMPLE`: some of the rows of a table.

use super::cursor::Cursor;
use super::number::written;
use super::token::TokenKind;
use crate::error::AnalysisError;
use crate::plan::{LogicalPlan, PlanKind};

impl Cursor<'_> {
    /// Reads `TABLESAMPLE (..)` behind a table, if it is there.
    pub(super) fn sampled(
        &mut self,
        start: usize,
        input: LogicalPlan,
    ) -> Result<LogicalPlan, AnalysisError> {
        if !self.take_word("TABLESAMPLE") {
            return Ok(input);
        }
        self.expect_symbol("(")?;
        if self.peek_after(1).is_word("ROWS") || self.is_symbol("(") {
            let count = self.expression()?;
            self.expect_word("ROWS")?;
            self.expect_symbol(")")?;
            return self.plan_from(start, PlanKind::Limit { input, count });
        }
        let fraction = self.fraction()?;
        self.expect_symbol(")")?;
        // All rows, or none, need no random numbers.
        let seed = if self.take_word("REPEATABLE") {
            let seed = self.parenthesized(Cursor::whole_number)?;
            seed.parse().map_err(|_| self.unexpected())?
        } else if fraction <= 0.0 || fraction >= 1.0 {
            0
        } else {
            let error = AnalysisError::unclassified(
                "TABLESAMPLE without a seed is not supported: a run would differ from the next",
            );
            let error = error.at(Some(self.span_from(start)));
            return Err(error.with_help("Add REPEATABLE (1)."));
        };
        let sample = PlanKind::Sample {
            input,
            fraction,
            seed,
        };
        self.plan_from(start, sample)
    }

    /// Reads `10 PERCENT`, `BUCKET 3 OUT OF 10`, or a size, which Spark takes for none.
    fn fraction(&mut self) -> Result<f64, AnalysisError> {
        let start = self.start();
        if self.take_word("BUCKET") {
            let numerator: f64 = self.number()?;
            self.expect_word("OUT")?;
            self.expect_word("OF")?;
            let denominator: f64 = self.number()?;
            if self.is_word("ON") {
                return Err(self.unsupported("TABLESAMPLE by buckets of a column"));
            }
            return self.checked_fraction(start, numerator / denominator);
        }
        let is_negative = self.take_symbol("-");
        let number = self.number()?;
        if !self.take_word("PERCENT") {
            let error = AnalysisError::new(
                "_LEGACY_ERROR_TEMP_0015",
                "TABLESAMPLE(byteLengthLiteral) is not supported.",
            );
            return Err(error.at(Some(self.span_from(start))));
        }
        let percent = if is_negative { -number } else { number };
        self.checked_fraction(start, percent / 100.0)
    }

    fn number(&mut self) -> Result<f64, AnalysisError> {
        let token = self.peek();
        let digits = written(token.text).filter(|_| token.kind == TokenKind::Number);
        let number = digits.and_then(|it| it.digits.parse().ok());
        let number = number.or_else(|| byte_count(token.text));
        let number = number.ok_or_else(|| self.unexpected())?;
        self.advance();
        Ok(number)
    }

    fn checked_fraction(&self, start: usize, fraction: f64) -> Result<f64, AnalysisError> {
        if (0.0..=1.0 + f64::EPSILON).contains(&fraction) {
            return Ok(fraction);
        }
        let message = format!("Sampling fraction ({fraction}) must be on interval [0, 1].");
        let error = AnalysisError::new("_LEGACY_ERROR_TEMP_0064", message);
        Err(error.at(Some(self.span_from(start))))
    }
}

/// The number of a size such as `10M`.
fn byte_count(text: &str) -> Option<f64> {
    let digits = text.strip_suffix(['b', 'B', 'k', 'K', 'm', 'M', 'g', 'G'])?;
    digits.parse().ok()
}
