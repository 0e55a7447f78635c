//! The Spark that a program plays: the language it is written in decides text and row order.

use crate::RowOrder;
use crate::render::Notation;

/// The Spark whose console text and row order a program has.
///
/// ```
/// use engine::{Profile, RowOrder};
/// assert_eq!(Profile::Cookbook.row_order(), RowOrder::Python2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// Spark 3.5.9 driven from Python.
    #[default]
    Pyspark,
    /// Spark 3.5.9 driven from Java or Scala.
    Jvm,
    /// The book's transcripts: Python 2 rows, no blank lines, empty batches as empty blocks.
    Cookbook,
}

impl Profile {
    /// The order of rows in its language.
    pub fn row_order(self) -> RowOrder {
        match self {
            Profile::Pyspark => RowOrder::Python,
            Profile::Jvm => RowOrder::Jvm,
            Profile::Cookbook => RowOrder::Python2,
        }
    }

    /// The notation of values in its console.
    pub fn notation(self) -> Notation {
        match self {
            Profile::Pyspark => Notation::Python3,
            Profile::Jvm => Notation::Java,
            Profile::Cookbook => Notation::Python2,
        }
    }
}
