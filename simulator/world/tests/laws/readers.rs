//! A reader does not change what other readers see.

use engine::Journal;
use proptest::prelude::*;
use random::Space;
use report::{Json, Summary, Zone};
use scenario::{Scenario, TimelineEvent};
use simulator::{ExpectationChecker, RunOptions, stop_time};

use crate::play::{console, console_text, follow, journal, pipeline, text};

/// The scenario without its expectations, which stops when it did with them.
fn without_expectations(scenario: &Scenario) -> Scenario {
    let mut bare = scenario.clone();
    bare.clock.stop = Some(stop_time(scenario).since(scenario.clock.start));
    bare.timeline
        .retain(|entry| !matches!(entry.event, TimelineEvent::Expect(_)));
    bare
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_console_text_does_not_depend_on_other_readers(scenario in Space::SMALL) {
        let options = RunOptions::default();
        let mut alone = console(&scenario);
        follow(&scenario, &options, &mut alone);
        let alone = text(alone);

        let json = Json::new(&pipeline(&scenario).name, Vec::new());
        let summary = Summary::new(Zone::UTC, Vec::new());
        let checker = ExpectationChecker::new(&scenario, pipeline(&scenario));
        let others = (json, (summary, (checker, Journal::new())));
        let mut all = ((others, console(&scenario)), Journal::new());
        follow(&scenario, &options, &mut all);
        let ((others, console), after) = all;
        let (.., (_, (_, before))) = others;

        prop_assert_eq!(&text(console), &alone);
        prop_assert_eq!(&before, &after);
        prop_assert_eq!(console_text(&scenario, &after), alone);
    }

    #[test]
    fn an_expectation_changes_nothing(scenario in Space::SMALL) {
        prop_assert_eq!(journal(&without_expectations(&scenario)), journal(&scenario));
    }
}
