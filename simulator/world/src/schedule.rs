//! The one door for chance and for the order of what happens at one instant.

use random::Dice;

/// Index of a machine among those of its world: the first one added is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub usize);

/// Something that may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A job has ended or a write is durable, and the machine that asked for it hears of that.
    Reply(NodeId),
    /// An entry of a machine's timeline is due.
    Entry(NodeId),
    /// A machine wants to be woken.
    Wake(NodeId),
}

/// Decides what time leaves open: which of the candidates of one instant comes first, and what is drawn.
pub trait Schedule {
    /// The index of the candidate that comes next. There is at least one; they are in the default order:
    /// replies as they were asked for, then entries, then wakes, each by machine.
    fn choose(&mut self, candidates: &[Candidate]) -> usize;

    /// The dice for the draws of one purpose, by its number.
    fn dice(&self, stream: u64) -> Dice;
}

/// The default order, in which a record at the very time of a batch belongs to it; draws by a seed.
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
