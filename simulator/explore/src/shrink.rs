//! Schedules that break an invariant, made as small as they can be, and their scenarios with them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use scenario::{Fault, Scenario, TimelineEvent};
use simulator::RunError;

use crate::explorer::Explorer;
use crate::schedule::Schedule;
use crate::violation::Violation;

/// The most smaller scenarios that are tried.
const TRIES_MAX: usize = 2_000;

/// The names of invariants, of which a smaller schedule breaks one.
type Names = BTreeSet<Cow<'static, str>>;

/// The smallest schedule found, on the smallest scenario found for it.
#[derive(Debug)]
pub struct Smallest {
    /// The scenario.
    pub scenario: Scenario,
    /// The schedule, which is in the scenario.
    pub schedule: Schedule,
    /// The invariants that it breaks.
    pub violations: Vec<Violation>,
}

impl Explorer {
    /// The smallest schedule that can be found by leaving faults out of one, and that breaks one of the same invariants.
    ///
    /// # Errors
    ///
    /// A run comes to a limit of the scenario.
    pub fn shrink(&self, schedule: &Schedule) -> Result<(Schedule, Vec<Violation>), RunError> {
        let broken = self.judge(schedule)?;
        let names = broken.iter().map(|it| it.invariant.clone()).collect();
        self.shrink_faults(schedule, broken, &names)
    }

    /// As [`shrink`](Self::shrink), and then leaves entries, lines and words out of the timeline, and faults again.
    ///
    /// # Errors
    ///
    /// As [`shrink`](Self::shrink).
    pub fn smallest(&self, schedule: &Schedule) -> Result<Smallest, RunError> {
        let (mut schedule, mut violations) = self.shrink(schedule)?;
        let names: Names = violations.iter().map(|it| it.invariant.clone()).collect();
        let mut smallest = None;
        let mut tries = TRIES_MAX;
        loop {
            let explorer = smallest.as_ref().unwrap_or(self);
            if let Some(smaller) = explorer.smaller(&schedule, &names, &mut tries)? {
                (schedule, violations) = (smaller.1, smaller.2);
                smallest = Some(smaller.0);
                continue;
            }
            let title = violations
                .first()
                .map_or_else(String::new, ToString::to_string);
            return Ok(Smallest {
                scenario: explorer.scenario_of(&schedule, &title),
                schedule,
                violations,
            });
        }
    }

    /// The first smaller scenario on which the schedule breaks one of these invariants, with as few faults as it takes.
    fn smaller(
        &self,
        schedule: &Schedule,
        names: &Names,
        tries: &mut usize,
    ) -> Result<Option<(Explorer, Schedule, Vec<Violation>)>, RunError> {
        for scenario in smaller(self.base()).take(*tries) {
            *tries -= 1;
            let Ok(explorer) = self.of_scenario(&scenario) else {
                continue;
            };
            if let Some(broken) = explorer.breaks(schedule, names)? {
                let (schedule, broken) = explorer.shrink_faults(schedule, broken, names)?;
                return Ok(Some((explorer, schedule, broken)));
            }
        }
        Ok(None)
    }

    fn shrink_faults(
        &self,
        schedule: &Schedule,
        mut broken: Vec<Violation>,
        names: &Names,
    ) -> Result<(Schedule, Vec<Violation>), RunError> {
        let mut smallest = schedule.clone();
        'smaller: loop {
            for indices in removable(&smallest) {
                let smaller = smallest.without(&indices);
                if let Some(violations) = self.breaks(&smaller, names)? {
                    smallest = smaller;
                    broken = violations;
                    continue 'smaller;
                }
            }
            return Ok((smallest, broken));
        }
    }

    /// The invariants that a fair schedule breaks, if one of these is among them.
    fn breaks(
        &self,
        schedule: &Schedule,
        names: &Names,
    ) -> Result<Option<Vec<Violation>>, RunError> {
        if !self.is_fair(schedule) {
            return Ok(None);
        }
        let violations = self.judge(schedule)?;
        let is_same = violations.iter().any(|it| names.contains(&it.invariant));
        Ok(is_same.then_some(violations))
    }
}

/// The scenarios with an entry, a line or a word less.
fn smaller(scenario: &Scenario) -> impl Iterator<Item = Scenario> {
    let entries = 0..scenario.timeline.len();
    entries.flat_map(move |index| {
        let mut without = scenario.clone();
        without.timeline.remove(index);
        let lines = match &scenario.timeline[index].event {
            TimelineEvent::Lines { lines, .. } => &lines[..],
            _ => &[],
        };
        let with = move |lines: Vec<String>| {
            let mut smaller = scenario.clone();
            if let TimelineEvent::Lines { lines: all, .. } = &mut smaller.timeline[index].event {
                *all = lines;
            }
            smaller
        };
        [without].into_iter().chain(smaller_lines(lines).map(with))
    })
}

/// The lines with one less, or with a word less in one of them.
fn smaller_lines(lines: &[String]) -> impl Iterator<Item = Vec<String>> {
    (0..lines.len()).flat_map(move |index| {
        let words: Vec<&str> = lines[index].split(' ').collect();
        let without = (0..words.len()).map(|word| {
            let mut fewer = words.clone();
            fewer.remove(word);
            fewer.join(" ")
        });
        let with_fewer: Vec<String> = without.filter(|_| words.len() > 1).collect();
        let one_less = (lines.len() > 1).then(|| {
            let mut fewer = lines.to_vec();
            fewer.remove(index);
            fewer
        });
        let with_fewer = with_fewer.into_iter().map(move |line| {
            let mut fewer = lines.to_vec();
            fewer[index] = line;
            fewer
        });
        one_less.into_iter().chain(with_fewer)
    })
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
