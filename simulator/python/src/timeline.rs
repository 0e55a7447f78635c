//! Timelines: what arrives, and when.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use engine::{Message, Text, Time};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use report::Zone;
use scenario::{Fault, Limits, duration};
use suite::{ProgramEntry, ProgramTimeline, ReadError, parse_faults};

use crate::arrivals::{Lines, lines_until};

/// The cores of a program that names no master, where a timeline does not say them.
const CORES: usize = 2;

/// The default of `spark.sql.shuffle.partitions`.
const SHUFFLE_PARTITIONS: usize = 200;

/// A timeline, which a program on a stage sees. Times are in milliseconds since the epoch.
#[pyclass(frozen)]
pub(crate) struct Timeline(pub(crate) ProgramTimeline);

/// An offset from the start of a timeline.
#[derive(FromPyObject)]
enum Offset {
    /// As a scenario file has it: `1.5s`.
    Text(String),
    Seconds(f64),
}

#[pymethods]
impl Timeline {
    /// Lines that arrive at offsets from `start`, each for the source of this name or, if that is `None`, for all; and
    /// faults, as entries of the timeline of a scenario file.
    ///
    /// Raises a `ValueError` with all mistakes of the faults.
    #[new]
    #[pyo3(signature = (entries, start, stop, zone, cores, faults))]
    fn new(
        entries: Vec<(Offset, Option<String>, Vec<String>)>,
        start: i64,
        stop: Option<Offset>,
        zone: String,
        cores: Option<usize>,
        faults: &str,
    ) -> PyResult<Timeline> {
        let start = Time::from_millis(start);
        Zone::named(&zone).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let entry = |(offset, stream, lines): (Offset, _, Vec<String>)| {
            Ok(ProgramEntry::new(offset.after(start)?, stream, &lines))
        };
        let entries: PyResult<Vec<ProgramEntry>> = entries.into_iter().map(entry).collect();
        let mut entries = entries?;
        let faults = parse_faults(faults)
            .map_err(|mistakes| ReadError::Mistakes(mistakes).explain(false))
            .map_err(PyValueError::new_err)?;
        let reached = faults.iter().filter_map(|(at, _)| start.checked_add(*at));
        entries.extend(reached.map(|time| ProgramEntry::new(time, None, &[])));
        entries.sort_by_key(|entry| entry.time);
        let limits = Limits::default();
        Ok(Timeline(ProgramTimeline {
            start,
            stop: stop.map(|stop| stop.after(start)).transpose()?,
            timezone: zone,
            cores: cores.unwrap_or(CORES),
            shuffle_partitions: SHUFFLE_PARTITIONS,
            time_max: limits.time,
            batches_max: limits.batches,
            output_max: limits.output,
            error_max: limits.output,
            entries,
            faults,
        }))
    }

    /// The timeline of a scenario file, whose `generate` draws from the seed.
    ///
    /// Raises a `ValueError` with all mistakes of the file.
    #[staticmethod]
    fn read(path: PathBuf, seed: u64, has_colour: bool) -> PyResult<Timeline> {
        let timeline = ProgramTimeline::read(&path, seed);
        let timeline = timeline.map_err(|error| PyValueError::new_err(error.explain(has_colour)));
        Ok(Timeline(timeline?))
    }

    #[getter]
    fn start_ms(&self) -> i64 {
        self.0.start.as_millis()
    }

    #[getter]
    fn stop_ms(&self) -> Option<i64> {
        self.0.stop.map(Time::as_millis)
    }

    /// The time of the last entry, or the start.
    #[getter]
    fn last_ms(&self) -> i64 {
        let last = self.0.entries.last();
        last.map_or(self.0.start, |entry| entry.time).as_millis()
    }

    #[getter]
    fn zone(&self) -> &str {
        &self.0.timezone
    }

    #[getter]
    fn cores(&self) -> usize {
        self.0.cores
    }

    #[getter]
    fn shuffle_partitions(&self) -> usize {
        self.0.shuffle_partitions
    }

    /// The longest virtual time.
    #[getter]
    fn time_max_ms(&self) -> u64 {
        self.0.time_max.as_millis() as u64
    }

    /// The most batches of a stream.
    #[getter]
    fn batches_max(&self) -> u64 {
        self.0.batches_max
    }

    /// The most bytes of text that the program prints.
    #[getter]
    fn output_max(&self) -> u64 {
        self.0.output_max
    }

    /// The most bytes of text that it writes to standard error.
    #[getter]
    fn error_max(&self) -> u64 {
        self.0.error_max
    }

    /// The names of the sources that take lines of it.
    fn streams(&self) -> BTreeSet<&str> {
        let entries = self.0.entries.iter();
        entries.filter_map(|it| it.stream.as_deref()).collect()
    }

    /// True if a source of this name takes lines of it.
    fn has_lines_for(&self, source: &str) -> bool {
        let mut entries = self.0.entries.iter();
        let is_for = |stream: &Option<String>| stream.as_ref().is_none_or(|it| it == source);
        entries.any(|it| !it.lines.is_empty() && is_for(&it.stream))
    }

    /// Its lines up to this time.
    fn lines_until(&self, time_ms: i64) -> Vec<Lines> {
        lines_until(&self.0, Time::from_millis(time_ms))
    }

    /// The number of its faults.
    fn faults(&self) -> usize {
        self.0.faults.len()
    }

    /// The time of the first restart among the faults from this one on; `None` if there is none.
    fn restart_ms(&self, first: usize) -> Option<i64> {
        let mut faults = self.0.faults.iter().skip(first);
        let (at, _) = faults.find(|(_, fault)| *fault == Fault::Restart)?;
        self.0.start.checked_add(*at).map(Time::as_millis)
    }

    /// The number of entries after this time.
    fn count_after(&self, time_ms: i64) -> usize {
        let time = Time::from_millis(time_ms);
        self.0.entries.iter().filter(|it| it.time > time).count()
    }

    fn __len__(&self) -> usize {
        self.0.entries.len()
    }
}

impl Offset {
    /// The time at this offset from another one.
    fn after(self, start: Time) -> PyResult<Time> {
        let offset = match &self {
            Offset::Text(text) => duration::parse(text).map_err(|error| error.to_string()),
            Offset::Seconds(seconds) => Duration::try_from_secs_f64(*seconds)
                .map(|it| Duration::from_millis((it.as_secs_f64() * 1000.0).round() as u64))
                .map_err(|error| error.to_string()),
        };
        let beyond = || "it is beyond the calendar".to_owned();
        let time = offset.and_then(|offset| start.checked_add(offset).ok_or_else(beyond));
        time.map_err(|reason| {
            let written = match self {
                Offset::Text(text) => format!("{text:?}"),
                Offset::Seconds(seconds) => seconds.to_string(),
            };
            PyValueError::new_err(format!("{written} is no time of a timeline: {reason}"))
        })
    }
}

/// The line of a timeline that is a message of a topic. Its time is in milliseconds.
#[pyfunction]
pub(crate) fn message_record(
    value: &str,
    key: Option<&str>,
    partition: u32,
    time_ms: Option<i64>,
    headers: Vec<(String, String)>,
) -> String {
    let headers = headers.iter();
    let message = Message {
        key: key.map(Text::from),
        value: value.into(),
        partition,
        time: time_ms.map(Time::from_millis),
        headers: headers
            .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
            .collect(),
    };
    message.to_record().to_string()
}

/// The milliseconds of a duration as Spark has it in a query, such as `10 seconds`.
#[pyfunction]
pub(crate) fn interval_ms(text: &str) -> PyResult<u64> {
    let interval = duration::parse_interval(text);
    let refused = |error| PyValueError::new_err(format!("{text:?} is no interval: {error}"));
    Ok(interval.map_err(refused)?.as_millis() as u64)
}
