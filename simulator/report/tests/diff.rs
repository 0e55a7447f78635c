//! Differences between console texts, as a person sees them.

use insta::assert_snapshot;
use proptest::prelude::*;
use report::{Section, diff, sections};
use unicode_width::UnicodeWidthStr;

const RULE: &str = "-------------------------------------------";

/// Console text: a line that ends in `:` is the title of a batch, and `=` on a line is a rule.
fn console(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix(':') {
        Some(title) => format!("{RULE}\n{title}\n{RULE}\n"),
        None if line == "=" => format!("{RULE}\n"),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[track_caller]
fn shown(expected: &str, actual: &str) -> String {
    shown_raw(&console(expected), &console(actual))
}

#[track_caller]
fn shown_raw(expected: &str, actual: &str) -> String {
    let difference = diff(expected, actual).expect("the texts differ");
    difference.width(72).to_string()
}

/// Batches 1 to `count`, one word each.
fn batches(count: usize, word: impl Fn(usize) -> String) -> String {
    let batch = |second| format!("Time: {second}000 ms:\n({},1)\n\n", word(second));
    (1..=count).map(batch).collect()
}

fn blue(_: usize) -> String {
    "blue".to_owned()
}

#[test]
fn a_batch_whose_rows_differ() {
    let expected = batches(9, blue);
    let actual = batches(9, |second| {
        (if second == 5 { "green" } else { "blue" }).to_owned()
    });
    assert_snapshot!(shown(&expected, &actual));
}

#[test]
fn rows_in_another_order() {
    let expected = "Time: 1000 ms:\n(u'blue', 5)\n(u'green', 3)\n(u'gohawks', 1)\n=";
    let actual = "Time: 1000 ms:\n(u'gohawks', 1)\n(u'blue', 5)\n(u'green', 3)\n=";
    assert_snapshot!(shown(expected, actual));
}

#[test]
fn a_missing_batch() {
    let all = batches(5, blue);
    let some = all.replace("Time: 3000 ms:\n(blue,1)\n\n", "");
    assert_snapshot!(shown(&all, &some));
}

#[test]
fn an_extra_batch_at_the_end() {
    assert_snapshot!(shown(&(batches(2, blue) + "="), &(batches(3, blue) + "="),));
}

#[test]
fn titles_that_differ() {
    let actual = batches(3, blue).replace("Time: 2000 ms", "Time: 2500 ms");
    assert_snapshot!(shown(&batches(3, blue), &actual));
}

#[test]
fn a_table_that_differs() {
    let table = |word: &str, line: &str| {
        format!(
            "Batch: 0:\n+{line}+-----+\n|{word}|count|\n+{line}+-----+\n|blue|    5|\n+{line}+-----+\n\n"
        )
    };
    let expected = table("word", "----");
    let actual = expected
        .replace("|    5|", "|    6|")
        .replace("blue|", "漢字|");
    assert_snapshot!(shown(&expected, &actual));
}

#[test]
fn a_missing_line_feed_at_the_end() {
    let expected = console(&batches(3, blue));
    let actual = expected.strip_suffix('\n').expect("it ends with one");
    assert_snapshot!(shown_raw(&expected, actual));
}

#[test]
fn a_missing_empty_line_and_a_trailing_space() {
    let expected = "Time: 1000 ms:\n(blue,1)\n\nTime: 2000 ms:\n\n";
    let actual = "Time: 1000 ms:\n(blue,1) \nTime: 2000 ms:\n\n";
    assert_snapshot!(shown(expected, actual));
}

#[test]
fn carriage_returns_everywhere() {
    let expected = console(&batches(2, blue));
    assert_snapshot!(shown_raw(&expected, &expected.replace('\n', "\r\n")));
}

#[test]
fn a_long_line_that_differs_at_its_end() {
    let word = |end: &str| format!("Time: 1000 ms:\n({}{end},1)\n\n", "abc".repeat(40));
    assert_snapshot!(shown(&word("x"), &word("y")));
}

#[test]
fn a_long_block_with_one_row_that_differs() {
    let rows = |odd: usize| {
        let row = |number: usize| format!("({},{})\n", number, u8::from(number == odd));
        format!(
            "Time: 1000 ms:\n{}\n",
            (1..=30).map(row).collect::<String>()
        )
    };
    assert_snapshot!(shown(&rows(12), &rows(0)));
}

#[test]
fn more_batches_than_are_shown() {
    assert_snapshot!(shown(
        &batches(40, blue),
        &batches(40, |_| "green".to_owned())
    ));
}

#[test]
fn more_rows_than_are_shown() {
    let row = |number: usize| format!("row {number}\n");
    let rows: String = (1..100).map(row).collect();
    assert_snapshot!(shown("", &format!("Time: 1000 ms:\n{rows}")));
}

#[test]
fn text_that_is_no_console_text() {
    assert_snapshot!(shown("warning: deprecated\none\n", "one\ntwo\n"));
}

#[test]
fn nothing_where_a_transcript_should_be() {
    assert_snapshot!(shown("Time: 1000 ms:\n(blue,5)\n=", ""));
}

#[test]
fn the_first_batch_that_differs_has_a_name() {
    let expected = console(&batches(5, blue));
    let actual = console(&batches(4, blue));
    let difference = diff(&expected, &actual).expect("the texts differ");
    let text = difference.to_string();
    assert!(text.starts_with("first difference: Time: 5000 ms is missing\n"));
}

#[test]
fn ten_thousand_batches_that_have_nothing_in_common_are_compared_at_once() {
    let expected = console(&batches(10_000, blue));
    let actual = expected.replace("000 ms", "500 ms");
    let difference = diff(&expected, &actual).expect("the texts differ");
    let text = difference.to_string();
    assert!(text.starts_with("first difference: Time: 1000 ms"));
    assert!(text.lines().count() < 100);
}

/// Rows, rules and titles in any order, with and without invisible characters.
fn texts() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just(RULE.to_owned()),
        Just("Time: 1 ms".to_owned()),
        Just(format!("{RULE}\nTime: 1 ms\n{RULE}")),
        Just(format!("{RULE}\nBatch: 2\n{RULE}")),
        "[a漢 \t\r·…]{0,60}",
    ];
    let lines = proptest::collection::vec((line, prop_oneof!["\n", "\r\n", ""]), 0..12);
    lines.prop_map(|lines| {
        lines
            .into_iter()
            .flat_map(|(line, end)| [line, end])
            .collect()
    })
}

proptest! {
    #[test]
    fn a_text_differs_from_every_other_and_not_from_itself(expected in texts(), actual in texts()) {
        prop_assert!(diff(&expected, &expected).is_none());
        prop_assert_eq!(diff(&expected, &actual).is_none(), expected == actual);
    }

    #[test]
    fn a_difference_shows_at_least_one_mark(expected in texts(), actual in texts(), width in 0_usize..120) {
        prop_assume!(expected != actual);
        let difference = diff(&expected, &actual).expect("the texts differ").width(width);
        let text = difference.to_string();
        prop_assert!(text.contains(['≠', '<', '>']), "{}", text);
        let (_, page) = text.split_once("\n\n").expect("an empty line is above the columns");
        prop_assert!(page.lines().all(|line| line.width() <= width.max(40)), "{}", text);
        let wide = diff(&expected, &actual).expect("the texts differ").width(1_000).to_string();
        let shown = |section: Section<'_>| section.name().replace('\t', " ").replace('\r', "");
        let is_first = |name: String| wide.starts_with(&format!("first difference: {name} "));
        prop_assert!(sections(&expected).chain(sections(&actual)).map(shown).any(is_first));
    }
}
