//! Programs as machines of the world: how one is added, followed and stopped.

use std::rc::Rc;

use engine::Machine;
use pyo3::prelude::*;
use report::{Console, Zone};
use simulator::Driver;
use suite::ProgramEntry;

use super::{Program, World, busy, value_error};
use crate::arrivals::{StreamFiles, arrivals_at};
use crate::follower::{Follower, Output, Stop};
use crate::watched_folders::WatchedFolders;

impl World {
    pub(super) fn follower(
        &self,
        listener: Option<Py<PyAny>>,
        driver_listener: Option<Py<PyAny>>,
        console: Option<Console<Output>>,
    ) -> PyResult<Follower> {
        let zone = &self.timeline.get().0.timezone;
        Ok(Follower {
            now: Rc::clone(&self.now),
            log: Rc::default(),
            listener,
            driver_listener,
            query: None,
            zone: Zone::named(zone).map_err(value_error)?,
            console,
            has_crashed: Rc::clone(&self.has_crashed),
        })
    }

    /// Starts a machine now. Returns its number.
    pub(super) fn add(
        &self,
        machine: impl Machine + 'static,
        follower: Follower,
        driver: Option<Driver<'static>>,
        earlier: Option<Vec<ProgramEntry>>,
    ) -> PyResult<usize> {
        let goes_on = earlier.is_some();
        let timeline = &self.timeline.get().0;
        let arrivals = arrivals_at(self.now.get(), timeline, machine.sources(), earlier);
        let log = Rc::clone(&follower.log);
        let mut world = self.machines.try_borrow_mut().map_err(|_| busy())?;
        world.advance(self.now.get());
        let machine = match driver {
            Some(driver) => {
                let machine = world.add_life(machine, arrivals, driver, goes_on, follower);
                self.lives.borrow_mut().machine = Some(machine);
                machine
            }
            None => world.add(machine, arrivals, follower),
        };
        let mut programs = self.programs.borrow_mut();
        programs.push(Program {
            machine,
            log,
            folders: WatchedFolders::default(),
        });
        Ok(programs.len() - 1)
    }

    /// Hands files to queries that have come into their folders.
    pub(super) fn look_for_files(&self, world: &mut simulator::World<'static>) -> PyResult<()> {
        for program in self.programs.borrow().iter() {
            if program.log.borrow().has_stopped {
                continue;
            }
            for StreamFiles { stream, files } in program.folders.new_files()? {
                for records in files {
                    world.advance(self.now.get());
                    world.hand_over(program.machine, stream, records);
                }
            }
        }
        Ok(())
    }

    pub(super) fn carry_out_stops(&self, world: &mut simulator::World<'static>) {
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
