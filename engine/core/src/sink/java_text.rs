//! Values as Java and Scala write them: `toString`.
//!
//! From `scala.Tuple2.toString`, `java.util.AbstractCollection.toString` and `String.valueOf`.

use std::fmt;

use super::java_double::JavaDouble;
use super::joined;
use super::timestamp_text::timestamp_text;
use crate::value::Value;

/// `String.valueOf(value)`: text without quotes or escapes, products in parentheses without spaces,
/// sequences in brackets as Java's collections have them.
///
/// ```
/// use engine::sink::java_text;
/// use engine::{Record, Text};
/// let pair = (Text::from("blue"), 5_i64).to_value();
/// assert_eq!(java_text(&pair), "(blue,5)");
/// ```
pub fn java_text(value: &Value) -> String {
    JavaText(value).to_string()
}

struct JavaText<'a>(&'a Value);

impl fmt::Display for JavaText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Float(number) => write!(f, "{}", JavaDouble(*number)),
            Value::Text(text) => f.write_str(text),
            Value::Timestamp(micros) => f.write_str(&timestamp_text(*micros)),
            Value::Tuple(values) => {
                f.write_str("(")?;
                joined(values.iter().map(JavaText), ",", f)?;
                f.write_str(")")
            }
            Value::List(values) => {
                f.write_str("[")?;
                joined(values.iter().map(JavaText), ", ", f)?;
                f.write_str("]")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        assert_eq!(java_text(value), expected);
    }

    #[test]
    fn texts_are_bare() {
        check(&Value::Text("say \"hi\"\t'".into()), "say \"hi\"\t'");
        check(
            &Value::Tuple(vec![Value::Text("".into()), Value::Int(3)]),
            "(,3)",
        );
    }

    #[test]
    fn constants_are_lower_case() {
        check(&Value::Null, "null");
        check(&Value::Bool(true), "true");
        check(&Value::Float(f64::NAN), "NaN");
        check(&Value::Int(-7), "-7");
    }

    #[test]
    fn sequences_nest() {
        let list = Value::List(vec![Value::Int(1), Value::Float(2.0)]);
        check(&list, "[1, 2.0]");
        check(&Value::Tuple(vec![list, Value::Null]), "([1, 2.0],null)");
    }
}
