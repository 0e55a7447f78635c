//! `millrace new`: a scenario or a crate to start from.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use suite::Case;

use super::new_crate::new_crate;
use crate::args::NewArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files::create_with_folders;
use crate::terminal::{print_note, shell_word};

/// The schema of scenarios, in the folder above all of them.
pub(super) const SCHEMA: &str = ".schema.json";

/// The starter scenario.
const STARTER: &str = include_str!("starter.toml");

/// Writes the starter scenario, or a crate. Fails if it exists.
pub(crate) fn new(arguments: &NewArguments) -> Result<Exit, CommandError> {
    if arguments.is_crate {
        return new_crate(&arguments.name);
    }
    let path = path_of(&arguments.name)?;
    let title = path.file_stem().map(|stem| {
        let is_no_letter = |it: char| "_-\"\\".contains(it) || it.is_control();
        stem.to_string_lossy().replace(is_no_letter, " ")
    });
    let text = STARTER.replacen("a first scenario", &title.unwrap_or_default(), 1);
    let schema = schema_line(&path);
    create_with_folders(&path, &(schema.clone().unwrap_or_default() + &text))?;
    let attributes = keep_line_ends(&path, &text)?;
    let word = shell_word(path.as_os_str());
    print_note(format_args!(
        "wrote {word}\n  see what it prints:  millrace run {word}\n  accept that:         millrace test --bless {word}"
    ));
    if schema.is_none() {
        print_note(about_schema(&path));
    }
    if let Some(attributes) = attributes {
        print_note(format_args!(
            "wrote {}, by which git keeps the line ends of snapshots",
            shell_word(attributes.as_os_str())
        ));
    }
    Ok(Exit::Success)
}

/// The file by which git keeps the line ends of the files beside it and below.
const ATTRIBUTES: &str = ".gitattributes";

const KEEP_LINE_ENDS: &str = "\
# Snapshots are compared byte for byte, so they have line feeds in every working tree.
*.snap text eol=lf
";

/// Writes a file for git into the folder of snapshots, unless there is one that names them. Returns its path.
fn keep_line_ends(scenario: &Path, text: &str) -> Result<Option<PathBuf>, CommandError> {
    // The name of a file may be such that its text is no scenario; that is reported when it is run.
    let Ok(case) = Case::parse(scenario, text) else {
        return Ok(None);
    };
    let mut folders = case.snapshots.path().ancestors();
    let is_home = |folder: &&Path| folder.file_name() == Some(OsStr::new("snapshots"));
    let Some(home) = folders.find(is_home) else {
        return Ok(None);
    };
    let file = home.join(ATTRIBUTES);
    let folders = std::path::absolute(home).map_err(CommandError::write(&file))?;
    let names_snapshots = |folder: &Path| {
        let attributes = fs::read_to_string(folder.join(ATTRIBUTES));
        attributes.is_ok_and(|text| text.contains("*.snap"))
    };
    if file.symlink_metadata().is_ok() || folders.ancestors().any(names_snapshots) {
        return Ok(None);
    }
    create_with_folders(&file, KEEP_LINE_ENDS)?;
    Ok(Some(file))
}

/// The line that names the schema for an editor, if there is one in a folder above.
fn schema_line(path: &Path) -> Option<String> {
    let mut folders = path.ancestors().skip(1);
    let up = folders.position(|folder| folder.join(SCHEMA).is_file())?;
    Some(line_of_schema(up))
}

/// The line that names a schema this number of folders above.
pub(super) fn line_of_schema(up: usize) -> String {
    let folder = if up == 0 { "./" } else { &"../".repeat(up) };
    format!("#:schema {folder}{SCHEMA}\n")
}

/// The way to a schema, where there is none above a scenario: into the folder `scenarios`, or else beside it.
fn about_schema(path: &Path) -> String {
    let mut folders = path.ancestors().skip(1);
    let up = folders.position(|folder| folder.file_name() == Some(OsStr::new("scenarios")));
    let up = up.unwrap_or(0);
    let folder = path.ancestors().nth(up + 1).unwrap_or(Path::new(""));
    format!(
        "  let an editor complete and check it: millrace schema > {}, and write at its top:\n    {}",
        shell_word(folder.join(SCHEMA).as_os_str()),
        line_of_schema(up).trim_end()
    )
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
