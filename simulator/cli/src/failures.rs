//! Failed jobs, reported on standard error.

use std::cell::Cell;
use std::rc::Rc;

use engine::{Event, Failure, Reader, Time};
use report::FailureLines;
use scenario::{Pipeline, Scenario};

use crate::exit::Exit;
use crate::terminal::print_note;

/// Prints a line for each batch that failed.
///
/// It prints with `--quiet` too, as the missing output of such a batch shows nowhere else.
#[derive(Debug)]
pub(crate) struct Failures<'a> {
    /// The scenario and its pipeline, which may expect failures: those are none.
    expected: Option<PlayedPipeline<'a>>,
    lines: FailureLines,
    jobs: usize,
    exit: Rc<Cell<Exit>>,
}

#[derive(Debug)]
struct PlayedPipeline<'a> {
    scenario: &'a Scenario,
    pipeline: &'a Pipeline,
}

impl<'a> Failures<'a> {
    pub(crate) fn new(lines: FailureLines) -> Failures<'a> {
        Failures {
            expected: None,
            lines,
            jobs: 0,
            exit: Rc::new(Cell::new(Exit::Success)),
        }
    }

    /// Those of a pipeline, without the ones that its scenario expects.
    pub(crate) fn of(
        scenario: &'a Scenario,
        pipeline: &'a Pipeline,
        lines: FailureLines,
    ) -> Failures<'a> {
        Failures {
            expected: Some(PlayedPipeline { scenario, pipeline }),
            ..Failures::new(lines)
        }
    }

    /// The exit code of the run so far.
    pub(crate) fn exit(&self) -> Rc<Cell<Exit>> {
        Rc::clone(&self.exit)
    }

    fn is_expected(&self, failure: &Failure) -> bool {
        let reason = failure.to_string();
        let expected = self.expected.as_ref();
        expected.is_some_and(|it| it.scenario.expects_failure(it.pipeline, &reason))
    }

    /// Prints the number of failed jobs, if there are several, and returns the exit code of the run.
    pub(crate) fn finish(self) -> Exit {
        if self.jobs > 1 {
            print_note(format_args!("failed: {} jobs", self.jobs));
        }
        self.exit.get()
    }
}

impl Reader for Failures<'_> {
    fn read(&mut self, _: Time, event: &Event) {
        let Some(failure) = event.failure() else {
            return;
        };
        if self.is_expected(failure) {
            return;
        }
        self.jobs += 1;
        self.exit.set(Exit::Differs);
        if let Some(line) = self.lines.line(event) {
            print_note(format_args!("failed: {line}"));
        }
    }
}
