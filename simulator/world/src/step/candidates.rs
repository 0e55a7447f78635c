//! The inputs that are due next, and the one among them that comes first.

use engine::Time;

use super::World;
use super::due::Due;
use crate::schedule::{Candidate, MachineId};

impl World<'_> {
    /// The next input up to `stop`: the one of its candidates that the schedule chooses.
    pub(super) fn next(&mut self, stop: Time) -> Option<Due> {
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
    pub(super) fn earliest(&self) -> Option<Due> {
        let mut due = self.replies.earliest();
        for (index, machine) in self.machines.iter().enumerate() {
            let id = MachineId(index);
            if let Some(time) = machine.arrival {
                Due::offer(&mut due, time, Candidate::Arrival(id));
            }
            if let Some(time) = machine.cluster_due {
                Due::offer(&mut due, time.max(self.now), Candidate::Cluster(id));
            }
            if let Some(wake) = machine.wake {
                Due::offer(&mut due, wake.max(self.now), Candidate::Wake(id));
            }
            if let Some((time, _)) = machine.fault {
                Due::offer(&mut due, time.max(self.now), Candidate::Fault(id));
            }
        }
        due
    }

    /// Collects the candidates of an instant in the default order.
    fn find_candidates(&mut self, time: Time) {
        self.candidates.clear();
        self.find_faults(time, false);
        self.candidates
            .extend(self.replies.at(time).map(Candidate::Reply));
        // Lines come before the machine is woken, so that those at a batch time belong to its batch.
        for (index, machine) in self.machines.iter().enumerate() {
            if machine.arrival == Some(time) {
                self.candidates.push(Candidate::Arrival(MachineId(index)));
            }
        }
        for (index, machine) in self.machines.iter().enumerate() {
            if machine.cluster_due.is_some_and(|due| due <= time) {
                self.candidates.push(Candidate::Cluster(MachineId(index)));
            }
        }
        for (index, machine) in self.machines.iter().enumerate() {
            if machine.wake.is_some_and(|wake| wake <= time) {
                self.candidates.push(Candidate::Wake(MachineId(index)));
            }
        }
        self.find_faults(time, true);
    }

    /// Collects the faults of an instant that come before all else, or after it.
    fn find_faults(&mut self, time: Time, last: bool) {
        for (index, machine) in self.machines.iter().enumerate() {
            if machine
                .fault
                .is_some_and(|(at, is_last)| at <= time && is_last == last)
            {
                self.candidates.push(Candidate::Fault(MachineId(index)));
            }
        }
    }
}
