//! Faults of recovery itself, by which those who look for faults are tested.

use engine::{QueryFiles, Recovery, Time, WriteContent};

use crate::compile::Saved;

/// Changes what a driver writes to its checkpoint folder and reads from it, as a fault of the engine or of the storage
/// would. A run has none unless its options name one.
pub trait Tamper: Sync {
    /// The contents that are written now in the place of one that the driver asks for. It is acknowledged also if there
    /// are none.
    fn write(&self, _now: Time, content: WriteContent) -> Vec<WriteContent> {
        vec![content]
    }

    /// The saved state that a driver goes on from, in the place of the one that was read.
    fn recover(&self, recovery: Recovery) -> Recovery {
        recovery
    }

    /// The files that a query goes on from, in the place of those that are there.
    fn query_files(&self, files: Box<dyn QueryFiles>) -> Box<dyn QueryFiles> {
        files
    }

    /// True if nothing that is written outlasts a loss of power.
    fn skips_sync(&self) -> bool {
        false
    }
}

/// The saved state of a program, with a planted fault if there is one.
pub(crate) fn recovered(saved: Option<Saved>, planted: Option<&dyn Tamper>) -> Option<Saved> {
    match (saved, planted) {
        (Some(Saved::Streams(Some(recovery))), Some(planted)) => {
            Some(Saved::Streams(Some(Box::new(planted.recover(*recovery)))))
        }
        (Some(Saved::Query(files)), Some(planted)) => {
            Some(Saved::Query(planted.query_files(files)))
        }
        (saved, _) => saved,
    }
}
