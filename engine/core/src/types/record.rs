//! Typed rows as values.

use super::decimal::Decimal;
use super::float::{Double, Float};
use super::text::Text;
use super::value::Value;

/// A type that can be printed or stored: it has a [`Value`].
///
/// ```
/// use engine::{Record, Text, Value};
/// let pair = (Text::from("blue"), 5_i64);
/// assert_eq!(pair.to_value(), Value::Tuple(vec![Value::String("blue".into()), Value::Long(5)].into()));
/// ```
///
/// A user's own type returns the value that it is printed as:
///
/// ```
/// use engine::{Record, Value};
///
/// struct Click { user: String, page: &'static str, millis: u64 }
///
/// impl Record for Click {
///     fn to_value(&self) -> Value {
///         (&self.user, self.page, self.millis).to_value()
///     }
/// }
///
/// let click = Click { user: "ann".to_owned(), page: "/home", millis: 250 };
/// assert_eq!(engine::render::Notation::Python3.text(&click.to_value()), "('ann', '/home', 250)");
/// ```
pub trait Record {
    /// This record as a value.
    fn to_value(&self) -> Value;
}

impl<T: Record + ?Sized> Record for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl Record for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl Record for Text {
    fn to_value(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Record for str {
    fn to_value(&self) -> Value {
        Value::String(self.into())
    }
}

impl Record for String {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}

impl Record for char {
    fn to_value(&self) -> Value {
        self.encode_utf8(&mut [0; 4]).to_value()
    }
}

macro_rules! plain_records {
    ($($record:ty => $variant:ident),* $(,)?) => {
        $(impl Record for $record {
            fn to_value(&self) -> Value {
                Value::$variant((*self).into())
            }
        })*
    };
}

// Unsigned numbers have the next wider type, as where Spark reads them from Parquet.
plain_records! {
    bool => Boolean,
    i8 => Byte,
    i16 => Short,
    u8 => Short,
    i32 => Integer,
    u16 => Integer,
    i64 => Long,
    u32 => Long,
    f32 => Float,
    Float => Float,
    f64 => Double,
    Double => Double,
    Decimal => Decimal,
}

/// A `BIGINT`; beyond its range a `DECIMAL(20,0)`.
impl Record for u64 {
    fn to_value(&self) -> Value {
        i64::try_from(*self).map_or_else(|_| Value::Decimal((*self).into()), Value::Long)
    }
}

/// As a `u64`.
impl Record for usize {
    fn to_value(&self) -> Value {
        (*self as u64).to_value()
    }
}

impl<T: Record> Record for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Record::to_value)
    }
}

impl<T: Record> Record for [T] {
    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(Record::to_value).collect())
    }
}

impl<T: Record> Record for Vec<T> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

macro_rules! tuple_records {
    ($(($($part:ident $index:tt),*))*) => {
        $(impl<$($part: Record),*> Record for ($($part,)*) {
            fn to_value(&self) -> Value {
                Value::Tuple(vec![$(self.$index.to_value()),*].into())
            }
        })*
    };
}

tuple_records! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsigned_numbers_keep_their_value() {
        assert_eq!(u8::MAX.to_value(), Value::Short(255));
        assert_eq!(u32::MAX.to_value(), Value::Long(4_294_967_295));
        assert_eq!(7_usize.to_value(), Value::Long(7));
        let greatest = Decimal::new(i128::from(u64::MAX), 20, 0);
        assert_eq!(Some(u64::MAX.to_value()), greatest.map(Value::Decimal));
    }

    #[test]
    fn texts_are_texts_borrowed_or_owned() {
        let blue = Value::String("blue".into());
        assert_eq!("blue".to_value(), blue);
        assert_eq!("blue".to_owned().to_value(), blue);
        assert_eq!('b'.to_value(), "b".to_value());
    }
}
