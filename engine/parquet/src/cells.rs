//! The values of a leaf column, as Parquet has them, and as values of Spark.

use engine::{DataType, Decimal, Text, Value};
use parquet::basic::Type as Physical;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};

use crate::schema::decimal_bytes;

/// The Julian day of 1970-01-01.
const EPOCH_DAY: i64 = 2_440_588;

const DAY_MICROS: i64 = 86_400_000_000;

/// The values of a leaf column that are there, in order.
#[derive(Debug)]
pub(crate) enum Cells {
    Boolean(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

impl Cells {
    pub(crate) fn new(physical: Physical) -> Cells {
        match physical {
            Physical::BOOLEAN => Cells::Boolean(Vec::new()),
            Physical::INT32 => Cells::Int32(Vec::new()),
            Physical::INT64 => Cells::Int64(Vec::new()),
            Physical::INT96 => Cells::Int96(Vec::new()),
            Physical::FLOAT => Cells::Float(Vec::new()),
            Physical::DOUBLE => Cells::Double(Vec::new()),
            Physical::BYTE_ARRAY => Cells::Bytes(Vec::new()),
            Physical::FIXED_LEN_BYTE_ARRAY => Cells::Fixed(Vec::new()),
        }
    }

    /// Adds a value, which is of the type of the column.
    pub(crate) fn push(&mut self, value: &Value) {
        match (self, value) {
            (Cells::Boolean(cells), Value::Boolean(value)) => cells.push(*value),
            (Cells::Int32(cells), value) => cells.extend(int(value)),
            (Cells::Int64(cells), value) => cells.extend(long(value)),
            (Cells::Int96(cells), Value::Timestamp(micros)) => cells.push(int96(*micros)),
            (Cells::Float(cells), Value::Float(value)) => cells.push(value.0),
            (Cells::Double(cells), Value::Double(value)) => cells.push(value.0),
            (Cells::Bytes(cells), Value::String(text)) => cells.push(text.as_str().into()),
            (Cells::Bytes(cells), Value::Binary(bytes)) => cells.push(bytes.to_vec().into()),
            (Cells::Fixed(cells), Value::Decimal(decimal)) => {
                let bytes = decimal.unscaled().to_be_bytes();
                let length = decimal_bytes(decimal.precision());
                cells.push(bytes[bytes.len() - length..].to_vec().into());
            }
            _ => {}
        }
    }

    /// The value at a place, read as this type; `NULL` if it has none.
    pub(crate) fn value(&self, place: usize, data_type: &DataType) -> Value {
        let value = match self {
            Cells::Boolean(cells) => cells.get(place).copied().map(Value::Boolean),
            Cells::Int32(cells) => cells.get(place).and_then(|it| of_int(*it, data_type)),
            Cells::Int64(cells) => cells.get(place).and_then(|it| of_long(*it, data_type)),
            Cells::Int96(cells) => cells.get(place).map(|it| Value::Timestamp(it.to_micros())),
            Cells::Float(cells) => cells.get(place).map(|it| Value::Float((*it).into())),
            Cells::Double(cells) => cells.get(place).map(|it| Value::Double((*it).into())),
            Cells::Bytes(cells) => cells
                .get(place)
                .and_then(|it| of_bytes(it.data(), data_type)),
            Cells::Fixed(cells) => cells
                .get(place)
                .and_then(|it| of_bytes(it.data(), data_type)),
        };
        value.unwrap_or(Value::Null)
    }
}

/// A value as one of a wider type.
pub(crate) fn widened(value: Value, wider: &DataType) -> Value {
    match (value, wider) {
        (value @ (Value::Byte(_) | Value::Short(_) | Value::Integer(_)), wider) => {
            let number = int(&value).unwrap_or_default();
            match wider {
                DataType::Long => Value::Long(number.into()),
                _ => Value::Double(f64::from(number).into()),
            }
        }
        (Value::Float(number), _) => Value::Double(f64::from(number.0).into()),
        (Value::Timestamp(micros), _) => Value::TimestampNtz(micros),
        (Value::Date(day), _) => Value::TimestampNtz(i64::from(day).saturating_mul(DAY_MICROS)),
        (Value::Decimal(from), DataType::Decimal { precision, scale }) => {
            let finer = 10_i128.pow(u32::from(scale - from.scale()));
            decimal(from.unscaled() * finer, *precision, *scale).unwrap_or(Value::Null)
        }
        (value, _) => value,
    }
}

fn int(value: &Value) -> Option<i32> {
    Some(match value {
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::Integer(number) | Value::Date(number) => *number,
        Value::YearMonthInterval { months, .. } => *months,
        Value::Decimal(decimal) => decimal.unscaled() as i32,
        _ => return None,
    })
}

fn long(value: &Value) -> Option<i64> {
    Some(match value {
        Value::Long(number) | Value::TimestampNtz(number) => *number,
        Value::DayTimeInterval { micros, .. } => *micros,
        Value::Decimal(decimal) => decimal.unscaled() as i64,
        _ => return None,
    })
}

/// Nanoseconds of a day, and behind them the Julian day.
fn int96(micros: i64) -> Int96 {
    let nanos = micros.rem_euclid(DAY_MICROS) * 1_000;
    let day = micros.div_euclid(DAY_MICROS) + EPOCH_DAY;
    let mut value = Int96::new();
    value.set_data(nanos as u32, (nanos >> 32) as u32, day as u32);
    value
}

fn of_int(number: i32, data_type: &DataType) -> Option<Value> {
    Some(match data_type {
        DataType::Byte => Value::Byte(number as i8),
        DataType::Short => Value::Short(number as i16),
        DataType::Integer => Value::Integer(number),
        DataType::Long => Value::Long(number.cast_unsigned().into()),
        DataType::Date => Value::Date(number),
        DataType::YearMonthInterval(units) => Value::YearMonthInterval {
            months: number,
            units: *units,
        },
        DataType::Decimal { precision, scale } => decimal(number.into(), *precision, *scale)?,
        _ => return None,
    })
}

fn of_long(number: i64, data_type: &DataType) -> Option<Value> {
    Some(match data_type {
        DataType::Long => Value::Long(number),
        DataType::Timestamp => Value::Timestamp(number),
        DataType::TimestampNtz => Value::TimestampNtz(number),
        DataType::DayTimeInterval(units) => Value::DayTimeInterval {
            micros: number,
            units: *units,
        },
        DataType::Decimal { precision, scale } => decimal(number.into(), *precision, *scale)?,
        _ => return None,
    })
}

fn of_bytes(bytes: &[u8], data_type: &DataType) -> Option<Value> {
    Some(match data_type {
        DataType::String => Value::String(Text::from(String::from_utf8_lossy(bytes).as_ref())),
        DataType::Binary => Value::Binary(bytes.into()),
        DataType::Decimal { precision, scale } => {
            let sign = if bytes.first()? & 0x80 == 0 { 0 } else { -1 };
            let unscaled = bytes
                .iter()
                .fold(sign, |all, byte| all << 8 | i128::from(*byte));
            decimal(unscaled, *precision, *scale)?
        }
        _ => return None,
    })
}

fn decimal(unscaled: i128, precision: u8, scale: u8) -> Option<Value> {
    Decimal::new(unscaled, precision, scale).map(Value::Decimal)
}
