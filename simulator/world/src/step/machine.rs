//! A machine of the world, and the times of its next inputs.

use engine::{Machine, Reader, Time};

use super::driver::Driver;
use super::driver_clock::DriverClock;
use super::sources::Sources;
use crate::arrivals::Arrivals;
use crate::cluster::Cluster;
use crate::cost::CostMeter;

/// A machine is given up when it was woken so often at one instant, without an effect.
const IDLE_WAKES_MAX: u32 = 1_000;

/// A machine, its arrivals and the reader of its events.
pub(super) struct WorldMachine<'a> {
    pub(super) machine: Box<dyn Machine + 'a>,
    /// `None` of a machine that nothing happens to.
    pub(super) driver: Option<Driver<'a>>,
    /// `None` if the machine does all by itself.
    pub(super) cluster: Option<Cluster>,
    pub(super) clock: DriverClock,
    pub(super) sources: Sources,
    pub(super) reader: Box<dyn Reader + 'a>,
    pub(super) meter: CostMeter,
    /// The time of the next arrival; `None` once the machine has stopped.
    pub(super) arrival: Option<Time>,
    /// The time at which something is due in its cluster; `None` once it has stopped.
    pub(super) cluster_due: Option<Time>,
    /// The time at which the machine wants to be woken; `None` once it has stopped.
    pub(super) wake: Option<Time>,
    /// The time of the next fault, and whether it comes after all else that happens then.
    pub(super) fault: Option<(Time, bool)>,
    /// The number of wakes in a row without an effect, after each of which it asked to be woken at once.
    idle_wakes: u32,
}

impl<'a> WorldMachine<'a> {
    /// A machine that is not started yet.
    pub(super) fn new(
        machine: Box<dyn Machine + 'a>,
        driver: Option<Driver<'a>>,
        arrivals: Arrivals,
        reader: Box<dyn Reader + 'a>,
        meter: CostMeter,
    ) -> WorldMachine<'a> {
        WorldMachine {
            machine,
            driver,
            cluster: None,
            clock: DriverClock::default(),
            sources: Sources::new(arrivals),
            reader,
            meter,
            arrival: None,
            cluster_due: None,
            wake: None,
            fault: None,
            idle_wakes: 0,
        }
    }

    /// Counts an input, after which the machine may ask to be woken at once.
    pub(super) fn count_idle_wakes(&mut self, is_idle: bool, now: Time) {
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
    pub(super) fn find_times(&mut self, now: Time) {
        let driver = self.driver.as_ref();
        if self.machine.is_stopped() || driver.is_some_and(Driver::is_dead) {
            self.arrival = None;
            self.cluster_due = None;
            self.wake = None;
        } else {
            self.arrival = self.sources.next_time(now, &*self.machine, &self.clock);
            self.cluster_due = self.cluster.as_ref().and_then(Cluster::next_time);
            self.wake = self.machine.next_wake().map(|wake| self.clock.when(wake));
        }
        self.fault = driver.and_then(|driver| {
            if driver.is_dying() {
                return Some((now, true));
            }
            driver.next_fault()
        });
    }
}
