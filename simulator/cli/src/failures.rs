//! Jobs that fail, told to the person at the terminal.

use engine::{Event, Reader, Text, Time};

use crate::exit::Exit;
use crate::terminal::note;

/// Tells why a job fails, once for each reason, as the jobs that need a failed one fail for the same.
///
/// It is told also to those who want quiet: what such a batch should have printed is nowhere else.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    last: Option<Text>,
    jobs: usize,
}

impl Failures {
    /// Sums up, and says with which code the program ends, if it would end well otherwise.
    pub(crate) fn finish(self) -> Exit {
        match self.jobs {
            0 => return Exit::Success,
            1 => {}
            jobs => note(format_args!("failed: {jobs} jobs")),
        }
        Exit::Differs
    }
}

impl Reader for Failures {
    fn read(&mut self, _: Time, event: &Event) {
        let Some(reason) = event.failure() else {
            return;
        };
        self.jobs += 1;
        if self.last.as_ref() != Some(reason) {
            note(format_args!("failed: {reason}"));
            self.last = Some(reason.clone());
        }
    }
}
