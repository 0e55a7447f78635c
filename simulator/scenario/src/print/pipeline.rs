//! `[[pipeline]]` as TOML.

use std::collections::BTreeSet;
use std::time::Duration;

use super::toml::{self, Items, text};
use crate::words::{
    ADD, AT_LEAST, COUNT, COUNT_BY_VALUE, DROP_AT, EMIT, EMITS, EQUALS, FILTER, FILTERS, FLAT_MAP,
    FLAT_MAPS, FUNCTION, GROUP_BY_KEY, INITIAL, INVERSE, Key, MAP, MAP_VALUES, MAP_WITH_STATE,
    MAPS, MODE, MODES, MULTIPLY, Mode, NAME, NUM_ROWS, OUTPUT, OUTPUTS, PIPELINE_PROFILE, PRINT,
    PROCESSING_TIME, PROFILES, REDUCE, REDUCE_BY_KEY, REDUCE_BY_KEY_AND_WINDOW, REDUCERS, RUST,
    SLIDE, SOURCE, SOURCES, STARTS_WITH, STEP_DROP_AT, STEP_WINDOW, STEPS, TEXT_CONTAINS, TIMEOUT,
    TIMEOUT_BATCHES, TIMEOUTS, TRIGGER, TRIGGERS, TRUNCATE, UPDATE, UPDATE_STATE_BY_KEY, UPDATES,
    WATERMARK, WINDOW, WINDOW_INVERSE, WINDOW_LENGTH, WINDOW_SLIDE,
};
use crate::{
    Arithmetic, MappedTotals, Pipeline, Predicate, Program, Step, Structured, Trigger, Update,
    Window, duration,
};

/// The keys of a pipeline; `interval` is the batch interval.
pub(super) fn items(pipeline: &Pipeline, interval: Duration) -> Items {
    let mut items = Items::default();
    items.set(&NAME, text(&pipeline.name));
    if let Some(profile) = pipeline.profile {
        items.set_word(&PIPELINE_PROFILE, &PROFILES, profile);
    }
    match &pipeline.program {
        Program::Stateless { window, source } => {
            items.set_word(&MODE, &MODES, Mode::Stateless);
            if let Some(window) = window {
                set_window(&mut items, [&WINDOW, &SLIDE, &INVERSE], *window, interval);
            }
            items.set_word(&SOURCE, &SOURCES, *source);
        }
        Program::UpdateState {
            update,
            initial,
            source,
        } => {
            items.set_word(&MODE, &MODES, Mode::UpdateState);
            set_update(&mut items, &UPDATE, *update);
            if !initial.is_empty() {
                items.set(&INITIAL, totals(initial));
            }
            items.set_word(&SOURCE, &SOURCES, *source);
        }
        Program::MapWithState(program) => {
            items.set_word(&MODE, &MODES, Mode::MapWithState);
            if let Some(total) = program.totals.drop_at {
                set_update(&mut items, &UPDATE, Update::DropAt(total));
            }
            set_mapped_totals(&mut items, &program.totals);
            items.set_word(&SOURCE, &SOURCES, program.source);
        }
        Program::Structured(structured) => set_structured(&mut items, structured),
        Program::Steps(steps) => items.set(&STEPS, self::steps(steps, interval)),
        Program::Rust(name) => items.set(&RUST, text(name)),
    }
    items
}

/// The keys of a pipeline and of a step have the same names.
fn set_mapped_totals(items: &mut Items, mapped: &MappedTotals) {
    if !mapped.initial.is_empty() {
        items.set(&INITIAL, totals(&mapped.initial));
    }
    items.set_word(&EMIT, &EMITS, mapped.emit);
    if let Some(timeout) = mapped.timeout {
        items.set(&TIMEOUT, text(&duration::print(timeout)));
        items.set_word(&TIMEOUTS, &TIMEOUT_BATCHES, mapped.timeouts);
    }
}

fn set_structured(items: &mut Items, structured: &Structured) {
    items.set_word(&MODE, &MODES, Mode::Structured);
    if let Some(event_time) = structured.event_time {
        items.set(&WINDOW, text(&duration::print(event_time.window)));
        if let Some(watermark) = event_time.watermark {
            items.set(&WATERMARK, text(&duration::print(watermark)));
        }
    }
    items.set_word(&OUTPUT, &OUTPUTS, structured.output);
    match structured.trigger {
        Trigger::ProcessingTime(interval) => {
            let interval = text(&duration::print(interval));
            items.set(&TRIGGER, one(&PROCESSING_TIME, interval));
        }
        trigger => items.set_word(&TRIGGER, &TRIGGERS, trigger),
    }
    items.set_unless_default(&NUM_ROWS, structured.num_rows.to_string());
    items.set_unless_default(&TRUNCATE, structured.truncate.to_string());
    items.set_word(&SOURCE, &SOURCES, structured.source);
}

/// Sets length, slide and inverse; `grid` is the slide of the stream the window is put on.
fn set_window(items: &mut Items, keys: [&Key; 3], window: Window, grid: Duration) {
    let [length, slide, inverse] = keys;
    items.set(length, text(&duration::print(window.length)));
    if window.slide != grid {
        items.set(slide, text(&duration::print(window.slide)));
    }
    items.set_unless_default(inverse, window.inverse.to_string());
}

fn set_update(items: &mut Items, key: &Key, update: Update) {
    match update {
        Update::DropAt(total) => items.set(key, one(&DROP_AT, total.to_string())),
        update => items.set_word(key, &UPDATES, update),
    }
}

/// Initial state, as a table unless a word stands twice.
fn totals(totals: &[(String, i64)]) -> String {
    let words: BTreeSet<&str> = totals.iter().map(|(word, _)| &**word).collect();
    let (open, close, items): (_, _, Vec<String>) = if words.len() == totals.len() {
        let item = |(word, total): &(String, i64)| format!("{} = {total}", toml::key(word));
        ("{ ", " }", totals.iter().map(item).collect())
    } else {
        let item = |(word, total): &(String, i64)| format!("[{}, {total}]", text(word));
        ("[", "]", totals.iter().map(item).collect())
    };
    format!("{open}{}{close}", items.join(", "))
}

fn steps(steps: &[Step], interval: Duration) -> String {
    let mut grid = interval;
    let mut lines = vec!["[".to_owned()];
    for step in steps {
        lines.push(format!("  {},", self::step(step, grid)));
        if let Step::Window { slide, .. } | Step::ReduceByKeyAndWindow(_, Window { slide, .. }) =
            step
        {
            grid = *slide;
        }
    }
    lines.push("]".to_owned());
    lines.join("\n")
}

fn step(step: &Step, grid: Duration) -> String {
    let mut items = Items::default();
    match step {
        Step::FlatMapSplit => items.set_word(&FLAT_MAP, &FLAT_MAPS, ()),
        Step::Map(function) => items.set_word(&MAP, &MAPS, *function),
        Step::Filter(predicate) => set_predicate(&mut items, predicate),
        Step::MapValues(Arithmetic::Add(n)) => items.set(&MAP_VALUES, one(&ADD, n.to_string())),
        Step::MapValues(Arithmetic::Multiply(n)) => {
            items.set(&MAP_VALUES, one(&MULTIPLY, n.to_string()));
        }
        Step::Count => items.set(&COUNT, true.to_string()),
        Step::Reduce(reducer) => items.set_word(&REDUCE, &REDUCERS, *reducer),
        Step::CountByValue => items.set(&COUNT_BY_VALUE, true.to_string()),
        Step::ReduceByKey(reducer) => items.set_word(&REDUCE_BY_KEY, &REDUCERS, *reducer),
        Step::GroupByKey => items.set(&GROUP_BY_KEY, true.to_string()),
        Step::Window { length, slide } => {
            let mut table = Items::default();
            let window = Window {
                length: *length,
                slide: *slide,
                inverse: false,
            };
            set_window(
                &mut table,
                [&WINDOW_LENGTH, &WINDOW_SLIDE, &WINDOW_INVERSE],
                window,
                grid,
            );
            items.set(&STEP_WINDOW, table.inline());
        }
        Step::ReduceByKeyAndWindow(reducer, window) => {
            let mut table = Items::default();
            table.set_word(&FUNCTION, &REDUCERS, *reducer);
            set_window(
                &mut table,
                [&WINDOW_LENGTH, &WINDOW_SLIDE, &WINDOW_INVERSE],
                *window,
                grid,
            );
            items.set(&REDUCE_BY_KEY_AND_WINDOW, table.inline());
        }
        Step::UpdateStateByKey(update) => set_update(&mut items, &UPDATE_STATE_BY_KEY, *update),
        Step::MapWithState(totals) => {
            let mut table = Items::default();
            if let Some(total) = totals.drop_at {
                table.set(&STEP_DROP_AT, total.to_string());
            }
            set_mapped_totals(&mut table, totals);
            items.set(&MAP_WITH_STATE, table.inline());
        }
        Step::Print(rows) => items.set(&PRINT, rows.to_string()),
    }
    items.inline()
}

fn set_predicate(items: &mut Items, predicate: &Predicate) {
    let table = match predicate {
        Predicate::NotEmpty => return items.set_word(&FILTER, &FILTERS, ()),
        Predicate::Equals(other) => one(&EQUALS, text(other)),
        Predicate::Contains(part) => one(&TEXT_CONTAINS, text(part)),
        Predicate::StartsWith(start) => one(&STARTS_WITH, text(start)),
        Predicate::AtLeast(least) => one(&AT_LEAST, least.to_string()),
    };
    items.set(&FILTER, table);
}

/// An inline table with one key.
fn one(key: &Key, value: String) -> String {
    let mut items = Items::default();
    items.set(key, value);
    items.inline()
}
