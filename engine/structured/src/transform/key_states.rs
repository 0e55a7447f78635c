//! The states of one key: the values of its variables, and its timers.

use std::collections::{BTreeMap, BTreeSet};

use engine::order::unsafe_row;
use engine::{Row, Text};

use crate::physical::Footprint;

/// The place of a value within its variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// The only one.
    Only,
    /// Its number in a list.
    Number(i64),
    /// Its key in a map.
    Key(Row),
}

impl Place {
    /// The bytes by which the values of a variable are ordered.
    pub(crate) fn bytes(&self) -> Box<[u8]> {
        match self {
            Place::Only => Box::default(),
            Place::Number(number) => number.to_be_bytes().into(),
            Place::Key(key) => unsafe_row::nested_row_bytes(key).into(),
        }
    }
}

/// A value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    pub(crate) place: Place,
    pub(crate) value: Row,
    /// The time at which it is forgotten, in milliseconds.
    pub(crate) until: Option<i64>,
}

impl Stored {
    /// True at the time from which it is forgotten.
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        self.until.is_some_and(|until| until <= now_ms)
    }

    fn footprint(&self) -> Footprint {
        let mut footprint = Footprint::of_entry(&self.value);
        if let Place::Key(key) = &self.place {
            footprint += Footprint::of_value(key);
        }
        footprint
    }
}

/// The values of a variable, in the order of their places.
pub(crate) type Values = BTreeMap<Box<[u8]>, Stored>;

/// The states of one key.
#[derive(Debug, Default)]
pub(crate) struct KeyStates {
    /// By the names of the variables.
    variables: BTreeMap<Text, Values>,
    timers: BTreeSet<i64>,
    footprint: Footprint,
}

/// A change of the states of a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum KeyChange {
    Put { name: Text, stored: Stored },
    Removed { name: Text, place: Place },
    TimerSet(i64),
    TimerDeleted(i64),
}

impl KeyStates {
    pub(crate) fn values(&self, name: &str) -> impl DoubleEndedIterator<Item = &Stored> {
        self.variables
            .get(name)
            .into_iter()
            .flat_map(Values::values)
    }

    pub(crate) fn value(&self, name: &str, place: &Place) -> Option<&Stored> {
        self.variables.get(name)?.get(&place.bytes())
    }

    /// The times of its timers.
    pub(crate) fn timers(&self) -> &BTreeSet<i64> {
        &self.timers
    }

    pub(crate) fn footprint(&self) -> Footprint {
        self.footprint
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.variables.is_empty() && self.timers.is_empty()
    }

    /// Carries out a change; returns false if it changes nothing.
    pub(crate) fn apply(&mut self, change: &KeyChange) -> bool {
        match change {
            KeyChange::Put { name, stored } => {
                let values = self.variables.entry(name.clone()).or_default();
                self.footprint += stored.footprint();
                let before = values.insert(stored.place.bytes(), stored.clone());
                if let Some(before) = before {
                    self.footprint -= before.footprint();
                }
                true
            }
            KeyChange::Removed { name, place } => {
                let values = self.variables.get_mut(name);
                let gone = values.and_then(|values| values.remove(&place.bytes()));
                let Some(gone) = gone else {
                    return false;
                };
                self.footprint -= gone.footprint();
                self.variables.retain(|_, values| !values.is_empty());
                true
            }
            KeyChange::TimerSet(time) => {
                let is_new = self.timers.insert(*time);
                if is_new {
                    self.footprint += Footprint::of_entry(&[]);
                }
                is_new
            }
            KeyChange::TimerDeleted(time) => {
                let is_gone = self.timers.remove(time);
                if is_gone {
                    self.footprint -= Footprint::of_entry(&[]);
                }
                is_gone
            }
        }
    }

    /// All of it, as changes of the states of a key that has none.
    pub(crate) fn all(&self) -> impl Iterator<Item = KeyChange> {
        let puts = self.variables.iter().flat_map(|(name, values)| {
            values.values().map(|stored| KeyChange::Put {
                name: name.clone(),
                stored: stored.clone(),
            })
        });
        let timers = self.timers.iter().copied().map(KeyChange::TimerSet);
        puts.chain(timers)
    }

    /// The removals of the values that are forgotten at this time.
    pub(crate) fn expired(&self, now_ms: i64) -> Vec<KeyChange> {
        let removed = self.removals(|_, stored| stored.is_expired(now_ms));
        removed.collect()
    }

    /// The removals of all values of a variable.
    pub(crate) fn cleared(&self, name: &str) -> Vec<KeyChange> {
        self.removals(|of, _| of == name).collect()
    }

    fn removals(&self, goes: impl Fn(&str, &Stored) -> bool) -> impl Iterator<Item = KeyChange> {
        let all = self.variables.iter();
        let all = all.flat_map(|(name, values)| values.values().map(move |it| (name, it)));
        all.filter(move |(name, stored)| goes(name, stored))
            .map(|(name, stored)| KeyChange::Removed {
                name: name.clone(),
                place: stored.place.clone(),
            })
    }
}
