//! The order in which Spark reads the keys of a state (`MAP-*`).

use std::time::Duration;

use engine::Stepper;
use engine::order::{AppendOnlyLayout, java};
use engine::{
    Failure, Inline, MapWithStateDStream, Profile, Rdd, SparkContext, StateSpec, StreamingContext,
    Text, Time,
};

use super::{Add, Batch, PLAIN, Remove, Setting, act, batch, letters, printed, rows_of, sorted};

/// The slots of removed keys are dropped once they are most of the table.
#[test]
fn map_6_the_order_outlives_compaction() {
    for profile in [Profile::Pyspark, Profile::Jvm] {
        let setting = Setting { profile, ..PLAIN };
        let keys: Vec<String> = (0..200).map(|key| format!("key-{key}")).collect();
        let all = |action| {
            keys.iter()
                .map(move |key| (Text::from(key.as_str()), action))
        };
        let removed = all(Remove).filter(|(key, _)| !key.ends_with('7')).collect();
        let written = batch(&[("key-107", Add(1)), ("key-1", Add(1))]);
        let input = [all(Add(1)).collect(), removed, Batch::new(), written];
        let printed = printed(&setting, &Inline, &input);
        assert_eq!(printed[1].1.split(' ').count(), 20);
        assert_eq!(printed[2].1, printed[1].1);
        let last = printed[3]
            .1
            .replace("(key-107,2)", "(key-107,1)")
            .replace(" (key-1,1)", "");
        assert_eq!(sorted(&last), sorted(&printed[1].1));
        assert!(printed[3].1.ends_with("(key-1,1)") || profile == Profile::Jvm);
    }
}

/// Twenty keys come, and forty are removed that have no state: in Spark's table all sixty take up room. Other
/// tables have no such thing.
#[test]
fn map_2_the_removal_of_a_key_without_state_takes_up_room_on_the_jvm() {
    let keys: Vec<String> = (0..60).map(|key| format!("key-{key}")).collect();
    let actions = keys
        .iter()
        .zip((0..60).map(|key| if key < 20 { Add(1) } else { Remove }));
    let input: Batch = actions
        .map(|(key, action)| (Text::from(key.as_str()), action))
        .collect();
    let states = |profile| {
        let setting = Setting { profile, ..PLAIN };
        let printed = printed(&setting, &Inline, std::slice::from_ref(&input));
        printed[0].1.clone()
    };
    let row = |key: usize| format!("({},1)", keys[key]);
    let in_table = |count| {
        let layout: AppendOnlyLayout = keys.iter().take(count).map(|key| java::hash(key)).collect();
        let live = layout.iter().filter(|key| *key < 20);
        live.map(row).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(states(Profile::Jvm), in_table(60));
    assert_ne!(in_table(60), in_table(20), "sixty keys double the table");
    let in_order: Vec<String> = (0..20).map(row).collect();
    assert_eq!(states(Profile::Pyspark), in_order.join(" "));
}

/// The snapshots that are printed of batches 19 to 21: z came a batch before a, and in one table a's slot is
/// before z's. On one core the first partition is all there is.
#[track_caller]
fn check_flattened(
    outputs: impl FnOnce(&MapWithStateDStream<Text, i64, Text>),
    expected: [&str; 3],
) {
    let sc = SparkContext::local(1, "state").with_profile(Profile::Jvm);
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let records = ssc.queue_stream([letters("z"), letters("a")]);
    outputs(&records.map_with_state(StateSpec::function(act)));
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..18).for_each(|_| stepper.step(&Inline));
    let snapshots = expected.map(|_| {
        stepper.step(&Inline);
        stepper.events().rev().find_map(rows_of)
    });
    assert_eq!(
        snapshots.each_ref().map(Option::as_deref),
        expected.map(Some)
    );
}

#[test]
fn map_4_the_chain_is_flattened_in_batch_20_after_the_first_partition_was_read() {
    check_flattened(
        |states| states.state_snapshots().print(),
        ["(z,1) (a,1)", "(z,1) (a,1)", "(a,1) (z,1)"],
    );
}

#[test]
fn map_4_of_two_outputs_the_first_has_the_chain_flattened() {
    check_flattened(
        |states| {
            states.print();
            states.state_snapshots().print();
        },
        ["(z,1) (a,1)", "(a,1) (z,1)", "(a,1) (z,1)"],
    );
}

/// To take a row of a window is a job on the states in it, so that they are flattened when they are printed.
#[test]
fn map_4_a_job_on_a_window_of_the_states_is_one_on_the_states() {
    let second = Duration::from_secs(1);
    check_flattened(
        |states| {
            let read_before = |rdd: Rdd<(Text, i64)>, _: Time| {
                rdd.take(1)?;
                Ok(rdd)
            };
            let windows = states.state_snapshots().window(second, second);
            windows.try_transform(read_before).print();
        },
        ["(z,1) (a,1)", "(a,1) (z,1)", "(a,1) (z,1)"],
    );
}

#[test]
fn map_4_whatever_reads_rows_is_a_job() {
    type Reading = fn(&Rdd<(Text, i64)>) -> Result<(), Failure>;
    let readings: [Reading; 5] = [
        |rdd| rdd.collect().map(drop),
        |rdd| rdd.count().map(|count| assert_eq!(count, 2)),
        |rdd| rdd.is_empty().map(|is_empty| assert!(!is_empty)),
        |rdd| rdd.take(5).map(drop),
        |rdd| rdd.for_each(|(_, total)| assert_eq!(total, 1)),
    ];
    for read in readings {
        check_flattened(
            move |states| {
                let read_before = move |rdd: Rdd<(Text, i64)>, _: Time| {
                    read(&rdd)?;
                    Ok(rdd)
                };
                states.state_snapshots().try_transform(read_before).print();
            },
            ["(z,1) (a,1)", "(a,1) (z,1)", "(a,1) (z,1)"],
        );
    }
}
