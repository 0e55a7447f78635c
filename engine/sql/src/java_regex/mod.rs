//! Regular expressions of Java (`java.util.regex.Pattern` of JDK 17), over the crate `fancy-regex`.
//!
//! A pattern is [translated](translate): where the two languages differ, into that which means the same, and what has
//! no such translation is refused by name. Matching follows `java.util.regex.Matcher`: after a match it goes on at its
//! end, where an empty match may follow.

mod classes;
mod escapes;
mod flags;
mod properties;
mod replacement;
mod translate;

use std::fmt;

use engine::{Failure, FailureKind, Text};
use fancy_regex::{Captures, Regex, RegexBuilder};

pub(crate) use replacement::ReplacementError;

/// Steps back of one search at most; Java has a stack of bounded depth instead.
const STEPS_BACK_MAX: usize = 10_000_000;

/// The characters that stand for something else in a pattern.
const SIGNS: [char; 14] = [
    '\\', '^', '$', '.', '|', '?', '*', '+', '(', ')', '[', ']', '{', '}',
];

/// A pattern that was compiled.
pub(crate) struct JavaRegex {
    regex: Regex,
    /// The text that it stands for, of a pattern without signs; never empty.
    literal: Option<Text>,
    /// The number of groups, without the whole.
    groups: usize,
    /// The names of groups.
    names: Vec<(String, usize)>,
}

/// The reason why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// Java refuses it with this message (`java.util.regex.PatternSyntaxException`).
    Malformed(String),
    /// Java has it, and this is not imitated.
    Unsupported(String),
}

impl PatternError {
    fn malformed(message: impl Into<String>) -> PatternError {
        PatternError::Malformed(message.into())
    }

    fn unsupported(part: impl Into<String>) -> PatternError {
        PatternError::Unsupported(part.into())
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::Malformed(message) => f.write_str(message),
            PatternError::Unsupported(part) => {
                write!(f, "{part} in a regular expression is not supported here")
            }
        }
    }
}

impl fmt::Debug for JavaRegex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.regex.fmt(f)
    }
}

impl JavaRegex {
    /// Compiles a pattern.
    pub(crate) fn new(pattern: &str) -> Result<JavaRegex, PatternError> {
        let translated = translate::translate(pattern)?;
        let regex = RegexBuilder::new(&translated.pattern)
            .backtrack_limit(STEPS_BACK_MAX)
            .build();
        Ok(JavaRegex {
            regex: regex.map_err(|error| PatternError::unsupported(error.to_string()))?,
            literal: is_literal(pattern).then(|| pattern.into()),
            groups: translated.groups,
            names: translated.names,
        })
    }

    /// The number of groups, without the whole.
    pub(crate) fn group_count(&self) -> usize {
        self.groups
    }

    /// True if the pattern is somewhere in a text.
    pub(crate) fn is_in(&self, text: &str) -> Result<bool, Failure> {
        self.regex.is_match(text).map_err(|error| failed(&error))
    }

    /// The first match.
    pub(crate) fn first<'t>(&self, text: &'t str) -> Result<Option<Captures<'t, str>>, Failure> {
        self.regex.captures(text).map_err(|error| failed(&error))
    }

    /// All matches, one after the other.
    pub(crate) fn all<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = Result<Captures<'t, str>, Failure>> {
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let found = match self.regex.captures_from_pos(text, from?) {
                Ok(found) => found?,
                Err(error) => {
                    from = None;
                    return Some(Err(failed(&error)));
                }
            };
            let whole = found.get(0)?;
            from = match whole.end() {
                end if whole.start() < end => Some(end),
                end => text[end..].chars().next().map(|next| end + next.len_utf8()),
            };
            Some(Ok(found))
        })
    }

    /// A text without its matches, in pieces: at most `limit`, or all of them if it is not positive. An empty match at
    /// the start cuts nothing off (`String.split`), and no empty piece at the end is left out.
    pub(crate) fn split(&self, text: &Text, limit: i32) -> Result<Vec<Text>, Failure> {
        match &self.literal {
            Some(literal) if limit <= 0 => Ok(text.clone().split(literal).collect()),
            _ => {
                let pieces = self.pieces(text, limit)?;
                Ok(pieces.into_iter().map(Text::from).collect())
            }
        }
    }

    fn pieces<'t>(&self, text: &'t str, limit: i32) -> Result<Vec<&'t str>, Failure> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for found in self.all(text) {
            let found = found?;
            let Some(whole) = found.get(0) else { continue };
            if usize::try_from(limit).is_ok_and(|limit| limit > 0 && pieces.len() + 1 >= limit) {
                break;
            }
            if whole.end() == 0 {
                continue;
            }
            pieces.push(&text[start..whole.start()]);
            start = whole.end();
        }
        pieces.push(&text[start..]);
        Ok(pieces)
    }
}

/// True if each character of a pattern stands for itself, and there is one.
fn is_literal(pattern: &str) -> bool {
    !pattern.is_empty() && !pattern.contains(SIGNS)
}

fn failed(error: &fancy_regex::Error) -> Failure {
    Failure::new(
        FailureKind::Spark,
        format!("a search of a regular expression was given up: {error}"),
    )
}

#[cfg(test)]
mod tests;
