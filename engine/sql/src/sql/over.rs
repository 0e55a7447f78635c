//! `OVER (PARTITION BY .. ORDER BY .. ROWS BETWEEN .. AND ..)`, `OVER w`, and `WINDOW w AS (..)`.

use super::cursor::Cursor;
use super::token::TokenKind;
use crate::error::AnalysisError;
use crate::over::{FrameBound, FrameUnit, WindowFrame, WindowSpec};

impl Cursor<'_> {
    /// Reads the rows that a function is over, behind `OVER`.
    pub(super) fn window_spec(&mut self) -> Result<WindowSpec, AnalysisError> {
        if !self.is_symbol("(") {
            return self.named_window();
        }
        self.parenthesized(|cursor| {
            if cursor.peek().name().is_some() && cursor.peek_after(1).is_symbol(")") {
                return cursor.named_window();
            }
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

    /// Reads the name of a window (`WindowsSubstitution`).
    fn named_window(&mut self) -> Result<WindowSpec, AnalysisError> {
        let token = self.peek();
        let name = self.identifier()?;
        let mut windows = self.windows.iter().rev();
        let found = windows.find(|(known, _)| *known == name);
        found.map(|(_, window)| window.clone()).ok_or_else(|| {
            AnalysisError::new(
                "MISSING_WINDOW_SPECIFICATION",
                format!(
                    "Window specification is not defined in the WINDOW clause for {name}. For more information about WINDOW \
                     clauses, please refer to the documentation."
                ),
            )
            .at(Some(token.span))
        })
    }

    /// Reads ahead to the `WINDOW` clause of the `SELECT` that begins here: its windows have names from here on.
    pub(super) fn find_windows(&mut self) -> Result<(), AnalysisError> {
        match self.window_clause() {
            Some(count) => self.ahead(count, Cursor::window_clause_at),
            None => Ok(()),
        }
    }

    /// Reads `WINDOW w AS (..), v AS (..)`.
    fn window_clause_at(&mut self) -> Result<(), AnalysisError> {
        let before = self.windows.len();
        self.expect_word("WINDOW")?;
        loop {
            let start = self.start();
            let name = self.identifier()?;
            self.expect_word("AS")?;
            let window = self.window_spec()?;
            if self.windows[before..]
                .iter()
                .any(|(known, _)| *known == name)
            {
                let message = format!("The definition of window {name} is repetitive.");
                let error =
                    AnalysisError::new("INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", message);
                return Err(error.at(Some(self.span_from(start))));
            }
            self.windows.push((name, window));
            if !self.take_symbol(",") {
                return Ok(());
            }
        }
    }

    /// Reads over the clause, which was read when the `SELECT` began.
    pub(super) fn skip_windows(&mut self) -> Result<(), AnalysisError> {
        if self.window_clause() == Some(0) {
            let known = self.windows.len();
            self.window_clause_at()?;
            self.windows.truncate(known);
        }
        Ok(())
    }

    /// The number of tokens before the `WINDOW` of this `SELECT`, if it has one.
    fn window_clause(&self) -> Option<usize> {
        let mut open = 0_usize;
        for count in 0.. {
            let token = self.peek_after(count);
            match token.text {
                "(" => open += 1,
                ")" => open = open.checked_sub(1)?,
                _ if token.kind == TokenKind::End => return None,
                _ => {}
            }
            let is_set = ["UNION", "INTERSECT", "MINUS"]
                .iter()
                .any(|word| token.is_word(word));
            let ends = is_set && count > 0 && !self.peek_after(count - 1).is_word("AS");
            if open == 0 && ends {
                return None;
            }
            if open == 0 && token.is_word("WINDOW") && self.peek_after(count + 2).is_word("AS") {
                return Some(count);
            }
        }
        None
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
