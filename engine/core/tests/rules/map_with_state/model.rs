//! The operator against a plain map, over any timeline.

use std::collections::BTreeMap;

use engine::testing::ScopedThreads;
use engine::{Inline, Profile, Text};
use proptest::prelude::*;

use super::{Action, Add, Batch, Fail, Look, Remove, Setting, printed, program, sorted};

/// The same, key by key, in a plain map: states with the batch of their last write.
fn model(setting: &Setting, batches: &[Batch]) -> Vec<(Vec<String>, Vec<String>)> {
    let mut states: BTreeMap<Text, (i64, u64)> = BTreeMap::new();
    for (key, state) in &setting.initial {
        states.insert(key.clone(), (*state, 1));
    }
    let mut number = 0;
    let mut next = |batch: &Batch| {
        number += 1;
        let mut mapped = Vec::new();
        for (key, action) in batch {
            let before = states.get(key).map(|(state, _)| *state);
            let after = match action {
                Add(n) => Some(before.unwrap_or(0) + n),
                Look | Fail => before,
                Remove => None,
            };
            mapped.push(after.map_or(format!("{key}-"), |state| format!("{key}{state}")));
            match after {
                Some(state) if matches!(action, Add(_)) || setting.timeout.is_some() => {
                    states.insert(key.clone(), (state, number));
                }
                Some(_) => {}
                None => drop(states.remove(key)),
            }
        }
        let scans = setting.exact_timeouts || number % 10 == 0;
        if let (Some(timeout), true) = (setting.timeout, scans) {
            states.retain(|key, (state, last_written)| {
                let stays = number - *last_written <= timeout;
                if !stays {
                    mapped.push(format!("{key}{state}!"));
                }
                stays
            });
        }
        mapped.sort();
        let row = |(key, (state, _)): (&Text, &(i64, u64))| format!("({key},{state})");
        (mapped, states.iter().map(row).collect())
    };
    batches.iter().map(&mut next).collect()
}

fn actions() -> impl Strategy<Value = Action> {
    prop_oneof![4 => (1_i64..9).prop_map(Add), 1 => Just(Look), 1 => Just(Remove)]
}

fn runs() -> impl Strategy<Value = (Setting, Vec<Batch>)> {
    let profiles = vec![Profile::Pyspark, Profile::Cookbook, Profile::Jvm];
    let key = || (0_u8..12).prop_map(|key| Text::from(format!("k{key}")));
    let setting = (
        proptest::sample::select(profiles),
        1_usize..5,
        (proptest::option::of(1_u64..12), any::<bool>()),
        proptest::option::of(1_usize..7),
        proptest::collection::vec((key(), 1_i64..9), 0..4),
    )
        .prop_map(
            |(profile, cores, (timeout, exact_timeouts), partitions, initial)| Setting {
                profile,
                cores,
                timeout,
                exact_timeouts,
                partitions,
                memory: None,
                initial,
            },
        );
    let batches =
        proptest::collection::vec(proptest::collection::vec((key(), actions()), 0..5), 1..45);
    (setting, batches)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn mws_3_the_state_equals_a_plain_map((setting, batches) in runs()) {
        let printed = printed(&setting, &Inline, &batches);
        for (printed, model) in printed.iter().zip(model(&setting, &batches)) {
            let mut states = model.1;
            states.sort();
            prop_assert_eq!(sorted(&printed.0), model.0);
            prop_assert_eq!(sorted(&printed.1), states);
        }
    }

    /// A key takes 16 bytes, its state 8, and its entries in the index and in the lists of recent use 24.
    #[test]
    fn a_batch_fails_if_and_only_if_its_states_pass_the_memory(
        (setting, batches) in runs(),
        keys in 1_u64..8,
    ) {
        let mut stepper = program(&Setting { memory: Some(keys * 48), ..setting.clone() }, &batches);
        let states = model(&setting, &batches);
        for (_, states) in &states {
            stepper.step(&Inline);
            let is_too_much = states.len() as u64 > keys;
            prop_assert_eq!(stepper.failure().is_some(), is_too_much);
            if is_too_much {
                break;
            }
        }
    }

    #[test]
    fn plan_4_many_workers_give_the_same_state_as_one((setting, batches) in runs()) {
        let one = printed(&setting, &Inline, &batches);
        prop_assert_eq!(printed(&setting, &ScopedThreads(3), &batches), one);
    }
}
