//! The functions of `transform` are called when the jobs of a batch are generated, before the first of them goes on
//! (`GEN-2`).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::testing::ScopedThreads;
use engine::{
    DStream, Event, Failure, FailureKind, Inline, OutputId, SparkContext, Stepper,
    StreamingContext, Time, Workers,
};

const SECOND: Duration = Duration::from_secs(1);

/// The calls of a program's functions, in order.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    fn push(&self, name: &str, time: Time) {
        let mut calls = self.0.lock().expect("no function panics with the calls");
        calls.push(format!("{name} {}", time.as_millis() / 1_000));
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no function panics with the calls"))
    }

    /// The stream, each batch of which is made by a function that fails at `fails_at`.
    fn made<T: engine::Data>(
        &self,
        name: &'static str,
        stream: &DStream<T>,
        fails_at: Option<i64>,
    ) -> DStream<T> {
        let calls = self.clone();
        stream.try_transform(move |batch, time| {
            calls.push(&format!("make {name}"), time);
            if fails_at == Some(time.as_millis() / 1_000) {
                return Err(Failure::new(FailureKind::Function, "no batch"));
            }
            Ok(batch)
        })
    }

    /// Reads each batch of the stream.
    fn shown<T: engine::Data>(&self, name: &'static str, stream: &DStream<T>) {
        let calls = self.clone();
        stream.foreach_rdd(move |batch, time| {
            calls.push(&format!("show {name}"), time);
            batch.count().map(drop)
        });
    }
}

/// The calls of the first batches of a program.
fn run(
    concurrent_jobs: usize,
    workers: &dyn Workers,
    batches: usize,
    write: impl FnOnce(&Calls, &DStream<i32>),
) -> (Vec<Vec<String>>, Stepper) {
    let sc = SparkContext::local(2, "generation").with_concurrent_jobs(concurrent_jobs);
    let ssc = StreamingContext::new(&sc, SECOND);
    let calls = Calls::default();
    write(&calls, &ssc.queue_stream((1..).take(9).map(|n| vec![n])));
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = Stepper::start(program, Time::EPOCH);
    let called = (0..batches).map(|_| {
        stepper.step(workers);
        calls.take()
    });
    (called.collect(), stepper)
}

/// The outputs whose jobs have failed, with the time of the batch in seconds.
fn failed(stepper: &Stepper) -> Vec<(i64, usize, Failure)> {
    let failures = stepper.events().filter_map(|event| match event {
        Event::OutputOperationCompleted {
            batch_time,
            output: OutputId(output),
            failure: Some(failure),
            ..
        } => Some((batch_time.as_millis() / 1_000, *output, failure.clone())),
        _ => None,
    });
    failures.collect()
}

/// As recorded from Spark 3.5.9 in `generation_order.txt` of the Python package.
#[test]
fn gen_2_the_batches_of_all_outputs_are_made_before_the_first_operation_runs() {
    for (concurrent_jobs, workers) in [
        (1, &Inline as &dyn Workers),
        (3, &Inline),
        (1, &ScopedThreads(2)),
    ] {
        let (calls, _) = run(concurrent_jobs, workers, 2, |calls, numbers| {
            let right = calls.made("right", numbers, None);
            let left = calls.made("left", &numbers.map(|n| n + 1), None);
            let first = calls.made("first", numbers, None);
            let windows = calls
                .made("windowed", numbers, None)
                .window(3 * SECOND, 2 * SECOND);
            calls.shown("first", &first);
            let both = left.transform_with(&right, |left, _, _| left);
            calls.shown("both", &calls.made("both", &both, None));
            calls.shown("windows", &calls.made("windows", &windows, None));
            calls.shown("first again", &first.map(|n| 2 * n));
        });
        assert_eq!(
            calls[0],
            [
                "make first 1",
                "make left 1",
                "make right 1",
                "make both 1",
                "show first 1",
                "show both 1",
                "show first again 1",
            ]
        );
        assert_eq!(
            calls[1],
            [
                "make first 2",
                "make left 2",
                "make right 2",
                "make both 2",
                "make windowed 1",
                "make windowed 2",
                "make windows 2",
                "show first 2",
                "show both 2",
                "show windows 2",
                "show first again 2",
            ]
        );
    }
}

/// As recorded from Spark 3.5.9 in `generation_order.txt` of the Python package.
#[test]
fn gen_2_a_function_before_and_one_behind_a_state_are_called_before_the_first_operation() {
    let (calls, _) = run(1, &Inline, 2, |calls, numbers| {
        let pairs = calls.made("pairs", numbers, None).map(|n| (n, 1));
        let sum = |new: &[i32], old: Option<i32>| Some(new.iter().sum::<i32>() + old.unwrap_or(0));
        calls.shown("numbers", numbers);
        calls.shown(
            "states",
            &calls.made("states", &pairs.update_state_by_key(sum), None),
        );
    });
    let expected = [
        "make pairs 2",
        "make states 2",
        "show numbers 2",
        "show states 2",
    ];
    assert_eq!(calls[1], expected);
}

/// As recorded from Spark 3.5.9 in `generation_fails.txt` of the Python package.
#[test]
fn gen_2_a_batch_that_cannot_be_made_has_no_operation_at_all() {
    let (calls, stepper) = run(1, &Inline, 3, |calls, numbers| {
        calls.shown("plain", numbers);
        numbers.print();
        for (name, fails_at) in [("first", None), ("second", Some(2)), ("third", None)] {
            calls.shown(name, &calls.made(name, numbers, fails_at));
        }
    });
    assert_eq!(calls[1], ["make first 2", "make second 2"]);
    assert_eq!(
        calls[2].len(),
        7,
        "the next batch is as any: {:?}",
        calls[2]
    );
    let failed = failed(&stepper);
    let outputs: Vec<(i64, usize)> = failed
        .iter()
        .map(|(time, output, _)| (*time, *output))
        .collect();
    assert_eq!(outputs, [(2, 0), (2, 1), (2, 2), (2, 3), (2, 4)]);
    for (_, _, failure) in failed {
        assert_eq!(failure.operator(), Some("try_transform"));
        assert_eq!(failure.message(), "no batch");
    }
}

#[test]
fn job_4_rows_that_fail_before_a_function_is_given_them_fail_their_own_operation_alone() {
    let (calls, stepper) = run(1, &Inline, 2, |calls, numbers| {
        let pairs = numbers.flat_map(|n| [(n, 1); 2]);
        let sums =
            pairs.try_reduce_by_key(|_, _| Err(Failure::new(FailureKind::Function, "no sum")));
        calls.shown("sums", &calls.made("sums", &sums, None));
        calls.shown("numbers", &calls.made("numbers", numbers, None));
    });
    let expected = [
        "make sums 2",
        "make numbers 2",
        "show sums 2",
        "show numbers 2",
    ];
    assert_eq!(calls[1], expected);
    let outputs = failed(&stepper)
        .into_iter()
        .map(|(time, output, _)| (time, output));
    assert_eq!(outputs.collect::<Vec<_>>(), [(1, 0), (2, 0)]);
}
