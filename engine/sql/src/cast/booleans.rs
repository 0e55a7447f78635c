//! Casts to truths.

use engine::{DataType, Failure, Value};

use super::{Caster, trim_all};
use crate::failures::cast_invalid_input;

impl Caster<'_> {
    pub(super) fn to_boolean(self, value: &Value, from: &DataType) -> Result<Value, Failure> {
        let truth = match value {
            Value::String(text) => match trim_all(text).to_lowercase().as_str() {
                "t" | "true" | "y" | "yes" | "1" => true,
                "f" | "false" | "n" | "no" | "0" => false,
                _ => {
                    return self.failed(|| {
                        cast_invalid_input(value, from, &DataType::Boolean, self.session())
                    });
                }
            },
            Value::Byte(number) => *number != 0,
            Value::Short(number) => *number != 0,
            Value::Integer(number) => *number != 0,
            Value::Long(number) | Value::Timestamp(number) => *number != 0,
            Value::Float(number) => number.0 != 0.0,
            Value::Double(number) => number.0 != 0.0,
            Value::Decimal(number) => number.unscaled() != 0,
            // A day is no truth.
            _ => return Ok(Value::Null),
        };
        Ok(Value::Boolean(truth))
    }
}
