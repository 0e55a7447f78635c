//! States on their way to where they are saved.

use std::fmt;
use std::sync::Arc;

use super::StateId;
use crate::Time;
use crate::failure::{Failure, catch_panic};

/// States of an operator, or what has changed of them, which become bytes when they are written.
///
/// They are values that nothing changes any more, so that another thread can turn them into bytes while batches go on.
/// Clones share them.
///
/// ```
/// use engine::StateContent;
/// let content = StateContent::from(vec![7, 8]);
/// assert_eq!(content.encode(), Ok(vec![7, 8]));
/// ```
#[derive(Clone)]
pub struct StateContent(Arc<dyn Encode>);

trait Encode: Send + Sync {
    fn encode(&self) -> Result<Vec<u8>, Failure>;
}

/// A value of the user's types, with the function that turns it into bytes.
struct Kept<T, F> {
    value: Option<T>,
    encode: F,
}

impl StateContent {
    /// This value, turned into bytes by `encode`.
    pub(crate) fn new<T, F>(value: T, encode: F) -> StateContent
    where
        T: Send + Sync + 'static,
        F: Fn(&T) -> Result<Vec<u8>, Failure> + Send + Sync + 'static,
    {
        let value = Some(value);
        StateContent(Arc::new(Kept { value, encode }))
    }

    /// The bytes.
    ///
    /// # Errors
    ///
    /// The failure of a state that refuses to be saved.
    pub fn encode(&self) -> Result<Vec<u8>, Failure> {
        catch_panic(|| self.0.encode()).and_then(|encoded| encoded)
    }
}

impl<T: Send + Sync, F: Fn(&T) -> Result<Vec<u8>, Failure> + Send + Sync> Encode for Kept<T, F> {
    fn encode(&self) -> Result<Vec<u8>, Failure> {
        self.value.as_ref().map_or(Ok(Vec::new()), &self.encode)
    }
}

/// A panic of the `Drop` of a state must not end the thread that writes.
impl<T, F> Drop for Kept<T, F> {
    fn drop(&mut self) {
        let value = self.value.take();
        let _ = catch_panic(|| drop(value));
    }
}

impl From<Vec<u8>> for StateContent {
    fn from(bytes: Vec<u8>) -> StateContent {
        StateContent::new(bytes, |bytes| Ok(bytes.clone()))
    }
}

/// Equal contents have the same bytes.
impl PartialEq for StateContent {
    fn eq(&self, other: &StateContent) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.encode() == other.encode()
    }
}

impl Eq for StateContent {}

impl fmt::Debug for StateContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateContent").finish_non_exhaustive()
    }
}

/// The states of an operator after a batch, as they are handed out to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct StatesToSave {
    /// The name of them.
    pub(crate) id: StateId,
    /// The batch with whose file those begin that the states are put together from: the same one, if they are whole.
    pub(crate) since: Time,
    /// All of the states, or what has changed since they were saved last.
    pub(crate) content: StateContent,
}
