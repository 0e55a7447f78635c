//! The virtual world that a program finds itself in.

mod machines;
mod queries;

use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;

use engine::{DStream, Engine, Recovery, Text, Time};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use scenario::Fault;
use simulator::{CheckpointFiles, Driver, InOrder, MachineId, WorldSettings};
use suite::ProgramTimeline;

use self::queries::{QueryOfProgram, StartedQuery};
use crate::arrivals::{Lines, entries};
use crate::context::Context;
use crate::follower::{Log, Stop};
use crate::object::{exception, interruptible};
use crate::sql::{Session, Writer};
use crate::timeline::Timeline;
use crate::watched_folders::WatchedFolders;

/// True if a program can go on from these files.
///
/// Raises a `ValueError` if there are checkpoints, and none can be read.
#[pyfunction]
pub(crate) fn has_checkpoint(files: CheckpointFiles) -> PyResult<bool> {
    Ok(read(&files)?.is_some())
}

fn read(files: &CheckpointFiles) -> PyResult<Option<Recovery>> {
    let recovery = Driver::of_program([], false, Time::EPOCH).open(files);
    recovery.map_err(value_error)
}

fn value_error(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn busy() -> PyErr {
    PyRuntimeError::new_err("a program cannot be started while a batch of another one runs")
}

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
    lives: RefCell<Lives>,
    has_crashed: Rc<Cell<bool>>,
}

/// The process of the program, as far as faults happen to it.
struct Lives {
    /// `None` while a machine has it.
    driver: Option<Driver<'static>>,
    /// The last machine that has been started in it.
    machine: Option<MachineId>,
    /// True if it has a fault, or may have: then each program has a driver.
    has_faults: bool,
}

struct Program {
    machine: MachineId,
    log: Rc<RefCell<Log>>,
    /// The folders that it reads while it runs.
    folders: WatchedFolders,
}

#[pymethods]
impl World {
    /// A world that starts as the timeline does, or, of a process that is started again, at the first restart among
    /// the faults from `first_fault` on.
    #[new]
    #[pyo3(signature = (timeline, first_fault = 0, is_again = false))]
    fn new(timeline: Py<Timeline>, first_fault: usize, is_again: bool) -> World {
        let ProgramTimeline { start, faults, .. } = &timeline.get().0;
        let at = |&(offset, fault): &_| Some((start.checked_add(offset)?, fault));
        let to_come = faults.iter().skip(first_fault).filter_map(at);
        // In all lives alike, as a program goes on from a checkpoint of its own shape alone.
        let may_fail = faults
            .iter()
            .any(|(_, it)| matches!(it, Fault::Fail { .. }));
        let mut driver = Driver::of_program(to_come, may_fail, *start);
        let risen = if is_again { driver.rise() } else { None };
        let begin = risen.unwrap_or(*start);
        let settings = WorldSettings::between(begin, Time::from_millis(i64::MAX));
        let has_faults = !faults.is_empty();
        World {
            timeline,
            machines: RefCell::new(simulator::World::new(settings, InOrder::default())),
            now: Rc::new(Cell::new(begin)),
            programs: RefCell::default(),
            lives: RefCell::new(Lives {
                driver: Some(driver),
                machine: None,
                has_faults,
            }),
            has_crashed: Rc::default(),
        }
    }

    /// The virtual time, in milliseconds since the epoch.
    fn now(&self) -> i64 {
        self.now.get().as_millis()
    }

    /// Starts a program now. Returns its number. `listener` is called with each event of the program: the time, the kind,
    /// the time of the batch, the number of its records or of its output operation, and a reason; `driver_listener` with
    /// those of its driver. A program with checkpoints has `files` in its folder, from which it may go on.
    /// Its sources have had these `earlier` lines then, as far as they keep them.
    #[pyo3(signature = (context, listener, driver_listener, files, earlier))]
    fn start(
        &self,
        context: &Context,
        listener: Option<Py<PyAny>>,
        driver_listener: Py<PyAny>,
        files: Option<CheckpointFiles>,
        earlier: Option<Vec<Lines>>,
    ) -> PyResult<usize> {
        let earlier = earlier.map(entries);
        let program = context.0.build().map_err(value_error)?;
        let recovery = files
            .as_ref()
            .filter(|_| earlier.is_some())
            .map(read)
            .transpose()?;
        let engine = match recovery.flatten() {
            Some(recovery) => Engine::recover(program, recovery).map_err(value_error)?,
            None => Engine::new(program),
        };
        let mut driver = self.driver(files.is_some());
        if let Some((driver, files)) = driver.as_mut().zip(files) {
            driver.open(&files).map_err(value_error)?;
        }
        let follower = self.follower(listener, Some(driver_listener), None)?;
        self.add(engine, follower, driver, earlier)
    }

    /// Starts a query of a session now. Returns its number, and its id, which is that of its checkpoint if it goes on from
    /// one.
    ///
    /// Raises a `ValueError` if a checkpoint cannot be read.
    fn start_query(
        &self,
        writer: &Writer,
        session: Py<Session>,
        parts: QueryOfProgram,
    ) -> PyResult<(usize, String)> {
        let StartedQuery { program, id } = self.add_query(writer, session, parts)?;
        Ok((program, id))
    }

    /// Plays the world up to `until`, or until one of these programs has stopped. Returns true if one has.
    fn run_any(&self, py: Python<'_>, until: i64, programs: Vec<usize>) -> PyResult<bool> {
        let mut world = self.borrowed()?;
        self.play(py, &mut world, until, || {
            Ok(programs.iter().any(|program| self.has_stopped(*program)))
        })
    }

    /// Plays the world up to `until`, or until this program has stopped. Returns true if it has.
    ///
    /// Raises the exception with which a batch of the program has failed, once each.
    #[pyo3(signature = (until, program = None))]
    fn run(&self, py: Python<'_>, until: i64, program: Option<usize>) -> PyResult<bool> {
        let mut world = self.borrowed()?;
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
        // Within a batch it has to wait for the end of that.
        if let Ok(mut world) = self.machines.try_borrow_mut() {
            self.carry_out_stops(&mut world);
        }
    }

    /// True if a fault has ended the process.
    fn has_crashed(&self) -> bool {
        self.has_crashed.get()
    }

    /// The number of faults of the timeline that are still to come.
    fn faults_left(&self) -> usize {
        self.with_driver(Driver::faults_left).unwrap_or(0)
    }

    /// The end of the batch in which the process was to end, in milliseconds, if it has not come.
    fn crash_to_come(&self) -> Option<i64> {
        let time = self.with_driver(Driver::crash_to_come)?;
        time.map(Time::as_millis)
    }

    /// The file of a checkpoint at which the process was to end, if it has not come.
    fn file_to_come(&self) -> Option<String> {
        let file = self.with_driver(Driver::crash_at_to_come)?;
        file.map(|file| file.to_string())
    }

    /// The time of a restart at which the process ran, in milliseconds, if there was one.
    fn restart_in_vain(&self) -> Option<i64> {
        let time = self.with_driver(Driver::restart_in_vain)?;
        time.map(Time::as_millis)
    }

    /// The files of the last program's checkpoint folder; `None` if it has none. Those of a process that has ended are
    /// as the faults of the time in which it is down leave them.
    fn files(&self) -> Option<CheckpointFiles> {
        if self.has_crashed.get() {
            let driver = self.driver(true);
            let mut driver = driver?;
            driver.strike_files();
            self.lives.borrow_mut().driver = Some(driver);
        }
        self.with_driver(Driver::files).flatten()
    }

    /// The files of the checkpoint of a query. Those of a process that has ended are as the faults of the time in which it
    /// is down leave them.
    fn files_of_query(&self, program: usize) -> Option<CheckpointFiles> {
        let machine = self.programs.borrow()[program].machine;
        let mut world = self.machines.try_borrow_mut().ok()?;
        let driver = world.driver_mut(machine)?;
        if self.has_crashed.get() {
            driver.strike_files();
        }
        driver.files()
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
        world: &mut simulator::World<'static>,
        until: i64,
        is_over: impl Fn() -> PyResult<bool>,
    ) -> PyResult<bool> {
        let until = Time::from_millis(until);
        let mut steps = 0;
        let has_faults = self.lives.borrow().has_faults;
        loop {
            if self.has_crashed.get() {
                return Ok(false);
            }
            self.carry_out_stops(world);
            self.look_for_files(world)?;
            // The end of a batch in whose midst the process ends is not seen.
            if !self.is_ending(world) && is_over()? {
                return Ok(true);
            }
            let (before, fault) = match self.fault_of_none(until) {
                Some(time) => (time, true),
                None => (until, false),
            };
            // No event comes before a job that is late.
            if has_faults && let Some(time) = world.next_time().filter(|it| *it <= before) {
                self.now.set(time.max(self.now.get()));
            }
            if !interruptible(|| world.step_until(before))? {
                if !fault {
                    break;
                }
                world.advance(before);
                self.now.set(before.max(self.now.get()));
                self.strike();
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

    fn borrowed(&self) -> PyResult<RefMut<'_, simulator::World<'static>>> {
        self.machines.try_borrow_mut().map_err(|_| {
            PyRuntimeError::new_err(
                "a function of a batch waits for batches: it would wait for itself",
            )
        })
    }

    /// The same lines, which fail where a fault says so.
    pub(crate) fn failing(&self, lines: &DStream<Text>) -> DStream<Text> {
        self.with_driver(|driver| driver.failing(lines))
            .unwrap_or_else(|| lines.clone())
    }

    fn with_driver<R>(&self, look: impl FnOnce(&Driver<'static>) -> R) -> Option<R> {
        let lives = self.lives.borrow();
        if let Some(driver) = &lives.driver {
            return Some(look(driver));
        }
        let machines = self.machines.try_borrow().ok()?;
        machines.driver(lives.machine?).map(look)
    }

    /// Takes the driver for the next program, if that has checkpoints or faults.
    fn driver(&self, has_checkpoints: bool) -> Option<Driver<'static>> {
        let mut lives = self.lives.borrow_mut();
        if !has_checkpoints && !lives.has_faults {
            return None;
        }
        let kept = lives.driver.take();
        kept.or_else(|| {
            self.machines
                .try_borrow_mut()
                .ok()?
                .take_driver(lives.machine?)
        })
    }

    fn is_ending(&self, world: &simulator::World<'static>) -> bool {
        let machine = self.lives.borrow().machine;
        let driver = machine.and_then(|machine| world.driver(machine));
        driver.is_some_and(Driver::is_ending)
    }

    /// The time of the next fault up to `until` where no program has been started.
    fn fault_of_none(&self, until: Time) -> Option<Time> {
        let (time, _) = self.lives.borrow().driver.as_ref()?.next()?;
        let time = time.max(self.now.get());
        Some(time).filter(|time| *time <= until)
    }

    /// Lets the next fault happen where no program has been started.
    fn strike(&self) {
        let mut lives = self.lives.borrow_mut();
        let fault = lives.driver.as_mut().and_then(Driver::pass);
        if matches!(fault, Some(Fault::Crash | Fault::Stop)) {
            self.has_crashed.set(true);
        }
    }
}
