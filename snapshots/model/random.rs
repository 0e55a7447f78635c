//! Any scenario: words of all planes and of one hash code, many keys, many batches, every program.

use std::time::Duration;

use engine::Time;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use scenario::{
    Clock, Cluster, Console, Emit, Entry, MapWithState, MappedTotals, Order, Output, Pipeline,
    Profile, Program, Scenario, Source, Structured, TimelineEvent, Timeouts, Trigger, Update,
    Window,
};

use crate::recordings::Recording;

/// A scenario with one program, some of its words from one of the recordings.
pub(crate) fn scenario(recordings: &'static [Recording]) -> impl Strategy<Value = Scenario> {
    let interval = select(vec![4_u64, 250, 1_000, 1_500, 60_000]);
    let any = (words(recordings), interval.prop_map(Duration::from_millis));
    any.prop_flat_map(|(words, interval)| {
        let program = program(&words, interval);
        let cluster = (1..=16_usize, select(vec![1_usize, 1, 1, 2, 3, 7, 200]));
        (
            program,
            clock(interval),
            timeline(&words, interval),
            cluster,
            rows(),
        )
    })
    .prop_map(
        |((profile, program), clock, timeline, cluster, rows)| Scenario {
            title: String::new(),
            description: None,
            clock: Clock {
                stop: clock.stop.map(|after| end(&timeline) + after),
                ..clock
            },
            console: Console {
                profile,
                rows,
                order: Order::Spark,
            },
            cluster: Cluster {
                cores: cluster.0,
                shuffle_partitions: cluster.1,
                memory: None,
            },
            timeline,
            pipelines: vec![Pipeline {
                name: "program".to_owned(),
                profile: None,
                program,
            }],
        },
    )
}

/// Words that a rule is about: none, of one hash code, of each width, with quotes, with line ends, …
const KNOWN: &str = "|blue|green|Aa|BB|AaAa|AaBB|BBAa|BBBB|é|ÿ|你好|漢字|😀|👍🏽|e\u{301}|\u{200d}|\u{a0}|it's|\
    \"|'\"|\\|a\tb|\u{7}|\u{8}|\u{b}|\u{c}|\u{7f}|a\rb|a\nb|\r\n|ｱ|Ａ|한|\u{10348}|\u{e000}|\u{feff}|\
    \u{2028}|\u{e0001}|\u{10ffff}";

/// Words of one bin of a query's state, whatever its size; then words that find no bucket of the fast map.
const COLLIDING: &str = "ccl hdrpcit hqxhvjxu rypx ettf fbbod rymjal ezh bpf dradlkm wtd mnsweg \
    qlif bodj didefug exbb hmnbmpf lrqgy oyoo p x";

/// The words of a scenario: a few, hundreds, those of a recording, or words that were sought to collide.
fn words(recordings: &'static [Recording]) -> impl Strategy<Value = Vec<String>> {
    let recorded = any::<Index>().prop_map(|index| words_of(&index.get(recordings).scenario));
    let keys = |least: usize| {
        let keys = least..400_usize;
        keys.prop_map(|keys| (0..keys).map(|key| format!("w{key}")).collect::<Vec<_>>())
    };
    let colliding = || COLLIDING.split(' ').map(str::to_owned).collect::<Vec<_>>();
    prop_oneof![
        4 => vec(word(), 1..20),
        2 => (vec(word(), 1..20), keys(20)).prop_map(|(words, keys)| [words, keys].concat()),
        4 => recorded,
        1 => keys(0).prop_map(move |keys| [colliding(), keys].concat()),
        1 => Just(colliding()),
    ]
}

fn words_of(scenario: &Scenario) -> Vec<String> {
    let lines = scenario
        .timeline
        .iter()
        .flat_map(|entry| match &entry.event {
            TimelineEvent::Lines { lines, .. } => &**lines,
            _ => &[],
        });
    let words = lines.flat_map(|line| line.split(' ')).map(str::to_owned);
    [String::new()].into_iter().chain(words).collect()
}

fn word() -> impl Strategy<Value = String> {
    let known: Vec<&str> = KNOWN.split('|').collect();
    prop_oneof![
        select(known).prop_map(str::to_owned),
        "[a-c]{1,3}",
        "[A-Ca-c]{2}(Aa|BB){1,3}",
        "[a-c'\"\\\\\t\u{7}é\u{ad}漢😀]{0,30}",
        "[a-z漢]{14,22}[😀漢]{0,3}",
        "[a-z]{15,17}😀{2,4}",
    ]
}

fn clock(interval: Duration) -> impl Strategy<Value = Clock> {
    // From 1992 on, when the last of these zones had ceased to change its offset.
    let zones = vec!["UTC", "Asia/Shanghai", "Asia/Kolkata", "America/Phoenix"];
    let stop = option::weighted(0.2, 0..20_u32);
    (
        700_000_000_000_i64..4_000_000_000_000,
        0..=4_u32,
        stop,
        select(zones),
    )
        .prop_map(move |(start, quarters, stop, zone)| {
            let millis = interval.as_millis() as i64;
            let boundary = start / millis * millis;
            let offset = (interval * quarters / 4).as_millis() as i64;
            Clock {
                start: Time::from_millis(boundary + offset),
                interval,
                stop: stop.map(|quarters| interval * quarters / 4),
                timezone: zone.to_owned(),
            }
        })
}

fn rows() -> impl Strategy<Value = usize> {
    prop_oneof![Just(5_000_usize), 0..12_usize]
}

/// Lines on the quarters of the interval, so that some come at the very time of a batch.
fn timeline(words: &[String], interval: Duration) -> impl Strategy<Value = Vec<Entry>> + use<> {
    let words = words.to_vec();
    let line = prop_oneof![4 => vec(any::<Index>(), 0..8), 1 => vec(any::<Index>(), 0..80)];
    let gap = prop_oneof![6 => 0..8_u32, 1 => 8..30_u32];
    let entry = (gap, vec(line, 0..4), 1..5_usize);
    vec(entry, 0..40).prop_map(move |entries| {
        let mut quarters = 0;
        let entries = entries.into_iter().map(|(gap, lines, partitions)| {
            quarters += gap;
            let word = |index: &Index| index.get(&words).clone();
            let line = |line: Vec<Index>| line.iter().map(word).collect::<Vec<_>>().join(" ");
            let lines = lines.into_iter().map(line).collect();
            Entry {
                at: Duration::from_millis((interval * quarters / 4).as_millis() as u64),
                event: TimelineEvent::Lines { lines, partitions },
            }
        });
        entries.collect()
    })
}

fn end(timeline: &[Entry]) -> Duration {
    timeline.last().map_or(Duration::ZERO, |last| last.at)
}

fn program(
    words: &[String],
    interval: Duration,
) -> impl Strategy<Value = (Profile, Program)> + use<> {
    prop_oneof![
        (profile(), stateless(interval)),
        (profile(), update_state(words)),
        (Just(Profile::Jvm), map_with_state(words, interval)),
        (profile(), structured(interval)),
    ]
}

fn profile() -> impl Strategy<Value = Profile> {
    select(vec![Profile::Pyspark, Profile::Jvm])
}

fn source() -> impl Strategy<Value = Source> {
    select(vec![Source::Memory, Source::Socket])
}

fn initial(words: &[String]) -> impl Strategy<Value = Vec<(String, i64)>> + use<> {
    let pair = (select(words.to_vec()), 0..5_i64);
    prop_oneof![Just(Vec::new()), vec(pair.clone(), 0..8), vec(pair, 0..80)]
}

fn stateless(interval: Duration) -> impl Strategy<Value = Program> {
    let window = (1..=12_u32, 1..=6_u32, any::<bool>());
    (option::weighted(0.8, window), source()).prop_map(move |(window, source)| Program::Stateless {
        window: window.map(|(length, slide, inverse)| Window {
            length: interval * length,
            slide: interval * slide,
            inverse,
        }),
        source,
    })
}

fn update_state(words: &[String]) -> impl Strategy<Value = Program> + use<> {
    let update = prop_oneof![
        Just(Update::Sum),
        Just(Update::DropIdle),
        (0..8_i64).prop_map(Update::DropAt),
    ];
    (update, initial(words), source()).prop_map(|(update, initial, source)| Program::UpdateState {
        update,
        initial,
        source,
    })
}

fn map_with_state(words: &[String], interval: Duration) -> impl Strategy<Value = Program> + use<> {
    let emit = select(vec![Emit::Mapped, Emit::Snapshots]);
    let timeouts = select(vec![Timeouts::Spark, Timeouts::Exact]);
    let quarters = option::of((1..60_u32, timeouts));
    (
        option::of(0..8_i64),
        emit,
        quarters,
        initial(words),
        source(),
    )
        .prop_map(move |(drop_at, emit, quarters, initial, source)| {
            let timeout = quarters.map(|(quarters, _)| {
                Duration::from_millis((interval * quarters / 4).as_millis() as u64)
            });
            let timeouts = quarters.map(|(_, timeouts)| timeouts).unwrap_or_default();
            let totals = MappedTotals {
                drop_at,
                emit,
                timeout,
                timeouts,
                initial,
            };
            Program::MapWithState(MapWithState { totals, source })
        })
}

fn structured(interval: Duration) -> impl Strategy<Value = Program> {
    let every = (1..8_u32).prop_map(move |quarters| {
        let millis = (interval * quarters / 4).as_millis() as u64;
        Trigger::ProcessingTime(Duration::from_millis(millis))
    });
    let trigger = prop_oneof![
        6 => Just(Trigger::Default),
        2 => every,
        1 => Just(Trigger::Once),
        1 => Just(Trigger::AvailableNow),
    ];
    let output = select(vec![Output::Complete, Output::Update]);
    let num_rows = select(vec![0_usize, 1, 2, 20, 1_000]);
    (output, trigger, num_rows, any::<bool>(), source()).prop_map(
        |(output, trigger, num_rows, truncate, source)| {
            Program::Structured(Structured {
                event_time: None,
                output,
                trigger,
                num_rows,
                truncate,
                source,
            })
        },
    )
}
