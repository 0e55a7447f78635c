//! A job: one output operation of one batch, with everything it needs to run.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::blame::reason;
use crate::{Event, Text, Workers};

/// What a job does. The work carries all it touches, so that nothing is shared while it runs.
pub trait Work: Any + Send {
    /// Runs the job and pushes what it wants to have told.
    fn run(&mut self, workers: &dyn Workers, events: &mut Vec<Event>);
}

/// One output operation of one batch, ready to run on any thread.
///
/// It is an effect and not a call, because an overrun (`JOB-2`) or a crash in mid-batch is only
/// visible if time can pass between asking and done.
pub struct Job {
    work: Box<dyn Work>,
}

impl Job {
    /// A job that does this work.
    pub fn new(work: Box<dyn Work>) -> Job {
        Job { work }
    }

    /// Runs the job to its end. A panic of a user's function fails the job (`JOB-4`), and nothing
    /// that the job had wanted to tell is told.
    pub fn run(mut self, workers: &dyn Workers) -> Finished {
        let mut events = Vec::new();
        // Work keeps what it holds whole until a stage has ended, so a panic leaves nothing half done.
        let result = catch_unwind(AssertUnwindSafe(|| self.work.run(workers, &mut events)));
        let outcome = match result {
            Ok(()) => Ok(events),
            Err(payload) => Err(reason(payload.as_ref())),
        };
        Finished {
            work: self.work,
            outcome,
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Job")
    }
}

/// A job that has ended.
pub struct Finished {
    work: Box<dyn Work>,
    outcome: Result<Vec<Event>, Text>,
}

impl Finished {
    /// The work, as what it was before it became a job, and what came of it: the events that it
    /// wants to have told, or why it failed.
    ///
    /// # Panics
    ///
    /// Panics if the work is not a `W`: a machine was handed another machine's job.
    pub fn into_parts<W: Work>(self) -> (Box<W>, Result<Vec<Event>, Text>) {
        let work: Box<dyn Any> = self.work;
        let work = work
            .downcast::<W>()
            .expect("a machine gets back only jobs that it asked for");
        (work, self.outcome)
    }
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finished")
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Inline;

    /// Tells that it has stopped, and then does what it is told to.
    struct Telling(fn());

    impl Work for Telling {
        fn run(&mut self, _: &dyn Workers, events: &mut Vec<Event>) {
            events.push(Event::Stopped);
            (self.0)();
        }
    }

    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a case reads best with its result in place"
    )]
    fn check(work: fn(), expected: Result<Vec<Event>, Text>) {
        let finished = Job::new(Box::new(Telling(work))).run(&Inline);
        let (_, outcome) = finished.into_parts::<Telling>();
        assert_eq!(outcome, expected);
    }

    #[test]
    fn job_4_a_panic_is_the_reason_of_a_failure() {
        check(|| (), Ok(vec![Event::Stopped]));
        check(|| panic!("no bread"), Err("no bread".into()));
        check(|| panic!("no {}", "bread"), Err("no bread".into()));
        check(
            || std::panic::panic_any(5),
            Err("a user's function panicked without a message".into()),
        );
    }
}
