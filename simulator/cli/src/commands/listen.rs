//! `millrace listen`: a pipeline on the system clock and a real socket.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::{DriverEvent, Event, Machine, Reader, Time};
use engine_live::{Live, LiveDiagnostic};
use engine_storage::Place;
use report::{Console, FailureLines, Json, Zone, remark};
use scenario::{Pipeline, Profile, Program, Scenario, Trigger};
use simulator::{PipelineSource, Saved, compile_from};
use suite::{Case, rows_of_no_spark};

use crate::args::ListenArguments;
use crate::commands::address;
use crate::commands::word_counts::word_counts;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::failures::Failures;
use crate::printer::Printer;
use crate::select::find_pipeline;
use crate::terminal::{StandardOutput, print_hint, print_note};

/// Runs the pipeline until it is stopped.
pub(crate) fn listen(arguments: &ListenArguments) -> Result<Exit, CommandError> {
    let (host, port) = address::parse(&arguments.source.address)?;
    let (mut scenario, pipeline) = chosen(arguments)?;
    if arguments.write_ahead_log && matches!(pipeline.program, Program::Structured(_)) {
        return Err(CommandError::NoRecordLog(pipeline.name));
    }
    let source = PipelineSource::Socket { host, port };
    // The folder of a scenario is played; a live one is that of the command line.
    scenario.cluster.checkpoint = None;
    let folder = match &arguments.checkpoint {
        Some(path) => {
            scenario.cluster.checkpoint = Some(path.display().to_string());
            scenario.cluster.write_ahead_log |= arguments.write_ahead_log;
            Some(Place::open(&path.to_string_lossy()).map_err(CommandError::checkpoint(path))?)
        }
        None => None,
    };
    let saved = folder
        .as_ref()
        .map(|folder| Saved::read(&pipeline, folder.clone()));
    let saved = saved
        .transpose()
        .map_err(CommandError::checkpoint(&folder_of(arguments)))?;
    let machine = compile_from(&scenario, &pipeline, &source, saved)
        .map_err(CommandError::compile(&pipeline))?;
    if !arguments.events.quiet {
        let hint = rows_of_no_spark(&scenario, &pipeline);
        hint.into_iter().for_each(print_hint);
    }
    let profile = scenario.profile_of(&pipeline);
    let failures = Failures::new(FailureLines::new(profile, Zone::system()));
    let output = StandardOutput::of_live(failures.exit());
    let printer = if arguments.events.json {
        Printer::Json(Json::new(&pipeline.name, output).flush_each_event(true))
    } else {
        let console = Console::new(profile, Zone::system(), output)
            .show_remarks(false)
            .show_saved(false);
        Printer::Console(console.flush_each_batch(true))
    };
    run(arguments, machine, folder, printer, failures)
}

fn folder_of(arguments: &ListenArguments) -> PathBuf {
    arguments.checkpoint.clone().unwrap_or_default()
}

fn run(
    arguments: &ListenArguments,
    machine: Box<dyn Machine>,
    folder: Option<Place>,
    mut printer: Printer,
    mut failures: Failures,
) -> Result<Exit, CommandError> {
    let quiet = arguments.events.quiet;
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&is_interrupted);
    let mut live = Live::new()
        .workers(arguments.workers.get())
        .line_limit(arguments.source.line_limit)
        .on_diagnostic(move |diagnostic| {
            if diagnostic == LiveDiagnostic::StoppingAtOnce {
                interrupted.store(true, Ordering::Relaxed);
            }
            print_diagnostic(&diagnostic, quiet);
        });
    if let Some(folder) = folder {
        live = live.checkpoint(folder);
    }
    if arguments.replay {
        live = live.replay();
    }
    let mut remarks = Remarks { quiet };
    // A failure counts before the line that reports it, which may end the program.
    live.run(machine, &mut (&mut remarks, (&mut failures, &mut printer)))?;
    let exit = failures.finish();
    printer.finish()?;
    Ok(if is_interrupted.load(Ordering::Relaxed) {
        Exit::Interrupted
    } else {
        exit
    })
}

/// Says on standard error what a program does after a crash, and what of its checkpoints is lost.
struct Remarks {
    quiet: bool,
}

impl Reader for Remarks {
    fn read(&mut self, _: Time, event: &Event) {
        let clock = |time: Time| {
            let mut text = String::new();
            Zone::system().write_batch_time(Profile::Pyspark, time, &mut text);
            text
        };
        let Event::Driver(event) = event else {
            return;
        };
        let is_whole = matches!(event, DriverEvent::Recovered { lost, .. } if lost.is_empty())
            || matches!(event, DriverEvent::QueryRecovered { .. });
        if !(is_whole && self.quiet) {
            print_note(remark(event, clock));
        }
    }
}

/// Prints a diagnostic of the live world; with `--quiet` only one of lost data.
pub(crate) fn print_diagnostic(diagnostic: &LiveDiagnostic, quiet: bool) {
    if !quiet || matches!(diagnostic, LiveDiagnostic::LineTooLong { .. }) {
        print_note(diagnostic);
    }
}

/// The pipeline that was asked for, with the scenario whose settings it runs under.
fn chosen(arguments: &ListenArguments) -> Result<(Scenario, Pipeline), CommandError> {
    if let Some(file) = &arguments.scenario {
        let case = Case::read(file).map_err(|error| CommandError::Read(vec![error]))?;
        let scenario = case.scenario;
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

/// Sets what the command line says; the rest keeps the defaults of a scenario.
fn apply(arguments: &ListenArguments, scenario: &mut Scenario, pipeline: &mut Pipeline) {
    scenario.spark = arguments.spark;
    scenario.console.profile = arguments.profile;
    scenario.cluster.cores = arguments.cores.get();
    if let Some(interval) = arguments.interval {
        scenario.clock.interval = interval;
    }
    if let Some(rows) = arguments.rows {
        scenario.console.rows = rows.get();
    }
    if let Program::Structured(structured) = &mut pipeline.program {
        structured.output = arguments.output.unwrap_or(structured.output);
        structured.trigger = arguments
            .interval
            .map_or(Trigger::Default, Trigger::ProcessingTime);
        structured.num_rows = arguments
            .rows
            .map_or(structured.num_rows, NonZeroUsize::get);
    }
}
