//! The parts of an exploration that are a user's own.

use std::fmt;
use std::sync::Arc;

use engine::{Journal, StreamingContext};

use crate::violation::Violation;

/// Writes a program of streams.
type Write = Arc<dyn Fn(&StreamingContext) + Send + Sync>;

/// Checks the journal of a run; an error is how the invariant does not hold.
type Check = Arc<dyn Fn(&Journal) -> Result<(), String> + Send + Sync>;

/// The program of a user, what happens before each run of it, and the invariants that it is held to.
#[derive(Clone, Default)]
pub(crate) struct Own {
    pub(crate) program: Option<Write>,
    pub(crate) before_each: Option<Arc<dyn Fn() + Send + Sync>>,
    pub(crate) invariants: Vec<(String, Check)>,
}

impl Own {
    /// The invariants that a run breaks.
    pub(crate) fn violations(&self, journal: &Journal) -> impl Iterator<Item = Violation> {
        self.invariants.iter().filter_map(|(name, check)| {
            Some(Violation {
                message: check(journal).err()?,
                invariant: name.clone().into(),
                promise: format!("{name}.").into(),
            })
        })
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.invariants.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}
