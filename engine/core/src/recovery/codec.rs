//! The bytes of states.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Failure, FailureKind};

/// The types that may be in a checkpoint: all that `serde` writes and reads.
pub trait Saved: Serialize + DeserializeOwned {}

impl<T: Serialize + DeserializeOwned> Saved for T {}

/// Rows by partition.
pub(crate) type Partitioned<T> = Vec<Vec<T>>;

/// Turns values of one type into bytes and back.
///
/// A pair of functions and no trait of the type: an operator whose states cannot be saved has none.
pub(crate) struct Codec<T> {
    encode: fn(&T) -> Result<Vec<u8>, postcard::Error>,
    decode: fn(&[u8]) -> Result<T, postcard::Error>,
}

impl<T: Saved> Codec<T> {
    /// The format of `postcard`, whose specification is stable.
    pub(crate) fn new() -> Codec<T> {
        Codec {
            encode: |value| postcard::to_stdvec(value),
            decode: |bytes| postcard::from_bytes(bytes),
        }
    }
}

impl<T> Codec<T> {
    pub(crate) fn encode(self, value: &T) -> Result<Vec<u8>, Failure> {
        (self.encode)(value).map_err(|error| {
            let message = format!("the states cannot be saved: {error}");
            Failure::new(FailureKind::Checkpoint, message.as_str())
        })
    }

    pub(crate) fn decode(self, bytes: &[u8]) -> Result<T, Failure> {
        (self.decode)(bytes).map_err(|error| {
            let message = format!("the saved states cannot be read: {error}: types have changed");
            Failure::new(FailureKind::Checkpoint, message.as_str())
        })
    }
}

impl<T> Clone for Codec<T> {
    fn clone(&self) -> Codec<T> {
        *self
    }
}

impl<T> Copy for Codec<T> {}

impl<T> fmt::Debug for Codec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codec").finish_non_exhaustive()
    }
}
