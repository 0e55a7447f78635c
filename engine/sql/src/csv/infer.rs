//! The schema of a line (`org.apache.spark.sql.catalyst.csv.CSVInferSchema`).

use engine::{DataType, Decimal, StructField};

use super::options::CsvOptions;
use super::tokens::tokens;
use crate::functions::dates::written::WrittenTime;

/// The columns of a line; `None` of an empty one.
pub(crate) fn schema_of(line: &str, options: &CsvOptions) -> Option<DataType> {
    let tokens = tokens(line, options)?;
    let columns = tokens.iter().enumerate().map(|(index, token)| {
        let data_type = match token {
            Some(token) if !token.is_empty() && *token != options.null_value => {
                infer(token, options)
            }
            _ => DataType::String,
        };
        StructField::new(format!("_c{index}"), data_type)
    });
    Some(DataType::Struct(columns.collect()))
}

fn infer(token: &str, options: &CsvOptions) -> DataType {
    let specials = [
        &options.nan,
        &options.positive_infinity,
        &options.negative_infinity,
    ];
    if token.parse::<i32>().is_ok() {
        DataType::Integer
    } else if token.parse::<i64>().is_ok() {
        DataType::Long
    } else if let Some(precision) = whole_digits(token) {
        DataType::Decimal {
            precision,
            scale: 0,
        }
    } else if crate::cast::java_double(token).is_some() || specials.iter().any(|it| *it == token) {
        DataType::Double
    } else if is_date(token, options) {
        DataType::Date
    } else if options.times.read_timestamp(token).is_some() {
        DataType::Timestamp
    } else if token.eq_ignore_ascii_case("true") || token.eq_ignore_ascii_case("false") {
        DataType::Boolean
    } else {
        DataType::String
    }
}

/// The number of digits of a whole number that is no `BIGINT`.
fn whole_digits(token: &str) -> Option<u8> {
    let token = token.replace(',', "");
    let digits = token.strip_prefix(['+', '-']).unwrap_or(&token);
    let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    let count = u8::try_from(digits.trim_start_matches('0').len().max(1)).ok()?;
    (is_number && count <= Decimal::PRECISION_MAX).then_some(count)
}

/// A day is written as `yyyy-MM-dd`, and no time behind it, unless there is a pattern.
fn is_date(token: &str, options: &CsvOptions) -> bool {
    if options.times.has_date_pattern() {
        return options.times.read_date(token).is_some();
    }
    let pattern = WrittenTime::new("yyyy-MM-dd");
    pattern.is_ok_and(|pattern| pattern.days(token).is_some())
}
