//! Faults of a source: those that delay lines change no count in the end.

use std::time::Duration;

use proptest::prelude::*;
use random::{ProgramKind, Space};
use scenario::{
    Disorder, Disturbance, Entry, Program, Reach, Scenario, Source, SourceFault, TimelineEvent,
    Update,
};

use crate::play::{end, intervals, journal, with_program};
use crate::view::{Counts, printed, submitted};

/// The scenario with running totals over a source of this kind, until all has come.
fn totals(scenario: &Scenario, source: Source) -> Scenario {
    let program = Program::UpdateState {
        update: Update::Sum,
        initial: Vec::new(),
        source,
    };
    let mut scenario = with_program(scenario, program);
    scenario.clock.stop = Some(end(&scenario) + 9 * scenario.clock.interval);
    scenario
}

/// The scenario with a fault at this share of its length, in thousandths.
fn with_fault(scenario: &Scenario, at: u32, fault: SourceFault) -> Scenario {
    let mut scenario = scenario.clone();
    let at = end(&scenario) * at / 1_000;
    let entry = Entry {
        at: Duration::from_millis(at.as_millis() as u64),
        stream: None,
        event: TimelineEvent::SourceFault(fault),
    };
    let index = scenario.timeline.partition_point(|it| it.at <= entry.at);
    scenario.timeline.insert(index, entry);
    scenario
}

/// The totals at the end, and the times of all batches.
fn ended(scenario: &Scenario) -> (Counts, Vec<engine::Time>) {
    let journal = journal(scenario);
    let last = printed(&journal).pop().map(|(_, counts)| counts);
    let batches = submitted(&journal).into_iter().map(|(time, _)| time);
    (last.unwrap_or_default(), batches.collect())
}

fn sources() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Memory),
        Just(Source::Socket),
        Just(Source::Direct)
    ]
}

fn disturbances() -> impl Strategy<Value = Disturbance> {
    let reach = prop_oneof![
        (1..20_u64).prop_map(Reach::Next),
        (1..5_000_u64).prop_map(|ms| Reach::For(Duration::from_millis(ms))),
    ];
    let disorder = prop_oneof![Just(Disorder::Lose), Just(Disorder::Duplicate)];
    let share = prop::option::of(0.0..1.0);
    (disorder, reach, share).prop_map(|(disorder, reach, share)| Disturbance {
        disorder,
        reach,
        share,
    })
}

/// Scenarios of any lines; their programs are replaced.
fn any_lines() -> Space {
    Space {
        programs: &[ProgramKind::UpdateState],
        ..Space::SMALL
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_that_wait_change_no_total_in_the_end(
        scenario in any_lines(),
        source in sources(),
        from in 0..1_000_u32,
        length in 0..1_000_u32,
        is_held: bool,
    ) {
        let scenario = totals(&scenario, source);
        let [begin, mend] = if is_held {
            [SourceFault::Hold, SourceFault::Release]
        } else {
            [SourceFault::Pause, SourceFault::Resume]
        };
        let faulty = with_fault(&scenario, from, begin);
        let faulty = with_fault(&faulty, (from + length).min(1_000), mend);
        prop_assert_eq!(ended(&faulty), ended(&scenario));
    }

    #[test]
    fn lines_in_another_order_or_late_change_no_total_in_the_end(
        scenario in any_lines(),
        source in sources(),
        from in 0..1_000_u32,
        lines in 1..20_u64,
        late in prop::option::of(0..8_000_u32),
    ) {
        let scenario = totals(&scenario, source);
        let late = late.map(|thousandths| Disorder::Delay(intervals(&scenario, thousandths)));
        let disturbance = Disturbance {
            disorder: late.unwrap_or(Disorder::Reorder),
            reach: Reach::Next(lines),
            share: None,
        };
        let faulty = with_fault(&scenario, from, SourceFault::Disturb(disturbance));
        prop_assert_eq!(ended(&faulty), ended(&scenario));
    }

    #[test]
    fn duplicates_lower_no_total_and_losses_raise_none(
        scenario in any_lines(),
        source in sources(),
        from in 0..1_000_u32,
        disturbance in disturbances(),
    ) {
        let scenario = totals(&scenario, source);
        let faulty = with_fault(&scenario, from, SourceFault::Disturb(disturbance));
        let (counts, batches) = ended(&faulty);
        let (expected, expected_batches) = ended(&scenario);
        prop_assert_eq!(batches, expected_batches);
        let [more, less] = match disturbance.disorder {
            Disorder::Lose => [&expected, &counts],
            _ => [&counts, &expected],
        };
        for (word, count) in less {
            prop_assert!(more.get(word).is_some_and(|more| more >= count), "{word}: {count}");
        }
    }

    #[test]
    fn a_source_that_keeps_its_lines_loses_none_with_its_connection(
        scenario in any_lines(),
        from in 0..1_000_u32,
    ) {
        let scenario = totals(&scenario, Source::Direct);
        let mut faulty = with_fault(&scenario, from, SourceFault::Disconnect(scenario::Disconnect::BetweenLines));
        let later = faulty.clock.stop.unwrap_or_default() + Duration::from_secs(3);
        faulty.clock.stop = Some(later);
        prop_assert_eq!(ended(&faulty).0, ended(&scenario).0);
    }
}
