//! The states of keys as rows of a checkpoint.

use engine::{Row, StateChange, Text, Value};

use crate::physical::state::GroupKey;
use crate::transform::{KeyChange, Place, Stored};

const VALUE: &str = "value";
const LIST: &str = "list";
const MAP: &str = "map";
const TIMER: &str = "timer";

/// A change of a key's states, as the change of a store: its key is the number of columns of the group's key, these
/// columns, the kind of the state, the name of its variable, and its place there; its value ends with the time at which
/// it is forgotten.
pub(super) fn saved(key: &GroupKey, change: &KeyChange) -> StateChange {
    let mut row = vec![Value::Long(key.values().len() as i64)];
    row.extend(key.to_row());
    let value = match change {
        KeyChange::Put { name, stored } => {
            write_place(&mut row, name, &stored.place);
            let mut value = stored.value.clone();
            value.push(stored.until.map_or(Value::Null, Value::Long));
            Some(value)
        }
        KeyChange::Removed { name, place } => {
            write_place(&mut row, name, place);
            None
        }
        KeyChange::TimerSet(time) | KeyChange::TimerDeleted(time) => {
            row.extend([text(TIMER), Value::Null, Value::Long(*time)]);
            matches!(change, KeyChange::TimerSet(_)).then(Vec::new)
        }
    };
    StateChange { key: row, value }
}

fn write_place(row: &mut Row, name: &Text, place: &Place) {
    let name = Value::String(name.clone());
    match place {
        Place::Only => row.extend([text(VALUE), name]),
        Place::Number(number) => row.extend([text(LIST), name, Value::Long(*number)]),
        Place::Key(key) => {
            row.extend([text(MAP), name]);
            row.extend(key.iter().cloned());
        }
    }
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

/// A change of the states of a key.
pub(super) struct SavedChange {
    pub(super) key: GroupKey,
    pub(super) change: KeyChange,
}

/// The change that was saved as this one; `None` if it is none of such a store.
pub(super) fn restored(saved: StateChange) -> Option<SavedChange> {
    let (Value::Long(columns), rest) = saved.key.split_first()? else {
        return None;
    };
    let key = rest.get(..usize::try_from(*columns).ok()?)?;
    let (Value::String(kind), Value::String(_) | Value::Null, place) = (
        rest.get(key.len())?,
        rest.get(key.len() + 1)?,
        rest.get(key.len() + 2..)?,
    ) else {
        return None;
    };
    let change = match (kind.as_str(), place) {
        (TIMER, [Value::Long(time)]) => match saved.value {
            Some(_) => KeyChange::TimerSet(*time),
            None => KeyChange::TimerDeleted(*time),
        },
        (VALUE, []) => of_variable(rest.get(key.len() + 1)?, Place::Only, saved.value)?,
        (LIST, [Value::Long(number)]) => of_variable(
            rest.get(key.len() + 1)?,
            Place::Number(*number),
            saved.value,
        )?,
        (MAP, fields) => {
            let place = Place::Key(fields.to_vec());
            of_variable(rest.get(key.len() + 1)?, place, saved.value)?
        }
        _ => return None,
    };
    Some(SavedChange {
        key: GroupKey::new(key),
        change,
    })
}

fn of_variable(name: &Value, place: Place, value: Option<Row>) -> Option<KeyChange> {
    let Value::String(name) = name else {
        return None;
    };
    let name = name.clone();
    let Some(mut value) = value else {
        return Some(KeyChange::Removed { name, place });
    };
    let until = match value.pop()? {
        Value::Long(until) => Some(until),
        _ => None,
    };
    Some(KeyChange::Put {
        name,
        stored: Stored {
            place,
            value,
            until,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_those_that_were_saved() {
        let key = GroupKey::new(&[Value::Null, Value::String("a".into())]);
        let put = |place, until| KeyChange::Put {
            name: "count".into(),
            stored: Stored {
                place,
                value: vec![Value::Long(3), Value::Null],
                until,
            },
        };
        let removed = |place| KeyChange::Removed {
            name: "count".into(),
            place,
        };
        let map_key = || Place::Key(vec![Value::Long(7)]);
        for change in [
            put(Place::Only, None),
            put(Place::Number(7), Some(9)),
            put(map_key(), Some(9)),
            removed(Place::Only),
            removed(Place::Number(7)),
            removed(map_key()),
            KeyChange::TimerSet(-5),
            KeyChange::TimerDeleted(0),
        ] {
            let again = restored(saved(&key, &change)).expect("it was saved");
            assert_eq!(again.key, key);
            assert_eq!(again.change, change);
        }
        let other = StateChange {
            key: vec![Value::Long(9), Value::Null],
            value: None,
        };
        assert!(restored(other).is_none(), "of another kind of operator");
    }
}
