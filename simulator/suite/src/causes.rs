//! Errors with their causes.

use std::error::Error;

/// The text of an error, with each of its causes on a line of its own.
///
/// ```
/// let error = suite::PlayError::Render(std::io::Error::other("disk full"));
/// assert_eq!(suite::with_causes(&error), "failed to render the console text\n  because: disk full");
/// ```
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str("\n  because: ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
