//! Engines of others on the workload of the benches; without the feature `differential`, nothing.
//!
//! # What is not here
//!
//! Nothing that a build of ours needs, and no engine of ours. The bench `state` uses it:
//! `cargo bench -p benches --bench state --features peers`.

#![cfg(feature = "differential")]

mod differential;

pub use differential::Differential;
