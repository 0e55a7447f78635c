//! The world: machines on one virtual time, one step after the other.

mod candidates;
mod cluster;
mod disk_faults;
pub(crate) mod driver;
mod driver_clock;
mod due;
mod faults;
mod host;
pub(crate) mod life;
mod machine;
mod permuted_reads;
mod replies;
mod results;
mod sources;

use std::time::Duration;

use engine::{Inline, Input, Machine, Outbox, Reader, Records, StreamId, Time, Workers, drive};
use scenario::Cost;

use self::driver::Driver;
use self::due::Due;
use self::host::VirtualHost;
use self::machine::WorldMachine;
use self::replies::{Replies, What};
use crate::arrivals::Arrivals;
use crate::cluster::Cluster;
use crate::cost::CostMeter;
use crate::schedule::{Candidate, MachineId, Schedule};

/// The settings of a world.
#[derive(Clone, Copy)]
pub struct WorldSettings<'a> {
    /// The time at which the programs start.
    pub start: Time,
    /// The last instant that is played.
    pub stop: Time,
    /// The workers over which stages of jobs are spread.
    pub workers: &'a dyn Workers,
    /// The virtual time that the work of each machine takes.
    pub cost: Cost,
    /// The virtual time until a write is durable.
    pub write_time: Duration,
}

impl WorldSettings<'static> {
    /// A world that is played from `start` to `stop` on one thread, in which jobs and writes take no time.
    pub fn between(start: Time, stop: Time) -> WorldSettings<'static> {
        WorldSettings {
            start,
            stop,
            workers: &Inline,
            cost: Cost::default(),
            write_time: Duration::ZERO,
        }
    }
}

/// Machines with their arrivals, and the virtual time that they share.
pub struct World<'a> {
    settings: WorldSettings<'a>,
    machines: Vec<WorldMachine<'a>>,
    replies: Replies,
    schedule: Box<dyn Schedule + 'a>,
    now: Time,
    /// The point at which a driver was to die before it was started again, and did not.
    unreached: Option<String>,
    outbox: Outbox,
    /// The candidates of the step, kept for their memory.
    candidates: Vec<Candidate>,
}

impl<'a> World<'a> {
    /// A world without machines, at the start time.
    pub fn new(settings: WorldSettings<'a>, schedule: impl Schedule + 'a) -> World<'a> {
        World {
            now: settings.start,
            settings,
            machines: Vec::new(),
            replies: Replies::default(),
            unreached: None,
            schedule: Box::new(schedule),
            outbox: Outbox::new(),
            candidates: Vec::new(),
        }
    }

    /// Adds a machine and starts it, now. `reader` follows its events.
    ///
    /// # Panics
    ///
    /// Panics if records arrive before now: they would come to no program.
    pub fn add(
        &mut self,
        machine: impl Machine + 'a,
        arrivals: Arrivals,
        reader: impl Reader + 'a,
    ) -> MachineId {
        if let Some(first) = arrivals.next_time().filter(|first| *first < self.now) {
            panic!(
                "records arrive at {first}, before the machine starts at {}",
                self.now
            );
        }
        let id = self.push(Box::new(machine), None, arrivals, Box::new(reader));
        self.handle(id, Input::Started, false);
        id
    }

    /// As [`add`](World::add), a machine that is first handed what its sources have had before now and keep, and that may
    /// have a driver.
    ///
    /// # Panics
    ///
    /// As [`add`](World::add).
    pub fn add_with_past(
        &mut self,
        machine: impl Machine + 'a,
        driver: Option<Driver<'a>>,
        past: impl IntoIterator<Item = Input>,
        arrivals: Arrivals,
        reader: impl Reader + 'a,
    ) -> MachineId {
        let id = self.push(Box::new(machine), driver, arrivals, Box::new(reader));
        for input in past {
            self.handle(id, input, false);
        }
        self.handle(id, Input::Started, false);
        id
    }

    /// As [`add`](World::add), a machine whose driver may die and start again, and may have executors.
    pub(crate) fn add_driver(
        &mut self,
        machine: Box<dyn Machine>,
        driver: Driver<'a>,
        cluster: Option<Cluster>,
        reader: impl Reader + 'a,
    ) -> MachineId {
        let arrivals = (driver.arrivals)();
        let id = self.push(machine, Some(driver), arrivals, Box::new(reader));
        self.machines[id.0].cluster = cluster;
        self.begin_cluster(id, &[]);
        self.handle(id, Input::Started, false);
        id
    }

    /// Adds a machine that is not started yet.
    fn push(
        &mut self,
        machine: Box<dyn Machine + 'a>,
        driver: Option<Driver<'a>>,
        arrivals: Arrivals,
        reader: Box<dyn Reader + 'a>,
    ) -> MachineId {
        let id = MachineId(self.machines.len());
        let meter = CostMeter::new(self.settings.cost);
        let machine = WorldMachine::new(machine, driver, arrivals, reader, meter);
        self.machines.push(machine);
        id
    }

    /// Passes the next input to its machine. Returns false if no input is left up to the stop.
    ///
    /// At one instant, jobs that have ended and writes that are durable come first, then what arrives, then what
    /// executors do, then the machines that want to be woken, unless the schedule decides otherwise.
    ///
    /// # Panics
    ///
    /// Panics if a machine asks for ever to be woken at once, and does nothing when it is: time would stand still.
    pub fn step(&mut self) -> bool {
        self.step_until(self.settings.stop)
    }

    /// As [`step`](World::step), for inputs up to another stop.
    pub fn step_until(&mut self, stop: Time) -> bool {
        let Some(due) = self.next(stop) else {
            return false;
        };
        let Due {
            time, candidate, ..
        } = due;
        assert!(time >= self.now, "time never runs backwards");
        self.now = time;
        let (id, input) = match candidate {
            Candidate::Fault(id) => {
                self.strike(id);
                return true;
            }
            Candidate::Reply(id) => match self.replies.take(id) {
                What::Input(input) => (id, input),
                What::Job(job) => {
                    let finished = job.run(self.settings.workers);
                    let driver = self.machines[id.0].driver.as_mut();
                    if driver.is_some_and(Driver::ends_after_job) {
                        self.crash(id);
                        return true;
                    }
                    (id, Input::JobFinished(finished))
                }
            },
            Candidate::Arrival(id) => {
                let machine = &mut self.machines[id.0];
                let taken = machine
                    .sources
                    .take(time, &*machine.machine, &machine.clock);
                let stored = match taken {
                    Some(Input::Stored { stream, records }) => self.receive(id, stream, records),
                    taken => taken,
                };
                let Some(input) = stored else {
                    self.machines[id.0].find_times(time);
                    return true;
                };
                (id, input)
            }
            Candidate::Cluster(id) => match self.work(id) {
                Some(input) => (id, input),
                None => return true,
            },
            Candidate::Wake(id) => (id, Input::Woken),
        };
        // A machine that is woken alone finds only the end of its own job at this instant.
        let is_woken_alone = due.is_only && matches!(candidate, Candidate::Wake(_));
        self.handle(id, input, is_woken_alone);
        true
    }

    /// The time of the last input.
    pub(crate) fn now(&self) -> Time {
        self.now
    }

    /// True if a driver is reading its checkpoint, or, of a query, if a job or a write is under way.
    pub(crate) fn is_busy(&self, is_query: bool) -> bool {
        let mut drivers = self.machines.iter().filter_map(|it| it.driver.as_ref());
        let recovers = drivers.any(|driver| driver.recovered_at.is_some());
        recovers || is_query && self.replies.earliest().is_some()
    }

    /// Lets the time pass in which nothing is due, up to `time`.
    ///
    /// # Panics
    ///
    /// Panics if something is due before.
    pub fn advance(&mut self, time: Time) {
        let due = self.earliest();
        assert!(
            due.is_none_or(|due| due.time >= time),
            "what is due comes first"
        );
        self.now = self.now.max(time);
    }

    /// Hands records to a machine that come now, beside its arrivals, unless it has stopped.
    pub fn hand_over(&mut self, id: MachineId, stream: StreamId, records: Records) {
        if !self.machines[id.0].machine.is_stopped() {
            self.handle(id, Input::Stored { stream, records }, false);
        }
    }

    /// Asks a machine to stop, now: it works off what has arrived.
    pub fn request_stop(&mut self, id: MachineId) {
        self.handle(id, Input::StopRequested, false);
    }

    /// Ends a machine as if its process ended: no input comes to it any more.
    pub fn remove(&mut self, id: MachineId) {
        self.replies.drop_to(id);
        let machine = &mut self.machines[id.0];
        machine.arrival = None;
        machine.cluster_due = None;
        machine.wake = None;
    }

    /// Steps until no input is left.
    ///
    /// # Panics
    ///
    /// As [`step`](World::step).
    pub fn run(&mut self) {
        while self.step() {}
    }

    fn handle(&mut self, id: MachineId, input: Input, is_woken_alone: bool) {
        let is_wake = matches!(input, Input::Woken);
        let machine = &mut self.machines[id.0];
        let mut host = VirtualHost {
            id,
            settings: &self.settings,
            replies: &mut self.replies,
            reader: &mut *machine.reader,
            driver: machine.driver.as_mut(),
            clock: &machine.clock,
            meter: &mut machine.meter,
            ends_jobs_at_once: is_woken_alone
                && self.settings.cost.is_free_of_jobs()
                && machine.cluster.is_none(),
            cluster: machine.cluster.as_mut(),
            has_effect: false,
        };
        drive(
            &mut machine.machine,
            machine.clock.at(self.now),
            input,
            &mut self.outbox,
            &mut host,
        );
        let is_idle = is_wake && !host.has_effect;
        if machine.driver.as_ref().is_some_and(Driver::is_dead) {
            return self.crash(id);
        }
        machine.find_times(self.now);
        machine.count_idle_wakes(is_idle, self.now);
    }
}

impl std::fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now)
            .field("stop", &self.settings.stop)
            .field("machines", &self.machines.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WorldSettings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorldSettings")
            .field("start", &self.start)
            .field("stop", &self.stop)
            .field("cost", &self.cost)
            .field("write_time", &self.write_time)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
