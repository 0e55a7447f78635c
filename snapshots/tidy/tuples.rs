//! Parameters and local variables have names of their own, instead of places in a tuple.

use crate::code::code;
use crate::files::{Source, without_tests};

#[test]
fn no_tuple_saves_a_parameter_or_a_line() {
    let problems: Vec<String> = without_tests().iter().flat_map(problems).collect();
    assert!(problems.is_empty(), "give each a name: {problems:#?}");
}

/// The tuples of a source that should be separate names, each with its place.
fn problems(source: &Source) -> Vec<String> {
    let code = code(&source.text);
    let functions = starts(&code, "fn ").filter(|at| has_tuple_parameter(&code[*at..]));
    let lets = starts(&code, "let (").filter(|at| is_tuple_let(&code[*at..]));
    let place = |at: usize| {
        let line = code[..at].matches('\n').count() + 1;
        let text = code[at..].lines().next().unwrap_or_default();
        format!("{}:{line}: {text}", source.path)
    };
    functions.chain(lets).map(place).collect()
}

/// Byte offsets of a text that begins a word.
fn starts<'a>(code: &'a str, text: &'a str) -> impl Iterator<Item = usize> + 'a {
    let found = code.match_indices(text).map(|(at, _)| at);
    found.filter(|at| !code[..*at].ends_with(|before: char| before.is_alphanumeric()))
}

/// Returns true if the function that begins the text has a parameter such as `(a, b): (A, B)`.
fn has_tuple_parameter(text: &str) -> bool {
    let Some(parameters) = text.find('(').and_then(|at| in_parentheses(&text[at..])) else {
        return false;
    };
    let opening = parameters.match_indices('(').map(|(at, _)| at);
    let mut patterns = opening.filter(|at| {
        let before = parameters[..*at].trim_end();
        before.is_empty() || before.ends_with(',')
    });
    patterns.any(|at| {
        let pattern = in_parentheses(&parameters[at..]);
        pattern.is_some_and(|it| parameters[at + it.len() + 2..].starts_with(':'))
    })
}

/// Returns true if the text begins with a statement such as `let (a, b) = (x, y);`.
fn is_tuple_let(text: &str) -> bool {
    let Some((_, value)) = text.split_once(" = (") else {
        return false;
    };
    let is_this_statement = text.len() - value.len() <= text.find(';').unwrap_or(text.len());
    let value = &text[text.len() - value.len() - 1..];
    let tuple = in_parentheses(value);
    is_this_statement && tuple.is_some_and(|it| value[it.len() + 2..].starts_with(';'))
}

/// The text between the parenthesis that begins a text and the one that closes it.
fn in_parentheses(text: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(&text[1..at]),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuple_parameters_are_found_and_tuple_types_are_not() {
        assert!(has_tuple_parameter("fn a((b, c): (B, C)) {}"));
        assert!(has_tuple_parameter(
            "fn a<T>(\n    d: D,\n    (b, c): Pair,\n) {}"
        ));
        assert!(!has_tuple_parameter(
            "fn a(d: impl Fn((B, C)) -> D, e: (B, C)) {}"
        ));
    }

    #[test]
    fn tuple_lets_are_found_and_other_tuples_are_not() {
        assert!(is_tuple_let("let (a, b) = (c(), d);"));
        assert!(is_tuple_let("let (a, b): (A, B) = (\n    c(),\n    d,\n);"));
        assert!(!is_tuple_let("let (a, b) = (c, d).swap();"));
        assert!(!is_tuple_let("let (a, b) = c;\nlet d = (e, f);"));
        assert!(!is_tuple_let("let (Some(a), b) = (c, d) else {"));
    }
}
