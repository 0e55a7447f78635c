//! Costs change when batches run, and nothing else.

use engine::{Event, Journal, Time, Value};
use proptest::prelude::*;
use random::{ProgramKind, Space};
use scenario::{Cost, Scenario};
use simulator::stop_time;

use crate::play::{intervals, journal};

/// Programs of streams, with and without states.
fn dstreams() -> Space {
    Space {
        programs: &[
            ProgramKind::Stateless,
            ProgramKind::UpdateState,
            ProgramKind::MapWithState,
            ProgramKind::Steps,
        ],
        ..Space::SMALL
    }
}

/// Costs in thousandths of an interval, up to some intervals a batch.
fn costs() -> impl Strategy<Value = [u32; 7]> {
    [0..1_500_u32, 0..300, 0..100, 0..50, 0..50, 0..50, 0..20]
}

/// The scenario with these costs, which runs until its batches are done.
fn costing(mut scenario: Scenario, costs: [u32; 7]) -> Scenario {
    let [
        batch,
        job,
        record,
        state_key,
        key_touched,
        row_written,
        table_row,
    ] = costs.map(|thousandths| intervals(&scenario, thousandths));
    scenario.clock.stop = None;
    scenario.cost = Cost {
        batch,
        job,
        record,
        state_key,
        key_touched,
        row_written,
        table_row,
        ..Cost::default()
    };
    scenario
}

/// The rows of each batch up to `stop`, in the order of printing.
fn printed(journal: &Journal, stop: Time) -> Vec<(Time, Vec<Value>)> {
    let printed = journal
        .entries()
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Printed {
                batch_time, rows, ..
            } if *batch_time <= stop => Some((*batch_time, rows.clone())),
            _ => None,
        });
    printed.collect()
}

/// A batch of a journal: its submission, the start of its first job and its end.
type Batch = (Time, Time, Time);

/// The batches that have completed, in the order of their ends.
fn batches(journal: &Journal) -> Vec<Batch> {
    let mut submitted = Vec::new();
    let mut started = Vec::new();
    let mut batches = Vec::new();
    for entry in journal.entries() {
        match entry.event {
            Event::BatchSubmitted { .. } => submitted.push(entry.time),
            Event::BatchStarted { .. } => started.push(entry.time),
            Event::BatchCompleted { .. } => {
                let index = batches.len();
                batches.push((submitted[index], started[index], entry.time));
            }
            _ => {}
        }
    }
    batches
}

proptest! {
    #[test]
    fn any_cost_prints_the_same_batches(scenario in dstreams(), costs in costs()) {
        let costing = costing(scenario, costs);
        let free = Scenario { cost: Cost::default(), ..costing.clone() };
        let stop = stop_time(&free);
        prop_assert_eq!(printed(&journal(&costing), stop), printed(&journal(&free), stop));
    }

    #[test]
    fn met_2_a_batch_waits_for_the_end_of_the_one_before(scenario in dstreams(), costs in costs()) {
        let batches = batches(&journal(&costing(scenario, costs)));
        for pair in batches.windows(2) {
            let [(_, _, ended), (submitted, started, _)] = pair else { unreachable!("pairs") };
            prop_assert_eq!(*started, *ended.max(submitted));
        }
    }
}
