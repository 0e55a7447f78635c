//! Streams of Python objects.

use std::time::Duration;

use engine::{DStream, Failure, Time, UpdateSpec, WindowSpec};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::function::Function;
use crate::key::{self, ObjectKey};
use crate::object::{Object, check_interrupt, exception, failure, list_of};
use crate::rdd::Rdd;
use crate::tasks::Tasks;

/// The streams that `pyspark.streaming.DStream` is made of: what the JVM does for PySpark's.
#[pyclass(frozen)]
pub(crate) struct Stream(pub(crate) DStream<Object>);

type Pairs = DStream<(ObjectKey, Object)>;

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The batch that a function of the program's own process makes of batches at a time.
fn make(
    function: &Py<PyAny>,
    time: Time,
    batches: impl IntoIterator<Item = engine::Rdd<Object>>,
) -> Result<engine::Rdd<Object>, Failure> {
    check_interrupt()?;
    Python::attach(|py| {
        let mut arguments = vec![time.as_millis().into_pyobject(py)?.into_any()];
        for batch in batches {
            arguments.push(Bound::new(py, Rdd(batch))?.into_any());
        }
        let made = function.bind(py).call1(PyTuple::new(py, arguments)?)?;
        Ok(made.cast::<Rdd>()?.get().0.clone())
    })
    .map_err(failure)
}

/// The same pairs, whose states are saved at this interval, in milliseconds.
fn saved_at(pairs: Pairs, interval: Option<u64>) -> Pairs {
    match interval {
        Some(interval) => pairs.checkpoint(millis(interval)),
        None => pairs,
    }
}

impl Stream {
    /// The rows as pairs, where they are.
    fn pairs(&self) -> Pairs {
        self.0.try_transform(|batch, _| {
            let pairs = batch.try_map(|row| key::pair(row, None));
            Ok(pairs.partitioned_as(&batch))
        })
    }

    /// Pairs as rows, where they are.
    fn of_pairs(pairs: &Pairs) -> Stream {
        Stream(pairs.try_transform(|batch, _| {
            let rows = batch.try_map(|(key, value)| key::row(&key, value));
            Ok(rows.partitioned_as(&batch))
        }))
    }
}

#[pymethods]
impl Stream {
    /// The time from one batch to the next, in milliseconds.
    fn slide(&self) -> u64 {
        self.0.slide().as_millis() as u64
    }

    /// The batches that `function` makes of each batch, given its time and itself.
    fn transform(&self, function: Py<PyAny>) -> Stream {
        Stream(
            self.0
                .try_transform(move |batch, time| make(&function, time, [batch])),
        )
    }

    /// As `transform`, of the batches of two streams.
    fn transform_with(&self, other: &Stream, function: Py<PyAny>) -> Stream {
        Stream(
            self.0
                .try_transform_with(&other.0, move |batch, other, time| {
                    make(&function, time, [batch, other])
                }),
        )
    }

    /// The batches of these times, both included, in milliseconds since the epoch.
    fn slice(&self, py: Python<'_>, from: i64, to: i64) -> PyResult<Vec<Rdd>> {
        let from = Time::from_millis(from);
        let batches = self.0.slice(from, Time::from_millis(to));
        let batches = batches.map_err(|failure| exception(py, &failure))?;
        Ok(batches.into_iter().map(Rdd).collect())
    }

    fn window(&self, length: u64, slide: u64) -> Stream {
        Stream(self.0.window(millis(length), millis(slide)))
    }

    fn persist(&self) -> Stream {
        Stream(self.0.transform(|batch, _| batch.cache()))
    }

    /// The states after each batch. `begin_task` gives the function of a task, which makes a key's state of a list of
    /// its new values and its old state.
    fn update_state_by_key(
        &self,
        begin_task: Py<PyAny>,
        partitions: usize,
        initial: Option<&Rdd>,
        checkpoint: Option<u64>,
    ) -> PyResult<Stream> {
        let tasks = Tasks::new(begin_task);
        let update = move |time: Time, key: &ObjectKey, new: &[Object], old: Option<Object>| {
            let function = tasks.function(time, key.partition(partitions))?;
            let arguments = Python::attach(|py| {
                let new = list_of(
                    py,
                    new.iter().map(|it| Object(it.0.clone_ref(py))).collect(),
                )?;
                let old = old.map_or_else(|| py.None(), |old| old.0);
                Ok((Object(new.into_any().unbind()), Object(old)))
            });
            let (new, old) = arguments.map_err(failure)?;
            let state = function.call2(new, old);
            let state = state.inspect_err(|_| tasks.end())?;
            let is_none = Python::attach(|py| state.0.is_none(py));
            Ok((!is_none).then_some(state))
        };
        let mut spec = UpdateSpec::try_function_at(update)
            .num_partitions(partitions)
            .saved();
        if let Some(initial) = initial {
            let rows = initial.0.collect();
            let pairs = rows.and_then(|rows| {
                let pairs = rows.into_iter().map(|row| key::pair(row, None));
                pairs.collect::<Result<Vec<_>, Failure>>()
            });
            let pairs = Python::attach(|py| pairs.map_err(|failure| exception(py, &failure)))?;
            spec = spec.initial_state(pairs);
        }
        let states = self.pairs().update_state_by_key_with(spec);
        Ok(Stream::of_pairs(&saved_at(states, checkpoint)))
    }

    /// Windows by key, of a length and a slide, each made of the one before by the inverse function.
    fn reduce_by_key_and_window(
        &self,
        function: Py<PyAny>,
        inverse: Py<PyAny>,
        durations: [u64; 2],
        partitions: usize,
        filter: Option<Py<PyAny>>,
        checkpoint: Option<u64>,
    ) -> Stream {
        let [length, slide] = durations.map(millis);
        let function = Function(function);
        let inverse = Function(inverse);
        let reduce = move |x, y| function.call2(x, y);
        let mut spec = WindowSpec::try_function(reduce, length, slide)
            .try_inverse(move |x, y| inverse.call2(x, y))
            .num_partitions(partitions)
            .saved();
        if let Some(filter) = filter.map(Function) {
            spec = spec.try_filter(move |(key, value): &(ObjectKey, Object)| {
                Python::attach(|py| {
                    let row = PyTuple::new(py, [key.bind(py), value.bind(py)]).map_err(failure)?;
                    filter.holds(row.into_any())
                })
            });
        }
        let windows = self.pairs().reduce_by_key_and_window_with(spec);
        Stream::of_pairs(&saved_at(windows, checkpoint))
    }

    /// Calls `function` with the time and the rows of each batch: an output operation.
    fn foreach_rdd(&self, function: Py<PyAny>) {
        self.0.foreach_rdd(move |batch, time| {
            check_interrupt()?;
            Python::attach(|py| {
                let batch = Bound::new(py, Rdd(batch.clone()))?;
                function.call1(py, (time.as_millis(), batch))?;
                Ok(())
            })
            .map_err(failure)
        });
    }
}
