//! Lines that a live program received and recorded are received and counted again by the replay.

use std::collections::VecDeque;

use engine::{Inline, Input, Journal, Machine, Stepper, StreamId, Text, Time};
use proptest::prelude::*;
use random::{EventKind, Numbers, ProgramKind, Space};
use scenario::{Entry, Profile, Scenario, Source, TimelineEvent, parse, print_entry, print_head};
use simulator::{PipelineSource, compile, stop_time};

use crate::play::{arrivals, journal, pipeline, printing_all};
use crate::view::{sorted, without_blocks};

/// Lines as a socket gives them, each with its time.
type Received = Vec<(Time, Text)>;

/// A program that listens, and the lines that it received.
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
    let mut text = print_head(&scenario);
    for (time, line) in received {
        let entry = Entry {
            at: time.since(scenario.clock.start),
            stream: None,
            event: TimelineEvent::Lines {
                lines: vec![line.to_string()],
                partitions: 1,
            },
        };
        text.push('\n');
        text.push_str(&print_entry(&entry));
    }
    text
}

/// The journal of the live program that this is the replay of, without blocks. It receives one line at a
/// time; a line at a time at which it wants to be woken comes first.
fn live_journal(replay: &Scenario, received: Received) -> Journal {
    let feed = PipelineSource::Socket {
        host: "localhost".to_owned(),
        port: 9999,
    };
    let machine = compile(replay, pipeline(replay), &feed).expect("the program keeps the rules");
    let mut received = VecDeque::from(received);
    let mut now = replay.clock.start;
    let mut live = Stepper::new(machine, now);
    loop {
        let due = live
            .machine()
            .next_wake()
            .map(|wake| wake.max(now))
            .filter(|wake| *wake <= stop_time(replay));
        if let Some((time, record)) =
            received.pop_front_if(|(time, _)| due.is_none_or(|due| *time <= due))
        {
            now = time;
            let stream = StreamId(0);
            live.handle(now, Input::Received { stream, record }, &Inline);
        } else if let Some(due) = due {
            now = due;
            live.handle(now, Input::Woken, &Inline);
        } else {
            return without_blocks(&live.take_journal());
        }
    }
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
            let replayed = without_blocks(&journal(&replay));
            prop_assert_eq!(sorted(&replayed), sorted(&live_journal(&replay, received)));
        } else {
            prop_assert_eq!(without_blocks(&journal(&replay)), live_journal(&replay, received));
        }
    }
}
