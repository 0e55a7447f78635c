//! The settings of a window by key.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::recovery::Codec;
use crate::state::saved_slots::RowsCodec;
use crate::{Data, Failure, Key, Saved};

/// Combines two values of a key.
pub(super) type ReduceFunction<V> = Arc<dyn Fn(V, V) -> Result<V, Failure> + Send + Sync>;

/// True if the reduce function is associative on the values for which this holds.
pub(super) type IsAssociative<V> = Arc<dyn Fn(&V) -> bool + Send + Sync>;

/// True if a pair stays in the window.
pub(super) type Filter<K, V> = Arc<dyn Fn(&(K, V)) -> Result<bool, Failure> + Send + Sync>;

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
    pub(super) is_associative: Option<IsAssociative<V>>,
    pub(super) inverse: Option<ReduceFunction<V>>,
    pub(super) filter: Option<Filter<K, V>>,
    pub(super) partitions: Option<usize>,
    pub(super) codec: Option<RowsCodec<K, V>>,
}

impl<K: Key, V: Data> WindowSpec<K, V> {
    /// Values are reduced by `function`, which must be associative and commutative. It is called on the values
    /// from the oldest on; only a function that is declared [`associative`](WindowSpec::associative) is called on
    /// other groups of them.
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
            is_associative: None,
            inverse: None,
            filter: None,
            partitions: None,
            codec: None,
        }
    }

    /// Declares that it makes no difference at all in which groups values are reduced, and that no group of them
    /// fails: not so for sums of floating-point numbers, which are rounded, nor for sums that may overflow.
    ///
    /// Windows without an inverse function then cost as much as the batches that come and leave. Else each costs
    /// as much as all its batches. Rows and their order are the same.
    ///
    /// ```
    /// use engine::WindowSpec;
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// test_operation(
    ///     [vec![(2, 5)], vec![(2, 3)], vec![(4, 1)], vec![]],
    ///     move |pairs| {
    ///         let greatest = WindowSpec::function(i64::max, seconds(2), seconds(1));
    ///         pairs.reduce_by_key_and_window_with(greatest.associative())
    ///     },
    ///     [vec![(2, 5)], vec![(2, 5)], vec![(2, 3), (4, 1)], vec![(4, 1)]],
    /// );
    /// ```
    pub fn associative(self) -> WindowSpec<K, V> {
        self.associative_on(|_| true)
    }

    /// As [`associative`](WindowSpec::associative), for windows in which each batch has reduced the values of each
    /// key to one for which `holds`. Other windows are reduced as if nothing were declared.
    ///
    /// ```
    /// use engine::{Failure, FailureKind, WindowSpec};
    /// use std::time::Duration;
    /// let sum = |x: i64, y: i64| {
    ///     x.checked_add(y).ok_or(Failure::new(FailureKind::Overflow, "the sum has more than 64 bits"))
    /// };
    /// // No sum of 60 such numbers overflows.
    /// let is_small = |n: &i64| n.unsigned_abs() < 1 << 57;
    /// let seconds = Duration::from_secs;
    /// let spec = WindowSpec::try_function(sum, seconds(60), seconds(1)).associative_on(is_small);
    /// # let _: WindowSpec<String, i64> = spec;
    /// ```
    pub fn associative_on(
        self,
        holds: impl Fn(&V) -> bool + Send + Sync + 'static,
    ) -> WindowSpec<K, V> {
        WindowSpec {
            is_associative: Some(Arc::new(holds)),
            ..self
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
        self.try_filter(move |pair| Ok(keep(pair)))
    }

    /// As [`filter`](WindowSpec::filter), by a function that may fail: then the batch does.
    pub fn try_filter(
        self,
        keep: impl Fn(&(K, V)) -> Result<bool, Failure> + Send + Sync + 'static,
    ) -> WindowSpec<K, V> {
        WindowSpec {
            filter: Some(Arc::new(keep)),
            ..self
        }
    }

    /// Lets a program that has [checkpoints](crate::StreamingContext::checkpoint) save the windows that are computed
    /// from the ones before: there a spec with an inverse function and without this is refused, as nothing else says how
    /// keys and values become bytes.
    pub fn saved(self) -> WindowSpec<K, V>
    where
        K: Saved,
        V: Saved,
    {
        WindowSpec {
            codec: Some(Codec::new()),
            ..self
        }
    }

    /// The number of partitions into which keys are hashed, from 1 to
    /// [`CORES_MAX`](crate::SparkContext::CORES_MAX); a program with another number is refused. Default: that of the
    /// [stream](crate::DStream::num_partitions).
    pub fn num_partitions(self, partitions: usize) -> WindowSpec<K, V> {
        WindowSpec {
            partitions: Some(partitions),
            ..self
        }
    }
}

impl<K, V> fmt::Debug for WindowSpec<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WindowSpec")
            .field("length", &self.length)
            .field("slide", &self.slide)
            .field("associative", &self.is_associative.is_some())
            .field("inverse", &self.inverse.is_some())
            .finish_non_exhaustive()
    }
}
