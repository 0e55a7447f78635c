//! Planted faults of recovery: each is found by few seeds, and by an invariant that says what is wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Checkpoint, LogEntry, Recovery, StateId, Time, WriteContent};
use explore::{Explorer, Violation};
use simulator::{RunOptions, Tamper};

/// The seeds within which each planted fault is found.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=200;

/// Totals of words, from a source that keeps its lines, and from a receiver that logs them.
fn explorer(source: &str) -> Explorer {
    let text = format!(
        "timeline = [
            {{ at = '1s', lines = ['blue blue blue blue blue green green green'] }},
            {{ at = '2s', lines = ['gohawks'] }},
            {{ at = '2500ms', lines = ['blue'] }},
            {{ at = '4s', lines = ['green green'] }},
            {{ at = '5s', lines = ['blue'] }},
            {{ at = '7s', lines = ['red blue'] }},
        ]
        [cluster]
        checkpoint = 'checkpoint'
        checkpoint_interval = '1s'
        write_ahead_log = true
        [[pipeline]]
        name = 'totals'
        mode = 'update_state'
        source = '{source}'
        "
    );
    let scenario = scenario::parse("planted.toml", &text).expect("the scenario has no mistakes");
    Explorer::new(&scenario, &scenario.pipelines[0]).expect("it can be explored")
}

#[test]
fn no_seed_breaks_a_promise() {
    for source in ["memory", "direct"] {
        let explorer = explorer(source);
        for seed in SEEDS {
            let broken = explorer.judge(&explorer.drawn(seed));
            assert_eq!(
                broken.expect("no limit is met"),
                [],
                "{source}, seed {seed}"
            );
        }
    }
}

type ChangeWrite = fn(WriteContent) -> Option<WriteContent>;
type ChangeRecovery = fn(&mut Recovery);

/// A fault of recovery, by what it does to what is written, or to what is read.
enum Planted {
    Write(ChangeWrite),
    Recovery(ChangeRecovery),
    NoSync,
}

impl Tamper for Planted {
    fn write(&self, _: Time, content: WriteContent) -> Vec<WriteContent> {
        match self {
            Planted::Write(change) => change(content).into_iter().collect(),
            _ => vec![content],
        }
    }

    fn recover(&self, mut recovery: Recovery) -> Recovery {
        if let Planted::Recovery(change) = self {
            change(&mut recovery);
        }
        recovery
    }

    fn skips_sync(&self) -> bool {
        matches!(self, Planted::NoSync)
    }
}

/// The number of seeds until one breaks a promise, with what is broken.
fn find(explorer: &Explorer, planted: &Planted) -> Option<(u64, Vec<Violation>)> {
    let options = RunOptions {
        tamper: Some(planted),
        ..RunOptions::default()
    };
    SEEDS.into_iter().find_map(|seed| {
        let broken = explorer.judge_with(&explorer.drawn(seed), &options);
        let broken = broken.expect("no limit is met");
        (!broken.is_empty()).then_some((seed, broken))
    })
}

/// Changes the checkpoints that are written.
macro_rules! checkpoints {
    ($change:expr) => {
        Planted::Write(|mut content| {
            if let WriteContent::Checkpoint(checkpoint) = &mut content {
                let change: fn(&mut Checkpoint) = $change;
                change(checkpoint);
            }
            Some(content)
        })
    };
}

/// Changes the entries of the log that are written; `None` for one that is left out.
macro_rules! log {
    ($change:expr) => {
        Planted::Write(|content| match content {
            WriteContent::Log(entry) => {
                let change: fn(LogEntry) -> Option<LogEntry> = $change;
                change(entry).map(WriteContent::Log)
            }
            content => Some(content),
        })
    };
}

const SECOND: Duration = Duration::from_secs(1);

fn is_completion(checkpoint: &Checkpoint) -> bool {
    !checkpoint.pending.contains(&checkpoint.time)
}

/// Faults of states and checkpoints.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn faults_of_checkpoints() -> BTreeMap<&'static str, Planted> {
    BTreeMap::from([
        (
            "states are not written",
            Planted::Write(|content| {
                (!matches!(content, WriteContent::States { .. })).then_some(content)
            }),
        ),
        (
            "the checkpoint of a batch that is done is not written",
            Planted::Write(|content| match content {
                WriteContent::Checkpoint(checkpoint) if is_completion(&checkpoint) => None,
                content => Some(content),
            }),
        ),
        (
            "a checkpoint names states of another operator",
            checkpoints!(|checkpoint| {
                for state in &mut checkpoint.states {
                    state.operator += 1;
                }
            }),
        ),
        (
            "a checkpoint lacks the first file of its states",
            checkpoints!(|checkpoint| {
                if checkpoint.files.len() > 1 {
                    checkpoint.files.remove(0);
                }
            }),
        ),
        (
            "states are read of the batch before",
            Planted::Recovery(|recovery| {
                let shifted: BTreeMap<StateId, Vec<u8>> = recovery
                    .states
                    .keys()
                    .skip(1)
                    .copied()
                    .zip(recovery.states.values().cloned())
                    .collect();
                recovery.states.extend(shifted);
            }),
        ),
        (
            "states that are needed are removed",
            Planted::Write(|content| match content {
                WriteContent::Checkpoint(checkpoint) if is_completion(&checkpoint) => {
                    Some(WriteContent::RemoveStates {
                        states: checkpoint.files,
                        parts: Vec::new(),
                    })
                }
                content => Some(content),
            }),
        ),
        (
            "a checkpoint is of a later batch",
            checkpoints!(|checkpoint| {
                checkpoint.time = checkpoint.time.checked_add(2 * SECOND).expect("it is near");
            }),
        ),
        (
            "a checkpoint is of a batch that is out of step",
            checkpoints!(|checkpoint| {
                let half = SECOND / 2;
                checkpoint.time = checkpoint.time.checked_add(half).expect("it is near");
            }),
        ),
        (
            "the checkpoint of a batch that begins is not written",
            Planted::Write(|content| match content {
                WriteContent::Checkpoint(checkpoint) if !is_completion(&checkpoint) => None,
                content => Some(content),
            }),
        ),
        (
            "a checkpoint names the states of the batch before",
            checkpoints!(|checkpoint| {
                for state in &mut checkpoint.states {
                    let since = state.batch_time.since(checkpoint.zero_time);
                    let before = since.saturating_sub(SECOND);
                    state.batch_time = checkpoint
                        .zero_time
                        .checked_add(before)
                        .expect("it is near");
                }
            }),
        ),
        (
            "half of the states are written",
            Planted::Write(|mut content| {
                if let WriteContent::States { content, .. } = &mut content {
                    let mut bytes = content.encode().expect("words have bytes");
                    bytes.truncate(bytes.len() / 2);
                    *content = bytes.into();
                }
                Some(content)
            }),
        ),
        (
            "the clock of batches begins later",
            Planted::Recovery(|recovery| {
                let zero = &mut recovery.checkpoint.zero_time;
                *zero = zero.checked_add(10 * SECOND).expect("it is near");
            }),
        ),
        (
            "a checkpoint has no pending batch",
            checkpoints!(|checkpoint| checkpoint.pending.clear()),
        ),
        (
            "a checkpoint lacks its oldest pending batch",
            checkpoints!(|checkpoint| {
                if checkpoint.pending.len() > 1 {
                    checkpoint.pending.remove(0);
                }
            }),
        ),
        (
            "the batches since the checkpoint do not run again",
            Planted::Recovery(|recovery| {
                let pending = &recovery.checkpoint.pending;
                let newest = pending.last().copied().unwrap_or(recovery.checkpoint.time);
                recovery.checkpoint.time = newest.checked_add(SECOND).expect("it is near");
                recovery.checkpoint.pending.clear();
            }),
        ),
        ("nothing outlasts a loss of power", Planted::NoSync),
    ])
}

/// Faults of the log of received blocks.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn faults_of_the_log() -> BTreeMap<&'static str, Planted> {
    BTreeMap::from([
        (
            "a checkpoint names no states",
            checkpoints!(|checkpoint| checkpoint.states.clear()),
        ),
        (
            "blocks are not logged",
            log!(|entry| (!matches!(entry, LogEntry::BlockAdded { .. })).then_some(entry)),
        ),
        (
            "the blocks of a batch are not logged",
            log!(|entry| (!matches!(entry, LogEntry::BatchAllocated { .. })).then_some(entry)),
        ),
        (
            "a batch is logged without its blocks",
            log!(|mut entry| {
                if let LogEntry::BatchAllocated { blocks, .. } = &mut entry {
                    blocks.clear();
                }
                Some(entry)
            }),
        ),
        (
            "a batch is logged with one block less",
            log!(|mut entry| {
                if let LogEntry::BatchAllocated { blocks, .. } = &mut entry {
                    blocks.pop();
                }
                Some(entry)
            }),
        ),
        (
            "a batch is logged with its blocks twice",
            log!(|mut entry| {
                if let LogEntry::BatchAllocated { blocks, .. } = &mut entry {
                    blocks.extend(blocks.clone());
                }
                Some(entry)
            }),
        ),
        (
            "blocks are logged for the batch after",
            log!(|mut entry| {
                if let LogEntry::BatchAllocated { batch_time, .. } = &mut entry {
                    *batch_time = batch_time.checked_add(SECOND).expect("it is near");
                }
                Some(entry)
            }),
        ),
        (
            "the log is cleaned at once",
            log!(|entry| match entry {
                LogEntry::BatchAllocated { batch_time, .. } => Some(LogEntry::BatchesCleaned {
                    before: batch_time.checked_add(SECOND).expect("it is near"),
                }),
                entry => Some(entry),
            }),
        ),
        (
            "records are not logged",
            Planted::Write(|content| {
                (!matches!(content, WriteContent::Block { .. })).then_some(content)
            }),
        ),
        (
            "the log is not read",
            Planted::Recovery(|recovery| recovery.log.clear()),
        ),
        (
            "the last entry of the log is not read",
            Planted::Recovery(|recovery| {
                recovery.log.pop();
            }),
        ),
        (
            "the log is read backwards",
            Planted::Recovery(|recovery| recovery.log.reverse()),
        ),
        (
            "the log is read twice",
            Planted::Recovery(|recovery| {
                let log = recovery.log.clone();
                recovery.log.extend(log);
            }),
        ),
        (
            "records of the last block are not read",
            Planted::Recovery(|recovery| {
                recovery.blocks.pop_last();
            }),
        ),
        (
            "records of one block are read for another",
            Planted::Recovery(|recovery| {
                let mut records: Vec<_> = recovery.blocks.values().cloned().collect();
                records.reverse();
                for (block, records) in recovery.blocks.values_mut().zip(records) {
                    *block = records;
                }
            }),
        ),
    ])
}

/// Each fault with the first seed that finds it, and the promise that it breaks first.
fn table(source: &str, faults: &BTreeMap<&'static str, Planted>) -> String {
    let explorer = explorer(source);
    let lines = faults.iter().map(|(name, planted)| {
        let (seed, broken) = find(&explorer, planted)
            .unwrap_or_else(|| panic!("{name}: no seed of {SEEDS:?} finds it"));
        format!("{seed:>3}  {name}: {}\n", broken[0].invariant)
    });
    lines.collect()
}

#[test]
fn each_planted_fault_of_checkpoints_is_found() {
    insta::assert_snapshot!(table("direct", &faults_of_checkpoints()));
}

#[test]
fn each_planted_fault_of_the_log_is_found() {
    insta::assert_snapshot!(table("memory", &faults_of_the_log()));
}
