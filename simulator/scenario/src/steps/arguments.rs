//! The arguments of steps that are made of several parts.

use std::time::Duration;

use crate::language::keywords;

/// A window over batches; both durations are multiples of the batch interval, or of the slide of the
/// window it is put on (`WIN-1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The time that a window reaches back.
    pub length: Duration,
    /// The time from window to window. Default: the batch interval, or the slide of the window it is put on.
    pub slide: Duration,
    /// Subtract the batches that leave instead of counting the window anew. Default: false.
    pub inverse: bool,
}

/// A window whose elements do not change: a [`Window`] without a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlidingWindow {
    /// The time that a window reaches back.
    pub length: Duration,
    /// The time from window to window.
    pub slide: Duration,
}

impl From<Window> for SlidingWindow {
    fn from(window: Window) -> SlidingWindow {
        SlidingWindow {
            length: window.length,
            slide: window.slide,
        }
    }
}

/// The argument of `mapWithState`, over counts: what becomes of a word and its number, and when a word
/// is removed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MappedTotals {
    /// The total at which a word is removed. Default: none.
    pub drop_at: Option<i64>,
    /// The stream that is given. Default: what the function returns.
    pub emit: Emit,
    /// The time that a word may be idle (`MWS-4`). Default: for ever.
    pub timeout: Option<Duration>,
    /// The batch in which an idle word times out. Default: as in Spark.
    pub timeouts: Timeouts,
    /// Initial state, in the order written.
    pub initial: Vec<(String, i64)>,
}

impl MappedTotals {
    /// True if idle words time out in another batch than Spark's.
    pub fn has_exact_timeouts(&self) -> bool {
        self.timeout.is_some() && self.timeouts == Timeouts::Exact
    }
}

keywords! {
    /// The batch in which a word that has been idle for too long times out.
    #[derive(Default)]
    pub enum Timeouts, pub(crate) TIMEOUT_BATCHES;

    /// The next batch whose number is a multiple of ten (`MWS-4`).
    #[default]
    Spark = "spark", "In the next batch that is a multiple of ten, as Spark looks for idle words.";
    /// The first batch in which it has been idle for too long, which Spark has nothing for.
    Exact = "exact", "In the first batch in which it has been idle for longer than `timeout`, which Spark has nothing for.";
}

keywords! {
    /// The stream of `mapWithState` that is printed.
    #[derive(Default)]
    pub enum Emit, pub(crate) EMITS;

    /// The results of the function, record by record.
    #[default]
    Mapped = "mapped", "What the function returns: a word with its total, each time it comes.";
    /// All words with their totals, `stateSnapshots()`.
    Snapshots = "snapshots", "All words with their totals, `stateSnapshots()`.";
}
