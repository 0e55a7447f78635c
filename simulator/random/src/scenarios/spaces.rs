//! The spaces that scenarios are drawn from: one for each use.

use std::borrow::Cow;
use std::sync::Arc;

use scenario::{Emit, KeyOrder, Profile, Source, SparkVersion};

use super::space::ProgramKind::{
    EventTime, MapWithState, Stateless, Steps, Structured, UpdateState, Windowed,
};
use super::space::{EventKind, Numbers, Space};
use super::words::Vocabulary;

/// More rows than any batch of these scenarios has.
pub const ALL_ROWS: i64 = 100_000;

/// From 1992 on, when the last of the [`FIXED_ZONES`] had ceased to change its offset, to 2096.
const YEARS: Numbers = Numbers(&[(700_000_000_000, 4_000_000_000_000)]);

const FIXED_ZONES: &[&str] = &["UTC", "Asia/Shanghai", "Asia/Kolkata", "America/Phoenix"];

const ALL_SPARKS: &[SparkVersion] = &[SparkVersion::V3_5, SparkVersion::V4];

const REAL_PROFILES: &[Profile] = &[Profile::Pyspark, Profile::Jvm];

const ALL_PROFILES: &[Profile] = &[Profile::Pyspark, Profile::Jvm, Profile::Cookbook];

const ALL_ORDERS: &[KeyOrder] = &[KeyOrder::Spark, KeyOrder::Arrival];

const SOURCES: &[Source] = &[
    Source::Memory,
    Source::Memory,
    Source::Memory,
    Source::Socket,
];

/// One that pipelines in words read, and one that none reads.
const SOME_STREAMS: &[Option<&str>] = &[None, None, None, Some("lines"), Some("localhost:9998")];

impl Space {
    /// Scenarios made to find differences between a real Spark and ours: words of all planes of Unicode,
    /// empty words, words with the same hash, few keys and thousands, that vanish and return; events that are
    /// late, or have no time; up to 16 partitions and 60 batches; every kind of pipeline with every option
    /// that can be replayed.
    pub const SWEEP: Space = Space {
        intervals: Numbers(&[
            (1_000, 1_000),
            (1_000, 1_000),
            (500, 500),
            (250, 250),
            (2_000, 2_000),
            (1_001, 1_001),
        ]),
        // The book's day.
        starts: Numbers(&[(1_529_582_400_000, 1_529_682_400_000)]),
        zones: &["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"],
        stops: Numbers(&[(12, 24)]),
        stop_one_in: 1,
        sparks: &[SparkVersion::V3_5],
        profiles: REAL_PROFILES,
        is_spark: true,
        orders: &[KeyOrder::Spark],
        rows: Numbers(&[(10, 10), (10, 10), (1, 1), (3, 3), (5_000, 5_000)]),
        // Mostly few, for the sake of time: each is a task more in every stage.
        cores: Numbers(&[(1, 4), (1, 4), (1, 4), (1, 4), (5, 16)]),
        // Rarely Spark's default, which takes seconds for each batch.
        shuffle_partitions: Numbers(&[(1, 4), (1, 4), (1, 4), (7, 7), (16, 16), (200, 200)]),
        has_settings: false,
        pipelines: Numbers(&[(1, 1)]),
        programs: &[
            Stateless,
            Windowed,
            Windowed,
            UpdateState,
            MapWithState,
            MapWithState,
            Structured,
            EventTime,
            EventTime,
            Steps,
            Steps,
        ],
        sources: SOURCES,
        has_exact_timeouts: false,
        spans: Numbers(&[(12, 12), (1, 36), (12, 180)]),
        integers: Numbers(&[(-3, 3), (0, 4), (2, 12)]),
        initial: Numbers(&[(0, 0), (1, 150)]),
        window_lengths: Numbers(&[(1, 10)]),
        window_slides: Numbers(&[(1, 2), (1, 5)]),
        steps: Numbers(&[(1, 6)]),
        event_windows: Numbers(&[
            (1_000, 1_000),
            (1_500, 1_500),
            (2_000, 10_000),
            (60_000, 60_000),
            (86_400_000, 86_400_000),
        ]),
        entries: Numbers(&[(1, 14)]),
        // Idle keys are looked for in every tenth batch, and state is compacted in every twentieth.
        state_entries: Numbers(&[(1, 60)]),
        gaps: Numbers(&[(0, 4), (12, 12), (12, 12), (12, 12), (12, 48)]),
        events: &[EventKind::Lines],
        streams: SOME_STREAMS,
        lines: Numbers(&[(1, 6)]),
        line_words: Numbers(&[(0, 12), (0, 12), (0, 12), (0, 200)]),
        partitions: Numbers(&[(1, 1), (1, 1), (1, 16)]),
        vocabularies: Cow::Borrowed(&[
            Vocabulary::Letters,
            Vocabulary::Letters,
            Vocabulary::Keys(2_000),
            Vocabulary::SameHash,
            Vocabulary::Unicode(400),
            Vocabulary::Mixed,
        ]),
        ..Space::LANGUAGE
    };

    /// [`SWEEP`](Space::SWEEP) for one version of Spark.
    pub fn sweep(spark: SparkVersion) -> Space {
        let sparks: &[SparkVersion] = match spark {
            SparkVersion::V3_5 => &[SparkVersion::V3_5],
            SparkVersion::V4 => &[SparkVersion::V4],
        };
        Space {
            sparks,
            ..Space::SWEEP
        }
    }

    /// Every scenario that the language can say, to be written and read and never to be played.
    pub const LANGUAGE: Space = Space {
        intervals: Numbers(&[(1, 5_000)]),
        starts: Numbers(&[(-62_000_000_000_000, 62_000_000_000_000)]),
        zones: &["UTC", "Europe/Berlin", "America/New_York", "Etc/GMT+5"],
        stops: Numbers(&[(0, 0), (0, 100_000)]),
        stop_one_in: 2,
        sparks: ALL_SPARKS,
        profiles: ALL_PROFILES,
        is_spark: false,
        orders: ALL_ORDERS,
        rows: Numbers(&[(10, 10), (1, 1_000_000)]),
        cores: Numbers(&[(1, 1024)]),
        shuffle_partitions: Numbers(&[(1, 100_000)]),
        has_settings: true,
        pipelines: Numbers(&[(1, 3)]),
        programs: &[
            Stateless,
            Windowed,
            UpdateState,
            MapWithState,
            Structured,
            EventTime,
            Steps,
            Steps,
        ],
        sources: &[Source::Memory, Source::Socket],
        emits: &[Emit::Mapped, Emit::Snapshots],
        has_exact_timeouts: true,
        spans: Numbers(&[(1, 100), (1, 1_000_000)]),
        integers: Numbers(&[(-2, 2), (i64::MIN, i64::MAX)]),
        initial: Numbers(&[(0, 3)]),
        window_lengths: Numbers(&[(1, 20)]),
        window_slides: Numbers(&[(1, 4)]),
        steps: Numbers(&[(0, 11)]),
        event_windows: Numbers(&[(1, 1_000_000)]),
        entries: Numbers(&[(1, 5)]),
        state_entries: Numbers(&[(1, 5)]),
        gaps: Numbers(&[(0, 0), (0, 1_000), (0, 10_000_000)]),
        events: &[EventKind::Lines, EventKind::Generate, EventKind::Expect],
        streams: SOME_STREAMS,
        lines: Numbers(&[(0, 3)]),
        line_words: Numbers(&[(0, 3)]),
        partitions: Numbers(&[(1, 1), (1, 1024)]),
        vocabularies: Cow::Borrowed(&[Vocabulary::AnyText, Vocabulary::Punctuation]),
        generated: Numbers(&[(1, 1_000), (1, 1_000_000_000)]),
        generated_keys: Numbers(&[(10, 10), (1, 10_000_000)]),
        generated_words: Numbers(&[(1, 1), (1, 10_000)]),
    };

    /// Small scenarios with any program but windows of event time: a few batches, a few words, so that they
    /// meet.
    pub const SMALL: Space = Space {
        intervals: Numbers(&[(1_000, 1_000), (200, 200), (60_000, 60_000), (1, 3_000)]),
        starts: Numbers(&[(-100_000, 100_000), (-2_000_000_000_000, 4_000_000_000_000)]),
        zones: &["UTC"],
        stops: Numbers(&[(0, 0), (12, 12), (0, 48)]),
        profiles: ALL_PROFILES,
        orders: ALL_ORDERS,
        rows: Numbers(&[(1, 3), (ALL_ROWS, ALL_ROWS)]),
        cores: Numbers(&[(1, 4)]),
        shuffle_partitions: Numbers(&[(1, 8)]),
        has_settings: false,
        pipelines: Numbers(&[(1, 1)]),
        programs: &[
            Stateless,
            Windowed,
            UpdateState,
            MapWithState,
            Structured,
            Steps,
            Steps,
        ],
        spans: Numbers(&[(1, 36), (12, 60)]),
        integers: Numbers(&[(0, 5)]),
        initial: Numbers(&[(0, 2)]),
        window_lengths: Numbers(&[(1, 6)]),
        window_slides: Numbers(&[(1, 3)]),
        steps: Numbers(&[(0, 5)]),
        entries: Numbers(&[(1, 6)]),
        state_entries: Numbers(&[(1, 6)]),
        gaps: Numbers(&[(0, 0), (12, 12), (24, 36), (0, 24)]),
        events: &[
            EventKind::Lines,
            EventKind::Lines,
            EventKind::Lines,
            EventKind::Generate,
            EventKind::Expect,
        ],
        streams: &[None],
        lines: Numbers(&[(0, 5)]),
        line_words: Numbers(&[(0, 6)]),
        partitions: Numbers(&[(1, 7)]),
        vocabularies: Cow::Borrowed(&[Vocabulary::Few, Vocabulary::Few, Vocabulary::Punctuation]),
        generated: Numbers(&[(1, 20)]),
        generated_keys: Numbers(&[(1, 7)]),
        generated_words: Numbers(&[(1, 3)]),
        ..Space::LANGUAGE
    };

    /// Scenarios of which a plain model of Spark says what is printed: words that a rule is about, those of
    /// one of the `recorded` lists among them; long timelines; zones whose offset does not change.
    pub fn modelled(recorded: Arc<[Vec<String>]>) -> Space {
        Space {
            intervals: Numbers(&[
                (4, 4),
                (250, 250),
                (1_000, 1_000),
                (1_500, 1_500),
                (60_000, 60_000),
            ]),
            starts: YEARS,
            zones: FIXED_ZONES,
            sparks: ALL_SPARKS,
            stops: Numbers(&[(0, 60)]),
            stop_one_in: 5,
            rows: Numbers(&[(5_000, 5_000), (0, 11), (0, 2), (20, 20)]),
            cores: Numbers(&[(1, 16)]),
            shuffle_partitions: Numbers(&[(1, 1), (1, 3), (7, 7), (200, 200)]),
            programs: &[
                Stateless,
                Windowed,
                Windowed,
                Windowed,
                UpdateState,
                UpdateState,
                UpdateState,
                MapWithState,
                MapWithState,
                MapWithState,
                Structured,
                Structured,
                Structured,
            ],
            sources: &[Source::Memory, Source::Socket],
            has_exact_timeouts: true,
            spans: Numbers(&[(3, 180)]),
            integers: Numbers(&[(0, 7)]),
            initial: Numbers(&[(0, 0), (0, 7), (0, 79)]),
            window_lengths: Numbers(&[(1, 12)]),
            window_slides: Numbers(&[(1, 6)]),
            entries: Numbers(&[(0, 39)]),
            state_entries: Numbers(&[(0, 39)]),
            gaps: Numbers(&[(0, 0), (0, 24), (0, 24), (12, 12), (24, 90)]),
            streams: &[None],
            lines: Numbers(&[(0, 3)]),
            line_words: Numbers(&[(0, 7), (0, 7), (0, 7), (0, 79)]),
            partitions: Numbers(&[(1, 4)]),
            vocabularies: Cow::Owned(vec![
                Vocabulary::Odd,
                Vocabulary::Odd,
                Vocabulary::OddAndKeys(400),
                Vocabulary::Recorded(Arc::clone(&recorded)),
                Vocabulary::Recorded(recorded),
                Vocabulary::SameBin(400),
                Vocabulary::SameBin(0),
            ]),
            ..Space::SWEEP
        }
    }
}
