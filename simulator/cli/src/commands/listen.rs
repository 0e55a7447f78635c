//! `millrace listen`: a pipeline on the system clock and a real socket.

use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::{Machine, Reader};
use engine_live::{Live, Notice};
use report::{Console, Json, Zone};
use scenario::{Pipeline, Program, Scenario, Trigger};
use simulator::{Feed, compile};
use snapshots::read_scenario;

use crate::args::ListenArguments;
use crate::commands::address;
use crate::commands::word_counts::word_counts;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::failures::Failures;
use crate::select::find_pipeline;
use crate::terminal::{Output, note};

/// Runs the pipeline until it is stopped.
pub(crate) fn listen(arguments: &ListenArguments) -> Result<Exit, CommandError> {
    let (host, port) = address::parse(&arguments.address)?;
    let (scenario, pipeline) = chosen(arguments)?;
    let machine =
        compile(&scenario, &pipeline, &Feed::Socket { host, port }).map_err(|source| {
            CommandError::Compile {
                pipeline: pipeline.name.clone(),
                source,
            }
        })?;
    if arguments.json {
        let mut json = Json::new(&pipeline.name, Output::new()).flush_each_event(true);
        let exit = drive(arguments, machine, &mut json)?;
        json.finish()
            .and_then(|mut output| output.flush())
            .map_err(CommandError::Output)?;
        Ok(exit)
    } else {
        let profile = pipeline.profile.unwrap_or(scenario.console.profile);
        let mut console =
            Console::new(profile, Zone::system(), Output::new()).flush_each_batch(true);
        let exit = drive(arguments, machine, &mut console)?;
        console
            .finish()
            .and_then(|mut output| output.flush())
            .map_err(CommandError::Output)?;
        Ok(exit)
    }
}

fn drive(
    arguments: &ListenArguments,
    machine: Box<dyn Machine>,
    reader: &mut dyn Reader,
) -> Result<Exit, CommandError> {
    let quiet = arguments.quiet;
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&is_interrupted);
    let live = Live::new()
        .workers(arguments.workers.get())
        .line_limit(arguments.line_limit.get())
        .notices(move |notice| {
            if notice == Notice::StoppingAtOnce {
                interrupted.store(true, Ordering::Relaxed);
            }
            tell(&notice, quiet);
        });
    let mut failures = Failures::default();
    live.run(machine, &mut (reader, &mut failures))?;
    let exit = failures.finish();
    Ok(if is_interrupted.load(Ordering::Relaxed) {
        Exit::Interrupted
    } else {
        exit
    })
}

/// Says what goes on outside; data that is lost is told also to those who want quiet.
pub(crate) fn tell(notice: &Notice, quiet: bool) {
    if !quiet || matches!(notice, Notice::LineTooLong { .. }) {
        note(notice);
    }
}

/// The pipeline that was asked for, with the settings it runs under.
fn chosen(arguments: &ListenArguments) -> Result<(Scenario, Pipeline), CommandError> {
    if let Some(file) = &arguments.scenario {
        let scenario = read_scenario(file).map_err(|error| CommandError::Read(vec![error]))?;
        let mut pipeline = find_pipeline(&scenario, arguments.pipeline.as_deref())?.clone();
        if arguments.exact_timeouts {
            pipeline.program.make_timeouts_exact();
        }
        return Ok((scenario, pipeline));
    }
    let mut scenario = word_counts();
    let mut pipeline = find_pipeline(&scenario, Some(arguments.mode.name()))?.clone();
    apply(arguments, &mut scenario, &mut pipeline);
    Ok((scenario, pipeline))
}

/// Sets what the command line says; the rest is as a scenario has it.
fn apply(arguments: &ListenArguments, scenario: &mut Scenario, pipeline: &mut Pipeline) {
    scenario.console.profile = arguments.profile.into();
    scenario.cluster.cores = arguments.cores.get();
    if let Some(interval) = arguments.interval {
        scenario.clock.interval = interval;
    }
    if let Some(rows) = arguments.rows {
        scenario.console.rows = rows.get();
    }
    if let Program::Structured(structured) = &mut pipeline.program {
        structured.output = arguments
            .output
            .map_or(structured.output, scenario::OutputMode::from);
        structured.trigger = arguments
            .interval
            .map_or(Trigger::Default, Trigger::ProcessingTime);
        structured.num_rows = arguments
            .rows
            .map_or(structured.num_rows, NonZeroUsize::get);
    }
}
