//! The error of a replay.

use std::fmt;
use std::io;
use std::time::Duration;

use engine::{BuildError, Time};
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
    /// The timeline starts where no calendar reaches.
    #[error("the timeline starts at {0}, {CALENDAR}")]
    Start(Time),
    /// An entry or the stop of the timeline is where no calendar reaches.
    #[error("{what} {at:?} after the start, {CALENDAR}")]
    BeyondCalendar {
        /// The part of the timeline.
        what: &'static str,
        /// Its offset from the start.
        at: Duration,
    },
    /// The run stops before a batch, or the trigger of a query, has taken the last lines: they would be lost without a
    /// word.
    #[error("{}", lines_lost(*.stop, *.at, *.taken))]
    LinesLost {
        /// The offset of the stop from the start.
        stop: Duration,
        /// That of the last lines.
        at: Duration,
        /// That at which they would be taken; none if they never are.
        taken: Option<Duration>,
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

const CALENDAR: &str = "beyond the calendar: a run is between the years -9996 and 9996";

fn lines_lost(stop: Duration, at: Duration, taken: Option<Duration>) -> String {
    match taken {
        Some(taken) => format!(
            "the run stops {stop:?} after its start, and the lines at {at:?} are lost: stop at {taken:?} or later, or \
             leave the stop out"
        ),
        None => format!("the lines at {at:?} are lost: no trigger of the query comes after them"),
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
