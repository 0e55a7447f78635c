//! Any scenario that the language can say.

use std::time::Duration;

use engine::Time;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use scenario::{
    Arithmetic, Clock, Cluster, Console, Emit, Entry, EventTime, Expect, ExpectedCounters,
    Generate, Line, MapFunction, MapWithState, MappedTotals, Order, Output, Pipeline, Predicate,
    Profile, Program, Reducer, Scenario, Source, Step, Structured, TimelineEvent, Timeouts,
    Trigger, Update, Window,
};

/// What flows between steps, once more: the test does not take the parser's word for it.
#[derive(Clone, Copy, PartialEq)]
enum Element {
    Text,
    Integer,
    Pair,
    Group,
}

pub(crate) fn scenario() -> impl Strategy<Value = Scenario> {
    (1..5000_u64).prop_flat_map(|interval| {
        let pipelines = vec((option::of(profile()), program(interval)), 1..4);
        let head = (text(), option::of(text()));
        let clock = (
            -62_000_000_000_000..62_000_000_000_000_i64,
            option::of(duration()),
            zone(),
        );
        (
            head,
            clock,
            console(),
            cluster(),
            vec((duration(), event()), 1..6),
            pipelines,
        )
            .prop_map(
                move |((title, description), clock, console, cluster, events, pipelines)| {
                    let pipelines = named(pipelines);
                    let timeline = timeline(events, &pipelines);
                    let last = timeline.last().map(|entry| entry.at).unwrap_or_default();
                    let (start, after, timezone) = clock;
                    Scenario {
                        title,
                        description,
                        clock: Clock {
                            start: Time::from_millis(start),
                            interval: Duration::from_millis(interval),
                            stop: after.map(|after| last + after),
                            timezone,
                        },
                        console,
                        cluster,
                        timeline,
                        pipelines,
                    }
                },
            )
    })
}

fn timeline(events: Vec<(Duration, TimelineEvent)>, pipelines: &[Pipeline]) -> Vec<Entry> {
    let mut at = Duration::ZERO;
    let entries = events.into_iter().map(|(after, mut event)| {
        at += after;
        if let TimelineEvent::Expect(expect) = &mut event {
            expect_no_counters_of_the_stateless(expect, pipelines);
        }
        Entry { at, event }
    });
    entries.collect()
}

fn expect_no_counters_of_the_stateless(expect: &mut Expect, pipelines: &[Pipeline]) {
    let mut meant = pipelines.iter().filter(|it| expect.means(&it.name));
    if meant.any(|pipeline| !pipeline.program.keeps_state()) {
        expect.counters = ExpectedCounters::default();
    }
}

fn named(programs: Vec<(Option<Profile>, Program)>) -> Vec<Pipeline> {
    let pipelines = programs
        .into_iter()
        .enumerate()
        .map(|(index, (profile, program))| Pipeline {
            name: format!("Pipeline-{index}_{}", "n".repeat(index)),
            profile,
            program,
        });
    pipelines.collect()
}

/// Any characters, of all planes, control characters too.
fn text() -> impl Strategy<Value = String> {
    let any = vec(any::<char>(), 0..12).prop_map(|chars| chars.into_iter().collect());
    let hard = vec(
        select(vec![
            "\"", "\\", "\n", "\r", "\t", "\0", "'", "#", " ", "é", "]", "}",
        ]),
        0..8,
    );
    prop_oneof!["[a-z ]{0,30}", any, hard.prop_map(|parts| parts.concat())]
}

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(0), 0..10_000_u64, 0..10_000_000_000_u64].prop_map(Duration::from_millis)
}

fn zone() -> impl Strategy<Value = String> {
    select(vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Etc/GMT+5",
    ])
    .prop_map(str::to_owned)
}

fn profile() -> impl Strategy<Value = Profile> {
    select(vec![Profile::Pyspark, Profile::Jvm, Profile::Cookbook])
}

fn console() -> impl Strategy<Value = Console> {
    let order = select(vec![Order::Spark, Order::Arrival]);
    (profile(), order, 1..=1_000_000_usize).prop_map(|(profile, order, rows)| Console {
        profile,
        order,
        rows,
    })
}

fn cluster() -> impl Strategy<Value = Cluster> {
    let memory = option::of(1..=u64::MAX);
    let sizes = (1..=1024_usize, 1..=100_000_usize, memory);
    sizes.prop_map(|(cores, shuffle_partitions, memory)| Cluster {
        cores,
        shuffle_partitions,
        memory,
    })
}

fn event() -> impl Strategy<Value = TimelineEvent> {
    let lines = (vec(text(), 0..4), 1..=1024_usize)
        .prop_map(|(lines, partitions)| TimelineEvent::Lines { lines, partitions });
    let sizes = (
        1..=1_000_000_u32,
        1..=10_000_000_u32,
        1..=10_000_u32,
        0.0..=10.0,
    );
    let generate = (sizes, 1..1_000_000_000_u64).prop_map(|((rate, keys, words, skew), millis)| {
        let duration = Duration::from_millis(millis);
        TimelineEvent::Generate(Generate {
            rate,
            duration,
            keys,
            words: words.min(10_000_000 / rate),
            skew,
        })
    });
    let pipeline = option::of(Just("Pipeline-0_".to_owned()));
    let rows = (option::of(vec(text(), 0..3)), vec(text(), 1..3));
    let expect =
        (pipeline, rows, counters()).prop_map(|(pipeline, (rows, contains), counters)| Expect {
            pipeline,
            rows,
            contains,
            counters,
            line: Line::default(),
        });
    prop_oneof![lines, generate, expect.prop_map(TimelineEvent::Expect)]
}

fn counters() -> impl Strategy<Value = ExpectedCounters> {
    let count = || option::of(0..=i64::MAX.unsigned_abs());
    (count(), count(), count(), count()).prop_map(
        |(function_calls, keys_touched, probes, bytes_copied)| ExpectedCounters {
            function_calls,
            keys_touched,
            probes,
            bytes_copied,
        },
    )
}

fn source() -> impl Strategy<Value = Source> {
    select(vec![Source::Memory, Source::Socket])
}

fn update() -> impl Strategy<Value = Update> {
    prop_oneof![
        Just(Update::Sum),
        Just(Update::DropIdle),
        any::<i64>().prop_map(Update::DropAt)
    ]
}

fn program(interval: u64) -> impl Strategy<Value = Program> {
    let stateless = (option::of(window(interval)), source())
        .prop_map(|(window, source)| Program::Stateless { window, source });
    let update_state = (update(), initial(), source()).prop_map(|(update, initial, source)| {
        Program::UpdateState {
            update,
            initial,
            source,
        }
    });
    let map_with_state = (mapped_totals(), source())
        .prop_map(|(totals, source)| Program::MapWithState(MapWithState { totals, source }));
    let steps = (
        vec(any::<(u8, u8, i64)>(), 0..12),
        (text(), mapped_totals()),
        1..=1_000_000_usize,
    )
        .prop_map(move |(choices, values, rows)| steps(&choices, &values, rows, interval));
    prop_oneof![
        stateless,
        update_state,
        map_with_state,
        structured(),
        steps.prop_map(Program::Steps),
        text().prop_map(Program::Rust),
    ]
}

fn initial() -> impl Strategy<Value = Vec<(String, i64)>> {
    vec((text(), any::<i64>()), 0..4)
}

fn mapped_totals() -> impl Strategy<Value = MappedTotals> {
    let emit = select(vec![Emit::Mapped, Emit::Snapshots]);
    let timeout = (1..1_000_000_u64).prop_map(Duration::from_millis);
    let timeouts = select(vec![Timeouts::Spark, Timeouts::Exact]);
    let timeout = option::of((timeout, timeouts));
    (option::of(any::<i64>()), emit, timeout, initial()).prop_map(
        |(drop_at, emit, timeout, initial)| MappedTotals {
            drop_at,
            emit,
            timeout: timeout.map(|(timeout, _)| timeout),
            timeouts: timeout.map(|(_, timeouts)| timeouts).unwrap_or_default(),
            initial,
        },
    )
}

fn structured() -> impl Strategy<Value = Program> {
    let duration = || (1..1_000_000_u64).prop_map(Duration::from_millis);
    let event_time = (duration(), option::of(duration()));
    let event_time = event_time.prop_map(|(window, watermark)| EventTime { window, watermark });
    let outputs = vec![Output::Complete, Output::Update, Output::Append];
    let trigger = prop_oneof![
        select(vec![Trigger::Default, Trigger::Once, Trigger::AvailableNow]),
        (1..1_000_000_u64).prop_map(|it| Trigger::ProcessingTime(Duration::from_millis(it))),
    ];
    (
        option::of(event_time),
        select(outputs),
        trigger,
        1..=1_000_000_usize,
        any::<bool>(),
        source(),
    )
        .prop_map(
            |(event_time, output, trigger, num_rows, truncate, source)| {
                let is_final = event_time.is_some_and(|it| it.watermark.is_some());
                Program::Structured(Structured {
                    event_time,
                    output: if is_final || output != Output::Append {
                        output
                    } else {
                        Output::Update
                    },
                    trigger,
                    num_rows,
                    truncate,
                    source,
                })
            },
        )
}

fn window(interval: u64) -> impl Strategy<Value = Window> {
    (1..20_u64, 1..20_u64, any::<bool>()).prop_map(move |(length, slide, inverse)| Window {
        length: Duration::from_millis(length * interval),
        slide: Duration::from_millis(slide * interval),
        inverse,
    })
}

/// Steps that fit each other: each choice picks one that takes what comes out of the one before.
fn steps(
    choices: &[(u8, u8, i64)],
    values: &(String, MappedTotals),
    rows: usize,
    interval: u64,
) -> Vec<Step> {
    let (mut element, mut grid) = (Element::Text, interval);
    let mut steps = Vec::new();
    for (choice, factor, number) in choices {
        let factor = u64::from(*factor % 4) + 1;
        let window = Window {
            length: Duration::from_millis(grid * factor * 2),
            slide: Duration::from_millis(grid * factor),
            inverse: number % 2 == 0,
        };
        let mut fitting = fitting(element, values, *number, window);
        let (step, next) = fitting.swap_remove(usize::from(*choice) % fitting.len());
        if let Step::Window { slide, .. } | Step::ReduceByKeyAndWindow(_, Window { slide, .. }) =
            step
        {
            grid = slide.as_millis() as u64;
        }
        steps.push(step);
        element = next;
    }
    steps.push(Step::Print(rows));
    steps
}

fn fitting(
    element: Element,
    (text, totals): &(String, MappedTotals),
    n: i64,
    window: Window,
) -> Vec<(Step, Element)> {
    let text = text.clone();
    let (length, slide) = (window.length, window.slide);
    let mut fitting = vec![
        (Step::Window { length, slide }, element),
        (Step::Count, Element::Integer),
        (Step::Print(10), element),
    ];
    let other = match element {
        Element::Text => vec![
            (Step::FlatMapSplit, Element::Text),
            (Step::Map(MapFunction::Pair), Element::Pair),
            (Step::Map(MapFunction::Length), Element::Integer),
            (Step::Map(MapFunction::Upper), Element::Text),
            (Step::Map(MapFunction::Lower), Element::Text),
            (Step::Filter(Predicate::NotEmpty), Element::Text),
            (Step::Filter(Predicate::Equals(text)), Element::Text),
            (Step::CountByValue, Element::Pair),
        ],
        Element::Integer => vec![
            (Step::Reduce(Reducer::Max), Element::Integer),
            (Step::Filter(Predicate::AtLeast(n)), Element::Integer),
        ],
        Element::Pair => vec![
            (Step::Map(MapFunction::Key), Element::Text),
            (Step::Map(MapFunction::Value), Element::Integer),
            (
                Step::Filter(Predicate::Contains(text.clone())),
                Element::Pair,
            ),
            (Step::Filter(Predicate::StartsWith(text)), Element::Pair),
            (Step::MapValues(Arithmetic::Add(n)), Element::Pair),
            (Step::MapValues(Arithmetic::Multiply(n)), Element::Pair),
            (Step::ReduceByKey(Reducer::Min), Element::Pair),
            (
                Step::ReduceByKeyAndWindow(Reducer::Sum, window),
                Element::Pair,
            ),
            (Step::UpdateStateByKey(Update::DropAt(n)), Element::Pair),
            (Step::UpdateStateByKey(Update::DropIdle), Element::Pair),
            (Step::MapWithState(totals.clone()), Element::Pair),
            (Step::GroupByKey, Element::Group),
        ],
        Element::Group => Vec::new(),
    };
    fitting.extend(other);
    fitting
}
