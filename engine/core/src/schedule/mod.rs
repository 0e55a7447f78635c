//! When batches are generated, and in which order their jobs run.

mod generator;
mod scheduler;

pub(crate) use generator::Generator;
pub(crate) use scheduler::{Scheduler, Started, Submitted};
