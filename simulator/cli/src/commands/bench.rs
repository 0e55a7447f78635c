//! `millrace bench`: what the state operators cost, at the user's sizes or on the user's scenario.

mod memory;
mod pair;
mod replay;
mod runs;
mod stopwatch;
mod timeline;

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

use engine_live::Threads;
use measure::{Baseline, BaselineError, Changes, Memory, Plan, Results, Watch, svg, sweep};
use serde_json::Value;

use crate::args::BenchArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::{print, print_note};
use stopwatch::Stopwatch;

/// Measures, and prints what was found.
pub(crate) fn bench(arguments: &BenchArguments) -> Result<Exit, CommandError> {
    let plan = plan(arguments);
    if let Some(contender) = arguments.memory_of {
        return memory::tell(contender, plan.keys[0]);
    }
    if cfg!(debug_assertions) && !arguments.quiet {
        print_note(
            "built without optimization, so these figures show nothing: build it with --release",
        );
    }
    if let Some(scenario) = &arguments.scenario {
        return timeline::bench(scenario, arguments);
    }
    compare(arguments, &plan)
}

fn compare(arguments: &BenchArguments, plan: &Plan) -> Result<Exit, CommandError> {
    // What would stop the results from being of use is told before they are measured.
    memory::check_room(plan)?;
    let baseline = read_baseline(arguments, |text| {
        let baseline = Baseline::parse(text)?;
        baseline.fits(plan)?;
        Ok(baseline)
    })?;
    if let Some(file) = &arguments.svg {
        check_writable(file)?;
    }
    let found = measure(arguments, plan)?;
    let changes = found.compared(baseline, |baseline, json| {
        let now = Baseline::from_json(json)?;
        Ok(baseline.changes(&now, limit(arguments)))
    })?;
    tell(arguments, found, changes.as_ref())
}

/// In one run or in several; the memory of a key, which is the same in all of them, once.
fn measure(arguments: &BenchArguments, plan: &Plan) -> Result<Found, CommandError> {
    let mut stopwatch = Stopwatch::new(arguments.quiet);
    let memory = if arguments.without_memory {
        Vec::new()
    } else {
        memory::measure(plan)
    };
    if arguments.runs.get() > 1 {
        let mut found = runs::measure(arguments, stopwatch)?;
        found.json["runs"][0]["memory"] = memory.iter().map(Memory::to_json).collect();
        return Ok(found);
    }
    let left = Plan {
        time: plan.time.saturating_sub(stopwatch.now()),
        ..plan.clone()
    };
    let results = sweep(&left, &Threads::new(plan.workers), &mut stopwatch)?;
    let results = Results {
        plan: plan.clone(),
        memory,
        ..results
    };
    if let Some(file) = &arguments.svg {
        fs::write(file, svg(&results)).map_err(|source| CommandError::Write {
            path: file.clone(),
            source,
        })?;
    }
    Ok(Found {
        json: results.to_json(),
        text: Some(results.to_string()),
    })
}

/// What one run has found, or several.
struct Found {
    json: Value,
    /// Several runs have none.
    text: Option<String>,
}

impl Found {
    /// What has changed since the baseline, if there is one.
    fn compared<B>(
        &self,
        baseline: Option<B>,
        changes: impl FnOnce(B, &Value) -> Result<Changes, BaselineError>,
    ) -> Result<Option<Changes>, CommandError> {
        let changes = baseline.map(|baseline| changes(baseline, &self.json));
        changes.transpose().map_err(CommandError::Results)
    }
}

/// The ratio to the baseline that nothing may exceed.
fn limit(arguments: &BenchArguments) -> Option<f64> {
    arguments.fail_over.map(|growth| 1.0 + growth)
}

fn tell(
    arguments: &BenchArguments,
    found: Found,
    changes: Option<&Changes>,
) -> Result<Exit, CommandError> {
    let Found { mut json, text } = found;
    if arguments.json {
        json["changes"] = changes.map(Changes::to_json).into();
        json["not_compared"] = changes.map(Changes::not_compared).into();
        print(format_args!("{json:#}\n"))?;
    } else {
        let changes = changes.map(Changes::to_string);
        let parts: Vec<String> = [text, changes].into_iter().flatten().collect();
        print(parts.join("\n"))?;
    }
    Ok(exit(changes))
}

/// What continuous integration is told of the changes.
fn exit(changes: Option<&Changes>) -> Exit {
    match changes {
        Some(changes) if changes.exceed() => Exit::Differs,
        _ => Exit::Success,
    }
}

/// The sizes in ascending order, each once.
fn plan(arguments: &BenchArguments) -> Plan {
    let sizes = |sizes: &[usize]| {
        let sizes: BTreeSet<usize> = sizes.iter().copied().collect();
        sizes.into_iter().collect()
    };
    let mut active_shares = arguments.active_share.clone();
    active_shares.sort_by(f64::total_cmp);
    active_shares.dedup();
    Plan {
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

/// How long each run should take, so that together they take the time that was given.
fn time_of_run(arguments: &BenchArguments) -> Duration {
    let time_ms = arguments.time.as_millis() / arguments.runs.get() as u128;
    Duration::from_millis(time_ms.max(1) as u64)
}

/// The baseline that was asked for, if there is one, read from its text and found to fit.
fn read_baseline<B>(
    arguments: &BenchArguments,
    parse: impl FnOnce(&str) -> Result<B, BaselineError>,
) -> Result<Option<B>, CommandError> {
    let Some(file) = &arguments.baseline else {
        return Ok(None);
    };
    let path = || file.clone();
    let text = fs::read_to_string(file).map_err(|source| CommandError::ReadFile {
        path: path(),
        source,
    })?;
    parse(&text)
        .map(Some)
        .map_err(|source| CommandError::Baseline {
            path: path(),
            source,
        })
}

/// Tells a file that cannot be written before half a minute has gone by; leaves what is in it.
fn check_writable(file: &Path) -> Result<(), CommandError> {
    let opened = OpenOptions::new().append(true).create(true).open(file);
    opened.map(drop).map_err(|source| CommandError::Write {
        path: file.to_owned(),
        source,
    })
}
