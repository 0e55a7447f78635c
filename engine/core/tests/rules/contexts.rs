//! Programs that mix up contexts, or go on after they were built: refused when they are built, by the name of
//! the operator.

use std::time::Duration;

use engine::{
    BuildError, DStream, Inline, SparkContext, State, StateSpec, Stepper, StreamingContext, Time,
    UpdateSpec,
};

type Pair = (i64, i64);

fn context() -> StreamingContext {
    StreamingContext::new(&SparkContext::local(2, "contexts"), Duration::from_secs(1))
}

fn pairs(ssc: &StreamingContext) -> DStream<Pair> {
    ssc.queue_stream([vec![(1, 1)]])
}

#[track_caller]
fn check_refused(ssc: &StreamingContext, expected: &str) {
    let refused = ssc.build().expect_err("the program breaks a rule");
    assert_eq!(refused.to_string(), expected);
}

const FOREIGN: &str =
    "`union` is given a stream of another `StreamingContext`: all streams of a program are of one";

#[test]
fn a_stream_of_another_context_is_refused_whatever_its_number() {
    // A stream of the same number and type, one of another type, and one of a number that is not there.
    let makers: [fn(&StreamingContext) -> DStream<Pair>; 3] = [
        pairs,
        |theirs| theirs.queue_stream([vec![1]]).map(|one| (one, one)),
        |theirs| (0..5).fold(pairs(theirs), |pairs, _| pairs.filter(|_| true)),
    ];
    for make in makers {
        let ours = context();
        let mixed = pairs(&ours).map_values(|n| n + 1).union(&make(&context()));
        mixed.print();
        check_refused(&ours, FOREIGN);
    }
}

#[test]
fn all_operators_may_follow_on_a_stream_that_was_refused() {
    let ours = context();
    let mixed = pairs(&ours).union(&pairs(&context()));
    follow(&mixed);
    mixed.union(&pairs(&ours)).union(&mixed).print();
    check_refused(&ours, FOREIGN);
}

/// Operators of each kind: of one parent, with state, over windows, and outputs.
fn follow(pairs: &DStream<Pair>) {
    let second = Duration::from_secs(1);
    let sum =
        |values: &[i64], old: Option<i64>| Some(values.iter().sum::<i64>() + old.unwrap_or(0));
    let keep = |key: &i64, _: Option<i64>, _: &mut State<'_, i64>| (*key, 1);
    pairs.map(|pair| pair).print();
    pairs.window(second * 2, second).count().print();
    pairs.update_state_by_key(sum).print();
    let mapped = pairs.map_with_state(StateSpec::function(keep));
    mapped.state_snapshots().union(&mapped).print();
    let add = |x, y| x + y;
    pairs
        .reduce_by_key_and_window(add, second * 2, second)
        .print();
    pairs
        .reduce_by_key_and_window_inverse(add, |x, y| x - y, second * 5, second)
        .print();
    pairs.foreach_rdd(|_, _| Ok(()));
}

#[test]
fn the_other_context_is_left_as_it_is() -> Result<(), BuildError> {
    let theirs = context();
    let other = pairs(&theirs);
    pairs(&context()).union(&other).print();
    other.print();
    let mut stepper = Stepper::start(theirs.build()?, Time::EPOCH);
    stepper.step(&Inline);
    assert_eq!(stepper.failure(), None);
    Ok(())
}

#[test]
fn a_program_is_built_once() -> Result<(), BuildError> {
    let ssc = context();
    pairs(&ssc).print();
    ssc.build()?;
    check_refused(
        &ssc,
        "the program is built already: write another one in a new `StreamingContext`",
    );
    Ok(())
}

#[test]
fn additions_to_a_program_that_is_built_are_refused_by_name() -> Result<(), BuildError> {
    let refused = |add: fn(&DStream<Pair>)| {
        let ssc = context();
        let numbers = pairs(&ssc);
        numbers.print();
        ssc.build()?;
        add(&numbers);
        let refused = ssc.build().expect_err("it is built already");
        Ok::<String, BuildError>(refused.to_string())
    };
    let expected = |operator: &str| {
        format!(
            "`{operator}` was added when the program was built already: add it before, or write another program in \
             a new `StreamingContext`"
        )
    };
    assert_eq!(refused(follow)?, expected("map"));
    assert_eq!(refused(DStream::print)?, expected("print"));
    let source = |pairs: &DStream<Pair>| pairs.context().receiver_stream("lines").print();
    assert_eq!(refused(source)?, expected("receiver_stream"));
    let interval = |pairs: &DStream<Pair>| pairs.context().block_interval(Duration::from_secs(1));
    assert_eq!(refused(interval)?, expected("block_interval"));
    let log = |pairs: &DStream<Pair>| pairs.context().checkpoint();
    assert_eq!(refused(log)?, expected("checkpoint"));
    Ok(())
}

#[test]
fn a_program_that_was_refused_is_refused_again_until_it_is_mended() {
    let ssc = context();
    let numbers = pairs(&ssc);
    assert_eq!(ssc.build().err(), Some(BuildError::NoOutput));
    numbers.print();
    assert_eq!(ssc.build().err(), None);

    let broken = context();
    pairs(&broken).union(&pairs(&context())).print();
    check_refused(&broken, FOREIGN);
    check_refused(&broken, FOREIGN);
}

#[test]
fn a_number_of_partitions_that_there_cannot_be_is_refused() {
    let refused = |state: &dyn Fn(&DStream<Pair>)| {
        let ssc = context();
        state(&pairs(&ssc));
        ssc.build().err().map(|error| error.to_string())
    };
    for partitions in [0, SparkContext::CORES_MAX + 1, usize::MAX] {
        let expected = |operator| {
            Some(format!(
                "`{operator}` takes 1 to 1024 partitions, not {partitions}"
            ))
        };
        let update = |pairs: &DStream<Pair>| {
            let spec = UpdateSpec::function(|_: &[i64], old: Option<i64>| old);
            let spec = spec.initial_state(vec![(1, 1)]);
            pairs
                .update_state_by_key_with(spec.num_partitions(partitions))
                .print();
        };
        assert_eq!(refused(&update), expected("update_state_by_key"));
        let map = |pairs: &DStream<Pair>| {
            let spec = StateSpec::function(|_: &i64, _: Option<i64>, _: &mut State<'_, i64>| 1);
            pairs
                .map_with_state(spec.num_partitions(partitions))
                .print();
        };
        assert_eq!(refused(&map), expected("map_with_state"));
    }
}
