//! The Spark that a program plays: the language it is written in decides text and row order.

/// The Spark whose console text and row order a program has.
///
/// ```
/// use engine::{Profile, render::Notation};
/// assert_eq!(Profile::Cookbook.notation(), Notation::Python2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// Spark 3.5.9 driven from Python 3: `portable_hash`, insertion-ordered dictionaries.
    #[default]
    Pyspark,
    /// Spark 3.5.9 driven from Java or Scala: `hashCode`, the slots of `AppendOnlyMap`.
    Jvm,
    /// The book's transcripts: Python 2 rows, Python 2's string hash and first-seen order, no blank lines, empty
    /// batches as empty blocks.
    Cookbook,
}
