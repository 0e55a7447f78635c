//! Remarks on a pipeline that goes well and may not be meant so.

use std::time::Duration;

use engine::{Grid, Trigger};
use scenario::{Entry, Pipeline, Program, Scenario, Source, Step, duration, taken_at};
use simulator::{UntimedLines, source_of, stop_time};

use crate::Case;

/// The fewest batches of a window of which it is said that all are read for each window.
const REREAD_MIN: u128 = 10_000;

/// The remarks on a pipeline: on a program that Spark would not run so, on lines that it never counts, and on work that
/// another one would spare. Each is one line, which names the file or the pipeline.
pub fn hints(case: &Case, pipeline: &Pipeline) -> Vec<String> {
    let name = &pipeline.name;
    let file = case.file.display();
    let mut hints = Vec::from_iter(rows_of_no_spark(&case.scenario, pipeline));
    if is_starved(case, pipeline) {
        let spark = match case.scenario.cluster.executors {
            Some(_) => "its receiver takes that core",
            None => "in Spark a receiver, as of `socketTextStream`, takes that core",
        };
        hints.push(format!(
            "{file}: pipeline `{name}` has `cores = 1`: {spark}, and no batch ever runs; take 2 or more"
        ));
    }
    if let (Program::Python(_), Some(_)) = (&pipeline.program, case.scenario.cluster.memory) {
        hints.push(format!(
            "{file}: pipeline `{name}` is a program, whose states are not counted against `memory`"
        ));
    }
    if let Some(mut untimed) = UntimedLines::find(&case.scenario, pipeline) {
        untimed.line = case.lines.of_entry(untimed.entry);
        hints.push(format!("{file}: pipeline `{name}`: {untimed}"));
    }
    if let Some(unread) = unread_lines(case) {
        hints.push(format!("{file}: pipeline `{name}`: {unread}"));
    }
    if let Some(lost) = lost_lines(case, pipeline) {
        hints.push(format!("{file}: pipeline `{name}`: {lost}"));
    }
    if let Some(batches) = reread_batches(&case.scenario, pipeline) {
        hints.push(format!(
            "{file}: pipeline `{name}` reads all {batches} batches of a window for each window; \
             `reduce_by_key_and_window` reads those that come and leave"
        ));
    }
    hints
}

/// The remark on a run with this seed that is not as the scenario expects it.
pub fn seed_of_failure(case: &Case, seed: u64) -> Option<String> {
    (seed != 0 && case.is_drawn()).then(|| {
        format!(
            "with --seed {seed} `generate` draws other lines than with seed 0, which the expectations of {} may be \
             written for",
            case.file.display()
        )
    })
}

/// The remark on rows that are those of no Spark.
pub fn rows_of_no_spark(scenario: &Scenario, pipeline: &Pipeline) -> Option<String> {
    let has_mapped = pipeline.program.mapped_totals().next().is_some();
    let is_own = has_mapped && !scenario.profile_of(pipeline).is_jvm();
    is_own.then(|| {
        format!(
            "no PySpark has mapWithState, so that the rows of `{}` are Millrace's own; with the profile jvm they \
             are Spark's",
            pipeline.name
        )
    })
}

/// The remark on lines for a source that none of the pipelines has. The sources of a
/// program of the user's own are known when it runs.
fn unread_lines(case: &Case) -> Option<String> {
    let is_own = |it: &Pipeline| matches!(it.program, Program::Python(_) | Program::Rust(_));
    if case.scenario.pipelines.iter().any(is_own) {
        return None;
    }
    let pipelines = case.scenario.pipelines.iter();
    let mut sources: Vec<&str> = pipelines
        .flat_map(|it| case.scenario.streams_of(&it.program))
        .collect();
    sources.dedup();
    let is_unread =
        |it: &Entry| it.last_line().is_some() && !sources.iter().any(|source| it.is_for(source));
    let first = case.scenario.timeline.iter().position(is_unread)?;
    let stream = case.scenario.timeline[first].stream.as_deref()?;
    let line = case.lines.of_entry(first);
    let line = line.map_or_else(String::new, |line| format!(", as on line {line}"));
    let are = match &*sources {
        [_] => "its source is",
        _ => "there are",
    };
    let sources = sources.iter().map(|it| format!("`{it}`"));
    let sources = sources.collect::<Vec<_>>().join(", ");
    Some(format!(
        "lines for `{stream}` are read by no pipeline{line}: {are} {sources}, which entries without `stream` reach"
    ))
}

/// The remark on lines that arrive when the program has printed for the last time.
fn lost_lines(case: &Case, pipeline: &Pipeline) -> Option<String> {
    match &pipeline.program {
        Program::Structured(structured) => {
            lost_to_the_end(case, structured.trigger, structured.source)
        }
        Program::Stateless { window, .. } => {
            lost_to_windows(&case.scenario, window.as_ref()?.slide)
        }
        Program::Steps(steps) => {
            let printed = steps.iter().position(Step::is_output)?;
            let slide = steps[..printed].iter().rev().find_map(Step::slide)?;
            lost_to_windows(&case.scenario, slide)
        }
        Program::UpdateState { .. }
        | Program::MapWithState(_)
        | Program::Python(_)
        | Program::Rust(_) => None,
    }
}

/// The remark on lines of a query that ends after what it finds at its start.
fn lost_to_the_end(case: &Case, trigger: Trigger, source: Source) -> Option<String> {
    let word = match trigger {
        Trigger::Once => "once",
        Trigger::AvailableNow => "available_now",
        Trigger::Default | Trigger::ProcessingTime(_) => return None,
    };
    let is_lost = |entry: &Entry| {
        let last = entry.last_line();
        last.is_some_and(|at| source == Source::Socket || !at.is_zero())
    };
    let first = case.scenario.timeline.iter().position(is_lost)?;
    let line = case.lines.of_entry(first);
    let line = line.map_or_else(String::new, |line| format!(", as on line {line}"));
    Some(match source {
        Source::Memory | Source::Direct => format!(
            "lines after 0s are never counted{line}: `trigger = \"{word}\"` takes those that are there at the start"
        ),
        Source::Socket => format!(
            "no line is counted: with `trigger = \"{word}\"` the only micro-batch over a socket is empty"
        ),
    })
}

/// The remark on lines after the last window that is printed by a stream with this slide.
fn lost_to_windows(scenario: &Scenario, slide: Duration) -> Option<String> {
    let clock = &scenario.clock;
    let last = scenario
        .timeline
        .iter()
        .filter_map(Entry::last_line)
        .max()?;
    let taken = taken_at(last, clock.start, clock.interval, None)?;
    let first_batch = Grid::every(clock.interval).after(clock.start)?;
    let zero = first_batch.checked_sub(clock.interval)?;
    let windows = stop_time(scenario).since(zero).as_millis() / slide.as_millis();
    let last_end = zero.checked_add(slide.checked_mul(u32::try_from(windows).ok()?)?)?;
    let next = last_end.checked_add(slide)?.since(clock.start);
    (clock.start.checked_add(taken)? > last_end).then(|| {
        let [last, next] = [last, next].map(duration::print);
        format!(
            "its last lines, at {last}, are in no window: the next one ends at {next}, after the run; \
             `stop = \"{next}\"` in `[clock]` plays it"
        )
    })
}

/// True of a source without a receiver, on executors.
fn is_received_by_none(case: &Case, pipeline: &Pipeline) -> bool {
    case.scenario.cluster.executors.is_some() && source_of(pipeline) == Source::Direct
}

/// True if a receiver would leave no core for the jobs. A query has none.
fn is_starved(case: &Case, pipeline: &Pipeline) -> bool {
    let is_stream = !matches!(pipeline.program, Program::Structured(_));
    let cluster = &case.scenario.cluster;
    let cores = cluster.executors.unwrap_or(1) * cluster.cores;
    is_stream && cores == 1 && !is_received_by_none(case, pipeline)
}

/// The batches of each window that a step by key reads anew, if they are many and windows overlap. Other steps after
/// a window read each batch once.
fn reread_batches(scenario: &Scenario, pipeline: &Pipeline) -> Option<u128> {
    let Program::Steps(steps) = &pipeline.program else {
        return None;
    };
    let windows = steps
        .iter()
        .enumerate()
        .filter_map(|(index, step)| match step {
            Step::Window(window) if window.slide < window.length => Some((index, window.length)),
            _ => None,
        });
    let is_by_key = |step: &Step| {
        matches!(
            step,
            Step::ReduceByKey(_) | Step::GroupByKey(_) | Step::CountByValue(_)
        )
    };
    let is_reread = |index: usize| steps[index..].iter().any(is_by_key);
    let reread = windows.filter(|(index, _)| is_reread(*index));
    let batches =
        reread.map(|(_, length)| length.as_millis() / scenario.clock.interval.as_millis());
    batches.max().filter(|batches| *batches >= REREAD_MIN)
}
