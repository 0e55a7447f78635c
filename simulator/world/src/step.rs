//! The world: machines on one virtual time, one step after the other.

mod due;
mod replies;

use std::time::Duration;

use engine::{
    Event, Host, Inline, Input, Job, Machine, Outbox, Reader, Time, Workers, Write, drive,
};

use self::due::Due;
use self::replies::{Replies, Reply};
use crate::arrivals::Arrivals;
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
    /// The virtual time that a job takes.
    pub job_time: Duration,
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
            job_time: Duration::ZERO,
            write_time: Duration::ZERO,
        }
    }
}

/// A machine is given up when it was woken so often at one instant, without an effect.
const IDLE_WAKES_MAX: u32 = 1_000;

/// Machines with their arrivals, and the virtual time that they share.
pub struct World<'a> {
    settings: WorldSettings<'a>,
    machines: Vec<WorldMachine<'a>>,
    replies: Replies,
    schedule: Box<dyn Schedule + 'a>,
    now: Time,
    outbox: Outbox,
    /// The candidates of the step, kept for their memory.
    candidates: Vec<Candidate>,
}

/// A machine, its arrivals and the reader of its events.
struct WorldMachine<'a> {
    machine: Box<dyn Machine + 'a>,
    arrivals: Arrivals,
    reader: Box<dyn Reader + 'a>,
    /// The time of the next arrival; `None` once the machine has stopped.
    arrival: Option<Time>,
    /// The time at which the machine wants to be woken; `None` once it has stopped.
    wake: Option<Time>,
    /// The number of wakes in a row without an effect, after each of which it asked to be woken at once.
    idle_wakes: u32,
}

impl<'a> World<'a> {
    /// A world without machines, at the start time.
    pub fn new(settings: WorldSettings<'a>, schedule: impl Schedule + 'a) -> World<'a> {
        World {
            now: settings.start,
            settings,
            machines: Vec::new(),
            replies: Replies::default(),
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
        let id = MachineId(self.machines.len());
        self.machines.push(WorldMachine {
            machine: Box::new(machine),
            arrivals,
            reader: Box::new(reader),
            arrival: None,
            wake: None,
            idle_wakes: 0,
        });
        self.handle(id, Input::Started, false);
        id
    }

    /// Passes the next input to its machine. Returns false if no input is left up to the stop.
    ///
    /// At one instant, jobs that have ended and writes that are durable come first, then what arrives,
    /// then the machines that want to be woken, unless the schedule decides otherwise.
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
            Candidate::Reply(id) => (id, self.replies.take(id)),
            Candidate::Arrival(id) => {
                let (stream, records) = self.machines[id.0].arrivals.take(time);
                (id, Input::Stored { stream, records })
            }
            Candidate::Wake(id) => (id, Input::Woken),
        };
        // A machine that is woken alone finds only the end of its own job at this instant.
        let is_woken_alone = due.is_only && matches!(candidate, Candidate::Wake(_));
        self.handle(id, input, is_woken_alone);
        true
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

    /// Asks a machine to stop, now: it works off what has arrived.
    pub fn request_stop(&mut self, id: MachineId) {
        self.handle(id, Input::StopRequested, false);
    }

    /// Ends a machine as if its process ended: no input comes to it any more.
    pub fn remove(&mut self, id: MachineId) {
        self.replies.drop_to(id);
        let machine = &mut self.machines[id.0];
        machine.arrival = None;
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

    /// The next input up to `stop`: the one of its candidates that the schedule chooses.
    fn next(&mut self, stop: Time) -> Option<Due> {
        let due = self.earliest()?;
        if due.time > stop {
            return None;
        }
        if due.is_only {
            return Some(due);
        }
        self.find_candidates(due.time);
        let chosen = self.schedule.choose(&self.candidates);
        let candidate = self.candidates.get(chosen);
        let candidate = *candidate.expect("a schedule chooses one of the candidates");
        Some(Due { candidate, ..due })
    }

    /// The earliest candidate. A wake that is past already counts as now.
    fn earliest(&self) -> Option<Due> {
        let mut due = self.replies.earliest();
        for (index, machine) in self.machines.iter().enumerate() {
            let id = MachineId(index);
            if let Some(time) = machine.arrival {
                Due::offer(&mut due, time, Candidate::Arrival(id));
            }
            if let Some(wake) = machine.wake {
                Due::offer(&mut due, wake.max(self.now), Candidate::Wake(id));
            }
        }
        due
    }

    /// Collects the candidates of an instant in the default order.
    fn find_candidates(&mut self, time: Time) {
        self.candidates.clear();
        self.candidates
            .extend(self.replies.at(time).map(Candidate::Reply));
        // Lines come before the machine is woken, so that those at a batch time belong to its batch.
        for (index, machine) in self.machines.iter().enumerate() {
            if machine.arrival == Some(time) {
                self.candidates.push(Candidate::Arrival(MachineId(index)));
            }
        }
        for (index, machine) in self.machines.iter().enumerate() {
            if machine.wake.is_some_and(|wake| wake <= time) {
                self.candidates.push(Candidate::Wake(MachineId(index)));
            }
        }
    }

    fn handle(&mut self, id: MachineId, input: Input, is_woken_alone: bool) {
        let is_wake = matches!(input, Input::Woken);
        let machine = &mut self.machines[id.0];
        let mut host = VirtualHost {
            id,
            settings: &self.settings,
            replies: &mut self.replies,
            reader: &mut *machine.reader,
            ends_jobs_at_once: is_woken_alone && self.settings.job_time.is_zero(),
            has_effect: false,
        };
        drive(
            &mut machine.machine,
            self.now,
            input,
            &mut self.outbox,
            &mut host,
        );
        let is_idle = is_wake && !host.has_effect;
        machine.find_times();
        machine.count_idle_wakes(is_idle, self.now);
    }
}

impl WorldMachine<'_> {
    /// Counts an input, after which the machine may ask to be woken at once.
    fn count_idle_wakes(&mut self, is_idle: bool, now: Time) {
        let is_due = self.wake.is_some_and(|wake| wake <= now);
        self.idle_wakes = if is_idle && is_due {
            self.idle_wakes + 1
        } else {
            0
        };
        assert!(
            self.idle_wakes < IDLE_WAKES_MAX,
            "a machine asks for ever to be woken at {now}: {IDLE_WAKES_MAX} times it was, without an effect"
        );
    }

    /// Finds the times of its next inputs, which only an input of its own can change.
    fn find_times(&mut self) {
        if self.machine.is_stopped() {
            self.arrival = None;
            self.wake = None;
        } else {
            self.arrival = self.arrivals.next_time();
            self.wake = self.machine.next_wake();
        }
    }
}

/// Carries out the effects of one machine.
struct VirtualHost<'a, 'w> {
    id: MachineId,
    settings: &'a WorldSettings<'w>,
    replies: &'a mut Replies,
    reader: &'a mut dyn Reader,
    ends_jobs_at_once: bool,
    has_effect: bool,
}

impl VirtualHost<'_, '_> {
    /// Replies when the delay has passed, and never if that is past the end of time.
    fn reply_after(&mut self, now: Time, delay: Duration, input: Input) {
        self.has_effect = true;
        if let Some(time) = now.checked_add(delay) {
            self.replies.add(Reply {
                time,
                to: self.id,
                input,
            });
        }
    }
}

impl Host for VirtualHost<'_, '_> {
    /// Runs the job at once; the machine learns of its end when the time of a job has passed.
    fn run(&mut self, now: Time, job: Job) {
        let finished = job.run(self.settings.workers);
        self.reply_after(now, self.settings.job_time, Input::JobFinished(finished));
    }

    fn write(&mut self, now: Time, write: Write) {
        let written = Input::Written {
            id: write.id,
            result: Ok(()),
        };
        self.reply_after(now, self.settings.write_time, written);
    }

    fn record(&mut self, now: Time, event: Event) {
        self.has_effect = true;
        self.reader.read(now, &event);
    }

    fn ends_jobs_at_once(&self) -> bool {
        self.ends_jobs_at_once
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
            .field("job_time", &self.job_time)
            .field("write_time", &self.write_time)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
