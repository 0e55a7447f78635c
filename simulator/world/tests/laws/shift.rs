//! A scenario that starts later is the same scenario later.

use std::sync::Arc;

use engine::{ClusterEvent, DriverEvent, Event, Journal, JournalEntry, Time};
use proptest::prelude::*;
use random::Space;
use scenario::{Program, Scenario, Trigger};

use crate::play::{console_text, journal, pipeline};

/// A shift by this many milliseconds leaves the grids of the batches and of the trigger where they are.
fn grids_ms(scenario: &Scenario) -> i64 {
    let interval_ms = scenario.clock.interval.as_millis() as i64;
    match &pipeline(scenario).program {
        Program::Structured(structured) => match structured.trigger {
            Trigger::ProcessingTime(trigger) => interval_ms * trigger.as_millis() as i64,
            _ => interval_ms,
        },
        _ => interval_ms,
    }
}

fn shifted(time: Time, by_ms: i64) -> Time {
    Time::from_millis(time.as_millis() + by_ms)
}

/// The event, as if it had been later.
fn shifted_event(event: &Event, by_ms: i64) -> Event {
    let mut event = event.clone();
    match &mut event {
        Event::StreamingStarted { zero_time: time }
        | Event::BatchSubmitted {
            batch_time: time, ..
        }
        | Event::BatchStarted { batch_time: time }
        | Event::OutputOperationStarted {
            batch_time: time, ..
        }
        | Event::StateUpdated {
            batch_time: time, ..
        }
        | Event::OutputOperationCompleted {
            batch_time: time, ..
        }
        | Event::BatchCompleted { batch_time: time }
        | Event::Printed {
            batch_time: time, ..
        }
        | Event::Saved {
            batch_time: time, ..
        } => *time = shifted(*time, by_ms),
        Event::Driver(DriverEvent::Recovered {
            zero_time,
            checkpoint_time,
            again,
            ..
        }) => {
            for time in again.iter_mut().chain([zero_time, checkpoint_time]) {
                *time = shifted(*time, by_ms);
            }
        }
        Event::Driver(DriverEvent::CheckpointFailed { batch_time, .. })
        | Event::Cluster(
            ClusterEvent::TaskRunAgain { batch_time, .. }
            | ClusterEvent::BlocksNotFound { batch_time, .. },
        ) => {
            *batch_time = shifted(*batch_time, by_ms);
        }
        Event::QueryProgress { progress, .. } => {
            if let Some(progress) = progress {
                let progress = Arc::make_mut(progress);
                progress.timestamp = shifted(progress.timestamp, by_ms);
            }
        }
        Event::Driver(_)
        | Event::Cluster(_)
        | Event::TableShown { .. }
        | Event::TableWritten { .. }
        | Event::TextPrinted { .. }
        | Event::ProgramFailed { .. }
        | Event::Stopped => {}
    }
    event
}

fn shifted_journal(journal: &Journal, by_ms: i64) -> Vec<JournalEntry> {
    let entries = journal.entries().iter();
    let shifted = entries.map(|entry| JournalEntry {
        time: shifted(entry.time, by_ms),
        event: shifted_event(&entry.event, by_ms),
    });
    shifted.collect()
}

/// The console text without the lines that say when a batch was.
fn timeless(scenario: &Scenario, journal: &Journal) -> Vec<String> {
    let text = console_text(scenario, journal);
    let lines = text.lines().filter(|line| !line.starts_with("Time: "));
    lines.map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A query with an interval of its own has two grids, and is shifted by a whole number of both.
    #[test]
    fn a_start_that_is_whole_intervals_later_shifts_the_times_and_changes_nothing_else(
        scenario in Space::SMALL,
        steps in -100..100_i64,
    ) {
        let by_ms = steps * grids_ms(&scenario);
        let mut later = scenario.clone();
        later.clock.start = shifted(scenario.clock.start, by_ms);
        let then = journal(&later);
        let now = journal(&scenario);
        prop_assert_eq!(then.entries(), shifted_journal(&now, by_ms));
        prop_assert_eq!(timeless(&later, &then), timeless(&scenario, &now));
    }
}
