//! Drives an engine in no time: each job ends as soon as it starts.

use engine::{Effect, Event, Input, Machine, Outbox, Time, Workers};

/// Passes `input` to the machine at `now`, runs the jobs that follow from it, and passes each event to
/// `record`.
///
/// # Panics
///
/// Panics if a job fails: counting words does not.
pub(crate) fn drive(
    machine: &mut impl Machine,
    now: Time,
    input: Input,
    workers: &dyn Workers,
    mut record: impl FnMut(&Event),
) {
    let mut outbox = Outbox::new();
    let mut inputs = vec![input];
    while let Some(input) = inputs.pop() {
        machine.handle(now, input, &mut outbox);
        for effect in outbox.drain() {
            match effect {
                Effect::Run(job) => inputs.push(Input::JobFinished(job.run(workers))),
                Effect::Tell(event) => {
                    assert_eq!(event.failure(), None, "counting words does not fail");
                    record(&event);
                }
            }
        }
    }
}
