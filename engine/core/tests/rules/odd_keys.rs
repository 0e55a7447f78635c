//! Keys of a user's own type that cannot be looked up: the failure names the operator and the batch.

use std::hash::{Hash, Hasher};
use std::panic::{UnwindSafe, catch_unwind};

use engine::testing::run_operation;
use engine::{DStream, Key, Profile, State, StateSpec, UpdateSpec};

/// Hashing a negative one panics.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Numbered(i64);

impl Hash for Numbered {
    fn hash<H: Hasher>(&self, state: &mut H) {
        assert!(self.0 >= 0, "no hash");
        self.0.hash(state);
    }
}

impl Key for Numbered {
    fn spark_hash(&self, _: Profile) -> i64 {
        self.0
    }
}

type Pairs = DStream<(Numbered, i64)>;

/// The failure of a program with these keys.
fn failure(
    keys: impl Iterator<Item = i64>,
    operation: impl FnOnce(&Pairs) -> Pairs + UnwindSafe,
) -> String {
    let records: Vec<(Numbered, i64)> = keys.map(|key| (Numbered(key), 1)).collect();
    let ran = catch_unwind(|| run_operation([records], |pairs| operation(&pairs), 1));
    let payload = ran.expect_err("a key has no hash");
    let message = payload.downcast_ref::<String>();
    message.expect("a job fails with a text").clone()
}

fn map_with_state(pairs: &Pairs) -> Pairs {
    let one = |key: &Numbered, _: Option<i64>, _: &mut State<'_, i64>| (key.clone(), 1);
    pairs.map_with_state(StateSpec::function(one)).clone()
}

fn update_state_by_key(pairs: &Pairs) -> Pairs {
    pairs.update_state_by_key(|values, _| Some(values.iter().sum::<i64>()))
}

fn update_by_partition(pairs: &Pairs) -> Pairs {
    pairs.update_state_by_key_with(UpdateSpec::iterator(|updates| {
        updates.map(|(key, _, old)| (key, old.unwrap_or(0)))
    }))
}

#[test]
fn job_4_a_key_that_cannot_be_looked_up_fails_its_batch() {
    let alone = |operation: fn(&Pairs) -> Pairs| failure([-1].into_iter(), operation);
    let mapped = alone(map_with_state);
    assert_eq!(mapped, "map_with_state, batch at 1000 ms: no hash");
    for update in [update_state_by_key, update_by_partition] {
        let updated = alone(update);
        assert_eq!(updated, "update_state_by_key, batch at 1000 ms: no hash");
    }
}

#[test]
fn job_4_no_key_of_an_earlier_lookup_group_is_named() {
    // Several lookup groups of keys, and the last key of all.
    let after_others = failure((0..1_000).chain([-1]), map_with_state);
    assert!(
        after_others.contains("no hash") && !after_others.contains("key Numbered"),
        "{after_others}"
    );
}
