//! The key of a group: the values of the columns that rows are grouped by.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use engine::order::{fast_map, murmur3, unsafe_row};
use engine::{Row, Value};
use indexmap::Equivalent;

/// The values of a group's key columns; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Key(Arc<[Value]>);

/// The same as a row that is not kept.
pub(crate) struct KeyRow<'a>(pub(crate) &'a Row);

impl Key {
    pub(crate) fn new(row: &Row) -> Key {
        Key(row.as_slice().into())
    }

    /// A row of the result table.
    pub(crate) fn row(&self, count: i64) -> Row {
        let count = std::iter::once(Value::Int(count));
        self.0.iter().cloned().chain(count).collect()
    }

    /// When the group ends, in microseconds, by the column that has the watermark: a window's end, or
    /// a bare time itself (`WM-5`). A missing time never ends.
    pub(crate) fn end_micros(&self, event_time: usize) -> Option<i64> {
        let end = match &self.0[event_time] {
            Value::Tuple(window) => window.last()?,
            time => time,
        };
        match end {
            Value::Timestamp(micros) => Some(*micros),
            _ => None,
        }
    }

    /// What its values take, with what they keep on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.0.iter().map(bytes).sum()
    }

    /// The hash by which a shuffle partitions keys.
    pub(crate) fn shuffle_hash(&self) -> i64 {
        i64::from(murmur3::hash_row(&self.0))
    }

    /// The hash by which a state store's map keeps keys.
    pub(crate) fn state_hash(&self) -> i32 {
        unsafe_row::hash_row(&self.0)
    }

    /// The hash by which a partial aggregation's small map keeps keys, if it takes this one.
    pub(crate) fn partial_hash(&self) -> Option<i64> {
        fast_map::hash_row(&self.0)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.0 == other.0
    }
}

/// A plan never groups by a column of floating-point numbers, of which one does not equal itself.
impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_values(&self.0, state);
    }
}

impl Hash for KeyRow<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_values(self.0, state);
    }
}

impl Equivalent<Key> for KeyRow<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0[..] == key.0[..]
    }
}

fn bytes(value: &Value) -> usize {
    let heap_bytes = match value {
        Value::Text(text) => engine::Key::heap_bytes(text),
        Value::Tuple(values) | Value::List(values) => values.iter().map(bytes).sum(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Timestamp(_) => 0,
    };
    size_of::<Value>() + heap_bytes
}

fn hash_values<H: Hasher>(values: &[Value], state: &mut H) {
    for value in values {
        std::mem::discriminant(value).hash(state);
        match value {
            Value::Null => {}
            Value::Bool(truth) => truth.hash(state),
            Value::Int(number) | Value::Timestamp(number) => number.hash(state),
            Value::Float(number) => number.to_bits().hash(state),
            Value::Text(text) => text.hash(state),
            Value::Tuple(values) | Value::List(values) => hash_values(values, state),
        }
    }
}
