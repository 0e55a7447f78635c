//! Remarks on a run that goes well and may not be meant so, on standard error before it.

use scenario::{Pipeline, Program};
use simulator::UntimedLines;
use suite::Case;

use crate::terminal::print_note;

/// Prints the hints about a pipeline.
pub(crate) fn print_hints(case: &Case, pipeline: &Pipeline) {
    let name = &pipeline.name;
    let file = case.file.display();
    if is_starved(case, pipeline) {
        print_note(format_args!(
            "{file}: pipeline `{name}` has `cores = 1`: in Spark a receiver, as of `socketTextStream`, takes that core, \
             and no batch ever runs; take 2 or more"
        ));
    }
    if let Some(mut untimed) = UntimedLines::find(&case.scenario, pipeline) {
        untimed.line = case.lines.of_entry(untimed.entry);
        print_note(format_args!("{file}: pipeline `{name}`: {untimed}"));
    }
}

/// True if a receiver would leave no core for the jobs. A query has none.
fn is_starved(case: &Case, pipeline: &Pipeline) -> bool {
    let is_stream = !matches!(pipeline.program, Program::Structured(_));
    is_stream && case.scenario.cluster.cores == 1
}
