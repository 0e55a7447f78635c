//! `OVER (PARTITION BY .. ORDER BY .. ROWS BETWEEN .. AND ..)`.

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::over::{FrameBound, FrameUnit, WindowFrame, WindowSpec};

impl Cursor<'_> {
    /// Reads the rows that a function is over, behind `OVER`.
    pub(super) fn window_spec(&mut self) -> Result<WindowSpec, AnalysisError> {
        if !self.is_symbol("(") {
            let error = self.unsupported("A named window");
            return Err(error.with_help("Write the window in parentheses after OVER."));
        }
        self.parenthesized(|cursor| {
            let mut window = WindowSpec::default();
            if cursor.take_words(&["PARTITION", "BY"]) || cursor.take_words(&["DISTRIBUTE", "BY"]) {
                window.partition = cursor.list(Cursor::expression)?;
            }
            if cursor.take_words(&["ORDER", "BY"]) || cursor.take_words(&["SORT", "BY"]) {
                window.order = cursor.list(Cursor::sort_order)?;
            }
            window.frame = cursor.window_frame()?;
            Ok(window)
        })
    }

    fn window_frame(&mut self) -> Result<Option<WindowFrame>, AnalysisError> {
        let unit = if self.take_word("ROWS") {
            FrameUnit::Rows
        } else if self.take_word("RANGE") {
            FrameUnit::Range
        } else {
            return Ok(None);
        };
        let is_between = self.take_word("BETWEEN");
        let lower = self.frame_bound()?;
        let upper = if is_between {
            self.expect_word("AND")?;
            self.frame_bound()?
        } else {
            FrameBound::CurrentRow
        };
        Ok(Some(WindowFrame { unit, lower, upper }))
    }

    fn frame_bound(&mut self) -> Result<FrameBound, AnalysisError> {
        let start = self.start();
        if self.take_words(&["CURRENT", "ROW"]) {
            return Ok(FrameBound::CurrentRow);
        }
        let is_unbounded = self.is_word("UNBOUNDED")
            && ["PRECEDING", "FOLLOWING"]
                .iter()
                .any(|word| self.peek_after(1).is_word(word));
        let offset = if is_unbounded {
            self.advance();
            None
        } else {
            Some(self.value()?)
        };
        let is_preceding = self.take_word("PRECEDING");
        if !is_preceding {
            self.expect_word("FOLLOWING")?;
        }
        Ok(match (offset, is_preceding) {
            (None, true) => FrameBound::UnboundedPreceding,
            (None, false) => FrameBound::UnboundedFollowing,
            (Some(offset), true) => {
                FrameBound::Offset(self.call_from(start, "negative", vec![offset])?)
            }
            (Some(offset), false) => FrameBound::Offset(offset),
        })
    }
}
