//! A structured query in progress: triggers, micro-batches, and when it ends.

mod batch;
mod progress;
mod saved;
mod written;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engine::{
    DriverEvent, Event, Input, Machine, Outbox, QueryFiles, Records, StreamId, StreamSource, Text,
    Time, Trigger,
};

use self::batch::{Again, UnderWay};
use crate::durable::Durable;
use crate::file_sink::FileSink;
use crate::incremental::Incremental;
use crate::recover::{Found, QueryRecoverError, read_states};
use crate::settings::QUERY;
use crate::sink::Sink;
use crate::source::{OwnLog, Recovered, Source, SourceSettings};
use crate::start::Prepared;

/// A structured query in progress (`org.apache.spark.sql.execution.streaming.MicroBatchExecution`).
///
/// It runs a micro-batch only when there is something new, be it data or a watermark that may have
/// passed more groups (`MB-3`); otherwise there is no batch and no batch id (`MB-2`).
#[derive(Debug)]
pub struct Query {
    streams: Vec<StreamSource>,
    /// The source of each stream, and its number there.
    places: Vec<StreamPlace>,
    sources: Vec<Box<dyn Source>>,
    trigger: Trigger,
    next_trigger: Option<Time>,
    next_batch: u64,
    cores: usize,
    /// The micro-batch that a run before began and did not end.
    again: Option<Again>,
    /// True if a micro-batch has run since it was started (`MB-4`).
    has_run: bool,
    /// The micro-batch that is under way.
    under_way: Option<UnderWay>,
    /// The plan and its state, locked by the micro-batch that is under way.
    incremental: Arc<Mutex<Incremental>>,
    /// `None` if the query has no checkpoint.
    durable: Option<Durable>,
    /// `None` if rows do not go to files.
    files: Option<FileSink>,
    /// The start of the last trigger, and the time since the one before it.
    last_trigger: Option<Time>,
    interval: Option<Duration>,
    /// The offsets at which the last micro-batch ended.
    ends: Vec<Option<Text>>,
    stopping: bool,
    stopped: bool,
}

/// A stream among those of its source.
#[derive(Clone, Copy, Debug)]
struct StreamPlace {
    source: usize,
    stream: StreamId,
}

impl Query {
    pub(crate) fn new(prepared: Prepared) -> Query {
        let settings = &prepared.settings;
        let mut streams = Vec::new();
        let mut places = Vec::new();
        for (source, written) in prepared.sources.iter().enumerate() {
            for (number, stream) in written.streams().into_iter().enumerate() {
                streams.push(stream);
                let stream = StreamId(number);
                places.push(StreamPlace { source, stream });
            }
        }
        Query {
            streams,
            places,
            sources: prepared.sources.iter().map(SourceSettings::open).collect(),
            trigger: settings.trigger,
            next_trigger: None,
            next_batch: 0,
            cores: settings.cores,
            again: None,
            has_run: false,
            under_way: None,
            durable: settings.checkpoint.then(Durable::new),
            files: match &settings.sink {
                Sink::Files { format, folder, .. } => {
                    Some(FileSink::new(format.extension(), folder.clone()))
                }
                _ => None,
            },
            incremental: Arc::new(Mutex::new(Incremental::new(prepared))),
            last_trigger: None,
            interval: None,
            ends: Vec::new(),
            stopping: false,
            stopped: false,
        }
    }

    /// The same query, which goes on from what a run before has saved in these files, to be started by
    /// [`Input::Started`]. The files that its source has had are to be handed in before, by [`Input::Replayed`].
    ///
    /// It has the id of that run. The last micro-batch that was begun runs again, with the same input, unless it was ended. The number of shuffle
    /// partitions is that of the first run, whatever the session says (`MB-8`). Nothing else of the query is compared:
    /// as in Spark, one with states of other types fails in its first micro-batch, and any other goes on with the
    /// states that are there.
    ///
    /// ```
    /// use engine_structured::{Query, SparkSession};
    /// use engine::{QueryContent, QueryFile, QueryFileError, QueryFiles};
    ///
    /// struct Nothing;
    /// impl QueryFiles for Nothing {
    ///     fn list(&self) -> Result<Vec<QueryFile>, QueryFileError> {
    ///         Ok(Vec::new())
    ///     }
    ///     fn read(&self, file: QueryFile) -> Result<QueryContent, QueryFileError> {
    ///         Err(QueryFileError::Missing(file))
    ///     }
    /// }
    /// let lines = SparkSession::local(2, "lines").read_stream().text("inbox");
    /// let query = Query::recover(lines.write_stream().checkpoint().console()?, &Nothing)?;
    /// # let _ = query;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The logs cannot be read, are those of a query on another source, or are of one with a memory sink that is not in
    /// complete mode.
    ///
    /// # Panics
    ///
    /// Panics if the query has no [checkpoint](crate::DataStreamWriter::checkpoint).
    pub fn recover(mut self, files: &dyn QueryFiles) -> Result<Query, QueryRecoverError> {
        let durable = self.durable.as_mut();
        let durable = durable.expect("only a query with a checkpoint goes on from one");
        let logs: Vec<OwnLog> = self.sources.iter().map(|it| it.own_log()).collect();
        let mut found = Found::read(files, &logs)?;
        let mut incremental = locked(&self.incremental);
        if !incremental.settings().goes_on() && !found.offsets.is_empty() {
            return Err(QueryRecoverError::NotSupported);
        }
        if let Some(id) = &found.id {
            incremental.set_id(id.clone());
        }
        drop(incremental);
        let next = found.next.take();
        let own = std::mem::take(&mut found.source_logs).into_iter();
        let own = own.zip(std::mem::take(&mut found.beginnings));
        for (number, (source, (log, beginning))) in self.sources.iter_mut().zip(own).enumerate() {
            let again = next.as_ref().filter(|next| next.again.is_some());
            let available = next.as_ref().and_then(|next| next.ends[number].clone());
            source.recover(Recovered {
                log,
                beginning,
                committed: match again {
                    Some(next) => next.starts[number].clone(),
                    None => available.clone(),
                },
                available,
                is_run_again: again.is_some(),
            })?;
        }
        let Some(next) = next else {
            durable.recover(found, 0, Vec::new());
            return Ok(self);
        };
        let mut incremental = locked(&self.incremental);
        incremental.set_shuffle_partitions(next.shuffle_partitions);
        let operators = incremental.state_operators();
        let states = read_states(files, &found.states, next.id, &operators);
        incremental.recover(next.watermark, states);
        let stores = operators.iter().map(|operator| operator.partitions);
        durable.recover(found, next.id, stores.collect());
        drop(incremental);
        for stream in &mut self.streams {
            // It goes on where the run before has ended.
            if let StreamSource::Topic { from_start, .. } = stream {
                *from_start = true;
            }
        }
        let begins = next.again.map_or(next.ends, |_| next.starts);
        self.ends = self.offsets_json(begins.into_iter());
        self.next_batch = next.id;
        self.again = next.again.map(|begun| Again { begun });
        Ok(self)
    }

    /// Its id, which is the same whenever it is started with its checkpoint.
    pub fn id(&self) -> Text {
        locked(&self.incremental).settings().ids.id.clone()
    }

    /// The times at which it looks for data.
    pub fn trigger(&self) -> Trigger {
        self.trigger
    }

    fn start(&mut self, now: Time, outbox: &mut Outbox) {
        self.next_trigger = Some(now);
        self.sources.iter_mut().for_each(|source| source.start(now));
        if let Some(files) = &mut self.files {
            files.start(now);
        }
        if let Some(durable) = &mut self.durable {
            let id = locked(&self.incremental).settings().ids.id.clone();
            durable.start(id, outbox);
        }
        if self.again.is_some() || self.next_batch > 0 {
            outbox.record(Event::Driver(DriverEvent::QueryRecovered {
                query: QUERY,
                batch_id: self.next_batch,
                again: self.again.is_some(),
                watermark_ms: locked(&self.incremental).watermark_ms(),
            }));
        }
    }

    fn receive(&mut self, now: Time, stream: StreamId, records: Records) {
        if self.stopping || self.stopped {
            return;
        }
        let StreamPlace { source, stream } = self.place(stream);
        let source = &mut self.sources[source];
        if records.is_empty() && !source.takes_nothing() {
            return;
        }
        source.receive(now, stream, records);
        if self.trigger.is_immediate() && self.under_way.is_none() {
            let next = self.next_trigger.unwrap_or(now);
            self.next_trigger = Some(next.min(now));
        }
    }

    /// The place of a stream.
    ///
    /// # Panics
    ///
    /// Panics if the query reads no such stream.
    fn place(&self, stream: StreamId) -> StreamPlace {
        let place = self.places.get(stream.0).copied();
        place.expect("a query is handed the streams that it reads")
    }

    fn replay(&mut self, time: Time, stream: StreamId, records: Records) {
        let StreamPlace { source, stream } = self.place(stream);
        self.sources[source].replay(time, stream, records);
    }

    /// Fires the trigger if its time has come and no micro-batch is running. The time of the next one
    /// counts from now: ticks that were missed are skipped (`TRG-2`).
    fn fire(&mut self, now: Time, outbox: &mut Outbox) {
        if self.is_busy() || self.next_trigger.is_none_or(|time| time > now) {
            return;
        }
        self.next_trigger = self.trigger.next(now);
        self.begin_trigger(now);
        if self.trigger.is_single() {
            self.stopping = true;
            let sources = self.sources.iter_mut();
            sources.for_each(|source| source.fix_end(now));
        }
        self.sources.iter_mut().for_each(|source| source.look(now));
        self.run_batch(now, outbox);
        self.await_new(now);
    }

    /// Has an idle query wake where a source has new data by itself, or a state has timed out. A trigger at times finds them
    /// anyway.
    fn await_new(&mut self, now: Time) {
        if self.trigger.is_immediate() && self.under_way.is_none() && self.next_trigger.is_none() {
            let sources = self.sources.iter();
            let new = sources.filter_map(|source| source.next_new(now));
            let timeout = locked(&self.incremental).next_timeout();
            self.next_trigger = new.chain(timeout).min();
        }
    }

    fn begin_trigger(&mut self, now: Time) {
        let before = self.last_trigger.replace(now);
        let since = |before: Time| now.as_millis().saturating_sub(before.as_millis());
        self.interval = before.map(|it| Duration::from_millis(since(it).unsigned_abs()));
    }

    /// Looks after the saved states (`SS-5`). While a micro-batch runs, that waits for its end.
    fn maintain(&mut self, now: Time, outbox: &mut Outbox) {
        let is_idle = self.under_way.is_none() && !self.stopped;
        if let Some(durable) = self.durable.as_mut().filter(|_| is_idle)
            && durable.is_maintenance_due(now)
        {
            if durable.wants_snapshot() {
                durable.snapshot(locked(&self.incremental).snapshots(), outbox);
            }
            durable.clean_states(outbox);
        }
    }

    /// True while a micro-batch is under way, or something else has to be durable first.
    fn is_busy(&self) -> bool {
        self.under_way.is_some() || self.durable.as_ref().is_some_and(Durable::is_waiting)
    }

    /// True if a micro-batch has something to do: one to run again, new data, or groups that are final now (`MB-3`).
    fn has_work(&self, now: Time) -> bool {
        self.again.is_some()
            || self.sources.iter().any(|source| source.has_new(now))
            || self.asks_for_another_batch(now)
    }

    /// True if the last micro-batch wants another one, even without data. One of a run before does not (`MB-4`).
    ///
    /// Where states time out in processing time, Spark runs micro-batches without an end, as fast as it can if nothing
    /// spaces them. Here a trigger that does not runs one when a state has timed out, and a query that stops none.
    fn asks_for_another_batch(&self, now: Time) -> bool {
        if !self.has_run || self.under_way.is_some() {
            return false;
        }
        let mut incremental = locked(&self.incremental);
        let times_out = if self.trigger.is_immediate() {
            let next = incremental.next_timeout();
            next.is_some_and(|time| time <= now)
        } else {
            incremental.wants_each_trigger()
        };
        incremental.asks_for_another_batch() || times_out && !self.stopping
    }

    /// Ends a query that is stopping once its input has been worked off and the last watermark applied. A
    /// trigger that fires once has one micro-batch, and the one for what is available as many as there is input for, and
    /// one more if the last asks for it (`TRG-3`, `TRG-4`).
    fn stop_when_done(&mut self, now: Time, outbox: &mut Outbox) {
        if !self.stopping || self.stopped || self.is_busy() {
            return;
        }
        let is_left = match self.trigger {
            Trigger::Once => false,
            Trigger::AvailableNow | Trigger::Default | Trigger::ProcessingTime(_) => {
                self.has_work(now)
            }
        };
        if is_left {
            self.begin_trigger(now);
            self.run_batch(now, outbox);
            return;
        }
        self.stop(outbox);
    }

    fn stop(&mut self, outbox: &mut Outbox) {
        self.stopped = true;
        outbox.record(Event::Stopped);
    }
}

impl Machine for Query {
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
        match input {
            Input::Started => self.start(now, outbox),
            Input::Received { stream, record } => {
                self.receive(now, stream, Records::from([record]));
            }
            Input::Stored { stream, records } => self.receive(now, stream, records),
            Input::Replayed {
                stream,
                time,
                records,
            } => self.replay(time, stream, records),
            Input::Woken => self.fire(now, outbox),
            Input::JobFinished(finished) => self.finish(now, finished, outbox),
            Input::Written { id, result } => self.written(now, id, result, outbox),
            Input::Saved { id, result } => self.saved(now, id, result, outbox),
            Input::StopRequested => {
                self.stopping = true;
                let sources = self.sources.iter_mut();
                sources.for_each(|source| source.fix_end(now));
            }
        }
        self.maintain(now, outbox);
        self.stop_when_done(now, outbox);
    }

    /// A trigger that fires while a micro-batch runs waits for its end.
    fn next_wake(&self) -> Option<Time> {
        let idle = !self.is_busy() && !self.stopped && !self.stopping;
        let maintenance = self.durable.as_ref().and_then(Durable::next_maintenance);
        let next = self.next_trigger.into_iter().chain(maintenance).min();
        next.filter(|_| idle)
    }

    fn sources(&self) -> &[StreamSource] {
        &self.streams
    }

    fn writes(&self) -> bool {
        self.durable.is_some()
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
