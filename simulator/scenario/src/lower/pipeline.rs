//! `[[pipeline]]`: a name, and a program by its mode or by its steps.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::Fields;
use super::steps;
use super::value::{self, in_order};
use super::window::{self, Grid, WindowKeys};
use crate::diagnostic::{Code, Draft};
use crate::quote::{list, quote};
use crate::words::{
    DROP_AT, EMIT, EMITS, INITIAL, INVERSE, Key, MODE, MODES, Mode, NAME, NUM_ROWS, OUTPUT,
    OUTPUTS, PIPELINE, PIPELINE_PROFILE, PIPELINES, PROCESSING_TIME, PROFILES, RUST, SLIDE, SOURCE,
    SOURCES, STEPS, TIMEOUT, TIMEOUT_BATCHES, TIMEOUTS, TRIGGER, TRIGGERS, TRUNCATE, UPDATE,
    UPDATES, WATERMARK, WINDOW,
};
use crate::{
    EventTime, MapWithState, MappedTotals, Output, Pipeline, Program, Structured, Trigger, Update,
};

/// A file name made of a longer one may not fit a file system.
const NAME_MAX: usize = 100;

pub(super) fn lower(top: &Fields, interval: Option<Duration>) -> Vec<Pipeline> {
    let pipelines = top.tables(&PIPELINES);
    if let (true, Some(value)) = (pipelines.is_empty(), top.value(&PIPELINES))
        && value
            .get_ref()
            .as_array()
            .is_some_and(|array| array.is_empty())
    {
        let draft = Draft::new(Code::NothingHappens, value.span(), "there is no pipeline");
        top.push(
            draft
                .label("empty")
                .help(format!("for example\n{}", PIPELINES.example)),
        );
    }
    let mut names = BTreeMap::new();
    let grid = Grid {
        slide: interval,
        name: "the batch interval",
    };
    let lower = |pipeline: &Fields| Pipeline {
        name: name(pipeline, &mut names),
        profile: pipeline.word(&PIPELINE_PROFILE, &PROFILES),
        program: program(pipeline, grid),
    };
    pipelines.iter().map(lower).collect()
}

/// The name, which no other pipeline may have in upper or lower case: some file systems know no case.
fn name(pipeline: &Fields, names: &mut BTreeMap<String, Range<usize>>) -> String {
    let (Some(name), Some(value)) = (pipeline.text(&NAME), pipeline.value(&NAME)) else {
        return String::new();
    };
    if !is_file_name(&name) {
        let message = format!("{} cannot name a pipeline", quote(&name));
        let draft = Draft::new(Code::BadName, value.span(), message).label("not a file name");
        let help =
            "a file is named after it: 1 to 100 letters (a to z, A to Z), digits, `_` and `-`";
        pipeline.push(draft.help(help));
        return name;
    }
    match names.entry(name.to_ascii_lowercase()) {
        Entry::Vacant(entry) => {
            entry.insert(value.span());
        }
        Entry::Occupied(first) => {
            let message = format!("two pipelines are called {}", quote(&name));
            let draft = Draft::new(Code::DuplicateName, value.span(), message).label("the second");
            let help = "names differ in more than case, as each names a file";
            pipeline.push(draft.also(first.get().clone(), "the first").help(help));
        }
    }
    name
}

fn is_file_name(name: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (1..=NAME_MAX).contains(&name.len()) && name.chars().all(is_safe)
}

/// The keys by which a program may be given.
const PROGRAM_KEYS: [&Key; 3] = [&MODE, &STEPS, &RUST];

fn program(pipeline: &Fields, grid: Grid) -> Program {
    let given = PROGRAM_KEYS
        .into_iter()
        .filter_map(|key| Some((key.name, pipeline.key_span(key)?)));
    let program = match &*given.collect::<Vec<_>>() {
        [] if PROGRAM_KEYS.iter().any(|key| pipeline.has(key)) => None,
        [] => {
            let message = "a pipeline needs `mode`, `steps` or `rust`";
            let draft = Draft::new(Code::MissingKey, pipeline.span(), message);
            let help = format!("for example `{}`, or `{}`", MODE.example, STEPS.example);
            pipeline.push(draft.label("has none of them").help(help));
            None
        }
        [(name, _)] if *name == MODE.name => of_mode(pipeline, grid),
        [(name, _)] if *name == RUST.name => {
            report_foreign(pipeline, None, "`rust`", "the program does that itself");
            pipeline.text(&RUST).map(Program::Rust)
        }
        [_] => {
            let help = "what a mode does by options, `steps` do by steps";
            report_foreign(pipeline, None, "`steps`", help);
            Some(Program::Steps(steps::lower(pipeline, grid)))
        }
        [(first, first_span), (second, span), ..] => {
            let message = format!("a pipeline has `{first}` or `{second}`, not both");
            let draft = Draft::new(Code::ModeOrSteps, span.clone(), message);
            let draft = draft.label(format!("and `{second}`"));
            let help = "a second `[[pipeline]]` may have the other";
            pipeline.push(
                draft
                    .also(first_span.clone(), format!("has `{first}`"))
                    .help(help),
            );
            None
        }
    };
    program.unwrap_or(Program::Steps(Vec::new()))
}

/// Whether a key belongs to pipelines of this mode, or to those of `steps`.
fn belongs(key: &Key, mode: Option<Mode>) -> bool {
    let is_of = |mode| {
        MODES
            .word(mode)
            .is_some_and(|mode| key.modes.contains(&mode))
    };
    key.modes.is_empty() || mode.is_some_and(is_of)
}

/// Reports options of another mode than this one, or of any mode if there is none. `owner` is the way in which
/// the program is given, in words.
fn report_foreign(pipeline: &Fields, mode: Option<Mode>, owner: &str, help: &str) {
    for (key, span) in pipeline.present().filter(|(key, _)| !belongs(key, mode)) {
        let modes = list(key.modes.iter().copied());
        let message = format!("`{}` belongs to mode {modes}, not to {owner}", key.name);
        let draft = Draft::new(Code::WrongMode, span, message);
        pipeline.push(draft.label(format!("not an option of {owner}")).help(help));
    }
}

/// The program of a mode; `None` if there is no such mode.
fn of_mode(pipeline: &Fields, grid: Grid) -> Option<Program> {
    let mode = pipeline.word(&MODE, &MODES)?;
    let owner = format!("mode `{}`", MODES.word(mode).unwrap_or_default());
    let keys = PIPELINE.keys.iter();
    let options = keys.filter(|key| !key.modes.is_empty() && belongs(key, Some(mode)));
    let options = list(options.map(|key| key.name));
    let help = format!("options of {owner}: {options}");
    report_foreign(pipeline, Some(mode), &owner, &help);
    pipeline.report_needs(|key| belongs(key, Some(mode)));
    Some(with_options(pipeline, mode, grid))
}

fn with_options(pipeline: &Fields, mode: Mode, grid: Grid) -> Program {
    let source = pipeline.word_or_default(&SOURCE, &SOURCES);
    match mode {
        Mode::Stateless => {
            let keys = WindowKeys {
                length: &WINDOW,
                slide: &SLIDE,
                inverse: Some(&INVERSE),
            };
            Program::Stateless {
                window: window::lower(pipeline, &keys, grid),
                source,
            }
        }
        Mode::UpdateState => Program::UpdateState {
            update: update(pipeline, &UPDATE).unwrap_or_default(),
            initial: initial(pipeline),
            source,
        },
        Mode::MapWithState => Program::MapWithState(MapWithState {
            totals: mapped_totals(pipeline, drop_at(pipeline)),
            source,
        }),
        Mode::Structured => Program::Structured(Structured {
            event_time: event_time(pipeline),
            output: output(pipeline),
            trigger: trigger(pipeline).unwrap_or_default(),
            num_rows: pipeline.size(&NUM_ROWS),
            truncate: pipeline
                .flag(&TRUNCATE)
                .unwrap_or_else(|| TRUNCATE.default_flag()),
            source,
        }),
    }
}

/// What `map_with_state` does with a word: the keys of a pipeline and of a step have the same names.
pub(super) fn mapped_totals(fields: &Fields, drop_at: Option<i64>) -> MappedTotals {
    MappedTotals {
        drop_at,
        emit: fields.word_or_default(&EMIT, &EMITS),
        timeout: fields.duration(&TIMEOUT).map(Spanned::into_inner),
        timeouts: fields.word_or_default(&TIMEOUTS, &TIMEOUT_BATCHES),
        initial: initial(fields),
    }
}

/// An update function, a word or a table.
pub(super) fn update(fields: &Fields, key: &'static Key) -> Option<Update> {
    let value = fields.value(key)?;
    match value.get_ref() {
        DeValue::Table(_) => {
            let table = value::table(fields.sink, key, value)?;
            table.integer(&DROP_AT).map(Update::DropAt)
        }
        _ => value::word(fields.sink, key, value, &UPDATES),
    }
}

/// The total at which `map_with_state` removes a key. It is not asked about idle keys.
fn drop_at(pipeline: &Fields) -> Option<i64> {
    match update(pipeline, &UPDATE)? {
        Update::Sum => None,
        Update::DropAt(total) => Some(total),
        Update::DropIdle => {
            let span = pipeline.value(&UPDATE)?.span();
            let message = "`map_with_state` is not asked about idle keys";
            let draft = Draft::new(Code::WrongMode, span, message).label("would never drop any");
            pipeline.push(draft.help(format!("let them time out: `{}`", TIMEOUT.example)));
            None
        }
    }
}

/// Windows of event time, not longer than a number of microseconds says.
fn event_time(pipeline: &Fields) -> Option<EventTime> {
    let window = pipeline.duration(&WINDOW)?;
    if i64::try_from(window.get_ref().as_micros()).is_err() {
        let message = "`window` is longer than event time";
        let draft = Draft::new(Code::OutOfRange, window.span(), message).label("out of range");
        pipeline.push(draft.help("event time is counted in microseconds, for 292,000 years"));
    }
    Some(EventTime {
        window: window.into_inner(),
        watermark: pipeline.duration(&WATERMARK).map(Spanned::into_inner),
    })
}

/// The output mode; append output is of groups that a watermark makes final (`OM-3`).
fn output(pipeline: &Fields) -> Output {
    let output = pipeline.word_or_default(&OUTPUT, &OUTPUTS);
    let missing: Vec<&Key> = [&WINDOW, &WATERMARK]
        .into_iter()
        .filter(|key| !pipeline.has(key))
        .collect();
    if let (Output::Append, [_, ..], Some(value)) = (output, &*missing, pipeline.value(&OUTPUT)) {
        let message = "append output needs groups that are final some day (OM-3)";
        let draft = Draft::new(Code::Needs, value.span(), message);
        let names = missing.iter().map(|key| format!("`{}`", key.name));
        let names = names.collect::<Vec<_>>().join(" and ");
        let examples = missing.iter().map(|key| key.example);
        let examples = examples.collect::<Vec<_>>().join("\n");
        let draft = draft.label(format!("needs {names}"));
        pipeline.push(draft.help(format!("for example\n{examples}")));
    }
    output
}

fn trigger(pipeline: &Fields) -> Option<Trigger> {
    let value = pipeline.value(&TRIGGER)?;
    match value.get_ref() {
        DeValue::Table(_) => {
            let table = value::table(pipeline.sink, &TRIGGER, value)?;
            let interval = table.duration(&PROCESSING_TIME)?;
            Some(Trigger::ProcessingTime(interval.into_inner()))
        }
        _ => value::word(pipeline.sink, &TRIGGER, value, &TRIGGERS),
    }
}

/// Initial state: a table, or an array of pairs, in the order written.
fn initial(pipeline: &Fields) -> Vec<(String, i64)> {
    let Some(value) = pipeline.value(&INITIAL) else {
        return Vec::new();
    };
    match value.get_ref() {
        DeValue::Table(table) => initial_table(pipeline, table),
        DeValue::Array(pairs) => pairs
            .iter()
            .filter_map(|pair| initial_pair(pipeline, pair))
            .collect(),
        _ => {
            let noun = INITIAL.kind.noun();
            value::wrong_type(pipeline.sink, &INITIAL, value, noun).unwrap_or_default()
        }
    }
}

fn initial_table(pipeline: &Fields, table: &DeTable) -> Vec<(String, i64)> {
    let total = |(key, value): (&Spanned<_>, _)| {
        let total = value::integer(pipeline.sink, &INITIAL, value)?;
        let word: &str = Borrow::<str>::borrow(key);
        Some((word.to_owned(), total))
    };
    in_order(table).into_iter().filter_map(total).collect()
}

fn initial_pair(pipeline: &Fields, pair: &Spanned<DeValue>) -> Option<(String, i64)> {
    let items = pair.get_ref().as_array().map_or(&[][..], |array| array);
    let [word, total] = items else {
        return value::wrong_type(pipeline.sink, &INITIAL, pair, "pairs such as [\"blue\", 7]");
    };
    let word = value::text(pipeline.sink, &INITIAL, word);
    let total = value::integer(pipeline.sink, &INITIAL, total);
    Some((word?.to_owned(), total?))
}
