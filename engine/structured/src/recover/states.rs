//! The states of a checkpoint.

use std::collections::BTreeSet;

use engine::{
    Failure, FailureKind, QueryContent, QueryFile, QueryFileError, QueryFiles, StateChange,
    StateVersion,
};

use crate::incremental::StateOperator;
use crate::physical::{SavedStates, SavedStore, check_schema};

/// Reads the stores of all operators at a version: the last snapshot and the changes since (`SS-3`). The first version, 0,
/// has no stores.
///
/// # Errors
///
/// The failure of the first task of which the store cannot be read, or of the first that finds other types (`SS-7`).
pub(crate) fn read_states(
    files: &dyn QueryFiles,
    found: &BTreeSet<QueryFile>,
    version: u64,
    operators: &[StateOperator],
) -> Result<SavedStates, Failure> {
    let operators = operators.iter().enumerate().map(|(number, operator)| {
        let saved = files.read(QueryFile::Schema { operator: number });
        match saved {
            Ok(QueryContent::Schema(saved)) => {
                check_schema(&saved, &operator.schema, operator.schema_check)?;
            }
            Err(QueryFileError::Missing(_)) => {}
            Ok(_) => return Err(unreadable("the types of the states", "they are not there")),
            Err(error) => return Err(unreadable("Error reading schema file", &error.to_string())),
        }
        let partitions = if version == 0 { 0 } else { operator.partitions };
        let stores = (0..partitions).map(|partition| {
            let state = StateVersion {
                operator: number,
                partition,
                version,
            };
            read_store(files, found, state)
        });
        stores.collect()
    });
    operators.collect()
}

/// Reads a store at a version.
fn read_store(
    files: &dyn QueryFiles,
    found: &BTreeSet<QueryFile>,
    state: StateVersion,
) -> Result<SavedStore, Failure> {
    let at = |version| StateVersion { version, ..state };
    let mut snapshots = (1..=state.version)
        .rev()
        .map(|it| QueryFile::Snapshot(at(it)));
    let (snapshot, since) = match snapshots.find(|file| found.contains(file)) {
        Some(file @ QueryFile::Snapshot(state)) => {
            (read_changes(files, "snapshot", file)?, state.version)
        }
        _ => (Vec::new(), 0),
    };
    let mut changes = Vec::new();
    for version in since + 1..=state.version {
        let file = QueryFile::Delta(at(version));
        changes.append(&mut read_changes(files, "delta", file)?);
    }
    Ok(SavedStore {
        partition: state.partition,
        snapshot,
        changes,
    })
}

fn read_changes(
    files: &dyn QueryFiles,
    kind: &str,
    file: QueryFile,
) -> Result<Vec<StateChange>, Failure> {
    match files.read(file) {
        Ok(QueryContent::States(changes)) => Ok(changes),
        Ok(_) => Err(unreadable(
            &format!("Error reading {kind} file {file}"),
            "it has other content",
        )),
        Err(error) => Err(unreadable(
            &format!("Error reading {kind} file {file}"),
            &error.to_string(),
        )),
    }
}

fn unreadable(what: &str, why: &str) -> Failure {
    let message = format!(
        "{what}: {why}; put back a copy of it, or start anew with another checkpoint folder"
    );
    Failure::new(FailureKind::Checkpoint, message)
}
