//! `millrace bench`: what the state operators cost, at the user's sizes or on the user's scenario.

mod memory;
mod pair;
mod replay;
mod stopwatch;
mod timeline;

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::path::Path;

use engine_live::Threads;
use measure::{Baseline, Changes, Plan, Results, Watch, svg, sweep};

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
    let baseline = arguments
        .baseline
        .as_deref()
        .map(|file| read_baseline(file, plan))
        .transpose()?;
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
    let limit = arguments.fail_over.map(|growth| 1.0 + growth);
    let changes = baseline.map(|baseline| baseline.changes(results, limit));
    if arguments.json {
        let mut json = results.to_json();
        json["changes"] = changes.as_ref().map(Changes::to_json).into();
        print(format_args!("{json:#}\n"))?;
    } else {
        print(results)?;
        if let Some(changes) = &changes {
            print(format_args!("\n{changes}"))?;
        }
    }
    Ok(match changes {
        Some(changes) if changes.exceed() => Exit::Differs,
        _ => Exit::Success,
    })
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

fn read_baseline(file: &Path, plan: &Plan) -> Result<Baseline, CommandError> {
    let path = || file.to_owned();
    let text = fs::read_to_string(file).map_err(|source| CommandError::ReadFile {
        path: path(),
        source,
    })?;
    let baseline = Baseline::parse(&text).and_then(|baseline| {
        baseline.fits(plan)?;
        Ok(baseline)
    });
    baseline.map_err(|source| CommandError::Baseline {
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
