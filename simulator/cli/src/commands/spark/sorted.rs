//! Console text with sorted rows, to compare with a Spark that promises no order of rows.

use report::sections;

/// Sorts the lines of each batch.
pub(super) fn sorted(console: &str) -> String {
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
