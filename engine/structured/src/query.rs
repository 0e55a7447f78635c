//! A structured query in progress: triggers, micro-batches, and when it ends.

use engine::{
    Block, Event, Finished, Input, Job, KeyOrder, Machine, Outbox, OutputMode, StreamSource, Text,
    Time, Trigger,
};

use crate::analyze::ResolvedPlan;
use crate::incremental::Incremental;

/// What a query was told when it was written down.
#[derive(Clone, Debug)]
pub(crate) struct QuerySettings {
    pub(crate) output_mode: OutputMode,
    pub(crate) trigger: Trigger,
    pub(crate) num_rows: usize,
    pub(crate) truncate: bool,
    pub(crate) cores: usize,
    pub(crate) shuffle_partitions: usize,
    pub(crate) key_order: KeyOrder,
    /// How many bytes the groups may take.
    pub(crate) memory: Option<u64>,
}

/// A structured query in progress (`org.apache.spark.sql.execution.streaming.MicroBatchExecution`).
///
/// It runs a micro-batch only when there is something new, be it data or a watermark that may have
/// passed more groups (`MB-3`); otherwise there is no batch and no batch id (`MB-2`).
#[derive(Debug)]
pub struct Query {
    source: StreamSource,
    /// Whether the source counts as having something new before any data came (`MB-2b`).
    counts_from_nothing: bool,
    trigger: Trigger,
    next_trigger: Option<Time>,
    pending: Vec<Block>,
    next_batch: u64,
    /// The plan and its state; `None` while a micro-batch has them.
    incremental: Option<Box<Incremental>>,
    stopping: bool,
    stopped: bool,
}

impl Query {
    pub(crate) fn new(plan: ResolvedPlan, settings: QuerySettings) -> Query {
        Query {
            source: plan.source.clone(),
            counts_from_nothing: plan.counts_from_nothing,
            trigger: settings.trigger,
            next_trigger: None,
            pending: Vec::new(),
            next_batch: 0,
            incremental: Some(Box::new(Incremental::new(plan, settings))),
            stopping: false,
            stopped: false,
        }
    }

    fn receive(&mut self, now: Time, block: Block) {
        if block.is_empty() || self.stopping || self.stopped {
            return;
        }
        self.pending.push(block);
        if self.trigger.is_immediate() && self.incremental.is_some() && self.next_trigger.is_none()
        {
            self.next_trigger = Some(now);
        }
    }

    /// Fires the trigger if its time has come and no micro-batch is running. The time of the next one
    /// counts from now: ticks that were missed are skipped (`TRG-2`).
    fn fire(&mut self, now: Time, outbox: &mut Outbox) {
        if self.incremental.is_none() || self.next_trigger.is_none_or(|time| time > now) {
            return;
        }
        self.next_trigger = self.trigger.next(now);
        self.run_batch(now, outbox);
        if self.trigger.is_single() {
            self.stopping = true;
        }
    }

    fn run_batch(&mut self, now: Time, outbox: &mut Outbox) {
        if !self.has_work() && !self.counts_from_nothing {
            return;
        }
        let Some(mut incremental) = self.incremental.take() else {
            return;
        };
        self.counts_from_nothing = false;
        incremental.prepare(self.next_batch, now, std::mem::take(&mut self.pending));
        self.next_batch += 1;
        outbox.run(Job::new(incremental));
    }

    /// Whether a micro-batch has something to do: new data, or groups that are final now (`MB-3`).
    fn has_work(&self) -> bool {
        !self.pending.is_empty() || self.asks_for_another_batch()
    }

    /// Whether the last micro-batch wants another one, even without data.
    fn asks_for_another_batch(&self) -> bool {
        let incremental = self.incremental.as_ref();
        incremental.is_some_and(|incremental| incremental.asks_for_another_batch())
    }

    fn finish(&mut self, now: Time, finished: Finished, outbox: &mut Outbox) {
        let (incremental, outcome) = finished.into_parts::<Incremental>();
        let records = incremental.records();
        self.incremental = Some(incremental);
        let failure: Option<Text> = match outcome {
            Ok(events) => {
                for event in events {
                    outbox.tell(event);
                }
                None
            }
            Err(reason) => Some(reason),
        };
        // A failure ends the query (`MB-7`).
        self.stopped |= failure.is_some();
        outbox.tell(Event::QueryProgress {
            batch_id: self.next_batch - 1,
            records,
            failure,
        });
        if self.stopped {
            outbox.tell(Event::Stopped);
        } else if self.trigger.is_immediate() && self.has_work() {
            self.next_trigger = Some(now);
        }
    }

    /// Ends the query once what was received has been worked off, and the watermark has had its say. A
    /// trigger that fires once has one micro-batch, and the one for what is available one more, if that
    /// asks for it (`TRG-3`, `TRG-4`).
    fn settle(&mut self, now: Time, outbox: &mut Outbox) {
        if !self.stopping || self.stopped || self.incremental.is_none() {
            return;
        }
        let is_left = match self.trigger {
            Trigger::Once => false,
            Trigger::AvailableNow => self.asks_for_another_batch(),
            Trigger::Default | Trigger::ProcessingTime(_) => self.has_work(),
        };
        if is_left {
            self.run_batch(now, outbox);
            return;
        }
        self.stopped = true;
        outbox.tell(Event::Stopped);
    }
}

impl Machine for Query {
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
        match input {
            Input::Started => self.next_trigger = Some(now),
            Input::Received { record, .. } => self.receive(now, Block::from([record])),
            Input::Stored { block, .. } => self.receive(now, block),
            Input::Woken => self.fire(now, outbox),
            Input::JobFinished(finished) => self.finish(now, finished, outbox),
            Input::StopRequested => self.stopping = true,
        }
        self.settle(now, outbox);
    }

    /// A trigger that fires while a micro-batch runs waits for its end.
    fn next_wake(&self) -> Option<Time> {
        let idle = self.incremental.is_some() && !self.stopped && !self.stopping;
        self.next_trigger.filter(|_| idle)
    }

    /// A query reads one stream.
    fn sources(&self) -> &[StreamSource] {
        std::slice::from_ref(&self.source)
    }

    fn is_stopped(&self) -> bool {
        self.stopped
    }
}
