//! Modules of the engine use only the modules before them.

use std::collections::BTreeMap;

use crate::code::code;
use crate::files::{Source, read, sources};

const ENGINE: &str = "engine/core/src/";

/// The modules of the engine, from the bottom up. Those of one line do not use each other.
const ORDER: [&[&str]; 13] = [
    &[
        "counters",
        "data",
        "ids",
        "lock",
        "output_mode",
        "profile",
        "rules",
        "source",
        "time",
        "types",
    ],
    &[
        "batch_times",
        "block",
        "block_manager",
        "cluster_event",
        "failure",
        "java_split",
        "letters",
        "message",
        "order",
        "progress",
        "table_write",
        "trigger",
    ],
    &["file_bytes", "file_status", "save"],
    &["recovery"],
    &["driver_event", "key", "receive", "workers", "write"],
    &["event"],
    &["job", "journal", "python_key", "render", "table"],
    &["effect", "input", "rows"],
    &["machine", "schedule", "state"],
    &["dstream"],
    &["engine"],
    &["stepper"],
    &["testing"],
];

#[test]
fn modules_of_the_engine_use_only_those_before_them() {
    let lib = code(&read(&crate::files::home().join(ENGINE).join("lib.rs")));
    let homes = homes(&lib);
    let floors: BTreeMap<&str, usize> = (0..)
        .zip(ORDER)
        .flat_map(|(floor, modules)| modules.iter().map(move |module| (*module, floor)))
        .collect();
    let problems: Vec<String> = sources()
        .iter()
        .filter_map(|source| Some((source, module_of(source)?)))
        .flat_map(|(source, module)| {
            let used = names(&code(&source.text)).into_iter();
            let used = used.map(|name| homes.get(&name).cloned().unwrap_or(name));
            let floor = floors.get(module.as_str()).copied();
            let is_up = |used: &str| floor.is_none() || floors.get(used) >= floor.as_ref();
            used.filter(|used| *used != module && is_up(used))
                .map(|used| format!("{} uses {used}", source.path))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(problems.is_empty(), "arrows that go up: {problems:#?}");
}

/// The module of a source of the engine; `None` for other sources, and for `lib.rs`.
fn module_of(source: &Source) -> Option<String> {
    let path = source.path.strip_prefix(ENGINE)?;
    let module = path.split('/').next()?.trim_end_matches(".rs");
    (module != "lib").then(|| module.to_owned())
}

/// The module in which each name that `lib.rs` re-exports is defined.
fn homes(lib: &str) -> BTreeMap<String, String> {
    let uses = lib.split("pub use ").skip(1);
    let uses = uses.filter_map(|text| text.split_once(';')?.0.split_once("::"));
    uses.flat_map(|(module, names)| {
        let names = names.split(|character: char| !is_word(character));
        let names = names.filter(|name| !name.is_empty());
        names.map(|name| (name.to_owned(), module.to_owned()))
    })
    .collect()
}

/// The names that stand directly behind `crate::`, also in braces.
fn names(code: &str) -> Vec<String> {
    let paths = code.split("crate::").skip(1);
    paths.flat_map(names_of_path).collect()
}

fn names_of_path(path: &str) -> Vec<String> {
    let Some(list) = path.strip_prefix('{') else {
        return vec![first_word(path)];
    };
    let mut depth = 0;
    let mut names = vec![first_word(list.trim_start())];
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(first_word(list[at + 1..].trim_start())),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|character| is_word(*character))
        .collect()
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[test]
fn names_are_found_alone_and_in_braces() {
    let code = "use crate::rows::Rdd;\nuse crate::{\n    Data, state::{a, b}, Time,\n};\ncrate::order::f()";
    assert_eq!(names(code), ["rows", "Data", "state", "Time", "order"]);
    let homes = homes("pub use rows::{Rdd, x::Y};\npub use time::Time;");
    assert_eq!(homes["Rdd"], "rows");
    assert_eq!(homes["Time"], "time");
}
