//! A value of a type, read from tokens (`org.apache.spark.sql.catalyst.json.JacksonParser.makeConverter`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::{DataType, Struct, StructField, Value, Values};

use super::options::JsonOptions;
use super::reader::{Malformed, Reader, Token};
use super::writer::Writer;
use crate::cast::{decimal_of_text, parse_day_time, parse_year_month};

/// A value that is not of the type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bad {
    /// Nothing of it is left.
    Value,
    /// An object some of whose fields are bad, and `NULL`.
    Partial(Value),
}

impl From<Malformed> for Bad {
    fn from(_: Malformed) -> Bad {
        Bad::Value
    }
}

/// The value that begins with this token. The reader is behind it, unless the value is bad.
pub(super) fn read(
    token: Token,
    reader: &mut Reader<'_>,
    data_type: &DataType,
    options: &JsonOptions,
) -> Result<Value, Bad> {
    match (data_type, token) {
        (_, Token::Null) => Ok(Value::Null),
        (DataType::String, Token::String(text)) => Ok(Value::String(text.into())),
        (DataType::String, token) => {
            let mut writer = Writer::default();
            writer.copy(token, reader)?;
            Ok(Value::String(writer.into_text().into()))
        }
        (DataType::Struct(fields), Token::StartObject) => object(reader, fields, options),
        (DataType::Array { element, .. }, Token::StartArray) => array(reader, element, options),
        (DataType::Map { value, .. }, Token::StartObject) => map(reader, value, options),
        (DataType::Null, token) => {
            reader.skip(&token)?;
            Ok(Value::Null)
        }
        (_, Token::String(text)) => of_text(&text, data_type, options).ok_or(Bad::Value),
        (_, Token::Integer(digits)) => of_integer(&digits, data_type).ok_or(Bad::Value),
        (_, Token::Float(number)) => of_number(&number, data_type).ok_or(Bad::Value),
        (_, Token::NonNumeric(number)) => floating(number, data_type).ok_or(Bad::Value),
        (DataType::Boolean, Token::Boolean(truth)) => Ok(Value::Boolean(truth)),
        _ => Err(Bad::Value),
    }
}

/// The fields of an object: those that are bad are `NULL`, the last of several of one name counts.
pub(super) fn object(
    reader: &mut Reader<'_>,
    fields: &[StructField],
    options: &JsonOptions,
) -> Result<Value, Bad> {
    let mut values = vec![Value::Null; fields.len()];
    let mut is_bad = false;
    while let Token::Name(name) = reader.token()? {
        let token = reader.token()?;
        let Some(index) = fields.iter().rposition(|field| *field.name == *name) else {
            reader.skip(&token)?;
            continue;
        };
        match recover(token, reader, &fields[index].data_type, options)? {
            Ok(value) => values[index] = value,
            Err(partial) => {
                is_bad = true;
                // A field that is wholly bad keeps what an earlier one of its name left.
                if let Some(partial) = partial {
                    values[index] = partial;
                }
            }
        }
    }
    let names = fields.iter().map(|field| field.name.clone());
    let value = Value::Struct(names.zip(values).collect::<Struct>());
    if is_bad {
        Err(Bad::Partial(value))
    } else {
        Ok(value)
    }
}

/// A value, or what is left of a bad one; in both cases the reader is behind it.
fn recover(
    token: Token,
    reader: &mut Reader<'_>,
    data_type: &DataType,
    options: &JsonOptions,
) -> Result<Result<Value, Option<Value>>, Malformed> {
    let opens = matches!(token, Token::StartObject | Token::StartArray);
    let outer = reader.levels() - usize::from(opens);
    let bad = match read(token, reader, data_type, options) {
        Ok(value) => return Ok(Ok(value)),
        Err(bad) => bad,
    };
    reader.leave(outer)?;
    Ok(Err(match bad {
        Bad::Value => None,
        Bad::Partial(value) => Some(value),
    }))
}

/// An array without a bad element.
pub(super) fn array(
    reader: &mut Reader<'_>,
    element: &DataType,
    options: &JsonOptions,
) -> Result<Value, Bad> {
    let mut values = Vec::new();
    let mut is_bad = false;
    loop {
        let token = reader.token()?;
        if token == Token::EndArray {
            break;
        }
        match recover(token, reader, element, options)? {
            Ok(value) => values.push(value),
            Err(_) => is_bad = true,
        }
    }
    if is_bad {
        return Err(Bad::Value);
    }
    Values::new(values)
        .map(Value::Array)
        .map_err(|_| Bad::Value)
}

/// A map without a bad value. Names that are there twice are two entries.
pub(super) fn map(
    reader: &mut Reader<'_>,
    value_type: &DataType,
    options: &JsonOptions,
) -> Result<Value, Bad> {
    let mut entries = Vec::new();
    let mut is_bad = false;
    while let Token::Name(name) = reader.token()? {
        let token = reader.token()?;
        match recover(token, reader, value_type, options)? {
            Ok(value) => entries.push((Value::String(name.into()), value)),
            Err(_) => is_bad = true,
        }
    }
    if is_bad {
        Err(Bad::Value)
    } else {
        Ok(Value::Map(entries.into()))
    }
}

/// The value of a text that is not empty.
fn of_text(text: &str, data_type: &DataType, options: &JsonOptions) -> Option<Value> {
    // Jackson takes an empty text for no bytes.
    if *data_type == DataType::Binary {
        let digits: String = text.chars().filter(|it| *it > ' ').collect();
        let bytes = STANDARD.decode(digits).ok()?;
        return Some(Value::Binary(bytes.into()));
    }
    if text.is_empty() {
        return None;
    }
    Some(match data_type {
        DataType::Float | DataType::Double if options.syntax.non_numeric_numbers => {
            let number = match text {
                "NaN" => f64::NAN,
                "+INF" | "+Infinity" | "Infinity" => f64::INFINITY,
                "-INF" | "-Infinity" => f64::NEG_INFINITY,
                _ => return None,
            };
            return floating(number, data_type);
        }
        DataType::Decimal { .. } => return decimal(&text.replace(',', ""), data_type),
        DataType::Date => {
            let days = options.times.read_date(text);
            // Spark 1.5 wrote the number of days.
            let number = text
                .parse()
                .ok()
                .filter(|_| !options.times.has_date_pattern());
            Value::Date(days.or(number)?)
        }
        DataType::Timestamp => Value::Timestamp(options.times.read_timestamp(text)?),
        DataType::TimestampNtz => Value::TimestampNtz(options.times.read_timestamp_ntz(text)?),
        DataType::YearMonthInterval(units) => Value::YearMonthInterval {
            months: parse_year_month(text, *units).ok()?,
            units: *units,
        },
        DataType::DayTimeInterval(units) => Value::DayTimeInterval {
            micros: parse_day_time(text, *units).ok()?,
            units: *units,
        },
        _ => return None,
    })
}

/// The value of a number without point and exponent.
fn of_integer(digits: &str, data_type: &DataType) -> Option<Value> {
    Some(match data_type {
        // Jackson takes numbers without a sign for bytes, too.
        DataType::Byte => {
            let number = digits.parse().ok().filter(|it| (-128..256).contains(it));
            Value::Byte(number.map(|number: i32| number as i8)?)
        }
        DataType::Short => Value::Short(digits.parse().ok()?),
        DataType::Integer => Value::Integer(digits.parse().ok()?),
        DataType::Long => Value::Long(digits.parse().ok()?),
        // Seconds.
        DataType::Timestamp => {
            Value::Timestamp(digits.parse::<i64>().ok()?.wrapping_mul(1_000_000))
        }
        _ => return of_number(digits, data_type),
    })
}

/// The value of a number of any form.
fn of_number(number: &str, data_type: &DataType) -> Option<Value> {
    match data_type {
        DataType::Float => Some(Value::Float(number.parse::<f32>().ok()?.into())),
        DataType::Double => Some(Value::Double(number.parse::<f64>().ok()?.into())),
        DataType::Decimal { .. } => decimal(number, data_type),
        _ => None,
    }
}

fn floating(number: f64, data_type: &DataType) -> Option<Value> {
    match data_type {
        DataType::Float => Some(Value::Float((number as f32).into())),
        DataType::Double => Some(Value::Double(number.into())),
        _ => None,
    }
}

fn decimal(number: &str, data_type: &DataType) -> Option<Value> {
    let DataType::Decimal { precision, scale } = data_type else {
        return None;
    };
    // `BigDecimal` takes no blanks.
    let is_number = !number.contains(|it: char| it.is_whitespace() || it.is_control());
    let decimal = is_number.then(|| decimal_of_text(number, *precision, *scale))?;
    decimal.map(Value::Decimal)
}
