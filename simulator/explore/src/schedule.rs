//! Schedules of faults.

use std::fmt;
use std::time::Duration;

use scenario::{CrashPoint, Entry, Fault, LostBytes, Scenario, TimelineEvent};

use crate::rearranged::Rearranged;

/// Faults in the order of time, to be added to the timeline of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    faults: Vec<(Duration, Fault)>,
    input: Option<Rearranged>,
}

/// The points of a batch at which a driver can die.
pub(crate) const POINTS: [CrashPoint; 7] = [
    CrashPoint::Generation,
    CrashPoint::Job,
    CrashPoint::Output,
    CrashPoint::BeforeCheckpoint,
    CrashPoint::AfterCheckpoint,
    CrashPoint::BeforeCompletion,
    CrashPoint::Completed,
];

impl Schedule {
    pub(crate) fn new(faults: Vec<(Duration, Fault)>) -> Schedule {
        debug_assert!(
            faults.is_sorted_by_key(|(at, _)| *at),
            "faults are in the order of time"
        );
        Schedule {
            faults,
            input: None,
        }
    }

    /// No faults, and the same lines in another arrangement.
    pub(crate) fn of_input(input: Rearranged) -> Schedule {
        Schedule {
            faults: Vec::new(),
            input: Some(input),
        }
    }

    /// The arrangement of the input, if it is another one.
    pub fn input(&self) -> Option<Rearranged> {
        self.input
    }

    /// Two crashes, after each of which the driver starts again at once. The second one may be at the time of the first:
    /// then it is said of the next life, while the driver is down.
    pub(crate) fn of_pair(first: (Duration, Fault), second: (Duration, Fault)) -> Schedule {
        if second.0 > first.0 {
            let restarts = [first.0, second.0].map(|at| (at, Fault::Restart));
            return Schedule::new(vec![first, restarts[0], second, restarts[1]]);
        }
        let down = first.0 + Duration::from_millis(1);
        let next_life = [second.1, Fault::Restart, Fault::Restart];
        let next_life = next_life.map(|fault| (down, fault));
        Schedule::new([first].into_iter().chain(next_life).collect())
    }

    /// A crash, after which the driver starts again at once; and one with a loss of power, after which it is down for this
    /// time.
    pub(crate) fn of_crash(crash: (Duration, Fault), down: Duration) -> [Schedule; 2] {
        let at = crash.0;
        // The crash comes after the other faults of its instant.
        let down_at = at + Duration::from_millis(1);
        let loss = (down_at, Fault::Lose(LostBytes::Unsynced));
        [
            Schedule::new(vec![crash, (at, Fault::Restart)]),
            Schedule::new(vec![crash, loss, (down_at + down, Fault::Restart)]),
        ]
    }

    /// The faults, each with its offset from the start of the clock.
    pub fn faults(&self) -> &[(Duration, Fault)] {
        &self.faults
    }

    /// The same schedule without the faults of these indices.
    pub(crate) fn without(&self, indices: &[usize]) -> Schedule {
        let kept = (0..).zip(&self.faults);
        let kept = kept.filter(|(index, _)| !indices.contains(index));
        Schedule {
            input: self.input,
            ..Schedule::new(kept.map(|(_, fault)| *fault).collect())
        }
    }

    /// The scenario with these faults. Faults of an instant stand behind its lines, which are not of a later batch for
    /// that; a restart comes after all else anyway.
    pub(crate) fn add_to(&self, scenario: &Scenario) -> Scenario {
        let faults = self.faults.iter().map(|(at, fault)| Entry {
            at: *at,
            stream: None,
            event: TimelineEvent::Fault(*fault),
        });
        let mut with_faults = scenario.clone();
        if let Some(input) = self.input {
            input.apply(&mut with_faults);
        }
        with_faults.timeline.extend(faults);
        // The sort is stable: entries of one instant keep their order.
        with_faults.timeline.sort_by_key(|entry| entry.at);
        with_faults
    }
}

/// Displays as its entries of a timeline, one a line.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(input) = self.input {
            write!(f, "{input}")?;
        }
        for (number, (at, fault)) in self.faults.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            let entry = Entry {
                at: *at,
                stream: None,
                event: TimelineEvent::Fault(*fault),
            };
            write!(f, "{entry}")?;
        }
        Ok(())
    }
}
