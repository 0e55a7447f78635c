//! The scenarios among which one is drawn.

use std::borrow::Cow;

use scenario::{Emit, KeyOrder, Profile, Source, SparkVersion};

use super::words::Vocabulary;
use crate::Dice;

/// The scenarios among which one is drawn: what they may hold, and how often.
///
/// A list has one of its items drawn; an item that stands twice comes twice as often.
#[derive(Clone, Debug)]
pub struct Space {
    /// Milliseconds of a batch interval.
    pub intervals: Numbers,
    /// Milliseconds since the epoch at which the clock starts; half of the starts are moved to a quarter of
    /// an interval, so that some are at the time of a batch.
    pub starts: Numbers,
    /// Time zones.
    pub zones: &'static [&'static str],
    /// Twelfths of the interval from the last entry to the stop.
    pub stops: Numbers,
    /// One scenario in this number has a stop.
    pub stop_one_in: u64,
    /// Versions of Spark; if there are several, scenarios with the book's profile have the one that it is of.
    pub sparks: &'static [SparkVersion],
    /// Profiles of the console and of pipelines.
    pub profiles: &'static [Profile],
    /// True if `mapWithState` has the profile of the JVM alone, as in Spark.
    pub is_spark: bool,
    /// Orders of keys.
    pub orders: &'static [KeyOrder],
    /// Rows of a print, and of a query's table.
    pub rows: Numbers,
    /// Cores of the cluster.
    pub cores: Numbers,
    /// Shuffle partitions of the cluster.
    pub shuffle_partitions: Numbers,
    /// True if a cluster may have a limit of memory, and a scenario a title and a description of any text.
    pub has_settings: bool,
    /// Pipelines of a scenario.
    pub pipelines: Numbers,
    /// Kinds of programs.
    pub programs: &'static [ProgramKind],
    /// Sources of programs by mode.
    pub sources: &'static [Source],
    /// Streams that `mapWithState` gives.
    pub emits: &'static [Emit],
    /// True if time-outs may be exact.
    pub has_exact_timeouts: bool,
    /// Twelfths of the interval of a time-out, of a trigger, and of the end of what is generated.
    pub spans: Numbers,
    /// Operands: totals to drop at, numbers to add, to compare with, to start from.
    pub integers: Numbers,
    /// Words with initial state.
    pub initial: Numbers,
    /// Slides of the stream that a window is long.
    pub window_lengths: Numbers,
    /// Slides of the stream from window to window.
    pub window_slides: Numbers,
    /// Steps before the last print.
    pub steps: Numbers,
    /// Milliseconds of a window of event time.
    pub event_windows: Numbers,
    /// Entries of a timeline.
    pub entries: Numbers,
    /// Entries of the timeline of `mapWithState`.
    pub state_entries: Numbers,
    /// Twelfths of the interval from entry to entry.
    pub gaps: Numbers,
    /// Kinds of entries.
    pub events: &'static [EventKind],
    /// Streams that take the lines of an entry; `None` is every stream.
    pub streams: &'static [Option<&'static str>],
    /// Lines of an entry.
    pub lines: Numbers,
    /// Words of a line.
    pub line_words: Numbers,
    /// Partitions of an entry's lines.
    pub partitions: Numbers,
    /// Words of a scenario.
    pub vocabularies: Cow<'static, [Vocabulary]>,
    /// Lines that an entry generates.
    pub generated: Numbers,
    /// Distinct words of generated lines.
    pub generated_keys: Numbers,
    /// Words of a generated line.
    pub generated_words: Numbers,
}

/// A kind of program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramKind {
    /// A word count of each batch.
    Stateless,
    /// A word count of windows.
    Windowed,
    /// Running totals by `updateStateByKey`.
    UpdateState,
    /// Running totals by `mapWithState`.
    MapWithState,
    /// A query.
    Structured,
    /// A query over windows of event time.
    EventTime,
    /// Operators by name.
    Steps,
}

/// A kind of entry on a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Lines as they are written.
    Lines,
    /// Generated lines.
    Generate,
    /// An expectation.
    Expect,
}

/// Whole numbers: one of these ranges, both ends included, then a number of it.
#[derive(Clone, Copy, Debug)]
pub struct Numbers(pub &'static [(i64, i64)]);

impl Numbers {
    /// One of the numbers.
    pub fn draw(self, dice: &mut Dice) -> i64 {
        let (least, most) = *dice.pick(self.0);
        let span = most.wrapping_sub(least).cast_unsigned();
        let offset = match span.checked_add(1) {
            Some(count) => dice.below(count),
            // All numbers there are, two halves at a time: their count does not fit.
            None => dice.below(1 << 32) << 32 | dice.below(1 << 32),
        };
        least.wrapping_add(offset.cast_signed())
    }

    /// One of the numbers, none of which is negative.
    pub(super) fn draw_size<T: TryFrom<i64>>(self, dice: &mut Dice) -> T {
        let size = T::try_from(self.draw(dice)).ok();
        size.expect("a space has sizes that are not negative and fit their type")
    }
}
