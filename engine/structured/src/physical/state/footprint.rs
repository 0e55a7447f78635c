//! The memory that the states of a query take, and its limit.

use std::iter::Sum;
use std::ops::{AddAssign, SubAssign};

use engine::{Failure, FailureKind, Value};

use super::key::{GroupKey, value_bytes};

/// Bytes of a state beside the values of its key: their addresses, its first value, its entry in a map that grows by
/// doubling, and its slot in Spark's table.
const PER_STATE: usize = 112;

/// The number of states and their bytes: an estimate, the same on every machine of 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Footprint {
    states: u64,
    bytes: u64,
}

impl Footprint {
    /// Of one state and its key, without its value.
    pub(crate) fn of_key(key: &GroupKey) -> Footprint {
        Footprint {
            states: 1,
            bytes: (PER_STATE + key.bytes()) as u64,
        }
    }

    /// Of one state of a key that has others.
    pub(crate) fn of_entry(value: &[Value]) -> Footprint {
        let bytes: usize = value.iter().map(value_bytes).sum();
        Footprint {
            states: 1,
            bytes: (PER_STATE + bytes) as u64,
        }
    }

    /// Of the value of a state, whose first word is counted with its key.
    pub(crate) fn of_value(value: &[Value]) -> Footprint {
        let bytes: usize = value.iter().map(value_bytes).sum();
        Footprint {
            states: 0,
            bytes: bytes.saturating_sub(size_of::<Value>()) as u64,
        }
    }

    /// The number of states.
    pub(crate) fn states(self) -> u64 {
        self.states
    }

    /// The bytes that they take.
    pub(crate) fn bytes(self) -> u64 {
        self.bytes
    }

    /// Fails the micro-batch if the states exceed the limit, in bytes.
    pub(crate) fn check(self, limit: Option<u64>) -> Result<(), Failure> {
        let Footprint { states, bytes } = self;
        if let Some(limit) = limit.filter(|limit| bytes > *limit) {
            let message = format!(
                "{states} groups would take {bytes} bytes, and the memory of the cluster \
                 is {limit} bytes, which ends the query; give it more memory, or let groups go by a watermark"
            );
            return Err(Failure::new(FailureKind::Memory, message).in_operator("count"));
        }
        Ok(())
    }
}

impl AddAssign for Footprint {
    fn add_assign(&mut self, other: Footprint) {
        self.states += other.states;
        self.bytes += other.bytes;
    }
}

impl SubAssign for Footprint {
    fn sub_assign(&mut self, other: Footprint) {
        self.states -= other.states;
        self.bytes -= other.bytes;
    }
}

impl Sum for Footprint {
    fn sum<I: Iterator<Item = Footprint>>(all: I) -> Footprint {
        all.fold(Footprint::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use engine::Struct;

    use super::*;

    #[track_caller]
    fn check<const N: usize>(key: &[Value; N], bytes: u64) {
        let expected = Footprint { states: 1, bytes };
        assert_eq!(Footprint::of_key(&GroupKey::new(key)), expected);
    }

    #[test]
    fn a_state_takes_its_values_with_their_heap_and_its_places() {
        let text = |text: &str| Value::String(text.into());
        check(&[text("blue")], 112 + 32);
        check(&[Value::Null, text("fifteen letters")], 112 + 2 * 32);
        check(&[text("sixteen letters!")], 112 + 32 + 16 + 16);
        let window = [
            ("start", Value::Timestamp(0)),
            ("end", Value::Timestamp(10)),
        ];
        let window = Value::Struct(Struct::from_iter(window));
        check(&[window, text("blue")], 112 + 4 * 32);
        let value = [Value::Long(1), text("sixteen letters!")];
        assert_eq!(Footprint::of_value(&value).bytes, 32 + 16 + 16);
        assert_eq!(Footprint::of_value(&value[..1]), Footprint::default());
    }
}
