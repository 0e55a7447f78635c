//! What a cluster promises when its executors, receivers and drivers die.

use std::collections::BTreeMap;
use std::fmt::Write;

use engine::{ClusterEvent, Event, Journal, Time};
use proptest::collection::vec;
use proptest::prelude::*;
use scenario::Scenario;
use simulator::RunOptions;

use crate::play::{Backwards, journal, journal_with};
use crate::view::{Counts, printed};

/// The time up to which lines come and processes die, in milliseconds.
const TROUBLE_MS: u32 = 6_000;

/// The time of the first checkpoint. A driver that dies before begins anew, and does not read the log.
const CHECKPOINT_MS: u32 = 1_000;

const EXECUTORS: usize = 3;

/// A process that dies or starts again, stands still or goes on, is cut off or heard of again: what makes a difference.
#[derive(Clone, Copy, Debug)]
enum Dies {
    Driver,
    Executor(usize),
    Receiver,
    StandsStill(usize),
    IsCutOff(usize),
}

fn dies() -> impl Strategy<Value = Dies> {
    prop_oneof![
        1 => Just(Dies::Driver),
        3 => (0..EXECUTORS).prop_map(Dies::Executor),
        1 => Just(Dies::Receiver),
        1 => (0..EXECUTORS).prop_map(Dies::StandsStill),
        1 => (0..EXECUTORS).prop_map(Dies::IsCutOff),
    ]
}

/// Times of single words.
fn lines() -> impl Strategy<Value = Vec<(u32, bool)>> {
    vec((0..TROUBLE_MS, any::<bool>()), 1..12)
}

/// Entries of a timeline by their times.
type Entries = BTreeMap<u32, String>;

fn add(entries: &mut Entries, at: u32, what: &str) {
    let entry = entries.entry(at).or_default();
    writeln!(entry, "{{ at = '{at}ms', {what} }},").expect("a text takes all");
}

fn entries(lines: &[(u32, bool)]) -> Entries {
    let mut entries = Entries::new();
    for (at, is_blue) in lines {
        let word = if *is_blue { "blue" } else { "green" };
        add(&mut entries, *at, &format!("lines = ['{word}']"));
    }
    for batch in 1..=7 {
        add(&mut entries, batch * 1_000, "slow = '300ms'");
    }
    entries
}

/// Adds deaths, and after them what undoes those that are not undone.
fn add_deaths(entries: &mut Entries, deaths: &[(u32, Dies)]) {
    let mut deaths = deaths.to_vec();
    deaths.sort_by_key(|(at, _)| *at);
    // What is to be undone, and how.
    let mut undone: BTreeMap<String, String> = BTreeMap::new();
    for (at, dies) in deaths {
        let [name, undoing] = match dies {
            Dies::Driver => [
                "crash = 'driver'".to_owned(),
                "restart = 'driver'".to_owned(),
            ],
            Dies::Executor(executor) => {
                undone.remove(&format!("pause = 'executor {executor}'"));
                ["crash", "restart"].map(|verb| format!("{verb} = 'executor {executor}'"))
            }
            Dies::Receiver => {
                add(entries, at, "crash = 'receiver 0'");
                continue;
            }
            Dies::StandsStill(executor) => {
                if undone.contains_key(&format!("crash = 'executor {executor}'")) {
                    continue;
                }
                ["pause", "resume"].map(|verb| format!("{verb} = 'executor {executor}'"))
            }
            Dies::IsCutOff(executor) => ["partition", "repair"]
                .map(|verb| format!("{verb} = ['driver', 'executor {executor}']")),
        };
        if let Some(undoing) = undone.remove(&name) {
            add(entries, at, &undoing);
        } else {
            add(entries, at, &name);
            undone.insert(name, undoing);
        }
    }
    for undoing in undone.values() {
        add(entries, TROUBLE_MS, undoing);
    }
}

fn scenario(entries: &Entries, cluster: &str) -> Scenario {
    let entries: String = entries.values().map(String::as_str).collect();
    let text = format!(
        "timeline = [\n{entries}]\n[clock]\nstop = '12s'\n[cluster]\nexecutors = {EXECUTORS}\n\
         receivers = 'reliable'\n{cluster}\n[[pipeline]]\nname = 'p'\nmode = 'update_state'\n"
    );
    scenario::parse("cluster.toml", &text).expect("the scenario has no mistakes")
}

fn totals(journal: &Journal) -> Option<Counts> {
    printed(journal).pop().map(|(_, totals)| totals)
}

/// For each task the number of times that it ran again is at most that of the executors that were lost before.
fn runs_again_without_loss(journal: &Journal) -> bool {
    let mut lost = 0;
    let mut again: BTreeMap<(Time, usize), usize> = BTreeMap::new();
    journal.entries().iter().any(|entry| match entry.event {
        Event::Cluster(ClusterEvent::ExecutorLost { .. }) => {
            lost += 1;
            false
        }
        Event::Cluster(ClusterEvent::TaskRunAgain {
            batch_time, task, ..
        }) => {
            let times = again.entry((batch_time, task)).or_default();
            *times += 1;
            *times > lost
        }
        _ => false,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn with_two_copies_no_death_of_one_executor_changes_the_totals(
        lines in lines(),
        executor in 0..EXECUTORS,
        at in 0..TROUBLE_MS,
    ) {
        let cluster = "replication = 2";
        let without = journal(&scenario(&entries(&lines), cluster));
        let mut entries = entries(&lines);
        add_deaths(&mut entries, &[(at, Dies::Executor(executor))]);
        let with = journal(&scenario(&entries, cluster));
        prop_assert_eq!(totals(&with), totals(&without));
        prop_assert!(!runs_again_without_loss(&with));
    }

    #[test]
    fn with_the_log_no_deaths_change_the_totals(
        lines in lines(),
        deaths in vec((CHECKPOINT_MS + 1..TROUBLE_MS, dies()), 0..8),
    ) {
        let cluster = "checkpoint = 'checkpoint'\nwrite_ahead_log = true";
        let without = journal(&scenario(&entries(&lines), cluster));
        let mut entries = entries(&lines);
        add_deaths(&mut entries, &deaths);
        let scenario = scenario(&entries, cluster);
        let with = journal(&scenario);
        prop_assert_eq!(totals(&with), totals(&without));
        prop_assert!(!runs_again_without_loss(&with));
        let options = RunOptions { seed: 7, workers: &Backwards, ..RunOptions::default() };
        let other = journal_with(&scenario, &options);
        prop_assert_eq!(other.entries(), with.entries());
    }
}
