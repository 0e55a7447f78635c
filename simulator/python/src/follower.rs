//! The events of a program, as its log and its listeners have them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::{DriverEvent, Event, Failure, Profile, Reader, Time};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use report::{Console, Zone};

use crate::followed_query::FollowedQuery;
use crate::object::is_interrupt;

/// The record of a program while it runs.
#[derive(Default)]
pub(crate) struct Log {
    /// The failure of a batch that is not complete.
    failing: Option<Failure>,
    pub(crate) failure: Option<Failure>,
    pub(crate) has_stopped: bool,
    pub(crate) stop: Option<Stop>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    AtOnce,
    Gracefully,
}

/// Follows the events of a program.
pub(crate) struct Follower {
    pub(crate) now: Rc<Cell<Time>>,
    pub(crate) log: Rc<RefCell<Log>>,
    /// A function of the program that is called with its events.
    pub(crate) listener: Option<Py<PyAny>>,
    /// A function of the stage that is called with those of its driver.
    pub(crate) driver_listener: Option<Py<PyAny>>,
    /// The query that is followed, if it is one.
    pub(crate) query: Option<FollowedQuery>,
    pub(crate) zone: Zone,
    pub(crate) console: Option<Console<Output>>,
    pub(crate) has_crashed: Rc<Cell<bool>>,
}

/// Standard output, as the program has it.
pub(crate) struct Output(pub(crate) Py<PyAny>);

impl std::io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        Python::attach(|py| self.0.call1(py, (text,)))
            .map(|_| bytes.len())
            .map_err(std::io::Error::other)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Follower {
    fn hand(&self, now: Time, event: &Event) {
        if let Event::Driver(event) = event {
            return self.hand_driver(now, event);
        }
        let Some(listener) = &self.listener else {
            return;
        };
        let (kind, time, number) = match event {
            Event::StreamingStarted { zero_time } => ("started", zero_time, 0),
            Event::BatchSubmitted {
                batch_time,
                records,
                ..
            } => ("batch_submitted", batch_time, *records),
            Event::BatchStarted { batch_time } => ("batch_started", batch_time, 0),
            Event::OutputOperationStarted {
                batch_time, output, ..
            } => ("operation_started", batch_time, output.0),
            Event::OutputOperationCompleted {
                batch_time, output, ..
            } => ("operation_completed", batch_time, output.0),
            Event::BatchCompleted { batch_time } => ("batch_completed", batch_time, 0),
            Event::StateUpdated { .. }
            | Event::Driver(_)
            | Event::Cluster(_)
            | Event::Printed { .. }
            | Event::QueryProgress { .. }
            | Event::TableShown { .. }
            | Event::TableWritten { .. }
            | Event::Saved { .. }
            | Event::TextPrinted { .. }
            | Event::ProgramFailed { .. }
            | Event::Stopped => return,
        };
        let reason = event.failure().map(|it| it.message().to_string());
        let event = (now.as_millis(), kind, time.as_millis(), number, reason);
        let called = Python::attach(|py| listener.call1(py, event).map(drop));
        if let Err(error) = called {
            // As Spark, whose bus logs what a listener raises and goes on.
            Python::attach(|py| error.print(py));
        }
    }

    /// Hands an event of the driver on: its remark, its kind and its fields.
    fn hand_driver(&self, now: Time, event: &DriverEvent) {
        if matches!(event, DriverEvent::Crashed) {
            return self.has_crashed.set(true);
        }
        let Some(driver_listener) = &self.driver_listener else {
            return;
        };
        let time = |time: Time| {
            let mut text = String::new();
            self.zone
                .write_batch_time(Profile::Pyspark, time, &mut text);
            text
        };
        let called = Python::attach(|py| {
            let fields = PyDict::new(py);
            let Some(kind) = set_fields(&fields, event)? else {
                return Ok(());
            };
            let said = (now.as_millis(), report::remark(event, time), kind, fields);
            driver_listener.call1(py, said).map(drop)
        });
        if let Err(error) = called {
            Python::attach(|py| error.print(py));
        }
    }
}

/// Sets the fields of an event of the driver, and returns its kind.
fn set_fields(fields: &Bound<'_, PyDict>, event: &DriverEvent) -> PyResult<Option<&'static str>> {
    let kind = match event {
        DriverEvent::Recovered {
            zero_time,
            checkpoint_time,
            again,
            lost,
        } => {
            let again: Vec<i64> = again.iter().map(|time| time.as_millis()).collect();
            let lost: Vec<_> = lost.iter().map(|it| (it.stream.0, it.number)).collect();
            fields.set_item("zero_time_ms", zero_time.as_millis())?;
            fields.set_item("checkpoint_time_ms", checkpoint_time.as_millis())?;
            fields.set_item("again_ms", again)?;
            fields.set_item("lost", lost)?;
            "driver_recovered"
        }
        DriverEvent::QueryRecovered {
            batch_id,
            again,
            watermark_ms,
            ..
        } => {
            fields.set_item("batch_id", batch_id)?;
            fields.set_item("again", again)?;
            fields.set_item("watermark_ms", watermark_ms)?;
            "query_recovered"
        }
        DriverEvent::CheckpointFailed { batch_time, reason } => {
            fields.set_item("batch_time_ms", batch_time.as_millis())?;
            fields.set_item("reason", reason.as_str())?;
            "checkpoint_failed"
        }
        // The stage raises where a program does not go on, and no disk is full.
        DriverEvent::Crashed
        | DriverEvent::NotRecovered { .. }
        | DriverEvent::BlockRejected { .. }
        | DriverEvent::ResultsLeft { .. } => return Ok(None),
    };
    Ok(Some(kind))
}

impl Reader for Follower {
    fn read(&mut self, time: Time, event: &Event) {
        self.now.set(time);
        self.hand(time, event);
        // A query says of its driver what is new to the program.
        if !matches!(event, Event::Driver(_)) {
            self.console.read(time, event);
        }
        if let Some(query) = &self.query {
            // As of a listener, above.
            let called = Python::attach(|py| query.hand(py, event));
            if let Err(error) = called {
                Python::attach(|py| error.print(py));
            }
        }
        let mut log = self.log.borrow_mut();
        match event {
            Event::Stopped => log.has_stopped = true,
            // The listener of the query has it.
            Event::QueryProgress { .. } | Event::ProgramFailed { .. } => {}
            // Not before: Spark runs the other operations of the batch, too.
            Event::BatchCompleted { .. } => {
                let failing = log.failing.take();
                log.failure = log.failure.take().or(failing);
            }
            _ => {
                if let Some(failure) = event.failure().filter(|it| !is_interrupt(it)) {
                    log.failing.get_or_insert_with(|| failure.clone());
                }
            }
        }
    }
}
