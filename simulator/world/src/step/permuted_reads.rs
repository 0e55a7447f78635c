//! Workers whose reduce tasks read the outputs of map tasks in another order.

use std::sync::{Mutex, PoisonError};

use engine::{Finished, Job, Workers};
use random::Dice;

/// Workers whose reduce tasks read the outputs of map tasks in an order that dice give.
pub(super) struct PermutedReads<'a> {
    workers: &'a dyn Workers,
    dice: Mutex<&'a mut Dice>,
}

impl PermutedReads<'_> {
    /// Runs a job on such workers.
    pub(super) fn run(job: Job, workers: &dyn Workers, dice: &mut Dice) -> Finished {
        job.run(&PermutedReads {
            workers,
            dice: Mutex::new(dice),
        })
    }
}

impl Workers for PermutedReads<'_> {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        self.workers.run(count, task);
    }

    fn read_order(&self, outputs: usize) -> Option<Vec<usize>> {
        // Orders are asked for one after the other, between the stages of a job.
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let mut order: Vec<usize> = (0..outputs).collect();
        dice.shuffle(&mut order);
        Some(order)
    }
}
