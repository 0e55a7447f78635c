//! Limits of rate change when lines are taken, and lose none.

use std::time::Duration;

use engine::{BackPressure, Event, Journal, RateLimits, Value};
use proptest::option;
use proptest::prelude::*;
use random::{ProgramKind, Space};
use scenario::{Cost, Program, Scenario, Source, Step};

use crate::play::{arrivals, end, journal, with_program};

fn limits() -> impl Strategy<Value = RateLimits> {
    let rate = || option::of(1..2_000_u64);
    (rate(), rate(), option::of(1..50_u32)).prop_map(|(max_rate, initial_rate, min_rate)| {
        let back_pressure = min_rate.map(|min_rate| BackPressure {
            min_rate: f64::from(min_rate),
            ..BackPressure::default()
        });
        RateLimits {
            max_rate,
            initial_rate,
            back_pressure,
        }
    })
}

/// The scenario whose receiver has these limits, which runs until all lines are taken at one a second.
fn limited(scenario: &Scenario, limits: RateLimits, block: Duration) -> Scenario {
    let mut scenario = with_program(scenario, Program::Steps(vec![Step::Print(10)]));
    let lines = arrivals(&scenario, Source::Memory).len() as u32;
    let interval = scenario.clock.interval;
    let taken = end(&scenario) + Duration::from_secs(1) * (lines + 1) + 2 * (interval + block);
    scenario.clock.stop = Some(taken);
    scenario.cluster.block_interval = Some(block);
    scenario.cluster.rates = limits;
    scenario.cost = Cost {
        record: interval / 20,
        ..Cost::default()
    };
    scenario
}

/// The number of records of each batch.
fn records(journal: &Journal) -> Vec<usize> {
    let records = journal
        .entries()
        .iter()
        .filter_map(|entry| match entry.event {
            Event::BatchSubmitted { records, .. } => Some(records),
            _ => None,
        });
    records.collect()
}

/// The lines that were printed, in order.
fn printed(journal: &Journal) -> Vec<String> {
    let rows = journal
        .entries()
        .iter()
        .flat_map(|entry| match &entry.event {
            Event::Printed { rows, .. } => rows.clone(),
            _ => Vec::new(),
        });
    let text = |row: Value| match row {
        Value::String(text) => text.to_string(),
        row => format!("{row:?}"),
    };
    rows.map(text).collect()
}

fn lines() -> Space {
    Space {
        programs: &[ProgramKind::Steps],
        ..Space::SMALL
    }
}

proptest! {
    #[test]
    fn bp_8_no_line_is_lost_or_doubled(
        scenario in lines(),
        limits in limits(),
        block_ms in 1..500_u64,
    ) {
        let scenario = limited(&scenario, limits, Duration::from_millis(block_ms));
        prop_assume!(scenario.clock.interval >= Duration::from_millis(100));
        let journal = journal(&scenario);
        let arrived = arrivals(&scenario, Source::Memory);
        let arrived: Vec<String> = arrived.iter().map(|(_, line)| line.to_string()).collect();
        prop_assert_eq!(records(&journal).iter().sum::<usize>(), arrived.len());
        let printed = printed(&journal);
        prop_assert_eq!(&arrived[..printed.len()], &*printed);
    }

    #[test]
    fn bp_8_a_batch_has_what_its_interval_and_a_stored_second_allow(
        scenario in lines(),
        max_rate in 1..100_u64,
    ) {
        let limits = RateLimits { max_rate: Some(max_rate), ..RateLimits::default() };
        let scenario = limited(&scenario, limits, Duration::from_millis(100));
        prop_assume!(scenario.clock.interval >= Duration::from_millis(100));
        let seconds = scenario.clock.interval.as_secs_f64() + 0.1 + 1.0;
        let most = (max_rate as f64 * seconds).ceil() as usize + 1;
        prop_assert!(records(&journal(&scenario)).into_iter().all(|records| records <= most));
    }
}
