//! `millrace new --crate`: a crate of a user's own, with a program, its tests and a scenario.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::files::create_with_folders;
use crate::terminal::{print_note, shell_word};

/// The name of the example, which is the template.
const EXAMPLE: &str = "page_visits";

/// Includes files of the example, each with its path.
macro_rules! example_files {
    ($($path:literal)*) => {
        [$(($path, include_str!(concat!("../../../millrace/example/", $path)))),*]
    };
}

const FILES: [(&str, &str); 9] = example_files! {
    ".gitignore"
    "Cargo.toml"
    "src/lib.rs"
    "src/main.rs"
    "tests/replay.rs"
    "tests/scenarios.rs"
    "scenarios/visits.toml"
    "snapshots/visits/slow_pages.snap"
    "snapshots/visits/visits_of_users.snap"
};

/// The folder of the library in the repository that this program was built from.
const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../millrace");

/// Writes the crate into a new folder of its name.
pub(crate) fn new_crate(name: &str) -> Result<Exit, CommandError> {
    if !is_crate_name(name) {
        return Err(CommandError::CrateName(name.to_owned()));
    }
    let home = Path::new(name);
    fs::create_dir(home).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => CommandError::CrateExists(home.to_owned()),
        _ => CommandError::write(home)(error),
    })?;
    let library = fs::canonicalize(LIBRARY).unwrap_or_else(|_| PathBuf::from(LIBRARY));
    for (file, text) in FILES {
        let text = written_for(name, &library, file, text);
        create_with_folders(&home.join(file), &text)?;
    }
    print_note(format_args!(
        "wrote {name}: a program, its tests, a scenario and its snapshots\n  \
         test it:  cd {name} && cargo test\n  \
         its Cargo.toml takes millrace from {}, as it is not published",
        shell_word(library.as_os_str())
    ));
    Ok(Exit::Success)
}

/// A file of the example in a crate of this name.
fn written_for(name: &str, library: &Path, file: &str, text: &str) -> String {
    if file != "Cargo.toml" {
        return text.replace(EXAMPLE, &name.replace('-', "_"));
    }
    let library = format!("path = {:?}", library.display().to_string());
    text.replace("path = \"..\"", &library)
        .replace(EXAMPLE, name)
}

/// Names of letters that Cargo refuses, and the name of the crate that the example needs.
const RESERVED: [&str; 53] = [
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue",
    "core", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen",
    "if", "impl", "in", "let", "loop", "macro", "match", "millrace", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "self", "static", "std", "struct", "super", "test",
    "trait", "true", "try", "type", "unsafe", "use", "where", "while", "yield",
];

/// Returns true if Cargo takes the name: ASCII letters, digits, `_` and `-`, the first a letter.
fn is_crate_name(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_reserved = RESERVED.contains(&&*name.to_ascii_lowercase());
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(is_word)
        && !is_reserved
}
