//! Queries that lack a part of another one, by the brackets, commas and keywords of their text alone. Some of them are
//! no queries any more.

use std::iter;
use std::ops::Range;

/// Words that begin a clause, which goes on to the next of them or to the end of its brackets.
const CLAUSES: &[&str] = &[
    "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "LATERAL", "UNION", "JOIN",
    "LEFT", "RIGHT", "FULL", "CROSS", "INNER", "FILTER",
];

/// The texts that lack a clause, an item of a list, or the call of a function around an argument.
pub(super) fn smaller(sql: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let words = Words::of(sql);
    for clause in words.clauses() {
        texts.push(without(sql, clause.clone()));
        for item in items(sql, clause) {
            texts.push(without(sql, item));
        }
    }
    for bracket in words.brackets() {
        let call = words.call(&bracket);
        let inner = bracket.start + 1..bracket.end - 1;
        let items = items(sql, inner.clone());
        if items.is_empty() {
            texts.push(replaced(sql, call.clone(), &sql[inner]));
        }
        for item in items {
            let argument = sql[item.clone()].trim_matches([',', ' ']);
            texts.push(replaced(sql, call.clone(), argument));
            texts.push(without(sql, item));
        }
        texts.push(replaced(sql, call, "NULL"));
    }
    texts.retain(|text| text.len() < sql.len() && !text.trim().is_empty());
    texts
}

fn without(sql: &str, range: Range<usize>) -> String {
    replaced(sql, range, " ")
}

fn replaced(sql: &str, range: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &sql[..range.start], &sql[range.end..])
}

/// The items of a list with one of the commas around each, if there are several.
fn items(sql: &str, list: Range<usize>) -> Vec<Range<usize>> {
    let words = Words::of(&sql[list.clone()]);
    let commas: Vec<usize> = words.at_depth_0(",").map(|at| list.start + at).collect();
    if commas.is_empty() {
        return Vec::new();
    }
    // The first item of a clause is behind its keyword.
    let start = words.all.first().map_or(0, |(range, word, _)| {
        if CLAUSES.contains(word) {
            range.end
        } else {
            range.start
        }
    });
    let start = list.start + start;
    let first = start..commas[0] + 1;
    let ends = commas[1..].iter().copied().chain([list.end]);
    let others = commas.iter().zip(ends).map(|(comma, end)| *comma..end);
    iter::once(first).chain(others).collect()
}

/// The words and signs of a text, each with its place and the number of brackets around it.
struct Words<'a> {
    all: Vec<(Range<usize>, &'a str, usize)>,
    end: usize,
}

impl<'a> Words<'a> {
    fn of(sql: &'a str) -> Words<'a> {
        let mut all = Vec::new();
        let mut depth = 0_usize;
        let mut at = 0;
        while let Some(first) = sql[at..].chars().next() {
            let rest = &sql[at..];
            let length = match first {
                '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
                _ if first.is_alphanumeric() || first == '_' => {
                    let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_');
                    end.unwrap_or(rest.len())
                }
                _ => first.len_utf8(),
            };
            let word = &rest[..length];
            depth -= usize::from(word == ")" && depth > 0);
            if !word.trim().is_empty() {
                all.push((at..at + length, word, depth));
            }
            depth += usize::from(word == "(");
            at += length;
        }
        Words {
            all,
            end: sql.len(),
        }
    }

    fn at_depth_0(&self, sign: &str) -> impl Iterator<Item = usize> {
        let found = self
            .all
            .iter()
            .filter(move |(_, word, depth)| *word == sign && *depth == 0);
        found.map(|(range, ..)| range.start)
    }

    fn clauses(&self) -> Vec<Range<usize>> {
        let mut clauses = Vec::new();
        for (index, (range, word, depth)) in self.all.iter().enumerate() {
            if CLAUSES.contains(word) {
                let mut later = self.all[index + 1..].iter();
                let next = later.find(|(_, word, other)| {
                    other < depth || other == depth && CLAUSES.contains(word)
                });
                clauses.push(range.start..next.map_or(self.end, |(next, ..)| next.start));
            }
        }
        clauses
    }

    fn brackets(&self) -> Vec<Range<usize>> {
        let mut brackets = Vec::new();
        for (index, (range, word, depth)) in self.all.iter().enumerate() {
            if *word == "(" {
                let mut later = self.all[index + 1..].iter();
                let closing = later.find(|(_, word, other)| *word == ")" && other == depth);
                brackets.extend(closing.map(|(closing, ..)| range.start..closing.end));
            }
        }
        brackets
    }

    /// The brackets with the name of a function before them.
    fn call(&self, bracket: &Range<usize>) -> Range<usize> {
        let name = self
            .all
            .iter()
            .find(|(range, ..)| range.end == bracket.start);
        let is_name = |word: &str| word.starts_with(|it: char| it.is_alphabetic());
        let start = name
            .filter(|(_, word, _)| is_name(word))
            .map_or(bracket.start, |(range, ..)| range.start);
        start..bracket.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_items_and_calls_are_taken_away() {
        let all = smaller("SELECT a, upper(concat(b, ',')) AS c FROM t WHERE a > 1 ORDER BY a");
        for expected in [
            "SELECT a FROM t WHERE a > 1 ORDER BY a",
            "SELECT upper(concat(b, ',')) AS c FROM t WHERE a > 1 ORDER BY a",
            "SELECT a, upper(concat(b, ',')) AS c FROM t ORDER BY a",
            "SELECT a, upper(concat(b, ',')) AS c FROM t WHERE a > 1 ",
            "SELECT a, concat(b, ',') AS c FROM t WHERE a > 1 ORDER BY a",
            "SELECT a, upper(b) AS c FROM t WHERE a > 1 ORDER BY a",
            "SELECT a, upper(concat(b)) AS c FROM t WHERE a > 1 ORDER BY a",
        ] {
            let squeezed = |text: &str| text.replace(' ', "");
            let found = all.iter().any(|it| squeezed(it) == squeezed(expected));
            assert!(found, "{expected} is none of {all:#?}");
        }
    }

    #[test]
    fn quotes_that_are_not_closed_are_no_trouble() {
        assert!(smaller("SELECT 'a").iter().all(|it| it.len() < 9));
        assert!(smaller("((,)é'").iter().all(|it| it.len() < 7));
    }
}
