//! Failed jobs, reported on standard error.

use std::cell::Cell;
use std::rc::Rc;

use engine::{Event, Reader, Time};
use report::FailureLines;
use scenario::{Pipeline, Scenario};

use crate::exit::Exit;
use crate::terminal::{print_hint, print_note};

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
    /// True if nothing is said of what is expected.
    quiet: bool,
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

    /// Those of a pipeline; the ones that its scenario expects are remarked on, unless `quiet`.
    pub(crate) fn of(
        scenario: &'a Scenario,
        pipeline: &'a Pipeline,
        lines: FailureLines,
        quiet: bool,
    ) -> Failures<'a> {
        Failures {
            expected: Some(PlayedPipeline {
                scenario,
                pipeline,
                quiet,
            }),
            ..Failures::new(lines)
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

impl Reader for Failures<'_> {
    fn read(&mut self, _: Time, event: &Event) {
        let Some(failure) = event.failure() else {
            return;
        };
        let line = self.lines.line(event);
        let played = self.expected.as_ref();
        let expects =
            |it: &&PlayedPipeline<'_>| it.scenario.expects_failure(it.pipeline, failure.message());
        if let Some(played) = played.filter(expects) {
            if let Some(line) = line.filter(|_| !played.quiet) {
                let name = &played.pipeline.name;
                print_hint(format_args!("pipeline `{name}` failed as expected: {line}"));
            }
            return;
        }
        self.jobs += 1;
        self.exit.set(Exit::Differs);
        if let Some(line) = line {
            print_note(format_args!("failed: {line}"));
        }
    }
}
