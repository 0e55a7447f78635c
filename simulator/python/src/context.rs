//! Programs while they are written.

use std::time::Duration;

use engine::{Profile, QueueSpec, SparkContext, StreamingContext, Text};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::object::Object;
use crate::rdd::Rdd;
use crate::stream::Stream;
use crate::world::World;

/// The name of a source that has nothing.
pub(crate) const NOTHING: &str = "";

/// The engine's part of a `pyspark.streaming.StreamingContext`.
#[pyclass(frozen)]
pub(crate) struct Context(pub(crate) StreamingContext, u64, Py<World>);

#[pymethods]
impl Context {
    #[new]
    fn new(world: Py<World>, cores: usize, app_name: &str, interval: u64) -> Context {
        let cluster = SparkContext::local(cores, app_name).with_profile(Profile::Pyspark);
        let context = StreamingContext::new(&cluster, Duration::from_millis(interval));
        Context(context, interval, world)
    }

    /// The time from one batch to the next, in milliseconds.
    fn interval(&self) -> u64 {
        self.1
    }

    /// Has all streams keep their batches for this many milliseconds at least.
    fn remember(&self, duration: u64) {
        self.0.remember(Duration::from_millis(duration));
    }

    /// Saves what the program needs to go on after a crash.
    fn checkpoint(&self) {
        self.0.checkpoint();
    }

    /// Logs the records of receivers, so that a crash does not lose them.
    fn log_records(&self) {
        self.0.log_records();
    }

    /// Lines from a server, by the name `host:port`.
    fn socket_stream(&self, py: Python<'_>, host: &str, port: u16) -> Stream {
        self.texts(py, &self.0.socket_text_stream(host, port))
    }

    /// Lines from a receiver of another kind, by its name.
    fn named_stream(&self, py: Python<'_>, name: &str) -> Stream {
        self.texts(py, &self.0.receiver_stream(name))
    }

    /// Lines from a source that keeps them, by its name.
    fn kept_stream(&self, py: Python<'_>, name: &str) -> Stream {
        self.texts(py, &self.0.direct_stream(name))
    }

    /// Nothing, of a source for which nothing in a timeline is.
    fn no_stream(&self) -> Stream {
        let nothing = self.0.direct_stream(NOTHING);
        Stream(nothing.try_transform(|_, _| Ok(engine::Rdd::of_rows(Vec::new()))))
    }

    /// These batches, one each interval or all in the first; then `default`.
    fn queue_stream(
        &self,
        batches: Vec<Bound<'_, Rdd>>,
        is_one_at_a_time: bool,
        default: &Rdd,
    ) -> Stream {
        let batches = batches.iter().map(|batch| batch.get().0.clone());
        let spec = QueueSpec::batches(batches).default_batch(default.0.clone());
        let spec = if is_one_at_a_time {
            spec
        } else {
            spec.all_at_once()
        };
        Stream(self.0.queue_stream_with(spec))
    }
}

impl Context {
    fn texts(&self, py: Python<'_>, lines: &engine::DStream<Text>) -> Stream {
        let lines = self.2.borrow(py).failing(lines);
        Stream(lines.map(|line| {
            Python::attach(|py| Object(PyString::new(py, line.as_str()).into_any().unbind()))
        }))
    }
}
