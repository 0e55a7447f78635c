//! Failed jobs, reported on standard error.

use std::cell::Cell;
use std::rc::Rc;

use engine::{Event, Failure, Reader, Time};

use crate::exit::Exit;
use crate::terminal::print_note;

/// Prints the reason of each failed job, once in a row: jobs that need a failed one fail for the same reason.
///
/// It prints with `--quiet` too, as the missing output of such a batch shows nowhere else.
#[derive(Debug)]
pub(crate) struct Failures {
    last: Option<Failure>,
    jobs: usize,
    exit: Rc<Cell<Exit>>,
}

impl Failures {
    pub(crate) fn new() -> Failures {
        Failures {
            last: None,
            jobs: 0,
            exit: Rc::new(Cell::new(Exit::Success)),
        }
    }

    /// The exit code of the run so far.
    pub(crate) fn exit(&self) -> Rc<Cell<Exit>> {
        Rc::clone(&self.exit)
    }

    /// Prints the number of failed jobs, if there are several, and returns the exit code of the run.
    pub(crate) fn finish(self) -> Exit {
        if self.jobs > 1 {
            print_note(format_args!("failed: {} jobs", self.jobs));
        }
        self.exit.get()
    }
}

impl Reader for Failures {
    fn read(&mut self, _: Time, event: &Event) {
        let Some(failure) = event.failure() else {
            return;
        };
        self.jobs += 1;
        self.exit.set(Exit::Differs);
        if self.last.as_ref() != Some(failure) {
            print_note(format_args!("failed: {failure}"));
            self.last = Some(failure.clone());
        }
    }
}
