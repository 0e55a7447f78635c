//! The clock of a driver jumps: each batch is there once, and no line is lost.

use std::time::Duration;

use engine::Time;
use proptest::prelude::*;
use random::{ProgramKind, Space};
use scenario::{
    ClockJump, Entry, Fault, Permuted, Program, Scenario, Source, TimelineEvent, Update,
};

use crate::play::{end, journal, with_program};
use crate::view::{Counts, printed, submitted};

/// The scenario with running totals, until long after its last line.
fn totals(scenario: &Scenario) -> Scenario {
    let program = Program::UpdateState {
        update: Update::Sum,
        initial: Vec::new(),
        source: Source::Memory,
    };
    let mut scenario = with_program(scenario, program);
    scenario.clock.stop = Some(end(&scenario) + 20 * scenario.clock.interval);
    scenario
}

fn with_fault(scenario: &Scenario, thousandths: u32, fault: Fault) -> Scenario {
    let mut scenario = scenario.clone();
    let at = (end(&scenario) * thousandths / 1_000).as_millis() as u64;
    let entry = Entry {
        at: Duration::from_millis(at),
        stream: None,
        event: TimelineEvent::Fault(fault),
    };
    let index = scenario.timeline.partition_point(|it| it.at <= entry.at);
    scenario.timeline.insert(index, entry);
    scenario
}

fn last(scenario: &Scenario) -> (Counts, Vec<Time>) {
    let journal = journal(scenario);
    let counts = printed(&journal).pop().map(|(_, counts)| counts);
    let batches = submitted(&journal).into_iter().map(|(time, _)| time);
    (counts.unwrap_or_default(), batches.collect())
}

fn any_lines() -> Space {
    Space {
        programs: &[ProgramKind::UpdateState],
        ..Space::SMALL
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn clk_5_batch_times_have_no_gap_and_no_line_is_lost(
        scenario in any_lines(),
        at in 0..1_000_u32,
        intervals in 0..5_000_u64,
        is_back: bool,
    ) {
        let scenario = totals(&scenario);
        let interval = scenario.clock.interval;
        let by = Duration::from_millis(1 + interval.as_millis() as u64 * intervals / 1_000);
        let jump = if is_back { ClockJump::Back(by) } else { ClockJump::Forward(by) };
        let (counts, batches) = last(&with_fault(&scenario, at, Fault::Clock(jump)));
        let (expected, _) = last(&scenario);
        prop_assert_eq!(counts, expected);
        let gaps = batches.windows(2).map(|pair| pair[1].since(pair[0]));
        prop_assert!(gaps.clone().all(|gap| gap == interval), "{:?}", gaps.collect::<Vec<_>>());
    }

    #[test]
    fn plan_4_the_order_of_map_outputs_changes_no_sum(
        scenario in any_lines(),
        at in 0..1_000_u32,
    ) {
        let scenario = totals(&scenario);
        let permuted = with_fault(&scenario, at, Fault::Permute(Permuted::MapOutputs));
        prop_assert_eq!(last(&permuted), last(&scenario));
    }
}
