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

/// Turns values of the type `W` into bytes, and such bytes, one value after the other, into values of the type `R`.
///
/// A pair of functions and no trait of the types: an operator whose states cannot be saved has none.
pub(crate) struct Codec<W, R> {
    encode: fn(&W) -> Result<Vec<u8>, postcard::Error>,
    decode: fn(&[u8]) -> Result<Vec<R>, postcard::Error>,
}

impl<W: Serialize, R: DeserializeOwned> Codec<W, R> {
    /// The format of `postcard`, whose specification is stable.
    pub(crate) fn new() -> Codec<W, R> {
        Codec {
            encode: |value| postcard::to_stdvec(value),
            decode: |mut bytes| {
                let mut values = Vec::new();
                while !bytes.is_empty() {
                    let (value, rest) = postcard::take_from_bytes(bytes)?;
                    values.push(value);
                    bytes = rest;
                }
                Ok(values)
            },
        }
    }
}

impl<W, R> Codec<W, R> {
    pub(crate) fn encode(self, value: &W) -> Result<Vec<u8>, Failure> {
        (self.encode)(value).map_err(|error| {
            let message = format!("the states cannot be saved: {error}");
            Failure::new(FailureKind::Checkpoint, message.as_str())
        })
    }

    pub(crate) fn decode(self, bytes: &[u8]) -> Result<Vec<R>, Failure> {
        (self.decode)(bytes).map_err(|error| {
            let message = format!("the saved states cannot be read: {error}: types have changed");
            Failure::new(FailureKind::Checkpoint, message.as_str())
        })
    }
}

impl<W, R> Clone for Codec<W, R> {
    fn clone(&self) -> Codec<W, R> {
        *self
    }
}

impl<W, R> Copy for Codec<W, R> {}

impl<W, R> fmt::Debug for Codec<W, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codec").finish_non_exhaustive()
    }
}
