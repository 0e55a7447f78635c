//! Faults of the drivers of a world: their deaths, and their next lives.

use engine::{DriverEvent, Event, Input};
use scenario::{ClockJump, Fault};

use super::World;
use super::driver::Driver;
use super::sources::Sources;
use crate::cost::in_millis;
use crate::schedule::MachineId;

impl World<'_> {
    /// Lets the next fault of a machine happen, or the end of one that is dying.
    pub(super) fn strike(&mut self, id: MachineId) {
        let machine = &mut self.machines[id.0];
        let Some(driver) = &mut machine.driver else {
            return;
        };
        if driver.is_dying() {
            return self.crash(id);
        }
        if driver.take_recovered() {
            return self.rise(id);
        }
        let Some(fault) = driver.take_fault() else {
            return;
        };
        if fault == Fault::Restart
            && let Some(point) = driver.unreached()
        {
            self.unreached.get_or_insert(point);
        }
        driver.prepare(fault);
        let is_dead = driver.is_dead();
        let is_program = driver.prints_in_jobs();
        if is_program {
            driver.pass_restart(self.now, fault);
        }
        if fault == Fault::Crash {
            driver.recovered_at = None;
        }
        machine.find_times(self.now);
        match fault {
            // One that was not recovered has ended already.
            Fault::Crash if !is_dead => self.crash(id),
            Fault::Clock(jump) => self.jump(id, jump),
            Fault::Stop => {
                self.stop_receivers(id);
                self.handle(id, Input::StopRequested, false);
            }
            Fault::Cluster(fault) => self.strike_cluster(id, fault),
            Fault::Restart if !is_program => self.restart(id),
            _ => {}
        }
    }

    /// Ends the process of a machine's driver.
    pub(super) fn crash(&mut self, id: MachineId) {
        self.replies.drop_to(id);
        let machine = &mut self.machines[id.0];
        if let Some(driver) = &mut machine.driver {
            driver.die();
        }
        machine
            .reader
            .read(self.now, &Event::Driver(DriverEvent::Crashed));
        self.leave_results(id, self.now);
        self.end_cluster(id);
        self.machines[id.0].find_times(self.now);
    }

    /// The first point at which a driver was to die, and did not before it was started again or by now.
    pub(crate) fn unreached(&self) -> Option<String> {
        let mut drivers = self.machines.iter().filter_map(|it| it.driver.as_ref());
        let passed_by = self.unreached.clone();
        passed_by.or_else(|| drivers.find_map(Driver::unreached))
    }

    /// Has the clock of a machine's driver jump.
    fn jump(&mut self, id: MachineId, jump: ClockJump) {
        let machine = &mut self.machines[id.0];
        machine.clock.jump(self.now, jump);
        machine.find_times(self.now);
    }

    /// Starts the driver of a machine again, which may take time to read what was saved.
    fn restart(&mut self, id: MachineId) {
        let machine = &self.machines[id.0];
        let is_alive = machine
            .driver
            .as_ref()
            .is_some_and(|driver| !driver.is_dead());
        if is_alive && !machine.machine.is_stopped() {
            // The point at which it should have died has not come.
            self.crash(id);
        }
        self.replies.drop_to(id);
        let machine = &mut self.machines[id.0];
        let time = in_millis(machine.meter.of_recovery());
        match &mut machine.driver {
            Some(driver) if driver.folder.is_some() && !time.is_zero() => {
                driver.recovered_at = self.now.checked_add(time);
                machine.find_times(self.now);
            }
            _ => self.rise(id),
        }
    }

    /// Begins the next life of a driver.
    fn rise(&mut self, id: MachineId) {
        let now = self.now;
        let machine = &mut self.machines[id.0];
        let Some(driver) = &mut machine.driver else {
            return;
        };
        let next = match driver.begin_life(now) {
            Ok(next) => next,
            Err(failure) => {
                driver.die();
                let failed = Event::Driver(DriverEvent::NotRecovered { failure });
                machine.reader.read(now, &failed);
                return machine.find_times(now);
            }
        };
        machine.machine = next.machine;
        machine.sources = Sources::new((driver.arrivals)());
        let missed = machine.sources.take_missed(now, &machine.clock);
        self.begin_cluster(id, &missed);
        for replayed in missed {
            if next.is_replayed {
                self.handle(id, replayed, false);
            }
        }
        self.handle(id, Input::Started, false);
    }
}
