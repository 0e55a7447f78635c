//! An aggregation of a stream by session windows, which grow together with the times that fall into them.

use std::ops::ControlFlow;

use engine::order::partition;
use engine::{DataType, Failure, OutputMode, Row, Struct, Value};
use engine_sql::Context;

use super::aggregation::{Aggregation, Partial};
use super::session_store::{Session, SessionStore, session, split_start};
use super::stream::StreamSettings;
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions};
use crate::physical::state::{
    GroupKey, KeyMap, Merged, OperatorState, Stateful, StoreLayout, StoreOrder, end_micros,
    state_schema,
};

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
    state: OperatorState<SessionStore>,
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
        let order = match settings.order_of_rows() {
            StoreOrder::Bytes => StoreOrder::PrefixedBytes,
            order => order,
        };
        SessionAggregate {
            input,
            aggregation,
            session,
            is_event_time,
            evicts: is_event_time && heeds_watermark,
            settings,
            state: OperatorState::new(
                state_schema(&keys, &buffers),
                settings.shuffle_partitions,
                StoreLayout::new(order, &keys),
            )
            .saved(settings.saves)
            .heeding_watermark(heeds_watermark),
        }
    }

    /// A session of a partial aggregation, with the partition of its other keys, and these.
    fn came(&self, partial: &Partial, number: usize) -> (usize, (GroupKey, Session)) {
        let mut others = partial.groups.key(number).to_vec();
        let window = others.remove(self.session);
        let bounds = match &window {
            Value::Struct(window) => window.values().filter_map(end_micros).collect(),
            _ => Vec::new(),
        };
        let (start, end) = match bounds.as_slice() {
            [start, end] => (*start, *end),
            _ => (0, 0),
        };
        let others = GroupKey::new(&others);
        let to = partition(others.shuffle_hash(), self.state.partition_count());
        let mut buffers = Row::new();
        partial.buffers_into(number, &mut buffers);
        let session = Session {
            start,
            end,
            buffers,
        };
        (to, (others, session))
    }

    /// Adds the sessions that came to one partition to its store.
    fn merge(
        &self,
        store: &mut SessionStore,
        came: Vec<(GroupKey, Session)>,
        context: &Context<'_>,
    ) -> Result<Merged, Failure> {
        let watermark = self.state.watermark();
        let mut result = Merged::default();
        let mut by_key: KeyMap<Vec<Session>> = KeyMap::default();
        for (others, session) in came {
            if self.is_event_time && watermark.is_late(session.end) {
                result.counters.late += 1;
            } else {
                by_key.entry(others).or_default().push(session);
            }
        }
        by_key.sort_keys();
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
            let gone = store.evict(|end| watermark.is_final(end), &mut result.changes);
            result.counters.keys_touched += gone.len() as u64;
            result.counters.states_removed += gone.len() as u64;
            if self.settings.output_mode == OutputMode::Append {
                for (key, session) in self.in_order(gone.into_iter()) {
                    result.rows.push_with(|row| {
                        self.aggregation
                            .finish(&key, &session.buffers, context, row)
                    })?;
                }
            }
        }
        store.sessions.end();
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

    /// Sessions of some other keys, each with its whole key, in the order in which the last step of the aggregation hands
    /// them out.
    fn in_order(&self, sessions: impl Iterator<Item = (Row, Session)>) -> Vec<(Row, Session)> {
        let mut sessions: Vec<_> = sessions
            .map(|(mut key, session)| {
                let bounds = [("start", session.start), ("end", session.end)];
                let bounds = bounds.map(|(name, micros)| (name, Value::Timestamp(micros)));
                key.insert(self.session, Value::Struct(Struct::from_iter(bounds)));
                (key, session)
            })
            .collect();
        if self.aggregation.sorts(sessions.len()) {
            sessions.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        sessions
    }
}

impl Operator for SessionAggregate {
    fn name(&self) -> String {
        format!(
            "SessionWindowStateStoreSave {:?},",
            self.settings.output_mode
        )
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        if self.aggregation.key_count() < 2 {
            return Err(without_other_key());
        }
        let partitions = self.input.begin(batch)?;
        let partials = self
            .aggregation
            .partials(&*self.input, &partitions, batch, 0)?;
        let rows = partials.iter().map(|partial| partial.rows).sum();
        let sessions = partials.iter().flat_map(|partial| {
            let order = partial.order.iter();
            order.map(|number| self.came(partial, *number))
        });
        let sessions: Vec<_> = sessions.collect();
        let came = self.state.deal(rows, sessions, self.evicts);
        let merged = self.state.merge(&came, batch, |store, came| {
            self.merge(store, came, &batch.context)
        })?;
        let with_rows = self.state.end_batch(merged);
        Ok(match self.settings.output_mode {
            OutputMode::Complete => self.state.partitions(),
            OutputMode::Append | OutputMode::Update => with_rows,
        })
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        if self.settings.output_mode != OutputMode::Complete {
            return self.state.rows(partition, each);
        }
        let Some(store) = self.state.store(partition) else {
            return Ok(ControlFlow::Continue(()));
        };
        let sessions = store.sessions.iter().filter_map(|(key, state)| {
            let (others, start) = split_start(key)?;
            Some((others.to_vec(), session(start, state)?))
        });
        let mut row = Row::new();
        for (key, session) in self.in_order(sessions) {
            row.clear();
            self.aggregation
                .finish(&key, &session.buffers, &batch.context, &mut row)?;
            if each(&row)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(&mut self.state)
    }
}

/// Spark finds out that there is no other key when the first batch is planned.
fn without_other_key() -> Failure {
    Failure::new(
        engine::FailureKind::Spark,
        "Global aggregation with session window in streaming query is not supported.",
    )
}
