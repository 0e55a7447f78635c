//! Console text whose rows are put in order, for Sparks that promise none.

use report::blocks;

/// The same batches, the lines of each sorted.
pub(super) fn sorted(console: &str) -> String {
    let mut text = String::new();
    for block in blocks(console) {
        let mut lines: Vec<&str> = block.body().split_inclusive('\n').collect();
        lines.sort_unstable();
        text.push_str(block.head());
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
