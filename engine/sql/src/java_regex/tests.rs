//! Regular expressions of Java.

use super::*;

#[track_caller]
fn check(pattern: &str, text: &str, expected: Option<&str>) {
    let regex = JavaRegex::new(pattern).expect("a pattern");
    let found = regex.first(text).expect("a search that ends");
    let found = found.and_then(|found| found.get(0).map(|it| it.as_str()));
    assert_eq!(found, expected, "{pattern:?} in {text:?}");
}

#[test]
fn classes_are_those_of_ascii_unless_the_flag_says_otherwise() {
    check(r"\w", "é", None);
    check(r"(?U)\w", "é", Some("é"));
    check(r"\d", "٣", None);
    check(r"\p{L}+", "é日", Some("é日"));
    check(r"[a-z&&[^b]]", "b", None);
    check(r"[\w&&[^\d]]+", "12ab", Some("ab"));
}

#[test]
fn case_is_that_of_latin_letters_unless_the_flag_says_otherwise() {
    check("(?i)straße", "STRAße", Some("STRAße"));
    check("(?i)É", "é", None);
    check("(?iu)É", "é", Some("é"));
    check("(?i)[a-c]+", "aBC", Some("aBC"));
    check("a(?i)b(?-i)c", "aBC", None);
    check("(?iu)i", "İ", Some("İ"));
}

#[test]
fn lines_end_as_java_has_them() {
    check("a.b", "a\rb", None);
    check("(?s)a.b", "a\rb", Some("a\rb"));
    check("a$", "a\r\n", Some("a"));
    check("a$", "a\nb", None);
    check("(?m)^b$", "a\r\nb\r\nc", Some("b"));
    check(r"a\R", "a\r\n", Some("a\r\n"));
}

#[test]
fn an_empty_match_may_follow_another_match() {
    let regex = JavaRegex::new("a*").expect("a pattern");
    assert_eq!(regex.replace_all("aab", "x"), Ok("xxbx".to_owned()));
    assert_eq!(
        regex.split(&"aab".into(), -1),
        Ok(["", "", "b", ""].map(Text::from).to_vec())
    );
}

#[test]
fn a_pattern_without_signs_cuts_as_one_with_signs_that_means_the_same() {
    for (literal, pattern) in [(" ", "[ ]"), ("ab", "(ab)"), (",", r"\Q,\E")] {
        let [literal, pattern] =
            [literal, pattern].map(|it| JavaRegex::new(it).expect("a pattern"));
        assert!(literal.literal.is_some() && pattern.literal.is_none());
        for text in ["", " ", "a b", " a  b ", "ababab", "xaby,,", "é ab,é"].map(Text::from) {
            for limit in -1..4 {
                assert_eq!(
                    literal.split(&text, limit),
                    pattern.split(&text, limit),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn malformed_patterns_have_the_message_of_java() {
    let message = |pattern: &str| JavaRegex::new(pattern).err().map(|it| it.to_string());
    assert_eq!(message("[a").as_deref(), Some("Unclosed character class"));
    assert_eq!(message("*").as_deref(), Some("Dangling meta character '*'"));
    assert_eq!(message("(a").as_deref(), Some("Unclosed group"));
    assert_eq!(message("a)").as_deref(), Some("Unmatched closing ')'"));
    assert_eq!(
        message("a{2,1}").as_deref(),
        Some("Illegal repetition range")
    );
    assert!(message("(?<=(a)+)b").is_some_and(|it| it.starts_with("Look-behind")));
    assert!(message(r"\X").is_some_and(|it| it.ends_with("is not supported here")));
}

#[test]
fn replacements_refer_to_groups() {
    let regex = JavaRegex::new(r"(?<x>\d+)-(\d+)").expect("a pattern");
    assert_eq!(
        regex.replace_all("1-2", r"$2\$${x}$10"),
        Ok("2$110".to_owned())
    );
    let error = Err(ReplacementError::Malformed("No group 3".to_owned()));
    assert_eq!(regex.replace_all("1-2", "$3"), error);
}
