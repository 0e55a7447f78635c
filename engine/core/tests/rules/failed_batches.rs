//! A batch whose state function failed leaves no trace: the next batch starts from the state before it.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::Stepper;
use engine::{
    Data, Event, Inline, Profile, SparkContext, StreamingContext, Time, UpdateSpec, Workers,
};
use proptest::prelude::*;

use engine::testing::ScopedThreads;

type Pair = (i64, i64);

/// A state that the engine can only clone: it is always taken for changed.
#[derive(Clone)]
struct Opaque(i64);

impl From<i64> for Opaque {
    fn from(number: i64) -> Opaque {
        Opaque(number)
    }
}

impl From<Opaque> for i64 {
    fn from(Opaque(number): Opaque) -> i64 {
        number
    }
}

/// Sums up; of a key without new values an odd sum grows by two, and one that 8 divides is dropped.
fn next(values: &[i64], old: Option<i64>) -> Option<i64> {
    let old = old.unwrap_or(0);
    match (values, old % 8) {
        ([], 0) => None,
        ([], 1 | 3 | 5 | 7) => Some(old + 2),
        _ => Some(old + values.iter().sum::<i64>()),
    }
}

/// The states after each batch.
fn twin(batches: &[Vec<Pair>]) -> Vec<Vec<Pair>> {
    let mut states = BTreeMap::new();
    let after = batches.iter().map(|batch| {
        let mut groups: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        groups.extend(states.keys().map(|key| (*key, Vec::new())));
        for (key, value) in batch {
            groups.entry(*key).or_default().push(*value);
        }
        let updated = groups.into_iter().filter_map(|(key, values)| {
            let state = next(&values, states.get(&key).copied())?;
            Some((key, state))
        });
        states = updated.collect();
        states.clone().into_iter().collect()
    });
    after.collect()
}

/// A program, and what comes to it.
#[derive(Clone, Debug)]
struct Case {
    profile: Profile,
    workers: usize,
    batches: Vec<Vec<Pair>>,
    /// The call at which the function panics, once, if there are as many.
    calls: usize,
    /// True if a window reads the states of the batch before too.
    is_read_later: bool,
}

/// The states after each batch, and the number of batches that failed.
fn run<S: Data + From<i64> + Into<i64>>(case: &Case) -> (Vec<(i64, Vec<Pair>)>, usize) {
    let sc = SparkContext::local(2, "failed").with_profile(case.profile);
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let left = AtomicUsize::new(case.calls);
    let one_less = move |left: usize| Some(left.saturating_sub(1));
    let spec = UpdateSpec::function(move |values: &[i64], old: Option<S>| {
        let was_left = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        if was_left == Ok(1) {
            resume_unwind(Box::new("once"));
        }
        next(values, old.map(S::into)).map(S::from)
    });
    let states = ssc.queue_stream(case.batches.clone());
    let mut states = states.update_state_by_key_with(spec);
    if case.is_read_later {
        states = states.window(Duration::from_secs(2), Duration::from_secs(1));
    }
    let output = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&output);
    states.foreach_rdd(move |batch, time| {
        let rows = batch.collect()?.into_iter();
        let mut rows: Vec<Pair> = rows.map(|(key, state)| (key, state.into())).collect();
        rows.sort_unstable();
        let mut output = written.lock().expect("one job runs at a time");
        output.push((time.as_millis() / 1_000, rows));
        Ok(())
    });
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = Stepper::start(program, Time::EPOCH);
    for _ in &case.batches {
        stepper.step(&ScopedThreads(case.workers));
    }
    let is_failure = |event: &&Event| event.failure().is_some();
    let failures = stepper.events().filter(is_failure).count();
    let output = std::mem::take(&mut *output.lock().expect("no job is running"));
    (output, failures)
}

#[track_caller]
fn check<S: Data + From<i64> + Into<i64>>(case: &Case) -> Result<(), TestCaseError> {
    let (output, failures) = run::<S>(case);
    prop_assert!(failures <= 1);
    prop_assert_eq!(output.len() + failures, case.batches.len());
    let states = twin(&case.batches);
    for (number, rows) in output {
        let last = usize::try_from(number - 1).expect("batches count from 1");
        let first = if case.is_read_later {
            last.saturating_sub(1)
        } else {
            last
        };
        let mut expected = states[first..=last].concat();
        expected.sort_unstable();
        prop_assert_eq!(rows, expected, "batch {}", number);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn job_4_an_update_that_failed_once_leaves_no_trace(
        profile in proptest::sample::select(vec![Profile::Pyspark, Profile::Jvm]),
        workers in 1_usize..3,
        batches in proptest::collection::vec(
            proptest::collection::vec((-3_i64..9, 0_i64..9), 0..8),
            2..9,
        ),
        calls in 0_usize..40,
        is_read_later in any::<bool>(),
    ) {
        let case = Case { profile, workers, batches, calls, is_read_later };
        check::<i64>(&case)?;
        check::<Opaque>(&case)?;
    }
}

/// The counters of batches with a window over the states, where the batch at `fails_ms` fails once, in the
/// first partition.
fn counted(
    workers: &dyn Workers,
    batches: &[Vec<Pair>],
    fails_ms: i64,
    update: fn(&[i64], Option<i64>) -> Option<i64>,
) -> Vec<Event> {
    let ssc = StreamingContext::new(&SparkContext::local(2, "failed"), Duration::from_secs(1));
    let fails = AtomicBool::new(true);
    let spec = UpdateSpec::function_at(move |time: Time, key: &i64, values: &[i64], old| {
        let is_it = *key == 0 && time.as_millis() == fails_ms;
        if is_it && fails.swap(false, Ordering::Relaxed) {
            resume_unwind(Box::new("once"));
        }
        update(values, old)
    });
    let pairs = ssc.queue_stream(batches.to_vec());
    let seconds = Duration::from_secs;
    let states = pairs.update_state_by_key_with(spec);
    states.window(seconds(2), seconds(1)).print();
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    for _ in batches {
        stepper.step(workers);
    }
    assert!(stepper.failure().is_some());
    let is_counted = |event: &&Event| matches!(event, Event::StateUpdated { .. });
    stepper.events().filter(is_counted).cloned().collect()
}

#[test]
fn job_4_the_counters_of_a_batch_that_is_run_again_do_not_depend_on_the_workers() {
    let batches = vec![vec![(0, 1), (1, 1)]; 3];
    let counted = |workers: &dyn Workers| counted(workers, &batches, 2_000, next);
    assert_eq!(counted(&Inline), counted(&ScopedThreads(2)));
}

/// The second partition, which a single worker does not come to in the batch that fails, would be compacted if
/// it had the keys of that batch.
#[test]
fn job_4_compaction_of_a_state_does_not_depend_on_a_batch_that_failed() {
    let odd = |numbers: std::ops::Range<i64>, value| numbers.map(move |n| (2 * n + 1, value));
    let batches = [
        odd(0..60, 1).chain([(0, 1)]).collect(),
        odd(1..60, 0).collect(),
        odd(60..70, 1).collect(),
        vec![],
    ];
    let last_above_0 = |values: &[i64], old: Option<i64>| {
        values.last().copied().or(old).filter(|state| *state > 0)
    };
    let counted = |workers: &dyn Workers| counted(workers, &batches, 3_000, last_above_0);
    assert_eq!(counted(&Inline), counted(&ScopedThreads(2)));
}

/// A state that cannot be cloned while it is armed.
struct Fragile(i64, Arc<AtomicBool>);

impl Clone for Fragile {
    fn clone(&self) -> Fragile {
        assert!(!self.1.load(Ordering::Relaxed), "it breaks");
        Fragile(self.0, Arc::clone(&self.1))
    }
}

/// The second batch removes most keys, so that the third one begins with compaction.
#[test]
fn job_4_a_state_that_cannot_be_cloned_fails_its_batch_and_no_other() {
    let sc = SparkContext::local(1, "failed");
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let armed = Arc::new(AtomicBool::new(false));
    let fuse = Arc::clone(&armed);
    let spec = UpdateSpec::function_at(move |time: Time, key: &i64, values: &[i64], old| {
        let sum = values.iter().sum::<i64>() + old.map_or(0, |Fragile(sum, _)| sum);
        let is_kept = *key >= 390 || time.as_millis() == 1_000;
        is_kept.then(|| Fragile(sum, Arc::clone(&fuse)))
    });
    let pairs = ssc.queue_stream([(0..400).map(|key| (key, 1)).collect()]);
    let states = pairs.update_state_by_key_with(spec);
    states.map_values(|Fragile(sum, _)| sum).print_first(100);
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..2).for_each(|_| stepper.step(&Inline));
    armed.store(true, Ordering::Relaxed);
    stepper.step(&Inline);
    armed.store(false, Ordering::Relaxed);
    stepper.step(&Inline);
    assert!(
        stepper
            .failure()
            .is_some_and(|failure| failure.message().contains("it breaks"))
    );
    let rows = stepper.events().map(|event| match event {
        Event::Printed { rows, .. } => rows.len(),
        _ => 0,
    });
    let rows: Vec<usize> = rows.filter(|rows| *rows > 0).collect();
    assert_eq!(rows, [100, 10, 10]);
}

/// The counters of a job are recorded where only its output failed, and where a later batch failed that it had to
/// catch up with.
#[test]
fn job_4_the_counters_of_states_are_recorded_of_a_job_that_failed_after_it_updated_them() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "failed"), Duration::from_secs(1));
    let pairs = ssc.queue_stream(vec![vec![(0, 1)]; 4]);
    let jobs = Arc::new(AtomicUsize::new(1));
    let job = Arc::clone(&jobs);
    let spec = UpdateSpec::function_at(move |time: Time, _: &i64, values: &[i64], old| {
        let (batch, job) = (time.as_millis() / 1_000, job.load(Ordering::Relaxed));
        // Batch 2 fails in its own job, batch 3 in its own, which has done batch 2 by then.
        if matches!((batch, job), (2, 2) | (3, 3)) {
            resume_unwind(Box::new("once"));
        }
        next(values, old)
    });
    let states = pairs.update_state_by_key_with(spec);
    states.foreach_rdd(|_, time| {
        if time.as_millis() == 1_000 {
            resume_unwind(Box::new("no output"));
        }
        Ok(())
    });
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    for number in 1..=4 {
        jobs.store(number, Ordering::Relaxed);
        stepper.step(&Inline);
    }
    let counted = stepper.events().filter_map(|event| match event {
        Event::StateUpdated {
            batch_time,
            counters,
            ..
        } => Some((batch_time.as_millis(), counters.function_calls)),
        _ => None,
    });
    assert_eq!(
        counted.collect::<Vec<_>>(),
        [(1_000, 1), (3_000, 1), (4_000, 2)]
    );
}
