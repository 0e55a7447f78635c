//! Values as text: one walk, and the signs of each language.

use std::fmt;

use super::java_float::java_float;
use super::time_text::{
    java_local_time, java_timestamp, python_date_repr, python_time, python_time_repr,
    timestamp_text,
};
use super::{interval_text, python_text};
use crate::Profile;
use crate::types::calendar::CivilDate;
use crate::types::{Decimal, Struct, Value};

/// The language in which values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Python 3.11, as `print(value)` and `repr(value)`: `('café', 5)`.
    Python3,
    /// Python 2.7, as in the book: text has a `u` before it and nothing but ASCII in it.
    Python2,
    /// Java and Scala, as `toString` of the class that Spark has for the type: `(café,5)`.
    Java,
    /// A cell of Spark SQL's tables (`ToPrettyString`): `{café, 5}`.
    Sql,
}

impl Profile {
    /// The notation of values in its console.
    pub fn notation(self) -> Notation {
        match self {
            Profile::Pyspark | Profile::Pyspark4 => Notation::Python3,
            Profile::Jvm | Profile::Jvm4 => Notation::Java,
            Profile::Cookbook => Notation::Python2,
        }
    }
}

impl Notation {
    /// The text of a value where one stands alone, as a row that is printed; points in time in UTC.
    ///
    /// ```
    /// use engine::render::Notation;
    /// use engine::{Record, Text};
    /// let pair = (Text::from("it's"), None::<i64>).to_value();
    /// assert_eq!(Notation::Python3.text(&pair), r#"("it's", None)"#);
    /// assert_eq!(Notation::Java.text(&pair), "(it's,null)");
    /// assert_eq!(Notation::Sql.text(&pair), "{it's, NULL}");
    /// assert_eq!(Notation::Python3.text(&"it's".to_value()), "it's");
    /// ```
    pub fn text(self, value: &Value) -> String {
        Renderer::new(self, &|micros| micros).text(value)
    }
}

/// Writes values in a language, and points in time as on the clocks of a zone.
///
/// ```
/// use engine::Value;
/// use engine::render::{Notation, Renderer};
/// let two_hours_ahead = |micros| micros + 7_200_000_000;
/// let renderer = Renderer::new(Notation::Sql, &two_hours_ahead);
/// assert_eq!(renderer.text(&Value::Timestamp(0)), "1970-01-01 02:00:00");
/// assert_eq!(renderer.text(&Value::TimestampNtz(0)), "1970-01-01 00:00:00");
/// ```
#[derive(Clone, Copy)]
pub struct Renderer<'a> {
    pub(super) notation: Notation,
    local_micros: &'a dyn Fn(i64) -> i64,
}

impl<'a> Renderer<'a> {
    /// Writes in this language. `local_micros` gives what the clocks of the zone show at a point in time, both
    /// in microseconds since the epoch.
    pub fn new(notation: Notation, local_micros: &'a dyn Fn(i64) -> i64) -> Renderer<'a> {
        Renderer {
            notation,
            local_micros,
        }
    }

    /// The text of a value where one stands alone: in Python `str(value)`, which leaves texts, times and
    /// decimals bare.
    pub fn text(&self, value: &Value) -> String {
        fmt::from_fn(|f| self.write_alone(value, f)).to_string()
    }

    fn write_alone(&self, value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match value {
            Value::String(text) => f.write_str(text),
            Value::Decimal(decimal) if self.is_python() => f.write_str(&decimal.scientific()),
            Value::Date(days) => write!(f, "{}", CivilDate::of_days((*days).into())),
            Value::Timestamp(micros) if self.is_python() => {
                f.write_str(&python_time((self.local_micros)(*micros)))
            }
            Value::TimestampNtz(micros) if self.is_python() => f.write_str(&python_time(*micros)),
            _ => self.write(value, f),
        }
    }

    /// Writes a value as a part of another: in Python `repr(value)`.
    fn write(&self, value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match value {
            Value::Null => f.write_str(self.signs().null),
            Value::Boolean(truth) => f.write_str(self.signs().truths[usize::from(*truth)]),
            Value::Byte(number) => write!(f, "{number}"),
            Value::Short(number) => write!(f, "{number}"),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Long(number) => write!(f, "{number}"),
            // Python has no numbers of 32 bits.
            Value::Float(number) if self.is_python() => python_text::float(number.0.into(), f),
            Value::Float(number) => java_float(number.0, f),
            Value::Double(number) if self.is_python() => python_text::float(number.0, f),
            Value::Double(number) => java_float(number.0, f),
            Value::Decimal(decimal) => self.write_decimal(*decimal, f),
            Value::String(text) => self.write_string(text, f),
            Value::Binary(bytes) => self.write_binary(bytes, f),
            Value::Date(days) if self.is_python() => f.write_str(&python_date_repr(*days)),
            Value::Date(days) => write!(f, "{}", CivilDate::of_days((*days).into())),
            Value::Timestamp(micros) => self.write_timestamp((self.local_micros)(*micros), f),
            Value::TimestampNtz(micros) => self.write_timestamp_ntz(*micros, f),
            Value::YearMonthInterval { months, units } => {
                interval_text::year_month(*months, *units, f)
            }
            Value::DayTimeInterval { micros, units } => interval_text::day_time(*micros, *units, f),
            Value::Tuple(values) => self.write_tuple(values, f),
            Value::Struct(fields) => self.write_struct(fields, f),
            Value::Array(values) => self.write_all(values, ["[", ", ", "]"], f),
            Value::Map(entries) => self.write_map(entries, f),
        }
    }

    fn write_decimal(&self, decimal: Decimal, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.notation {
            Notation::Python3 | Notation::Python2 => {
                write!(f, "Decimal('{}')", decimal.scientific())
            }
            Notation::Java => f.write_str(&decimal.scientific()),
            Notation::Sql => write!(f, "{decimal}"),
        }
    }

    fn write_string(&self, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.notation {
            Notation::Python3 => python_text::text(text, f),
            Notation::Python2 => python_text::text_2(text, f),
            Notation::Java | Notation::Sql => f.write_str(text),
        }
    }

    /// Java's arrays have no text of their own, so they are written as SQL does: `[41 FF]`.
    fn write_binary(&self, bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.notation {
            Notation::Python3 => python_text::bytes(bytes, f),
            Notation::Python2 => python_text::bytes_2(bytes, f),
            Notation::Java | Notation::Sql => {
                let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                write!(f, "[{}]", digits.join(" "))
            }
        }
    }

    fn write_timestamp(&self, micros: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self.notation {
            Notation::Python3 | Notation::Python2 => python_time_repr(micros),
            Notation::Java => java_timestamp(micros),
            Notation::Sql => timestamp_text(micros),
        })
    }

    fn write_timestamp_ntz(&self, micros: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.notation {
            Notation::Java => f.write_str(&java_local_time(micros)),
            _ => self.write_timestamp(micros, f),
        }
    }

    fn write_tuple(&self, values: &[Value], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [start, separator, end] = self.signs().tuple;
        // In Python a comma sets a tuple of one apart from a value in parentheses.
        let is_one = self.is_python() && values.len() == 1;
        let end = if is_one { ",)" } else { end };
        self.write_all(values, [start, separator, end], f)
    }

    fn write_struct(&self, fields: &Struct, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(
            fields.fields(),
            self.signs().structure,
            f,
            |(name, value), f| {
                if self.is_python() {
                    write!(f, "{name}=")?;
                }
                self.write(value, f)
            },
        )
    }

    fn write_map(&self, entries: &[(Value, Value)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(entries, ["{", ", ", "}"], f, |(key, value), f| {
            self.write(key, f)?;
            f.write_str(self.signs().entry)?;
            self.write(value, f)
        })
    }

    fn write_all(
        &self,
        values: &[Value],
        signs: Brackets,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        write_joined(values, signs, f, |value, f| self.write(value, f))
    }

    fn is_python(&self) -> bool {
        matches!(self.notation, Notation::Python3 | Notation::Python2)
    }

    fn signs(&self) -> &'static Signs {
        match self.notation {
            Notation::Python3 | Notation::Python2 => &Signs {
                null: "None",
                truths: ["False", "True"],
                tuple: ["(", ", ", ")"],
                structure: ["Row(", ", ", ")"],
                entry: ": ",
            },
            Notation::Java => &Signs {
                null: "null",
                truths: ["false", "true"],
                tuple: ["(", ",", ")"],
                structure: ["[", ",", "]"],
                entry: "=",
            },
            Notation::Sql => &Signs {
                null: "NULL",
                truths: ["false", "true"],
                tuple: ["{", ", ", "}"],
                structure: ["{", ", ", "}"],
                entry: " -> ",
            },
        }
    }
}

impl fmt::Debug for Renderer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Renderer").field(&self.notation).finish()
    }
}

/// Before the first value, between two, and after the last.
type Brackets = [&'static str; 3];

/// The signs of a language that stand around values.
struct Signs {
    null: &'static str,
    /// The name of false, then that of true.
    truths: [&'static str; 2],
    tuple: Brackets,
    structure: Brackets,
    /// Between a key of a map and its value.
    entry: &'static str,
}

fn write_joined<T>(
    items: impl IntoIterator<Item = T>,
    [start, separator, end]: Brackets,
    f: &mut fmt::Formatter<'_>,
    write: impl Fn(T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    f.write_str(start)?;
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write(item, f)?;
    }
    f.write_str(end)
}

#[cfg(test)]
mod tests;
