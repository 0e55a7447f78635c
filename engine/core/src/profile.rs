//! The Spark that a program plays: its version, and the language it is driven from.

use std::fmt;

/// A version of Spark. Those that print alike are one.
///
/// ```
/// use engine::SparkVersion;
/// assert_eq!(SparkVersion::of("4.2.1"), Some(SparkVersion::V4));
/// assert_eq!(SparkVersion::of("3.5.9"), Some(SparkVersion::V3_5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum SparkVersion {
    /// Spark 3.5, as 3.5.9 prints.
    #[default]
    V3_5,
    /// Spark 4, as 4.0.5 to 4.3.0 print: the hash codes of tuples are those of Scala 2.13, and
    /// `spark.sql.ansi.enabled` is on.
    V4,
}

impl SparkVersion {
    /// The version of a release, by its number; `None` before Spark 3 and after Spark 4.
    pub fn of(release: &str) -> Option<SparkVersion> {
        match release.split('.').next()? {
            "3" => Some(SparkVersion::V3_5),
            "4" => Some(SparkVersion::V4),
            _ => None,
        }
    }

    /// True if a value that an expression cannot have fails the batch, and is not `NULL`
    /// (`spark.sql.ansi.enabled`).
    pub fn is_ansi(self) -> bool {
        self == SparkVersion::V4
    }
}

impl fmt::Display for SparkVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SparkVersion::V3_5 => "3.5",
            SparkVersion::V4 => "4",
        })
    }
}

/// The Spark whose console text and row order a program has.
///
/// ```
/// use engine::{Profile, SparkVersion, render::Notation};
/// assert_eq!(Profile::Cookbook.notation(), Notation::Python2);
/// assert_eq!(Profile::Jvm.on(SparkVersion::V4), Profile::Jvm4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// Spark 3.5 driven from Python 3: `portable_hash`, insertion-ordered dictionaries.
    #[default]
    Pyspark,
    /// Spark 3.5 driven from Java or Scala: `hashCode`, the slots of `AppendOnlyMap`.
    Jvm,
    /// The book's transcripts: Python 2 rows, Python 2's string hash and first-seen order, no blank lines, empty
    /// batches as empty blocks.
    Cookbook,
    /// Spark 4 driven from Python 3. DStreams print as with [`Pyspark`](Profile::Pyspark).
    Pyspark4,
    /// Spark 4 driven from Java or Scala: as [`Jvm`](Profile::Jvm), but for the hash codes of tuples.
    Jvm4,
}

impl Profile {
    /// The version of Spark; the book's transcripts count as 3.5.
    pub fn spark(self) -> SparkVersion {
        match self {
            Profile::Pyspark | Profile::Jvm | Profile::Cookbook => SparkVersion::V3_5,
            Profile::Pyspark4 | Profile::Jvm4 => SparkVersion::V4,
        }
    }

    /// The same language on another version of Spark. The book's transcripts are of no other and stay what they are.
    pub fn on(self, spark: SparkVersion) -> Profile {
        match (self, spark) {
            (Profile::Cookbook, _) => Profile::Cookbook,
            (Profile::Pyspark | Profile::Pyspark4, SparkVersion::V3_5) => Profile::Pyspark,
            (Profile::Pyspark | Profile::Pyspark4, SparkVersion::V4) => Profile::Pyspark4,
            (Profile::Jvm | Profile::Jvm4, SparkVersion::V3_5) => Profile::Jvm,
            (Profile::Jvm | Profile::Jvm4, SparkVersion::V4) => Profile::Jvm4,
        }
    }

    /// True of programs in Java or Scala, false of those in Python.
    pub fn is_jvm(self) -> bool {
        match self {
            Profile::Jvm | Profile::Jvm4 => true,
            Profile::Pyspark | Profile::Pyspark4 | Profile::Cookbook => false,
        }
    }
}
