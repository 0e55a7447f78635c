//! Texts to values of a schema (`JacksonParser`, `FailureSafeParser`).

use engine::{DataType, Failure, FailureKind, Row, SparkVersion, StructField, Value};

use super::options::{JsonOptions, ParseMode};
use super::reader::{Reader, Token};
use super::value::{Bad, array, map, object};
use crate::context::Session;
use crate::failures::failure;
use crate::function::Mismatch;
use crate::literal_text::plain_text;

/// The most levels of a schema: a value has at most 128.
const LEVELS_MAX: usize = 100;

/// A reader of JSON texts of one schema.
///
/// ```
/// use engine::{SparkVersion, Value};
/// use engine_sql::{JsonOptions, JsonParser, Session, parse_schema};
/// let session = Session::new(SparkVersion::V3_5);
/// let options = JsonOptions::new([], &session)?;
/// let parser = JsonParser::of_rows(parse_schema("id INT, name STRING")?, options, &session)?;
/// let row = vec![Value::Integer(7), Value::String("ann".into())];
/// assert_eq!(parser.row(r#"{"name": "ann", "id": 7}"#), Ok(Some(row)));
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
#[derive(Clone, Debug)]
pub struct JsonParser {
    data_type: DataType,
    /// The fields that are read, of a struct: all but that of the texts that are malformed.
    fields: Vec<StructField>,
    /// The place of that one.
    corrupt: Option<usize>,
    options: JsonOptions,
    session: Session,
}

impl JsonParser {
    /// A reader of values of this type: a struct, an array or a map.
    ///
    /// # Errors
    ///
    /// A type that JSON has not: `INVALID_JSON_SCHEMA`, `INVALID_JSON_MAP_KEY_TYPE`, `INVALID_CORRUPT_RECORD_TYPE`.
    pub fn new(
        data_type: DataType,
        options: JsonOptions,
        session: &Session,
    ) -> Result<JsonParser, Mismatch> {
        let is_whole = matches!(
            data_type,
            DataType::Struct(_) | DataType::Array { .. } | DataType::Map { .. }
        );
        if !is_whole {
            return Err(invalid_schema(&data_type, session));
        }
        check_type(&data_type, 0)?;
        let mut fields = match &data_type {
            DataType::Struct(fields) => fields.clone(),
            _ => Vec::new(),
        };
        let corrupt = fields
            .iter()
            .position(|field| field.name == options.corrupt_column);
        if let Some(corrupt) = corrupt
            && fields.remove(corrupt).data_type != DataType::String
        {
            return Err(Mismatch::new(
                "INVALID_CORRUPT_RECORD_TYPE",
                format!(
                    "The column `{}` for corrupt records must have the nullable STRING type.",
                    options.corrupt_column
                ),
            ));
        }
        Ok(JsonParser {
            data_type,
            fields,
            corrupt,
            options,
            session: session.clone(),
        })
    }

    /// A reader of rows with these columns.
    ///
    /// # Errors
    ///
    /// Those of [`JsonParser::new`].
    pub fn of_rows(
        columns: Vec<StructField>,
        options: JsonOptions,
        session: &Session,
    ) -> Result<JsonParser, Mismatch> {
        JsonParser::new(DataType::Struct(columns), options, session)
    }

    /// The row of a line; `None` of an empty one, and in the mode `DROPMALFORMED` of one that is malformed.
    ///
    /// # Errors
    ///
    /// `MALFORMED_RECORD_IN_PARSING` in the mode `FAILFAST`.
    pub fn row(&self, text: &str) -> Result<Option<Row>, Failure> {
        Ok(self.parsed(text)?.and_then(row_of))
    }

    /// The rows of a line: those of an array of objects, or else one, or none.
    ///
    /// # Errors
    ///
    /// Those of [`JsonParser::row`].
    pub fn rows(&self, text: &str) -> Result<Vec<Row>, Failure> {
        let mut reader = Reader::new(text, self.options.syntax);
        if reader.next() == Ok(Some(Token::StartArray)) {
            let element = DataType::Struct(self.fields.clone());
            if let Ok(Value::Array(objects)) = array(&mut reader, &element, &self.options) {
                let objects = objects.iter().filter_map(|object| match object {
                    Value::Struct(_) => Some(self.with_corrupt(object.clone(), None)),
                    _ => None,
                });
                return Ok(objects.filter_map(row_of).collect());
            }
        }
        Ok(self.row(text)?.into_iter().collect())
    }

    /// The value of a text; `None` as of a row. Unlike the line of a file, it is no object in an array (`JsonToStructs`).
    ///
    /// # Errors
    ///
    /// Those of [`JsonParser::row`].
    pub fn value(&self, text: &str) -> Result<Option<Value>, Failure> {
        let is_object = matches!(self.data_type, DataType::Struct(_));
        if is_object && self.options.mode == ParseMode::FailFast && self.is_array(text) {
            return Err(array_as_struct(text, &self.session));
        }
        self.parsed(text)
    }

    fn is_array(&self, text: &str) -> bool {
        let mut reader = Reader::new(text, self.options.syntax);
        reader.next() == Ok(Some(Token::StartArray))
    }

    fn parsed(&self, text: &str) -> Result<Option<Value>, Failure> {
        let mut reader = Reader::new(text, self.options.syntax);
        let read = match reader.next() {
            Ok(None) => return Ok(None),
            Ok(Some(token)) => self.root(token, &mut reader),
            Err(_) => Err(Bad::Value),
        };
        let partial = match read {
            Ok(value) => return Ok(Some(self.with_corrupt(value, None))),
            Err(Bad::Partial(value)) => Some(value),
            Err(Bad::Value) => None,
        };
        match self.options.mode {
            ParseMode::Permissive => Ok(Some(match (partial, &self.data_type) {
                (Some(value), _) => self.with_corrupt(value, Some(text)),
                (None, DataType::Struct(_)) => self.with_corrupt(self.empty(), Some(text)),
                (None, _) => Value::Null,
            })),
            ParseMode::DropMalformed => Ok(None),
            ParseMode::FailFast => Err(self.malformed(partial)),
        }
    }

    fn root(&self, token: Token, reader: &mut Reader<'_>) -> Result<Value, Bad> {
        match (&self.data_type, token) {
            (DataType::Struct(_), Token::StartObject) => {
                object(reader, &self.fields, &self.options)
            }
            (DataType::Map { value, .. }, Token::StartObject) => map(reader, value, &self.options),
            (DataType::Array { element, .. }, Token::StartArray) => {
                array(reader, element, &self.options)
            }
            // One object is an array of it.
            (DataType::Array { element, .. }, Token::StartObject) => match &**element {
                DataType::Struct(fields) => match object(reader, fields, &self.options) {
                    Ok(value) => Ok(Value::Array(vec![value].into())),
                    Err(_) => Err(Bad::Value),
                },
                _ => Err(Bad::Value),
            },
            _ => Err(Bad::Value),
        }
    }

    fn empty(&self) -> Value {
        let names = self.fields.iter().map(|field| field.name.clone());
        Value::Struct(names.map(|name| (name, Value::Null)).collect())
    }

    /// A row with the text that was malformed, if it is asked for.
    fn with_corrupt(&self, value: Value, text: Option<&str>) -> Value {
        let (Some(corrupt), Value::Struct(fields)) = (self.corrupt, &value) else {
            return value;
        };
        let text = text.map_or(Value::Null, |text| Value::String(text.into()));
        let mut fields = fields.fields().to_vec();
        fields.insert(corrupt, (self.options.corrupt_column.clone(), text));
        Value::Struct(fields.into_iter().collect())
    }

    fn malformed(&self, partial: Option<Value>) -> Failure {
        let row = match partial.unwrap_or_else(|| self.empty()) {
            Value::Struct(fields) => fields.values().cloned().collect(),
            _ => vec![Value::Null],
        };
        malformed_record(&row, &self.session)
    }
}

/// The values of a struct.
fn row_of(value: Value) -> Option<Row> {
    match value {
        Value::Struct(fields) => Some(fields.values().cloned().collect()),
        _ => None,
    }
}

/// `MALFORMED_RECORD_IN_PARSING`: a text that does not fit in the mode `FAILFAST`.
pub(crate) fn malformed_record(row: &[Value], session: &Session) -> Failure {
    let values = row.iter().map(|value| match value {
        Value::Null => "null".to_owned(),
        value => plain_text(value, session),
    });
    let record = format!("[{}]", values.collect::<Vec<_>>().join(","));
    malformed("WITHOUT_SUGGESTION", &record, "", session)
}

/// The same of an array in the place of an object.
fn array_as_struct(text: &str, session: &Session) -> Failure {
    let reason = " Parsing JSON arrays as structs is forbidden.";
    malformed("CANNOT_PARSE_JSON_ARRAYS_AS_STRUCTS", text, reason, session)
}

fn malformed(class: &str, record: &str, reason: &str, session: &Session) -> Failure {
    let message = format!(
        "Malformed records are detected in record parsing: {record}.\nParse Mode: FAILFAST. To process malformed records as \
         null result, try setting the option 'mode' as 'PERMISSIVE'.{reason}"
    );
    let class = format!("MALFORMED_RECORD_IN_PARSING.{class}");
    failure(FailureKind::Spark, &class, &message, "22023", session)
}

/// Refuses a type that is none of JSON, or in it a map whose keys are no texts.
fn check_type(data_type: &DataType, level: usize) -> Result<(), Mismatch> {
    match data_type {
        _ if level > LEVELS_MAX => Err(Mismatch::new(
            "DATATYPE_MISMATCH.INVALID_JSON_SCHEMA",
            format!("a schema of more than {LEVELS_MAX} levels is not supported here"),
        )),
        DataType::Struct(fields) => fields
            .iter()
            .try_for_each(|field| check_type(&field.data_type, level + 1)),
        DataType::Array { element, .. } => check_type(element, level + 1),
        DataType::Map { key, value, .. } if **key == DataType::String => {
            check_type(value, level + 1)
        }
        DataType::Map { .. } => Err(Mismatch::new(
            "DATATYPE_MISMATCH.INVALID_JSON_MAP_KEY_TYPE",
            format!(
                "Input schema \"{data_type}\" can only contain STRING as a key type for a MAP."
            ),
        )),
        _ => Ok(()),
    }
}

/// `INVALID_JSON_SCHEMA`: a type that the whole of a text cannot have.
pub(crate) fn invalid_schema(data_type: &DataType, session: &Session) -> Mismatch {
    let types = match session.spark {
        SparkVersion::V3_5 => "a struct, an array or a map",
        SparkVersion::V4 => "a struct, an array, a map or a variant",
    };
    Mismatch::new(
        "DATATYPE_MISMATCH.INVALID_JSON_SCHEMA",
        format!("Input schema \"{data_type}\" must be {types}."),
    )
}
