//! The kinds of programs: each has schedules of its own, and invariants of its own.

use std::fmt::Debug;

use simulator::RunError;

use crate::schedule::Schedule;
use crate::setting::{Play, Setting};
use crate::violation::Violation;

/// Schedules, in the order in which they are played.
pub(crate) type Schedules<'a> = Box<dyn Iterator<Item = Schedule> + 'a>;

/// A kind of program, and what one of it prints without faults.
pub(crate) trait Subject: Debug + Send + Sync {
    /// A crash at each of its protocol points.
    fn crashes<'a>(&'a self, setting: &'a Setting) -> Schedules<'a>;

    /// Each pair of crashes, one in each of two lives.
    fn pairs_of_crashes<'a>(&'a self, setting: &'a Setting) -> Schedules<'a>;

    /// The schedule of a seed: a swarm of faults, and then calm.
    fn drawn(&self, setting: &Setting, seed: u64) -> Schedule;

    /// True if the driver has something to go on from whenever it dies, and nothing happens to files that it has open.
    fn is_fair(&self, schedule: &Schedule) -> bool;

    /// Plays a schedule. Returns the invariants that it breaks.
    fn judge(
        &self,
        setting: &Setting,
        schedule: &Schedule,
        play: &mut Play<'_>,
    ) -> Result<Vec<Violation>, RunError>;
}
