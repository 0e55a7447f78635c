//! Failed jobs, reported on standard error.

use engine::{Event, Failure, Reader, Time};

use crate::exit::Exit;
use crate::terminal::print_note;

/// Prints the reason of each failed job, once in a row: jobs that need a failed one fail for the same reason.
///
/// It prints with `--quiet` too, as the missing output of such a batch shows nowhere else.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    last: Option<Failure>,
    jobs: usize,
}

impl Failures {
    /// Prints the number of failed jobs, if there are several, and returns the exit code of the run.
    pub(crate) fn finish(self) -> Exit {
        match self.jobs {
            0 => return Exit::Success,
            1 => {}
            jobs => print_note(format_args!("failed: {jobs} jobs")),
        }
        Exit::Differs
    }
}

impl Reader for Failures {
    fn read(&mut self, _: Time, event: &Event) {
        let Some(failure) = event.failure() else {
            return;
        };
        self.jobs += 1;
        if self.last.as_ref() != Some(failure) {
            print_note(format_args!("failed: {failure}"));
            self.last = Some(failure.clone());
        }
    }
}
