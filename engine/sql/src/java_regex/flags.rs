//! The flags of a pattern, which it sets within itself: `(?i)`.

use super::PatternError;

/// The flags that are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Flags {
    /// `i`: letters are of either case; only Latin ones without [`Flags::unicode_case`].
    pub(super) ignore_case: bool,
    /// `u`: all letters are, not the Latin ones alone.
    pub(super) unicode_case: bool,
    /// `m`: `^` and `$` are at each line.
    pub(super) multi_line: bool,
    /// `s`: a dot is a line end, too.
    pub(super) dot_all: bool,
    /// `d`: a line ends with `\n` alone.
    pub(super) unix_lines: bool,
    /// `x`: blanks and comments do not count.
    pub(super) comments: bool,
    /// `U`: classes are those of Unicode.
    pub(super) unicode_classes: bool,
}

impl Flags {
    /// Turns a flag on or off by its letter.
    pub(super) fn set(&mut self, letter: char, on: bool) -> Result<(), PatternError> {
        match letter {
            'i' => self.ignore_case = on,
            'u' => self.unicode_case = on,
            'm' => self.multi_line = on,
            's' => self.dot_all = on,
            'd' => self.unix_lines = on,
            'x' => self.comments = on,
            'U' => {
                self.unicode_classes = on;
                self.unicode_case = on;
            }
            _ => return Err(PatternError::malformed("Unknown inline modifier")),
        }
        Ok(())
    }

    /// Any character but a line end, or all of them.
    pub(super) fn dot(self) -> &'static str {
        match self {
            Flags { dot_all: true, .. } => "(?s:.)",
            Flags {
                unix_lines: true, ..
            } => "[^\\n]",
            _ => r"[^\n\r\x{85}\x{2028}\x{2029}]",
        }
    }

    /// `^`: the start, or that of each line, but not behind the last line end.
    pub(super) fn line_start(self) -> &'static str {
        match self {
            Flags {
                multi_line: false, ..
            } => r"\A",
            Flags {
                unix_lines: true, ..
            } => r"(?:(?!\z)(?:\A|(?<=\n)))",
            _ => r"(?:(?!\z)(?:\A|(?<=[\n\x{85}\x{2028}\x{2029}])|(?<=\r)(?!\n)))",
        }
    }

    /// `$`: the end, also before a last line end, or the end of each line.
    pub(super) fn line_end(self) -> &'static str {
        match (self.multi_line, self.unix_lines) {
            (false, _) => self.last_line_end(),
            (true, true) => r"(?=\n|\z)",
            (true, false) => r"(?:(?=[\r\x{85}\x{2028}\x{2029}]|\z)|(?<!\r)(?=\n))",
        }
    }

    /// `\Z`: the end, also before a last line end.
    pub(super) fn last_line_end(self) -> &'static str {
        if self.unix_lines {
            return r"(?=\n?\z)";
        }
        r"(?:(?=(?:\r\n|[\r\x{85}\x{2028}\x{2029}])?\z)|(?<!\r)(?=\n\z))"
    }
}
