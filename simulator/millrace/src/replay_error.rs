//! The error of a replay.

use std::fmt;
use std::io;

use engine::BuildError;
use report::UnknownZone;

/// A program that cannot be replayed.
///
/// `Debug` shows the text of `Display`: a test that returns the error prints it so.
#[derive(thiserror::Error)]
pub enum ReplayError {
    /// The program breaks a rule.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Lines of the timeline are for a source that the program does not have.
    #[error("{}", no_source(.name.as_deref(), .names))]
    NoSource {
        /// The name of the source; none if the lines are for any source.
        name: Option<String>,
        /// The names of the sources that the program has.
        names: Vec<String>,
    },
    /// No time zone has the name that the timeline gives.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The console text cannot be rendered.
    #[error("failed to render the console text")]
    Render(#[from] io::Error),
}

impl fmt::Debug for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn no_source(name: Option<&str>, names: &[String]) -> String {
    match name {
        Some(name) if names.is_empty() => {
            format!("the timeline has lines for `{name}`, and the program has no source")
        }
        Some(name) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!(
                "the timeline has lines for `{name}`, and the sources of the program are {}",
                names.join(", ")
            )
        }
        None => "the timeline has lines, and the program has no source".to_owned(),
    }
}
