//! Several jobs at a time (`JOB-5`), and users' functions that wait for each other in them.

use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use engine::{
    DStream, Failure, Inline, Input, Job, Rdd, SparkContext, State, StateSpec, Text, Time,
    UpdateSpec,
};

use crate::support::{Run, check};

type Counts = Rdd<(Text, i64)>;

/// Called in the function of a stateful operator with the time of the batch and the key.
type Hook = Arc<dyn Fn(Time, &Text) -> Result<(), Failure> + Send + Sync>;

/// Running counts of lines, by one of the stateful operators.
type RunningCounts = fn(&DStream<Text>, Hook) -> DStream<(Text, i64)>;

const OPERATORS: [RunningCounts; 2] = [update_state_by_key, map_with_state];

fn update_state_by_key(lines: &DStream<Text>, hook: Hook) -> DStream<(Text, i64)> {
    let pairs = lines.map(|line| (line, 1));
    pairs.update_state_by_key_with(UpdateSpec::try_function_at(
        move |time, key: &Text, new: &[i64], old: Option<i64>| {
            hook(time, key)?;
            Ok(Some(new.iter().sum::<i64>() + old.unwrap_or(0)))
        },
    ))
}

fn map_with_state(lines: &DStream<Text>, hook: Hook) -> DStream<(Text, i64)> {
    let pairs = lines.map(|line| (line, 1));
    let spec = StateSpec::try_function_at(
        move |time, key: &Text, one: Option<i64>, state: &mut State<'_, i64>| {
            hook(time, key)?;
            state.update(state.get_option().unwrap_or(&0) + one.unwrap_or(0));
            Ok(None::<()>)
        },
    );
    pairs.map_with_state(spec).state_snapshots()
}

fn no_hook() -> Hook {
    Arc::new(|_, _| Ok(()))
}

fn two_at_a_time() -> SparkContext {
    SparkContext::local(1, "two").with_concurrent_jobs(2)
}

/// Running counts, printed twice, two jobs at a time.
fn start_two_at_a_time() -> Run {
    Run::start_and_hold_on(&two_at_a_time(), |ssc| {
        let counts = update_state_by_key(&ssc.receiver_stream("lines"), no_hook());
        counts.print();
        counts.print();
    })
}

#[test]
fn job_5_jobs_of_different_batches_are_under_way_at_the_same_time() {
    let mut run = start_two_at_a_time();
    run.record(500, "a");
    run.wake_until(2_000);
    assert_eq!(run.jobs(), 2);
    run.end_job(2_100);
    assert_eq!(run.jobs(), 2, "the first of the second batch has started");
    run.end_job(2_200);
    run.end_job(2_300);
    run.end_job(2_400);
    check(
        &run.batches(),
        &[
            "at 1000: 1000 ms submitted, records 1",
            "at 1000: 1000 ms started",
            "at 2000: 2000 ms submitted, records 0",
            "at 2100: 2000 ms started",
            "at 2200: 1000 ms completed",
            "at 2400: 2000 ms completed",
        ],
    );
}

#[test]
fn job_5_jobs_that_end_in_another_order_have_the_same_states() {
    let mut run = start_two_at_a_time();
    run.record(500, "a");
    run.wake_until(1_000);
    run.record(1_500, "a");
    run.wake_until(2_000);
    // The second job of batch 1, then the first of batch 2, and last the first of batch 1.
    run.end_newest_job(2_100);
    run.end_newest_job(2_200);
    run.end_newest_job(2_300);
    run.end_newest_job(2_400);
    check(
        &run.printed(),
        &[
            "1000 ms output 1: (a,1)",
            "2000 ms output 0: (a,2)",
            "2000 ms output 1: (a,2)",
            "1000 ms output 0: (a,1)",
        ],
    );
}

/// A place in a function that another function waits for.
#[derive(Clone)]
struct Signal {
    sender: Sender<()>,
    receiver: Arc<Mutex<Receiver<()>>>,
}

impl Signal {
    fn new() -> Signal {
        let (sender, receiver) = channel();
        Signal {
            sender,
            receiver: Arc::new(Mutex::new(receiver)),
        }
    }

    fn give(&self) {
        self.sender.send(()).expect("a receiver is beside it");
    }

    /// Fails the job that waits in vain.
    fn wait(&self) {
        let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
        let given = receiver.recv_timeout(Duration::from_secs(10));
        given.expect("the other function runs");
    }
}

/// The journal of a program in which the second output operation of batch 1, `read`, has begun when the first
/// of batch 2 runs beside it, which calls `change` for the key a.
fn run_both(
    counts: RunningCounts,
    read: impl Fn(&Counts) -> Result<(), Failure> + Send + 'static,
    change: impl Fn() + Send + Sync + 'static,
) -> Vec<String> {
    let is_second = |time: Time| time.as_millis() == 2_000;
    let begun = Signal::new();
    let begins = begun.clone();
    let mut run = Run::start_and_hold_on(&two_at_a_time(), |ssc| {
        let hook = Arc::new(move |time, key: &Text| {
            if is_second(time) && key == "a" {
                change();
            }
            Ok(())
        });
        // More rows than one chunk has, so that some are still to be read while the first ones are handed out.
        let words = ssc.receiver_stream("lines").flat_map(|line| {
            let more = (0..200).map(|number| Text::from(number.to_string().as_str()));
            iter::once(line).chain(more)
        });
        let counts = counts(&words, hook);
        counts.filter(|(word, _)| word == "a").print();
        counts.foreach_rdd(move |batch, time| {
            if is_second(time) {
                return Ok(());
            }
            begins.give();
            read(batch)
        });
    });
    run.record(500, "a");
    run.wake_until(1_000);
    run.end_job(1_000);
    run.record(1_500, "a");
    run.wake_until(2_000);
    let [reads, changes] = [run.take_job(), run.take_job()];
    let run_job = |job: Job| job.run(&Inline);
    #[expect(
        clippy::disallowed_methods,
        reason = "two jobs are under way, not the stages of one"
    )]
    let finished = thread::scope(|scope| {
        let reads = scope.spawn(|| run_job(reads));
        begun.wait();
        let changes = scope.spawn(|| run_job(changes));
        [reads, changes].map(|job| job.join().expect("a job does not panic"))
    });
    for finished in finished {
        run.hand_in(2_100, Input::JobFinished(finished));
    }
    run.end_job(2_200);
    let is_end = |line: &String| line.contains("output") && !line.ends_with("started");
    run.journal().into_iter().filter(is_end).collect()
}

/// The second batch goes on from the states of the first, which the first still has.
const BOTH_DONE: [&str; 6] = [
    "1000 ms output 0: (a,1)",
    "1000 ms output 0 completed",
    "1000 ms output 1 completed",
    "2000 ms output 0: (a,2)",
    "2000 ms output 0 completed",
    "2000 ms output 1 completed",
];

fn check_counts_of_batch_1(batch: &Counts) -> Result<(), Failure> {
    assert_eq!(batch.filter(|(_, count)| *count == 1).count()?, 201);
    Ok(())
}

#[test]
fn job_5_a_job_can_read_states_that_another_one_changes() {
    for counts in OPERATORS {
        let [changing, read] = [(); 2].map(|()| Signal::new());
        let reader = [changing.clone(), read.clone()];
        let journal = run_both(
            counts,
            move |batch| {
                reader[0].wait();
                check_counts_of_batch_1(batch)?;
                reader[1].give();
                Ok(())
            },
            move || {
                changing.give();
                read.wait();
            },
        );
        check(&journal, &BOTH_DONE);
    }
}

#[test]
fn job_5_a_job_can_change_states_that_another_one_reads() {
    for counts in OPERATORS {
        let [reading, changed] = [(); 2].map(|()| Signal::new());
        let reader = [reading.clone(), changed.clone()];
        let journal = run_both(
            counts,
            move |batch| {
                batch.for_each(|(word, _)| {
                    if word == "a" {
                        reader[0].give();
                        reader[1].wait();
                    }
                })?;
                check_counts_of_batch_1(batch)
            },
            move || {
                reading.wait();
                changed.give();
            },
        );
        check(&journal, &BOTH_DONE);
    }
}

#[test]
fn a_function_that_reads_earlier_states_of_its_own_operator_fails() {
    for counts in OPERATORS {
        let kept: Arc<Mutex<Option<Counts>>> = Arc::default();
        let mut run = Run::start(1_000, 0, |ssc| {
            let reads = Arc::clone(&kept);
            let hook = Arc::new(move |_, _: &Text| {
                let kept = reads.lock().unwrap_or_else(PoisonError::into_inner);
                kept.as_ref()
                    .map_or(Ok(()), |batch| batch.count().map(drop))
            });
            let keeps = Arc::clone(&kept);
            let counts = counts(&ssc.receiver_stream("lines"), hook);
            counts.foreach_rdd(move |batch, _| {
                batch.is_empty()?;
                let mut kept = keeps.lock().unwrap_or_else(PoisonError::into_inner);
                kept.replace(batch.clone());
                Ok(())
            });
        });
        run.record(500, "a");
        run.record(1_500, "a");
        run.wake_until(2_000);
        let journal = run.journal();
        let failure = journal.iter().find(|line| line.contains("failed"));
        let failure = failure.expect("the second batch fails");
        assert!(
            failure.contains("rows can only be read in an output operation"),
            "{failure}"
        );
    }
}

#[test]
fn job_5_a_batch_that_failed_and_is_run_again_leaves_held_states_alone() {
    for counts in OPERATORS {
        let held: Arc<Mutex<Vec<Counts>>> = Arc::default();
        let fails = AtomicBool::new(true);
        let mut run = Run::start_and_hold_on(&two_at_a_time(), |ssc| {
            let hook = Arc::new(move |time: Time, key: &Text| {
                let is_second_key = time.as_millis() == 2_000 && key == "b";
                assert!(!is_second_key || !fails.swap(false, Ordering::Relaxed));
                Ok(())
            });
            let counts = counts(&ssc.receiver_stream("lines"), hook);
            let holds = Arc::clone(&held);
            counts.foreach_rdd(move |batch, _| {
                batch.is_empty()?;
                let mut held = holds.lock().unwrap_or_else(PoisonError::into_inner);
                held.push(batch.clone());
                Ok(())
            });
            counts.print();
        });
        for start in [0, 1_000, 2_000] {
            run.block(start + 500, &["a", "b"]);
            run.wake_until(start + 1_000);
            run.end_job(start + 1_000);
            run.end_job(start + 1_000);
        }
        check(
            &run.printed(),
            &[
                "1000 ms output 1: (a,1) (b,1)",
                "2000 ms output 1: (a,2) (b,2)",
                "3000 ms output 1: (a,3) (b,3)",
            ],
        );
        let held = held.lock().unwrap_or_else(PoisonError::into_inner);
        let held: Vec<i64> = held
            .iter()
            .map(|batch| batch.collect().expect("states are rows")[0].1)
            .collect();
        assert_eq!(held, [1, 3], "the first job of batch 2 failed");
    }
}
