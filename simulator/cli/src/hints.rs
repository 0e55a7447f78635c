//! Remarks on a pipeline that goes well and may not be meant so.

use scenario::{Pipeline, Program, Scenario, Step};
use simulator::UntimedLines;
use suite::Case;

/// The fewest batches of a window of which it is said that all are read for each window.
const REREAD_MIN: u128 = 10_000;

/// The remarks on a pipeline.
pub(crate) fn hints(case: &Case, pipeline: &Pipeline) -> Vec<String> {
    let name = &pipeline.name;
    let file = case.file.display();
    let mut hints = Vec::new();
    if is_starved(case, pipeline) {
        hints.push(format!(
            "{file}: pipeline `{name}` has `cores = 1`: in Spark a receiver, as of `socketTextStream`, takes that core, \
             and no batch ever runs; take 2 or more"
        ));
    }
    if let Some(mut untimed) = UntimedLines::find(&case.scenario, pipeline) {
        untimed.line = case.lines.of_entry(untimed.entry);
        hints.push(format!("{file}: pipeline `{name}`: {untimed}"));
    }
    if let Some(batches) = reread_batches(&case.scenario, pipeline) {
        hints.push(format!(
            "{file}: pipeline `{name}` reads all {batches} batches of a window for each window; \
             `reduce_by_key_and_window` reads those that come and leave"
        ));
    }
    hints
}

/// The remark on rows that are those of no Spark.
pub(crate) fn note_on_rows(scenario: &Scenario, pipeline: &Pipeline) -> Option<String> {
    let has_mapped = pipeline.program.mapped_totals().next().is_some();
    let is_own = has_mapped && !scenario.profile_of(pipeline).is_jvm();
    is_own.then(|| {
        format!(
            "note: no PySpark has mapWithState, so that the rows of `{}` are Millrace's own; with the profile jvm they \
             are Spark's",
            pipeline.name
        )
    })
}

/// True if a receiver would leave no core for the jobs. A query has none.
fn is_starved(case: &Case, pipeline: &Pipeline) -> bool {
    let is_stream = !matches!(pipeline.program, Program::Structured(_));
    is_stream && case.scenario.cluster.cores == 1
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
