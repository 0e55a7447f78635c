//! The types of records.

/// The types that may be records of a stream: all that can be cloned and sent to another thread.
pub trait Data: Clone + Send + Sync + 'static {}

impl<T: Clone + Send + Sync + 'static> Data for T {}
