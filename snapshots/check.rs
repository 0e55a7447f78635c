//! What a pipeline printed, against its snapshot.

use std::fs;
use std::io;
use std::path::Path;

use report::diff;

use crate::case::Case;
use crate::snapshot::{SnapshotError, decode, encode};

/// How what was printed compares with the snapshot.
#[derive(Debug)]
pub enum Outcome {
    /// Every byte is the same.
    Same,
    /// Something differs: the first batch that does, and both sides.
    Differs(String),
    /// There is no snapshot.
    Missing,
    /// There is a snapshot, but not one of console text.
    Broken(SnapshotError),
}

/// Compares console text with the snapshot of a pipeline.
///
/// # Errors
///
/// Fails if there is a snapshot that cannot be read.
pub fn check(case: &Case, pipeline: &str, text: &str) -> io::Result<Outcome> {
    let file = match fs::read_to_string(case.snapshot(pipeline)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Outcome::Missing),
        Err(error) => return Err(error),
    };
    Ok(match decode(content(&file)) {
        Err(error) => Outcome::Broken(error),
        Ok(expected) => match diff(&expected, text) {
            None => Outcome::Same,
            Some(difference) => Outcome::Differs(difference.to_string()),
        },
    })
}

/// Accepts console text as the snapshot of a pipeline, in the form in which insta writes it.
///
/// # Errors
///
/// Fails if the snapshot cannot be written; then the one before is still there.
pub fn bless(case: &Case, pipeline: &str, text: &str) -> io::Result<()> {
    let file = case.snapshot(pipeline);
    let input = case.input_file();
    let written = format!(
        "---\nsource: snapshots/scenarios.rs\ninput_file: {input}\n---\n{}\n",
        encode(text)
    );
    fs::create_dir_all(case.folder())?;
    replace(&file, &written)?;
    withdraw(case, pipeline)
}

/// Removes what a test has left for review, if it has: it is settled, and to accept it later would put
/// back an older text.
///
/// # Errors
///
/// Fails if there is one that cannot be removed.
pub fn withdraw(case: &Case, pipeline: &str) -> io::Result<()> {
    match fs::remove_file(case.snapshot(pipeline).with_extension("snap.new")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes beside the file first, so that a full disk does not cost what was there.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let beside = file.with_extension("snap.tmp");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, file));
    if written.is_err() {
        // Nothing to be done if it is not there: the first error tells more.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// What stands below the two `---` lines of a snapshot file.
fn content(file: &str) -> &str {
    let below = file
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"));
    below
        .map_or(file, |(_, content)| content)
        .trim_end_matches('\n')
}
