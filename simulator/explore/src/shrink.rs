//! Schedules that break an invariant, made as small as they can be.

use std::collections::BTreeSet;

use scenario::Fault;
use simulator::RunError;

use crate::explorer::Explorer;
use crate::schedule::Schedule;
use crate::violation::Violation;

impl Explorer {
    /// The smallest schedule that can be found by leaving faults out of one, and that breaks one of the same invariants.
    ///
    /// # Errors
    ///
    /// A run comes to a limit of the scenario.
    pub fn shrink(&self, schedule: &Schedule) -> Result<(Schedule, Vec<Violation>), RunError> {
        let mut smallest = schedule.clone();
        let mut broken = self.judge(schedule)?;
        let names: BTreeSet<_> = broken.iter().map(|it| it.invariant.clone()).collect();
        'smaller: loop {
            for indices in removable(&smallest) {
                let smaller = smallest.without(&indices);
                if !self.is_fair(&smaller) {
                    continue;
                }
                let violations = self.judge(&smaller)?;
                if violations.iter().any(|it| names.contains(&it.invariant)) {
                    smallest = smaller;
                    broken = violations;
                    continue 'smaller;
                }
            }
            return Ok((smallest, broken));
        }
    }
}

/// The faults that can be left out, each with those that mean nothing without it: a crash goes with its restart.
fn removable(schedule: &Schedule) -> Vec<Vec<usize>> {
    let faults = schedule.faults();
    let is_crash = |fault: &Fault| matches!(fault, Fault::Crash | Fault::CrashIn(..) | Fault::Stop);
    let indices = 0..faults.len();
    indices
        .filter_map(|index| match faults[index].1 {
            Fault::Restart => None,
            fault if is_crash(&fault) => {
                let behind = faults.iter().enumerate().skip(index + 1);
                let mut restarts = behind.filter(|(_, (_, fault))| *fault == Fault::Restart);
                let restart = restarts.next().map(|(restart, _)| restart);
                Some([index].into_iter().chain(restart).collect())
            }
            _ => Some(vec![index]),
        })
        .collect()
}
