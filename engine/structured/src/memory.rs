//! The memory that the groups of a query take, and its limit.

use std::iter::Sum;
use std::ops::{AddAssign, SubAssign};

use engine::{Failure, FailureKind};

use crate::group_key::GroupKey;

/// Bytes of a group beside the values of its key: their addresses, its count, its entry in a map that
/// grows by doubling, and its slot in Spark's table.
const PER_GROUP: usize = 112;

/// The number of groups and their bytes: an estimate, the same on every machine of 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GroupFootprint {
    groups: u64,
    bytes: u64,
}

impl GroupFootprint {
    /// Of one group.
    pub(crate) fn of(key: &GroupKey) -> GroupFootprint {
        GroupFootprint {
            groups: 1,
            bytes: (PER_GROUP + key.bytes()) as u64,
        }
    }

    /// Fails the micro-batch if the groups exceed the limit, in bytes.
    pub(crate) fn check(self, limit: Option<u64>) -> Result<(), Failure> {
        let GroupFootprint { groups, bytes } = self;
        if let Some(limit) = limit.filter(|limit| bytes > *limit) {
            let message = format!(
                "{groups} groups would take {bytes} bytes, and the memory of the cluster \
                 is {limit} bytes, which ends the query; give it more memory, or let groups go by a watermark"
            );
            return Err(Failure::new(FailureKind::Memory, message).in_operator("count"));
        }
        Ok(())
    }
}

impl AddAssign for GroupFootprint {
    fn add_assign(&mut self, other: GroupFootprint) {
        self.groups += other.groups;
        self.bytes += other.bytes;
    }
}

impl SubAssign for GroupFootprint {
    fn sub_assign(&mut self, other: GroupFootprint) {
        self.groups -= other.groups;
        self.bytes -= other.bytes;
    }
}

impl Sum for GroupFootprint {
    fn sum<I: Iterator<Item = GroupFootprint>>(all: I) -> GroupFootprint {
        all.fold(GroupFootprint::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use engine::{Struct, Value};

    use super::*;

    #[track_caller]
    fn check<const N: usize>(key: &[Value; N], bytes: u64) {
        let expected = GroupFootprint { groups: 1, bytes };
        assert_eq!(GroupFootprint::of(&GroupKey::new(&key.to_vec())), expected);
    }

    #[test]
    fn a_group_takes_its_values_with_their_heap_and_its_places() {
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
    }
}
