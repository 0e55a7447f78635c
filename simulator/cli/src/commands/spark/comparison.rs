//! The comparison of Spark's console with ours.

use oracle::Answer;
use report::{diff, sections};
use suite::Played;

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

/// The measure of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// True if rows are compared without regard to their order.
    pub(super) any_order: bool,
    /// True if tasks run one after the other, so that it is not open which of several fails first.
    pub(super) one_task: bool,
}

/// Compares the console of Spark, and the failure of a query, with ours.
pub(super) fn compare(answer: &Answer, ours: &Played, measure: Measure) -> Comparison {
    let (problems, finding, batches) = match answer {
        Answer::Failed(error) => (vec![format!("Spark says: {error}")], Finding::Failed, 0),
        Answer::Console { text, failure } => {
            let failed = differing_failures(failure.as_deref(), &ours.failures, measure);
            let printed = if measure.any_order {
                differing(&sorted(text), &sorted(&ours.text))
            } else {
                differing(text, &ours.text)
            };
            let problems: Vec<String> = failed.into_iter().chain(printed).collect();
            let finding = if problems.is_empty() {
                Finding::Same
            } else {
                Finding::Differs
            };
            (problems, finding, sections(text).count())
        }
    };
    Comparison {
        finding,
        note: None,
        problems,
        batches,
    }
}

/// The difference between the failure of Spark's query and those of ours.
fn differing_failures(spark: Option<&str>, ours: &[String], measure: Measure) -> Option<String> {
    match (spark, ours.first()) {
        (None, None) => None,
        (Some(spark), None) => Some(format!("Spark fails, and ours does not: {spark}")),
        (None, Some(ours)) => Some(format!("ours fails, and Spark does not: {ours}")),
        (Some(spark), Some(ours)) => {
            let is_same = match (condition(spark), condition(ours)) {
                (Some(spark), Some(ours)) => spark == ours,
                // Not every release names the condition of an overflow.
                _ => true,
            };
            let differs = measure.one_task && !is_same;
            differs.then(|| format!("Spark fails by {spark}\nand ours by {ours}"))
        }
    }
}

/// The error condition in a reason: `CAST_INVALID_INPUT`. Before it ours have the number of the batch.
fn condition(reason: &str) -> Option<&str> {
    Some(reason.split_once('[')?.1.split_once(']')?.0)
}

fn differing(spark: &str, ours: &str) -> Option<String> {
    let difference = diff(spark, ours)?;
    Some(format!("expected is Spark's, actual is ours\n{difference}"))
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
    fn conditions_of_failures_are_compared_where_one_task_runs() {
        let differs = |spark: Option<&str>, ours: Option<&str>, one_task| {
            let ours: Vec<String> = ours.map(str::to_owned).into_iter().collect();
            let measure = Measure {
                any_order: false,
                one_task,
            };
            differing_failures(spark, &ours, measure).is_some()
        };
        let [cast, index] = ["[CAST_INVALID_INPUT] a", "[INVALID_ARRAY_INDEX] b"];
        let ours = "batch 3: [CAST_INVALID_INPUT] c";
        assert!(!differs(None, None, true));
        assert!(differs(Some(cast), None, false) && differs(None, Some(cast), false));
        assert!(!differs(Some(cast), Some(ours), true));
        assert!(differs(Some(cast), Some(index), true));
        assert!(!differs(Some(cast), Some(index), false));
        assert!(!differs(
            Some("[DATETIME_OVERFLOW] d"),
            Some("long overflow"),
            true
        ));
    }

    #[test]
    fn rows_are_sorted_within_their_batch() {
        let rule = "-".repeat(43);
        let text =
            |rows: &str| format!("{rule}\nTime: 1\n{rule}\n{rows}\n{rule}\nTime: 2\n{rule}\nc\n");
        assert_eq!(sorted(&text("b\na\n")), sorted(&text("a\nb\n")));
        assert_ne!(sorted(&text("a\n")), sorted(&text("b\n")));
    }
}
