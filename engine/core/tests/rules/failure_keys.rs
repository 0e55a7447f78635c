//! Functions that are given the value of a key: a failure names the key, whether the function panics or returns an
//! error (`JOB-4`).

use std::time::Duration;

use engine::{
    DStream, Failure, FailureKind, Inline, Profile, SparkContext, Stepper, StreamingContext, Text,
    Time, WindowSpec,
};

type Pairs = DStream<(Text, i64)>;

/// Fails for a sum of 13, by a panic or by an error.
fn unlucky(panics: bool, sum: i64) -> Result<i64, Failure> {
    match (sum, panics) {
        (13, true) => panic!("no bread"),
        (13, false) => Err(Failure::new(FailureKind::Function, "no bread")),
        _ => Ok(sum),
    }
}

/// The failures of six batches of a program, the first four of which have records.
fn failures(operation: impl Fn(&Pairs) -> Pairs) -> Vec<String> {
    let cluster = SparkContext::local(2, "keys").with_profile(Profile::Jvm);
    let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
    let batches = [[3, 4], [6, 7], [8, 9], [10, 11]];
    let pair = |(key, value): (&'static str, i64)| (Text::from(key), value);
    let pairs = batches.map(|[b, c]| [("a", 1), ("b", b), ("c", c), ("d", 1)].map(pair).to_vec());
    let left = ssc.queue_stream(pairs.clone());
    // The union has two partitions: values of a key meet after the shuffle.
    operation(&left.union(&ssc.queue_stream(pairs).map_values(|value| value + 1))).print();
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..6).for_each(|_| stepper.step(&Inline));
    let failed = stepper.events().filter_map(engine::Event::failure);
    failed.map(ToString::to_string).collect()
}

#[track_caller]
fn check(expected: &str, operation: impl Fn(&Pairs, bool) -> Pairs) {
    for panics in [true, false] {
        let failures = failures(|pairs| operation(pairs, panics));
        assert_eq!(
            failures.first().map(String::as_str),
            Some(expected),
            "panics: {panics}"
        );
    }
}

#[test]
fn job_4_a_reduce_function_that_fails_names_the_key() {
    // 6 and 7, which meet after the shuffle.
    check(
        "try_reduce_by_key, key \"b\", batch at 2000 ms: no bread",
        |pairs, panics| pairs.try_reduce_by_key(move |x, y| unlucky(panics, x + y)),
    );
    // 6 and 7 of each partition, which meet before it.
    check(
        "try_reduce_by_key, key \"d\", batch at 1000 ms: no bread",
        |pairs, panics| {
            let d = pairs.filter(|(key, _)| *key == "d");
            d.flat_map(|(key, _)| [(key.clone(), 6), (key, 7)])
                .try_reduce_by_key(move |x, y| unlucky(panics, x + y))
        },
    );
}

#[test]
fn job_4_a_function_of_values_that_fails_names_the_key() {
    check(
        "try_map_values, key \"c\", batch at 2000 ms: no bread",
        |pairs, panics| pairs.try_map_values(move |value| unlucky(panics, value + 5)),
    );
    let plain =
        failures(|pairs| pairs.map_values(|value| unlucky(true, value + 5).unwrap_or_default()));
    assert_eq!(
        plain[0],
        "map_values, key \"c\", batch at 2000 ms: no bread"
    );
}

#[test]
fn job_4_the_functions_of_a_window_that_fail_name_the_key() {
    let seconds = Duration::from_secs;
    let spec = move |plus: bool, minus: bool, panics| {
        WindowSpec::try_function(
            move |x, y| {
                if plus {
                    unlucky(panics, x + y)
                } else {
                    Ok(x + y)
                }
            },
            seconds(2),
            seconds(1),
        )
        .try_inverse(move |x, y| {
            if minus {
                unlucky(panics, x - y)
            } else {
                Ok(x - y)
            }
        })
    };
    // The sums of "b" are 7, 13, 17 and 21: 7 + 13 - 7 leaves 13 in the third batch.
    check(
        "reduce_by_key_and_window, key \"b\", batch at 3000 ms: no bread",
        |pairs, panics| pairs.reduce_by_key_and_window_with(spec(false, true, panics)),
    );
    check(
        "reduce_by_key_and_window, key \"b\", batch at 2000 ms: no bread",
        |pairs, panics| pairs.reduce_by_key_and_window_with(spec(true, false, panics)),
    );
}

#[test]
fn job_4_an_associative_function_of_a_window_that_fails_names_the_key() {
    let seconds = Duration::from_secs;
    // The sums of "b" are -1, 5 and 9, which is 13 in the first window of three.
    check(
        "reduce_by_key_and_window, key \"b\", batch at 3000 ms: no bread",
        |pairs, panics| {
            let sum = move |x, y| unlucky(panics, x + y);
            let spec = WindowSpec::try_function(sum, seconds(3), seconds(1)).associative();
            pairs
                .map_values(|value| value - 4)
                .reduce_by_key_and_window_with(spec)
        },
    );
}

/// A key whose `Debug` panics.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Shy(i64);

impl std::fmt::Debug for Shy {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("do not look")
    }
}

impl engine::Key for Shy {
    fn spark_hash(&self, _: Profile) -> i64 {
        self.0
    }
}

#[test]
fn job_4_a_key_that_cannot_be_shown_does_not_hide_the_failure() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "shy"), Duration::from_secs(1));
    let pairs = ssc.queue_stream([vec![(Shy(1), 1), (Shy(1), 1)]]);
    let reduced = pairs.reduce_by_key(|_, _| -> i32 { panic!("no bread") });
    reduced.foreach_rdd(|batch, _| batch.count().map(drop));
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    stepper.step(&Inline);
    let failure = stepper.failure().map(ToString::to_string);
    assert_eq!(
        failure.as_deref(),
        Some("reduce_by_key, key that cannot be shown, batch at 1000 ms: no bread")
    );
}
