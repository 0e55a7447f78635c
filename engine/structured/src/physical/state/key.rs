//! The key of a state: the values of the columns that rows are grouped, deduplicated or joined by.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use engine::order::murmur3;
use engine::{Double, Float, Key, Row, Value};

/// The values of a key's columns; cheap to clone.
#[derive(Clone)]
pub(crate) struct GroupKey(KeyValues);

/// One value has its place here, where a look-up reads it at once.
#[derive(Clone)]
enum KeyValues {
    One(Value),
    Many(Arc<[Value]>),
}

impl GroupKey {
    pub(crate) fn new(row: &[Value]) -> GroupKey {
        GroupKey(match row {
            [one] => KeyValues::One(one.clone()),
            row => KeyValues::Many(row.into()),
        })
    }

    #[inline]
    pub(crate) fn values(&self) -> &[Value] {
        match &self.0 {
            KeyValues::One(value) => std::slice::from_ref(value),
            KeyValues::Many(values) => values,
        }
    }

    pub(crate) fn to_row(&self) -> Row {
        self.values().to_vec()
    }

    /// The bytes of its values, with those that they keep on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.values().iter().map(value_bytes).sum()
    }

    /// The hash by which a shuffle partitions keys.
    pub(crate) fn shuffle_hash(&self) -> i64 {
        i64::from(murmur3::hash_row(self.values()))
    }
}

/// Lets a row be looked up without being kept.
impl Borrow<[Value]> for GroupKey {
    fn borrow(&self) -> &[Value] {
        self.values()
    }
}

impl PartialEq for GroupKey {
    fn eq(&self, other: &GroupKey) -> bool {
        self.values() == other.values()
    }
}

impl Eq for GroupKey {}

impl Hash for GroupKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.values().hash(state);
    }
}

impl PartialOrd for GroupKey {
    fn partial_cmp(&self, other: &GroupKey) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for GroupKey {
    fn cmp(&self, other: &GroupKey) -> Ordering {
        self.values().cmp(other.values())
    }
}

impl fmt::Debug for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.values().fmt(f)
    }
}

/// The bytes of a value, with those that it keeps on the heap.
pub(crate) fn value_bytes(value: &Value) -> usize {
    size_of::<Value>() + Key::heap_bytes(value)
}

/// The end of a time in microseconds: of a window its end, or the time itself (`WM-5`). A missing time never ends.
pub(crate) fn end_micros(time: &Value) -> Option<i64> {
    let end = match time {
        Value::Struct(window) => window.values().last()?,
        time => time,
    };
    match end {
        Value::Timestamp(micros) => Some(*micros),
        _ => None,
    }
}

/// The value as a key has it: `-0.0` is `0.0`, and there is one `NaN` (`NormalizeFloatingNumbers`).
pub(crate) fn normalized(value: Value) -> Value {
    match value {
        Value::Double(Double(number)) => Value::Double(Double(if number.is_nan() {
            f64::NAN
        } else {
            number + 0.0
        })),
        Value::Float(Float(number)) => Value::Float(Float(if number.is_nan() {
            f32::NAN
        } else {
            number + 0.0
        })),
        Value::Struct(fields) => {
            let fields = fields.fields().iter().cloned();
            let fields = fields.map(|(name, value)| (name, normalized(value)));
            Value::Struct(fields.collect())
        }
        Value::Array(values) => {
            Value::Array(values.into_vec().into_iter().map(normalized).collect())
        }
        other => other,
    }
}
