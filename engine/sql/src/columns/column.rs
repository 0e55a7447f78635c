//! The values of one column, side by side.

use engine::{Double, Text, Value};

/// The values of one column. The first that is not `NULL` says how they are kept; if others come that are not like it, all
/// are kept as they are.
///
/// ```
/// use engine::Value;
/// use engine_sql::columns::Column;
/// let column: Column = [Value::Null, Value::Long(7)].iter().collect();
/// assert_eq!(column.value(0), Value::Null);
/// assert_eq!(column.value(1), Value::Long(7));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Column {
    values: ColumnValues,
    /// True of each row that is `NULL`; empty if none is.
    nulls: Vec<bool>,
}

/// The values of a column by their kind. A `NULL` has any value in its place.
#[derive(Clone, Debug)]
pub enum ColumnValues {
    /// As many `NULL`s.
    Nulls(usize),
    /// Whole numbers, and those that are kept as such.
    Whole(WholeKind, Vec<i64>),
    /// `DOUBLE`s.
    Doubles(Vec<Double>),
    /// `STRING`s.
    Texts(Vec<Text>),
    /// Any others.
    Others(Vec<Value>),
}

/// The types whose values are kept as whole numbers of 64 bits, in whose order they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeKind {
    /// `BOOLEAN`: 0 or 1.
    Boolean,
    /// `TINYINT`.
    Byte,
    /// `SMALLINT`.
    Short,
    /// `INT`.
    Integer,
    /// `BIGINT`.
    Long,
    /// `DATE`, in days since the epoch.
    Date,
    /// `TIMESTAMP`, in microseconds since the epoch.
    Timestamp,
    /// `TIMESTAMP_NTZ`, in microseconds.
    TimestampNtz,
}

impl WholeKind {
    /// The kind of a value and its number; `None` of one that is not kept as a whole number.
    #[inline]
    pub fn of(value: &Value) -> Option<(WholeKind, i64)> {
        Some(match *value {
            Value::Boolean(truth) => (WholeKind::Boolean, truth.into()),
            Value::Byte(number) => (WholeKind::Byte, number.into()),
            Value::Short(number) => (WholeKind::Short, number.into()),
            Value::Integer(number) => (WholeKind::Integer, number.into()),
            Value::Long(number) => (WholeKind::Long, number),
            Value::Date(days) => (WholeKind::Date, days.into()),
            Value::Timestamp(micros) => (WholeKind::Timestamp, micros),
            Value::TimestampNtz(micros) => (WholeKind::TimestampNtz, micros),
            _ => return None,
        })
    }

    /// The value of a number, which is one of this kind.
    #[inline]
    pub fn value(self, number: i64) -> Value {
        match self {
            WholeKind::Boolean => Value::Boolean(number != 0),
            WholeKind::Byte => Value::Byte(number as i8),
            WholeKind::Short => Value::Short(number as i16),
            WholeKind::Integer => Value::Integer(number as i32),
            WholeKind::Long => Value::Long(number),
            WholeKind::Date => Value::Date(number as i32),
            WholeKind::Timestamp => Value::Timestamp(number),
            WholeKind::TimestampNtz => Value::TimestampNtz(number),
        }
    }

    /// True of the types of numbers.
    pub fn is_number(self) -> bool {
        matches!(
            self,
            WholeKind::Byte | WholeKind::Short | WholeKind::Integer | WholeKind::Long
        )
    }
}

impl Default for ColumnValues {
    fn default() -> ColumnValues {
        ColumnValues::Nulls(0)
    }
}

impl Column {
    /// The number of values.
    pub fn len(&self) -> usize {
        match &self.values {
            ColumnValues::Nulls(count) => *count,
            ColumnValues::Whole(_, numbers) => numbers.len(),
            ColumnValues::Doubles(numbers) => numbers.len(),
            ColumnValues::Texts(texts) => texts.len(),
            ColumnValues::Others(values) => values.len(),
        }
    }

    /// True without values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values by their kind.
    #[inline]
    pub fn values(&self) -> &ColumnValues {
        &self.values
    }

    /// True if a value may be `NULL`.
    #[inline]
    pub fn has_nulls(&self) -> bool {
        !self.nulls.is_empty() || matches!(self.values, ColumnValues::Nulls(_))
    }

    /// True if the value of a row is `NULL`.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        match &self.values {
            ColumnValues::Nulls(_) => true,
            _ => !self.nulls.is_empty() && self.nulls[row],
        }
    }

    /// The value of a row.
    pub fn value(&self, row: usize) -> Value {
        if self.is_null(row) {
            return Value::Null;
        }
        match &self.values {
            ColumnValues::Nulls(_) => Value::Null,
            ColumnValues::Whole(kind, numbers) => kind.value(numbers[row]),
            ColumnValues::Doubles(numbers) => Value::Double(numbers[row]),
            ColumnValues::Texts(texts) => Value::String(texts[row].clone()),
            ColumnValues::Others(values) => values[row].clone(),
        }
    }

    /// True if a row has this value.
    #[inline]
    pub fn is_value(&self, row: usize, value: &Value) -> bool {
        match (&self.values, value) {
            _ if self.is_null(row) => *value == Value::Null,
            (ColumnValues::Texts(texts), Value::String(text)) => texts[row] == *text,
            (ColumnValues::Whole(WholeKind::Long, numbers), Value::Long(number)) => {
                numbers[row] == *number
            }
            _ => self.value(row) == *value,
        }
    }

    /// Removes all values; the room for them stays.
    pub fn clear(&mut self) {
        self.nulls.clear();
        match &mut self.values {
            ColumnValues::Nulls(count) => *count = 0,
            ColumnValues::Whole(_, numbers) => numbers.clear(),
            ColumnValues::Doubles(numbers) => numbers.clear(),
            ColumnValues::Texts(texts) => texts.clear(),
            ColumnValues::Others(values) => values.clear(),
        }
    }

    /// Adds a value behind the others.
    #[inline]
    pub fn push(&mut self, value: &Value) {
        match (&mut self.values, value) {
            (ColumnValues::Texts(texts), Value::String(text)) => texts.push(text.clone()),
            (ColumnValues::Doubles(numbers), Value::Double(number)) => numbers.push(*number),
            (ColumnValues::Whole(WholeKind::Long, numbers), Value::Long(number)) => {
                numbers.push(*number);
            }
            _ => return self.push_any(value),
        }
        if !self.nulls.is_empty() {
            self.nulls.push(false);
        }
    }

    fn push_any(&mut self, value: &Value) {
        if *value == Value::Null {
            return self.push_null();
        }
        let rows = self.len();
        if let ColumnValues::Nulls(_) = self.values {
            self.nulls = vec![true; rows];
            self.values = ColumnValues::of_kind(value, rows);
        }
        match (&mut self.values, value, WholeKind::of(value)) {
            (ColumnValues::Texts(texts), Value::String(text), _) => texts.push(text.clone()),
            (ColumnValues::Doubles(numbers), Value::Double(number), _) => numbers.push(*number),
            (ColumnValues::Whole(kind, numbers), _, Some((other, number))) if *kind == other => {
                numbers.push(number);
            }
            (ColumnValues::Others(values), ..) => values.push(value.clone()),
            _ => {
                let mut values: Vec<Value> = (0..rows).map(|row| self.value(row)).collect();
                values.push(value.clone());
                self.values = ColumnValues::Others(values);
            }
        }
        if !self.nulls.is_empty() {
            self.nulls.push(false);
        }
    }

    fn push_null(&mut self) {
        let rows = self.len();
        match &mut self.values {
            ColumnValues::Nulls(count) => {
                *count += 1;
                return;
            }
            ColumnValues::Whole(_, numbers) => numbers.push(0),
            ColumnValues::Doubles(numbers) => numbers.push(Double(0.0)),
            ColumnValues::Texts(texts) => texts.push(Text::default()),
            ColumnValues::Others(values) => values.push(Value::Null),
        }
        self.nulls.resize(rows, false);
        self.nulls.push(true);
    }
}

impl ColumnValues {
    /// As many values in the place of `NULL`s, kept as values like this one are.
    fn of_kind(value: &Value, rows: usize) -> ColumnValues {
        match (value, WholeKind::of(value)) {
            (_, Some((kind, _))) => ColumnValues::Whole(kind, vec![0; rows]),
            (Value::Double(_), _) => ColumnValues::Doubles(vec![Double(0.0); rows]),
            (Value::String(_), _) => ColumnValues::Texts(vec![Text::default(); rows]),
            _ => ColumnValues::Others(vec![Value::Null; rows]),
        }
    }
}

impl<'a> FromIterator<&'a Value> for Column {
    fn from_iter<I: IntoIterator<Item = &'a Value>>(values: I) -> Column {
        let mut column = Column::default();
        for value in values {
            column.push(value);
        }
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[Value]) {
        let mut column: Column = [Value::Long(1), Value::Null].iter().collect();
        column.clear();
        for value in values {
            column.push(value);
        }
        for column in [column, values.iter().collect()] {
            assert_eq!(column.len(), values.len());
            for (row, value) in values.iter().enumerate() {
                assert_eq!(column.value(row), *value);
                assert!(column.is_value(row, value));
                assert!(!column.is_value(row, &Value::Byte(99)));
                assert_eq!(column.is_null(row), *value == Value::Null);
            }
        }
    }

    #[test]
    fn a_column_has_the_values_that_it_was_given() {
        let text = |text: &str| Value::String(text.into());
        check(&[]);
        check(&[Value::Null, Value::Null]);
        check(&[Value::Null, Value::Long(1), Value::Null, Value::Long(-2)]);
        check(&[text("blue"), text(""), Value::Null]);
        check(&[Value::Double(0.5.into()), Value::Null]);
        check(&[Value::Boolean(true), Value::Boolean(false)]);
        check(&[Value::Date(-1), Value::Date(i32::MAX)]);
    }

    #[test]
    fn values_of_several_kinds_are_kept_as_they_are() {
        check(&[Value::Long(1), Value::Integer(1), Value::Null]);
        check(&[Value::Null, Value::String("1".into()), Value::Long(1)]);
        check(&[Value::Array(vec![Value::Null].into()), Value::Null]);
    }
}
