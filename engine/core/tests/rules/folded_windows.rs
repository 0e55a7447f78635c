//! Windows by a function that is declared associative: the same rows as without the declaration, for less work.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::testing::ScopedThreads;
use engine::{
    DStream, Data, Event, Failure, FailureKind, Inline, Profile, Record, SparkContext, Stepper,
    StreamingContext, Time, WindowSpec,
};
use proptest::prelude::*;

use crate::laws::{Batch, Cluster, check, clusters, run, seconds};

type Pair = (i64, String);

/// Batches of few keys, many of them empty; values are names, so that none is like another.
fn batches() -> impl Strategy<Value = Vec<Batch<Pair>>> {
    let key = prop_oneof![0_i64..4, 0_i64..90];
    let partition = proptest::collection::vec(key, 0..5);
    let batch = prop_oneof![Just(Vec::new()), proptest::collection::vec(partition, 0..4),];
    proptest::collection::vec(batch, 1..24).prop_map(|batches| {
        let mut names = (0..).map(|number: usize| number.to_string());
        let mut pair = |key| (key, names.next().unwrap_or_default());
        let mut partition = |keys: Vec<i64>| keys.into_iter().map(&mut pair).collect();
        let batch = |keys: Vec<Vec<i64>>| keys.into_iter().map(&mut partition).collect();
        batches.into_iter().map(batch).collect()
    })
}

/// Associative and not commutative: the value names all that it is made of, in order.
fn join(x: String, y: String) -> String {
    [x, y].join(" ")
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    length: usize,
    slide: usize,
}

fn shapes() -> impl Strategy<Value = Shape> {
    (1_usize..9, 1_usize..9).prop_map(|(length, slide)| Shape { length, slide })
}

fn spec(shape: Shape) -> WindowSpec<i64, String> {
    WindowSpec::function(join, seconds(shape.length), seconds(shape.slide))
}

/// Each last batch of an outer window, and then all batches of it: so those before the last one are asked for after
/// it, unless an earlier window had them, and with gaps not all of them.
fn in_any_order<T: Data>(stream: &DStream<T>, outer: Shape) -> DStream<T> {
    let slide = stream.slide() * outer.slide as u32;
    let last = stream.window(stream.slide(), slide);
    last.union(&stream.window(stream.slide() * outer.length as u32, slide))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn win_3_an_associative_function_gives_the_rows_of_any_other(
        cluster in clusters(),
        workers in 1_usize..4,
        batches in batches(),
        shape in shapes(),
    ) {
        let windows = |spec| {
            run(cluster, &ScopedThreads(workers), &batches, |pairs| {
                pairs.reduce_by_key_and_window_with(spec)
            })
        };
        check(&windows(spec(shape).associative()), &windows(spec(shape)))?;
    }

    #[test]
    fn win_7_windows_may_be_asked_for_in_any_order(
        cluster in clusters(),
        batches in batches(),
        inner in shapes(),
        outer in shapes(),
    ) {
        let reduced = |spec| {
            run(cluster, &Inline, &batches, |pairs| {
                in_any_order(&pairs.reduce_by_key_and_window_with(spec), outer)
            })
        };
        check(&reduced(spec(inner).associative()), &reduced(spec(inner)))?;
        let windows = |pairs: &DStream<Pair>| {
            pairs.window(seconds(inner.length), seconds(inner.slide))
        };
        let counts = |reads_all: bool| {
            run(cluster, &Inline, &batches, |pairs| {
                let windows = windows(&pairs);
                let windows = if reads_all { windows.filter(|_| true) } else { windows };
                in_any_order(&windows.count(), outer)
            })
        };
        check(&counts(false), &counts(true))?;
    }

    #[test]
    fn win_3_a_function_that_is_associative_on_some_values_gives_the_rows_of_any_other(
        cluster in clusters(),
        batches in batches(),
        shape in shapes(),
        divisor in 2_usize..30,
    ) {
        // Not associative on a few names. Else two of them would stand in brackets where they meet first.
        let is_plain = move |value: &String| {
            let number: Option<usize> = value.parse().ok();
            number.is_none_or(|number| number % divisor != 0)
        };
        let bracket = move |x: String, y: String| {
            if is_plain(&x) && is_plain(&y) { join(x, y) } else { format!("({x} {y})") }
        };
        let windows = |spec| {
            run(cluster, &Inline, &batches, |pairs| pairs.reduce_by_key_and_window_with(spec))
        };
        let spec = || WindowSpec::function(bracket, seconds(shape.length), seconds(shape.slide));
        let is_associative = move |value: &String| value.split(' ').all(|name| {
            is_plain(&name.replace(['(', ')'], ""))
        });
        check(&windows(spec().associative_on(is_associative)), &windows(spec()))?;
    }
}

/// Batches of numbers, many of them empty, some of whose numbers are large.
fn numbers() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let number = prop_oneof![40 => -3_i64..=3, 1 => Just(300), 1 => Just(-300)];
    let batch = prop_oneof![Just(Vec::new()), proptest::collection::vec(number, 0..6)];
    proptest::collection::vec(batch, 1..24)
}

/// Numbers that are no more than 3 never add up to that much in these windows.
fn sum_below_350(x: i64, y: i64) -> Result<i64, Failure> {
    let sum = Some(x + y).filter(|sum| sum.abs() < 350);
    sum.ok_or_else(|| Failure::new(FailureKind::Overflow, format!("{x} + {y}")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn win_2_windows_are_counted_as_if_all_their_rows_were_read(
        cluster in clusters(),
        workers in 1_usize..4,
        batches in batches(),
        shape in shapes(),
        reduces in any::<bool>(),
    ) {
        let counts = |reads_all: bool| {
            run(cluster, &ScopedThreads(workers), &batches, |pairs| {
                let pairs = if reduces { pairs.reduce_by_key(join) } else { pairs };
                let windows = pairs.window(seconds(shape.length), seconds(shape.slide));
                if reads_all { windows.filter(|_| true).count() } else { windows.count() }
            })
        };
        check(&counts(false), &counts(true))?;
    }

    #[test]
    fn win_2_windows_are_reduced_in_any_order_with_the_result_of_the_order_of_arrival(
        batches in numbers(),
        shape in shapes(),
    ) {
        let totals = |declares: bool| {
            outcomes(batches.clone(), |numbers| {
                let windows = numbers.window(seconds(shape.length), seconds(shape.slide));
                if declares {
                    windows.try_reduce_in_any_order(sum_below_350, |n| n.abs() <= 3)
                } else {
                    windows.try_reduce(sum_below_350)
                }
            })
        };
        // A failure names the method.
        let declared = totals(true).into_iter();
        let declared = declared.map(|total| total.replace("try_reduce_in_any_order", "try_reduce"));
        check(&declared.collect::<Vec<_>>(), &totals(false))?;
    }
}

/// The number of times at which a record is read in 300 windows of 100 batches of one record.
fn reads(total: fn(DStream<i64>) -> DStream<i64>) -> usize {
    let reads = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&reads);
    outcomes((0..300).map(|n| vec![n]).collect(), |numbers| {
        let read = numbers.map(move |n| {
            counted.fetch_add(1, Ordering::Relaxed);
            n
        });
        total(read.window(seconds(100), seconds(1)))
    });
    reads.load(Ordering::Relaxed)
}

#[test]
fn win_2_a_record_is_read_once_for_all_windows_that_count_it_or_reduce_it_in_any_order() {
    assert_eq!(reads(|windows| windows.count()), 300);
    assert_eq!(
        reads(|windows| windows.try_reduce_in_any_order(|x, y| Ok(x + y), |_| true)),
        300
    );
    assert_eq!(
        reads(|windows| windows.reduce(|x, y| x + y)),
        100 * 101 / 2 + 200 * 100
    );
}

const ONE_CORE: Cluster = Cluster {
    cores: 1,
    profile: Profile::Pyspark,
};

/// The number of calls in 300 windows of 100 batches, of which each `step`-th has one key.
fn calls(step: usize, declare: fn(WindowSpec<i64, i64>) -> WindowSpec<i64, i64>) -> usize {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let sum = move |x: i64, y: i64| {
        counted.fetch_add(1, Ordering::Relaxed);
        x + y
    };
    let batch = |number: usize| vec![vec![(1, 1)]; usize::from(number.is_multiple_of(step))];
    let batches: Vec<Batch<(i64, i64)>> = (0..300).map(batch).collect();
    let spec = declare(WindowSpec::function(sum, seconds(100), seconds(1)));
    let windows = run(ONE_CORE, &Inline, &batches, |pairs| {
        pairs.reduce_by_key_and_window_with(spec)
    });
    assert_eq!(windows[299], [(1, 100 / step as i64)]);
    calls.load(Ordering::Relaxed)
}

#[test]
fn win_3_an_associative_function_is_called_three_times_a_batch_and_any_other_for_each_batch() {
    assert!(calls(1, WindowSpec::associative) <= 3 * 300);
    assert_eq!(calls(1, |spec| spec), 99 * 100 / 2 + 200 * 99);
    assert!(calls(10, WindowSpec::associative) <= 3 * 30);
}

/// Sums of three batches of one key that must stay below 100.
fn sums(values: &[i64], declare: fn(WindowSpec<i64, i64>) -> WindowSpec<i64, i64>) -> Vec<String> {
    let sum = |x: i64, y: i64| {
        let sum = Some(x + y).filter(|sum| sum.abs() < 100);
        sum.ok_or_else(|| Failure::new(FailureKind::Overflow, format!("{x} + {y}")))
    };
    let spec = declare(WindowSpec::try_function(sum, seconds(3), seconds(1)));
    let batches: Vec<Vec<(i64, i64)>> = values.iter().map(|value| vec![(7, *value)]).collect();
    outcomes(batches, |pairs| pairs.reduce_by_key_and_window_with(spec))
}

/// The rows of each batch, or its failure.
fn outcomes<T: Data, U: Data + Record>(
    batches: Vec<Vec<T>>,
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
) -> Vec<String> {
    let sc = SparkContext::local(2, "folded windows");
    let ssc = StreamingContext::new(&sc, seconds(1));
    let count = batches.len();
    operation(ssc.queue_stream(batches)).print();
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = Stepper::start(program, Time::EPOCH);
    (0..count).for_each(|_| stepper.step(&Inline));
    let outcome = |event: &Event| match event {
        Event::Printed { rows, .. } => Some(format!("{rows:?}")),
        event => event.failure().map(ToString::to_string),
    };
    stepper.events().filter_map(outcome).collect()
}

/// Of 60 + 60 - 60 the sum from the oldest on fails, and of 60 + (60 - 60) it does not; of -60 + 60 + 60 the
/// sum from the oldest on does not fail.
#[test]
fn win_3_a_failure_of_a_sum_from_the_oldest_on_is_kept() {
    let values = [1, 60, 60, -60, 60, 60, 1, 2, 3, 4];
    let anew = sums(&values, |spec| spec);
    assert!(
        anew.iter().any(|outcome| outcome.contains("60 + 60")),
        "{anew:?}"
    );
    assert_eq!(
        sums(&values, |spec| spec.associative_on(|n| n.abs() < 30)),
        anew
    );
}
