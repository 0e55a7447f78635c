//! Programs while they are written.

use std::time::Duration;

use engine::{Profile, QueueSpec, SparkContext, StreamingContext, Text};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::object::Object;
use crate::rdd::Rdd;
use crate::stream::Stream;

/// The engine's part of a `pyspark.streaming.StreamingContext`.
#[pyclass(frozen)]
pub(crate) struct Context(pub(crate) StreamingContext, u64);

#[pymethods]
impl Context {
    #[new]
    fn new(cores: usize, app_name: &str, interval: u64) -> Context {
        let cluster = SparkContext::local(cores, app_name).with_profile(Profile::Pyspark);
        let context = StreamingContext::new(&cluster, Duration::from_millis(interval));
        Context(context, interval)
    }

    /// The time from one batch to the next, in milliseconds.
    fn interval(&self) -> u64 {
        self.1
    }

    /// Has all streams keep their batches for this many milliseconds at least.
    fn remember(&self, duration: u64) {
        self.0.remember(Duration::from_millis(duration));
    }

    /// Lines from a server, by the name `host:port`.
    fn socket_stream(&self, host: &str, port: u16) -> Stream {
        texts(&self.0.socket_text_stream(host, port))
    }

    /// Lines from a source of another kind, by its name.
    fn named_stream(&self, name: &str) -> Stream {
        texts(&self.0.receiver_stream(name))
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

fn texts(lines: &engine::DStream<Text>) -> Stream {
    Stream(lines.map(|line| {
        Python::attach(|py| Object(PyString::new(py, line.as_str()).into_any().unbind()))
    }))
}
