//! The events of a run on standard output: as console text or as JSON.

use std::io::Write;

use engine::{Event, Reader, Time};
use report::{Console, Json, Zone};
use scenario::{Pipeline, Scenario};

use crate::error::CommandError;
use crate::terminal::StandardOutput;

/// Prints the events of a run on standard output.
#[derive(Debug)]
pub(crate) enum Printer {
    Console(Console<StandardOutput>),
    Json(Json<StandardOutput>),
}

impl Printer {
    /// Prints each event as a line of JSON that names the pipeline; or console text in the pipeline's profile,
    /// with times in this zone.
    pub(crate) fn new(json: bool, scenario: &Scenario, pipeline: &Pipeline, zone: Zone) -> Printer {
        if json {
            return Printer::Json(Json::new(&pipeline.name, StandardOutput::new()));
        }
        let profile = pipeline.profile.unwrap_or(scenario.console.profile);
        Printer::Console(Console::new(profile, zone, StandardOutput::new()))
    }

    /// Names the scenario too, if the lines are JSON.
    pub(crate) fn of_scenario(self, name: &str) -> Printer {
        match self {
            Printer::Console(console) => Printer::Console(console),
            Printer::Json(json) => Printer::Json(json.of_scenario(name)),
        }
    }

    /// Prints each batch as it ends, or each event as it happens.
    pub(crate) fn flush_at_once(self) -> Printer {
        match self {
            Printer::Console(console) => Printer::Console(console.flush_each_batch(true)),
            Printer::Json(json) => Printer::Json(json.flush_each_event(true)),
        }
    }

    /// Prints the rest, at the end of the run.
    pub(crate) fn finish(self) -> Result<(), CommandError> {
        let output = match self {
            Printer::Console(console) => console.finish(),
            Printer::Json(json) => json.finish(),
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
        }
    }
}
