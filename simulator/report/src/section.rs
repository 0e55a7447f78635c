//! Console text, divided into its batches.

/// The line above and below a title, without its line feed.
pub(crate) const RULE: &str = "-------------------------------------------";

/// A part of console text: a batch, the text before the first one, or the closing rule.
///
/// The heads and bodies of all sections, one after the other, are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    head: &'a str,
    body: &'a str,
}

impl<'a> Section<'a> {
    /// The rule, title and rule of a batch, or the rule that closes the book's transcripts; empty for the
    /// text before the first batch.
    pub fn head(self) -> &'a str {
        self.head
    }

    /// The lines under the head, up to the next section.
    pub fn body(self) -> &'a str {
        self.body
    }

    /// The title of a batch, `Time: …` or `Batch: …`, without white space at its end.
    pub fn title(self) -> Option<&'a str> {
        self.head.lines().nth(1).map(str::trim_end)
    }

    /// The number of batches in it: 1, or 0 if it has no title.
    pub(crate) fn batches(self) -> usize {
        usize::from(self.title().is_some())
    }

    /// The title, or a description of a section without one.
    pub fn name(self) -> &'a str {
        match self.title() {
            Some(title) => title,
            None if self.head.is_empty() => "the text before the first batch",
            None => "the closing rule",
        }
    }
}

/// Divides console text into sections. A batch starts with the three lines of its head (`OUT-1`, `CON-1`),
/// which may have white space at their ends.
///
/// A row that looks like a head is taken for one and starts a section. No byte is lost.
///
/// ```
/// let rule = "-".repeat(43);
/// let text = format!("{rule}\nTime: 1000 ms\n{rule}\n(blue,5)\n\n{rule}\nTime: 2000 ms\n{rule}\n\n");
/// let sections: Vec<_> = report::sections(&text).map(|it| (it.name(), it.body())).collect();
/// assert_eq!(sections, [("Time: 1000 ms", "(blue,5)\n\n"), ("Time: 2000 ms", "\n")]);
/// ```
pub fn sections(text: &str) -> impl Iterator<Item = Section<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let section = first_section(rest)?;
        rest = &rest[section.head.len() + section.body.len()..];
        Some(section)
    })
}

fn first_section(text: &str) -> Option<Section<'_>> {
    if text.is_empty() {
        return None;
    }
    let (head, after) = text.split_at(head_length(text));
    let body = &after[..body_length(after)];
    // A text that does not begin with a head has at least its first line in the body.
    assert!(
        !(head.is_empty() && body.is_empty()),
        "every section takes some of the text"
    );
    Some(Section { head, body })
}

/// The length of the head with which `text` begins, or zero if it does not begin with one.
fn head_length(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let mut next = || lines.next().unwrap_or_default();
    let rule = next();
    if rule.trim_end() != RULE {
        return 0;
    }
    let title = next();
    if title.is_empty() {
        // A rule as the last line of all: the closing rule of the book's transcripts.
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

/// The length of the text before the next head.
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

    /// Compares the names and bodies of the sections of a text in which `=` stands for a rule.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let text = ruled(text);
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, body)| (*name, ruled(body)))
            .collect();
        let found: Vec<_> = sections(&text)
            .map(|section| (section.name(), section.body().to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    fn ruled(text: &str) -> String {
        text.replace('=', RULE)
    }

    #[test]
    fn out_1_a_batch_begins_with_its_head() {
        check("", &[]);
        check(
            "=\nTime: 1\n=\na\n\n=\nTime: 2\n=\n\n",
            &[("Time: 1", "a\n\n"), ("Time: 2", "\n")],
        );
    }

    #[test]
    fn con_1_a_batch_of_a_query_begins_with_its_head() {
        check("=\nBatch: 0\n=\n+---+\n", &[("Batch: 0", "+---+\n")]);
    }

    #[test]
    fn text_before_the_first_head_is_a_section() {
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
    fn a_rule_at_the_end_is_a_section() {
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
        fn no_byte_is_lost(
            text in prop_oneof!["(=|\n|\r|Time: |Batch: |a|漢| ){0,40}", any::<String>()],
        ) {
            let text = ruled(&text);
            let again: String = sections(&text).flat_map(|it| [it.head(), it.body()]).collect();
            prop_assert_eq!(again, text);
        }
    }
}
