//! The checkpoint of a pipeline, as a run before has left it.

use engine::{QueryFiles, Recovery};
use engine_storage::{CheckpointFolder, QueryFolder, ReadError, Storage};
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
    pub fn read(pipeline: &Pipeline, storage: impl Storage + 'static) -> Result<Saved, ReadError> {
        if let Program::Structured(_) = pipeline.program {
            return Ok(Saved::Query(Box::new(QueryFolder::new(storage))));
        }
        let recovery = CheckpointFolder::new(storage).read()?;
        Ok(Saved::Streams(recovery.map(Box::new)))
    }
}

impl std::fmt::Debug for Saved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Saved::Streams(recovery) => f.debug_tuple("Streams").field(recovery).finish(),
            Saved::Query(_) => f.debug_tuple("Query").finish_non_exhaustive(),
        }
    }
}
