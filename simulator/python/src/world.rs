//! The virtual world that a program finds itself in.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::{Engine, Event, Failure, Machine, Profile, Reader, StreamId, StreamSource, Time};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use report::{Console, Zone};
use simulator::{Arrivals, InOrder, MachineId, WorldSettings};

use crate::context::Context;
use crate::object::{exception, interruptible, is_interrupt};
use crate::query::Writer;
use crate::timeline::Timeline;

/// Steps between two looks at the signals that Python has been sent.
const STEPS_BETWEEN_SIGNALS: u32 = 1_024;

/// A timeline, and the programs that see it.
///
/// All methods may be called while a batch runs, but for `run`.
#[pyclass(unsendable)]
pub(crate) struct World {
    timeline: Py<Timeline>,
    machines: RefCell<simulator::World<'static>>,
    now: Rc<Cell<Time>>,
    programs: RefCell<Vec<Program>>,
}

struct Program {
    machine: MachineId,
    log: Rc<RefCell<Log>>,
}

/// The record of a program while it runs.
#[derive(Default)]
struct Log {
    /// The failure of a batch that is not complete.
    failing: Option<Failure>,
    failure: Option<Failure>,
    has_stopped: bool,
    stop: Option<Stop>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    AtOnce,
    Gracefully,
}

/// Follows the events of a program.
struct Follower {
    now: Rc<Cell<Time>>,
    log: Rc<RefCell<Log>>,
    /// A function of the program that is called with its events.
    listener: Option<Py<PyAny>>,
    console: Option<Console<Output>>,
}

/// Standard output, as the program has it.
struct Output(Py<PyAny>);

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
    fn tell(&self, now: Time, event: &Event) {
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
            | Event::Printed { .. }
            | Event::QueryProgress { .. }
            | Event::TableShown { .. }
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
}

impl Reader for Follower {
    fn read(&mut self, time: Time, event: &Event) {
        self.now.set(time);
        self.tell(time, event);
        self.console.read(time, event);
        let mut log = self.log.borrow_mut();
        match event {
            Event::Stopped => log.has_stopped = true,
            Event::QueryProgress { failure, .. } => log.failure.clone_from(failure),
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

#[pymethods]
impl World {
    /// A world that starts as the timeline does, with what arrives then and later.
    #[new]
    fn new(timeline: Py<Timeline>) -> World {
        let start = timeline.get().0.start;
        let settings = WorldSettings::between(start, Time::from_millis(i64::MAX));
        World {
            timeline,
            machines: RefCell::new(simulator::World::new(settings, InOrder::default())),
            now: Rc::new(Cell::new(start)),
            programs: RefCell::default(),
        }
    }

    /// The virtual time, in milliseconds since the epoch.
    fn now(&self) -> i64 {
        self.now.get().as_millis()
    }

    /// Starts a program now. Returns its number. `listener` is called with each event of the program: the time, the kind,
    /// the time of the batch, the number of its records or of its output operation, and a reason.
    #[pyo3(signature = (context, listener = None))]
    fn start(&self, context: &Context, listener: Option<Py<PyAny>>) -> PyResult<usize> {
        let program = context.0.build();
        let program = program.map_err(|error| PyValueError::new_err(error.to_string()))?;
        self.add(Engine::new(program), listener, None)
    }

    /// Starts a query now, whose tables are handed to `print` as text, with times in this zone. Returns its number.
    fn start_query(&self, writer: &Writer, zone: &str, print: Py<PyAny>) -> PyResult<usize> {
        let query = writer.query();
        let query = query.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let zone = Zone::named(zone).map_err(|error| PyValueError::new_err(error.to_string()))?;
        let output = Output(print);
        let console = Console::new(Profile::Pyspark, zone, output).flush_each_batch(true);
        self.add(query, None, Some(console))
    }

    /// Plays the world up to `until`, or until this program has stopped. Returns true if it has.
    ///
    /// Raises the exception with which a batch of the program has failed, once each.
    #[pyo3(signature = (until, program = None))]
    fn run(&self, py: Python<'_>, until: i64, program: Option<usize>) -> PyResult<bool> {
        let Ok(mut world) = self.machines.try_borrow_mut() else {
            return Err(PyRuntimeError::new_err(
                "a function of a batch waits for batches: it would wait for itself",
            ));
        };
        let log = program.map(|program| Rc::clone(&self.programs.borrow()[program].log));
        self.play(py, &mut world, until, || {
            let Some(log) = &log else {
                return Ok(false);
            };
            let Log {
                failure,
                has_stopped,
                ..
            } = &mut *log.borrow_mut();
            match failure.take() {
                Some(failure) => Err(exception(py, &failure)),
                None => Ok(*has_stopped),
            }
        })
    }

    /// Plays the world up to `until`, or until this program has stopped. The failure of a batch waits for the next
    /// `run`, as in Spark for `awaitTermination`. Within a batch nothing is played: it cannot wait for its own end.
    fn finish(&self, py: Python<'_>, until: i64, program: usize) -> PyResult<()> {
        let Ok(mut world) = self.machines.try_borrow_mut() else {
            return Ok(());
        };
        self.play(py, &mut world, until, || Ok(self.has_stopped(program)))?;
        Ok(())
    }

    /// Asks a program to stop: at once, or after what has arrived is worked off.
    fn stop(&self, program: usize, gracefully: bool) {
        let stop = if gracefully {
            Stop::Gracefully
        } else {
            Stop::AtOnce
        };
        self.programs.borrow()[program].log.borrow_mut().stop = Some(stop);
    }

    fn has_stopped(&self, program: usize) -> bool {
        self.programs.borrow()[program].log.borrow().has_stopped
    }
}

impl World {
    /// Plays up to `until`, or until `is_over`. Returns whether it is.
    fn play(
        &self,
        py: Python<'_>,
        world: &mut simulator::World<'_>,
        until: i64,
        is_over: impl Fn() -> PyResult<bool>,
    ) -> PyResult<bool> {
        let until = Time::from_millis(until);
        let mut steps = 0;
        loop {
            self.carry_out_stops(world);
            if is_over()? {
                return Ok(true);
            }
            if !interruptible(|| world.step_until(until))? {
                break;
            }
            steps += 1;
            if steps % STEPS_BETWEEN_SIGNALS == 0 {
                py.check_signals()?;
            }
        }
        world.advance(until);
        self.now.set(until.max(self.now.get()));
        Ok(false)
    }

    /// Starts a machine now. Returns its number.
    fn add(
        &self,
        machine: impl Machine + 'static,
        listener: Option<Py<PyAny>>,
        console: Option<Console<Output>>,
    ) -> PyResult<usize> {
        let arrivals = self.arrivals(machine.sources());
        let log = Rc::new(RefCell::new(Log::default()));
        let follower = Follower {
            now: Rc::clone(&self.now),
            log: Rc::clone(&log),
            listener,
            console,
        };
        let Ok(mut world) = self.machines.try_borrow_mut() else {
            return Err(PyRuntimeError::new_err(
                "a program cannot be started while a batch of another one runs",
            ));
        };
        world.advance(self.now.get());
        let machine = world.add(machine, arrivals, follower);
        let mut programs = self.programs.borrow_mut();
        programs.push(Program { machine, log });
        Ok(programs.len() - 1)
    }

    /// The lines that are still to come to a program that starts now.
    fn arrivals(&self, sources: &[StreamSource]) -> Arrivals {
        let mut arrivals = Arrivals::default();
        let now = self.now.get();
        let timeline = &self.timeline.get().0;
        let entries = timeline.entries.iter();
        for entry in entries.filter(|entry| entry.time > now || now == timeline.start) {
            for (index, source) in sources.iter().enumerate() {
                let is_for = |name: &String| *name == source.to_string();
                if entry.stream.as_ref().is_none_or(is_for) && !entry.lines.is_empty() {
                    arrivals.push(entry.time, StreamId(index), entry.lines.clone());
                }
            }
        }
        arrivals
    }

    fn carry_out_stops(&self, world: &mut simulator::World<'_>) {
        for program in self.programs.borrow().iter() {
            let stop = program.log.borrow_mut().stop.take();
            match stop {
                Some(Stop::AtOnce) => {
                    world.remove(program.machine);
                    program.log.borrow_mut().has_stopped = true;
                }
                Some(Stop::Gracefully) => world.request_stop(program.machine),
                None => {}
            }
        }
    }
}
