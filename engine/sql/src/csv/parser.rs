//! Lines to rows of a schema (`UnivocityParser`, `FailureSafeParser`).

use std::collections::BTreeSet;

use engine::{DataType, Failure, Row, SparkVersion, StructField, Value};

use super::options::CsvOptions;
use super::tokens::tokens;
use crate::cast::{decimal_of_text, parse_day_time, parse_year_month};
use crate::context::Session;
use crate::function::Mismatch;
use crate::json::{ParseMode, malformed_record};

/// A reader of lines of one schema.
///
/// ```
/// use engine::{SparkVersion, Value};
/// use engine_sql::{CsvOptions, CsvParser, Session, parse_schema};
/// let session = Session::new(SparkVersion::V3_5);
/// let options = CsvOptions::new([("sep", ";")], &session)?;
/// let parser = CsvParser::new(parse_schema("id INT, name STRING")?, options, &session)?;
/// let row = vec![Value::Integer(7), Value::String("ann".into())];
/// assert_eq!(parser.row("7;ann"), Ok(Some(row)));
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CsvParser {
    /// The columns that are read: all but that of the lines that are malformed.
    columns: Vec<StructField>,
    /// For each of them, whether it is read.
    is_read: Vec<bool>,
    /// The place of that one.
    corrupt: Option<usize>,
    options: CsvOptions,
    session: Session,
}

impl CsvParser {
    /// A reader of rows with these columns.
    ///
    /// # Errors
    ///
    /// A type that a line cannot have, such as an array.
    pub fn new(
        mut columns: Vec<StructField>,
        options: CsvOptions,
        session: &Session,
    ) -> Result<CsvParser, Mismatch> {
        let corrupt = columns
            .iter()
            .position(|field| field.name == options.corrupt_column);
        if let Some(corrupt) = corrupt
            && columns.remove(corrupt).data_type != DataType::String
        {
            return Err(Mismatch::new(
                "INVALID_CORRUPT_RECORD_TYPE",
                format!(
                    "The column `{}` for corrupt records must have the nullable STRING type.",
                    options.corrupt_column
                ),
            ));
        }
        columns
            .iter()
            .try_for_each(|column| check_type(&column.data_type, session))?;
        Ok(CsvParser {
            is_read: vec![true; columns.len()],
            columns,
            corrupt,
            options,
            session: session.clone(),
        })
    }

    /// The same reader, which reads only these columns. Others are `NULL`, and no line is malformed for what they lack
    /// (`spark.sql.csv.parser.columnPruning.enabled`).
    #[must_use]
    pub fn reading(mut self, columns: &BTreeSet<usize>) -> CsvParser {
        let corrupt = self.corrupt.unwrap_or(usize::MAX);
        let place = |index: usize| index + usize::from(index >= corrupt);
        for (index, is_read) in self.is_read.iter_mut().enumerate() {
            *is_read = columns.contains(&place(index));
        }
        self
    }

    /// The row of a line; `None` in the mode `DROPMALFORMED` of one that is malformed.
    ///
    /// # Errors
    ///
    /// `MALFORMED_RECORD_IN_PARSING` in the mode `FAILFAST`.
    pub fn row(&self, line: &str) -> Result<Option<Row>, Failure> {
        let tokens = tokens(line, &self.options);
        let mut is_bad = tokens
            .as_ref()
            .is_none_or(|it| self.reads_all() && it.len() != self.columns.len());
        let mut tokens = tokens.unwrap_or_default().into_iter();
        let mut row = Row::with_capacity(self.columns.len() + 1);
        for (column, is_read) in self.columns.iter().zip(&self.is_read) {
            let token = tokens.next().flatten().filter(|_| *is_read);
            let token = token.filter(|token| *token != self.options.null_value);
            let value = token.map(|token| value(&token, &column.data_type, &self.options));
            is_bad |= value == Some(None);
            row.push(value.flatten().unwrap_or(Value::Null));
        }
        match self.options.mode {
            _ if !is_bad => {}
            ParseMode::Permissive => {}
            ParseMode::DropMalformed => return Ok(None),
            ParseMode::FailFast => return Err(malformed_record(&row, &self.session)),
        }
        if let Some(corrupt) = self.corrupt {
            let text = if is_bad {
                Value::String(line.into())
            } else {
                Value::Null
            };
            row.insert(corrupt, text);
        }
        Ok(Some(row))
    }
}

impl CsvParser {
    fn reads_all(&self) -> bool {
        self.is_read.iter().all(|is_read| *is_read)
    }
}

/// Refuses a type that no value of a line has.
fn check_type(data_type: &DataType, session: &Session) -> Result<(), Mismatch> {
    let is_spark_4 = session.spark >= SparkVersion::V4;
    let is_unsupported = match data_type {
        DataType::Binary => !is_spark_4,
        DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_) | DataType::Null => {
            true
        }
        _ => false,
    };
    if !is_unsupported {
        return Ok(());
    }
    Err(if is_spark_4 {
        Mismatch::new(
            "UNSUPPORTED_DATATYPE",
            format!("Unsupported data type \"{data_type}\"."),
        )
    } else {
        let name = data_type.to_string().to_lowercase();
        Mismatch::new(Mismatch::UNCLASSIFIED, format!("Unsupported type: {name}."))
    })
}

/// The value of a text; `None` of one that is none of the type.
fn value(text: &str, data_type: &DataType, options: &CsvOptions) -> Option<Value> {
    Some(match data_type {
        DataType::Byte => Value::Byte(text.parse().ok()?),
        DataType::Short => Value::Short(text.parse().ok()?),
        DataType::Integer => Value::Integer(text.parse().ok()?),
        DataType::Long => Value::Long(text.parse().ok()?),
        DataType::Float => match special(text, options) {
            Some(number) => Value::Float((number as f32).into()),
            None => Value::Float(crate::cast::java_float(text)?.into()),
        },
        DataType::Double => match special(text, options) {
            Some(number) => Value::Double(number.into()),
            None => Value::Double(crate::cast::java_double(text)?.into()),
        },
        DataType::Boolean => match text.to_lowercase().as_str() {
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            _ => return None,
        },
        DataType::Decimal { precision, scale } => {
            let digits = text.replace(',', "");
            let is_number = !digits.contains(|it: char| it.is_whitespace() || it.is_control());
            let decimal = is_number.then(|| decimal_of_text(&digits, *precision, *scale))?;
            Value::Decimal(decimal?)
        }
        DataType::String => Value::String(text.into()),
        DataType::Binary => Value::Binary(text.as_bytes().into()),
        DataType::Date => Value::Date(options.times.read_date(text)?),
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
        DataType::Null | DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_) => {
            return None;
        }
    })
}

/// The numbers that the options name.
fn special(text: &str, options: &CsvOptions) -> Option<f64> {
    match text {
        _ if text == options.nan => Some(f64::NAN),
        _ if text == options.negative_infinity => Some(f64::NEG_INFINITY),
        _ if text == options.positive_infinity => Some(f64::INFINITY),
        _ => None,
    }
}
