//! From records to the blocks of a batch: receivers cut, the tracker allocates.

mod receiver;
mod tracker;

pub(crate) use receiver::Receiver;
pub(crate) use tracker::{Allocation, Tracker};
