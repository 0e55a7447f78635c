//! Windows see every batch, as often as they overlap.

use engine::Time;
use proptest::prelude::*;
use random::Space;
use scenario::{Program, Scenario, Source, Window};

use crate::play::{end, journal, with_program};
use crate::view::{Counts, printed, sum};

/// The scenario that runs until every window is over that sees any of its lines.
fn until_windows_are_over(scenario: &Scenario, window: Window) -> Scenario {
    let mut scenario = scenario.clone();
    let stop = end(&scenario) + scenario.clock.interval + window.length + window.slide;
    scenario.clock.stop = Some(stop);
    scenario
}

fn totals(scenario: &Scenario, window: Option<Window>) -> Counts {
    let source = Source::Memory;
    let journal = journal(&with_program(
        scenario,
        Program::Stateless { window, source },
    ));
    let batches: Vec<(Time, Counts)> = printed(&journal);
    let mut totals = sum(batches.iter().map(|(_, counts)| counts));
    // A window that is computed from the one before keeps its words, with a count of 0.
    totals.retain(|_, count| *count != 0);
    totals
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Tumbling windows, that do not overlap, see each batch once.
    #[test]
    fn windows_add_up_to_the_batches_as_many_times_as_they_overlap(
        scenario in Space::SMALL,
        slide in 1..4_u32,
        overlap in prop_oneof![Just(1), 1..7_u32],
        inverse: bool,
    ) {
        let slide = scenario.clock.interval * slide;
        let window = Window { length: slide * overlap, slide, inverse };
        let scenario = until_windows_are_over(&scenario, window);
        let mut expected = totals(&scenario, None);
        for count in expected.values_mut() {
            *count *= i64::from(overlap);
        }
        prop_assert_eq!(totals(&scenario, Some(window)), expected);
    }
}
