//! The common parts of functions of arrays, maps and structs: the types and the values of their parts.

use engine::{DataType, Failure, MapEntries, SparkVersion, Value, Values};

use super::values::failed;
use crate::context::Session;
use crate::function::{Mismatch, Type};
use crate::resolve::{common_type, implicit_cast};
use crate::typed::Typed;

/// Elements that an array may have. Spark's limit is near 2^31, far beyond the memory of a test.
pub(super) const LENGTH_MAX: usize = 1 << 24;

/// The value of an array.
pub(super) fn array(values: Vec<Value>) -> Result<Value, Failure> {
    Ok(Value::Array(Values::new(values)?))
}

/// The items of an array; none of any other value.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        _ => &[],
    }
}

/// The entries of a map; none of any other value.
pub(super) fn entries(value: &Value) -> &[(Value, Value)] {
    match value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

/// The type of an array of such elements.
pub(super) fn array_type(element: DataType, nullable: bool) -> DataType {
    DataType::Array {
        element: Box::new(element),
        nullable,
    }
}

/// The type of the elements of an array, and true if they may be `NULL`.
pub(super) fn element(data_type: &DataType) -> (DataType, bool) {
    match data_type {
        DataType::Array { element, nullable } => ((**element).clone(), *nullable),
        _ => (DataType::Null, true),
    }
}

/// The types of the keys and of the values of a map, and true if the values may be `NULL`.
pub(super) fn map_parts(data_type: &DataType) -> (DataType, DataType, bool) {
    match data_type {
        DataType::Map {
            key,
            value,
            nullable,
        } => ((**key).clone(), (**value).clone(), *nullable),
        _ => (DataType::Null, DataType::Null, true),
    }
}

/// The type of a map of such entries.
pub(super) fn map_type(key: DataType, value: DataType, nullable: bool) -> DataType {
    DataType::Map {
        key: Box::new(key),
        value: Box::new(value),
        nullable,
    }
}

/// Refuses a number of arguments that is not among these.
pub(super) fn check_count(
    function: &str,
    arguments: &[Typed],
    least: usize,
    most: usize,
) -> Result<(), Mismatch> {
    let given = arguments.len();
    if (least..=most).contains(&given) {
        return Ok(());
    }
    let requires = if least == most {
        least.to_string()
    } else {
        format!("[{least}, {most}]")
    };
    Err(Mismatch::argument_count(function, &requires, given))
}

/// Takes an array, or a bare `NULL` as one.
pub(super) fn take_array(
    function: &str,
    arguments: &mut [Typed],
    index: usize,
    session: &Session,
) -> Result<(), Mismatch> {
    match &arguments[index].data_type {
        DataType::Array { .. } => Ok(()),
        DataType::Null => arguments[index].cast_in_place(&DataType::array(DataType::Null), session),
        other => Err(Mismatch::input_type(function, index, "\"ARRAY\"", other)),
    }
}

/// Takes a map, or a bare `NULL` as one.
pub(super) fn take_map(
    function: &str,
    arguments: &mut [Typed],
    index: usize,
    session: &Session,
) -> Result<(), Mismatch> {
    match &arguments[index].data_type {
        DataType::Map { .. } => Ok(()),
        DataType::Null => {
            let empty = map_type(DataType::Null, DataType::Null, true);
            arguments[index].cast_in_place(&empty, session)
        }
        other => Err(Mismatch::input_type(function, index, "\"MAP\"", other)),
    }
}

/// Casts an argument to one of the types of a parameter.
pub(super) fn take(
    function: &str,
    arguments: &mut [Typed],
    index: usize,
    takes: Type,
    session: &Session,
) -> Result<(), Mismatch> {
    let argument = &mut arguments[index];
    let to = implicit_cast(argument, takes, session)
        .ok_or_else(|| Mismatch::input_type(function, index, &takes.name(), &argument.data_type))?;
    argument.cast_in_place(&to, session)
}

/// Refuses an argument that is not of this very type (`ExpectsInputTypes`).
pub(super) fn expect(
    function: &str,
    arguments: &[Typed],
    index: usize,
    expected: &DataType,
) -> Result<(), Mismatch> {
    let given = &arguments[index].data_type;
    if given == expected {
        return Ok(());
    }
    let requires = format!("\"{expected}\"");
    Err(Mismatch::input_type(function, index, &requires, given))
}

/// The type that two are cast to where no number becomes a text (`findWiderTypeWithoutStringPromotion`).
pub(super) fn common_of(one: &DataType, other: &DataType, session: &Session) -> Option<DataType> {
    if mixes_texts(one, other) {
        return None;
    }
    common_type([one, other].into_iter(), session)
}

fn mixes_texts(one: &DataType, other: &DataType) -> bool {
    match (one, other) {
        (DataType::Array { element: one, .. }, DataType::Array { element: other, .. }) => {
            mixes_texts(one, other)
        }
        (DataType::Null, _) | (_, DataType::Null) => false,
        _ => (*one == DataType::String) != (*other == DataType::String),
    }
}

/// The entries of a map as it is made: keys are there, and each once (`ArrayBasedMapBuilder`).
#[derive(Debug)]
pub(super) struct MapBuilder<'a> {
    entries: Vec<(Value, Value)>,
    seen: Seen,
    session: &'a Session,
}

impl<'a> MapBuilder<'a> {
    pub(super) fn new(session: &'a Session) -> MapBuilder<'a> {
        MapBuilder {
            entries: Vec::new(),
            seen: Seen::new(session),
            session,
        }
    }

    pub(super) fn put(&mut self, key: Value, value: Value) -> Result<(), Failure> {
        if key == Value::Null {
            return Err(failed(
                self.session,
                "NULL_MAP_KEY",
                "Cannot use null as map key.",
                "2200E",
            ));
        }
        if !self.seen.insert(&key) {
            let key = crate::cast::string_of(&key, self.session);
            // Spark 4 begins a line.
            let between = match self.session.spark {
                SparkVersion::V3_5 => ' ',
                SparkVersion::V4 => '\n',
            };
            let message = format!(
                "Duplicate map key {key} was found, please check the input data.{between}If you want to remove the \
                 duplicated keys, you can set \"spark.sql.mapKeyDedupPolicy\" to \"LAST_WIN\" so that the key \
                 inserted at last takes precedence."
            );
            return Err(failed(
                self.session,
                "DUPLICATED_MAP_KEY",
                &message,
                "23505",
            ));
        }
        let key = match self.session.spark {
            SparkVersion::V3_5 => key,
            SparkVersion::V4 => without_sign_of_zero(key),
        };
        self.entries.push((key, value));
        Ok(())
    }

    pub(super) fn build(self) -> Result<Value, Failure> {
        Ok(Value::Map(MapEntries::new(self.entries)?))
    }
}

fn without_sign_of_zero(value: Value) -> Value {
    match value {
        Value::Double(number) => Value::Double((number.0 + 0.0).into()),
        Value::Float(number) => Value::Float((number.0 + 0.0).into()),
        other => other,
    }
}

/// The values that were seen. To Spark 3.5 `-0.0` is not `0.0` among them.
#[derive(Debug, Default)]
pub(super) struct Seen {
    values: std::collections::BTreeSet<Value>,
    knows_negative_zero: bool,
    has_negative_zero: bool,
}

impl Seen {
    pub(super) fn new(session: &Session) -> Seen {
        Seen {
            knows_negative_zero: session.spark == SparkVersion::V3_5,
            ..Seen::default()
        }
    }

    /// Adds a value; false if it was there.
    pub(super) fn insert(&mut self, value: &Value) -> bool {
        if self.knows_negative_zero && is_negative_zero(value) {
            return !std::mem::replace(&mut self.has_negative_zero, true);
        }
        self.values.insert(value.clone())
    }

    pub(super) fn contains(&self, value: &Value) -> bool {
        if self.knows_negative_zero && is_negative_zero(value) {
            return self.has_negative_zero;
        }
        self.values.contains(value)
    }
}

fn is_negative_zero(value: &Value) -> bool {
    match value {
        Value::Double(number) => number.0 == 0.0 && number.0.is_sign_negative(),
        Value::Float(number) => number.0 == 0.0 && number.0.is_sign_negative(),
        _ => false,
    }
}
