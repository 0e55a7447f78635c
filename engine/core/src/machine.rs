//! Machines: values that are handed inputs and hand back effects, and the loop that drives one.

use crate::{
    BlockId, Effect, Event, Input, Job, Outbox, Save, StreamId, StreamSource, Time, Write,
};

/// A streaming program in progress, driven from outside.
///
/// The DStream [`Engine`](crate::Engine) and the structured query are both machines, so that one
/// virtual world and one live driver serve them alike.
pub trait Machine {
    /// Takes in what happened at `now` and puts the effects into `outbox`.
    ///
    /// The same inputs at the same times always give the same effects. `now` never runs backwards.
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox);

    /// The time at which the machine wants to be [woken](Input::Woken), if nothing happens before.
    fn next_wake(&self) -> Option<Time>;

    /// The sources of the input streams, in the order of the streams' ids.
    fn sources(&self) -> &[StreamSource];

    /// True if the machine asks for [writes](crate::Effect::Write).
    fn writes(&self) -> bool {
        false
    }

    /// True if receivers may have to [wait](Machine::next_record) with their next record.
    fn limits_rates(&self) -> bool {
        false
    }

    /// The number of records of a stream that the machine has had and will not lose in a crash: a source that can send
    /// again is asked for what comes behind.
    fn received(&self, stream: StreamId) -> u64 {
        let _ = stream;
        0
    }

    /// The block that records of a stream become if they are [stored](Input::Stored) next.
    fn next_block(&self, stream: StreamId) -> BlockId {
        BlockId { stream, number: 0 }
    }

    /// The time from which the receiver of a stream takes its next record, one that comes by itself; `None` if it takes
    /// any at once. Until then records wait in their source (`BP-8`).
    fn next_record(&self, stream: StreamId) -> Option<Time> {
        let _ = stream;
        None
    }

    /// True if a source that has lost its server connects again (`RCV-1`); if not, its stream has ended
    /// (`MB-2c`).
    fn reconnects(&self) -> bool {
        true
    }

    /// True if the program has ended: no input has an effect any more.
    fn is_stopped(&self) -> bool;
}

impl<M: Machine + ?Sized> Machine for Box<M> {
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
        (**self).handle(now, input, outbox);
    }

    fn next_wake(&self) -> Option<Time> {
        (**self).next_wake()
    }

    fn sources(&self) -> &[StreamSource] {
        (**self).sources()
    }

    fn writes(&self) -> bool {
        (**self).writes()
    }

    fn limits_rates(&self) -> bool {
        (**self).limits_rates()
    }

    fn received(&self, stream: StreamId) -> u64 {
        (**self).received(stream)
    }

    fn next_block(&self, stream: StreamId) -> BlockId {
        (**self).next_block(stream)
    }

    fn next_record(&self, stream: StreamId) -> Option<Time> {
        (**self).next_record(stream)
    }

    fn reconnects(&self) -> bool {
        (**self).reconnects()
    }

    fn is_stopped(&self) -> bool {
        (**self).is_stopped()
    }
}

/// The surroundings of a machine: runs its jobs, stores its writes, saves its results, records its events.
pub trait Host {
    /// Runs a job, at once or later. Its end is handed to the machine, never from in here.
    fn run(&mut self, now: Time, job: Job);

    /// Makes an entry durable, at once or later. The acknowledgement is handed to the machine, never
    /// from in here.
    fn write(&mut self, now: Time, write: Write);

    /// Saves results, at once or later. The acknowledgement is handed to the machine, never from in
    /// here.
    fn save(&mut self, now: Time, save: Save);

    /// Records an event that happened at `now`.
    fn record(&mut self, now: Time, event: Event);

    /// True if jobs that follow from the next input, one after the other, end at its time and before any other input
    /// comes. Then a machine may do by itself, without an effect, what calls no function of the user's, with the same
    /// events.
    fn ends_jobs_at_once(&self) -> bool {
        false
    }
}

/// Hands an input to a machine, and its effects to the host, in order. `outbox` is scratch space,
/// empty before and after.
pub fn drive(
    machine: &mut (impl Machine + ?Sized),
    now: Time,
    input: Input,
    outbox: &mut Outbox,
    host: &mut (impl Host + ?Sized),
) {
    outbox.set_ends_jobs_at_once(host.ends_jobs_at_once());
    machine.handle(now, input, outbox);
    // As most inputs are records, which wait for their block.
    if outbox.is_empty() {
        return;
    }
    for effect in outbox.drain() {
        match effect {
            Effect::Run(job) => host.run(now, job),
            Effect::Write(write) => host.write(now, *write),
            Effect::Save(save) => host.save(now, save),
            Effect::Record(event) => host.record(now, event),
        }
    }
}
