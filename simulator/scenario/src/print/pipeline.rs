//! `[[pipeline]]` as TOML.

use std::time::Duration;

use super::cost;
use crate::keys::{
    ARGUMENTS, CHECK_PICKLE, CONF, COUNT_LINES, FOLDER, INVERSE, MAX_FILES, MODE, NAME, NUM_ROWS,
    OUTPUT, PARTITION_BY, PIPELINE_COST, PIPELINE_PROFILE, PYTHON_FILE, ProgramMode, QUERY,
    REFUSED, RUST, SINK, SINK_FORMAT, SINK_OPTIONS, SLIDE, SOURCE, SQL, STEPS, STRICT, TRIGGER,
    TRUNCATE, UPDATE, WATERMARK, WINDOW,
};
use crate::language::{Items, long_text};
use crate::steps::{INITIAL, write_mapped_totals, write_window};
use crate::{NamedSink, Pipeline, Program, QuerySink, SparkVersion, Step, Structured, Update};

/// The keys of a pipeline; `interval` is the batch interval.
pub(super) fn items(pipeline: &Pipeline, interval: Duration) -> Items {
    let mut items = Items::on_slide(interval);
    items.set(&NAME, &pipeline.name);
    let profile = pipeline.profile.map(|it| it.on(SparkVersion::V3_5));
    items.set_some(&PIPELINE_PROFILE, profile.as_ref());
    if let Some(own) = &pipeline.cost {
        items.set_toml(&PIPELINE_COST, cost::items(own).inline());
    }
    match &pipeline.program {
        Program::Stateless { window, source } => {
            items.set(&MODE, &ProgramMode::Stateless);
            if let Some(window) = window {
                write_window(&mut items, &WINDOW, &SLIDE, (*window).into());
                items.set_unless_default(&INVERSE, &window.inverse);
            }
            items.set_unless_default(&SOURCE, source);
        }
        Program::UpdateState {
            update,
            initial,
            source,
        } => {
            items.set(&MODE, &ProgramMode::UpdateState);
            items.set_unless_default(&UPDATE, update);
            if !initial.is_empty() {
                items.set(&INITIAL, initial);
            }
            items.set_unless_default(&SOURCE, source);
        }
        Program::MapWithState(program) => {
            items.set(&MODE, &ProgramMode::MapWithState);
            if let Some(total) = program.totals.drop_at {
                items.set(&UPDATE.key, &Update::DropAt(total));
            }
            write_mapped_totals(&mut items, &program.totals);
            items.set_unless_default(&SOURCE, &program.source);
        }
        Program::Structured(structured) => set_structured(&mut items, structured),
        Program::Steps(steps) => items.set_toml(&STEPS, print_steps(steps, interval)),
        Program::Python(program) => {
            items.set(&PYTHON_FILE, &program.file);
            if !program.arguments.is_empty() {
                items.set(&ARGUMENTS, &program.arguments);
            }
            items.set_unless_default(&STRICT, &program.strict);
            items.set_unless_default(&CHECK_PICKLE, &program.check_pickle);
        }
        Program::Rust(name) => items.set(&RUST, name),
    }
    items.set_unless_default(&COUNT_LINES, &pipeline.count_lines);
    items
}

fn set_structured(items: &mut Items, structured: &Structured) {
    items.set(&MODE, &ProgramMode::Structured);
    if let Some(sql) = &structured.sql {
        items.set_toml(&SQL, long_text(sql));
    }
    items.set_some(&REFUSED, structured.refused.as_ref());
    items.set_unless_default(&CONF, &structured.conf);
    if let Some(event_time) = &structured.event_time {
        items.set(&WINDOW, &event_time.window);
        items.set_some(&WATERMARK, event_time.watermark.as_ref());
    }
    items.set_unless_default(&QUERY, &structured.query);
    items.set_unless_default(&OUTPUT, &structured.output);
    items.set_unless_default(&TRIGGER, &structured.trigger);
    items.set_unless_default(&NUM_ROWS, &structured.num_rows);
    items.set_unless_default(&TRUNCATE, &structured.truncate);
    items.set_unless_default(&SOURCE, &structured.source);
    items.set_some(&FOLDER, structured.folder.as_ref());
    match &structured.sink {
        QuerySink::Named(sink) => set_named_sink(items, sink),
        sink => items.set_unless_default(&SINK, sink),
    }
    items.set_some(&MAX_FILES, structured.max_files_per_trigger.as_ref());
}

fn set_named_sink(items: &mut Items, sink: &NamedSink) {
    items.set(&SINK_FORMAT, &sink.format);
    if !sink.options.is_empty() {
        items.set(&SINK_OPTIONS, &sink.options);
    }
    if !sink.partition_by.is_empty() {
        items.set(&PARTITION_BY, &sink.partition_by);
    }
}

/// An array with a step a line; each is written on the slide of the stream that it is put on.
pub(crate) fn print_steps(steps: &[Step], interval: Duration) -> String {
    let mut slide = interval;
    let mut lines = vec!["[".to_owned()];
    for step in steps {
        lines.push(format!("  {},", step.print(slide)));
        slide = step.slide().unwrap_or(slide);
    }
    lines.push("]".to_owned());
    lines.join("\n")
}
