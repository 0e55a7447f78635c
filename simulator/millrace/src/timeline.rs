//! A timeline: the lines that a program receives, each at its virtual time.

use std::path::Path;
use std::time::Duration;

use engine::{BuildError, StreamId, StreamSource, Time, Trigger};
use scenario::{Clock, Entry, Scenario, Source, TimelineEvent, is_printable, taken_at};
use simulator::{Arrivals, InOrder, WorldSettings, stop_of};
use suite::{Case, ReadError};

use crate::replay_error::ReplayError;

/// The lines that a program receives, each at its virtual time, and the clock that it runs on.
///
/// Times count from the start of the clock, cut to whole milliseconds. A line belongs to the batch that ends at
/// its time or next after it. A run is between the years -9996 and 9996.
///
/// ```
/// use std::time::Duration;
/// use millrace::{Timeline, replay};
///
/// let seconds = Duration::from_secs;
/// let timeline = Timeline::new()
///     .interval(seconds(2))
///     .lines_of("clicks", seconds(1), ["/home", "/cart"])
///     .lines_of("localhost:9999", seconds(2), ["/home"]);
/// let replay = replay(&timeline, |ssc| {
///     let clicks = ssc.receiver_stream("clicks");
///     clicks.union(&ssc.socket_text_stream("localhost", 9999)).print();
/// })?;
/// assert!(replay.text.contains("\n/home\n/cart\n/home\n"));
/// # Ok::<(), millrace::ReplayError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Timeline {
    clock: Clock,
    /// Not ordered by time.
    entries: Vec<Entry>,
}

impl Timeline {
    /// A timeline without lines: it starts at the epoch, a batch ends every second, and printed times are UTC.
    pub fn new() -> Timeline {
        Timeline {
            clock: Clock {
                start: Time::EPOCH,
                interval: Duration::from_secs(1),
                stop: None,
                timezone: "UTC".to_owned(),
            },
            entries: Vec::new(),
        }
    }

    /// The timeline and the clock of a scenario file. Its pipelines and settings are not used, and its
    /// expectations count for the stop alone.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, and with all its mistakes if it is not a scenario.
    ///
    /// ```no_run
    /// let timeline = millrace::Timeline::read("scenarios/cookbook.toml")?;
    /// # Ok::<(), millrace::ReadError>(())
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Timeline, ReadError> {
        Ok(Timeline::of(&Case::read(path.as_ref())?.scenario))
    }

    /// The timeline and the clock of the text of a scenario, as [`read`](Timeline::read) has them.
    ///
    /// # Errors
    ///
    /// Fails with all mistakes of the text.
    ///
    /// ```
    /// let timeline = millrace::Timeline::parse(r#"
    ///     timeline = [{ at = "1s", generate = { rate = 3, duration = "2s", keys = 1 } }]
    ///     [[pipeline]]
    ///     name = "unused"
    ///     mode = "stateless"
    /// "#)?;
    /// let replay = millrace::replay(&timeline, |ssc| ssc.receiver_stream("lines").count().print())?;
    /// assert_eq!(replay.text.matches("\n3\n").count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str) -> Result<Timeline, ReadError> {
        Ok(Timeline::of(&scenario::parse("timeline", text)?))
    }

    pub(crate) fn of(scenario: &Scenario) -> Timeline {
        Timeline {
            clock: scenario.clock.clone(),
            entries: scenario.timeline.clone(),
        }
    }

    /// Adds lines that arrive together as one block, at the only source of the program. If it has several,
    /// each receives them.
    pub fn lines<L: Into<String>>(
        self,
        at: Duration,
        lines: impl IntoIterator<Item = L>,
    ) -> Timeline {
        self.with(None, at, lines)
    }

    /// Adds lines that arrive together as one block, at the source of this name: `localhost:9999` is
    /// `socket_text_stream("localhost", 9999)`, and `clicks` is `receiver_stream("clicks")`.
    pub fn lines_of<L: Into<String>>(
        self,
        source: &str,
        at: Duration,
        lines: impl IntoIterator<Item = L>,
    ) -> Timeline {
        self.with(Some(source.to_owned()), at, lines)
    }

    fn with<L: Into<String>>(
        mut self,
        stream: Option<String>,
        at: Duration,
        lines: impl IntoIterator<Item = L>,
    ) -> Timeline {
        let event = TimelineEvent::Lines {
            lines: lines.into_iter().map(Into::into).collect(),
            partitions: 1,
        };
        self.entries.push(Entry { at, stream, event });
        self
    }

    /// Starts the clock at this time instead of the epoch.
    pub fn start(mut self, start: Time) -> Timeline {
        self.clock.start = start;
        self
    }

    /// Ends a batch this often instead of every second.
    pub fn interval(mut self, interval: Duration) -> Timeline {
        self.clock.interval = interval;
        self
    }

    /// Ends the run this long after its start; a replay whose last lines no batch takes by then is refused. Default:
    /// with the first batch at or after the last entry, and not before a query's trigger takes its lines.
    pub fn stop(mut self, stop: Duration) -> Timeline {
        self.clock.stop = Some(stop);
        self
    }

    /// Prints local times of the zone of this IANA name.
    ///
    /// ```
    /// use std::time::Duration;
    /// use millrace::{Timeline, replay};
    /// let timeline = Timeline::new().time_zone("Asia/Shanghai").stop(Duration::from_secs(1));
    /// let replay = replay(&timeline, |ssc| ssc.receiver_stream("lines").print())?;
    /// assert!(replay.text.contains("Time: 1970-01-01 08:00:01"));
    /// # Ok::<(), millrace::ReplayError>(())
    /// ```
    pub fn time_zone(mut self, name: &str) -> Timeline {
        name.clone_into(&mut self.clock.timezone);
        self
    }

    /// The scenario of a program in Rust with checkpoints, on this timeline.
    pub(crate) fn scenario_of_program(&self) -> Scenario {
        const PROGRAM: &str = "timeline = []\nclock.stop = '1s'\ncluster.checkpoint = 'checkpoint'\n\
             pipeline = [{ name = 'program', rust = 'program' }]";
        let mut scenario =
            scenario::parse("program", PROGRAM).expect("the scenario has no mistakes");
        scenario.clock = self.clock.clone();
        scenario.timeline.clone_from(&self.entries);
        scenario.timeline.sort_by_key(|entry| entry.at);
        scenario
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The world of a run, from the start of the clock to the stop, for a query with this trigger or a program of
    /// streams, which has none.
    ///
    /// # Errors
    ///
    /// Fails if there is no such interval, if a time is beyond the calendar, or if the run stops before all lines are
    /// taken.
    pub(crate) fn settings(
        &self,
        trigger: Option<Trigger>,
    ) -> Result<WorldSettings<'static>, ReplayError> {
        let Clock {
            start, interval, ..
        } = self.clock;
        BuildError::check_interval("batch interval", interval)?;
        self.check_calendar()?;
        let entries = || self.entries.iter();
        let mut stop = stop_of(&self.clock, entries());
        if let Some(at) = entries().filter_map(Entry::last_line).max() {
            let taken = taken_at(at, start, interval, trigger);
            let taken_time = taken.and_then(|taken| start.checked_add(taken));
            match taken_time {
                Some(time) if self.clock.stop.is_none() => stop = stop.max(time),
                Some(time) if time <= stop => {}
                _ => {
                    let stop = stop.since(start);
                    return Err(ReplayError::LinesLost { stop, at, taken });
                }
            }
        }
        Ok(WorldSettings::between(start, stop))
    }

    /// Refuses times that no calendar has.
    fn check_calendar(&self) -> Result<(), ReplayError> {
        let start = self.clock.start;
        if !is_printable(start) {
            return Err(ReplayError::Start(start));
        }
        let lines = self.entries.iter().map(|it| ("lines come", it.end()));
        let stop = self.clock.stop.map(|stop| ("the run stops", stop));
        for (what, at) in lines.chain(stop) {
            if !start.checked_add(at).is_some_and(is_printable) {
                return Err(ReplayError::BeyondCalendar { what, at });
            }
        }
        Ok(())
    }

    /// The arrivals of a program with these sources, in the order of time and then of writing.
    ///
    /// # Errors
    ///
    /// Fails if an entry names a source that the program does not have, or if it has none.
    pub(crate) fn arrivals(
        &self,
        sources: &[StreamSource],
        schedule: InOrder,
    ) -> Result<Arrivals, ReplayError> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by_key(|it| it.at);
        let mut arrivals = Arrivals::default();
        for entry in entries {
            let streams = streams_of(entry.stream.as_deref(), sources)?;
            let time = self.clock.start.checked_add(entry.at);
            let time = time.expect("times beyond the calendar are refused");
            for stream in streams {
                let kind = Source::of(&sources[stream.0]);
                arrivals.add(time, &entry.event, stream, kind, &schedule);
            }
        }
        Ok(arrivals)
    }
}

impl Default for Timeline {
    fn default() -> Timeline {
        Timeline::new()
    }
}

/// The streams of the sources of this name, or of all sources. Two streams may read one source.
fn streams_of(name: Option<&str>, sources: &[StreamSource]) -> Result<Vec<StreamId>, ReplayError> {
    let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
    let is_meant = |at: &usize| name.is_none_or(|name| names[*at] == name);
    let streams: Vec<StreamId> = (0..sources.len()).filter(is_meant).map(StreamId).collect();
    if streams.is_empty() {
        let name = name.map(str::to_owned);
        return Err(ReplayError::NoSource { name, names });
    }
    Ok(streams)
}
