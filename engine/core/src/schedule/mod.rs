//! When batches are generated, and in which order their jobs run.

mod generator;
mod job;
mod scheduler;

pub(crate) use generator::Generator;
pub use job::{Finished, Job, Work};
pub(crate) use scheduler::Scheduler;
