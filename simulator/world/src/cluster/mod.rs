//! The executors of a cluster: receivers run there, blocks are kept there, and tasks run on their cores.
//!
//! | file | what it is for |
//! |---|---|
//! | `executor.rs` | an executor: whether it runs, and whether the driver hears of it |
//! | `receiver.rs` | a receiver, with what it has not stored |
//! | `blocks.rs` | the executors that keep each block |
//! | `jobs.rs` | jobs that are under way, with their tasks |
//! | `scheduling.rs` | the executor of a receiver, of a replica and of a task |
//! | `faults/` | what goes wrong, a file each, with what mends it |
//!
//! All is decided by the scenario: there is no chance in it.

mod blocks;
mod executor;
mod faults;
mod jobs;
mod receiver;
mod scheduling;

use std::sync::Arc;
use std::time::Duration;

use engine::{
    BlockId, BlockManager, ClusterEvent, Event, Finished, Job, Records, StreamId, StreamSource,
    Time,
};
use scenario::Receivers;

use self::blocks::Blocks;
use self::executor::{Executor, Silent};
use self::jobs::Jobs;
use self::receiver::Receiver;

/// Executors, from the start of a driver to its end and on to its next life.
pub(crate) struct Cluster {
    cores: usize,
    replication: usize,
    is_reliable: bool,
    executors: Vec<Executor>,
    /// Those that the driver does not hear of, and has not given up.
    silent: Vec<Silent>,
    /// One for each stream that has one, while a driver runs or after.
    receivers: Vec<Receiver>,
    blocks: Arc<Blocks>,
    jobs: Jobs,
    /// The number of records that have come from all sources, as they come.
    arrived: usize,
    /// True while a driver runs.
    has_driver: bool,
    /// The events that are not reported yet.
    events: Vec<ClusterEvent>,
}

/// Something that is due in a cluster.
pub(crate) enum Work {
    /// All tasks of a job have ended, and its driver knows of it.
    Finished(Finished),
    /// A receiver on this executor stores a block.
    Block {
        stream: StreamId,
        records: Records,
        executor: usize,
    },
    /// Something that the driver need not act upon.
    Nothing,
}

impl Cluster {
    /// The executors that a scenario describes; `None` if it has none.
    pub(crate) fn of(cluster: &scenario::Cluster) -> Option<Cluster> {
        let executors = cluster.executors?;
        Some(Cluster {
            cores: cluster.cores,
            replication: if cluster.write_ahead_log {
                1
            } else {
                cluster.replication
            },
            is_reliable: cluster.receivers == Receivers::Reliable,
            executors: vec![Executor::default(); executors],
            silent: Vec::new(),
            receivers: Vec::new(),
            blocks: Arc::new(Blocks::new(executors, cluster.write_ahead_log)),
            jobs: Jobs::default(),
            arrived: 0,
            has_driver: false,
            events: Vec::new(),
        })
    }

    /// The blocks, as the program of the driver finds them.
    pub(crate) fn block_manager(&self) -> Arc<dyn BlockManager> {
        Arc::clone(&self.blocks) as Arc<dyn BlockManager>
    }

    /// Begins a life of the driver: executors that can run come to it, and receivers start.
    pub(crate) fn begin(&mut self, now: Time, sources: &[StreamSource]) {
        if self.receivers.is_empty() {
            let streams = (0..).map(StreamId).zip(sources);
            let received = streams.filter(|(_, source)| !source.keeps_records());
            self.receivers = received.map(|(stream, _)| Receiver::new(stream)).collect();
        }
        self.has_driver = true;
        for receiver in &mut self.receivers {
            receiver.is_stopped = false;
        }
        for executor in &mut self.executors {
            executor.is_registered = executor.can_register();
        }
        self.place_receivers(now);
        // Their first starts, and those of another life, go without saying.
        self.events
            .retain(|event| !matches!(event, ClusterEvent::ReceiverStarted { .. }));
    }

    /// Ends all executors, as they end with their driver.
    pub(crate) fn end(&mut self) {
        self.has_driver = false;
        for receiver in &mut self.receivers {
            receiver.end(self.is_reliable, &mut self.events);
            receiver.executor = None;
        }
        for executor in &mut self.executors {
            executor.is_registered = false;
        }
        self.silent.clear();
        self.events
            .retain(|event| matches!(event, ClusterEvent::RecordsLost { .. }));
        self.jobs = Jobs::default();
        self.blocks.clear();
    }

    /// Stops the receivers in order: what they have not stored is returned, to be stored now.
    pub(crate) fn stop_receivers(&mut self, now: Time) -> Vec<Work> {
        let mut last = Vec::new();
        for receiver in &mut self.receivers {
            receiver.is_stopped = true;
            let stream = receiver.stream;
            if let Some(executor) = receiver.executor.take()
                && self.executors[executor].is_heard()
            {
                let unstored = receiver.take_all().into_iter();
                last.extend(unstored.map(|records| Work::Block {
                    stream,
                    records,
                    executor,
                }));
            }
        }
        self.place_tasks(now);
        last
    }

    /// Takes the events that are not reported yet.
    pub(crate) fn take_events(&mut self) -> Vec<ClusterEvent> {
        std::mem::take(&mut self.events)
    }

    /// The time at which something is due; it may be past.
    pub(crate) fn next_time(&self) -> Option<Time> {
        let expires = self.silent.iter().map(|silent| silent.expires);
        let receivers = self.receivers.iter();
        let received = receivers.filter_map(|it| it.next_time(&self.executors));
        let jobs = self.jobs.next_time(&self.executors);
        jobs.into_iter().chain(expires).chain(received).min()
    }

    /// Does one thing that is due; `run` makes the result of a job.
    pub(crate) fn work(&mut self, now: Time, run: impl FnOnce(Job) -> Finished) -> Work {
        if let Some(job) = self.jobs.take_ended(now, &self.executors) {
            self.blocks.hold(job.blocks_read());
            let finished = run(job.job);
            self.blocks.hold(Vec::new());
            return Work::Finished(finished);
        }
        if let Some(silent) = self.silent.iter().find(|silent| silent.expires <= now) {
            self.lose_executor(now, silent.executor, true);
            return Work::Nothing;
        }
        let is_due = |it: &&mut Receiver| {
            let due = it.next_time(&self.executors);
            due.is_some_and(|due| due <= now)
        };
        let Some(receiver) = self.receivers.iter_mut().find(is_due) else {
            return Work::Nothing;
        };
        let stream = receiver.stream;
        if receiver.restarts.take().is_some() {
            let executor = receiver.executor.unwrap_or_default();
            receiver.start(now);
            self.events
                .push(ClusterEvent::ReceiverStarted { stream, executor });
            return Work::Nothing;
        }
        match (receiver.executor, receiver.take_block()) {
            (Some(executor), Some(records)) => Work::Block {
                stream,
                records,
                executor,
            },
            _ => Work::Nothing,
        }
    }

    /// Takes in records for a stream. Returns them if no receiver is between its source and the driver.
    pub(crate) fn receive(
        &mut self,
        now: Time,
        stream: StreamId,
        records: Records,
    ) -> Option<Records> {
        self.arrived += 1;
        let mut receivers = self.receivers.iter_mut();
        let Some(receiver) = receivers.find(|receiver| receiver.stream == stream) else {
            return Some(records);
        };
        receiver.receive(
            now,
            records,
            &self.executors,
            self.is_reliable,
            &mut self.events,
        );
        None
    }

    /// Takes in what came up to now while there was no driver: all that ever came, in order.
    pub(crate) fn miss(&mut self, missed: impl IntoIterator<Item = (StreamId, Records)>) {
        let mut all = 0;
        for (stream, records) in missed {
            all += 1;
            let mut receivers = self.receivers.iter_mut();
            if all > self.arrived
                && let Some(receiver) = receivers.find(|receiver| receiver.stream == stream)
            {
                receiver.miss(records, self.is_reliable, &mut self.events);
            }
        }
        self.arrived = all;
    }

    /// Keeps a block on the executor that stores it, and its replica on another one.
    pub(crate) fn store(&mut self, block: BlockId, executor: usize) {
        let mut places = vec![executor];
        if self.replication > 1 {
            places.extend(scheduling::replica(&self.executors, block, executor));
        }
        self.blocks.store(block, places);
    }

    /// Follows the events of the driver.
    pub(crate) fn note(&mut self, event: &Event) {
        self.jobs.note(event);
    }

    /// Starts a job, whose tasks take this time.
    pub(crate) fn start_job(&mut self, now: Time, job: Job, time: Duration) {
        self.jobs.start(job, time);
        self.place_tasks(now);
    }

    /// Gives each task that has no executor one, as far as there is one with a core for tasks.
    fn place_tasks(&mut self, now: Time) {
        if self.jobs.is_placed() {
            return;
        }
        let free = scheduling::for_tasks(&self.executors, &self.receivers, self.cores);
        let again = self.jobs.place(now, &free, &self.executors, &self.blocks);
        self.events.extend(again);
    }

    /// Starts each receiver that has no executor, as far as there is one with a core for it.
    fn place_receivers(&mut self, now: Time) {
        for index in 0..self.receivers.len() {
            if !self.receivers[index].needs_executor() {
                continue;
            }
            let executor = scheduling::for_receiver(&self.executors, &self.receivers, self.cores);
            let Some(executor) = executor else {
                return;
            };
            let receiver = &mut self.receivers[index];
            receiver.executor = Some(executor);
            receiver.start(now);
            let stream = receiver.stream;
            self.events
                .push(ClusterEvent::ReceiverStarted { stream, executor });
        }
    }

    /// An executor comes to the driver, with nothing in memory.
    fn add_executor(&mut self, now: Time, executor: usize) {
        self.executors[executor].is_registered = true;
        self.events.push(ClusterEvent::ExecutorAdded { executor });
        self.place_receivers(now);
        self.place_tasks(now);
    }

    /// The driver does not hear of an executor any more.
    fn fall_silent(&mut self, now: Time, executor: usize) {
        let is_silent = self.silent.iter().any(|silent| silent.executor == executor);
        if self.executors[executor].is_registered && !is_silent {
            self.silent.extend(Silent::since(now, executor));
        }
    }

    /// The driver learns that an executor is gone: its blocks, its receivers, and its tasks, which run again.
    fn lose_executor(&mut self, now: Time, executor: usize, is_timeout: bool) {
        self.silent.retain(|silent| silent.executor != executor);
        if !std::mem::take(&mut self.executors[executor].is_registered) {
            return;
        }
        self.events.push(ClusterEvent::ExecutorLost {
            executor,
            is_timeout,
        });
        self.blocks.lose(executor);
        for receiver in &mut self.receivers {
            if receiver.executor == Some(executor) {
                receiver.end(self.is_reliable, &mut self.events);
                receiver.executor = None;
            }
        }
        self.jobs.lose(executor);
        self.place_receivers(now);
        self.place_tasks(now);
    }
}

#[cfg(test)]
mod tests;
