//! `[[pipeline]]`: a name, and a program by its mode or by its steps.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::time::Duration;

use engine::SparkVersion;

use super::{cost, settings, steps, structured};
use crate::keys::{
    ARGUMENTS, CHECK_PICKLE, COUNT_LINES, INVERSE, MODE, MODES, NAME, PIPELINE, PIPELINE_PROFILE,
    PIPELINES, PYTHON_FILE, ProgramMode, RUST, SLIDE, SOURCE, STEPS, STRICT, UPDATE, WINDOW,
};
use crate::language::{AnyKey, KeyText, Slide, TableReader};
use crate::quote::{list, quote};
use crate::steps::{INITIAL, SlidingWindow, TIMEOUT, read_mapped_totals, read_window};
use crate::{Code, MapWithState, Pipeline, Program, PythonProgram, Update, Window};

/// A file name made of a longer one may not fit a file system.
const NAME_MAX: usize = 100;

pub(super) fn lower(
    top: &TableReader,
    interval: Option<Duration>,
    spark: SparkVersion,
) -> Vec<Pipeline> {
    if let Some(written) = top.written(&PIPELINES) {
        written.report_empty("there is no pipeline", "empty", "");
    }
    let mut names = BTreeMap::new();
    let slide = Slide {
        duration: interval,
        ..top.slide()
    };
    let lower = |table: TableReader| {
        let pipeline = Pipeline {
            name: name(&table, &mut names),
            profile: settings::profile(&table, &PIPELINE_PROFILE, spark),
            count_lines: table.get_or_default(&COUNT_LINES),
            cost: cost::of_pipeline(&table),
            program: program(&table.with_slide(slide)),
        };
        cost::check(top, &pipeline, &table);
        pipeline
    };
    top.tables(&PIPELINES).into_iter().map(lower).collect()
}

/// The program of a pipeline that is written otherwise now.
pub(super) fn changed(pipeline: &TableReader, interval: Duration) -> Program {
    let slide = Slide {
        duration: Some(interval),
        ..pipeline.slide()
    };
    program(&pipeline.with_slide(slide))
}

/// A name as it was written first, and where.
struct FirstName {
    name: String,
    span: Range<usize>,
}

/// The name, which no other pipeline may have in upper or lower case: some file systems know no case.
fn name(pipeline: &TableReader, names: &mut BTreeMap<String, FirstName>) -> String {
    let Some(name) = pipeline.spanned(&NAME) else {
        return String::new();
    };
    let span = name.span();
    let name = name.into_inner();
    if !is_file_name(&name) {
        let message = format!("{} cannot name a pipeline", quote(&name));
        let mistake = Code::BadName.at(span, message).label("not a file name");
        let help =
            "a file is named after it: 1 to 100 letters (a to z, A to Z), digits, `_` and `-`";
        pipeline.push(mistake.help(help));
        return name;
    }
    match names.entry(name.to_ascii_lowercase()) {
        Entry::Vacant(entry) => {
            entry.insert(FirstName {
                name: name.clone(),
                span,
            });
        }
        Entry::Occupied(first) => {
            let message = format!("two pipelines are called {}", quote(&name));
            let mistake = Code::DuplicateName.at(span, message).label("the second");
            let help = if first.get().name == name {
                "each pipeline has a name of its own"
            } else {
                "names differ in more than case, as each names a file"
            };
            pipeline.push(
                mistake
                    .also(first.get().span.clone(), "the first")
                    .help(help),
            );
        }
    }
    name
}

fn is_file_name(name: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (1..=NAME_MAX).contains(&name.len()) && name.chars().all(is_safe)
}

fn program(pipeline: &TableReader) -> Program {
    let keys: [&dyn AnyKey; 4] = [&MODE, &STEPS, &PYTHON_FILE, &RUST];
    let given = keys
        .into_iter()
        .filter_map(|key| Some((key.name(), pipeline.key_span(key)?)));
    let program = match &*given.collect::<Vec<_>>() {
        [] if keys.into_iter().any(|key| pipeline.has(key)) => None,
        [] => {
            let message = "a pipeline needs `mode`, `steps`, `program` or `rust`";
            let mistake = Code::MissingKey.at(pipeline.span(), message);
            let [mode, steps] = [MODE.text.example, STEPS.text.example];
            let help = format!("for example `{mode}`, or `{steps}`");
            pipeline.push(mistake.label("has none of them").help(help));
            None
        }
        [(name, _)] if *name == MODE.text.name => of_mode(pipeline),
        [(name, _)] if *name == PYTHON_FILE.text.name => {
            report_foreign(pipeline, None, "`program`", OWN_OPTIONS);
            python(pipeline)
        }
        [(name, _)] if *name == RUST.text.name => {
            report_foreign(pipeline, None, "`rust`", OWN_OPTIONS);
            pipeline.report_needs(|key| key.modes.is_empty());
            pipeline.get(&RUST).map(Program::Rust)
        }
        [_] => {
            let help = "what a mode does by options, `steps` do by steps";
            report_foreign(pipeline, None, "`steps`", help);
            pipeline.report_needs(|key| key.modes.is_empty());
            Some(Program::Steps(steps::lower(pipeline)))
        }
        [(first, first_span), (second, span), ..] => {
            let message = format!("a pipeline has `{first}` or `{second}`, not both");
            let mistake = Code::ModeOrSteps.at(span.clone(), message);
            let mistake = mistake
                .label(format!("and `{second}`"))
                .also(first_span.clone(), format!("has `{first}`"));
            pipeline.push(mistake.help("a second `[[pipeline]]` may have the other"));
            None
        }
    };
    program.unwrap_or_else(|| {
        check_options(pipeline);
        Program::Steps(Vec::new())
    })
}

/// The help for an option of a mode beside a program of a user's own.
const OWN_OPTIONS: &str = "the program does that itself";

/// The extension of a program's file.
const PYTHON_EXTENSION: &str = ".py";

/// A program in a file that is found on every machine on which the scenario is.
fn python(pipeline: &TableReader) -> Option<Program> {
    let arguments = pipeline.get(&ARGUMENTS).unwrap_or_default();
    let file = pipeline.spanned(&PYTHON_FILE)?;
    let path = file.get_ref();
    let is_absolute = path.starts_with('/') || path.contains([':', '\\']);
    let problem = if is_absolute {
        Some("is no path from the folder of the scenario, with `/` between folders")
    } else if !path.ends_with(PYTHON_EXTENSION) || path.contains('\0') {
        Some("is no file of Python")
    } else {
        None
    };
    if let Some(problem) = problem {
        let message = format!("{} {problem}", quote(path));
        let mistake = Code::BadPath.at(file.span(), message);
        let help = format!("for example\n{}", PYTHON_FILE.text.example);
        pipeline.push(mistake.label("not such a file").help(help));
        return None;
    }
    Some(Program::Python(PythonProgram {
        file: file.into_inner(),
        arguments,
        strict: pipeline.get_or_default(&STRICT),
        check_pickle: pipeline.get_or_default(&CHECK_PICKLE),
    }))
}

/// Reports mistaken values of the options of a pipeline whose mode is not known.
fn check_options(pipeline: &TableReader) {
    let options = pipeline
        .present()
        .filter(|(key, _)| !key.text().modes.is_empty());
    for (key, _) in options {
        if let Some(written) = pipeline.written(key) {
            key.check(&written);
        }
    }
}

/// True if a key belongs to pipelines of this mode, or to those of `steps`.
fn belongs(key: &KeyText, mode: Option<ProgramMode>) -> bool {
    let word = mode.and_then(|mode| MODES.word(&mode));
    key.modes.is_empty() || word.is_some_and(|word| key.modes.contains(&word))
}

/// Reports options of another mode than this one, or of any mode if there is none. `owner` is the way in which
/// the program is given, in words.
fn report_foreign(pipeline: &TableReader, mode: Option<ProgramMode>, owner: &str, help: &str) {
    for (key, span) in pipeline.present() {
        let key = key.text();
        if belongs(key, mode) {
            continue;
        }
        let modes = list(key.modes.iter().copied());
        let message = format!("`{}` belongs to mode {modes}, not to {owner}", key.name);
        let mistake = Code::WrongMode.at(span, message);
        let label = format!("not an option of {owner}");
        pipeline.push(mistake.label(label).help(help));
    }
}

/// The program of a mode; `None` if there is no such mode.
fn of_mode(pipeline: &TableReader) -> Option<Program> {
    let mode = pipeline.get(&MODE)?;
    let owner = format!("mode `{}`", MODES.word(&mode).unwrap_or_default());
    let keys = PIPELINE.keys.iter().map(|key| key.text());
    let options = keys.filter(|key| !key.modes.is_empty() && belongs(key, Some(mode)));
    let options = list(options.map(|key| key.name));
    let help = format!("options of {owner}: {options}");
    report_foreign(pipeline, Some(mode), &owner, &help);
    pipeline.report_needs(|key| belongs(key, Some(mode)));
    Some(with_options(pipeline, mode))
}

fn with_options(pipeline: &TableReader, mode: ProgramMode) -> Program {
    let source = pipeline.get_or_default(&SOURCE);
    match mode {
        ProgramMode::Stateless => Program::Stateless {
            window: window(pipeline),
            source,
        },
        ProgramMode::UpdateState => Program::UpdateState {
            update: pipeline.get_or_default(&UPDATE),
            initial: pipeline.get(&INITIAL).unwrap_or_default(),
            source,
        },
        ProgramMode::MapWithState => Program::MapWithState(MapWithState {
            totals: read_mapped_totals(pipeline, drop_at(pipeline)),
            source,
        }),
        ProgramMode::Structured => Program::Structured(structured::lower(pipeline)),
    }
}

fn window(pipeline: &TableReader) -> Option<Window> {
    let inverse = pipeline.get_or_default(&INVERSE);
    let SlidingWindow { length, slide } = read_window(pipeline, &WINDOW, &SLIDE)?;
    Some(Window {
        length,
        slide,
        inverse,
    })
}

/// The total at which `map_with_state` removes a key. It is not asked about idle keys.
fn drop_at(pipeline: &TableReader) -> Option<i64> {
    let update = pipeline.spanned(&UPDATE.key)?;
    match update.get_ref() {
        Update::Sum => None,
        Update::DropAt(total) => Some(*total),
        Update::DropIdle => {
            let message = "`map_with_state` is not asked about idle keys";
            let mistake = Code::WrongMode.at(update.span(), message);
            let help = format!("let them time out: `{}`", TIMEOUT.text.example);
            pipeline.push(mistake.label("would never drop any").help(help));
            None
        }
    }
}
