//! The events of a run on standard output: as console text, as JSON, or the progress of a query alone.

use std::io::Write;

use engine::{Event, Reader, Time};
use report::{Console, Json, ProgressLines};

use crate::error::CommandError;
use crate::terminal::StandardOutput;

/// Prints the events of a run on standard output.
#[derive(Debug)]
pub(crate) enum Printer {
    Console(Console<StandardOutput>),
    Json(Json<StandardOutput>),
    Progress(ProgressLines<StandardOutput>),
}

impl Printer {
    /// Prints the rest, at the end of the run.
    pub(crate) fn finish(self) -> Result<(), CommandError> {
        let output = match self {
            Printer::Console(console) => console.finish(),
            Printer::Json(json) => json.finish(),
            Printer::Progress(lines) => lines.finish(),
        };
        output
            .and_then(|mut output| output.flush())
            .map_err(CommandError::Output)
    }
}

impl Reader for Printer {
    fn read(&mut self, time: Time, event: &Event) {
        match self {
            Printer::Console(console) => console.read(time, event),
            Printer::Json(json) => json.read(time, event),
            Printer::Progress(lines) => lines.read(time, event),
        }
    }
}
