//! Faults of recovery itself, by which those who look for faults are tested.

use engine::{Recovery, WriteContent};

use crate::compile::Saved;

/// Changes what a driver writes to its checkpoint folder and reads from it, as a fault of the engine or of the storage
/// would. A run has none unless its options name one.
pub trait Tamper: Sync {
    /// The content that is written in the place of one that the driver asks for; `None` if nothing is, and the driver is
    /// acknowledged all the same.
    fn write(&self, content: WriteContent) -> Option<WriteContent> {
        Some(content)
    }

    /// The saved state that a driver goes on from, in the place of the one that was read.
    fn recover(&self, recovery: Recovery) -> Recovery {
        recovery
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
        (saved, _) => saved,
    }
}
