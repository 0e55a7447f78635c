//! The events of a program, as its log and its listeners have them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::{DriverEvent, Event, Failure, Profile, Reader, Time};
use pyo3::prelude::*;
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

    /// Hands an event of the driver on: its kind, its fields and its remark.
    fn hand_driver(&self, now: Time, event: &DriverEvent) {
        let (kind, fields) = match event {
            DriverEvent::Recovered {
                zero_time,
                checkpoint_time,
                again,
                lost,
            } => {
                let again: Vec<i64> = again.iter().map(|time| time.as_millis()).collect();
                let lost: Vec<_> = lost.iter().map(|it| (it.stream.0, it.number)).collect();
                let times = (zero_time.as_millis(), checkpoint_time.as_millis());
                ("driver_recovered", (times.0, times.1, again, lost, None))
            }
            DriverEvent::CheckpointFailed { batch_time, reason } => {
                let reason = Some(reason.to_string());
                let time = batch_time.as_millis();
                ("checkpoint_failed", (time, time, vec![], vec![], reason))
            }
            DriverEvent::Crashed => return self.has_crashed.set(true),
            // The stage raises where a program does not go on; no disk is full; queries have no faults.
            DriverEvent::NotRecovered { .. }
            | DriverEvent::QueryRecovered { .. }
            | DriverEvent::BlockRejected { .. }
            | DriverEvent::ResultsLeft { .. } => return,
        };
        let Some(driver_listener) = &self.driver_listener else {
            return;
        };
        let time = |time: Time| {
            let mut text = String::new();
            self.zone
                .write_batch_time(Profile::Pyspark, time, &mut text);
            text
        };
        let said = (now.as_millis(), report::remark(event, time), kind, fields);
        let called = Python::attach(|py| driver_listener.call1(py, said).map(drop));
        if let Err(error) = called {
            Python::attach(|py| error.print(py));
        }
    }
}

impl Reader for Follower {
    fn read(&mut self, time: Time, event: &Event) {
        self.now.set(time);
        self.hand(time, event);
        self.console.read(time, event);
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
