//! A receiver: what it has taken in, and what still is at its source.

use std::collections::VecDeque;
use std::time::Duration;

use engine::{ClusterEvent, Grid, Records, StreamId, Time};

use super::executor::Executor;

/// The time after which a receiver that has failed starts again (`spark.streaming.receiverRestartDelay`, `RCV-1`).
const RESTART_DELAY: Duration = Duration::from_secs(2);

/// The receiver of a stream (`ReceiverSupervisor`), and its source.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) stream: StreamId,
    /// The executor on which it has a core; `None` if it waits for one.
    pub(super) executor: Option<usize>,
    /// The time at which it starts again after a failure.
    pub(super) restarts: Option<Time>,
    /// True if it takes nothing in.
    pub(super) is_paused: bool,
    /// True if its program ends, and it does not start any more.
    pub(super) is_stopped: bool,
    /// Taken in and not stored, which happens at `next_cut`.
    buffer: VecDeque<Records>,
    next_cut: Option<Time>,
    /// At the source, which waits for the receiver.
    waiting: Vec<Records>,
}

impl Receiver {
    pub(super) fn new(stream: StreamId) -> Receiver {
        Receiver {
            stream,
            executor: None,
            restarts: None,
            is_paused: false,
            is_stopped: false,
            buffer: VecDeque::new(),
            next_cut: None,
            waiting: Vec::new(),
        }
    }

    /// True if it runs nowhere and could.
    pub(super) fn needs_executor(&self) -> bool {
        self.executor.is_none() && !self.is_stopped
    }

    /// The executor on which it runs.
    fn runs_on<'a>(&self, executors: &'a [Executor]) -> Option<&'a Executor> {
        let executor = self.executor.filter(|_| self.restarts.is_none())?;
        executors.get(executor)
    }

    /// Records come: to the receiver, or to its source if it stands still. If none runs, a source that cannot send again
    /// loses them.
    pub(super) fn receive(
        &mut self,
        now: Time,
        records: Records,
        executors: &[Executor],
        is_reliable: bool,
        events: &mut Vec<ClusterEvent>,
    ) {
        match self.runs_on(executors) {
            Some(executor) if executor.paused.is_none() && !self.is_paused => {
                self.buffer.push_back(records);
                self.find_cut(now);
            }
            Some(_) => self.waiting.push(records),
            None => self.miss(records, is_reliable, events),
        }
    }

    /// Records come where no receiver runs.
    pub(super) fn miss(
        &mut self,
        records: Records,
        is_reliable: bool,
        events: &mut Vec<ClusterEvent>,
    ) {
        if is_reliable {
            self.waiting.push(records);
        } else {
            events.push(self.lost(records.len()));
        }
    }

    /// It runs, and takes what its source has.
    pub(super) fn start(&mut self, now: Time) {
        self.restarts = None;
        if !self.is_paused {
            self.buffer.extend(self.waiting.drain(..));
            self.find_cut(now);
        }
    }

    /// It does not stand still any more.
    pub(super) fn go_on(&mut self, now: Time) {
        if self.executor.is_some() && self.restarts.is_none() {
            self.start(now);
        }
    }

    /// It has ended. A source that can send again has what it did not store.
    pub(super) fn end(&mut self, is_reliable: bool, events: &mut Vec<ClusterEvent>) {
        if self.executor.is_none() {
            return;
        }
        // One that was to start again has ended before.
        if self.restarts.take().is_none() {
            let stream = self.stream;
            events.push(ClusterEvent::ReceiverStopped { stream });
        }
        self.is_paused = false;
        let unstored = self.take_all();
        if is_reliable {
            self.waiting = unstored;
        } else {
            let records = unstored.iter().map(|records| records.len()).sum();
            if records > 0 {
                events.push(self.lost(records));
            }
        }
    }

    /// It has failed on an executor that runs: it starts again there.
    pub(super) fn fail(&mut self, now: Time, is_reliable: bool, events: &mut Vec<ClusterEvent>) {
        self.end(is_reliable, events);
        self.restarts = now.checked_add(RESTART_DELAY);
    }

    /// Takes all that is not stored, in the order in which it came.
    pub(super) fn take_all(&mut self) -> Vec<Records> {
        self.next_cut = None;
        let buffer = self.buffer.drain(..);
        buffer.chain(std::mem::take(&mut self.waiting)).collect()
    }

    /// The time at which it stores a block or starts again, if its driver would hear of that.
    pub(super) fn next_time(&self, executors: &[Executor]) -> Option<Time> {
        let executor = executors.get(self.executor?)?;
        if !executor.is_heard() {
            return None;
        }
        self.restarts.or(self.next_cut)
    }

    /// Takes the first block that is not stored. All that have come up to a tick are stored then.
    pub(super) fn take_block(&mut self) -> Option<Records> {
        let block = self.buffer.pop_front();
        if self.buffer.is_empty() {
            self.next_cut = None;
        }
        block
    }

    fn find_cut(&mut self, now: Time) {
        if self.next_cut.is_none() && !self.buffer.is_empty() {
            let grid = Grid::every(scenario::Cluster::BLOCK_INTERVAL);
            self.next_cut = grid.at_or_after(now);
        }
    }

    fn lost(&self, records: usize) -> ClusterEvent {
        let stream = self.stream;
        ClusterEvent::RecordsLost { stream, records }
    }
}
