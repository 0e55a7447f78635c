//! Input that comes in another arrangement: the same lines in the same batches, or in others.

use std::fmt;
use std::time::Duration;

use random::Dice;
use scenario::{Entry, Scenario, TimelineEvent};

/// The stream of dice that arrangements are drawn from.
const ARRANGEMENTS: u64 = 3;

/// The most partitions of an entry.
const PARTITIONS_MAX: u64 = 4;

/// Another arrangement of the lines of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rearranged {
    /// The lines of each entry in another number of partitions, by this seed.
    Regrouped(u64),
    /// The lines of each entry in another order, by this seed.
    Permuted(u64),
    /// All lines in the batch of the first.
    Merged,
    /// Each line in a batch of its own.
    Spread,
}

impl Rearranged {
    /// The same lines, in this arrangement.
    pub(crate) fn apply(self, scenario: &mut Scenario) {
        match self {
            Rearranged::Regrouped(seed) => {
                let mut dice = Dice::new(seed, ARRANGEMENTS);
                for (_, partitions) in lines(scenario) {
                    *partitions = dice.between(1, PARTITIONS_MAX) as usize;
                }
            }
            Rearranged::Permuted(seed) => {
                let mut dice = Dice::new(seed, ARRANGEMENTS);
                for (lines, _) in lines(scenario) {
                    for last in (1..lines.len()).rev() {
                        lines.swap(last, dice.below(last as u64 + 1) as usize);
                    }
                }
            }
            Rearranged::Merged => {
                let mut entries = scenario.timeline.iter();
                let first = entries.find_map(Entry::last_line);
                let first = first.unwrap_or_default();
                for entry in &mut scenario.timeline {
                    entry.at = first;
                }
            }
            Rearranged::Spread => spread(scenario),
        }
    }
}

/// The lines of each entry, and the number of their partitions.
fn lines(scenario: &mut Scenario) -> impl Iterator<Item = (&mut Vec<String>, &mut usize)> {
    let entries = scenario.timeline.iter_mut();
    entries.filter_map(|entry| match &mut entry.event {
        TimelineEvent::Lines { lines, partitions } => Some((lines, partitions)),
        _ => None,
    })
}

fn spread(scenario: &mut Scenario) {
    let interval = scenario.clock.interval;
    let mut next = Duration::ZERO;
    let mut timeline = Vec::new();
    for entry in std::mem::take(&mut scenario.timeline) {
        let TimelineEvent::Lines { lines, .. } = &entry.event else {
            timeline.push(entry);
            continue;
        };
        for line in lines {
            next = entry.at.max(next);
            timeline.push(Entry {
                at: next,
                stream: entry.stream.clone(),
                event: TimelineEvent::Lines {
                    lines: vec![line.clone()],
                    partitions: 1,
                },
            });
            next += interval;
        }
    }
    if let Some(stop) = &mut scenario.clock.stop {
        *stop = stop.saturating_add(next);
    }
    timeline.sort_by_key(|entry| entry.at);
    scenario.timeline = timeline;
}

impl fmt::Display for Rearranged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rearranged::Regrouped(_) => "the lines of each entry in other partitions",
            Rearranged::Permuted(_) => "the lines of each entry in another order",
            Rearranged::Merged => "all lines in one batch",
            Rearranged::Spread => "each line in a batch of its own",
        })
    }
}
