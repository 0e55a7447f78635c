//! The port through which work is spread over threads that the core does not have.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::Failure;
use crate::failure::catch;

/// Runs the tasks of one stage, on one thread or on many.
///
/// Results do not depend on the number of threads: they are put in the order of the tasks' indices.
pub trait Workers: Sync {
    /// Runs `task(0)`, …, `task(count - 1)`, in any order, and returns when all have ended.
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync));

    /// The order in which a reduce task reads the outputs of this number of map tasks, by their places; none for the order in
    /// which they are. Spark reads them as they come, so that a function that is not commutative gives one result or
    /// another (`PLAN-4`).
    fn read_order(&self, _outputs: usize) -> Option<Vec<usize>> {
        None
    }
}

/// One worker: the caller's own thread, tasks in order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inline;

impl Workers for Inline {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(task);
    }
}

/// The results of `task(0)`, …, `task(count - 1)`, in that order.
///
/// ```
/// assert_eq!(engine::gather(&engine::Inline, 3, |index| index * 10), [0, 10, 20]);
/// ```
pub fn gather<R: Send + Sync>(
    workers: &dyn Workers,
    count: usize,
    task: impl Fn(usize) -> R + Sync,
) -> Vec<R> {
    let results: Vec<OnceLock<R>> = (0..count).map(|_| OnceLock::new()).collect();
    workers.run(count, &|index| {
        let first = results[index].set(task(index)).is_ok();
        assert!(first, "each task runs once");
    });
    results
        .into_iter()
        .map(|result| {
            result
                .into_inner()
                .expect("`run` returns only when every task has ended")
        })
        .collect()
}

/// The results of the tasks of an operator, in order; the failure of the first task that failed, by
/// its index. All tasks run, so that the failure does not depend on the number of workers.
///
/// # Errors
///
/// That failure; a panic of a task is one, too.
pub fn stage<R: Send + Sync>(
    operator: &'static str,
    workers: &dyn Workers,
    count: usize,
    task: impl Fn(usize) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let results = gather(workers, count, |index| {
        catch(operator, || task(index)).and_then(|result| result)
    });
    results.into_iter().collect()
}

/// As [`stage`], with one task for each item, which has the item to itself.
pub(crate) fn stage_each<T: Send, R: Send + Sync>(
    operator: &'static str,
    workers: &dyn Workers,
    items: &mut [T],
    task: impl Fn(&mut T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let items: Vec<Mutex<&mut T>> = items.iter_mut().map(Mutex::new).collect();
    stage(operator, workers, items.len(), |index| {
        // No other task ever locks it.
        let mut item = items[index].lock().unwrap_or_else(PoisonError::into_inner);
        task(&mut item)
    })
}
