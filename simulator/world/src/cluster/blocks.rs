//! The executors that keep each block, as the driver knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::{BlockId, BlockManager};

/// The blocks that receivers have stored (`BlockManagerMaster`). A block that no executor has stored was read from a log,
/// or is one of a source that keeps its records: it is there.
#[derive(Debug)]
pub(super) struct Blocks {
    /// True if all blocks are in a log, too (`WAL-3`).
    are_logged: bool,
    places: Mutex<Places>,
}

#[derive(Debug)]
struct Places {
    of_block: BTreeMap<BlockId, Vec<usize>>,
    /// For each executor.
    blocks: Vec<BTreeSet<BlockId>>,
    /// Those that no executor has any more.
    lost: BTreeSet<BlockId>,
    /// Those that a job has read, whose result is being made.
    held: BTreeSet<BlockId>,
}

impl Blocks {
    pub(super) fn new(executors: usize, are_logged: bool) -> Blocks {
        Blocks {
            are_logged,
            places: Mutex::new(Places::new(executors)),
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a block on these executors.
    pub(super) fn store(&self, block: BlockId, executors: Vec<usize>) {
        let mut places = self.places();
        for executor in &executors {
            places.blocks[*executor].insert(block);
        }
        places.of_block.insert(block, executors);
    }

    /// The executors that keep a block.
    pub(super) fn executors(&self, block: BlockId) -> Vec<usize> {
        let places = self.places();
        places.of_block.get(&block).cloned().unwrap_or_default()
    }

    /// Loses what an executor has in memory.
    pub(super) fn lose(&self, executor: usize) {
        let mut places = self.places();
        for block in std::mem::take(&mut places.blocks[executor]) {
            let Some(left) = places.of_block.get_mut(&block) else {
                continue;
            };
            left.retain(|other| *other != executor);
            if left.is_empty() {
                places.of_block.remove(&block);
                places.lost.insert(block);
            }
        }
    }

    /// Sets the blocks that can be read although they may be lost by now.
    pub(super) fn hold(&self, blocks: Vec<BlockId>) {
        self.places().held = blocks.into_iter().collect();
    }

    /// Forgets all blocks.
    pub(super) fn clear(&self) {
        let mut places = self.places();
        *places = Places::new(places.blocks.len());
    }
}

impl Places {
    fn new(executors: usize) -> Places {
        Places {
            of_block: BTreeMap::new(),
            blocks: vec![BTreeSet::new(); executors],
            lost: BTreeSet::new(),
            held: BTreeSet::new(),
        }
    }
}

impl BlockManager for Blocks {
    fn has(&self, block: BlockId) -> bool {
        if self.are_logged {
            return true;
        }
        let places = self.places();
        !places.lost.contains(&block) || places.held.contains(&block)
    }

    fn remove(&self, block: BlockId) {
        let mut places = self.places();
        places.lost.remove(&block);
        for executor in places.of_block.remove(&block).unwrap_or_default() {
            places.blocks[executor].remove(&block);
        }
    }
}
