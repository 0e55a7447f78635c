//! Console text cut into its batches again.

/// The line above and below a title; without its line feed.
const RULE: &str = "-------------------------------------------";

/// A piece of console text: a batch, what stands before the first one, or the closing rule.
///
/// The head and the body of all blocks of a text, one after the other, are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    head: &'a str,
    body: &'a str,
}

impl<'a> Block<'a> {
    /// The rule, the title and the rule of a batch; the rule that closes the book's transcripts;
    /// nothing before the first batch.
    pub fn head(self) -> &'a str {
        self.head
    }

    /// The lines under the head, up to the next block.
    pub fn body(self) -> &'a str {
        self.body
    }

    /// The title of a batch, `Time: …` or `Batch: …`, without white space at its end.
    pub fn title(self) -> Option<&'a str> {
        self.head.lines().nth(1).map(str::trim_end)
    }

    /// The title, or in words what else this block is.
    pub fn name(self) -> &'a str {
        match self.title() {
            Some(title) => title,
            None if self.head.is_empty() => "the text before the first batch",
            None => "the closing rule",
        }
    }
}

/// Cuts console text into blocks. A block starts with the three lines of a batch's head (`OUT-1`,
/// `CON-1`), whatever white space they end with.
///
/// A row that looks like a head cannot be told from one; it starts a block, and no byte is lost.
///
/// ```
/// let rule = "-".repeat(43);
/// let text = format!("{rule}\nTime: 1000 ms\n{rule}\n(blue,5)\n\n{rule}\nTime: 2000 ms\n{rule}\n\n");
/// let blocks: Vec<_> = report::blocks(&text).map(|block| (block.name(), block.body())).collect();
/// assert_eq!(blocks, [("Time: 1000 ms", "(blue,5)\n\n"), ("Time: 2000 ms", "\n")]);
/// ```
pub fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let block = first_block(rest)?;
        rest = &rest[block.head.len() + block.body.len()..];
        Some(block)
    })
}

fn first_block(text: &str) -> Option<Block<'_>> {
    let (head, after) = text.split_at(head_length(text));
    let (body, _) = after.split_at(body_length(after));
    Some(Block { head, body }).filter(|_| !text.is_empty())
}

/// The length of the head that `text` begins with, zero if with none.
fn head_length(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let mut next = || lines.next().unwrap_or_default();
    let rule = next();
    if rule.trim_end() != RULE {
        return 0;
    }
    let title = next();
    if title.is_empty() {
        // The last line of all is a rule: the book closes its transcripts so.
        return rule.len();
    }
    let is_title = title.starts_with("Time: ") || title.starts_with("Batch: ");
    let second_rule = next();
    if is_title && second_rule.trim_end() == RULE {
        rule.len() + title.len() + second_rule.len()
    } else {
        0
    }
}

/// How far it is to the next head.
fn body_length(text: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        if head_length(&text[length..]) > 0 {
            break;
        }
        length += line.len();
    }
    length
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Names and bodies of the blocks of a text in which `=` on a line stands for a rule.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let text = ruled(text);
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, body)| (*name, ruled(body)))
            .collect();
        let found: Vec<_> = blocks(&text)
            .map(|block| (block.name(), block.body().to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    fn ruled(text: &str) -> String {
        text.replace('=', RULE)
    }

    #[test]
    fn out_1_a_block_begins_with_its_head() {
        check("", &[]);
        check(
            "=\nTime: 1\n=\na\n\n=\nTime: 2\n=\n\n",
            &[("Time: 1", "a\n\n"), ("Time: 2", "\n")],
        );
    }

    #[test]
    fn con_1_a_block_of_a_query_begins_with_its_head() {
        check("=\nBatch: 0\n=\n+---+\n", &[("Batch: 0", "+---+\n")]);
    }

    #[test]
    fn text_before_the_first_head_is_a_block() {
        check(
            "warning\n\n=\nTime: 1\n=\n",
            &[
                ("the text before the first batch", "warning\n\n"),
                ("Time: 1", ""),
            ],
        );
        check("no end", &[("the text before the first batch", "no end")]);
    }

    #[test]
    fn a_rule_at_the_end_is_a_block() {
        let closed = [("Time: 1", "a\n"), ("the closing rule", "")];
        check("=\nTime: 1\n=\na\n=\n", &closed);
        check("=\nTime: 1\n=\na\n=", &closed);
        check("=\n", &closed[1..]);
    }

    #[test]
    fn words_that_look_like_parts_of_a_head_are_rows() {
        check(
            "=\nTime: 1\n=\n=\nTime: x\n=x\n=\n=\nTime: 2\n=\n",
            &[("Time: 1", "=\nTime: x\n=x\n=\n"), ("Time: 2", "")],
        );
        check(
            " =\nTime: 1\n=\n\n",
            &[(
                "the text before the first batch",
                &ruled(" =\nTime: 1\n=\n\n"),
            )],
        );
    }

    #[test]
    fn heads_may_end_with_carriage_returns() {
        check("=\r\nTime: 1 \r\n=\r\na\r\n", &[("Time: 1", "a\r\n")]);
    }

    proptest! {
        #[test]
        fn no_byte_is_lost(text in "(=|\n|\r|Time: |Batch: |a|漢| ){0,40}") {
            let text = ruled(&text);
            let again: String = blocks(&text).flat_map(|block| [block.head(), block.body()]).collect();
            prop_assert_eq!(again, text);
        }

        #[test]
        fn no_byte_of_any_text_is_lost(text in any::<String>()) {
            let again: String = blocks(&text).flat_map(|block| [block.head(), block.body()]).collect();
            prop_assert_eq!(again, text);
        }
    }
}
