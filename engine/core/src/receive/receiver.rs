//! A receiver's current block, and when it is cut.

use crate::input::Block;
use crate::{Grid, Text, Time};

/// Keeps the records of one stream until the next tick of the block grid cuts them into a block
/// (`BLK-1`; Spark's `BlockGenerator`).
///
/// A record that comes at the very tick is in the block cut by it, so that with aligned grids a
/// batch at `t` holds exactly what came in `(t - interval, t]`. Real Spark races here (`BLK-6`).
#[derive(Debug)]
pub(crate) struct Receiver {
    grid: Grid,
    current: Vec<Text>,
    next_cut: Option<Time>,
}

impl Receiver {
    /// A receiver that cuts blocks on this grid.
    pub(crate) fn new(grid: Grid) -> Receiver {
        Receiver {
            grid,
            current: Vec::new(),
            next_cut: None,
        }
    }

    /// Takes in one record.
    pub(crate) fn store(&mut self, now: Time, record: Text) {
        if self.current.is_empty() {
            self.next_cut = self.grid.at_or_after(now);
        }
        self.current.push(record);
    }

    /// When the current block is to be cut; `None` while it is empty, for an empty block is none.
    pub(crate) fn next_cut(&self) -> Option<Time> {
        self.next_cut
    }

    /// Cuts the current block, or nothing if it is empty (`BLK-1`).
    pub(crate) fn cut(&mut self) -> Option<Block> {
        self.next_cut = None;
        if self.current.is_empty() {
            None
        } else {
            Some(self.current.drain(..).collect())
        }
    }
}
