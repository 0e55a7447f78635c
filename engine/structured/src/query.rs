//! A structured query in progress: triggers, micro-batches, and when it ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::{
    Event, Finished, Input, Job, JobId, Machine, Outbox, Records, StreamId, StreamSource, Time,
    Trigger,
};

use crate::analyze::ResolvedPlan;
use crate::incremental::{Incremental, MicroBatch};
use crate::settings::{QUERY, QuerySettings};

/// A structured query in progress (`org.apache.spark.sql.execution.streaming.MicroBatchExecution`).
///
/// It runs a micro-batch only when there is something new, be it data or a watermark that may have
/// passed more groups (`MB-3`); otherwise there is no batch and no batch id (`MB-2`).
#[derive(Debug)]
pub struct Query {
    source: StreamSource,
    /// True until batch 0 of a source whose batch 0 is empty (`MB-2b`).
    starts_empty: bool,
    trigger: Trigger,
    next_trigger: Option<Time>,
    pending: Vec<Records>,
    next_batch: u64,
    /// The micro-batch that is under way, with its number of records.
    running: Option<(JobId, usize)>,
    /// The plan and its state, locked by the micro-batch that is under way.
    incremental: Arc<Mutex<Incremental>>,
    stopping: bool,
    stopped: bool,
}

impl Query {
    pub(crate) fn new(plan: ResolvedPlan, settings: QuerySettings) -> Query {
        Query {
            source: plan.source.clone(),
            starts_empty: plan.starts_empty,
            trigger: settings.trigger,
            next_trigger: None,
            pending: Vec::new(),
            next_batch: 0,
            running: None,
            incremental: Arc::new(Mutex::new(Incremental::new(plan, settings))),
            stopping: false,
            stopped: false,
        }
    }

    /// The times at which it looks for data.
    pub fn trigger(&self) -> Trigger {
        self.trigger
    }

    fn receive(&mut self, now: Time, stream: StreamId, records: Records) {
        assert_eq!(stream, StreamId(0), "a query reads one stream");
        if records.is_empty() || self.stopping || self.stopped {
            return;
        }
        self.pending.push(records);
        if self.trigger.is_immediate() && self.running.is_none() && self.next_trigger.is_none() {
            self.next_trigger = Some(now);
        }
    }

    /// Fires the trigger if its time has come and no micro-batch is running. The time of the next one
    /// counts from now: ticks that were missed are skipped (`TRG-2`).
    fn fire(&mut self, now: Time, outbox: &mut Outbox) {
        if self.running.is_some() || self.next_trigger.is_none_or(|time| time > now) {
            return;
        }
        self.next_trigger = self.trigger.next(now);
        self.run_batch(now, outbox);
        if self.trigger.is_single() {
            self.stopping = true;
        }
    }

    fn run_batch(&mut self, now: Time, outbox: &mut Outbox) {
        let input = if std::mem::take(&mut self.starts_empty) {
            Vec::new()
        } else if self.has_work() {
            std::mem::take(&mut self.pending)
        } else {
            return;
        };
        let batch = MicroBatch {
            id: self.next_batch,
            begun: now,
            input,
        };
        let id = JobId(batch.id);
        self.next_batch += 1;
        self.running = Some((id, batch.records()));
        let incremental = Arc::clone(&self.incremental);
        outbox.run(Job::new(id, move |workers| {
            locked(&incremental).run(&batch, workers)
        }));
    }

    /// True if a micro-batch has something to do: new data, or groups that are final now (`MB-3`).
    fn has_work(&self) -> bool {
        !self.pending.is_empty() || self.asks_for_another_batch()
    }

    /// True if the last micro-batch wants another one, even without data.
    fn asks_for_another_batch(&self) -> bool {
        self.running.is_none() && locked(&self.incremental).asks_for_another_batch()
    }

    fn finish(&mut self, now: Time, finished: Finished, outbox: &mut Outbox) {
        let (id, records) = self.running.take().expect("a micro-batch is under way");
        assert_eq!(id, finished.id, "micro-batches run one at a time");
        let failure = finished.outcome.failure;
        for event in finished.outcome.events {
            outbox.record(event);
        }
        // A failure ends the query (`MB-7`).
        self.stopped |= failure.is_some();
        outbox.record(Event::QueryProgress {
            query: QUERY,
            batch_id: id.0,
            records,
            failure,
        });
        if self.stopped {
            outbox.record(Event::Stopped);
        } else if self.trigger.is_immediate() && self.has_work() {
            self.next_trigger = Some(now);
        }
    }

    /// Ends a query that is stopping once its input has been worked off and the last watermark applied. A
    /// trigger that fires once has one micro-batch, and the one for what is available one more, if that
    /// asks for it (`TRG-3`, `TRG-4`).
    fn stop_when_done(&mut self, now: Time, outbox: &mut Outbox) {
        if !self.stopping || self.stopped || self.running.is_some() {
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
        outbox.record(Event::Stopped);
    }
}

impl Machine for Query {
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
        match input {
            Input::Started => self.next_trigger = Some(now),
            Input::Received { stream, record } => {
                self.receive(now, stream, Records::from([record]));
            }
            Input::Stored { stream, records } => self.receive(now, stream, records),
            Input::Woken => self.fire(now, outbox),
            Input::JobFinished(finished) => self.finish(now, finished, outbox),
            Input::Written { .. } | Input::Replayed { .. } => panic!("a query has no checkpoint"),
            Input::StopRequested => self.stopping = true,
        }
        self.stop_when_done(now, outbox);
    }

    /// A trigger that fires while a micro-batch runs waits for its end.
    fn next_wake(&self) -> Option<Time> {
        let idle = self.running.is_none() && !self.stopped && !self.stopping;
        self.next_trigger.filter(|_| idle)
    }

    /// A query reads one stream.
    fn sources(&self) -> &[StreamSource] {
        std::slice::from_ref(&self.source)
    }

    /// `TextSocketMicroBatchStream` connects once (`MB-2c`).
    fn reconnects(&self) -> bool {
        false
    }

    fn is_stopped(&self) -> bool {
        self.stopped
    }
}

/// Locks the plan and its state. The micro-batch that has them is the only one.
fn locked(incremental: &Mutex<Incremental>) -> MutexGuard<'_, Incremental> {
    incremental.lock().unwrap_or_else(PoisonError::into_inner)
}
