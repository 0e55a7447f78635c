//! The output does not depend on how lines are split, nor on later lines.

use std::time::Duration;

use engine::JournalEntry;
use proptest::collection::vec;
use proptest::prelude::*;
use random::Space;
use scenario::{Entry, Program, Scenario, Step, TimelineEvent};
use simulator::stop_time;

use crate::play::{intervals, journal, pipeline, printing_all};
use crate::view::{sorted, without_blocks};

/// The scenario with each entry's lines in up to three entries at the same instant, each in some
/// partitions: the next of `cuts` has the length of one and its partitions.
fn split(scenario: &Scenario, cuts: &[(usize, usize)]) -> Scenario {
    let mut cuts = cuts.iter().cycle().copied();
    let pieces = |entry: &Entry| match &entry.event {
        TimelineEvent::Lines { lines, .. } => {
            let mut rest = lines.as_slice();
            let mut pieces = Vec::new();
            for (length, partitions) in cuts.by_ref().take(2) {
                let (piece, after) = rest.split_at(length.min(rest.len()));
                pieces.push(at(entry.at, piece, partitions));
                rest = after;
            }
            pieces.push(at(entry.at, rest, 1));
            pieces
        }
        _ => vec![entry.clone()],
    };
    let timeline = scenario.timeline.iter().flat_map(pieces).collect();
    Scenario {
        timeline,
        ..scenario.clone()
    }
}

fn at(at: Duration, lines: &[String], partitions: usize) -> Entry {
    let lines = lines.to_vec();
    let event = TimelineEvent::Lines { lines, partitions };
    Entry {
        at,
        stream: None,
        event,
    }
}

/// The scenario that stops at this offset, with one more entry at its end.
fn extended(scenario: &Scenario, entry: Option<Entry>, stop: Duration) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.clock.stop = Some(stop);
    scenario.timeline.extend(entry);
    scenario
}

fn before(scenario: &Scenario, at: Duration) -> Vec<JournalEntry> {
    let start = scenario.clock.start;
    let mut entries = journal(scenario).entries().to_vec();
    entries.retain(|entry| entry.time.since(start) < at);
    entries
}

fn has_repartition(scenario: &Scenario) -> bool {
    match &pipeline(scenario).program {
        Program::Steps(steps) => steps.iter().any(|it| matches!(it, Step::Repartition(_))),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// From Python only the blocks change. On the JVM the order of rows may: a partition's rows come in
    /// the order of a hash table, which depends on the order of insertion. Where a repartition puts an element depends
    /// on the partition that it is in, and so does the order of all that follows.
    #[test]
    fn lines_count_the_same_however_they_are_split_over_entries_and_partitions(
        scenario in Space::SMALL,
        cuts in vec((0..4_usize, 1..8_usize), 1..8),
    ) {
        prop_assume!(!has_repartition(&scenario));
        let profile = scenario.profile_of(pipeline(&scenario));
        if profile.is_jvm() {
            let scenario = printing_all(scenario);
            let pieces = without_blocks(&journal(&split(&scenario, &cuts)));
            let whole = without_blocks(&journal(&scenario));
            prop_assert_eq!(sorted(&pieces), sorted(&whole));
        } else {
            let pieces = without_blocks(&journal(&split(&scenario, &cuts)));
            prop_assert_eq!(pieces, without_blocks(&journal(&scenario)));
        }
    }

    #[test]
    fn a_later_line_changes_nothing_before_it(
        scenario in Space::SMALL,
        lines in vec("([a-c]|blue|é|\"|\\t| ){0,6}", 0..6),
        partitions in 1..8_usize,
        after in 1..2_000_u32,
    ) {
        let last = scenario.timeline.last().map_or(Duration::ZERO, |last| last.at);
        let late = last + intervals(&scenario, after);
        let stop = stop_time(&scenario).since(scenario.clock.start).max(late);
        let entry = at(late, &lines, partitions);
        let longer = extended(&scenario, Some(entry), stop);
        prop_assert_eq!(before(&longer, late), before(&extended(&scenario, None, stop), late));
    }
}
