//! The one source of chance, and of the order of inputs at one instant.

use random::Dice;

/// Index of a machine among those of its world: the first one added is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MachineId(pub usize);

/// An input that may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// Something goes wrong with a machine, or is mended.
    Fault(MachineId),
    /// The end of a job or of a write, for the machine that asked for it.
    Reply(MachineId),
    /// Records arrive for a machine.
    Arrival(MachineId),
    /// Something is due in the cluster of a machine.
    Cluster(MachineId),
    /// A machine wants to be woken.
    Wake(MachineId),
}

/// Decides the order of inputs at one instant, and all chance.
pub trait Schedule {
    /// Returns the index of the candidate that comes next. There are at least two; they are in the default
    /// order: faults, replies in the order of asking, then arrivals, clusters and then wakes, each by machine, and in the
    /// end what comes after all else.
    fn choose(&mut self, candidates: &[Candidate]) -> usize;

    /// Returns the dice for the draws of one purpose, by its number.
    fn dice(&self, stream: u64) -> Dice;
}

impl<S: Schedule + ?Sized> Schedule for &mut S {
    fn choose(&mut self, candidates: &[Candidate]) -> usize {
        (**self).choose(candidates)
    }

    fn dice(&self, stream: u64) -> Dice {
        (**self).dice(stream)
    }
}

/// The default order, in which a record at the time of a batch belongs to it, and draws by a seed.
#[derive(Clone, Copy, Debug, Default)]
pub struct InOrder {
    /// The seed of all draws.
    pub seed: u64,
}

impl Schedule for InOrder {
    fn choose(&mut self, _: &[Candidate]) -> usize {
        0
    }

    fn dice(&self, stream: u64) -> Dice {
        Dice::new(self.seed, stream)
    }
}
