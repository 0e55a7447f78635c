//! The sets of `GROUP BY`: `ROLLUP`, `CUBE` and `GROUPING SETS` (`org.apache.spark.sql.catalyst.expressions.BaseGroupingSets`).

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::Grouping;

/// An element of `GROUP BY`: the sets of keys that it stands for. One key is one set.
pub(super) type Element = Vec<Vec<Expression>>;

/// More sets than this are refused.
const SETS_MAX: usize = 4_096;

/// The sets of all elements, as places in the keys.
#[derive(Debug, Default)]
pub(super) struct Sets {
    keys: Vec<Expression>,
}

impl Cursor<'_> {
    /// Reads an element of `GROUP BY`.
    pub(super) fn grouping_element(&mut self) -> Result<Element, AnalysisError> {
        let is_call = self.peek_after(1).is_symbol("(");
        if is_call && (self.is_word("ROLLUP") || self.is_word("CUBE")) {
            let is_rollup = self.advance().is_word("ROLLUP");
            let keys = self.parenthesized(|cursor| cursor.list(Cursor::key_set))?;
            let sets = if is_rollup {
                rollup(&keys)
            } else {
                cube(&keys)
            };
            return sets.map_err(|error| error.at(Some(self.peek_before().span)));
        }
        if self.take_words(&["GROUPING", "SETS"]) {
            let sets = self.parenthesized(|cursor| {
                cursor.list(|cursor| cursor.nested(Cursor::grouping_set))
            })?;
            return Ok(sets.concat());
        }
        Ok(vec![vec![self.expression()?]])
    }

    /// Reads an element of `GROUPING SETS`: keys in parentheses, a key, or sets of sets.
    fn grouping_set(&mut self) -> Result<Element, AnalysisError> {
        let is_sets = self.peek_after(1).is_symbol("(") && self.is_any_word(&["ROLLUP", "CUBE"]);
        if is_sets || self.is_words(&["GROUPING", "SETS"]) {
            return self.grouping_element();
        }
        Ok(vec![self.key_set()?])
    }

    /// Reads keys in parentheses, be there none, or one without.
    fn key_set(&mut self) -> Result<Vec<Expression>, AnalysisError> {
        if self.is_symbol("(") && self.peek_after(1).is_symbol(")") {
            self.advance();
            self.advance();
            return Ok(Vec::new());
        }
        if self.is_symbol("(") && !self.starts_subquery() {
            return self.parenthesized(|cursor| cursor.list(Cursor::expression));
        }
        Ok(vec![self.expression()?])
    }
}

/// `(a, b), (a), ()` of `a, b`.
pub(super) fn rollup(keys: &[Vec<Expression>]) -> Result<Element, AnalysisError> {
    if keys.len() > SETS_MAX {
        return Err(too_many());
    }
    let lengths = (0..=keys.len()).rev();
    Ok(lengths.map(|length| keys[..length].concat()).collect())
}

/// `(a, b), (a), (b), ()` of `a, b`.
pub(super) fn cube(keys: &[Vec<Expression>]) -> Result<Element, AnalysisError> {
    let Some((first, rest)) = keys.split_first() else {
        return Ok(vec![Vec::new()]);
    };
    if keys.len() > SETS_MAX.ilog2() as usize {
        return Err(too_many());
    }
    let rest = cube(rest)?;
    let with = rest.iter().map(|set| [first.clone(), set.clone()].concat());
    Ok(with.chain(rest.iter().cloned()).collect())
}

fn too_many() -> AnalysisError {
    AnalysisError::unclassified(format!("GROUP BY has more than {SETS_MAX} grouping sets"))
        .with_help("List the sets that are needed: GROUPING SETS ((a, b), (a)).")
}

impl Sets {
    /// No sets yet, of these keys.
    pub(super) fn of_keys(keys: Vec<Expression>) -> Sets {
        Sets { keys }
    }

    /// The keys of all elements: each set of one with each set of the others.
    pub(super) fn grouping(mut self, elements: Vec<Element>) -> Result<Grouping, AnalysisError> {
        let is_plain = elements
            .iter()
            .all(|sets| matches!(&sets[..], [set] if set.len() == 1));
        if is_plain && self.keys.is_empty() {
            return Ok(Grouping::Keys(
                elements.into_iter().flatten().flatten().collect(),
            ));
        }
        let mut all: Vec<Vec<usize>> = vec![Vec::new()];
        for sets in elements {
            if all.len() * sets.len() > SETS_MAX {
                return Err(too_many());
            }
            let sets: Vec<Vec<usize>> = sets.into_iter().map(|set| self.places(set)).collect();
            let joined = all.iter().flat_map(|left| {
                sets.iter().map(move |right| {
                    let mut both = left.clone();
                    both.extend(right.iter().filter(|place| !left.contains(place)));
                    both
                })
            });
            all = joined.collect();
        }
        Ok(Grouping::Sets {
            keys: self.keys,
            sets: all,
        })
    }

    /// The places of keys, each once; those that are new are added.
    fn places(&mut self, set: Vec<Expression>) -> Vec<usize> {
        let mut places = Vec::new();
        for key in set {
            let known = self.keys.iter().position(|known| *known == key);
            let place = known.unwrap_or_else(|| {
                self.keys.push(key);
                self.keys.len() - 1
            });
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}
