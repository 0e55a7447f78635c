//! The states of a key, as a processor sees them in one call.

use std::sync::Arc;

use engine::order::unsafe_row;
use engine::{DataType, Failure, FailureKind, Row, Value};

use super::key_states::{KeyChange, KeyStates, Place, Stored};
use super::variables::{StateKind, StateVariables, Variable, refused};
use super::{TimeMode, TimerValues};

/// The state variables and the timers of the key that a processor is called for
/// (`org.apache.spark.sql.streaming.StatefulProcessorHandle`). Times are in milliseconds since the epoch.
#[derive(Debug, Default)]
pub struct StatefulProcessorHandle {
    variables: Arc<StateVariables>,
    time_mode: TimeMode,
    times: TimerValues,
    states: KeyStates,
    changes: Vec<KeyChange>,
}

impl StatefulProcessorHandle {
    pub(crate) fn new(
        variables: Arc<StateVariables>,
        time_mode: TimeMode,
        times: TimerValues,
        states: KeyStates,
    ) -> StatefulProcessorHandle {
        StatefulProcessorHandle {
            variables,
            time_mode,
            times,
            states,
            changes: Vec::new(),
        }
    }

    /// The states, and the changes that were made of them.
    pub(crate) fn into_changed(self) -> ChangedStates {
        ChangedStates {
            states: self.states,
            changes: self.changes,
        }
    }

    /// The times of the batch.
    pub fn times(&self) -> TimerValues {
        self.times
    }

    /// The kind of a variable, if there is one of this name.
    pub fn kind(&self, name: &str) -> Option<&StateKind> {
        self.variables.get(name).map(|variable| &variable.kind)
    }

    /// The variable of this name that has one value.
    ///
    /// # Errors
    ///
    /// `init` declares none.
    pub fn value_state(&mut self, name: &str) -> Result<ValueState<'_>, Failure> {
        let variable =
            self.variable(name, "a value", |kind| matches!(kind, StateKind::Value(_)))?;
        Ok(ValueState(variable))
    }

    /// The variable of this name that has a list of values.
    ///
    /// # Errors
    ///
    /// `init` declares none.
    pub fn list_state(&mut self, name: &str) -> Result<ListState<'_>, Failure> {
        let variable = self.variable(name, "a list", |kind| matches!(kind, StateKind::List(_)))?;
        Ok(ListState(variable))
    }

    /// The variable of this name that has values by keys.
    ///
    /// # Errors
    ///
    /// `init` declares none.
    pub fn map_state(&mut self, name: &str) -> Result<MapState<'_>, Failure> {
        let is_map = |kind: &StateKind| matches!(kind, StateKind::Map { .. });
        let variable = self.variable(name, "a map", is_map)?;
        Ok(MapState(variable))
    }

    fn variable(
        &mut self,
        name: &str,
        what: &str,
        is_kind: impl Fn(&StateKind) -> bool,
    ) -> Result<VariableStates<'_>, Failure> {
        let Some(variable) = self.variables.get(name).filter(|it| is_kind(&it.kind)) else {
            return Err(refused(&format!(
                "the processor declares no state variable `{name}` with {what}: declare it in `init`"
            )));
        };
        Ok(VariableStates {
            variable,
            now_ms: self.times.processing_ms,
            states: &mut self.states,
            changes: &mut self.changes,
        })
    }

    /// Has the processor be called for this key in the first batch whose time is this one or later (`registerTimer`).
    ///
    /// # Errors
    ///
    /// The time mode has no timers.
    pub fn register_timer(&mut self, expiry_ms: i64) -> Result<(), Failure> {
        self.check_timers("register_timer")?;
        apply(
            &mut self.states,
            &mut self.changes,
            KeyChange::TimerSet(expiry_ms),
        );
        Ok(())
    }

    /// Deletes a timer, if there is one at this time (`deleteTimer`).
    ///
    /// # Errors
    ///
    /// The time mode has no timers.
    pub fn delete_timer(&mut self, expiry_ms: i64) -> Result<(), Failure> {
        self.check_timers("delete_timer")?;
        let deleted = KeyChange::TimerDeleted(expiry_ms);
        apply(&mut self.states, &mut self.changes, deleted);
        Ok(())
    }

    /// The times of the key's timers (`listTimers`), in the order of RocksDB: by their bytes, the lowest first.
    ///
    /// # Errors
    ///
    /// The time mode has no timers.
    pub fn list_timers(&self) -> Result<Vec<i64>, Failure> {
        self.check_timers("list_timers")?;
        let mut timers: Vec<i64> = self.states.timers().iter().copied().collect();
        timers.sort_by_key(|time| unsafe_row::row_bytes(&[Value::Long(*time)], &[DataType::Long]));
        Ok(timers)
    }

    fn check_timers(&self, operation: &str) -> Result<(), Failure> {
        if self.time_mode != TimeMode::None {
            return Ok(());
        }
        Err(refused(&format!(
            "[STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_TIME_MODE] Failed to perform stateful processor \
             operation={operation} with invalid timeMode=None SQLSTATE: 42802"
        )))
    }
}

/// The states of a key after a call.
pub(crate) struct ChangedStates {
    pub(crate) states: KeyStates,
    pub(crate) changes: Vec<KeyChange>,
}

/// The values that a key has in a variable.
#[derive(Debug)]
struct VariableStates<'a> {
    variable: &'a Variable,
    now_ms: i64,
    states: &'a mut KeyStates,
    changes: &'a mut Vec<KeyChange>,
}

impl VariableStates<'_> {
    /// The values that are not forgotten, in their order.
    fn values(&self) -> impl DoubleEndedIterator<Item = &Stored> {
        let values = self.states.values(&self.variable.name);
        values.filter(|stored| !stored.is_expired(self.now_ms))
    }

    fn at(&self, place: &Place) -> Option<&[Value]> {
        let stored = self.states.value(&self.variable.name, place)?;
        (!stored.is_expired(self.now_ms)).then_some(&stored.value)
    }

    fn put(&mut self, place: Place, value: Row) -> Result<(), Failure> {
        check_width(
            &self.variable.name,
            &value,
            self.variable.kind.fields().len(),
        )?;
        let ttl = self.variable.ttl_ms;
        let put = KeyChange::Put {
            name: self.variable.name.clone(),
            stored: Stored {
                place,
                value,
                until: ttl.map(|ttl| self.now_ms.saturating_add(ttl)),
            },
        };
        apply(self.states, self.changes, put);
        Ok(())
    }

    fn clear(&mut self) {
        for removed in self.states.cleared(&self.variable.name) {
            apply(self.states, self.changes, removed);
        }
    }
}

fn apply(states: &mut KeyStates, changes: &mut Vec<KeyChange>, change: KeyChange) {
    if states.apply(&change) {
        changes.push(change);
    }
}

fn check_width(name: &str, row: &[Value], expected: usize) -> Result<(), Failure> {
    if row.len() == expected {
        return Ok(());
    }
    let found = row.len();
    let message =
        format!("the state variable `{name}` is given {found} values, and {expected} are declared");
    Err(Failure::new(FailureKind::Function, message))
}

/// A variable with one value (`org.apache.spark.sql.streaming.ValueState`).
#[derive(Debug)]
pub struct ValueState<'a>(VariableStates<'a>);

impl ValueState<'_> {
    /// Returns true if it has a value.
    pub fn exists(&self) -> bool {
        self.get().is_some()
    }

    /// The fields of its value, if it has one.
    pub fn get(&self) -> Option<&[Value]> {
        self.0.at(&Place::Only)
    }

    /// Gives it a value.
    ///
    /// # Errors
    ///
    /// It has another number of fields than was declared.
    pub fn update(&mut self, value: Row) -> Result<(), Failure> {
        self.0.put(Place::Only, value)
    }

    /// Removes its value.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// A variable with a list of values (`org.apache.spark.sql.streaming.ListState`).
#[derive(Debug)]
pub struct ListState<'a>(VariableStates<'a>);

impl ListState<'_> {
    /// Returns true if it has a value.
    pub fn exists(&self) -> bool {
        self.0.values().next().is_some()
    }

    /// The values, in the order in which they were added.
    pub fn get(&self) -> impl Iterator<Item = &[Value]> {
        self.0.values().map(|stored| stored.value.as_slice())
    }

    /// Gives it these values in the place of those that it has.
    ///
    /// # Errors
    ///
    /// There are none; one has another number of fields than was declared.
    pub fn put(&mut self, values: Vec<Row>) -> Result<(), Failure> {
        self.check_some(&values)?;
        self.0.clear();
        self.append_list(values)
    }

    /// Adds a value.
    ///
    /// # Errors
    ///
    /// It has another number of fields than was declared.
    pub fn append_value(&mut self, value: Row) -> Result<(), Failure> {
        let last = self.0.states.values(&self.0.variable.name).next_back();
        let number = match last.map(|stored| &stored.place) {
            Some(Place::Number(number)) => number + 1,
            _ => 0,
        };
        self.0.put(Place::Number(number), value)
    }

    /// Adds these values.
    ///
    /// # Errors
    ///
    /// There are none; one has another number of fields than was declared.
    pub fn append_list(&mut self, values: Vec<Row>) -> Result<(), Failure> {
        self.check_some(&values)?;
        values
            .into_iter()
            .try_for_each(|value| self.append_value(value))
    }

    fn check_some(&self, values: &[Row]) -> Result<(), Failure> {
        if !values.is_empty() {
            return Ok(());
        }
        Err(refused(&format!(
            "[ILLEGAL_STATE_STORE_VALUE.EMPTY_LIST_VALUE] Illegal value provided to the State Store Cannot write empty list \
             values to State Store for StateName {}. SQLSTATE: 42601",
            self.0.variable.name
        )))
    }

    /// Removes all values.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// A key and a value of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapEntry<'a> {
    /// The fields of the key.
    pub key: &'a [Value],
    /// The fields of the value.
    pub value: &'a [Value],
}

/// A variable with values by keys (`org.apache.spark.sql.streaming.MapState`).
#[derive(Debug)]
pub struct MapState<'a>(VariableStates<'a>);

impl MapState<'_> {
    /// Returns true if it has a value.
    pub fn exists(&self) -> bool {
        self.0.values().next().is_some()
    }

    /// The fields of the value of a key, if it has one.
    pub fn get(&self, key: Row) -> Option<&[Value]> {
        self.0.at(&Place::Key(key))
    }

    /// Gives a key a value.
    ///
    /// # Errors
    ///
    /// One of them has another number of fields than was declared.
    pub fn update_value(&mut self, key: Row, value: Row) -> Result<(), Failure> {
        if let StateKind::Map { key: fields, .. } = &self.0.variable.kind {
            check_width(&self.0.variable.name, &key, fields.len())?;
        }
        self.0.put(Place::Key(key), value)
    }

    /// Removes a key.
    pub fn remove_key(&mut self, key: Row) {
        let removed = KeyChange::Removed {
            name: self.0.variable.name.clone(),
            place: Place::Key(key),
        };
        apply(self.0.states, self.0.changes, removed);
    }

    /// The keys with their values, in the order of RocksDB: that of the bytes of the keys.
    pub fn iter(&self) -> impl Iterator<Item = MapEntry<'_>> {
        self.0.values().filter_map(|stored| match &stored.place {
            Place::Key(key) => Some(MapEntry {
                key,
                value: &stored.value,
            }),
            Place::Only | Place::Number(_) => None,
        })
    }

    /// Removes all keys.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
