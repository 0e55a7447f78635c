//! `millrace new --crate`: a crate of a user's own, with a program, its tests and a scenario.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::new::{SCHEMA, line_of_schema};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files::create_with_folders;
use crate::terminal::{print_note, shell_word};

/// The name of the example, which is the template.
const EXAMPLE: &str = "page_visits";

/// The folder of its scenarios.
const SCENARIOS: &str = "scenarios";

/// Includes files of the example, each with its path.
macro_rules! example_files {
    ($($path:literal)*) => {
        [$(($path, include_str!(concat!("../../../millrace/example/", $path)))),*]
    };
}

const FILES: [(&str, &str); 10] = example_files! {
    ".gitattributes"
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
    if home.symlink_metadata().is_ok() {
        return Err(CommandError::CrateExists(home.to_owned()));
    }
    let library = fs::canonicalize(LIBRARY).unwrap_or_else(|_| PathBuf::from(LIBRARY));
    // A crate of which a part is missing would be in the way of the next one.
    let begun = begun_folder().map_err(CommandError::write(home))?;
    for (file, text) in FILES {
        let text = written_for(name, &library, file, text);
        create_with_folders(&begun.path().join(file), &text)?;
    }
    let schema = begun.path().join(SCENARIOS).join(SCHEMA);
    create_with_folders(&schema, &format!("{:#}\n", scenario::schema()))?;
    fs::rename(begun.path(), home).map_err(CommandError::write(home))?;
    // It is not there any more, so that there is nothing to remove.
    let _ = begun.keep();
    print_note(format_args!(
        "wrote {name}: a program, its tests, a scenario and its snapshots\n  \
         test it:  cd {name} && cargo test\n  \
         its Cargo.toml takes millrace from {}, as it is not published",
        shell_word(library.as_os_str())
    ));
    Ok(Exit::Success)
}

/// A folder beside the one of the crate, which is removed unless it is kept.
fn begun_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".millrace-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Those of any new folder: the system takes the umask away.
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    let begun = builder.tempdir_in(".");
    // The error would name the temporary folder.
    begun.map_err(|error| error.kind().into())
}

/// A file of the example in a crate of this name.
fn written_for(name: &str, library: &Path, file: &str, text: &str) -> String {
    if file == "Cargo.toml" {
        let library = format!("path = {:?}", library.display().to_string());
        return text
            .replace("path = \"..\"", &library)
            .replace(EXAMPLE, name);
    }
    let text = text.replace(EXAMPLE, &name.replace('-', "_"));
    if Path::new(file).parent() == Some(Path::new(SCENARIOS)) {
        line_of_schema(0) + &text
    } else {
        text
    }
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
