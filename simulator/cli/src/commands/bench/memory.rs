//! How much memory a key takes: what the system gives to a process that holds so many.

use std::env;
use std::fs;
use std::process::{Command, Stdio};

use engine::Inline;
use measure::{Contender, Keys, Memory, Plan, Workload, blocks};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print;

/// Of fewer keys the pages of memory tell nothing.
const KEYS_MIN: usize = 10_000;

/// More keys take more time and tell no more.
const KEYS_MAX: usize = 1_000_000;

/// What a key takes at most of all contenders together, which are alive at the same time.
const BYTES_A_KEY: u64 = 800;

/// What a word of a batch takes at most: its lines, of several batches, and what operators make of it.
const BYTES_A_WORD: u64 = 250;

/// The memory of a key of each contender, at the largest size of the plan. Empty where the system
/// does not tell.
///
/// Each contender gets a process of its own, as one that has given memory back does not take new.
pub(super) fn measure(plan: &Plan) -> Vec<Memory> {
    let keys = plan.keys.last().copied().unwrap_or(0).min(KEYS_MAX);
    if keys < KEYS_MIN {
        return Vec::new();
    }
    let memory = Contender::ALL.map(|contender| {
        let bytes_a_key = ask(contender, keys)?;
        Some(Memory {
            contender,
            keys,
            bytes_a_key,
        })
    });
    memory.into_iter().flatten().collect()
}

/// Asks a process of its own; nothing if it cannot tell.
fn ask(contender: Contender, keys: usize) -> Option<f64> {
    let output = Command::new(env::current_exe().ok()?)
        .args(["bench", "--memory-of", contender.name(), "--keys"])
        .arg(keys.to_string())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Prints how many bytes this process has taken for each of so many keys; nothing where the system
/// does not tell.
pub(super) fn tell(contender: Contender, keys: usize) -> Result<Exit, CommandError> {
    let Some(before) = resident() else {
        return Ok(Exit::Success);
    };
    let mut running = contender
        .start(keys, 1, &Inline)
        .map_err(measure::MeasureError::from)?;
    // Some operators lay their state out with the first batch.
    for lines in Workload::new(100, Keys::Uniform(keys)).batches(2) {
        running.batch(&blocks(&lines, 1));
    }
    let after = resident().unwrap_or(before);
    drop(running);
    print(after.saturating_sub(before) as f64 / keys as f64)?;
    Ok(Exit::Success)
}

/// Bytes of this process that are in memory.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    kilobytes(&status, "VmRSS:")
}

/// Refuses a plan whose states do not fit in the memory that is free, before the machine swaps.
pub(super) fn check_room(plan: &Plan) -> Result<(), CommandError> {
    let available = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|memory| kilobytes(&memory, "MemAvailable:"));
    available.map_or(Ok(()), |available| {
        let points = plan.points();
        let words = points.iter().map(|point| point.words).max().unwrap_or(0);
        let keys = points.iter().map(|point| point.keys).max().unwrap_or(0);
        fits((keys, words), available)
    })
}

fn fits((keys, words): (usize, usize), available: u64) -> Result<(), CommandError> {
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

/// The bytes that a line such as `VmRSS:  123 kB` tells.
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
        assert!(fits((1_000_000, 1_000_000), 1 << 30).is_ok());
        let words = fits((100, 100_000_000), 1 << 30);
        assert!(words.is_err(), "they take 23 GiB");
        let error = fits((100_000_000, 1_000), 1 << 30).expect_err("they take 75 GiB");
        let expected = "100000000 keys and 1000 words a batch take up to 76294 MiB, as all contenders are there at \
                        once, and 1024 MiB are free; write fewer with --keys or --batch";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_line_of_the_system_is_read() {
        let text = "VmPeak:\t  2000 kB\nVmRSS:\t    12 kB\n";
        assert_eq!(kilobytes(text, "VmRSS:"), Some(12 * 1024));
        assert_eq!(kilobytes(text, "VmSwap:"), None);
        assert_eq!(kilobytes("VmRSS:\tmany kB", "VmRSS:"), None);
    }
}
