//! `millrace bench`: what the state operators cost, at the user's sizes or on the user's scenario.

mod memory;
mod pair;
mod replay;
mod stopwatch;
mod timeline;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::path::Path;

use engine_live::Threads;
use measure::{Baseline, BaselineError, Changes, Plan, Results, Watch, svg, sweep};
use serde_json::Value;

use crate::args::BenchArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::{note, print};
use stopwatch::Stopwatch;

/// Measures, and prints what was found.
pub(crate) fn bench(arguments: &BenchArguments) -> Result<Exit, CommandError> {
    let plan = plan(arguments);
    if let Some(contender) = arguments.memory_of {
        return memory::tell(contender, plan.keys[0]);
    }
    if cfg!(debug_assertions) && !arguments.quiet {
        note("built without optimization, so these figures show nothing: build it with --release");
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
    let threads = Threads::new(plan.cores);
    let mut stopwatch = Stopwatch::new(arguments.quiet);
    let memory = memory::measure(plan);
    let plan = Plan {
        time: plan.time.saturating_sub(stopwatch.now()),
        ..plan.clone()
    };
    let mut results = sweep(&plan, &threads, &mut stopwatch)?;
    results.memory = memory;
    drop(stopwatch);
    tell(arguments, &results, baseline.as_ref())
}

fn tell(
    arguments: &BenchArguments,
    results: &Results,
    baseline: Option<&Baseline>,
) -> Result<Exit, CommandError> {
    if let Some(file) = &arguments.svg {
        fs::write(file, svg(results)).map_err(|source| CommandError::Write {
            path: file.clone(),
            source,
        })?;
    }
    let changes = baseline.map(|baseline| baseline.changes(results, limit(arguments)));
    if arguments.json {
        print_json(results.to_json(), changes.as_ref())?;
    } else {
        print_text(results, changes.as_ref())?;
    }
    Ok(exit(changes.as_ref()))
}

/// The ratio to the baseline that nothing may exceed.
fn limit(arguments: &BenchArguments) -> Option<f64> {
    arguments.fail_over.map(|growth| 1.0 + growth)
}

fn print_json(mut results: Value, changes: Option<&Changes>) -> Result<(), CommandError> {
    results["changes"] = changes.map(Changes::to_json).into();
    results["not_compared"] = changes.map(Changes::not_compared).into();
    print(format_args!("{results:#}\n"))
}

fn print_text(results: impl Display, changes: Option<&Changes>) -> Result<(), CommandError> {
    print(results)?;
    match changes {
        Some(changes) => print(format_args!("\n{changes}")),
        None => Ok(()),
    }
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
        cores: arguments.workers.get(),
        time: arguments.time,
    }
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
