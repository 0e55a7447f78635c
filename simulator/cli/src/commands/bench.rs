//! `millrace bench`: the cost of the state operators, at the user's sizes or on the user's scenario.

mod memory;
mod pair;
mod replay;
mod runs;
mod stopwatch;
mod timeline;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use engine_live::Threads;
use measure::{
    Baseline, BaselineComparison, BaselineError, KeyMemory, Results, SweepPlan, Timer, svg, sweep,
};
use serde_json::Value;

use crate::args::BenchArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::{print, print_note};
use stopwatch::Stopwatch;

/// Measures, and prints the results.
pub(crate) fn bench(arguments: &BenchArguments) -> Result<Exit, CommandError> {
    let plan = plan(arguments);
    if let Some(subject) = arguments.memory_of {
        return memory::print_bytes_a_key(subject, plan.keys[0]);
    }
    if cfg!(debug_assertions) && !arguments.quiet {
        print_note(
            "built without optimization, so these figures show nothing: build it with --release",
        );
    }
    match &arguments.scenario {
        Some(scenario) => timeline::bench(scenario, arguments),
        None => bench_sweep(arguments, &plan),
    }
}

/// Checks everything that would make the results useless before it measures.
fn bench_sweep(arguments: &BenchArguments, plan: &SweepPlan) -> Result<Exit, CommandError> {
    memory::check_room(plan)?;
    let baseline = read_baseline(arguments, |it| it.check_plan(plan))?;
    if let Some(file) = &arguments.svg {
        check_writable(file).map_err(CommandError::write(file))?;
    }
    measure(arguments, plan)?.print(arguments, baseline)
}

/// Measures in one run or in several. The memory of a key is the same in all of them, and measured once.
fn measure(arguments: &BenchArguments, plan: &SweepPlan) -> Result<BenchResults, CommandError> {
    let mut stopwatch = Stopwatch::new(arguments.quiet);
    let memory = if arguments.without_memory {
        Vec::new()
    } else {
        memory::measure(plan)
    };
    if arguments.runs.get() > 1 {
        let mut results = runs::measure(arguments, stopwatch)?;
        results.json["runs"][0]["memory"] = memory.iter().map(KeyMemory::to_json).collect();
        return Ok(results);
    }
    let left = SweepPlan {
        time: plan.time.saturating_sub(stopwatch.now()),
        ..plan.clone()
    };
    let results = sweep(&left, &Threads::new(plan.workers), &mut stopwatch)?;
    let results = Results {
        plan: plan.clone(),
        memory,
        ..results
    };
    if let Some(path) = &arguments.svg {
        suite::replace_file(path, &svg(&results)).map_err(CommandError::write(path))?;
    }
    Ok(BenchResults {
        json: results.to_json(),
        text: Some(results.to_string()),
    })
}

/// The results of one run or of several.
struct BenchResults {
    json: Value,
    /// Several runs have none.
    text: Option<String>,
}

impl BenchResults {
    /// Compares the results with the baseline, if there is one, and prints both.
    fn print(
        mut self,
        arguments: &BenchArguments,
        baseline: Option<Baseline>,
    ) -> Result<Exit, CommandError> {
        let limit = arguments.fail_over.map(|growth| 1.0 + growth);
        let compare = |baseline: Baseline| {
            let now = Baseline::from_json(&self.json)?;
            Ok(baseline.compare(&now, limit))
        };
        let comparison = baseline.map(compare).transpose();
        let comparison = comparison.map_err(CommandError::Results)?;
        let comparison = comparison.as_ref();
        if arguments.json {
            self.json["changes"] = comparison.map(BaselineComparison::to_json).into();
            self.json["not_compared"] = comparison.map(BaselineComparison::not_compared).into();
            if let Some(warning) = comparison.and_then(BaselineComparison::warning) {
                self.json["warning"] = warning.into();
            }
            print(format_args!("{:#}\n", self.json))?;
        } else {
            let comparison = comparison.map(BaselineComparison::to_string);
            let parts: Vec<String> = [self.text, comparison].into_iter().flatten().collect();
            print(parts.join("\n"))?;
        }
        match comparison {
            Some(comparison) if comparison.exceeds() => Ok(Exit::Differs),
            _ => Ok(Exit::Success),
        }
    }
}

/// The sizes in ascending order, each once.
fn plan(arguments: &BenchArguments) -> SweepPlan {
    let sizes = |sizes: &[usize]| {
        let sizes: BTreeSet<usize> = sizes.iter().copied().collect();
        sizes.into_iter().collect()
    };
    let mut active_shares = arguments.active_share.clone();
    active_shares.sort_by(f64::total_cmp);
    active_shares.dedup();
    SweepPlan {
        keys: sizes(&arguments.keys),
        words: sizes(&arguments.batch),
        active_shares,
        skew: arguments.skew,
        seed: arguments.seed,
        cores: arguments.cores.unwrap_or(arguments.workers).get(),
        workers: arguments.workers.get(),
        time: time_of_run(arguments),
    }
}

/// The time of each run, an equal share of the time of all.
fn time_of_run(arguments: &BenchArguments) -> Duration {
    let time_ms = arguments.time.as_millis() / arguments.runs.get() as u128;
    Duration::from_millis(time_ms.max(1) as u64)
}

/// Reads and checks the baseline, if there is one.
fn read_baseline(
    arguments: &BenchArguments,
    check: impl FnOnce(&Baseline) -> Result<(), BaselineError>,
) -> Result<Option<Baseline>, CommandError> {
    let Some(path) = arguments.baseline.clone() else {
        return Ok(None);
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(CommandError::ReadFile { path, source }),
    };
    let baseline = Baseline::parse(&text).and_then(|baseline| {
        check(&baseline)?;
        Ok(Some(baseline))
    });
    baseline.map_err(|source| CommandError::Baseline { path, source })
}

/// Finds out that a file cannot be written before the measurement. Its contents stay.
fn check_writable(file: &Path) -> io::Result<()> {
    let is_linked_file = file.is_symlink() && file.is_file();
    if is_linked_file {
        // It would be replaced, as `/dev/stdout` by one that is called so.
        return Err(io::Error::other("it is a link; name the file itself"));
    }
    suite::check_replaceable(file)
}
