//! The executor of a receiver, of a replica and of a task: a function of what is there.

use engine::BlockId;

use super::executor::Executor;
use super::receiver::Receiver;

/// The number of receivers on each executor.
fn receivers_on(executors: &[Executor], receivers: &[Receiver]) -> Vec<usize> {
    let mut on = vec![0; executors.len()];
    for executor in receivers.iter().filter_map(|it| it.executor) {
        on[executor] += 1;
    }
    on
}

/// The executors that the driver takes for its own and that have a core without a receiver.
fn with_core<'a>(
    executors: &'a [Executor],
    on: &'a [usize],
    cores: usize,
) -> impl Iterator<Item = usize> + 'a {
    let all = executors.iter().enumerate().zip(on);
    all.filter(move |((_, executor), receivers)| executor.is_registered && **receivers < cores)
        .map(|((index, _), _)| index)
}

/// The executor for another receiver: of those with a core left one that has the fewest, in turn
/// (`ReceiverSchedulingPolicy`).
pub(super) fn for_receiver(
    executors: &[Executor],
    receivers: &[Receiver],
    cores: usize,
) -> Option<usize> {
    let on = receivers_on(executors, receivers);
    with_core(executors, &on, cores).min_by_key(|executor| on[*executor])
}

/// The executors for tasks: a receiver keeps its core for good.
pub(super) fn for_tasks(
    executors: &[Executor],
    receivers: &[Receiver],
    cores: usize,
) -> Vec<usize> {
    let on = receivers_on(executors, receivers);
    with_core(executors, &on, cores).collect()
}

/// The executor that keeps the second copy of a block: each other one that the driver hears of in turn. Spark draws one by
/// the hash of the block's id (`RandomBlockReplicationPolicy`).
pub(super) fn replica(executors: &[Executor], block: BlockId, first: usize) -> Option<usize> {
    let count = executors.len();
    let turn = usize::try_from(block.number % count as u64).ok()?;
    let mut others = (turn..count).chain(0..turn);
    others.find(|other| *other != first && executors[*other].is_heard())
}

/// The executor for a task: one that keeps its block, or else each in turn.
pub(super) fn for_task(free: &[usize], kept_by: &[usize], task: usize) -> Option<usize> {
    let mut near = kept_by.iter().filter(|it| free.binary_search(it).is_ok());
    let turn = task.checked_rem(free.len())?;
    near.next().or(free.get(turn)).copied()
}
