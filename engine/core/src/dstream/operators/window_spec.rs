//! The settings of a window by key.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{Data, Failure, Key};

/// Combines two values of a key.
pub(super) type ReduceFunction<V> = Arc<dyn Fn(V, V) -> Result<V, Failure> + Send + Sync>;

/// True if a pair stays in the window.
pub(super) type Filter<K, V> = Arc<dyn Fn(&(K, V)) -> bool + Send + Sync>;

/// The functions of a window by key, and its settings: the overloads of
/// `PairDStreamFunctions.reduceByKeyAndWindow`.
///
/// ```
/// use engine::WindowSpec;
/// use std::time::Duration;
///
/// let seconds = Duration::from_secs;
/// // Counts of the last half minute, without the words that left it.
/// let spec = WindowSpec::function(|x: i64, y: i64| x + y, seconds(30), seconds(5))
///     .inverse(|x, y| x - y)
///     .filter(|(_word, count): &(String, i64)| *count > 0);
/// # let _ = spec;
/// ```
pub struct WindowSpec<K, V> {
    pub(super) length: Duration,
    pub(super) slide: Duration,
    pub(super) function: ReduceFunction<V>,
    pub(super) inverse: Option<ReduceFunction<V>>,
    pub(super) filter: Option<Filter<K, V>>,
}

impl<K: Key, V: Data> WindowSpec<K, V> {
    /// Values are reduced by `function`, which must be associative and commutative.
    pub fn function(
        function: impl Fn(V, V) -> V + Send + Sync + 'static,
        length: Duration,
        slide: Duration,
    ) -> WindowSpec<K, V> {
        WindowSpec::try_function(move |x, y| Ok(function(x, y)), length, slide)
    }

    /// As [`function`](WindowSpec::function), by a function that may fail: then the batch does.
    pub fn try_function(
        function: impl Fn(V, V) -> Result<V, Failure> + Send + Sync + 'static,
        length: Duration,
        slide: Duration,
    ) -> WindowSpec<K, V> {
        WindowSpec {
            length,
            slide,
            function: Arc::new(function),
            inverse: None,
            filter: None,
        }
    }

    /// The window is computed from the one before: what leaves is taken away by `inverse`.
    pub fn inverse(self, inverse: impl Fn(V, V) -> V + Send + Sync + 'static) -> WindowSpec<K, V> {
        self.try_inverse(move |x, y| Ok(inverse(x, y)))
    }

    /// As [`inverse`](WindowSpec::inverse), by a function that may fail: then the batch does.
    pub fn try_inverse(
        self,
        inverse: impl Fn(V, V) -> Result<V, Failure> + Send + Sync + 'static,
    ) -> WindowSpec<K, V> {
        WindowSpec {
            inverse: Some(Arc::new(inverse)),
            ..self
        }
    }

    /// In the inverse form a pair for which `keep` does not hold is dropped, and is not there for the
    /// next window either (`WIN-5`).
    pub fn filter(
        self,
        keep: impl Fn(&(K, V)) -> bool + Send + Sync + 'static,
    ) -> WindowSpec<K, V> {
        WindowSpec {
            filter: Some(Arc::new(keep)),
            ..self
        }
    }
}

impl<K, V> fmt::Debug for WindowSpec<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WindowSpec")
            .field("length", &self.length)
            .field("slide", &self.slide)
            .field("inverse", &self.inverse.is_some())
            .finish_non_exhaustive()
    }
}
