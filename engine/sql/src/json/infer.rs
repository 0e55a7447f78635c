//! The schema of a text (`org.apache.spark.sql.catalyst.json.JsonInferSchema`).

use engine::{DataType, Decimal, Failure, StructField};

use super::options::{JsonOptions, ParseMode};
use super::parser::malformed_record;
use super::reader::{Malformed, Reader, Token};
use crate::context::Session;
use crate::decimal::wider_decimal;

/// The type of a text; `None` if it is malformed.
pub(crate) fn schema_of(text: &str, options: &JsonOptions) -> Option<DataType> {
    let mut reader = Reader::new(text, options.syntax);
    let data_type = match reader.next().ok()? {
        Some(token) => infer(token, &mut reader, options).ok()?,
        None => DataType::Null,
    };
    Some(with_strings(data_type))
}

/// The columns in which these texts fit, by their names. Where some text is malformed, the column for these is among
/// them, unless the mode drops them.
///
/// # Errors
///
/// A text that is malformed, in the mode `FAILFAST`.
pub fn infer_json<'a>(
    texts: impl Iterator<Item = &'a str>,
    options: &JsonOptions,
    session: &Session,
) -> Result<Vec<StructField>, Failure> {
    let mut root = DataType::Null;
    for text in texts {
        let mut reader = Reader::new(text, options.syntax);
        let inferred = reader.next().and_then(|token| match token {
            Some(token) => infer(token, &mut reader, options).map(Some),
            None => Ok(None),
        });
        let of_text = match inferred {
            Ok(Some(DataType::Array { element, .. })) => *element,
            Ok(Some(data_type)) => data_type,
            Ok(None) => continue,
            Err(Malformed) => DataType::String,
        };
        // A value that is no object is as bad as a text that is no JSON.
        let is_row = matches!(of_text, DataType::Struct(_) | DataType::Null);
        let of_row = match options.mode {
            _ if is_row => of_text,
            ParseMode::Permissive => DataType::Struct(vec![StructField::new(
                options.corrupt_column.clone(),
                DataType::String,
            )]),
            ParseMode::DropMalformed => continue,
            ParseMode::FailFast => return Err(malformed_record(&[], session)),
        };
        root = common(root, of_row);
    }
    Ok(match with_strings(root) {
        DataType::Struct(fields) => fields,
        _ => Vec::new(),
    })
}

/// In the order in which Java compares texts, by UTF-16 units.
fn sort_by_name(fields: &mut [StructField]) {
    fields.sort_by(|one, other| one.name.encode_utf16().cmp(other.name.encode_utf16()));
}

/// With texts in the place of types that are not known.
fn with_strings(data_type: DataType) -> DataType {
    match data_type {
        DataType::Null => DataType::String,
        DataType::Array { element, nullable } => DataType::Array {
            element: Box::new(with_strings(*element)),
            nullable,
        },
        DataType::Struct(fields) => DataType::Struct(
            fields
                .into_iter()
                .map(|field| StructField {
                    data_type: with_strings(field.data_type),
                    ..field
                })
                .collect(),
        ),
        other => other,
    }
}

fn infer(
    token: Token,
    reader: &mut Reader<'_>,
    options: &JsonOptions,
) -> Result<DataType, Malformed> {
    let as_string = options.primitives_as_string;
    Ok(match token {
        Token::Null => DataType::Null,
        Token::String(text) => of_text(&text, options),
        Token::StartObject => {
            let mut fields = Vec::new();
            while let Token::Name(name) = reader.token()? {
                let token = reader.token()?;
                fields.push(StructField::new(name, infer(token, reader, options)?));
            }
            sort_by_name(&mut fields);
            DataType::Struct(fields)
        }
        Token::StartArray => {
            let mut element = DataType::Null;
            loop {
                match reader.token()? {
                    Token::EndArray => break DataType::array(element),
                    token => element = common(element, infer(token, reader, options)?),
                }
            }
        }
        Token::Integer(_) | Token::Float(_) | Token::NonNumeric(_) | Token::Boolean(_)
            if as_string =>
        {
            DataType::String
        }
        Token::Boolean(_) => DataType::Boolean,
        Token::Integer(digits) => match digits.parse::<i64>() {
            Ok(_) => DataType::Long,
            Err(_) => decimal(&digits).unwrap_or(DataType::Double),
        },
        Token::Float(number) if options.prefers_decimal => {
            decimal(&number).unwrap_or(DataType::Double)
        }
        Token::Float(_) | Token::NonNumeric(_) => DataType::Double,
        Token::Name(_) | Token::EndObject | Token::EndArray => return Err(Malformed),
    })
}

fn of_text(text: &str, options: &JsonOptions) -> DataType {
    if text.is_empty() {
        return DataType::Null;
    }
    if options.prefers_decimal
        && let Some(decimal) = decimal(&text.replace(',', ""))
    {
        return decimal;
    }
    if options.infer_timestamp && options.times.read_timestamp(text).is_some() {
        return DataType::Timestamp;
    }
    DataType::String
}

/// The narrowest type of a decimal number; `None` if there is none.
fn decimal(number: &str) -> Option<DataType> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let unsigned = mantissa.trim_start_matches(['-', '+']);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0').len().max(1) as i32;
    let scale = fraction.len() as i32 - exponent;
    // A number of zeros at its end has a scale below zero, which no type has.
    let precision = u8::try_from(digits.max(scale)).ok()?;
    let scale = u8::try_from(scale).ok()?;
    (precision <= Decimal::PRECISION_MAX).then_some(DataType::Decimal { precision, scale })
}

/// The type that values of both fit into (`JsonInferSchema.compatibleType`).
fn common(one: DataType, other: DataType) -> DataType {
    use DataType::{Array, Double, Long, Null, String, Struct};
    match (one, other) {
        (one, other) if one == other => one,
        (Null, known) | (known, Null) => known,
        (Long | Double, Long | Double)
        | (DataType::Decimal { .. }, Double)
        | (Double, DataType::Decimal { .. }) => Double,
        (decimal @ DataType::Decimal { .. }, Long) | (Long, decimal @ DataType::Decimal { .. }) => {
            let long = DataType::Decimal {
                precision: 20,
                scale: 0,
            };
            common(decimal, long)
        }
        (one @ DataType::Decimal { .. }, other @ DataType::Decimal { .. }) => {
            wider_decimal(&one, &other).unwrap_or(Double)
        }
        (Array { element: one, .. }, Array { element: other, .. }) => {
            DataType::array(common(*one, *other))
        }
        (Struct(one), Struct(other)) => {
            let mut fields = one;
            for field in other {
                match fields.iter_mut().find(|known| known.name == field.name) {
                    Some(known) => {
                        let before = std::mem::replace(&mut known.data_type, Null);
                        known.data_type = common(before, field.data_type);
                    }
                    None => fields.push(field),
                }
            }
            sort_by_name(&mut fields);
            Struct(fields)
        }
        _ => String,
    }
}
