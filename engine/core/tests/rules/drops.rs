//! Rows and states whose `Drop` panics: the failure names the operator, and no state is lost or counted twice
//! (`JOB-4`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::{
    DStream, Event, Inline, Profile, SparkContext, State, StateSpec, Stepper, StreamingContext,
    Time, UpdateSpec,
};

/// A sum that panics once when it is dropped, if it has a fuse; a clone has none.
#[derive(Debug, Default)]
struct Sum {
    sum: i64,
    fuse: Option<Arc<AtomicBool>>,
}

impl Sum {
    fn new(sum: i64) -> Sum {
        Sum { sum, fuse: None }
    }
}

impl Clone for Sum {
    fn clone(&self) -> Sum {
        Sum::new(self.sum)
    }
}

impl Drop for Sum {
    fn drop(&mut self) {
        let is_lit = |fuse: &Arc<AtomicBool>| fuse.swap(false, Ordering::Relaxed);
        let burns = self.fuse.as_ref().is_some_and(is_lit);
        assert!(!burns || std::thread::panicking(), "no bread");
    }
}

/// A fuse that burns once.
fn lit() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(true))
}

type Pairs = DStream<(i64, i64)>;
type Sums = DStream<(i64, Sum)>;

/// Keys from 0 to 5, with these numbers in each batch.
fn batch(number: i64) -> Vec<(i64, i64)> {
    (0..6).map(|key| (key, number)).collect()
}

/// Runs seven batches, of which the first three have the numbers 1, 10 and 100 for each key. Checks that one job
/// failed, because of a `Drop`, and that the last states have each number once.
#[track_caller]
fn check(operator: &str, operation: impl Fn(&Pairs, Arc<AtomicBool>) -> Sums) {
    for profile in [Profile::Pyspark, Profile::Jvm] {
        let sc = SparkContext::local(2, "drops").with_profile(profile);
        let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
        let last = Arc::new(Mutex::new(BTreeMap::new()));
        let states = Arc::clone(&last);
        let pairs = ssc.queue_stream([1, 10, 100].map(batch));
        operation(&pairs, lit()).foreach_rdd(move |batch, _| {
            let mut sums = BTreeMap::new();
            batch.for_each(|(key, sum)| {
                sums.insert(key, sum.sum);
            })?;
            *states.lock().expect("one job runs at a time") = sums;
            Ok(())
        });
        let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
        (0..7).for_each(|_| stepper.step(&Inline));
        let failures: Vec<String> = stepper
            .events()
            .filter_map(|event| event.failure().map(ToString::to_string))
            .collect();
        let is_named = |it: &String| it.starts_with(operator) && it.ends_with(" ms: no bread");
        let are_drops = !failures.is_empty() && failures.iter().all(is_named);
        assert!(are_drops, "{profile:?}: {failures:?}");
        let sums = last.lock().expect("no job runs");
        let expected: BTreeMap<i64, i64> = (0..6).map(|key| (key, 111)).collect();
        assert_eq!(*sums, expected, "{profile:?}: {failures:?}");
    }
}

/// The next sum of a key. That of key 1 has the fuse as long as it is `fused`.
fn next(key: i64, value: i64, old: i64, fused: i64, fuse: &Arc<AtomicBool>) -> Sum {
    let sum = old + value;
    let fuse = (key == 1 && sum == fused).then(|| Arc::clone(fuse));
    Sum { sum, fuse }
}

/// Sums up by each of the operators with states. `fails` says for which key and old state the function panics.
fn check_operators(fused: i64, fails: impl Fn(i64, i64) -> bool + Send + Sync + Clone + 'static) {
    let is_bad = fails.clone();
    check("update_state_by_key", move |pairs, fuse| {
        let is_bad = is_bad.clone();
        pairs.update_state_by_key_with(UpdateSpec::function_at(
            move |_, key: &i64, values: &[i64], old: Option<Sum>| {
                let old = old.unwrap_or_default().sum;
                assert!(!is_bad(*key, old), "no bread");
                Some(next(*key, values.iter().sum(), old, fused, &fuse))
            },
        ))
    });
    let is_bad = fails.clone();
    check("update_state_by_key", move |pairs, fuse| {
        let is_bad = is_bad.clone();
        pairs.update_state_by_key_with(UpdateSpec::iterator(move |updates| {
            let all: Vec<(i64, Vec<i64>, Option<Sum>)> = updates.collect();
            let next = |(key, values, old): (i64, Vec<i64>, Option<Sum>)| {
                let old = old.unwrap_or_default().sum;
                assert!(!is_bad(key, old), "no bread");
                (key, next(key, values.iter().sum(), old, fused, &fuse))
            };
            all.into_iter().map(next).collect::<Vec<_>>()
        }))
    });
    check("map_with_state", move |pairs, fuse| {
        let is_bad = fails.clone();
        let spec = StateSpec::function(
            move |key: &i64, value: Option<i64>, state: &mut State<'_, Sum>| {
                let old = state.get_option().map_or(0, |old| old.sum);
                assert!(!is_bad(*key, old), "no bread");
                state.update(next(*key, value.unwrap_or(0), old, fused, &fuse));
            },
        );
        pairs.map_with_state(spec).state_snapshots()
    });
}

#[test]
fn job_4_a_state_whose_drop_panics_when_it_is_replaced_loses_nothing() {
    check_operators(1, |_, _| false);
    check_operators(11, |_, _| false);
}

#[test]
fn job_4_a_state_whose_drop_panics_when_its_batch_is_undone_loses_nothing() {
    let is_first = lit();
    check_operators(11, move |key, old| {
        // The last key, once for each operator and language.
        key == 5 && old == 1 && is_first.fetch_xor(true, Ordering::Relaxed)
    });
}

#[test]
fn job_4_a_row_whose_drop_panics_when_its_batch_is_forgotten_fails_a_job() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "drops"), Duration::from_secs(1));
    let fused = Sum {
        sum: 1,
        fuse: Some(lit()),
    };
    let counts: Arc<Mutex<Vec<Vec<i64>>>> = Arc::default();
    let counted = Arc::clone(&counts);
    ssc.queue_stream([vec![fused], vec![Sum::new(2)], vec![Sum::new(3)]])
        .foreach_rdd(move |batch, _| {
            let rows = batch.collect()?.into_iter().map(|row| row.sum).collect();
            counted.lock().expect("one job runs at a time").push(rows);
            Ok(())
        });
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..4).for_each(|_| stepper.step(&Inline));
    let failures: Vec<String> = stepper
        .events()
        .filter_map(|event| event.failure().map(ToString::to_string))
        .collect();
    assert_eq!(failures, ["queue_stream, batch at 1000 ms: no bread"]);
    let expected: [Vec<i64>; 4] = [vec![1], vec![2], vec![3], vec![]];
    assert_eq!(*counts.lock().expect("no job runs"), expected);
    let completed = stepper
        .events()
        .filter(|event| matches!(event, Event::BatchCompleted { .. }));
    assert_eq!(completed.count(), 4);
}

#[test]
fn job_4_rows_whose_drop_panics_when_the_program_ends_are_let_go() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "drops"), Duration::from_secs(1));
    let fused = Sum {
        sum: 1,
        fuse: Some(lit()),
    };
    // The second batch is never asked for.
    let rows = ssc.queue_stream([vec![], vec![fused]]);
    rows.foreach_rdd(|_, _| Ok(()));
    let stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    drop(stepper);
}
