//! A batch that cannot be made fails the function that reads it, and none that does not (`JOB-4`).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::testing::ScopedThreads;
use engine::{
    DStream, Event, Failure, FailureKind, Inline, OutputId, Profile, Rdd, SparkContext, State,
    StateSpec, Stepper, StreamingContext, Time, UpdateSpec, WindowSpec, Workers,
};

type Pair = (i32, i32);
type Pairs = DStream<Pair>;

const SECOND: Duration = Duration::from_secs(1);
const UNLUCKY: i32 = 13;

fn unlucky() -> Failure {
    Failure::new(FailureKind::Function, "unlucky")
}

/// Sums up, and fails on 13.
fn sum(values: &[i32], state: Option<i32>) -> Result<Option<i32>, Failure> {
    if values.contains(&UNLUCKY) {
        return Err(unlucky());
    }
    Ok(Some(values.iter().sum::<i32>() + state.unwrap_or(0)))
}

fn states(pairs: &Pairs) -> Pairs {
    let update = |_: Time, _: &i32, values: &[i32], state: Option<i32>| sum(values, state);
    pairs.update_state_by_key_with(UpdateSpec::try_function_at(update).num_partitions(3))
}

fn mapped(pairs: &Pairs) -> Pairs {
    let update = |_: Time, key: &i32, value: Option<i32>, state: &mut State<'_, i32>| {
        let next = sum(value.as_slice(), state.get_option().copied())?;
        state.update(next.unwrap_or(0));
        Ok(next.map(|next| (*key, next)))
    };
    let spec = StateSpec::try_function_at(update).num_partitions(3);
    pairs.map_with_state(spec).clone()
}

fn windows(pairs: &Pairs) -> Pairs {
    let spec = WindowSpec::try_function(|x: i32, y: i32| Ok(x + y), SECOND, SECOND)
        .try_inverse(|x: i32, y: i32| {
            if x == UNLUCKY {
                Err(unlucky())
            } else {
                Ok(x - y)
            }
        })
        .num_partitions(3);
    pairs.reduce_by_key_and_window_with(spec)
}

fn reduced(pairs: &Pairs) -> Pairs {
    pairs
        .flat_map(|pair| [pair, (pair.0, 0)])
        .try_reduce_by_key(|x, y| sum(&[x, y], None).map(|sum| sum.unwrap_or(0)))
}

/// The times and the outputs of the jobs that have failed, with the messages.
fn failed(stepper: &Stepper) -> Vec<(i64, usize, String)> {
    let failures = stepper.events().filter_map(|event| match event {
        Event::OutputOperationCompleted {
            batch_time,
            output: OutputId(output),
            failure: Some(failure),
            ..
        } => Some((
            batch_time.as_millis() / 1_000,
            *output,
            failure.message().to_string(),
        )),
        _ => None,
    });
    failures.collect()
}

/// Runs a program on a pair a batch, whose values are these.
fn run(values: &[i32], workers: &dyn Workers, write: impl FnOnce(&Pairs)) -> Stepper {
    // `PySpark` has no use for an inverse function where a window is one slide long.
    let sc = SparkContext::local(2, "unread").with_profile(Profile::Jvm);
    let ssc = StreamingContext::new(&sc, SECOND);
    write(&ssc.queue_stream(values.iter().map(|value| vec![(1, *value)])));
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = Stepper::start(program, Time::EPOCH);
    for _ in values {
        stepper.step(workers);
    }
    stepper
}

type Log = Arc<Mutex<Vec<String>>>;

fn add(log: &Log, text: impl Into<String>) {
    let mut log = log.lock().expect("no function panics with the log");
    log.push(text.into());
}

fn taken(log: &Log) -> Vec<String> {
    std::mem::take(&mut *log.lock().expect("no function panics with the log"))
}

fn shown<T>(result: Result<T, Failure>) -> String {
    result.map_or_else(|failure| failure.to_string(), |_| "read".to_owned())
}

/// As real Spark 3.5.9 does with an update function that raises, and with an inverse.
#[test]
fn job_4_a_function_that_does_not_read_a_batch_sees_nothing_of_its_failure() {
    for (operator, stream, partitions) in [
        ("update_state_by_key", states as fn(&Pairs) -> Pairs, 3),
        ("map_with_state", mapped, 3),
        ("reduce_by_key_and_window", windows, 3),
        ("try_reduce_by_key", reduced, 2),
    ] {
        let log = Log::default();
        let stepper = run(&[1, 13, 2], &ScopedThreads(2), |pairs| {
            let counted = Arc::clone(&log);
            stream(pairs).foreach_rdd(move |batch, time| {
                let second = time.as_millis() / 1_000;
                add(&counted, format!("{second}: {}", batch.partition_count()));
                Ok(())
            });
        });
        assert_eq!(failed(&stepper), [], "{operator}");
        let expected = [1, 2, 3].map(|second| format!("{second}: {partitions}"));
        assert_eq!(taken(&log), expected, "{operator}");
    }
}

#[test]
fn job_4_a_batch_that_cannot_be_made_fails_each_action_that_reads_it() {
    type Action = (&'static str, fn(&Rdd<Pair>) -> Result<(), Failure>);
    let actions: [Action; 13] = [
        ("collect", |batch| batch.collect().map(drop)),
        ("count", |batch| batch.count().map(drop)),
        ("take", |batch| batch.take(1).map(drop)),
        ("is_empty", |batch| batch.is_empty().map(drop)),
        ("for_each", |batch| batch.for_each(drop)),
        ("for_each_partition", |batch| {
            batch.for_each_partition(|_, _| Ok(()))
        }),
        ("partition", |batch| batch.partition(1).map(drop)),
        ("reduce", |batch| batch.reduce(|x, _| Ok(x)).map(drop)),
        ("fold", |batch| batch.fold((0, 0), |x, _| Ok(x)).map(drop)),
        ("map", |batch| batch.map(|pair| pair).count().map(drop)),
        ("union", |batch| {
            batch.union(&Rdd::of_rows(vec![vec![]])).count().map(drop)
        }),
        ("join", |batch| {
            let partitioner = SparkContext::local(2, "unread").partitioner();
            let other = Rdd::of_rows(vec![vec![(1, 1)]]);
            other.join(batch, partitioner).count().map(drop)
        }),
        ("cache", |batch| batch.cache().coalesce(1).count().map(drop)),
    ];
    for stream in [states, mapped, windows, reduced] {
        for (name, action) in actions {
            let log = Log::default();
            let stepper = run(&[1, 13, 13], &Inline, |pairs| {
                let read = Arc::clone(&log);
                stream(pairs).foreach_rdd(move |batch, _| {
                    add(&read, shown(action(batch)));
                    Ok(())
                });
            });
            assert_eq!(failed(&stepper), [], "{name}: it catches the failure");
            let log = taken(&log);
            assert_eq!(log[0], "read", "{name}");
            assert!(log[2].ends_with("unlucky"), "{name}: {}", log[2]);
        }
    }
}

#[test]
fn job_4_a_failure_that_is_read_names_operator_key_and_batch() {
    let stepper = run(&[1, 13], &Inline, |pairs| {
        states(pairs).print();
        states(pairs)
            .map(|pair| pair)
            .foreach_rdd(|batch, _| batch.count().map(drop));
    });
    let failures = stepper.events().filter_map(|event| match event {
        Event::OutputOperationCompleted { failure, .. } => failure.as_ref(),
        _ => None,
    });
    let failures: Vec<String> = failures.map(Failure::to_string).collect();
    assert_eq!(failures.len(), 2);
    for failure in failures {
        assert_eq!(
            failure,
            "update_state_by_key, key 1, batch at 2000 ms: unlucky"
        );
    }
}

/// As real Spark 3.5.9 does.
#[test]
fn gen_2_a_function_is_given_a_batch_that_fails_when_the_job_reads_it() {
    let log = Log::default();
    let stepper = run(&[1, 13], &Inline, |pairs| {
        let called = Arc::clone(&log);
        let behind = states(pairs).transform(move |batch, _| {
            add(&called, "transform");
            batch.map_values(|sum| sum + 1)
        });
        let called = Arc::clone(&log);
        behind.foreach_rdd(move |batch, _| {
            add(&called, "foreach");
            let rows = batch.collect();
            add(&called, shown(rows.clone()));
            rows.map(drop)
        });
        behind.foreach_rdd(|_, _| Ok(()));
        pairs.print();
    });
    let log = taken(&log);
    assert_eq!(log[..3], ["transform", "foreach", "read"]);
    assert_eq!(log[3..5], ["transform", "foreach"]);
    assert!(log[5].ends_with("unlucky"), "{log:?}");
    assert_eq!(log.len(), 6, "the function is called once a batch: {log:?}");
    assert_eq!(failed(&stepper), [(2, 0, "unlucky".to_owned())]);
}

/// As real Spark 3.5.9 does.
#[test]
fn gen_2_a_function_that_reads_a_batch_that_fails_leaves_the_batch_without_operations() {
    let stepper = run(&[1, 13], &Inline, |pairs| {
        let behind = states(pairs).try_transform(|batch, _| {
            batch.count()?;
            Ok(batch)
        });
        pairs.print();
        behind.foreach_rdd(|_, _| Ok(()));
    });
    let unlucky = "unlucky".to_owned();
    assert_eq!(failed(&stepper), [(2, 0, unlucky.clone()), (2, 1, unlucky)]);
}

/// The states of an update function that fails at its second call, and its calls.
fn failing_once(pairs: &Pairs) -> (Pairs, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let update = move |_: Time, _: &i32, values: &[i32], state: Option<i32>| {
        if counted.fetch_add(1, Ordering::Relaxed) == 1 {
            return Err(unlucky());
        }
        sum(values, state)
    };
    let states = pairs.update_state_by_key_with(UpdateSpec::try_function_at(update));
    (states, calls)
}

#[test]
fn job_4_the_next_batch_makes_the_batch_again() {
    // A batch whose last job failed is not cleared.
    for is_cleared in [true, false] {
        let log = Log::default();
        let stepper = run(&[1, 2, 3], &Inline, |pairs| {
            let made = failing_once(pairs).0.transform(|batch, _| batch);
            made.foreach_rdd(|_, _| Ok(()));
            let read = Arc::clone(&log);
            let windows = made.window(2 * SECOND, SECOND);
            windows.foreach_rdd(move |batch, _| {
                let rows = batch.collect();
                add(&read, format!("{rows:?}"));
                rows.map(drop)
                    .or_else(|it| if is_cleared { Ok(()) } else { Err(it) })
            });
        });
        assert_eq!(failed(&stepper).len(), usize::from(!is_cleared));
        let log = taken(&log);
        assert_eq!(log[0], "Ok([(1, 1)])");
        assert!(log[1].contains("unlucky"), "{log:?}");
        assert_eq!(log[2], "Ok([(1, 3), (1, 6)])");
    }
}

#[test]
fn job_4_a_job_calls_a_function_that_fails_once() {
    let mut calls = Arc::default();
    run(&[1, 2], &Inline, |pairs| {
        let (states, counted) = failing_once(pairs);
        calls = counted;
        let both = states.transform_with(&states.map(|pair| pair), |left, right, _| {
            left.union(&right)
        });
        both.foreach_rdd(|batch, _| batch.count().map(drop));
    });
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

fn rows_of(log: &Log, name: &'static str, stream: &Pairs) {
    let read = Arc::clone(log);
    stream.foreach_rdd(move |batch, _| {
        let rows = batch.collect();
        let rows = rows.map_or_else(|it| it.message().to_string(), |it| format!("{it:?}"));
        add(&read, format!("{name} {rows}"));
        Ok(())
    });
}

#[test]
fn job_4_a_state_of_what_another_state_gives_fails_with_it_and_goes_on_with_it() {
    let log = Log::default();
    let stepper = run(&[1, 2, 3], &Inline, |pairs| {
        rows_of(&log, "second", &states(&failing_once(pairs).0));
    });
    assert_eq!(failed(&stepper), []);
    let expected = ["second [(1, 1)]", "second unlucky", "second [(1, 10)]"];
    assert_eq!(taken(&log), expected);
}

#[test]
fn job_4_a_state_of_what_a_function_makes_without_reading_a_batch_goes_on() {
    let log = Log::default();
    let stepper = run(&[1, 2, 3], &Inline, |pairs| {
        let states_then = failing_once(pairs).0;
        let constant = states_then.transform(|_, _| Rdd::of_rows(vec![vec![(1, 1)]]));
        rows_of(&log, "counts", &states(&constant));
    });
    assert_eq!(failed(&stepper), []);
    let expected = ["counts [(1, 1)]", "counts [(1, 2)]", "counts [(1, 3)]"];
    assert_eq!(taken(&log), expected);
}
