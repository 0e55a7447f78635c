//! Explorations of programs of a person's own, each with one fault.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millrace::{StreamingContext, Text, Timeline, UpdateSpec, explore};

const SECOND: Duration = Duration::from_secs(1);

/// Numbers, two or three in a batch.
fn numbers() -> Timeline {
    Timeline::new()
        .lines(SECOND, ["5", "3", "8"])
        .lines(2 * SECOND, ["4", "1"])
        .lines(4 * SECOND, ["2"])
}

/// The numbers under one key.
fn pairs(ssc: &StreamingContext) -> millrace::DStream<(Text, i64)> {
    let lines = ssc.direct_stream("numbers");
    lines.try_map(|line| Ok(("key".into(), line.parse()?)))
}

/// Running totals, as they should be.
fn totals(ssc: &StreamingContext) {
    let add = |new: &[i64], total: Option<i64>| Some(total.unwrap_or(0) + new.iter().sum::<i64>());
    let spec = UpdateSpec::function(add).saved();
    pairs(ssc).update_state_by_key_with(spec).print();
}

/// The text of what an exploration finds.
fn broken(write: impl Fn(&StreamingContext) + Send + Sync + 'static) -> String {
    let error = explore(&numbers(), write).check();
    error.expect_err("it has a fault").to_string()
}

#[test]
fn a_program_without_a_fault_keeps_its_promises_however_its_input_is_cut() {
    let explored = explore(&numbers(), totals).any_cut().check();
    assert_eq!(explored.expect("it keeps them"), 200);
}

#[test]
fn a_reducer_that_is_not_associative_is_found() {
    let broken = broken(|ssc| pairs(ssc).reduce_by_key(|a, b| (a - b).abs()).print());
    assert!(
        broken.starts_with("Values are merged by an associative function")
            || broken.starts_with("Values are merged by a commutative function"),
        "{broken}"
    );
}

#[test]
fn a_reducer_that_is_not_commutative_is_found_on_two_lines() {
    let broken = broken(|ssc| pairs(ssc).reduce_by_key(|_, last| last).print());
    insta::assert_snapshot!(broken);
}

#[test]
fn a_function_that_counts_its_calls_is_found() {
    let calls = AtomicI64::new(0);
    let calls = Arc::new(calls);
    let broken = broken(move |ssc| {
        let calls = Arc::clone(&calls);
        let add = move |new: &[i64], total: Option<i64>| {
            let call = calls.fetch_add(1, Ordering::Relaxed);
            Some(total.unwrap_or(call) + new.iter().sum::<i64>())
        };
        let spec = UpdateSpec::function(add).saved();
        pairs(ssc).update_state_by_key_with(spec).print();
    });
    assert!(broken.contains("the batch at 1000 ms printed"), "{broken}");
}

#[test]
fn a_result_that_depends_on_the_cut_into_batches_is_found() {
    let last_batch =
        |new: &[i64], _: Option<i64>| (!new.is_empty()).then(|| new.iter().sum::<i64>());
    let keep = move |new: &[i64], old: Option<i64>| last_batch(new, old).or(old);
    let write = move |ssc: &StreamingContext| {
        let spec = UpdateSpec::function(keep).saved();
        pairs(ssc).update_state_by_key_with(spec).print();
    };
    let explored = explore(&numbers(), write).check();
    assert_eq!(explored.expect("it was not held to it"), 200);
    let error = explore(&numbers(), write).any_cut().check();
    let broken = error.expect_err("it has a fault").to_string();
    assert!(
        broken.starts_with("The result does not depend on the batches"),
        "{broken}"
    );
}

#[test]
fn a_sink_that_is_not_idempotent_is_found_by_an_invariant_on_it() {
    let store = Arc::new(Mutex::new(Vec::<i64>::new()));
    let [written, emptied, read] = [0; 3].map(|_| Arc::clone(&store));
    let write = move |ssc: &StreamingContext| {
        let store = Arc::clone(&written);
        pairs(ssc).foreach_rdd(move |batch, _| {
            let rows = batch.collect()?.into_iter().map(|(_, number)| number);
            store.lock().expect("no test panics").extend(rows);
            Ok(())
        });
        totals(ssc);
    };
    let error = explore(&numbers(), write)
        .before_each(move || emptied.lock().expect("no test panics").clear())
        .invariant("The store has each number once", move |_| {
            let sum: i64 = read.lock().expect("no test panics").iter().sum();
            if sum <= 23 {
                return Ok(());
            }
            Err(format!("their sum is {sum}, and not 23"))
        })
        .check();
    let broken = error.expect_err("it has a fault").to_string();
    assert!(
        broken.starts_with("The store has each number once."),
        "{broken}"
    );
}
