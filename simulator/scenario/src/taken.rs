//! The time at which a program takes what a timeline brings, and the number of its batches.

use std::time::Duration;

use engine::{Grid, Time, Trigger};

use crate::{Clock, Entry, Generate, Program, Scenario, SourceFault, TimelineEvent};

impl Scenario {
    /// The offset from the start of the clock at which every pipeline has taken every line; zero if no line
    /// comes. A stream takes a line in the batch that ends at its time or next after it, a query by its trigger.
    ///
    /// ```
    /// use std::time::Duration;
    /// let text = "timeline = [{ at = '1.2s', lines = ['blue'] }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'";
    /// let scenario = scenario::parse("blue.toml", text)?;
    /// assert_eq!(scenario.taken(), Duration::from_secs(2));
    /// # Ok::<(), scenario::Mistakes>(())
    /// ```
    pub fn taken(&self) -> Duration {
        let last = self.timeline.iter().filter_map(Entry::last_line).max();
        let Some(last) = last else {
            return Duration::ZERO;
        };
        let clock = &self.clock;
        let taken = self
            .pipelines
            .iter()
            .map(|pipeline| pipeline.program.takes(last, clock.start, clock.interval));
        taken.max().unwrap_or(last)
    }
}

impl Scenario {
    /// The most batches that one of the pipelines has up to this offset from the start of the clock.
    pub fn batches(&self, length: Duration) -> u64 {
        let Clock {
            start, interval, ..
        } = self.clock;
        let pipelines = self.pipelines.iter();
        let batches = pipelines.map(|pipeline| {
            let program = &pipeline.program;
            program.batches(&self.timeline, start, interval, length)
        });
        batches.max().unwrap_or_default()
    }
}

impl Entry {
    /// The number of its lines that come at instants of their own.
    fn instants(&self) -> u64 {
        match &self.event {
            TimelineEvent::Lines { .. } => 1,
            TimelineEvent::Generate(it) => it.lines().min(it.duration.as_millis() as u64),
            TimelineEvent::Fault(_)
            | TimelineEvent::SourceFault(_)
            | TimelineEvent::ChangedRestart(_)
            | TimelineEvent::Expect(_) => 0,
        }
    }

    /// The offset at which it ends: that of generated lines is behind the last one, that of a fault of a source is where
    /// its lines have come.
    pub fn end(&self) -> Duration {
        match &self.event {
            TimelineEvent::Generate(generate) => self.at.saturating_add(generate.duration),
            TimelineEvent::SourceFault(fault) => self.at.saturating_add(fault.length()),
            TimelineEvent::Lines { .. }
            | TimelineEvent::Fault(_)
            | TimelineEvent::ChangedRestart(_)
            | TimelineEvent::Expect(_) => self.at,
        }
    }

    /// The offset of its last line, if it has any, or brings any.
    pub fn last_line(&self) -> Option<Duration> {
        match &self.event {
            TimelineEvent::Lines { lines, .. } => (!lines.is_empty()).then_some(self.at),
            TimelineEvent::Generate(generate) => {
                let last = generate.lines().checked_sub(1)?;
                Some(self.at.saturating_add(generate.offset(last)))
            }
            TimelineEvent::SourceFault(SourceFault::Resume | SourceFault::Release) => Some(self.at),
            TimelineEvent::Fault(_)
            | TimelineEvent::SourceFault(_)
            | TimelineEvent::ChangedRestart(_)
            | TimelineEvent::Expect(_) => None,
        }
    }
}

impl Generate {
    /// The number of lines in all: those of each whole second, and of what is left of one.
    pub fn lines(&self) -> u64 {
        let millis = self.duration.as_millis() as u64;
        millis.saturating_mul(u64::from(self.rate)) / 1000
    }

    /// The time from its entry to its line of this number, counted from 0, cut to the millisecond.
    pub fn offset(&self, line: u64) -> Duration {
        Duration::from_millis(line.saturating_mul(1000) / u64::from(self.rate.max(1)))
    }
}

impl Program {
    /// The number of its batches, or triggers or micro-batches, up to the offset `length`, on a timeline of these
    /// entries.
    pub(crate) fn batches(
        &self,
        entries: &[Entry],
        start: Time,
        interval: Duration,
        length: Duration,
    ) -> u64 {
        let end = start.checked_add(length).unwrap_or(start);
        let ticks = |interval: Duration| {
            let interval_ms = i64::try_from(interval.as_millis())
                .unwrap_or(i64::MAX)
                .max(1);
            let tick = |time: Time| time.as_millis().div_euclid(interval_ms);
            tick(end).abs_diff(tick(start))
        };
        match self {
            Program::Structured(structured) => match structured.trigger {
                Trigger::ProcessingTime(interval) => ticks(interval).saturating_add(1),
                Trigger::Default => entries
                    .iter()
                    .map(Entry::instants)
                    .fold(0, u64::saturating_add),
                Trigger::Once | Trigger::AvailableNow => 1,
            },
            // It says its own interval.
            Program::Python(_) => 0,
            _ => ticks(interval),
        }
    }

    /// The offset at which a line that comes at `at` is taken, both from the start of the clock.
    pub(crate) fn takes(&self, at: Duration, start: Time, interval: Duration) -> Duration {
        let trigger = match self {
            Program::Structured(structured) => Some(structured.trigger),
            Program::Python(_) => return at,
            _ => None,
        };
        taken_at(at, start, interval, trigger).unwrap_or(at)
    }
}

/// The offset from the start of the clock at which a line is taken that comes at `at`: by this trigger of a query, or in
/// the batch of a program of streams, which has none, that ends at its time or next after it. `None` if it never is.
///
/// ```
/// use std::time::Duration;
/// use engine::{Time, Trigger};
/// let second = Duration::from_secs(1);
/// let late = Duration::from_millis(1_200);
/// let taken = |trigger| scenario::taken_at(late, Time::EPOCH, second, trigger);
/// assert_eq!(taken(None), Some(2 * second));
/// assert_eq!(taken(Some(Trigger::Default)), Some(late));
/// assert_eq!(taken(Some(Trigger::ProcessingTime(5 * second))), Some(5 * second));
/// ```
pub fn taken_at(
    at: Duration,
    start: Time,
    interval: Duration,
    trigger: Option<Trigger>,
) -> Option<Duration> {
    let time = start.checked_add(at)?;
    let taken = match trigger {
        // The first batch ends strictly after the start.
        None if at.is_zero() => Grid::every(interval).after(time)?,
        None => Grid::every(interval).at_or_after(time)?,
        Some(trigger @ Trigger::ProcessingTime(_)) if !trigger.is_immediate() && !at.is_zero() => {
            trigger.next(time.checked_sub(Duration::from_millis(1))?)?
        }
        // It takes what is there when it comes, or when the query starts.
        Some(_) => time,
    };
    Some(taken.since(start))
}
