//! Invariants that do not hold.

use std::borrow::Cow;
use std::fmt;

use simulator::BrokenClaim;

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The name of the invariant.
    pub invariant: Cow<'static, str>,
    /// The invariant as a sentence.
    pub promise: Cow<'static, str>,
    /// The batch and its rows, in words.
    pub message: String,
}

impl Violation {
    /// A claim of the scenario that does not hold.
    pub(crate) fn of_claim(broken: &BrokenClaim) -> Violation {
        let when = if broken.at.is_some() {
            "always"
        } else {
            "eventually"
        };
        Violation {
            invariant: format!("{when} {}", broken.claim).into(),
            promise: "A claim of the scenario holds in each run.".into(),
            message: broken.to_string(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.message)
    }
}

/// An invariant of runs that are judged as a `J`.
pub(crate) struct Invariant<J> {
    pub(crate) name: &'static str,
    /// The sentence that it is.
    pub(crate) promise: &'static str,
    /// An error is how it does not hold.
    pub(crate) check: fn(&J) -> Result<(), String>,
}

/// The invariants that a run breaks.
pub(crate) fn violations<J>(invariants: &[Invariant<J>], judged: &J) -> Vec<Violation> {
    let broken = invariants.iter().filter_map(|invariant| {
        Some(Violation {
            invariant: invariant.name.into(),
            promise: invariant.promise.into(),
            message: (invariant.check)(judged).err()?,
        })
    });
    broken.collect()
}
