//! One batch as `print` and `pprint` put it on the console (`OUT-1`, `OUT-2`, `OUT-3`).
//!
//! From `org.apache.spark.streaming.dstream.DStream.print` and `pyspark.streaming.DStream.pprint`
//! (Spark 3.5.9).

use super::RULE;
use super::java_text::java_text;
use super::python_repr::Python;
use crate::profile::Profile;
use crate::value::Value;

impl Profile {
    /// Appends the block of the batch of `time`, which is written as the reader shall see it
    /// (`2018-06-21 23:00:30`, `1529622030000 ms`): a header, `rows`, `...` if there are `more`.
    ///
    /// ```
    /// use engine::{Profile, Record, Text};
    /// let rows = [(Text::from("blue"), 5_i64).to_value()];
    /// let mut console = String::new();
    /// Profile::Jvm.block("1529622030000 ms", &rows, false, &mut console);
    /// assert_eq!(console, "\
    /// -------------------------------------------
    /// Time: 1529622030000 ms
    /// -------------------------------------------
    /// (blue,5)
    ///
    /// ");
    /// ```
    pub fn block(self, time: &str, rows: &[Value], more: bool, out: &mut String) {
        out.extend([RULE, "Time: ", time, "\n", RULE]);
        for row in rows {
            out.push_str(&self.row(row));
            out.push('\n');
        }
        if more {
            out.push_str("...\n");
        }
        if self != Profile::Cookbook {
            out.push('\n');
        }
    }

    /// Appends what follows the last block: a rule in the book, nothing in Spark.
    pub fn closing_rule(self, out: &mut String) {
        if self == Profile::Cookbook {
            out.push_str(RULE);
        }
    }

    /// One row as the console shows it, without the line end.
    pub fn row(self, row: &Value) -> String {
        match self {
            Profile::Pyspark => Python::Three.str(row),
            Profile::Jvm => java_text(row),
            Profile::Cookbook => Python::Two.str(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Record;

    fn counts(counts: &[(&str, i64)]) -> Vec<Value> {
        counts
            .iter()
            .map(|(word, count)| (word.to_string(), *count).to_value())
            .collect()
    }

    #[track_caller]
    fn check(profile: Profile, rows: &[Value], more: bool, expected: &str) {
        let mut out = String::new();
        profile.block("T", rows, more, &mut out);
        let head = format!("{0}\nTime: T\n{0}\n", "-".repeat(43));
        assert_eq!(out, head + expected);
    }

    #[test]
    fn out_1_java_prints_rows_by_to_string_and_dots_if_there_are_more() {
        let rows = counts(&[("blue", 5), ("", 3)]);
        check(Profile::Jvm, &rows, false, "(blue,5)\n(,3)\n\n");
        check(Profile::Jvm, &rows, true, "(blue,5)\n(,3)\n...\n\n");
    }

    #[test]
    fn out_2_an_empty_batch_is_a_header_and_an_empty_line() {
        check(Profile::Jvm, &[], false, "\n");
        check(Profile::Pyspark, &[], false, "\n");
    }

    #[test]
    fn out_3_python_prints_rows_by_repr_and_bare_texts_by_str() {
        check(
            Profile::Pyspark,
            &counts(&[("it's", 1)]),
            false,
            "(\"it's\", 1)\n\n",
        );
        check(
            Profile::Pyspark,
            &["it's".to_owned().to_value()],
            false,
            "it's\n\n",
        );
    }

    #[test]
    fn the_book_has_no_empty_line_and_closes_with_a_rule() {
        check(
            Profile::Cookbook,
            &counts(&[("blue", 5)]),
            false,
            "(u'blue', 5)\n",
        );
        check(Profile::Cookbook, &[], false, "");
        let mut out = String::new();
        Profile::Jvm.closing_rule(&mut out);
        Profile::Pyspark.closing_rule(&mut out);
        assert_eq!(out, "");
        Profile::Cookbook.closing_rule(&mut out);
        assert_eq!(out, "-".repeat(43) + "\n");
    }
}
