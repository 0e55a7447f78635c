//! From records to the blocks of a batch: receivers cut, the tracker allocates.

mod pid;
mod rate_limiter;
mod rates;
mod receiver;
mod tracker;

pub use pid::BackPressure;
pub(crate) use rates::RateController;
pub use rates::RateLimits;
pub(crate) use receiver::Receiver;
pub(crate) use tracker::{Allocation, Tracker};
