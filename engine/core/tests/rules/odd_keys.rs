//! Keys of a user's own type that cannot be looked up: the failure names the operator and the batch.

use std::hash::{Hash, Hasher};
use std::panic::{UnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::testing::run_operation;
use engine::{
    DStream, Inline, Key, Profile, SparkContext, State, StateSpec, Stepper, StreamingContext, Time,
    UpdateSpec,
};

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

/// A key by its number, which cannot be hashed as long as `is_bad`, and that once.
#[derive(Clone, Debug)]
struct BadOnce {
    number: i64,
    is_bad: Arc<AtomicBool>,
}

impl BadOnce {
    fn new(number: i64, is_bad: bool) -> BadOnce {
        BadOnce {
            number,
            is_bad: Arc::new(AtomicBool::new(is_bad)),
        }
    }
}

impl PartialEq for BadOnce {
    fn eq(&self, other: &BadOnce) -> bool {
        self.number == other.number
    }
}

impl Eq for BadOnce {}

impl Hash for BadOnce {
    fn hash<H: Hasher>(&self, state: &mut H) {
        assert!(!self.is_bad.swap(false, Ordering::Relaxed), "no hash");
        self.number.hash(state);
    }
}

impl Key for BadOnce {
    fn spark_hash(&self, _: Profile) -> i64 {
        self.number
    }
}

#[test]
fn mws_10_an_initial_state_that_cannot_be_read_is_read_again() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "bad"), Duration::from_secs(1));
    let pairs = ssc.queue_stream([vec![(BadOnce::new(2, false), 1)]]);
    let keep = |_: &BadOnce, _: Option<i64>, _: &mut State<'_, i64>| ();
    let initial = vec![(BadOnce::new(50, true), 5), (BadOnce::new(51, false), 6)];
    let spec = StateSpec::function(keep).initial_state(initial);
    let counts = Arc::new(Mutex::new(Vec::new()));
    let counted = Arc::clone(&counts);
    let snapshots = pairs.map_with_state(spec).state_snapshots();
    snapshots.foreach_rdd(move |batch, _| {
        let states = batch.collect()?.into_iter().map(|(_, state)| state);
        let mut counted = counted.lock().expect("one job runs at a time");
        counted.push(states.collect::<Vec<i64>>());
        Ok(())
    });
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..2).for_each(|_| stepper.step(&Inline));
    let failure = stepper.failure().map(ToString::to_string);
    let expected = "map_with_state, batch at 1000 ms: no hash";
    assert_eq!(failure.as_deref(), Some(expected));
    assert_eq!(*counts.lock().expect("no job runs"), [[5, 6]]);
}

/// Prints the states of a program on the batches `2 3 4`, `2 4 3` and `2`, on two cores, and then of three more
/// batches without rows. Returns the states of the last one, in order of keys, and the failures.
fn last_states(
    profile: Profile,
    operation: impl FnOnce(&DStream<(BadOnce, i64)>) -> DStream<(BadOnce, i64)>,
) -> String {
    let sc = SparkContext::local(2, "bad").with_profile(profile);
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let keys = [2, 3, 4].map(|number| BadOnce::new(number, false));
    let batch = |numbers: &[usize]| numbers.iter().map(|it| (keys[it - 2].clone(), 1)).collect();
    let batches = [batch(&[2, 3, 4]), batch(&[2, 4, 3]), batch(&[2])];
    let states = Arc::new(Mutex::new(Vec::new()));
    let last = Arc::clone(&states);
    operation(&ssc.queue_stream(batches)).foreach_rdd(move |batch, _| {
        let mut rows: Vec<(i64, i64)> = Vec::new();
        batch.for_each(|(key, state)| rows.push((key.number, state)))?;
        rows.sort_unstable();
        *last.lock().expect("one job runs at a time") = rows;
        Ok(())
    });
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..6).for_each(|_| stepper.step(&Inline));
    let failures: Vec<String> = stepper
        .events()
        .filter_map(|event| event.failure().map(ToString::to_string))
        .collect();
    let states = states.lock().expect("no job runs");
    format!("{states:?} {failures:?}")
}

/// Makes the key of this number one that cannot be hashed the next time: that is when it is removed.
fn spoil(key: &BadOnce, is_spoilt: &AtomicBool) {
    if key.number == 3 && !is_spoilt.swap(true, Ordering::Relaxed) {
        key.is_bad.store(true, Ordering::Relaxed);
    }
}

#[test]
fn job_4_a_batch_whose_removed_key_cannot_be_hashed_is_committed_in_no_partition() {
    for profile in [Profile::Pyspark, Profile::Jvm] {
        let is_spoilt = AtomicBool::new(false);
        let updated = last_states(profile, |pairs| {
            pairs.update_state_by_key_with(UpdateSpec::function_at(
                move |_, key: &BadOnce, values: &[i64], old: Option<i64>| {
                    if key.number != 2 && old.is_some() {
                        spoil(key, &is_spoilt);
                        return None;
                    }
                    Some(values.iter().sum::<i64>() + old.unwrap_or(0))
                },
            ))
        });
        let failure = "update_state_by_key, batch at 2000 ms: no hash";
        assert_eq!(updated, format!("[(2, 3)] [{failure:?}]"), "{profile:?}");

        let is_spoilt = AtomicBool::new(false);
        let mapped = last_states(profile, |pairs| {
            let count = move |key: &BadOnce, one: Option<i64>, state: &mut State<'_, i64>| {
                let old = state.get_option().copied();
                if key.number != 2 && old.is_some() {
                    spoil(key, &is_spoilt);
                    state.remove();
                } else {
                    state.update(old.unwrap_or(0) + one.unwrap_or(0));
                }
            };
            let mapped = pairs.map_with_state(StateSpec::function(count));
            mapped.state_snapshots()
        });
        let failure = "map_with_state, batch at 2000 ms: no hash";
        assert_eq!(mapped, format!("[(2, 3)] [{failure:?}]"), "{profile:?}");
    }
}
