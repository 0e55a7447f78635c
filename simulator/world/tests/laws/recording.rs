//! What a live program received, recorded line by line, is received and counted again by its replay.

use std::collections::VecDeque;

use engine::{Effect, Inline, Input, Journal, Machine, Outbox, Reader, StreamId, Text, Time};
use proptest::prelude::*;
use random::{EventKind, Numbers, ProgramKind, Space};
use scenario::{Entry, Profile, Scenario, Source, TimelineEvent, parse, print_entry, print_head};
use simulator::{Feed, compile, stop_time};

use crate::play::{arrivals, journal, pipeline, printing_all};
use crate::view::sorted;

/// Lines as a socket gives them, each with its time.
type Received = Vec<(Time, Text)>;

/// A program that listens, and the lines it received.
///
/// Blocks are cut every 200 ms. With a batch interval that is no multiple of it, a live program has some
/// lines one batch later than their time says (`BLK-1`), and the replay, without blocks, has not.
fn live_runs() -> impl Strategy<Value = (Scenario, Received)> {
    let space = Space {
        intervals: Numbers(&[
            (200, 200),
            (400, 400),
            (600, 600),
            (1_000, 1_000),
            (1_400, 1_400),
        ]),
        stop_one_in: u64::MAX,
        programs: &[
            ProgramKind::Stateless,
            ProgramKind::UpdateState,
            ProgramKind::Structured,
        ],
        sources: &[Source::Socket],
        entries: Numbers(&[(1, 20)]),
        events: &[EventKind::Lines],
        lines: Numbers(&[(1, 1)]),
        ..Space::SMALL
    };
    space.prop_map(|mut scenario| {
        scenario.clock.stop = None;
        let received = received(&scenario);
        scenario.timeline = Vec::new();
        (scenario, received)
    })
}

/// The lines of the timeline, as a socket gives them.
fn received(scenario: &Scenario) -> Received {
    let start = scenario.clock.start;
    let lines = scenario.timeline.iter().flat_map(|entry| {
        let time = start
            .checked_add(entry.at)
            .expect("far from the end of time");
        let TimelineEvent::Lines { lines, .. } = &entry.event else {
            return Vec::new();
        };
        let line = |line: &String| (time, Text::from(line.replace(['\n', '\r'], " ")));
        lines.iter().map(line).collect()
    });
    lines.collect()
}

/// The file that `millrace record` leaves: the settings, with a start on the batch grid before the
/// first line, and an entry for each line.
fn recorded(mut scenario: Scenario, received: &Received) -> String {
    let interval_ms = scenario.clock.interval.as_millis() as i64;
    let before_ms = received[0].0.as_millis() - 1;
    scenario.clock.start = Time::from_millis(before_ms - before_ms.rem_euclid(interval_ms));
    let entries = received.iter().map(|(time, line)| Entry {
        at: time.since(scenario.clock.start),
        event: TimelineEvent::Lines {
            lines: vec![line.to_string()],
            partitions: 1,
        },
    });
    let entries = entries.map(|entry| format!("\n{}", print_entry(&entry)));
    let entries: String = entries.collect();
    print_head(&scenario) + &entries
}

/// A machine that is driven as by the real world: a line at a time, woken when it wants to be.
struct Live {
    machine: Box<dyn Machine>,
    now: Time,
    journal: Journal,
}

impl Live {
    fn hand_in(&mut self, time: Time, input: Input) {
        self.now = time;
        let mut outbox = Outbox::new();
        self.machine.handle(time, input, &mut outbox);
        for effect in outbox.drain() {
            match effect {
                Effect::Tell(event) => self.journal.read(time, &event),
                Effect::Run(job) => self.hand_in(time, Input::JobFinished(job.run(&Inline))),
            }
        }
    }

    /// Lines that come at the time at which the machine wants to be woken come before that.
    fn run(mut self, received: Received, stop: Time) -> Journal {
        let mut received = VecDeque::from(received);
        loop {
            let wake = self.machine.next_wake().map(|wake| wake.max(self.now));
            let due = wake.filter(|&wake| wake <= stop);
            if let Some((time, record)) =
                received.pop_front_if(|(time, _)| due.is_none_or(|due| *time <= due))
            {
                let stream = StreamId(0);
                self.hand_in(time, Input::Received { stream, record });
            } else if let Some(due) = due {
                self.hand_in(due, Input::Woken);
            } else {
                return self.journal;
            }
        }
    }
}

/// The journal of the live program that this is the replay of.
fn live_journal(replay: &Scenario, received: Received) -> Journal {
    let feed = Feed::Socket {
        host: "localhost".to_owned(),
        port: 9999,
    };
    let machine = compile(replay, pipeline(replay), &feed).expect("the program keeps the rules");
    let mut live = Live {
        machine,
        now: replay.clock.start,
        journal: Journal::new(),
    };
    live.hand_in(replay.clock.start, Input::Started);
    live.run(received, stop_time(replay))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// On the JVM the order of rows may differ: the replay has a block for each line.
    #[test]
    fn a_replay_receives_what_was_recorded_and_counts_the_same(
        (scenario, received) in live_runs(),
    ) {
        let text = recorded(scenario, &received);
        let replay = parse("recorded.toml", &text);
        let replay = replay.map_err(|mistakes| TestCaseError::fail(format!("{mistakes:?}\n{text}")))?;
        prop_assert_eq!(&arrivals(&replay, Source::Socket), &received);
        if pipeline(&replay).profile == Some(Profile::Jvm) {
            let replay = printing_all(replay);
            prop_assert_eq!(sorted(&journal(&replay)), sorted(&live_journal(&replay, received)));
        } else {
            prop_assert_eq!(journal(&replay), live_journal(&replay, received));
        }
    }
}
