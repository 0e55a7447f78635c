//! The memory of a key: what a process that holds many of them gets from the system.

use std::env;
use std::fs;
use std::process::{Command, Stdio};

use engine::Inline;
use measure::{KeyDistribution, KeyMemory, Subject, SweepPlan, Workload, blocks};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print;

/// The fewest keys. With fewer of them, whole pages of memory hide the size of a key.
const KEYS_MIN: usize = 10_000;

/// The most keys. More of them take more time and change the result little.
const KEYS_MAX: usize = 1_000_000;

/// An upper bound of the bytes of a key in all subjects together, which are alive at the same time.
const BYTES_A_KEY: u64 = 800;

/// An upper bound of the bytes of a word of a batch: in the lines of several batches, and in operators.
const BYTES_A_WORD: u64 = 250;

/// The memory of a key of each subject, at the largest size of the plan. Empty on systems without
/// `/proc/self/status`.
///
/// Each subject gets a process of its own: a process reuses memory that it has freed, so a second subject
/// would take less from the system.
pub(super) fn measure(plan: &SweepPlan) -> Vec<KeyMemory> {
    let keys = plan.keys.last().copied().unwrap_or(0).min(KEYS_MAX);
    if keys < KEYS_MIN {
        return Vec::new();
    }
    let memory = Subject::ALL.into_iter().filter_map(|subject| {
        Some(KeyMemory {
            subject,
            keys,
            bytes_a_key: bytes_a_key(subject, keys)?,
        })
    });
    memory.collect()
}

/// Measures in a process of its own; none if it fails, or prints nothing.
fn bytes_a_key(subject: Subject, keys: usize) -> Option<f64> {
    let output = Command::new(env::current_exe().ok()?)
        .args(["bench", "--memory-of", subject.name(), "--keys"])
        .arg(keys.to_string())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Prints the bytes that this process takes for each key of a subject; nothing on systems without
/// `/proc/self/status`.
pub(super) fn print_bytes_a_key(subject: Subject, keys: usize) -> Result<Exit, CommandError> {
    let Some(before) = resident() else {
        return Ok(Exit::Success);
    };
    let mut running = subject.start(keys, 1, &Inline);
    // Some operators allocate their state in the first batch.
    for lines in Workload::new(100, KeyDistribution::Uniform(keys)).batches(2) {
        running.batch(&blocks(&lines, 1));
    }
    let after = resident().unwrap_or(before);
    drop(running);
    print(after.saturating_sub(before) as f64 / keys as f64)?;
    Ok(Exit::Success)
}

/// The resident set of this process, in bytes.
fn resident() -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// Refuses a plan whose states would not fit in the available memory, where the machine would swap.
pub(super) fn check_room(plan: &SweepPlan) -> Result<(), CommandError> {
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let Some(available) = kilobytes(&memory, "MemAvailable:") else {
        return Ok(());
    };
    let points = plan.points();
    let words = points.iter().map(|point| point.words).max().unwrap_or(0);
    let keys = points.iter().map(|point| point.keys).max().unwrap_or(0);
    check_fits(keys, words, available)
}

fn check_fits(keys: usize, words: usize, available: u64) -> Result<(), CommandError> {
    let needed = keys as u64 * BYTES_A_KEY + words as u64 * BYTES_A_WORD;
    if needed <= available {
        return Ok(());
    }
    Err(CommandError::NoRoom {
        keys,
        words,
        needed: needed >> 20,
        available: available >> 20,
    })
}

/// The bytes of a line such as `VmRSS:  123 kB`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(number * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_that_do_not_fit_are_refused() {
        assert!(check_fits(1_000_000, 1_000_000, 1 << 30).is_ok());
        let words = check_fits(100, 100_000_000, 1 << 30);
        assert!(words.is_err(), "they take 23 GiB");
        let error = check_fits(100_000_000, 1_000, 1 << 30).expect_err("they take 75 GiB");
        let expected = "100000000 keys and 1000 words a batch take up to 76294 MiB, as all programs are there at \
                        once, and 1024 MiB are free; write fewer with --keys or --batch";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_line_of_proc_is_read() {
        let text = "VmPeak:\t  2000 kB\nVmRSS:\t    12 kB\n";
        assert_eq!(kilobytes(text, "VmRSS:"), Some(12 * 1024));
        assert_eq!(kilobytes(text, "VmSwap:"), None);
        assert_eq!(kilobytes("VmRSS:\tmany kB", "VmRSS:"), None);
    }
}
