//! The checkpoint of a pipeline, as a run before has left it.

use engine::{QueryFile, QueryFiles, Recovery};
use engine_storage::{CheckpointFolder, QueryFolder, ReadError, Storage, is_checkpoint};
use scenario::{Pipeline, Program};

/// The checkpoint of a pipeline, as a run before has left it in its folder.
pub enum Saved {
    /// The newest checkpoint of a program of streams; `None` if there is none yet.
    Streams(Option<Box<Recovery>>),
    /// The files of a query, of which there may be none yet.
    Query(Box<dyn QueryFiles>),
}

impl Saved {
    /// Reads what is there for a pipeline.
    ///
    /// # Errors
    ///
    /// There are checkpoints of a program of streams, and none can be read. Those of a query are read when it is made.
    /// The folder is one of a query where the pipeline is one of streams, or the other way round.
    pub fn read(pipeline: &Pipeline, storage: impl Storage + 'static) -> Result<Saved, ReadError> {
        if matches!(pipeline.program, Program::Structured(_)) {
            return Ok(Saved::Query(Box::new(query_files(storage)?)));
        }
        refuse_others(&storage, "a query", |file| {
            file.parse::<QueryFile>().is_ok()
        })?;
        let recovery = CheckpointFolder::new(storage).read()?;
        Ok(Saved::Streams(recovery.map(Box::new)))
    }
}

/// The files of a query in a storage, of which there may be none yet.
pub(crate) fn query_files<S: Storage>(storage: S) -> Result<QueryFolder<S>, ReadError> {
    refuse_others(&storage, "a program of streams", is_checkpoint)?;
    Ok(QueryFolder::new(storage))
}

/// Refuses a folder that has files of another kind of program.
fn refuse_others(
    storage: &impl Storage,
    kind: &'static str,
    is_other: impl Fn(&str) -> bool,
) -> Result<(), ReadError> {
    let other = storage.list()?.into_iter().find(|file| is_other(file));
    other.map_or(Ok(()), |file| Err(ReadError::Kind { file, kind }))
}

impl std::fmt::Debug for Saved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Saved::Streams(recovery) => f.debug_tuple("Streams").field(recovery).finish(),
            Saved::Query(_) => f.debug_tuple("Query").finish_non_exhaustive(),
        }
    }
}

#[cfg(test)]
mod tests {
    use engine_storage::VirtualDisk;

    use super::*;

    fn read(mode: &str, file: &str) -> Result<Saved, ReadError> {
        let text = format!(
            "timeline = []\nclock.stop = '1s'\npipeline = [{{ name = 'p', mode = '{mode}' }}]"
        );
        let scenario = scenario::parse("saved.toml", &text).expect("the scenario has no mistakes");
        let mut disk = VirtualDisk::default();
        disk.write(file, b"of theirs").expect("the disk is well");
        Saved::read(&scenario.pipelines[0], disk)
    }

    #[test]
    fn a_folder_of_the_other_kind_of_program_is_refused() {
        for (mode, file) in [
            ("update_state", "offsets/0"),
            ("structured", "checkpoint-1000"),
        ] {
            let refused = read(mode, file);
            assert!(matches!(&refused, Err(ReadError::Kind { file: its, .. }) if its == file));
        }
        assert!(read("update_state", "notes.txt").is_ok());
    }
}
