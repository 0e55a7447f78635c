//! The key of a group: the values of the columns that rows are grouped by.

use std::borrow::Borrow;
use std::sync::Arc;

use engine::order::{fast_map, murmur3, unsafe_row};
use engine::{Key, Row, StateChange, Value};

/// The values of a group's key columns; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GroupKey(Arc<[Value]>);

impl GroupKey {
    pub(crate) fn new(row: &Row) -> GroupKey {
        GroupKey(row.as_slice().into())
    }

    /// A row of the result table that has the columns of the key, each at its place in the key.
    pub(crate) fn row_of(&self, places: &[usize]) -> Row {
        places.iter().map(|place| self.0[*place].clone()).collect()
    }

    /// A row of the result table that has the count too.
    pub(crate) fn row(&self, count: i64) -> Row {
        let count = std::iter::once(Value::Long(count));
        self.0.iter().cloned().chain(count).collect()
    }

    /// The change that gives the group this count, and its key.
    pub(crate) fn put(&self, count: i64) -> StateChange {
        StateChange {
            key: self.0.to_vec(),
            value: Some(vec![Value::Long(count)]),
        }
    }

    /// The change that removes the group.
    pub(crate) fn removal(&self) -> StateChange {
        StateChange {
            key: self.0.to_vec(),
            value: None,
        }
    }

    /// The end of the group, in microseconds, by the column that has the watermark: a window's end, or
    /// a bare time itself (`WM-5`). A missing time never ends.
    pub(crate) fn end_micros(&self, event_time: usize) -> Option<i64> {
        let end = match &self.0[event_time] {
            Value::Struct(window) => window.values().last()?,
            time => time,
        };
        match end {
            Value::Timestamp(micros) => Some(*micros),
            _ => None,
        }
    }

    /// The bytes of its values, with those that they keep on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let bytes = |value: &Value| size_of::<Value>() + Key::heap_bytes(value);
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

/// Lets a row be looked up without being kept.
impl Borrow<[Value]> for GroupKey {
    fn borrow(&self) -> &[Value] {
        &self.0
    }
}
