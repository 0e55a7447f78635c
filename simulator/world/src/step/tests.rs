//! The order in which machines get their inputs.

use std::cell::RefCell;
use std::collections::VecDeque;

use engine::{
    Engine, Event, Job, JobId, Journal, LogEntry, Outcome, SparkContext, StreamId, StreamSource,
    StreamingContext, Write, WriteContent, WriteId,
};
use random::Dice;
use scenario::Source;

use super::*;
use crate::InOrder;

/// A machine that notes its inputs.
#[derive(Default)]
struct Notes {
    noted: Vec<String>,
    wakes: VecDeque<i64>,
    /// True if it asks for two jobs each time it is woken.
    has_jobs: bool,
    /// True if it asks for a write each time it is woken.
    has_writes: bool,
    stops_at: Option<i64>,
    stopped: bool,
}

/// A job that does nothing.
fn no_work(id: u64) -> Job {
    Job::new(JobId(id), |_| Outcome::default())
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
                        content: WriteContent::Log(LogEntry::BatchAllocated {
                            batch_time: now,
                            blocks: Vec::new(),
                        }),
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

fn arrivals(entries: &str) -> Arrivals {
    let text =
        format!("timeline = [{entries}]\n[[pipeline]]\nname = 'p'\nsteps = [{{ print = 1 }}]");
    let scenario = scenario::parse("step.toml", &text).expect("the entries have no mistakes");
    Arrivals::new(&scenario, Source::Memory, &InOrder::default())
}

/// A world that is played from 0 to 3 s, in which jobs take no time.
fn settings() -> WorldSettings<'static> {
    WorldSettings::between(Time::EPOCH, Time::from_millis(3_000))
}

/// Each job takes this long.
fn job_cost(job: Duration) -> Cost {
    Cost {
        job,
        ..Cost::default()
    }
}

/// Compares the inputs of a machine, one line each.
#[track_caller]
fn check(machine: Notes, entries: &str, expected: &[&str]) {
    check_with(settings(), machine, entries, expected);
}

#[track_caller]
fn check_with(settings: WorldSettings<'_>, mut machine: Notes, entries: &str, expected: &[&str]) {
    let mut journal = Journal::new();
    let mut schedule = InOrder::default();
    let mut world = World::new(settings, &mut schedule);
    world.add(&mut machine, arrivals(entries), &mut journal);
    world.run();
    assert!(!world.step(), "no input is left");
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
fn earlier_inputs_come_first() {
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
fn inputs_at_the_stop_are_played_and_none_after_it() {
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
        cost: job_cost(Duration::from_millis(700)),
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
fn a_job_that_ends_after_the_stop_is_not_reported() {
    for job_time in [Duration::from_millis(501), Duration::MAX] {
        let machine = Notes {
            has_jobs: true,
            ..waking([2_500])
        };
        let settings = WorldSettings {
            cost: job_cost(job_time),
            ..settings()
        };
        check_with(
            settings,
            machine,
            "{ at = '0s', lines = [] }",
            &["0 started", "2500 woken"],
        );
    }
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

/// The order in which two machines get their inputs. Both want to be woken at 1 s, and the first has a
/// line at 1 s too.
fn order_of_two(schedule: &mut dyn Schedule) -> Vec<MachineId> {
    let mut left = waking([1_000]);
    let mut right = waking([1_000]);
    let mut journals = [Journal::new(), Journal::new()];
    let [left_journal, right_journal] = &mut journals;
    let mut world = World::new(settings(), schedule);
    world.add(
        &mut left,
        arrivals("{ at = '1s', lines = ['a'] }"),
        left_journal,
    );
    world.add(&mut right, Arrivals::default(), right_journal);
    let mut order = Vec::new();
    while let Some(Due { candidate, .. }) = world.next(world.settings.stop) {
        order.push(match candidate {
            Candidate::Fault(id)
            | Candidate::Reply(id)
            | Candidate::Arrival(id)
            | Candidate::Cluster(id)
            | Candidate::Wake(id) => id,
        });
        world.step();
    }
    order
}

#[test]
fn machines_share_the_time_and_the_schedule_has_the_order_of_an_instant() {
    let [left, right] = [MachineId(0), MachineId(1)];
    assert_eq!(order_of_two(&mut InOrder::default()), [left, left, right]);
    assert_eq!(order_of_two(&mut LastFirst), [right, left, left]);
}

/// Notes the batches of one program among those of others.
struct Batches<'a> {
    program: usize,
    noted: &'a RefCell<Vec<String>>,
}

impl Reader for Batches<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        let end = match event {
            Event::BatchStarted { .. } => "starts",
            Event::BatchCompleted { .. } => "ends",
            _ => return,
        };
        let line = format!("{} {} {end}", time.as_millis(), self.program);
        self.noted.borrow_mut().push(line);
    }
}

/// Plays the first batch, which is empty, of this number of programs.
#[track_caller]
fn check_empty_batch(
    programs: usize,
    job_time: Duration,
    schedule: &mut dyn Schedule,
    expected: &[&str],
) {
    let noted = RefCell::default();
    let mut readers: Vec<Batches<'_>> = (0..programs)
        .map(|program| Batches {
            program,
            noted: &noted,
        })
        .collect();
    let settings = WorldSettings {
        cost: job_cost(job_time),
        ..WorldSettings::between(Time::EPOCH, Time::from_millis(1_999))
    };
    let mut world = World::new(settings, schedule);
    for reader in &mut readers {
        let cluster = SparkContext::local(1, "empty");
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        ssc.receiver_stream("lines").print();
        let program = ssc.build().expect("the program keeps the rules");
        world.add(Engine::new(program), Arrivals::default(), reader);
    }
    world.run();
    drop(world);
    assert_eq!(*noted.borrow(), expected);
}

#[test]
fn an_empty_batch_takes_the_time_of_its_job_and_its_turn_among_others() {
    let mut in_order = InOrder::default();
    let mut check_alone = |job_time, expected| {
        let job_time = Duration::from_millis(job_time);
        check_empty_batch(1, job_time, &mut in_order, expected);
    };
    check_alone(0, &["1000 0 starts", "1000 0 ends"]);
    check_alone(300, &["1000 0 starts", "1300 0 ends"]);
    check_empty_batch(
        2,
        Duration::ZERO,
        &mut LastFirst,
        &[
            "1000 1 starts",
            "1000 0 starts",
            "1000 0 ends",
            "1000 1 ends",
        ],
    );
}

#[test]
fn records_reach_the_stream_that_they_are_for() {
    let mut machine = waking([]);
    let mut journal = Journal::new();
    let mut schedule = InOrder::default();
    let mut world = World::new(settings(), &mut schedule);
    let mut arrivals = Arrivals::default();
    for (stream, record) in [(1, "b"), (0, "a")] {
        let records = [record.into()].into();
        arrivals.push(Time::from_millis(500), StreamId(stream), records);
    }
    world.add(&mut machine, arrivals, &mut journal);
    world.run();
    drop(world);
    assert_eq!(machine.noted, ["0 started", "500 1: b", "500 a"]);
}

/// A machine that asks so often to be woken at once, and does nothing then.
struct Idle {
    wakes: usize,
}

impl Machine for &mut Idle {
    fn handle(&mut self, _: Time, input: Input, _: &mut Outbox) {
        self.wakes -= usize::from(matches!(input, Input::Woken));
    }

    fn next_wake(&self) -> Option<Time> {
        (self.wakes > 0).then_some(Time::EPOCH)
    }

    fn sources(&self) -> &[StreamSource] {
        &[]
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

fn wake_idle(wakes: usize) {
    let mut machine = Idle { wakes };
    let mut journal = Journal::new();
    let mut schedule = InOrder::default();
    let mut world = World::new(settings(), &mut schedule);
    world.add(&mut machine, Arrivals::default(), &mut journal);
    world.run();
    drop(world);
    assert_eq!(machine.wakes, 0);
}

#[test]
fn a_machine_may_be_woken_many_times_at_one_instant() {
    wake_idle(1_000);
}

#[test]
#[should_panic(
    expected = "a machine asks for ever to be woken at 0 ms: 1000 times it was, without an effect"
)]
fn a_machine_that_would_hold_time_still_is_a_fault() {
    wake_idle(1_001);
}

#[test]
#[should_panic(expected = "records arrive at -1 ms, before the machine starts at 0 ms")]
fn records_that_arrive_before_the_start_are_a_fault() {
    let mut machine = waking([]);
    let mut journal = Journal::new();
    let mut schedule = InOrder::default();
    let mut world = World::new(settings(), &mut schedule);
    let mut arrivals = Arrivals::default();
    arrivals.push(Time::from_millis(-1), StreamId(0), ["a".into()].into());
    world.add(&mut machine, arrivals, &mut journal);
}
