//! The code and the comments of a source, without its test module.

/// The lines of a source before its test module, each with its number from 1.
pub(crate) fn lines(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let is_test_module = |at: &usize| {
        let next = lines.get(at + 1).copied().unwrap_or_default();
        lines[*at].starts_with("#[cfg(") && lines[*at].contains("test") && next.ends_with('{')
    };
    let end = (0..lines.len()).find(is_test_module).unwrap_or(lines.len());
    (1..).zip(lines).take(end).collect()
}

/// Splits a line into its code and its comment, if it has one.
pub(crate) fn split_comment(line: &str) -> (&str, Option<&str>) {
    let slashes = line.match_indices("//").map(|(at, _)| at);
    let mut outside = slashes.filter(|at| line[..*at].matches('"').count().is_multiple_of(2));
    match outside.next() {
        Some(at) => (&line[..at], Some(&line[at..])),
        None => (line, None),
    }
}

/// The code of a source, without comments. Each line keeps its line feed.
pub(crate) fn code(text: &str) -> String {
    let lines = lines(text).into_iter();
    let lines = lines.map(|(_, line)| format!("{}\n", split_comment(line).0));
    lines.collect()
}

#[test]
fn a_comment_begins_outside_of_strings() {
    assert_eq!(split_comment("a(); // why"), ("a(); ", Some("// why")));
    assert_eq!(
        split_comment("a(\"http://b\");"),
        ("a(\"http://b\");", None)
    );
    assert_eq!(code("//! It.\nlet a = 1; // one\n"), "\nlet a = 1; \n");
}

#[test]
fn a_test_module_is_left_out() {
    let text = "a\n#[cfg(test)]\nmod tests;\nb\n#[cfg(all(test, unix))]\nmod tests {\nc\n";
    let lines: Vec<usize> = lines(text).iter().map(|(number, _)| *number).collect();
    assert_eq!(lines, [1, 2, 3, 4]);
}
