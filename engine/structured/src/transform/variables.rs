//! The state variables that a processor declares.

use std::time::Duration;

use engine::{DataType, Failure, FailureKind, StructField, Text};

use super::TimeMode;
use crate::groups::fields;

/// The kind of a state variable, and the types of its values.
#[derive(Clone, Debug, PartialEq)]
pub enum StateKind {
    /// One value.
    Value(Vec<StructField>),
    /// A list of values.
    List(Vec<StructField>),
    /// Values by keys.
    Map {
        /// The fields of a key.
        key: Vec<StructField>,
        /// The fields of a value.
        value: Vec<StructField>,
    },
}

impl StateKind {
    /// The fields of a value.
    pub fn fields(&self) -> &[StructField] {
        match self {
            StateKind::Value(fields) | StateKind::List(fields) => fields,
            StateKind::Map { value, .. } => value,
        }
    }

    /// A type that has all of it.
    pub(crate) fn as_type(&self) -> DataType {
        match self {
            StateKind::Value(value) => DataType::Struct(value.clone()),
            StateKind::List(value) => DataType::array(DataType::Struct(value.clone())),
            StateKind::Map { key, value } => DataType::Map {
                key: Box::new(DataType::Struct(key.clone())),
                value: Box::new(DataType::Struct(value.clone())),
                nullable: false,
            },
        }
    }

    /// Its name in Spark.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            StateKind::Value(_) => "ValueState",
            StateKind::List(_) => "ListState",
            StateKind::Map { .. } => "MapState",
        }
    }
}

/// A state variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    pub(crate) name: Text,
    pub(crate) kind: StateKind,
    /// The time after which a value is forgotten, in milliseconds.
    pub(crate) ttl_ms: Option<i64>,
}

/// The state variables of a processor, as its `init` declares them
/// (`org.apache.spark.sql.streaming.StatefulProcessorHandle`).
#[derive(Clone, Debug, Default)]
pub struct StateVariables {
    time_mode: TimeMode,
    pub(crate) all: Vec<Variable>,
    /// The names of those whose values are to go.
    pub(crate) deleted: Vec<Text>,
}

impl StateVariables {
    pub(crate) fn new(time_mode: TimeMode) -> StateVariables {
        StateVariables {
            time_mode,
            all: Vec::new(),
            deleted: Vec::new(),
        }
    }

    /// Declares a variable with one value of these fields (`getValueState`), which is forgotten when `ttl` has passed
    /// since it was given.
    ///
    /// # Errors
    ///
    /// Another variable has the name; a time to live that is less than a millisecond, or in another time mode than
    /// processing time.
    pub fn value(
        &mut self,
        name: &str,
        value: &[(&str, DataType)],
        ttl: Option<Duration>,
    ) -> Result<(), Failure> {
        self.declare(name, StateKind::Value(fields(value)), millis(ttl))
    }

    /// Declares a variable with a list of values (`getListState`), each of which is forgotten by itself.
    ///
    /// # Errors
    ///
    /// As [`value`](StateVariables::value).
    pub fn list(
        &mut self,
        name: &str,
        value: &[(&str, DataType)],
        ttl: Option<Duration>,
    ) -> Result<(), Failure> {
        self.declare(name, StateKind::List(fields(value)), millis(ttl))
    }

    /// Declares a variable with values by keys (`getMapState`), each of which is forgotten by itself.
    ///
    /// # Errors
    ///
    /// As [`value`](StateVariables::value).
    pub fn map(
        &mut self,
        name: &str,
        key: &[(&str, DataType)],
        value: &[(&str, DataType)],
        ttl: Option<Duration>,
    ) -> Result<(), Failure> {
        let kind = StateKind::Map {
            key: fields(key),
            value: fields(value),
        };
        self.declare(name, kind, millis(ttl))
    }

    /// Declares a variable of this kind, with the time to live of its values in milliseconds.
    ///
    /// # Errors
    ///
    /// As [`value`](StateVariables::value).
    pub fn declare(
        &mut self,
        name: &str,
        kind: StateKind,
        ttl_ms: Option<i64>,
    ) -> Result<(), Failure> {
        if self.all.iter().any(|variable| variable.name == *name) {
            return Err(refused(&format!(
                "[STATEFUL_PROCESSOR_DUPLICATE_STATE_VARIABLE_DEFINED] State variable with name {name} has already been \
                 defined in the StatefulProcessor. SQLSTATE: 42802"
            )));
        }
        if ttl_ms.is_some() && self.time_mode != TimeMode::ProcessingTime {
            return Err(refused(&format!(
                "[STATEFUL_PROCESSOR_INCORRECT_TIME_MODE_TO_ASSIGN_TTL] Cannot use TTL for state={name} in timeMode={}, \
                 use TimeMode.ProcessingTime() instead. SQLSTATE: 42802",
                self.time_mode.class()
            )));
        }
        if ttl_ms.is_some_and(|ttl| ttl <= 0) {
            return Err(refused(&format!(
                "[STATEFUL_PROCESSOR_TTL_DURATION_MUST_BE_POSITIVE] TTL duration must be greater than zero for State store \
                 operation=update on state={name}. SQLSTATE: 42802"
            )));
        }
        self.all.push(Variable {
            name: name.into(),
            kind,
            ttl_ms,
        });
        Ok(())
    }

    /// Deletes the values of a variable that an earlier run of the query had (`deleteIfExists`).
    pub fn delete_if_exists(&mut self, name: &str) {
        self.deleted.push(name.into());
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Variable> {
        self.all.iter().find(|variable| variable.name == *name)
    }
}

fn millis(ttl: Option<Duration>) -> Option<i64> {
    ttl.map(|ttl| i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX))
}

pub(super) fn refused(message: &str) -> Failure {
    Failure::new(FailureKind::Spark, message)
}
