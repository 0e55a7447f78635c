//! Finds scenarios and their snapshots, plays them, and compares.
//!
//! A scenario `scenarios/<family>/<name>.toml` with a pipeline `<pipeline>` has its console text in
//! `snapshots/<family>/<name>/<pipeline>.snap`. Adding the first makes a test; accepting what it prints
//! makes the second.
//!
//! # What is not here
//!
//! No engine, no language, no console text of its own; nothing is written but a snapshot that
//! somebody asked to accept.

mod case;
mod check;
mod orphan;
mod play;
mod read;
mod snapshot;

pub use case::{Case, find_scenarios};
pub use check::{Outcome, bless, check, withdraw};
pub use orphan::{Orphan, orphans};
pub use play::{PlayError, Played, play};
pub use read::{ReadError, read_scenario, read_with_lines};
pub use snapshot::{SnapshotError, decode, encode};
