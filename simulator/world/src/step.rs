//! One step of the world, on one screen.

use std::collections::VecDeque;
use std::time::Duration;

use engine::{
    Event, Host, Inline, Input, Job, Machine, Outbox, Reader, Time, Workers, Write, drive,
};

use crate::schedule::{Candidate, NodeId, Schedule};
use crate::timeline::Timeline;

/// The settings of a world.
#[derive(Clone, Copy)]
pub struct WorldSettings<'a> {
    /// The time at which the programs start.
    pub start: Time,
    /// The last instant that is played.
    pub stop: Time,
    /// The workers over which stages of jobs are spread.
    pub workers: &'a dyn Workers,
    /// The virtual time that a job takes.
    pub job_time: Duration,
    /// The virtual time until a write is durable.
    pub write_time: Duration,
}

impl WorldSettings<'static> {
    /// A world that is played from `start` to `stop` on one thread, in which jobs and writes take no time.
    pub fn between(start: Time, stop: Time) -> WorldSettings<'static> {
        WorldSettings {
            start,
            stop,
            workers: &Inline,
            job_time: Duration::ZERO,
            write_time: Duration::ZERO,
        }
    }
}

/// Machines with their timelines, and the virtual time that they share.
pub struct World<'a> {
    settings: WorldSettings<'a>,
    nodes: Vec<Node<'a>>,
    replies: Replies,
    schedule: &'a mut dyn Schedule,
    now: Time,
    outbox: Outbox,
    /// The candidates of the step, kept for their room.
    candidates: Vec<Candidate>,
}

/// A machine in its surroundings.
struct Node<'a> {
    machine: Box<dyn Machine + 'a>,
    timeline: Timeline,
    reader: &'a mut dyn Reader,
}

impl<'a> World<'a> {
    /// A world in which it is the start, and nothing happens yet.
    pub fn new(settings: WorldSettings<'a>, schedule: &'a mut dyn Schedule) -> World<'a> {
        World {
            now: settings.start,
            settings,
            nodes: Vec::new(),
            replies: Replies::default(),
            schedule,
            outbox: Outbox::new(),
            candidates: Vec::new(),
        }
    }

    /// Adds a machine and starts it, now. `reader` follows what happens to it.
    pub fn add(
        &mut self,
        machine: impl Machine + 'a,
        timeline: Timeline,
        reader: &'a mut dyn Reader,
    ) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node {
            machine: Box::new(machine),
            timeline,
            reader,
        });
        self.hand_in(id, Input::Started);
        id
    }

    /// Lets the next thing happen; false if nothing is left that does.
    ///
    /// At one instant, jobs that have ended and writes that are durable come first, then the timelines,
    /// then the machines that want to be woken, unless the schedule decides otherwise.
    pub fn step(&mut self) -> bool {
        let Some((time, candidate)) = self.next() else {
            return false;
        };
        assert!(time >= self.now, "time never runs backwards");
        self.now = time;
        let (node, input) = match candidate {
            Candidate::Reply(node) => (node, self.replies.take(node)),
            Candidate::Entry(node) => {
                let (stream, records) = self.nodes[node.0].timeline.take(time);
                (node, Input::Stored { stream, records })
            }
            Candidate::Wake(node) => (node, Input::Woken),
        };
        self.hand_in(node, input);
        true
    }

    /// Steps until nothing happens any more.
    pub fn run(&mut self) {
        while self.step() {}
    }

    /// The next instant at which something happens, and which of its candidates comes first.
    fn next(&mut self) -> Option<(Time, Candidate)> {
        let nodes = || (0..).map(NodeId).zip(&self.nodes);
        let times = nodes().flat_map(|(_, node)| [node.next_entry(), node.next_wake(self.now)]);
        let time = times.flatten().chain(self.replies.next_time()).min()?;
        if time > self.settings.stop {
            return None;
        }
        self.candidates.clear();
        self.candidates
            .extend(self.replies.at(time).map(Candidate::Reply));
        let entries = nodes().filter(|(_, node)| node.next_entry() == Some(time));
        self.candidates
            .extend(entries.map(|(id, _)| Candidate::Entry(id)));
        let wakes = nodes().filter(|(_, node)| node.next_wake(self.now) == Some(time));
        self.candidates
            .extend(wakes.map(|(id, _)| Candidate::Wake(id)));
        let chosen = self.schedule.choose(&self.candidates);
        Some((time, self.candidates[chosen]))
    }

    fn hand_in(&mut self, id: NodeId, input: Input) {
        let node = &mut self.nodes[id.0];
        let mut surroundings = Surroundings {
            id,
            settings: &self.settings,
            replies: &mut self.replies,
            reader: node.reader,
        };
        drive(
            &mut node.machine,
            self.now,
            input,
            &mut self.outbox,
            &mut surroundings,
        );
    }
}

impl Node<'_> {
    fn next_entry(&self) -> Option<Time> {
        self.timeline
            .next_time()
            .filter(|_| !self.machine.is_stopped())
    }

    /// A time already past means at once.
    fn next_wake(&self, now: Time) -> Option<Time> {
        let wake = self.machine.next_wake().map(|time| time.max(now));
        wake.filter(|_| !self.machine.is_stopped())
    }
}

/// Replies that machines wait for, in the order of time and then of asking.
#[derive(Default)]
struct Replies(VecDeque<(Time, NodeId, Input)>);

impl Replies {
    fn add(&mut self, time: Time, node: NodeId, input: Input) {
        let index = self.0.partition_point(|(at, ..)| *at <= time);
        self.0.insert(index, (time, node, input));
    }

    fn next_time(&self) -> Option<Time> {
        self.0.front().map(|(time, ..)| *time)
    }

    /// The machines that have a reply at `time`, the next one.
    fn at(&self, time: Time) -> impl Iterator<Item = NodeId> {
        self.0
            .iter()
            .take_while(move |(at, ..)| *at == time)
            .map(|(_, node, _)| *node)
    }

    /// Takes the first reply to a machine.
    fn take(&mut self, node: NodeId) -> Input {
        let index = self.0.iter().position(|(_, to, _)| *to == node);
        let reply = index.and_then(|index| self.0.remove(index));
        let (_, _, input) = reply.expect("a reply that is a candidate is there");
        input
    }
}

/// The surroundings of one machine while it is driven.
struct Surroundings<'a, 'w> {
    id: NodeId,
    settings: &'a WorldSettings<'w>,
    replies: &'a mut Replies,
    reader: &'a mut dyn Reader,
}

impl Host for Surroundings<'_, '_> {
    /// Runs the job at once; its end is heard of when its time has passed.
    fn run(&mut self, now: Time, job: Job) {
        let finished = job.run(self.settings.workers);
        let end = now.checked_add(self.settings.job_time).unwrap_or(now);
        self.replies.add(end, self.id, Input::JobFinished(finished));
    }

    fn write(&mut self, now: Time, write: Write) {
        let end = now.checked_add(self.settings.write_time).unwrap_or(now);
        let written = Input::Written {
            id: write.id,
            result: Ok(()),
        };
        self.replies.add(end, self.id, written);
    }

    fn record(&mut self, now: Time, event: Event) {
        self.reader.read(now, &event);
    }
}

impl std::fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now)
            .field("stop", &self.settings.stop)
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WorldSettings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorldSettings")
            .field("start", &self.start)
            .field("stop", &self.stop)
            .field("job_time", &self.job_time)
            .field("write_time", &self.write_time)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use engine::{JobId, Journal, LogEntry, Outcome, StreamSource, WriteId};
    use random::Dice;
    use scenario::Source;

    use super::*;
    use crate::InOrder;

    /// A machine that notes its inputs, and does little.
    #[derive(Default)]
    struct Notes {
        noted: Vec<String>,
        wakes: VecDeque<i64>,
        /// Whether it asks for two jobs whenever it is woken.
        has_jobs: bool,
        /// Whether it asks for a write whenever it is woken.
        has_writes: bool,
        stops_at: Option<i64>,
        stopped: bool,
    }

    /// A job that does nothing.
    fn no_work(id: u64) -> Job {
        Job::new(JobId(id), |_| Outcome {
            result: Ok(Vec::new()),
            counters: None,
        })
    }

    impl Machine for &mut Notes {
        fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
            let name = match input {
                Input::Started => "started".to_owned(),
                Input::Stored { stream, records } if stream.0 > 0 => {
                    format!("{}: {}", stream.0, records.join(" "))
                }
                Input::Stored { records, .. } => records.join(" "),
                Input::Woken => {
                    self.wakes.pop_front();
                    for id in 0..if self.has_jobs { 2 } else { 0 } {
                        outbox.run(no_work(id));
                    }
                    if self.has_writes {
                        outbox.write(Write {
                            id: WriteId(0),
                            entry: LogEntry::BatchAllocated {
                                batch_time: now,
                                blocks: Vec::new(),
                            },
                        });
                    }
                    "woken".to_owned()
                }
                Input::JobFinished(finished) => format!("finished {}", finished.id.0),
                Input::Written { .. } => "written".to_owned(),
                input => format!("{input:?}"),
            };
            self.noted.push(format!("{} {name}", now.as_millis()));
            self.stopped = self.stops_at.is_some_and(|stop| stop <= now.as_millis());
            outbox.record(Event::Stopped);
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
        Timeline::new(&scenario, Source::Memory, &InOrder::default())
    }

    /// A world that is played from 0 to 3 s, in which jobs take no time.
    fn settings() -> WorldSettings<'static> {
        WorldSettings::between(Time::EPOCH, Time::from_millis(3_000))
    }

    /// Compares the inputs of a machine, one line each.
    #[track_caller]
    fn check(machine: Notes, entries: &str, expected: &[&str]) {
        check_with(settings(), machine, entries, expected);
    }

    #[track_caller]
    fn check_with(
        settings: WorldSettings<'_>,
        mut machine: Notes,
        entries: &str,
        expected: &[&str],
    ) {
        let mut journal = Journal::new();
        let mut schedule = InOrder::default();
        let mut world = World::new(settings, &mut schedule);
        world.add(&mut machine, timeline(entries), &mut journal);
        world.run();
        assert!(!world.step(), "nothing is left that happens");
        drop(world);
        assert_eq!(machine.noted, expected);
        let times: Vec<String> = journal
            .entries()
            .iter()
            .map(|entry| entry.time.as_millis().to_string())
            .collect();
        let expected = expected.iter().filter_map(|line| line.split(' ').next());
        assert_eq!(
            times,
            expected.collect::<Vec<_>>(),
            "events have the time of the input"
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
                "1000 finished 0",
                "1000 finished 1",
                "1000 woken",
                "1000 finished 0",
                "1000 finished 1",
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

    #[test]
    fn jobs_and_writes_take_their_time() {
        let machine = Notes {
            has_jobs: true,
            has_writes: true,
            ..waking([1_000, 1_100])
        };
        let settings = WorldSettings {
            job_time: Duration::from_millis(700),
            write_time: Duration::from_millis(50),
            ..settings()
        };
        check_with(
            settings,
            machine,
            "{ at = '1700ms', lines = ['a'] }",
            &[
                "0 started",
                "1000 woken",
                "1050 written",
                "1100 woken",
                "1150 written",
                "1700 finished 0",
                "1700 finished 1",
                "1700 a",
                "1800 finished 0",
                "1800 finished 1",
            ],
        );
    }

    #[test]
    fn what_ends_after_the_stop_is_not_heard_of() {
        let machine = Notes {
            has_jobs: true,
            ..waking([2_500])
        };
        let settings = WorldSettings {
            job_time: Duration::from_millis(501),
            ..settings()
        };
        check_with(
            settings,
            machine,
            "{ at = '0s', lines = [] }",
            &["0 started", "2500 woken"],
        );
    }

    /// Chooses the last candidate.
    struct LastFirst;

    impl Schedule for LastFirst {
        fn choose(&mut self, candidates: &[Candidate]) -> usize {
            candidates.len() - 1
        }

        fn dice(&self, stream: u64) -> Dice {
            Dice::new(0, stream)
        }
    }

    /// The order in which two machines that want to be woken at 1 s, the first with a line at 1 s too,
    /// hear of anything.
    fn order_of_two(schedule: &mut dyn Schedule) -> Vec<NodeId> {
        let mut left = waking([1_000]);
        let mut right = waking([1_000]);
        let mut journals = [Journal::new(), Journal::new()];
        let [left_journal, right_journal] = &mut journals;
        let mut world = World::new(settings(), schedule);
        world.add(
            &mut left,
            timeline("{ at = '1s', lines = ['a'] }"),
            left_journal,
        );
        world.add(&mut right, Timeline::default(), right_journal);
        let mut order = Vec::new();
        while let Some((_, candidate)) = world.next() {
            order.push(match candidate {
                Candidate::Reply(node) | Candidate::Entry(node) | Candidate::Wake(node) => node,
            });
            world.step();
        }
        order
    }

    #[test]
    fn machines_share_the_time_and_the_schedule_has_the_order_of_an_instant() {
        let [left, right] = [NodeId(0), NodeId(1)];
        assert_eq!(order_of_two(&mut InOrder::default()), [left, left, right]);
        assert_eq!(order_of_two(&mut LastFirst), [right, left, left]);
    }

    #[test]
    fn entries_reach_the_stream_that_they_are_for() {
        let mut machine = waking([]);
        let mut journal = Journal::new();
        let mut schedule = InOrder::default();
        let mut world = World::new(settings(), &mut schedule);
        let mut timeline = Timeline::default();
        for (stream, record) in [(1, "b"), (0, "a")] {
            let records = [record.into()].into();
            timeline.push(Time::from_millis(500), engine::StreamId(stream), records);
        }
        world.add(&mut machine, timeline, &mut journal);
        world.run();
        drop(world);
        assert_eq!(machine.noted, ["0 started", "500 1: b", "500 a"]);
    }
}
