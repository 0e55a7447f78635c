//! The sessions of a stream, by their keys.

use std::collections::BTreeSet;

use engine::{Row, StateChange, Value};

use crate::physical::state::{
    Footprint, GroupKey, KeyMap, SavedStore, StateStore, Store, StoreLayout, end_micros,
};

/// The sessions of one partition, by the other keys and their starts.
#[derive(Debug)]
pub(super) struct SessionStore {
    /// The value is the end, and the buffers.
    pub(super) sessions: StateStore,
    /// The starts of the sessions of each key.
    starts: KeyMap<BTreeSet<i64>>,
}

/// A session: from its start to its end, and its buffers.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) buffers: Row,
}

impl SessionStore {
    /// The sessions of a key, by their starts.
    pub(super) fn of_key(&self, key: &GroupKey) -> Vec<Session> {
        let starts = self.starts.get(key).into_iter().flatten();
        let sessions = starts.filter_map(|start| {
            let state = self.sessions.get(&with_start(key, *start))?;
            session(*start, state)
        });
        sessions.collect()
    }

    /// Puts these sessions of a key in the place of those that it has: those that are no more go first.
    pub(super) fn replace(
        &mut self,
        key: &GroupKey,
        sessions: Vec<Session>,
        changes: &mut Vec<StateChange>,
    ) {
        let starts: BTreeSet<i64> = sessions.iter().map(|session| session.start).collect();
        let before = self
            .starts
            .insert(key.clone(), starts.clone())
            .unwrap_or_default();
        for start in before.difference(&starts) {
            let gone = with_start(key, *start);
            self.sessions.remove(&gone);
            changes.push(StateChange {
                key: gone.to_row(),
                value: None,
            });
        }
        for Session {
            start,
            end,
            buffers,
        } in sessions
        {
            let key = with_start(key, start);
            let mut state = vec![Value::Timestamp(end)];
            state.extend(buffers);
            changes.push(StateChange {
                key: key.to_row(),
                value: Some(state.clone()),
            });
            self.sessions.put(&key, state);
        }
    }

    /// Removes the sessions that end at such a time, and returns them in the order of the store.
    pub(super) fn evict(
        &mut self,
        is_final: impl Fn(i64) -> bool,
        changes: &mut Vec<StateChange>,
    ) -> Vec<(Row, Session)> {
        let gone = self
            .sessions
            .evict(|_, state| state.first().and_then(end_micros).is_some_and(&is_final));
        let mut sessions = Vec::new();
        for (key, state) in gone {
            changes.push(StateChange {
                key: key.to_row(),
                value: None,
            });
            let Some((others, start)) = split_start(&key) else {
                continue;
            };
            let key = GroupKey::new(others);
            if let Some(starts) = self.starts.get_mut(&key) {
                starts.remove(&start);
                if starts.is_empty() {
                    self.starts.swap_remove(&key);
                }
            }
            sessions.extend(session(start, &state).map(|session| (others.to_vec(), session)));
        }
        sessions
    }
}

/// A session as its state has it.
pub(super) fn session(start: i64, state: &[Value]) -> Option<Session> {
    let (end, buffers) = state.split_first()?;
    Some(Session {
        start,
        end: end_micros(end)?,
        buffers: buffers.to_vec(),
    })
}

/// The key of a session's state: the other keys and its start.
fn with_start(key: &GroupKey, start: i64) -> GroupKey {
    let mut values = key.to_row();
    values.push(Value::Timestamp(start));
    GroupKey::new(&values)
}

pub(super) fn split_start(key: &GroupKey) -> Option<(&[Value], i64)> {
    let (start, others) = key.values().split_last()?;
    Some((others, end_micros(start)?))
}

impl Store for SessionStore {
    fn new(layout: &StoreLayout) -> SessionStore {
        SessionStore {
            sessions: StateStore::new(layout),
            starts: KeyMap::default(),
        }
    }

    fn recovered(layout: &StoreLayout, saved: SavedStore) -> SessionStore {
        let sessions = StateStore::recovered(layout, saved);
        let mut starts: KeyMap<BTreeSet<i64>> = KeyMap::default();
        for (others, start) in sessions.iter().filter_map(|(key, _)| split_start(key)) {
            starts
                .entry(GroupKey::new(others))
                .or_default()
                .insert(start);
        }
        SessionStore { sessions, starts }
    }

    fn begin(&mut self) {
        self.sessions.begin();
    }

    fn footprint(&self) -> Footprint {
        self.sessions.footprint()
    }

    fn snapshot(&self) -> Vec<StateChange> {
        self.sessions.snapshot()
    }
}
