//! Types and schemas as they are written in SQL (`org.apache.spark.sql.catalyst.parser.DataTypeAstBuilder`).

use engine::{DataType, Decimal, IntervalUnit, IntervalUnits, SparkVersion, StructField};

use crate::context::Session;
use crate::error::AnalysisError;
use crate::sql::{Cursor, TokenKind};

/// The type that a text is: `INT`, `ARRAY<STRUCT<a: STRING>>`.
///
/// # Errors
///
/// - `PARSE_SYNTAX_ERROR` of a text that is no type, `PARSE_EMPTY_STATEMENT` of one without a word
/// - `UNSUPPORTED_DATATYPE` of a type that Spark does not have
///
/// ```
/// use engine::DataType;
/// use engine_sql::parse_type;
/// assert_eq!(parse_type("bigint"), Ok(DataType::Long));
/// assert_eq!(parse_type("foo").unwrap_err().condition(), Some("UNSUPPORTED_DATATYPE"));
/// ```
pub fn parse_type(text: &str) -> Result<DataType, AnalysisError> {
    let session = Session::new(SparkVersion::V3_5);
    let mut cursor = Cursor::new(text, &session)?;
    cursor.refuse_empty()?;
    let data_type = cursor.data_type()?;
    cursor.expect_end()?;
    Ok(data_type)
}

/// The columns of a schema: `ts TIMESTAMP, n INT NOT NULL`, or `STRUCT<ts: TIMESTAMP, n: INT>`.
///
/// # Errors
///
/// Those of [`parse_type`].
///
/// ```
/// use engine::{DataType, StructField};
/// use engine_sql::parse_schema;
/// let columns = parse_schema("user STRING, n: INT NOT NULL")?;
/// assert_eq!(columns[0], StructField::new("user", DataType::String));
/// assert!(!columns[1].nullable);
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
pub fn parse_schema(text: &str) -> Result<Vec<StructField>, AnalysisError> {
    let session = Session::new(SparkVersion::V3_5);
    let mut cursor = Cursor::new(text, &session)?;
    cursor.refuse_empty()?;
    let is_struct = cursor.is_word("STRUCT") && cursor.peek_after(1).text.starts_with('<');
    if is_struct && let DataType::Struct(fields) = cursor.data_type()? {
        cursor.expect_end()?;
        return Ok(fields);
    }
    let fields = cursor.list(Cursor::field)?;
    cursor.expect_end()?;
    Ok(fields)
}

impl Cursor<'_> {
    /// Reads a type.
    pub(crate) fn data_type(&mut self) -> Result<DataType, AnalysisError> {
        self.nested(|cursor| match cursor.peek() {
            token if token.is_word("ARRAY") => cursor.array_type(),
            token if token.is_word("MAP") => cursor.map_type(),
            token if token.is_word("STRUCT") => cursor.struct_type(),
            token if token.is_word("INTERVAL") => cursor.interval_type(),
            _ => cursor.primitive_type(),
        })
    }

    fn array_type(&mut self) -> Result<DataType, AnalysisError> {
        self.complex_type("ARRAY", |cursor| Ok(DataType::array(cursor.data_type()?)))
    }

    fn map_type(&mut self) -> Result<DataType, AnalysisError> {
        self.complex_type("MAP", |cursor| {
            let key = Box::new(cursor.data_type()?);
            cursor.expect_symbol(",")?;
            let value = Box::new(cursor.data_type()?);
            Ok(DataType::Map {
                key,
                value,
                nullable: true,
            })
        })
    }

    fn struct_type(&mut self) -> Result<DataType, AnalysisError> {
        self.complex_type("STRUCT", |cursor| {
            if cursor.peek().text.starts_with('>') {
                return Ok(DataType::Struct(Vec::new()));
            }
            cursor.list(Cursor::field).map(DataType::Struct)
        })
    }

    /// Reads a type that has others between `<` and `>`.
    fn complex_type(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Result<DataType, AnalysisError>,
    ) -> Result<DataType, AnalysisError> {
        let span = self.advance().span;
        if !self.take_character('<') {
            let message = format!("Incomplete complex type: \"{name}\".");
            let condition = match name {
                "ARRAY" => "INCOMPLETE_TYPE_DEFINITION.ARRAY",
                "MAP" => "INCOMPLETE_TYPE_DEFINITION.MAP",
                _ => "INCOMPLETE_TYPE_DEFINITION.STRUCT",
            };
            return Err(AnalysisError::new(condition, message).at(Some(span)));
        }
        let data_type = read(self)?;
        if !self.take_character('>') {
            return Err(self.unexpected());
        }
        Ok(data_type)
    }

    /// Reads a column of a schema, or a field of a struct.
    fn field(&mut self) -> Result<StructField, AnalysisError> {
        let name = self.name()?;
        self.take_symbol(":");
        let data_type = self.data_type()?;
        let nullable = !self.take_words(&["NOT", "NULL"]);
        if self.take_word("COMMENT") {
            if self.peek().kind != TokenKind::String {
                return Err(self.unexpected());
            }
            self.advance();
        }
        Ok(StructField {
            name,
            data_type,
            nullable,
        })
    }

    fn interval_type(&mut self) -> Result<DataType, AnalysisError> {
        let Some(longest) = interval_unit(self.peek_after(1).text) else {
            return Err(self
                .unsupported("The type INTERVAL without units")
                .with_help("Name the units: INTERVAL YEAR TO MONTH or INTERVAL DAY TO SECOND."));
        };
        self.advance();
        self.advance();
        let mut shortest = longest;
        if self.is_word("TO") {
            self.advance();
            shortest = interval_unit(self.peek().text).ok_or_else(|| self.unexpected())?;
            let span = self.advance().span;
            let is_same_kind =
                (longest <= IntervalUnit::Month) == (shortest <= IntervalUnit::Month);
            if longest >= shortest || !is_same_kind {
                let message = format!("Interval {longest} to {shortest} is not supported.");
                return Err(AnalysisError::unclassified(message).at(Some(span)));
            }
        }
        let units = IntervalUnits::new(longest, shortest);
        Ok(match longest {
            IntervalUnit::Year | IntervalUnit::Month => DataType::YearMonthInterval(units),
            _ => DataType::DayTimeInterval(units),
        })
    }

    fn primitive_type(&mut self) -> Result<DataType, AnalysisError> {
        let start = self.start();
        let token = self.peek();
        if token.kind != TokenKind::Word {
            return Err(self.unexpected());
        }
        let name = self.advance().text.to_ascii_uppercase();
        let mut sizes = Vec::new();
        if self.is_symbol("(") {
            sizes = self.parenthesized(|cursor| cursor.list(Cursor::whole_number))?;
        }
        let span = Some(self.span_from(start));
        let data_type = match (name.as_str(), &sizes[..]) {
            ("BOOLEAN", []) => DataType::Boolean,
            ("TINYINT" | "BYTE", []) => DataType::Byte,
            ("SMALLINT" | "SHORT", []) => DataType::Short,
            ("INT" | "INTEGER", []) => DataType::Integer,
            ("BIGINT" | "LONG", []) => DataType::Long,
            ("FLOAT" | "REAL", []) => DataType::Float,
            ("DOUBLE", []) => DataType::Double,
            ("DATE", []) => DataType::Date,
            ("TIMESTAMP" | "TIMESTAMP_LTZ", []) => DataType::Timestamp,
            ("TIMESTAMP_NTZ", []) => DataType::TimestampNtz,
            ("STRING", []) | ("CHAR" | "CHARACTER" | "VARCHAR", [_]) => DataType::String,
            ("BINARY", []) => DataType::Binary,
            ("VOID", []) => DataType::Null,
            ("DECIMAL" | "DEC" | "NUMERIC", []) => decimal(10, 0)?,
            ("DECIMAL" | "DEC" | "NUMERIC", [precision]) => {
                decimal(size(precision), 0).map_err(|error| error.at(span))?
            }
            ("DECIMAL" | "DEC" | "NUMERIC", [precision, scale]) => {
                decimal(size(precision), size(scale)).map_err(|error| error.at(span))?
            }
            ("CHAR" | "CHARACTER" | "VARCHAR", []) => {
                let message = format!(
                    "DataType \"{name}\" requires a length parameter, for example \"{name}\"(10). Please specify the length."
                );
                return Err(AnalysisError::new("DATATYPE_MISSING_SIZE", message).at(span));
            }
            _ => return Err(unsupported_type(&name, &sizes).at(span)),
        };
        Ok(data_type)
    }
}

fn unsupported_type(name: &str, sizes: &[&str]) -> AnalysisError {
    let sizes = match sizes {
        [] => String::new(),
        sizes => format!("({})", sizes.join(",")),
    };
    let message = format!("Unsupported data type \"{name}{sizes}\".");
    AnalysisError::new("UNSUPPORTED_DATATYPE", message)
}

/// A number of digits; one that is too great for any type is the greatest.
fn size(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

fn decimal(precision: u32, scale: u32) -> Result<DataType, AnalysisError> {
    let most = u32::from(Decimal::PRECISION_MAX);
    if precision > most {
        let message = format!("Decimal precision {precision} exceeds max precision {most}.");
        return Err(AnalysisError::new(
            "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
            message,
        ));
    }
    if scale > precision {
        let message =
            format!("Decimal scale ({scale}) cannot be greater than precision ({precision}).");
        return Err(AnalysisError::new(
            "DECIMAL_SCALE_EXCEEDS_PRECISION",
            message,
        ));
    }
    Ok(DataType::Decimal {
        precision: precision as u8,
        scale: scale as u8,
    })
}

/// The unit of an interval's type.
pub(crate) fn interval_unit(text: &str) -> Option<IntervalUnit> {
    Some(match text.to_ascii_uppercase().as_str() {
        "YEAR" => IntervalUnit::Year,
        "MONTH" => IntervalUnit::Month,
        "DAY" => IntervalUnit::Day,
        "HOUR" => IntervalUnit::Hour,
        "MINUTE" => IntervalUnit::Minute,
        "SECOND" => IntervalUnit::Second,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn round_trip(text: &str) {
        assert_eq!(parse_type(text).expect("it is read").to_string(), text);
    }

    #[test]
    fn types_are_read_as_they_are_written() {
        for text in [
            "BOOLEAN",
            "TINYINT",
            "TIMESTAMP_NTZ",
            "VOID",
            "DECIMAL(10,2)",
            "ARRAY<ARRAY<ARRAY<INT>>>",
            "MAP<STRING, ARRAY<DOUBLE>>",
            "STRUCT<`b c`: MAP<STRING, INT>, `3`: INT, `a```: DATE NOT NULL>",
            "STRUCT<>",
            "INTERVAL YEAR TO MONTH",
            "INTERVAL HOUR",
        ] {
            round_trip(text);
        }
    }

    #[test]
    fn types_have_other_names() {
        for (text, expected) in [
            ("long", "BIGINT"),
            ("Integer", "INT"),
            ("real", "FLOAT"),
            ("dec", "DECIMAL(10,0)"),
            ("numeric(5)", "DECIMAL(5,0)"),
            ("varchar(10)", "STRING"),
            ("timestamp_ltz", "TIMESTAMP"),
            (
                "struct<a INT, b:struct<c:INT>>",
                "STRUCT<a: INT, b: STRUCT<c: INT>>",
            ),
        ] {
            assert_eq!(parse_type(text).expect("it is read").to_string(), expected);
        }
    }

    #[test]
    fn schemas_have_names_of_any_kind() {
        let columns =
            parse_schema("timestamp TIMESTAMP, `my n` INT COMMENT 'it', struct STRUCT<a: INT>")
                .expect("it is read");
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["timestamp", "my n", "struct"]);
        assert_eq!(parse_schema("struct<a: INT>").expect("it is read").len(), 1);
    }

    #[track_caller]
    fn refused(text: &str, message: &str, at: &str) {
        let error = parse_schema(text).expect_err("it is refused");
        assert_eq!(error.to_string(), message);
        let span = error.span().expect("it has a place");
        assert_eq!(&text[span.start..span.end], at);
    }

    #[test]
    fn errors_have_spark_s_class_and_the_place() {
        refused(
            "a FOO",
            "[UNSUPPORTED_DATATYPE] Unsupported data type \"FOO\".",
            "FOO",
        );
        refused(
            "a INT(5)",
            "[UNSUPPORTED_DATATYPE] Unsupported data type \"INT(5)\".",
            "INT(5)",
        );
        refused(
            "a DECIMAL(39,0)",
            "[DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION] Decimal precision 39 exceeds max precision 38.",
            "DECIMAL(39,0)",
        );
        refused(
            "a",
            "[PARSE_SYNTAX_ERROR] Syntax error at or near end of input.",
            "",
        );
        refused(
            "a INT,, b INT",
            "[PARSE_SYNTAX_ERROR] Syntax error at or near ','.",
            ",",
        );
        refused(
            "a ARRAY<INT",
            "[PARSE_SYNTAX_ERROR] Syntax error at or near end of input.",
            "",
        );
        refused(
            "a 'b",
            "[PARSE_SYNTAX_ERROR] Syntax error at or near '''.",
            "'",
        );
    }

    #[test]
    fn types_that_are_too_deep_are_refused() {
        let text = "ARRAY<".repeat(10_000);
        let error = parse_type(&text).expect_err("it is refused");
        assert_eq!(error.condition(), Some("FAILED_TO_PARSE_TOO_COMPLEX"));
    }
}
