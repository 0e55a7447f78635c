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

#[cfg(test)]
mod tests {
    use engine::{Event, Inline, Job, Journal, StreamSource, Work};
    use scenario::Source;

    use super::*;

    /// A machine that notes what reaches it, and does little.
    #[derive(Default)]
    struct Notes {
        noted: Vec<String>,
        wakes: VecDeque<i64>,
        /// Whether it asks for two jobs whenever it is woken.
        has_jobs: bool,
        stops_at: Option<i64>,
        stopped: bool,
    }

    struct NoWork;

    impl Work for NoWork {
        fn run(&mut self, _: &dyn Workers, _: &mut Vec<Event>) {}
    }

    impl Machine for Notes {
        fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
            let name = match input {
                Input::Started => "started".to_owned(),
                Input::Stored { block, .. } => block.join(" "),
                Input::Woken => {
                    self.wakes.pop_front();
                    for _ in 0..if self.has_jobs { 2 } else { 0 } {
                        outbox.run(Job::new(Box::new(NoWork)));
                    }
                    "woken".to_owned()
                }
                Input::JobFinished(_) => "finished".to_owned(),
                input => format!("{input:?}"),
            };
            self.noted.push(format!("{} {name}", now.as_millis()));
            self.stopped = self.stops_at.is_some_and(|stop| stop <= now.as_millis());
            outbox.tell(Event::Stopped);
        }

        fn next_wake(&self) -> Option<Time> {
            self.wakes.front().map(|wake| Time::from_millis(*wake))
        }

        fn sources(&self) -> &[StreamSource] {
            &[]
        }

        fn is_stopped(&self) -> bool {
            self.stopped
        }
    }

    fn timeline(entries: &str) -> Timeline {
        let text =
            format!("timeline = [{entries}]\n[[pipeline]]\nname = 'p'\nsteps = [{{ print = 1 }}]");
        let scenario = scenario::parse("step.toml", &text).expect("the entries have no mistakes");
        Timeline::new(&scenario, Source::Memory, 0)
    }

    /// What reaches a machine in a world that is played from 0 to 3 s, one line an input.
    #[track_caller]
    fn check(machine: Notes, entries: &str, expected: &[&str]) {
        let span = (Time::EPOCH, Time::from_millis(3_000));
        let mut journal = Journal::new();
        let drives = (&Inline as &dyn Workers, &mut journal as &mut dyn Reader);
        let mut world = World::start(machine, timeline(entries), span, drives);
        world.run();
        assert!(!world.step(), "nothing is left that happens");
        assert_eq!(world.machine.noted, expected);
        let told = journal.entries().iter();
        let told: Vec<String> = told
            .map(|entry| entry.time.as_millis().to_string())
            .collect();
        let times = expected.iter().filter_map(|line| line.split(' ').next());
        assert_eq!(
            told,
            times.collect::<Vec<_>>(),
            "each input is told at its time"
        );
    }

    fn waking(wakes: impl IntoIterator<Item = i64>) -> Notes {
        Notes {
            wakes: wakes.into_iter().collect(),
            ..Notes::default()
        }
    }

    #[test]
    fn what_is_earlier_comes_first() {
        check(
            waking([1_000, 2_000]),
            "{ at = '500ms', lines = ['a'] }, { at = '1500ms', lines = ['b'] }",
            &["0 started", "500 a", "1000 woken", "1500 b", "2000 woken"],
        );
    }

    #[test]
    fn at_one_instant_lines_come_before_the_machine_is_woken() {
        check(
            waking([0, 1_000]),
            "{ at = '0s', lines = ['a'] }, { at = '1s', lines = ['b', 'c'] }, { lines = ['d'] }",
            &[
                "0 started",
                "0 a",
                "0 woken",
                "1000 b c",
                "1000 d",
                "1000 woken",
            ],
        );
    }

    #[test]
    fn jobs_end_as_soon_as_they_start_and_before_anything_else() {
        let machine = Notes {
            has_jobs: true,
            ..waking([1_000, 1_000])
        };
        check(
            machine,
            "{ at = '1s', lines = ['a'] }",
            &[
                "0 started",
                "1000 a",
                "1000 woken",
                "1000 finished",
                "1000 finished",
                "1000 woken",
                "1000 finished",
                "1000 finished",
            ],
        );
    }

    #[test]
    fn a_wake_in_the_past_comes_at_once() {
        check(
            waking([2_000, 500]),
            "{ at = '2500ms', lines = ['a'] }",
            &["0 started", "2000 woken", "2000 woken", "2500 a"],
        );
    }

    #[test]
    fn what_happens_at_the_stop_is_played_and_nothing_after_it() {
        check(
            waking([3_000, 3_001]),
            "{ at = '3s', lines = ['a'] }, { at = '3001ms', lines = ['b'] }",
            &["0 started", "3000 a", "3000 woken"],
        );
    }

    #[test]
    fn a_machine_that_wants_nothing_is_given_its_lines_until_the_stop() {
        check(
            waking([]),
            "{ at = '3s', lines = ['a'] }, { at = '4s', lines = ['b'] }",
            &["0 started", "3000 a"],
        );
    }

    #[test]
    fn a_machine_that_has_stopped_is_left_alone() {
        let machine = Notes {
            stops_at: Some(1_000),
            ..waking([1_000, 2_000])
        };
        check(
            machine,
            "{ at = '500ms', lines = ['a'] }, { at = '2s', lines = ['b'] }",
            &["0 started", "500 a", "1000 woken"],
        );
    }
}
