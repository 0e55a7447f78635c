//! `millrace new`: a scenario or a crate to start from.

use std::path::{Path, PathBuf};

use super::new_crate::new_crate;
use crate::args::NewArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files::create_with_folders;
use crate::terminal::{print_note, shell_word};

/// The schema of scenarios, in the folder above all of them.
const SCHEMA: &str = ".schema.json";

/// The starter scenario.
const STARTER: &str = include_str!("starter.toml");

/// Writes the starter scenario, or a crate. Fails if it exists.
pub(crate) fn new(arguments: &NewArguments) -> Result<Exit, CommandError> {
    if arguments.is_crate {
        return new_crate(&arguments.name);
    }
    let path = path_of(&arguments.name)?;
    let title = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().replace(['_', '-'], " "));
    let text = STARTER.replacen("a first scenario", &title.unwrap_or_default(), 1);
    create_with_folders(&path, &(schema_line(&path) + &text))?;
    let path = shell_word(path.as_os_str());
    print_note(format_args!(
        "wrote {path}\n  see what it prints:  millrace run {path}\n  accept that:         millrace test --bless {path}"
    ));
    Ok(Exit::Success)
}

/// The line that names the schema for an editor, if there is one in a folder above.
fn schema_line(path: &Path) -> String {
    let folders = path.ancestors().skip(1).enumerate();
    let mut with_schema = folders.filter(|(_, folder)| folder.join(SCHEMA).is_file());
    let Some((up, _)) = with_schema.next() else {
        return String::new();
    };
    let folder = if up == 0 { "./" } else { &"../".repeat(up) };
    format!("#:schema {folder}{SCHEMA}\n")
}

fn path_of(name: &str) -> Result<PathBuf, CommandError> {
    if Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "toml")
    {
        return Ok(PathBuf::from(name));
    }
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|character| character.is_alphanumeric() || "_-".contains(character))
    };
    // The folder may be part of the name.
    let name = name.strip_prefix("scenarios/").unwrap_or(name);
    if name.split('/').all(is_word) {
        Ok(Path::new("scenarios").join(format!("{name}.toml")))
    } else {
        Err(CommandError::Name(name.to_owned()))
    }
}
