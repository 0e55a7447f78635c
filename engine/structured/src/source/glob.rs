//! Patterns of names (`org.apache.hadoop.fs.GlobPattern`).

/// A pattern of names: `*` is any text, `?` a character, `[a-c]` one of some, and `{x,y}` one of some patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob(Vec<String>);

impl Glob {
    pub(crate) fn new(pattern: &str) -> Glob {
        Glob(alternatives(pattern))
    }

    /// True if a whole name has the pattern.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let mut patterns = self.0.iter();
        patterns.any(|pattern| has(&pattern.chars().collect::<Vec<_>>(), &name))
    }
}

/// The patterns that one with braces stands for.
fn alternatives(pattern: &str) -> Vec<String> {
    let open = pattern.find('{');
    let close = open.and_then(|open| Some(open + pattern[open..].find('}')?));
    let (Some(open), Some(close)) = (open, close) else {
        return vec![pattern.to_owned()];
    };
    let parts = pattern[open + 1..close].split(',');
    let patterns = parts.flat_map(|part| {
        alternatives(&format!(
            "{}{part}{}",
            &pattern[..open],
            &pattern[close + 1..]
        ))
    });
    patterns.collect()
}

fn has(pattern: &[char], name: &[char]) -> bool {
    match pattern {
        [] => name.is_empty(),
        ['*', rest @ ..] => (0..=name.len()).any(|length| has(rest, &name[length..])),
        ['?', rest @ ..] => name.split_first().is_some_and(|(_, name)| has(rest, name)),
        ['[', rest @ ..] if rest.contains(&']') => {
            let end = rest.iter().position(|it| *it == ']').unwrap_or(0);
            let within = &rest[..end];
            name.split_first()
                .is_some_and(|(one, name)| is_in(within, *one) && has(&rest[end + 1..], name))
        }
        ['\\', escaped, rest @ ..] | [escaped, rest @ ..] => name
            .split_first()
            .is_some_and(|(one, name)| one == escaped && has(rest, name)),
    }
}

/// True if a character is in a set such as `a-cx` or `^a`.
fn is_in(set: &[char], one: char) -> bool {
    match set {
        ['^' | '!', rest @ ..] => !is_in(rest, one),
        [first, '-', last, rest @ ..] => (*first..=*last).contains(&one) || is_in(rest, one),
        [first, rest @ ..] => *first == one || is_in(rest, one),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_patterns() {
        let check = |pattern: &str, name: &str, expected: bool| {
            assert_eq!(
                Glob::new(pattern).matches(name),
                expected,
                "{pattern} {name}"
            );
        };
        check("*.txt", "a.txt", true);
        check("*.txt", "a.txt.gz", false);
        check("?[a-c].{csv,json}", "xb.json", true);
        check("?[^a-c].{csv,json}", "xb.json", false);
        check("a\\*", "a*", true);
        check("a\\*", "ab", false);
    }
}
