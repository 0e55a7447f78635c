//! The parts of values, nested to a bounded depth.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::text::Text;
use super::value::Value;

/// The most levels of a value. All that walks through one calls itself for each level: to compare, hash, print or drop
/// it never takes more than a part of the smallest stack.
const DEPTH_MAX: usize = 128;

/// A value of more than 128 levels, one in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a value is nested more than {DEPTH_MAX} levels deep")]
pub struct NestingError;

impl NestingError {
    /// Refuses parts of a value that have as many levels as a value may have.
    fn check<'a>(parts: impl IntoIterator<Item = &'a Value>) -> Result<(), NestingError> {
        match deepest(parts) {
            ..DEPTH_MAX => Ok(()),
            _ => Err(NestingError),
        }
    }
}

/// The levels of the deepest of some values; 0 of none.
fn deepest<'a>(values: impl IntoIterator<Item = &'a Value>) -> usize {
    values.into_iter().map(levels).max().unwrap_or(0)
}

/// The levels of a value: 1 of one without parts. Its parts have a bounded number of them.
fn levels(value: &Value) -> usize {
    match value {
        Value::Tuple(values) | Value::Array(values) => 1 + deepest(values.iter()),
        Value::Struct(fields) => 1 + deepest(fields.values()),
        Value::Map(entries) => 1 + deepest(entries.iter().flat_map(|(key, value)| [key, value])),
        _ => 1,
    }
}

/// The items of a [`Tuple`](Value::Tuple) or an [`Array`](Value::Array).
///
/// ```
/// use engine::{Value, Values};
/// let pair = Value::Tuple(vec![Value::String("blue".into()), Value::Long(5)].into());
/// let deep = (0..10_000).try_fold(pair, |inner, _| Values::new(vec![inner]).map(Value::Tuple));
/// assert_eq!(deep.unwrap_err().to_string(), "a value is nested more than 128 levels deep");
/// ```
///
/// # Panics
///
/// A conversion into it, also by `collect`, panics if a value would have more than 128 levels; [`Values::new`] returns
/// an error.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Values(Vec<Value>);

impl Values {
    /// These items.
    ///
    /// # Errors
    ///
    /// Fails if a value of them has more than 128 levels.
    pub fn new(values: Vec<Value>) -> Result<Values, NestingError> {
        NestingError::check(&values)?;
        Ok(Values(values))
    }

    /// The items.
    pub fn as_slice(&self) -> &[Value] {
        &self.0
    }

    /// The items, by value.
    pub fn into_vec(self) -> Vec<Value> {
        self.0
    }

    /// Adds an item at the end.
    ///
    /// # Errors
    ///
    /// Fails if the value of it would have more than 128 levels.
    pub fn push(&mut self, value: Value) -> Result<(), NestingError> {
        NestingError::check([&value])?;
        self.0.push(value);
        Ok(())
    }

    /// Puts another item in the place of the one of this index.
    ///
    /// # Errors
    ///
    /// Fails if the value of it would have more than 128 levels.
    ///
    /// # Panics
    ///
    /// Panics if there is no item of this index.
    pub fn set(&mut self, index: usize, value: Value) -> Result<(), NestingError> {
        NestingError::check([&value])?;
        self.0[index] = value;
        Ok(())
    }
}

impl From<Vec<Value>> for Values {
    fn from(values: Vec<Value>) -> Values {
        Values::new(values).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl FromIterator<Value> for Values {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Values {
        Values::from(Vec::from_iter(values))
    }
}

impl Deref for Values {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Values {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The fields of a [`Struct`](Value::Struct), in order; cheap to clone.
///
/// ```
/// use engine::{Struct, Value};
/// let user = Struct::from_iter([("name", Value::String("ann".into())), ("age", Value::Integer(7))]);
/// assert_eq!(user.values().last(), Some(&Value::Integer(7)));
/// ```
///
/// # Panics
///
/// `from_iter` panics if a value would have more than 128 levels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Struct(Arc<[(Text, Value)]>);

impl Struct {
    /// These fields.
    ///
    /// # Errors
    ///
    /// Fails if a value of them has more than 128 levels.
    pub fn new(fields: Vec<(Text, Value)>) -> Result<Struct, NestingError> {
        NestingError::check(fields.iter().map(|(_, value)| value))?;
        Ok(Struct(fields.into()))
    }

    /// The fields with their names.
    pub fn fields(&self) -> &[(Text, Value)] {
        &self.0
    }

    /// The values of the fields.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }
}

impl<N: Into<Text>> FromIterator<(N, Value)> for Struct {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> Struct {
        let fields = fields.into_iter();
        let all: Arc<[(Text, Value)]> = fields.map(|(name, value)| (name.into(), value)).collect();
        let parts = all.iter().map(|(_, value)| value);
        NestingError::check(parts).unwrap_or_else(|error| panic!("{error}"));
        Struct(all)
    }
}

/// Of the values alone: all keys of a table have the same names.
impl Hash for Struct {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for value in self.values() {
            value.hash(state);
        }
    }
}

/// The entries of a [`Map`](Value::Map), in the order of insertion; cheap to clone.
///
/// # Panics
///
/// A conversion into it panics if a value would have more than 128 levels.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MapEntries(Arc<[(Value, Value)]>);

impl MapEntries {
    /// These entries.
    ///
    /// # Errors
    ///
    /// Fails if a value of them has more than 128 levels.
    pub fn new(entries: Vec<(Value, Value)>) -> Result<MapEntries, NestingError> {
        NestingError::check(entries.iter().flat_map(|(key, value)| [key, value]))?;
        Ok(MapEntries(entries.into()))
    }
}

impl<E: Into<Arc<[(Value, Value)]>>> From<E> for MapEntries {
    fn from(entries: E) -> MapEntries {
        let entries = entries.into();
        let parts = entries.iter().flat_map(|(key, value)| [key, value]);
        NestingError::check(parts).unwrap_or_else(|error| panic!("{error}"));
        MapEntries(entries)
    }
}

impl Deref for MapEntries {
    type Target = [(Value, Value)];

    fn deref(&self) -> &[(Value, Value)] {
        &self.0
    }
}

impl fmt::Debug for MapEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value with this number of levels, of all kinds of parts.
    fn nested(levels: usize) -> Value {
        (1..levels).fold(Value::Null, |inner, level| match level % 4 {
            0 => Value::Tuple(vec![Value::Null, inner].into()),
            1 => Value::Array(vec![inner, Value::Null].into()),
            2 => Value::Struct(Struct::from_iter([("a", inner)])),
            _ => Value::Map([(Value::Null, inner)].into()),
        })
    }

    #[test]
    fn a_value_may_have_128_levels() {
        assert_eq!(levels(&nested(128)), 128);
        assert_eq!(Values::new(vec![nested(127)]).map(|it| it.len()), Ok(1));
        assert_eq!(Values::new(vec![nested(128)]), Err(NestingError));
    }

    #[test]
    #[should_panic(expected = "a value is nested more than 128 levels deep")]
    fn a_value_of_10_000_levels_is_refused_before_it_is_there() {
        nested(10_000);
    }
}
