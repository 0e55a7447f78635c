//! The schema of lines (`org.apache.spark.sql.catalyst.csv.CSVInferSchema`).

use engine::{DataType, Decimal, StructField, Text};

use super::options::CsvOptions;
use super::tokens::tokens;
use crate::decimal::wider_decimal;
use crate::functions::dates::written::WrittenTime;

/// The columns of a line; `None` of an empty one.
pub(crate) fn schema_of(line: &str, options: &CsvOptions) -> Option<DataType> {
    let tokens = tokens(line, options)?;
    let columns = tokens.iter().enumerate().map(|(index, token)| {
        let data_type = inferred(DataType::Null, token.as_deref(), options);
        StructField::new(column_name(index), known(data_type))
    });
    Some(DataType::Struct(columns.collect()))
}

/// The names of the columns of a file whose first line is this one; `is_header` says that they are in it
/// (`CSVUtils.makeSafeHeader`).
pub fn csv_names(line: &str, is_header: bool, options: &CsvOptions) -> Vec<Text> {
    let tokens = tokens(line, options).unwrap_or_default();
    let lower = |token: &Option<String>| token.as_ref().map(|it| it.to_lowercase());
    let is_repeated = |token: &String| {
        let same = |it: &&Option<String>| lower(it).as_ref() == Some(&token.to_lowercase());
        tokens.iter().filter(same).count() > 1
    };
    let names = tokens.iter().enumerate().map(|(index, token)| match token {
        Some(token) if is_header && !token.is_empty() && *token != options.null_value => {
            if is_repeated(token) {
                format!("{token}{index}")
            } else {
                token.clone()
            }
        }
        _ => column_name(index),
    });
    names.map(Text::from).collect()
}

/// The types of columns in which these lines fit, a type a name.
pub fn infer_csv<'a>(
    names: Vec<Text>,
    lines: impl Iterator<Item = &'a str>,
    options: &CsvOptions,
) -> Vec<StructField> {
    let mut types = vec![DataType::Null; names.len()];
    for tokens in lines.filter_map(|line| tokens(line, options)) {
        for (data_type, token) in types.iter_mut().zip(&tokens) {
            let before = std::mem::replace(data_type, DataType::Null);
            *data_type = inferred(before, token.as_deref(), options);
        }
    }
    let columns = names.into_iter().zip(types);
    columns
        .map(|(name, data_type)| StructField::new(name, known(data_type)))
        .collect()
}

fn column_name(index: usize) -> String {
    format!("_c{index}")
}

/// A column of which no value is known has texts.
fn known(data_type: DataType) -> DataType {
    match data_type {
        DataType::Null => DataType::String,
        other => other,
    }
}

/// The type of a column that had this one before another value.
fn inferred(before: DataType, token: Option<&str>, options: &CsvOptions) -> DataType {
    match token {
        Some(token) if !token.is_empty() && token != options.null_value => {
            let of_token = type_of(token, rank(&before), options);
            common(before, of_token, options)
        }
        _ => before,
    }
}

/// The place of a type among those that are tried.
fn rank(data_type: &DataType) -> usize {
    match data_type {
        DataType::Long => 1,
        DataType::Decimal { .. } => 2,
        DataType::Double => 3,
        DataType::Date => 4,
        DataType::Timestamp => 5,
        DataType::Boolean => 6,
        DataType::String => 7,
        _ => 0,
    }
}

/// The first type from this rank on that a value is one of.
fn type_of(token: &str, rank: usize, options: &CsvOptions) -> DataType {
    let specials = [
        &options.nan,
        &options.positive_infinity,
        &options.negative_infinity,
    ];
    let is_double =
        || crate::cast::java_double(token).is_some() || specials.iter().any(|it| *it == token);
    let decimal = || {
        let precision = whole_digits(token)?;
        Some(DataType::Decimal {
            precision,
            scale: 0,
        })
    };
    let tries: [&dyn Fn() -> Option<DataType>; 7] = [
        &|| token.parse::<i32>().ok().map(|_| DataType::Integer),
        &|| token.parse::<i64>().ok().map(|_| DataType::Long),
        &decimal,
        &|| is_double().then_some(DataType::Double),
        &|| is_date(token, options).then_some(DataType::Date),
        &|| {
            let micros = options.times.read_timestamp(token);
            micros.map(|_| DataType::Timestamp)
        },
        &|| {
            let is_boolean = ["true", "false"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(token));
            is_boolean.then_some(DataType::Boolean)
        },
    ];
    let found = tries.iter().skip(rank).find_map(|attempt| attempt());
    found.unwrap_or(DataType::String)
}

/// The type that values of both fit into (`CSVInferSchema.compatibleType`).
fn common(one: DataType, other: DataType, options: &CsvOptions) -> DataType {
    use DataType::{Date, Decimal, Double, Integer, Long, Null, String, Timestamp};
    match (one, other) {
        (one, other) if one == other => one,
        (Null, known) | (known, Null) => known,
        (Integer, Long) | (Long, Integer) => Long,
        (Integer | Long | Decimal { .. }, Double) | (Double, Integer | Long | Decimal { .. }) => {
            Double
        }
        (one @ Decimal { .. }, Integer | Long) | (Integer | Long, one @ Decimal { .. }) => one,
        (one @ Decimal { .. }, other @ Decimal { .. }) => {
            wider_decimal(&one, &other).unwrap_or(Double)
        }
        // The usual parser of times reads days, too.
        (Date, Timestamp) | (Timestamp, Date) if !options.times.has_timestamp_pattern() => {
            Timestamp
        }
        _ => String,
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
