//! Jobs that are under way: each has a task for each block of its batch.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{BlockId, BlockManager, ClusterEvent, Event, Job, Time};

use super::blocks::Blocks;
use super::executor::Executor;
use super::scheduling;

/// The jobs of a driver that are under way, oldest first.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    running: Vec<RunningJob>,
    /// The blocks of each batch that has not completed.
    blocks: BTreeMap<Time, Vec<BlockId>>,
    /// The batch of the job that is about to start.
    starting: Time,
}

/// A job whose result is made when all its tasks have ended.
#[derive(Debug)]
pub(super) struct RunningJob {
    pub(super) job: Job,
    batch_time: Time,
    /// The time that each of its tasks takes.
    time: Duration,
    tasks: Vec<Task>,
}

/// A task of a job, which reads its block when it begins.
#[derive(Debug)]
struct Task {
    /// `None` of the only task of a job that has no block.
    block: Option<BlockId>,
    /// `None` while it waits for a core.
    executor: Option<usize>,
    ends: Time,
    has_block: bool,
    is_done: bool,
    is_again: bool,
}

impl Task {
    fn new(block: Option<BlockId>) -> Task {
        Task {
            block,
            executor: None,
            ends: Time::EPOCH,
            has_block: false,
            is_done: false,
            is_again: false,
        }
    }

    /// True if its driver learns of its end.
    fn is_heard(&self, executors: &[Executor]) -> bool {
        let executor = self.executor.filter(|_| !self.is_done);
        executor.is_some_and(|executor| executors[executor].is_heard())
    }

    /// Begins on an executor. Without its block it fails at once, each of the four times that it is tried
    /// (`spark.task.maxFailures`).
    fn begin(&mut self, now: Time, executor: usize, time: Duration, blocks: &Blocks) {
        self.executor = Some(executor);
        self.has_block = self.block.is_none_or(|block| blocks.has(block));
        let ends = now.checked_add(time).filter(|_| self.has_block);
        self.ends = ends.unwrap_or(now);
    }
}

impl RunningJob {
    /// The blocks that its tasks have read.
    pub(super) fn blocks_read(&self) -> Vec<BlockId> {
        let read = self.tasks.iter().filter(|task| task.has_block);
        read.filter_map(|task| task.block).collect()
    }
}

impl Jobs {
    /// Follows the events of the driver.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::BatchSubmitted {
                batch_time, blocks, ..
            } => {
                self.blocks.insert(*batch_time, blocks.clone());
            }
            Event::OutputOperationStarted { batch_time, .. } => self.starting = *batch_time,
            Event::BatchCompleted { batch_time } => {
                self.blocks.remove(batch_time);
            }
            _ => {}
        }
    }

    /// Adds a job whose tasks wait for cores.
    pub(super) fn start(&mut self, job: Job, time: Duration) {
        let batch_time = self.starting;
        let blocks = self.blocks.get(&batch_time).cloned().unwrap_or_default();
        let mut tasks: Vec<Task> = blocks.into_iter().map(|it| Task::new(Some(it))).collect();
        if tasks.is_empty() {
            tasks.push(Task::new(None));
        }
        self.running.push(RunningJob {
            job,
            batch_time,
            time,
            tasks,
        });
    }

    /// True if no task waits for a core.
    pub(super) fn is_placed(&self) -> bool {
        let mut tasks = self.running.iter().flat_map(|job| &job.tasks);
        tasks.all(|task| task.executor.is_some())
    }

    /// Begins each task that waits, on one of the executors that are free for it. Returns the events of those that run
    /// again. One whose block is kept by executors that stand still waits for these.
    pub(super) fn place(
        &mut self,
        now: Time,
        free: &[usize],
        executors: &[Executor],
        blocks: &Blocks,
    ) -> Vec<ClusterEvent> {
        let mut again = Vec::new();
        for job in &mut self.running {
            let waiting = job.tasks.iter_mut().enumerate();
            for (number, task) in waiting.filter(|(_, task)| task.executor.is_none()) {
                let kept_by = task.block.map(|block| blocks.executors(block));
                let kept_by = kept_by.unwrap_or_default();
                let stands_still = |it: &usize| executors[*it].paused.is_some();
                if !kept_by.is_empty() && kept_by.iter().all(stands_still) {
                    continue;
                }
                let Some(executor) = scheduling::for_task(free, &kept_by, number) else {
                    continue;
                };
                task.begin(now, executor, job.time, blocks);
                if task.is_again {
                    again.push(ClusterEvent::TaskRunAgain {
                        batch_time: job.batch_time,
                        task: number,
                        executor,
                    });
                }
            }
        }
        again
    }

    /// The time at which a task ends next.
    pub(super) fn next_time(&self, executors: &[Executor]) -> Option<Time> {
        let tasks = self.running.iter().flat_map(|job| &job.tasks);
        let heard = tasks.filter(|task| task.is_heard(executors));
        heard.map(|task| task.ends).min()
    }

    /// Ends the tasks that are due, and takes the first job that has no other ones.
    pub(super) fn take_ended(&mut self, now: Time, executors: &[Executor]) -> Option<RunningJob> {
        for task in self.running.iter_mut().flat_map(|job| &mut job.tasks) {
            task.is_done |= task.is_heard(executors) && task.ends <= now;
        }
        let is_ended = |job: &RunningJob| job.tasks.iter().all(|task| task.is_done);
        let ended = self.running.iter().position(is_ended)?;
        Some(self.running.remove(ended))
    }

    /// The tasks on an executor that is gone wait for another one.
    pub(super) fn lose(&mut self, executor: usize) {
        for task in self.running.iter_mut().flat_map(|job| &mut job.tasks) {
            if task.executor == Some(executor) && !task.is_done {
                task.executor = None;
                task.is_again = true;
            }
        }
    }

    /// The tasks on an executor have stood still for this time.
    pub(super) fn delay(&mut self, executor: usize, time: Duration) {
        for task in self.running.iter_mut().flat_map(|job| &mut job.tasks) {
            if task.executor == Some(executor) && !task.is_done {
                task.ends = task.ends.checked_add(time).unwrap_or(task.ends);
            }
        }
    }
}
