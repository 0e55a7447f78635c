//! Engines of others on the workload of the benches.
//!
//! # What is not here
//!
//! Nothing that another crate of the repository uses, and no engine of ours.

mod differential;

pub use differential::Differential;
