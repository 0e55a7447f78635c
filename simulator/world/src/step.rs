//! One step of the world, on one screen.

use std::collections::VecDeque;

use engine::{Effect, Finished, Input, Machine, Outbox, Reader, Time, Workers};

use crate::timeline::Timeline;

/// An engine, its timeline, and the virtual time.
pub struct World<'a, M> {
    machine: M,
    timeline: Timeline,
    now: Time,
    /// The last instant that is played.
    stop: Time,
    /// Jobs that have ended, of which the engine has yet to hear.
    finished: VecDeque<Finished>,
    outbox: Outbox,
    workers: &'a dyn Workers,
    reader: &'a mut dyn Reader,
}

impl<'a, M: Machine> World<'a, M> {
    /// A world in which the program starts at `start`, and which ends after `stop`.
    pub fn start(
        machine: M,
        timeline: Timeline,
        (start, stop): (Time, Time),
        (workers, reader): (&'a dyn Workers, &'a mut dyn Reader),
    ) -> World<'a, M> {
        let (finished, outbox) = (VecDeque::new(), Outbox::new());
        let mut world = World {
            machine,
            timeline,
            now: start,
            stop,
            finished,
            outbox,
            workers,
            reader,
        };
        world.hand_in(Input::Started);
        world
    }

    /// Lets the next thing happen; false if nothing is left that does.
    ///
    /// At one instant, jobs that have ended come first, then the timeline, then what the engine wants
    /// to be woken for: a record at the very time of a batch belongs to it.
    pub fn step(&mut self) -> bool {
        let Some((time, input)) = self.next() else {
            return false;
        };
        assert!(time >= self.now, "time never runs backwards");
        self.now = time;
        self.hand_in(input);
        true
    }

    /// Steps until nothing happens any more.
    pub fn run(&mut self) {
        while self.step() {}
    }

    fn next(&mut self) -> Option<(Time, Input)> {
        if let Some(finished) = self.finished.pop_front() {
            return Some((self.now, Input::JobFinished(finished)));
        }
        if self.machine.is_stopped() {
            return None;
        }
        // A time already past means at once.
        let wake = self.machine.next_wake().map(|time| time.max(self.now));
        let bound = wake.unwrap_or(self.stop).min(self.stop);
        let scripted = self.timeline.next(bound);
        scripted.or_else(|| {
            wake.filter(|&time| time <= self.stop)
                .map(|time| (time, Input::Woken))
        })
    }

    fn hand_in(&mut self, input: Input) {
        self.machine.handle(self.now, input, &mut self.outbox);
        for effect in self.outbox.drain() {
            match effect {
                Effect::Run(job) => self.finished.push_back(job.run(self.workers)),
                Effect::Tell(event) => self.reader.read(self.now, &event),
            }
        }
    }
}

impl<M> std::fmt::Debug for World<'_, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now)
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}
