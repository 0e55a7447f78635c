//! The method that a failure names is the one that the program calls (`JOB-4`).

use std::time::Duration;

use engine::{
    DStream, Event, Failure, FailureKind, Inline, Rdd, SparkContext, Stepper, StreamingContext,
    Time, WindowSpec,
};

fn no_sum(_: i64, _: i64) -> Result<i64, Failure> {
    Err(Failure::new(FailureKind::Function, "no sum"))
}

/// Compares the operator of the failure of a program over two numbers of one key.
#[track_caller]
fn check(operator: &str, write: impl FnOnce(&DStream<(i64, i64)>)) {
    let ssc = StreamingContext::new(&SparkContext::local(1, "test"), Duration::from_secs(1));
    write(&ssc.queue_stream([vec![(7, 1), (7, 2)]]));
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = Stepper::start(program, Time::EPOCH);
    stepper.step(&Inline);
    let failure = stepper.events().find_map(Event::failure);
    assert_eq!(failure.and_then(Failure::operator), Some(operator));
}

#[test]
fn job_4_a_function_that_may_fail_is_that_of_its_method() {
    check("try_map", |pairs| {
        pairs.try_map(|(x, y)| no_sum(x, y)).print();
    });
    check("try_map_values", |pairs| {
        pairs.try_map_values(|x| no_sum(x, x)).print();
    });
    check("try_reduce", |pairs| {
        pairs.map(|(_, x)| x).try_reduce(no_sum).print();
    });
    check("try_reduce_by_key", |pairs| {
        pairs.try_reduce_by_key(no_sum).print();
    });
    let seconds = Duration::from_secs;
    check("reduce_by_key_and_window", |pairs| {
        let spec = WindowSpec::try_function(no_sum, seconds(2), seconds(1));
        pairs.reduce_by_key_and_window_with(spec).print();
    });
    check("try_transform", |pairs| {
        pairs
            .try_transform(|_, _| no_sum(1, 1).map(|sum| Rdd::of_rows(vec![vec![sum]])))
            .print();
    });
}

#[test]
fn job_4_a_function_that_cannot_fail_is_that_of_its_method() {
    let panics = |_: i64, _: i64| -> i64 { std::panic::resume_unwind(Box::new("no sum")) };
    check("map", |pairs| pairs.map(move |(x, y)| panics(x, y)).print());
    check("map_values", |pairs| {
        pairs.map_values(move |x| panics(x, x)).print();
    });
    check("reduce", |pairs| {
        pairs.map(|(_, x)| x).reduce(panics).print();
    });
    check("reduce_by_key", |pairs| {
        pairs.reduce_by_key(panics).print();
    });
    check("transform", |pairs| {
        pairs
            .transform(move |_, _| Rdd::of_rows(vec![vec![panics(1, 1)]]))
            .print();
    });
}
