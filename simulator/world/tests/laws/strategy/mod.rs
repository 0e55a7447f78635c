//! Any small scenario: a few batches, a few words, one program.

mod program;

use std::time::Duration;

use engine::Time;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use scenario::{
    Clock, Cluster, Console, Entry, Expect, ExpectedCounters, Generate, Line, Order, Pipeline,
    Profile, Program, Scenario, TimelineEvent,
};

pub(crate) use program::{any_program, word_count};

/// So many rows are printed that none is left out.
pub(crate) const ALL_ROWS: usize = 100_000;

/// Any scenario with any program.
pub(crate) fn scenario() -> impl Strategy<Value = Scenario> {
    scenario_of(any_program)
}

/// Any scenario whose program is one of these, given the batch interval.
pub(crate) fn scenario_of<S: Strategy<Value = Program>>(
    program: impl Fn(Duration) -> S,
) -> impl Strategy<Value = Scenario> {
    interval().prop_flat_map(move |interval| {
        let pipeline = (option::of(profile()), program(interval));
        (
            clock(interval),
            console(),
            cluster(),
            timeline(interval),
            pipeline,
        )
            .prop_map(
                |((clock, after), console, cluster, timeline, (profile, program))| {
                    let end = timeline.last().map_or(Duration::ZERO, |last| last.at);
                    let stop = after.map(|after| end + after);
                    Scenario {
                        title: String::new(),
                        description: None,
                        clock: Clock { stop, ..clock },
                        console,
                        cluster,
                        timeline,
                        pipelines: vec![Pipeline {
                            name: "program".to_owned(),
                            profile,
                            program,
                        }],
                    }
                },
            )
    })
}

/// A batch interval; many are the usual ones, some divide nothing.
fn interval() -> impl Strategy<Value = Duration> {
    prop_oneof![select(vec![1_000, 200, 60_000]), 1..3_000_u64].prop_map(Duration::from_millis)
}

/// Any time between 1906 and 2096, often the very time of a batch.
pub(crate) fn time(interval: Duration) -> impl Strategy<Value = Time> {
    let interval_ms = interval.as_millis() as i64;
    let time = prop_oneof![
        (-5..50_i64).prop_map(move |batches| batches * interval_ms),
        -2_000_000_000_000..4_000_000_000_000_i64,
    ];
    time.prop_map(Time::from_millis)
}

/// A clock, and how long after the last entry it stops, if it does not by default.
fn clock(interval: Duration) -> impl Strategy<Value = (Clock, Option<Duration>)> {
    (time(interval), option::of(gap(interval))).prop_map(move |(start, after)| {
        let clock = Clock {
            start,
            interval,
            stop: None,
            timezone: "UTC".to_owned(),
        };
        (clock, after)
    })
}

/// From one entry to the next: nothing, whole intervals, or anything up to two of them.
pub(crate) fn gap(interval: Duration) -> impl Strategy<Value = Duration> {
    let interval_ms = interval.as_millis() as u64;
    prop_oneof![
        Just(0),
        (1..4_u64).prop_map(move |batches| batches * interval_ms),
        0..=2 * interval_ms,
    ]
    .prop_map(Duration::from_millis)
}

pub(crate) fn profile() -> impl Strategy<Value = Profile> {
    select(vec![Profile::Pyspark, Profile::Jvm, Profile::Cookbook])
}

fn console() -> impl Strategy<Value = Console> {
    let rows = prop_oneof![1..4_usize, Just(ALL_ROWS)];
    let order = select(vec![Order::Spark, Order::Arrival]);
    (profile(), order, rows).prop_map(|(profile, order, rows)| Console {
        profile,
        order,
        rows,
    })
}

pub(crate) fn cluster() -> impl Strategy<Value = Cluster> {
    (1..5_usize, 1..9_usize).prop_map(|(cores, shuffle_partitions)| Cluster {
        cores,
        shuffle_partitions,
        memory: None,
    })
}

fn timeline(interval: Duration) -> impl Strategy<Value = Vec<Entry>> {
    vec((gap(interval), event(interval)), 1..7).prop_map(|events| {
        let mut at = Duration::ZERO;
        let entries = events.into_iter().map(|(after, event)| {
            at += after;
            Entry { at, event }
        });
        entries.collect()
    })
}

fn event(interval: Duration) -> impl Strategy<Value = TimelineEvent> {
    prop_oneof![
        5 => lines().prop_map(|(lines, partitions)| TimelineEvent::Lines { lines, partitions }),
        2 => generate(interval).prop_map(TimelineEvent::Generate),
        1 => expect().prop_map(TimelineEvent::Expect),
    ]
}

/// Some lines, none among them, and into how many partitions they are cut.
pub(crate) fn lines() -> impl Strategy<Value = (Vec<String>, usize)> {
    (vec(line(), 0..6), 1..8_usize)
}

/// Few words, so that they meet; blanks at either end and in a row; some text that is hard to quote.
pub(crate) fn line() -> impl Strategy<Value = String> {
    let words = [
        "a", "b", "blue", "green", "Blue", "é", "你好", "", "key-0", "key-1",
    ];
    let words = vec(select(words.to_vec()), 0..7).prop_map(|words| words.join(" "));
    let hard = ["\"", "\\", "\n", "\r", "\r\n", "\t", "'", "#", " ", "a"];
    let hard = vec(select(hard.to_vec()), 0..7).prop_map(|parts| parts.concat());
    prop_oneof![6 => words, 1 => hard]
}

/// A score of lines at most, in two intervals at most.
fn generate(interval: Duration) -> impl Strategy<Value = Generate> {
    let skew = prop_oneof![Just(0.0), 0.1..3.0];
    let duration = 1..=2 * interval.as_millis() as u32;
    (0..20_u32, duration, 1..8_u32, 1..4_u32, skew).prop_map(
        |(lines, millis, keys, words, skew)| Generate {
            rate: (lines * 1_000 / millis).max(1),
            duration: Duration::from_millis(u64::from(millis)),
            keys,
            words,
            skew,
        },
    )
}

fn expect() -> impl Strategy<Value = Expect> {
    let row = select(vec!["('a', 1)", "(a,1)", "|a|1|"]).prop_map(str::to_owned);
    (
        option::of(Just("program".to_owned())),
        option::of(vec(row.clone(), 0..3)),
        vec(row, 1..3),
    )
        .prop_map(|(pipeline, rows, contains)| Expect {
            counters: ExpectedCounters::default(),
            pipeline,
            rows,
            contains,
            line: Line::default(),
        })
}
