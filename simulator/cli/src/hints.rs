//! Remarks on a pipeline that goes well and may not be meant so.

use scenario::{Pipeline, Program, Scenario};
use simulator::UntimedLines;
use suite::Case;

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
