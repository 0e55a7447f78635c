//! Queries that Spark refuses before they start.

use std::fmt;

use engine::Text;

use crate::function::Mismatch;
use crate::span::Span;

/// The error class of a refused query, as `error-conditions.json` of Spark names it, such as
/// `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
pub type Condition = &'static str;

/// The reason why a query cannot be started (`org.apache.spark.sql.AnalysisException`, and `ParseException` of a text
/// that is no SQL).
///
/// ```
/// use engine_sql::{AnalysisError, Span};
/// let error = AnalysisError::new("UNRESOLVED_ROUTINE", "there is no function `uper`").at(Some(Span { start: 7, end: 11 }));
/// assert_eq!(error.to_string(), "[UNRESOLVED_ROUTINE] there is no function `uper`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnalysisError(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    is_illegal_argument: bool,
    condition: Option<Condition>,
    message: Text,
    span: Option<Span>,
    help: Option<Text>,
}

impl AnalysisError {
    /// An error of this class.
    pub fn new(condition: Condition, message: impl Into<Text>) -> AnalysisError {
        AnalysisError::of(Some(condition), message.into())
    }

    /// An error that Spark has no class for, or something that Spark does and this engine does not.
    pub fn unclassified(message: impl Into<Text>) -> AnalysisError {
        AnalysisError::of(None, message.into())
    }

    /// A value that an option cannot have, or that is missing (`java.lang.IllegalArgumentException`).
    pub fn illegal_argument(message: impl Into<Text>) -> AnalysisError {
        let mut error = AnalysisError::unclassified(message);
        error.0.is_illegal_argument = true;
        error
    }

    fn of(condition: Option<Condition>, message: Text) -> AnalysisError {
        AnalysisError(Box::new(Details {
            is_illegal_argument: false,
            condition,
            message,
            span: None,
            help: None,
        }))
    }

    /// The same error at this place, unless it has one: the innermost is where it happened.
    #[must_use]
    pub fn at(mut self, span: Option<Span>) -> AnalysisError {
        self.0.span = self.0.span.or(span);
        self
    }

    /// The same error in another class.
    #[must_use]
    pub(crate) fn with_condition(mut self, condition: Condition) -> AnalysisError {
        self.0.condition = Some(condition);
        self
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Text>) -> AnalysisError {
        self.0.help = Some(help.into());
        self
    }

    /// The error class, if Spark has one for it.
    pub fn condition(&self) -> Option<Condition> {
        self.0.condition
    }

    /// True if it is about the value of an option.
    pub fn is_illegal_argument(&self) -> bool {
        self.0.is_illegal_argument
    }

    /// The message, without the class.
    pub fn message(&self) -> &Text {
        &self.0.message
    }

    /// The place in the SQL text.
    pub fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// Advice.
    pub fn help(&self) -> Option<&Text> {
        self.0.help.as_ref()
    }
}

impl fmt::Display for AnalysisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Spark keeps to itself the classes that have no name yet.
        let condition = self.0.condition.filter(|it| !it.starts_with("_LEGACY_"));
        if let Some(condition) = condition {
            write!(f, "[{condition}] ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl From<Mismatch> for AnalysisError {
    fn from(mismatch: Mismatch) -> AnalysisError {
        match mismatch.condition {
            Mismatch::UNCLASSIFIED => AnalysisError::unclassified(mismatch.message),
            condition => AnalysisError::new(condition, mismatch.message),
        }
    }
}

impl std::error::Error for AnalysisError {}
