//! An aggregation of a stream by session windows, which grow together with the times that fall into them.

use std::ops::ControlFlow;
use std::sync::PoisonError;

use engine::order::partition;
use engine::{
    Counters, DataType, Failure, OutputMode, Row, StateChange, StateSchema, Struct, Value, gather,
};
use engine_sql::Context;

use super::aggregation::{Aggregation, Groups, Partial};
use super::session_store::{Session, SessionStore, session, split_start};
use super::stream::{StreamSettings, state_schema};
use crate::physical::operator::{
    Batch, Each, Flow, Operator, Partitions, each_partition, hand_out,
};
use crate::physical::state::{
    Footprint, GroupKey, KeyMap, SavedStore, StateStores, Stateful, Store, end_micros,
};
use crate::physical::watermark::InputWatermark;

/// The sessions of all rows so far (`SessionWindowStateStoreRestoreExec`, `MergingSessionsExec`,
/// `SessionWindowStateStoreSaveExec`).
#[derive(Debug)]
pub(crate) struct SessionAggregate {
    input: Box<dyn Operator>,
    aggregation: Aggregation,
    /// The key that is the session window.
    session: usize,
    /// The watermark bounds it: sessions are late in all output modes.
    is_event_time: bool,
    /// Final sessions go.
    evicts: bool,
    settings: StreamSettings,
    schema: StateSchema,
    stores: StateStores<SessionStore>,
    watermark: InputWatermark,
    results: Vec<Sessions>,
    counters: Counters,
}

/// The result of a batch in one partition.
#[derive(Debug, Default)]
struct Sessions {
    rows: Vec<Row>,
    counters: Counters,
    changes: Vec<StateChange>,
}

impl SessionAggregate {
    pub(crate) fn new(
        input: Box<dyn Operator>,
        aggregation: Aggregation,
        session: usize,
        is_event_time: bool,
        settings: StreamSettings,
    ) -> SessionAggregate {
        let (mut keys, buffers) = aggregation.types();
        keys.remove(session);
        keys.push(DataType::Timestamp);
        let heeds_watermark = settings.output_mode.heeds_watermark();
        SessionAggregate {
            input,
            aggregation,
            session,
            is_event_time,
            evicts: is_event_time && heeds_watermark,
            settings,
            schema: state_schema(&keys, &buffers),
            stores: StateStores::new(settings.shuffle_partitions, settings.has_table()),
            watermark: InputWatermark::default(),
            results: Vec::new(),
            counters: Counters::default(),
        }
    }

    /// The sessions of a partition's rows, each with the partition of its other keys.
    fn partial(&self, from: usize, batch: &Batch<'_>) -> Result<Partial, Failure> {
        let (groups, rows) = self.aggregation.groups_of(&*self.input, from, batch)?;
        let partitions = self.stores.partition_count();
        let groups = groups.into_iter().map(|(key, buffers)| {
            let (others, _) = self.parts(&key);
            (partition(others.shuffle_hash(), partitions), (key, buffers))
        });
        Ok(Partial {
            groups: groups.collect(),
            rows,
        })
    }

    /// The other keys, and the start and the end of the session.
    fn parts(&self, key: &GroupKey) -> (GroupKey, (i64, i64)) {
        let mut others = key.to_row();
        let window = others.remove(self.session);
        let bounds = match &window {
            Value::Struct(window) => window.values().filter_map(end_micros).collect(),
            _ => Vec::new(),
        };
        let bounds = match bounds.as_slice() {
            [start, end] => (*start, *end),
            _ => (0, 0),
        };
        (GroupKey::new(&others), bounds)
    }

    /// Adds the sessions that came to one partition to its store.
    fn merge(
        &self,
        place: usize,
        came: Groups,
        context: &Context<'_>,
    ) -> Result<Sessions, Failure> {
        let mut by_key: KeyMap<Vec<Session>> = KeyMap::default();
        let mut late = 0;
        for (key, buffers) in came {
            let (others, (start, end)) = self.parts(&key);
            if self.is_event_time && self.watermark.is_late(end) {
                late += 1;
            } else {
                by_key.entry(others).or_default().push(Session {
                    start,
                    end,
                    buffers,
                });
            }
        }
        by_key.sort_keys();
        let mut result = Sessions::default();
        result.counters.late = late;
        let mut store = self.stores.store(place);
        let store = &mut *store;
        store.begin();
        for (key, came) in by_key {
            let mut sessions: Vec<Session> = store.of_key(&key);
            result.counters.function_calls += came.len() as u64;
            sessions.extend(came);
            sessions.sort_by_key(|session| (session.start, session.end));
            let merged = self.merged(sessions, context)?;
            result.counters.keys_touched += merged.len() as u64;
            result.counters.states_set += merged.len() as u64;
            store.replace(&key, merged, &mut result.changes);
        }
        if self.evicts {
            let gone = store.evict(|end| self.watermark.is_final(end), &mut result.changes);
            result.counters.keys_touched += gone.len() as u64;
            result.counters.states_removed += gone.len() as u64;
            if self.settings.output_mode == OutputMode::Append {
                let rows = gone
                    .iter()
                    .map(|(key, session)| self.row(key, session, context));
                result.rows = rows.collect::<Result<_, _>>()?;
            }
        }
        store.sessions.end();
        if !self.settings.saves {
            result.changes.clear();
        }
        Ok(result)
    }

    /// Sessions of one key in their order, those that touch as one.
    fn merged(
        &self,
        sessions: Vec<Session>,
        context: &Context<'_>,
    ) -> Result<Vec<Session>, Failure> {
        let mut merged: Vec<Session> = Vec::new();
        for session in sessions {
            match merged.last_mut() {
                Some(last) if session.start <= last.end => {
                    last.end = last.end.max(session.end);
                    self.aggregation
                        .merge(&mut last.buffers, &session.buffers, context)?;
                }
                _ => merged.push(session),
            }
        }
        Ok(merged)
    }

    /// The row of a session of some other keys.
    fn row(
        &self,
        others: &[Value],
        session: &Session,
        context: &Context<'_>,
    ) -> Result<Row, Failure> {
        let bounds = [("start", session.start), ("end", session.end)];
        let bounds = bounds.map(|(name, micros)| (name, Value::Timestamp(micros)));
        let mut key = others.to_vec();
        key.insert(self.session, Value::Struct(Struct::from_iter(bounds)));
        self.aggregation
            .finish(&GroupKey::new(&key), &session.buffers, context)
    }
}

impl Operator for SessionAggregate {
    fn inputs(&self) -> Vec<&dyn Operator> {
        vec![&*self.input]
    }

    fn inputs_mut(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        if self.aggregation.key_count() < 2 {
            return Err(without_other_key());
        }
        let partitions = self.input.begin(batch)?;
        let partials = each_partition(&partitions, batch, |it| self.partial(it, batch))?;
        self.counters = Counters {
            probes: partials.iter().map(|partial| partial.rows).sum(),
            ..Counters::default()
        };
        let groups = partials.into_iter().flat_map(|partial| partial.groups);
        let came = self.stores.deal(groups);
        let results = gather(batch.workers, came.len(), |place| {
            // No other task ever locks it.
            let mut came = came[place].lock().unwrap_or_else(PoisonError::into_inner);
            self.merge(place, std::mem::take(&mut came), &batch.context)
        });
        self.results = results.into_iter().collect::<Result<_, _>>()?;
        self.stores.end_batch();
        for result in &self.results {
            self.counters += result.counters;
        }
        Ok(Partitions {
            count: self.stores.partition_count(),
            used: self.stores.opened(),
        })
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let Some(place) = self.stores.place(partition) else {
            return Ok(ControlFlow::Continue(()));
        };
        if self.settings.output_mode != OutputMode::Complete {
            return hand_out(self.results[place].rows.iter().cloned(), each);
        }
        let store = self.stores.store(place);
        for (key, state) in store.sessions.iter() {
            let Some((others, session)) =
                split_start(key).and_then(|(others, start)| Some((others, session(start, state)?)))
            else {
                continue;
            };
            if each(self.row(others, &session, &batch.context)?)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(self)
    }
}

/// Spark finds out that there is no other key when the first batch is planned.
fn without_other_key() -> Failure {
    Failure::new(
        engine::FailureKind::Spark,
        "Global aggregation with session window in streaming query is not supported.",
    )
}

impl Stateful for SessionAggregate {
    fn schema(&self) -> &StateSchema {
        &self.schema
    }

    fn partition_count(&self) -> usize {
        self.stores.partition_count()
    }

    fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)> {
        let changes = self
            .results
            .iter_mut()
            .map(|it| std::mem::take(&mut it.changes));
        self.stores.by_partition(changes.collect())
    }

    fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)> {
        self.stores.snapshots()
    }

    fn recover(&mut self, stores: Vec<SavedStore>) {
        self.stores.recover(stores);
    }

    fn footprint(&self) -> Footprint {
        self.stores.footprint()
    }

    fn counters(&self) -> Counters {
        self.counters
    }

    fn set_watermark(&mut self, input: i64) {
        self.watermark.set(input);
    }

    fn wants_batch(&self, input: i64) -> bool {
        self.settings.output_mode.heeds_watermark() && self.watermark.is_raised_by(input)
    }
}
