//! One batch as `print` and `pprint` put it on the console (`OUT-1`, `OUT-2`, `OUT-3`).
//!
//! From `org.apache.spark.streaming.dstream.DStream.print` and `pyspark.streaming.DStream.pprint`
//! (Spark 3.5.9).

use super::{Notation, RULE, Renderer};
use crate::types::Value;

impl Renderer<'_> {
    /// Appends the block of the batch of `time`, which is written as the reader shall see it
    /// (`2018-06-21 23:00:30`, `1529622030000 ms`): a header, `rows`, `...` if there are `more`.
    ///
    /// The book has no empty line after a block.
    ///
    /// ```
    /// use engine::render::{Notation, Renderer};
    /// use engine::Record;
    /// let rows = [("blue", 5).to_value()];
    /// let mut console = String::new();
    /// Renderer::new(Notation::Java, &|utc| utc).block("1529622030000 ms", &rows, false, &mut console);
    /// assert_eq!(console, "\
    /// -------------------------------------------
    /// Time: 1529622030000 ms
    /// -------------------------------------------
    /// (blue,5)
    ///
    /// ");
    /// ```
    pub fn block(&self, time: &str, rows: &[Value], more: bool, out: &mut String) {
        out.extend([RULE, "Time: ", time, "\n", RULE]);
        for row in rows {
            out.push_str(&self.text(row));
            out.push('\n');
        }
        if more {
            out.push_str("...\n");
        }
        if self.notation != Notation::Python2 {
            out.push('\n');
        }
    }
}

impl Notation {
    /// True if rows of a batch with `records` input records are shown. The book shows a batch without
    /// input as an empty one, whatever state or window there is to print.
    pub fn shows_rows(self, records: usize) -> bool {
        self != Notation::Python2 || records > 0
    }

    /// Appends the text after the last block: a rule in the book, nothing in Spark.
    pub fn closing_rule(self, out: &mut String) {
        if self == Notation::Python2 {
            out.push_str(RULE);
        }
    }
}
