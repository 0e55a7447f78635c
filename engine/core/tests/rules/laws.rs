//! What holds for any batches, however they are partitioned: each operator against its plain twin.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::testing::ScopedThreads;
use engine::{
    DStream, Data, Inline, Profile, Rdd, SparkContext, State, StateSpec, Stepper, StreamingContext,
    Time, UpdateSpec, WindowSpec, Workers,
};
use proptest::prelude::*;

/// A batch: its partitions, each with its rows.
pub(crate) type Batch<T> = Vec<Vec<T>>;
pub(crate) type Pair = (i64, i64);

/// The cluster that a program runs on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster {
    pub(crate) cores: usize,
    pub(crate) profile: Profile,
}

pub(crate) fn clusters() -> impl Strategy<Value = Cluster> {
    let profiles = [Profile::Pyspark, Profile::Cookbook, Profile::Jvm];
    let profiles = proptest::sample::select(profiles.to_vec());
    (1_usize..5, profiles).prop_map(|(cores, profile)| Cluster { cores, profile })
}

/// The JVM, which alone uses an inverse function for every window.
fn jvm_clusters() -> impl Strategy<Value = Cluster> {
    (1_usize..5).prop_map(|cores| Cluster {
        cores,
        profile: Profile::Jvm,
    })
}

/// Few keys, so that they meet; few rows, so that there are empty batches and partitions too.
pub(crate) fn batches() -> impl Strategy<Value = Vec<Batch<Pair>>> {
    let pair = (-3_i64..6, 1_i64..100);
    let partition = proptest::collection::vec(pair, 0..6);
    proptest::collection::vec(proptest::collection::vec(partition, 0..4), 1..9)
}

/// What `operation` makes of these batches, one a second.
pub(crate) fn run<T: Data, U: Data>(
    cluster: Cluster,
    workers: &dyn Workers,
    batches: &[Batch<T>],
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
) -> Vec<Vec<U>> {
    let sc = SparkContext::local(cluster.cores, "laws").with_profile(cluster.profile);
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    let partitions = ssc.queue_stream(batches.to_vec());
    let rows = partitions.try_transform(|batch, _| Ok(Rdd::of_rows(batch.collect()?)));
    let output = Arc::new(Mutex::new(Vec::new()));
    let collected = Arc::clone(&output);
    operation(rows).foreach_rdd(move |batch, _| {
        let mut batches = collected.lock().expect("one job runs at a time");
        batches.push(batch.collect()?);
        Ok(())
    });
    let program = ssc.build().expect("the program keeps the rules");
    let mut stepper = Stepper::start(program, Time::EPOCH);
    for _ in batches {
        stepper.step(workers);
    }
    assert_eq!(stepper.failure(), None);
    std::mem::take(&mut *output.lock().expect("no job is running"))
}

pub(crate) fn sorted<T: Ord>(mut batches: Vec<Vec<T>>) -> Vec<Vec<T>> {
    for batch in &mut batches {
        batch.sort();
    }
    batches
}

/// The rows of a batch, partition by partition.
pub(crate) fn rows<T: Clone>(batch: &Batch<T>) -> Vec<T> {
    batch.concat()
}

/// All values of each key, in the order of arrival.
pub(crate) fn groups<V: Copy>(rows: &[(i64, V)]) -> BTreeMap<i64, Vec<V>> {
    let mut groups: BTreeMap<i64, Vec<V>> = BTreeMap::new();
    for (key, value) in rows {
        groups.entry(*key).or_default().push(*value);
    }
    groups
}

fn sums(rows: &[Pair]) -> BTreeMap<i64, i64> {
    let groups = groups(rows).into_iter();
    groups
        .map(|(key, values)| (key, values.iter().sum()))
        .collect()
}

/// The rows of the last `length` batches up to each `slide`-th.
pub(crate) fn windows(batches: &[Batch<Pair>], length: usize, slide: usize) -> Vec<Vec<Pair>> {
    let ends = (1..=batches.len()).filter(|end| end % slide == 0);
    let window = |end: usize| batches[end.saturating_sub(length)..end].concat().concat();
    ends.map(window).collect()
}

pub(crate) fn seconds(seconds: usize) -> Duration {
    Duration::from_secs(seconds as u64)
}

/// What the function of a state does with new values: sums up, and drops a sum that 3 divides.
fn sum_or_drop(new_values: &[i64], last_sum: Option<i64>) -> Option<i64> {
    let sum = new_values.iter().sum::<i64>() + last_sum.unwrap_or(0);
    (sum % 3 != 0).then_some(sum)
}

/// The states after each batch, by a plain map, key by key.
fn states(initial: &[Pair], batches: &[Batch<Pair>]) -> Vec<Vec<Pair>> {
    let mut states = BTreeMap::new();
    for (key, state) in initial {
        states.entry(*key).or_insert(*state);
    }
    let next = |batch: &Batch<Pair>| {
        let groups = groups(&rows(batch));
        let keys = states.keys().chain(groups.keys()).copied();
        let keys: BTreeSet<i64> = keys.collect();
        for key in keys {
            let values = groups.get(&key).map_or(&[][..], Vec::as_slice);
            if let Some(state) = sum_or_drop(values, states.remove(&key)) {
                states.insert(key, state);
            }
        }
        states.iter().map(|(key, state)| (*key, *state)).collect()
    };
    batches.iter().map(next).collect()
}

/// Every operator that spreads its work, in one program.
fn all_in_one(pairs: &DStream<Pair>) -> DStream<Pair> {
    let reduced = pairs.reduce_by_key(|x, y| x * 31 + y);
    let grouped = pairs
        .group_by_key()
        .map_values(|values| values.len() as i64);
    let counted = pairs.map(|(_, value)| value).count_by_value();
    let stateful = pairs.update_state_by_key(sum_or_drop);
    let window =
        pairs.reduce_by_key_and_window_inverse(|x, y| x + y, |x, y| x - y, seconds(3), seconds(1));
    let total = pairs.map(|(_, value)| value).reduce(|x, y| x * 7 + y);
    let totals = total.union(&pairs.count()).map(|number| (number, 0));
    let keyed = reduced.union(&grouped).union(&counted);
    keyed.union(&stateful).union(&window).union(&totals)
}

#[track_caller]
pub(crate) fn check<T: PartialEq + Debug>(output: &[T], twin: &[T]) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        output,
        twin,
        "the output (left) differs from its plain twin"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn plan_4_reduce_by_key_equals_a_sum_by_key(cluster in clusters(), batches in batches()) {
        let output = run(cluster, &Inline, &batches, |pairs| pairs.reduce_by_key(|x, y| x + y));
        let twin = batches.iter().map(|batch| sums(&rows(batch)).into_iter().collect());
        check(&sorted(output), &twin.collect::<Vec<Vec<Pair>>>())?;
    }

    #[test]
    fn plan_4_values_are_folded_in_the_order_of_arrival(
        cluster in clusters(),
        batches in batches(),
    ) {
        let output = run(cluster, &Inline, &batches, |pairs| {
            pairs.map_values(|value| value.to_string()).reduce_by_key(|x, y| x + " " + &y)
        });
        let text = |(key, values): (i64, Vec<i64>)| {
            (key, values.iter().map(i64::to_string).collect::<Vec<_>>().join(" "))
        };
        let twin = batches.iter().map(|batch| groups(&rows(batch)).into_iter().map(text).collect());
        check(&sorted(output), &twin.collect::<Vec<Vec<_>>>())?;
    }

    #[test]
    fn usk_9_group_by_key_has_all_values_in_the_order_of_arrival(
        cluster in clusters(),
        batches in batches(),
    ) {
        let output = run(cluster, &Inline, &batches, |pairs| pairs.group_by_key());
        let twin = batches.iter().map(|batch| groups(&rows(batch)).into_iter().collect());
        check(&sorted(output), &twin.collect::<Vec<Vec<_>>>())?;
    }

    #[test]
    fn plan_4_count_by_value_equals_counting(cluster in clusters(), batches in batches()) {
        let output = run(cluster, &Inline, &batches, |pairs| {
            pairs.map(|(key, _)| key).count_by_value()
        });
        let ones = |batch: &Batch<Pair>| rows(batch).iter().map(|(key, _)| (*key, 1)).collect();
        let twin = batches.iter().map(|batch| {
            let ones: Vec<Pair> = ones(batch);
            sums(&ones).into_iter().collect()
        });
        check(&sorted(output), &twin.collect::<Vec<Vec<Pair>>>())?;
    }

    #[test]
    fn plan_3_count_and_reduce_see_every_row(cluster in clusters(), batches in batches()) {
        let counts = run(cluster, &Inline, &batches, |pairs| pairs.count());
        let has_count = |batch: &Batch<Pair>| !batch.is_empty() || cluster.profile == Profile::Jvm;
        let twin = batches.iter().map(|batch| {
            has_count(batch).then(|| rows(batch).len() as i64).into_iter().collect()
        });
        check(&counts, &twin.collect::<Vec<_>>())?;
        let last = run(cluster, &Inline, &batches, |pairs| pairs.reduce(|_, last| last));
        let twin = batches.iter().map(|batch| rows(batch).last().copied().into_iter().collect());
        check(&last, &twin.collect::<Vec<Vec<Pair>>>())?;
    }

    #[test]
    fn usk_1_the_state_equals_its_plain_twin(
        cluster in clusters(),
        initial in proptest::collection::vec((-3_i64..6, 1_i64..100), 0..5),
        batches in batches(),
        (partitions, workers) in (1_usize..7, 1_usize..4),
    ) {
        let output = run(cluster, &ScopedThreads(workers), &batches, |pairs| {
            let spec = UpdateSpec::function(sum_or_drop).initial_state(initial.clone());
            pairs.update_state_by_key_with(spec.num_partitions(partitions))
        });
        check(&sorted(output), &states(&initial, &batches))?;
    }

    #[test]
    fn usk_7_the_iterator_form_equals_the_others(
        cluster in clusters(),
        initial in proptest::collection::vec((-3_i64..6, 1_i64..100), 0..5),
        batches in batches(),
        (partitions, remembers) in (1_usize..7, any::<bool>()),
    ) {
        let form = |spec: UpdateSpec<i64, i64, i64>| {
            let spec = spec.initial_state(initial.clone()).num_partitions(partitions);
            let spec = spec.remember_partitioner(remembers);
            run(cluster, &Inline, &batches, |pairs| pairs.update_state_by_key_with(spec))
        };
        let by_key = form(UpdateSpec::function(sum_or_drop));
        let with_time = |_: Time, _: &i64, values: &[i64], old| sum_or_drop(values, old);
        check(&form(UpdateSpec::function_at(with_time)), &by_key)?;
        let by_partition = form(UpdateSpec::iterator(|keys| {
            keys.filter_map(|(key, values, old)| Some((key, sum_or_drop(&values, old)?)))
        }));
        check(&by_partition, &by_key)?;
    }

    #[test]
    fn mws_3_both_operators_agree_on_a_running_count(
        cluster in clusters(),
        initial in proptest::collection::btree_map(-3_i64..6, 1_i64..100, 0..5),
        batches in batches(),
        (partitions, workers) in (1_usize..7, 1_usize..4),
    ) {
        let initial: Vec<Pair> = initial.into_iter().collect();
        let updated = run(cluster, &ScopedThreads(workers), &batches, |pairs| {
            let spec = UpdateSpec::function(|values: &[i64], count| {
                Some(values.len() as i64 + count.unwrap_or(0))
            });
            let spec = spec.initial_state(initial.clone()).num_partitions(partitions);
            pairs.update_state_by_key_with(spec)
        });
        let mapped = run(cluster, &ScopedThreads(workers), &batches, |pairs| {
            let count = |_: &i64, value: Option<i64>, state: &mut State<'_, i64>| {
                let count = state.get_option().unwrap_or(&0) + i64::from(value.is_some());
                state.update(count);
            };
            let spec = StateSpec::function(count).initial_state(initial.clone());
            pairs.map_with_state(spec.num_partitions(partitions)).state_snapshots()
        });
        check(&sorted(mapped), &sorted(updated))?;
    }

    #[test]
    fn usk_6_the_final_state_is_the_sum_of_the_batches(
        cluster in clusters(),
        batches in batches(),
    ) {
        let stateless = run(cluster, &Inline, &batches, |pairs| pairs.reduce_by_key(|x, y| x + y));
        let stateful = run(cluster, &Inline, &batches, |pairs| {
            pairs.update_state_by_key(|values: &[i64], sum: Option<i64>| {
                Some(values.iter().sum::<i64>() + sum.unwrap_or(0))
            })
        });
        let total: Vec<Pair> = sums(&stateless.concat()).into_iter().collect();
        check(&sorted(stateful)[batches.len() - 1], &total)?;
    }

    #[test]
    fn win_2_a_window_equals_its_batches_put_together(
        cluster in clusters(),
        batches in batches(),
        (length, slide) in (1_usize..6, 1_usize..6),
    ) {
        let output = run(cluster, &Inline, &batches, |pairs| {
            pairs.window(seconds(length), seconds(slide))
        });
        check(&output, &windows(&batches, length, slide))?;
    }

    #[test]
    fn win_3_a_reduced_window_equals_its_recomputation(
        cluster in clusters(),
        batches in batches(),
        (length, slide) in (1_usize..6, 1_usize..6),
    ) {
        let output = run(cluster, &Inline, &batches, |pairs| {
            pairs.reduce_by_key_and_window(|x, y| x + y, seconds(length), seconds(slide))
        });
        let windows = windows(&batches, length, slide);
        let twin = windows.iter().map(|window| sums(window).into_iter().collect());
        check(&sorted(output), &twin.collect::<Vec<Vec<Pair>>>())?;
    }

    #[test]
    fn win_4_the_inverse_form_equals_the_plain_one_but_for_zeros(
        cluster in jvm_clusters(),
        batches in batches(),
        (length, slide) in (1_usize..6).prop_flat_map(|length| (Just(length), 1..=length)),
    ) {
        let (window, by) = (seconds(length), seconds(slide));
        let mut output = sorted(run(cluster, &Inline, &batches, |pairs| {
            pairs.reduce_by_key_and_window_inverse(|x, y| x + y, |x, y| x - y, window, by)
        }));
        let twin = windows(&batches, length, slide);
        // `WIN-5`: a key that was in some window is in all that follow.
        let mut keys = BTreeSet::new();
        for (window, output) in twin.iter().zip(&output) {
            keys.extend(window.iter().map(|(key, _)| *key));
            check(&output.iter().map(|(key, _)| *key).collect::<Vec<_>>(), &keys.iter().copied().collect::<Vec<_>>())?;
        }
        for batch in &mut output {
            batch.retain(|(_, sum)| *sum != 0);
        }
        let twin = twin.iter().map(|window| sums(window).into_iter().collect());
        check(&output, &twin.collect::<Vec<Vec<Pair>>>())?;
    }

    #[test]
    fn win_5_the_filtered_inverse_form_equals_the_plain_one(
        cluster in jvm_clusters(),
        batches in batches(),
        (length, slide) in (1_usize..6).prop_flat_map(|length| (Just(length), 1..=length)),
    ) {
        let (window, by) = (seconds(length), seconds(slide));
        let output = run(cluster, &Inline, &batches, |pairs| {
            let spec = WindowSpec::function(|x, y| x + y, window, by).inverse(|x, y| x - y);
            pairs.reduce_by_key_and_window_with(spec.filter(|pair: &Pair| pair.1 != 0))
        });
        let plain = run(cluster, &Inline, &batches, |pairs| {
            pairs.reduce_by_key_and_window(|x, y| x + y, window, by)
        });
        check(&sorted(output), &sorted(plain))?;
    }

    #[test]
    fn win_8_the_inverse_form_with_gaps_equals_its_definition(
        cluster in jvm_clusters(),
        batches in batches(),
        (length, slide) in (1_usize..4).prop_flat_map(|length| (Just(length), length + 1..6)),
    ) {
        let output = run(cluster, &Inline, &batches, |pairs| {
            let (window, by) = (seconds(length), seconds(slide));
            pairs.reduce_by_key_and_window_inverse(|x, y| x + y, |x, y| x - y, window, by)
        });
        let mut twin = Vec::new();
        let mut window: BTreeMap<i64, i64> = BTreeMap::new();
        for end in (slide..=batches.len()).step_by(slide) {
            let leaving = sums(&batches[(end - length).saturating_sub(slide)..end - length].concat().concat());
            for (key, sum) in &mut window {
                *sum -= leaving.get(key).unwrap_or(&0);
            }
            for (key, sum) in sums(&batches[end - slide..end].concat().concat()) {
                *window.entry(key).or_default() += sum;
            }
            twin.push(window.clone().into_iter().collect());
        }
        check(&sorted(output), &twin)?;
    }

    #[test]
    fn plan_4_many_workers_give_the_same_rows_as_one(
        cluster in clusters(),
        batches in batches(),
    ) {
        let one = run(cluster, &Inline, &batches, |pairs| all_in_one(&pairs));
        let many = run(cluster, &ScopedThreads(3), &batches, |pairs| all_in_one(&pairs));
        check(&many, &one)?;
    }

    #[test]
    fn out_4_however_blocks_are_cut_python_prints_the_same_rows(
        cores in 1_usize..5,
        profile in proptest::sample::select(vec![Profile::Pyspark, Profile::Cookbook]),
        rows in proptest::collection::vec((-9_i64..9, 1_i64..100), 0..30),
        cuts in proptest::collection::vec(0_usize..30, 0..4),
    ) {
        let cluster = Cluster { cores, profile };
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
        cuts.extend([0, rows.len()]);
        cuts.sort_unstable();
        let cut = cuts.windows(2).map(|ends| rows[ends[0]..ends[1]].to_vec()).collect();
        let whole = vec![rows];
        let output = |batch: &Batch<Pair>| {
            run(cluster, &Inline, &[batch.clone(), batch.clone()], |pairs| {
                let sums = pairs.reduce_by_key(|x, y| x + y);
                let states = pairs.update_state_by_key(sum_or_drop);
                let groups = pairs.group_by_key().map_values(|values| values.iter().sum());
                sums.union(&states).union(&groups)
            })
        };
        check(&output(&cut), &output(&whole))?;
    }
}
