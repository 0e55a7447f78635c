//! The port to a clock of the caller.

use std::time::Duration;

/// A clock of the caller's, to which the progress of a measurement is reported too.
///
/// ```
/// use std::time::Duration;
/// /// A timer that advances by a millisecond each time it is read.
/// struct Ticks(Duration);
/// impl measure::Timer for Ticks {
///     fn now(&mut self) -> Duration {
///         self.0 += Duration::from_millis(1);
///         self.0
///     }
/// }
/// ```
pub trait Timer {
    /// The time since a fixed moment. It never decreases.
    fn now(&mut self) -> Duration;

    /// Reports the fraction of the work that is done, from 0 to 1. By default nothing happens.
    fn report_progress(&mut self, _done: f64) {}
}

/// The timer of one of several parts of the work, whose progress is a part of the whole.
pub(crate) struct PartTimer<'a> {
    pub(crate) timer: &'a mut dyn Timer,
    /// The number of this part, from 0.
    pub(crate) part: usize,
    /// The number of parts.
    pub(crate) parts: usize,
}

impl Timer for PartTimer<'_> {
    fn now(&mut self) -> Duration {
        self.timer.now()
    }

    fn report_progress(&mut self, done: f64) {
        let done = (self.part as f64 + done) / self.parts as f64;
        self.timer.report_progress(done);
    }
}
