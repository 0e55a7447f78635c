//! Recovery of a program after a crash: what is saved of it, and what it does with that when it starts again.
//!
//! This room decides what is saved and when. As which files it is saved is decided by the driver of the engine, which is
//! handed each [`Effect::Write`](crate::Effect::Write).

mod checkpoint;
mod codec;
mod log_entry;
mod query;
mod restart;
mod saved_states;
mod state_content;

pub use checkpoint::{Checkpoint, StateId};
pub use codec::Saved;
pub(crate) use codec::{Codec, Partitioned};
pub use log_entry::LogEntry;
pub use query::{
    NoQueryFile, QueryContent, QueryFile, QueryFileError, QueryFiles, QueryOffsets, SourceEntry,
    SourceFile, SourceOffset, StateChange, StateSchema, StateVersion, TopicOffsets,
};
pub(crate) use restart::batches_to_run_again;
pub use restart::{RecoverError, Recovery};
pub(crate) use saved_states::{NamedStates, SavedStates, UnneededStates};
pub use state_content::{StateContent, StatesToSave};
