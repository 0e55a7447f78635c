//! Replies of the world to what its machines have asked for.

use std::collections::VecDeque;

use engine::{Input, Job, Time};

use super::due::Due;
use crate::schedule::{Candidate, MachineId};

/// Replies that machines wait for, in the order of time and then of asking.
#[derive(Default)]
pub(super) struct Replies(VecDeque<Reply>);

/// The end of a job, of a write or of a save.
pub(super) struct Reply {
    pub(super) time: Time,
    pub(super) to: MachineId,
    pub(super) what: What,
}

/// The content of a reply.
pub(super) enum What {
    /// The end of a job that has run, of a write or of a save.
    Input(Input),
    /// A job that runs when its time is over.
    Job(Job),
}

impl Replies {
    /// Adds a reply, behind those of the same time.
    pub(super) fn add(&mut self, reply: Reply) {
        match self.0.back() {
            Some(last) if last.time > reply.time => {
                let index = self.0.partition_point(|other| other.time <= reply.time);
                self.0.insert(index, reply);
            }
            _ => self.0.push_back(reply),
        }
    }

    pub(super) fn earliest(&self) -> Option<Due> {
        let first = self.0.front()?;
        let second = self.0.get(1);
        Some(Due {
            time: first.time,
            candidate: Candidate::Reply(first.to),
            is_only: second.is_none_or(|second| second.time > first.time),
        })
    }

    /// Drops the replies to a machine.
    pub(super) fn drop_to(&mut self, machine: MachineId) {
        self.0.retain(|reply| reply.to != machine);
    }

    /// The machines to which the replies at `time` go, which must be the next time.
    pub(super) fn at(&self, time: Time) -> impl Iterator<Item = MachineId> {
        self.0
            .iter()
            .take_while(move |reply| reply.time == time)
            .map(|reply| reply.to)
    }

    /// Takes the first reply to a machine.
    pub(super) fn take(&mut self, to: MachineId) -> What {
        let reply = self.0.pop_front_if(|first| first.to == to).or_else(|| {
            let index = self.0.iter().position(|reply| reply.to == to)?;
            self.0.remove(index)
        });
        reply
            .expect("a reply stays in the queue while it is a candidate")
            .what
    }
}
