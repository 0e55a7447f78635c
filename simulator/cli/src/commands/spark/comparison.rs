//! The comparison of Spark's console with ours.

use oracle::Answer;
use report::{diff, sections};

use crate::commands::finding::Finding;

/// The result of comparing a pipeline.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) finding: Finding,
    /// A few words that are printed behind the name.
    pub(super) note: Option<String>,
    /// The problems, which are printed below the name.
    pub(super) problems: Vec<String>,
    /// The number of batches that Spark printed.
    pub(super) batches: usize,
}

impl Comparison {
    /// The result of a pipeline that was not compared.
    pub(super) fn skipped(reason: String) -> Comparison {
        Comparison {
            finding: Finding::Skipped,
            note: Some(reason),
            problems: Vec::new(),
            batches: 0,
        }
    }
}

/// Compares the console of Spark with our text; with `any_order`, without regard to the order of rows.
pub(super) fn compare(answer: &Answer, ours: &str, any_order: bool) -> Comparison {
    let (finding, problem) = match answer {
        Answer::Failed(error) => (Finding::Failed, Some(format!("Spark says: {error}"))),
        Answer::Console(spark) if any_order => differing(&sorted(spark), &sorted(ours)),
        Answer::Console(spark) => differing(spark, ours),
    };
    let batches = match answer {
        Answer::Failed(_) => 0,
        Answer::Console(spark) => sections(spark).count(),
    };
    Comparison {
        finding,
        note: None,
        problems: problem.into_iter().collect(),
        batches,
    }
}

fn differing(spark: &str, ours: &str) -> (Finding, Option<String>) {
    match diff(spark, ours) {
        None => (Finding::Same, None),
        Some(difference) => {
            let text = format!("expected is Spark's, actual is ours\n{difference}");
            (Finding::Differs, Some(text))
        }
    }
}

/// Console text with the lines of each batch sorted, for a Spark that promises no order of rows.
fn sorted(console: &str) -> String {
    let mut text = String::new();
    for section in sections(console) {
        let mut lines: Vec<&str> = section.body().split_inclusive('\n').collect();
        lines.sort_unstable();
        text.push_str(section.head());
        text.extend(lines);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_within_their_batch() {
        let rule = "-".repeat(43);
        let text =
            |rows: &str| format!("{rule}\nTime: 1\n{rule}\n{rows}\n{rule}\nTime: 2\n{rule}\nc\n");
        assert_eq!(sorted(&text("b\na\n")), sorted(&text("a\nb\n")));
        assert_ne!(sorted(&text("a\n")), sorted(&text("b\n")));
    }
}
