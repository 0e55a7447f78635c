//! The same again: a run depends on its scenario and seed, and on nothing else.

use engine::Workers;
use engine::testing::ScopedThreads;
use proptest::prelude::*;
use random::Space;
use scenario::{Scenario, TimelineEvent, parse, print};
use simulator::RunOptions;

use crate::play::{Backwards, console_text, journal, journal_with};

fn generates(scenario: &Scenario) -> bool {
    let mut entries = scenario.timeline.iter();
    entries.any(|entry| matches!(entry.event, TimelineEvent::Generate(_)))
}

fn seeded(seed: u64) -> RunOptions<'static> {
    RunOptions {
        seed,
        ..RunOptions::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn many_threads_give_the_output_of_one(
        scenario in Space::SMALL,
        threads in 2..5_usize,
    ) {
        let one = journal(&scenario);
        for workers in [&ScopedThreads(threads) as &dyn Workers, &Backwards] {
            let many = journal_with(&scenario, &RunOptions { workers, ..RunOptions::default() });
            prop_assert_eq!(console_text(&scenario, &many), console_text(&scenario, &one));
            prop_assert_eq!(&many, &one);
        }
    }

    #[test]
    fn one_seed_gives_one_journal(scenario in Space::SMALL, seed: u64, other: u64) {
        let first = journal_with(&scenario, &seeded(seed));
        prop_assert_eq!(&journal_with(&scenario, &seeded(seed)), &first);
        if !generates(&scenario) {
            prop_assert_eq!(journal_with(&scenario, &seeded(other)), first);
        }
    }

    #[test]
    fn a_scenario_that_is_printed_and_read_again_runs_alike(scenario in Space::SMALL) {
        let text = print(&scenario);
        let read = parse("printed.toml", &text);
        let read = read.map_err(|mistakes| TestCaseError::fail(format!("{mistakes:?}\n{text}")))?;
        prop_assert_eq!(journal(&read), journal(&scenario), "{}", text);
    }
}
