//! Exploration: schedules of faults for a scenario, and the invariants that a run must keep under each of them.
//!
//! An [`Explorer`] plays a pipeline once without faults, which is the reference. Then it judges schedules: all
//! [crashes](Explorer::crashes) at each point of each batch, or those [drawn](Explorer::drawn) from a seed. A schedule
//! first does harm, then heals it: at its end the driver runs, and has time to catch up. First nothing wrong may happen,
//! then something right must. A schedule that breaks an invariant is made as [small](Explorer::shrink) as it can be, and
//! is then a scenario that can be played anywhere.
//!
//! ```
//! use explore::Explorer;
//!
//! let scenario = scenario::parse("blue.toml", r#"
//!     timeline = [{ at = "1s", lines = ["blue"] }, { at = "2s", lines = ["blue green"] }]
//!     [cluster]
//!     checkpoint = "checkpoint"
//!     [[pipeline]]
//!     name = "totals"
//!     mode = "update_state"
//!     source = "direct"
//! "#).expect("the scenario has no mistakes");
//! let explorer = Explorer::new(&scenario, &scenario.pipelines[0])?;
//! for schedule in explorer.crashes() {
//!     assert_eq!(explorer.judge(&schedule)?, []);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is not here
//!
//! No clock, thread or file: its caller spreads schedules over threads, and says when the time is over.

mod explorer;
mod not_explored;
mod own;
mod query;
mod rearranged;
mod schedule;
mod setting;
mod shrink;
mod streams;
mod subject;
mod violation;

pub use explorer::Explorer;
pub use not_explored::NotExplored;
pub use rearranged::Rearranged;
pub use schedule::Schedule;
pub use shrink::Smallest;
pub use violation::Violation;
