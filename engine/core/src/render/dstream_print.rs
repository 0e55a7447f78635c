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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Record;

    fn counts(counts: &[(&str, i64)]) -> Vec<Value> {
        counts.iter().map(Record::to_value).collect()
    }

    #[track_caller]
    fn check(notation: Notation, rows: &[Value], more: bool, expected: &str) {
        let mut out = String::new();
        Renderer::new(notation, &|utc| utc).block("T", rows, more, &mut out);
        let head = format!("{0}\nTime: T\n{0}\n", "-".repeat(43));
        assert_eq!(out, head + expected);
    }

    #[test]
    fn out_1_java_prints_rows_by_to_string_and_dots_if_there_are_more() {
        let rows = counts(&[("blue", 5), ("", 3)]);
        check(Notation::Java, &rows, false, "(blue,5)\n(,3)\n\n");
        check(Notation::Java, &rows, true, "(blue,5)\n(,3)\n...\n\n");
    }

    #[test]
    fn out_2_an_empty_batch_is_a_header_and_an_empty_line() {
        check(Notation::Java, &[], false, "\n");
        check(Notation::Python3, &[], false, "\n");
    }

    #[test]
    fn out_3_python_prints_rows_by_repr_and_bare_texts_by_str() {
        check(
            Notation::Python3,
            &counts(&[("it's", 1)]),
            false,
            "(\"it's\", 1)\n\n",
        );
        check(Notation::Python3, &["it's".to_value()], false, "it's\n\n");
    }

    #[test]
    fn the_book_has_no_empty_line_and_closes_with_a_rule() {
        check(
            Notation::Python2,
            &counts(&[("blue", 5)]),
            false,
            "(u'blue', 5)\n",
        );
        check(Notation::Python2, &[], false, "");
        let mut out = String::new();
        Notation::Java.closing_rule(&mut out);
        Notation::Python3.closing_rule(&mut out);
        assert_eq!(out, "");
        Notation::Python2.closing_rule(&mut out);
        assert_eq!(out, "-".repeat(43) + "\n");
    }
}
