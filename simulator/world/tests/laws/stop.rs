//! A run ends at its stop: everything received until then is there, and nothing later.

use engine::{Event, Journal, JournalEntry, Time};
use proptest::prelude::*;
use random::{ProgramKind, Space};
use scenario::{
    Conf, OutputMode, Program, QuerySink, Scenario, Source, Structured, Trigger, WordQuery,
};
use simulator::source_of;

use crate::play::{arrivals, end, intervals, journal, pipeline, with_program};
use crate::view::{completed, submitted};

/// Word counts whose batches are those of the clock.
fn dstreams() -> Space {
    Space {
        programs: &[
            ProgramKind::Stateless,
            ProgramKind::UpdateState,
            ProgramKind::MapWithState,
        ],
        ..Space::SMALL
    }
}

/// Every multiple of the interval after the start and up to the stop, with the number of lines since the
/// one before.
fn batches(scenario: &Scenario, stop: Time, lines: &[Time]) -> Vec<(Time, usize)> {
    let interval_ms = scenario.clock.interval.as_millis() as i64;
    let start_ms = scenario.clock.start.as_millis();
    let first_ms = start_ms - start_ms.rem_euclid(interval_ms) + interval_ms;
    let mut taken = 0;
    let times = (first_ms..=stop.as_millis()).step_by(interval_ms as usize);
    let batches = times.map(Time::from_millis).map(|batch_time| {
        let until = lines.iter().filter(|line| **line <= batch_time).count();
        (batch_time, until - std::mem::replace(&mut taken, until))
    });
    batches.collect()
}

fn arrival_times(scenario: &Scenario) -> Vec<Time> {
    arrivals(scenario, source_of(pipeline(scenario)))
        .into_iter()
        .map(|(time, _)| time)
        .collect()
}

/// The number of records of a query's micro-batches.
fn taken(journal: &Journal) -> usize {
    let taken = |entry: &JournalEntry| match entry.event {
        Event::QueryProgress { records, .. } => records,
        _ => 0,
    };
    journal.entries().iter().map(taken).sum()
}

/// The scenario that stops these thousandths of an interval after its start, which may be before its
/// last entry, and the time of the stop.
fn stopping(mut scenario: Scenario, thousandths: u32) -> (Scenario, Time) {
    let offset = intervals(&scenario, thousandths);
    scenario.clock.stop = Some(offset);
    let stop = scenario.clock.start.checked_add(offset);
    (scenario, stop.expect("far from the end of time"))
}

/// The number of events of this kind.
fn count(journal: &Journal, is_meant: fn(&Event) -> bool) -> usize {
    let entries = journal.entries().iter();
    entries.filter(|entry| is_meant(&entry.event)).count()
}

/// A query without a trigger to wait for, which takes each line as it arrives.
fn by_default() -> Program {
    Program::Structured(Structured {
        sql: None,
        refused: None,
        conf: Conf::default(),
        event_time: None,
        output: OutputMode::Update,
        trigger: Trigger::Default,
        num_rows: 1,
        truncate: true,
        query: WordQuery::Counts,
        folder: None,
        max_files_per_trigger: None,
        sink: QuerySink::Console,
        source: Source::Memory,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_batch_up_to_the_stop_is_there_with_what_was_received_and_none_after(
        scenario in dstreams(),
        stop in 0..8_000_u32,
    ) {
        let (scenario, stop) = stopping(scenario, stop);
        let expected = batches(&scenario, stop, &arrival_times(&scenario));
        let journal = journal(&scenario);
        prop_assert_eq!(&submitted(&journal), &expected);
        let times: Vec<Time> = expected.iter().map(|(time, _)| *time).collect();
        prop_assert_eq!(completed(&journal), times);
    }

    #[test]
    fn a_query_has_taken_every_line_up_to_the_stop(
        scenario in Space::SMALL,
        stop in 0..8_000_u32,
    ) {
        let (scenario, stop) = stopping(with_program(&scenario, by_default()), stop);
        let lines = arrival_times(&scenario).into_iter().filter(|time| *time <= stop);
        prop_assert_eq!(taken(&journal(&scenario)), lines.count());
    }

    #[test]
    fn without_a_stop_the_last_batch_is_the_first_that_is_not_before_the_last_entry(
        scenario in dstreams(),
    ) {
        let mut scenario = scenario;
        scenario.clock.stop = None;
        let batches = submitted(&journal(&scenario));
        let records: usize = batches.iter().map(|(_, records)| records).sum();
        prop_assert_eq!(records, arrival_times(&scenario).len(), "everything is counted");
        let end = scenario.clock.start.checked_add(end(&scenario));
        let early = batches.iter().rev().skip(1).find(|(time, _)| Some(*time) >= end);
        prop_assert_eq!(early, None, "a batch before the last one would have done");
        prop_assert!(batches.last().map(|(time, _)| *time) >= end);
    }

    #[test]
    fn nothing_happens_after_the_stop_and_nothing_is_left_unfinished(
        scenario in Space::SMALL,
        stop in 0..8_000_u32,
    ) {
        let (scenario, stop) = stopping(scenario, stop);
        let journal = journal(&scenario);
        let late = journal.entries().iter().find(|entry| entry.time > stop);
        prop_assert_eq!(late, None);
        let started = count(&journal, |event| matches!(event, Event::OutputOperationStarted { .. }));
        let completed = count(&journal, |event| matches!(event, Event::OutputOperationCompleted { .. }));
        prop_assert_eq!(started, completed);
    }
}
