//! The results of functions of Python as values of their declared types.
//!
//! A worker pickles a result, a JVM unpickles it, and takes what it finds: there are no casts, and what is of another
//! type is `NULL`.

use engine::render::Notation;
use engine::{
    DataType, Decimal, Failure, FailureKind, MapEntries, Struct, StructField, Value, Values,
};
use engine_sql::Session;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString,
    PyTuple,
};

use super::entries::unpickled_order;
use super::values::converter;
use crate::object::failure;

/// The digits of a decimal that has no type yet.
const DECIMAL_PRECISION: u8 = 38;

/// The value of a result (`DataType.toInternal` of the worker, then `EvaluatePython.makeFromJava`).
///
/// # Errors
///
/// The worker cannot convert the result, or the JVM cannot unpickle it or finds another number of fields.
pub(super) fn returned(
    object: &Bound<'_, PyAny>,
    data_type: &DataType,
    session: &Session,
) -> Result<Value, Failure> {
    if object.is_none() {
        return Ok(Value::Null);
    }
    match data_type {
        DataType::Date => {
            let days =
                converter(object.py(), "ordinal").and_then(|of| of.call1((object,))?.extract());
            days.map(Value::Date).map_err(failure)
        }
        DataType::Timestamp => time(object, session).map_err(failure),
        DataType::TimestampNtz => {
            let micros = converter(object.py(), "clock_micros")
                .and_then(|of| of.call1((object,))?.extract());
            micros.map(Value::TimestampNtz).map_err(failure)
        }
        DataType::DayTimeInterval(units) => {
            let micros = converter(object.py(), "interval_parts")
                .and_then(|of| of.call1((object,))?.extract());
            let interval = micros.map(|micros| Value::DayTimeInterval {
                micros,
                units: *units,
            });
            interval.map_err(failure)
        }
        DataType::Struct(fields) => structure(object, fields, session),
        DataType::Array { element, .. } if needs_conversion(element) => {
            let items: Vec<Bound<'_, PyAny>> = object
                .try_iter()
                .and_then(Iterator::collect)
                .map_err(failure)?;
            let items = items.iter().map(|item| returned(item, element, session));
            array(items.collect::<Result<_, _>>()?)
        }
        DataType::Map { key, value, .. } if needs_conversion(key) || needs_conversion(value) => {
            let entries = object
                .call_method0("items")
                .and_then(|items| items.try_iter()?.collect());
            let entries: Vec<Bound<'_, PyAny>> = entries.map_err(failure)?;
            let entries = entries.iter().map(|entry| {
                let (one, other): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
                    entry.extract().map_err(failure)?;
                Ok::<_, Failure>((
                    returned(&one, key, session)?,
                    returned(&other, value, session)?,
                ))
            });
            map(entries.collect::<Result<_, _>>()?)
        }
        // A number of more than 64 bits is of no type, but has a text.
        DataType::String => of_java(unpickled(object)?, data_type),
        _ if is_big(object) => Ok(Value::Null),
        _ => of_java(unpickled(object)?, data_type),
    }
}

fn is_big(object: &Bound<'_, PyAny>) -> bool {
    object.is_exact_instance_of::<PyInt>() && object.extract::<i64>().is_err()
}

/// True of types whose values a worker converts before they are pickled (`DataType.needConversion`).
fn needs_conversion(data_type: &DataType) -> bool {
    match data_type {
        DataType::Date
        | DataType::Timestamp
        | DataType::TimestampNtz
        | DataType::DayTimeInterval(_)
        | DataType::Struct(_) => true,
        DataType::Array { element, .. } => needs_conversion(element),
        DataType::Map { key, value, .. } => needs_conversion(key) || needs_conversion(value),
        _ => false,
    }
}

fn time(object: &Bound<'_, PyAny>, session: &Session) -> PyResult<Value> {
    let micros = converter(object.py(), "micros")?.call1((object,))?;
    let (micros, is_instant): (i64, bool) = micros.extract()?;
    let instant = if is_instant {
        Some(micros)
    } else {
        engine_sql::instant_of_local(&session.zone, micros)
    };
    Ok(instant.map_or(Value::Null, Value::Timestamp))
}

/// The struct of a tuple, a dictionary or an object with attributes; of a tuple by place, also if it is a `Row`.
fn structure(
    object: &Bound<'_, PyAny>,
    fields: &[StructField],
    session: &Session,
) -> Result<Value, Failure> {
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let values =
        converter(object.py(), "struct_values").and_then(|of| of.call1((object, names))?.extract());
    let mut values: Vec<Bound<'_, PyAny>> = values.map_err(failure)?;
    // Fields that are converted are paired with values, and values without a field are left out.
    if fields
        .iter()
        .any(|field| needs_conversion(&field.data_type))
    {
        values.truncate(fields.len());
    }
    if values.len() != fields.len() {
        return Err(Failure::new(
            FailureKind::Spark,
            format!(
                "Input row doesn't have expected number of values required by the schema. {} fields are required while {} \
                 values are provided.",
                fields.len(),
                values.len()
            ),
        ));
    }
    let values = fields.iter().zip(&values);
    let values = values.map(|(field, value)| {
        Ok((
            field.name.clone(),
            returned(value, &field.data_type, session)?,
        ))
    });
    Struct::new(values.collect::<Result<_, Failure>>()?)
        .map(Value::Struct)
        .map_err(Failure::from)
}

/// An object as the JVM unpickles it: a list is a Java list, a tuple an array, a dictionary a `HashMap`.
fn unpickled(object: &Bound<'_, PyAny>) -> Result<Value, Failure> {
    let items = |items: PyResult<Vec<Bound<'_, PyAny>>>| {
        let items = items.map_err(failure)?;
        items.iter().map(unpickled).collect::<Result<Vec<_>, _>>()
    };
    let exact = |result: PyResult<Value>| result.map_err(failure);
    if object.is_none() {
        Ok(Value::Null)
    } else if object.is_exact_instance_of::<PyBool>() {
        exact(object.extract().map(Value::Boolean))
    } else if object.is_exact_instance_of::<PyInt>() {
        match object.extract::<i64>() {
            Ok(number) => Ok(i32::try_from(number).map_or(Value::Long(number), Value::Integer)),
            Err(_) => Ok(Value::String(object.to_string().into())),
        }
    } else if object.is_exact_instance_of::<PyFloat>() {
        exact(
            object
                .extract::<f64>()
                .map(|number| Value::Double(number.into())),
        )
    } else if object.is_instance_of::<PyString>() {
        exact(
            object
                .extract::<String>()
                .map(|text| Value::String(text.into())),
        )
    } else if object.is_exact_instance_of::<PyBytes>()
        || object.is_exact_instance_of::<PyByteArray>()
    {
        exact(
            object
                .extract::<Vec<u8>>()
                .map(|bytes| Value::Binary(bytes.into())),
        )
    } else if object.is_exact_instance_of::<PyList>() {
        array(items(object.try_iter().and_then(Iterator::collect))?)
    } else if object.is_exact_instance_of::<PyTuple>() {
        let values = Values::new(items(object.try_iter().and_then(Iterator::collect))?);
        values.map(Value::Tuple).map_err(Failure::from)
    } else if let Ok(dict) = object.cast_exact::<PyDict>() {
        let entries = dict
            .iter()
            .map(|(key, value)| Ok((unpickled(&key)?, unpickled(&value)?)));
        map(entries.collect::<Result<_, Failure>>()?)
    } else {
        other(object)
    }
}

/// An object of another class: a set, a decimal, or one that the JVM has no use for.
fn other(object: &Bound<'_, PyAny>) -> Result<Value, Failure> {
    let py = object.py();
    if object.is_exact_instance_of::<PySet>() || object.is_exact_instance_of::<PyFrozenSet>() {
        // The JVM has a set of it, which is of no type of SQL.
        let items: Vec<Bound<'_, PyAny>> = object
            .try_iter()
            .and_then(Iterator::collect)
            .map_err(failure)?;
        let entries = items.iter().map(|item| Ok((unpickled(item)?, Value::Null)));
        let entries = unpickled_order(entries.collect::<Result<Vec<_>, Failure>>()?);
        let items = entries.into_iter().map(|(item, _)| ("".into(), item));
        return Ok(Value::Struct(Struct::new(items.collect())?));
    }
    let decimal = converter(py, "decimal").map_err(failure)?;
    if object.is_instance(&decimal).map_err(failure)? {
        let parts = converter(py, "decimal_parts").and_then(|of| of.call1((object,))?.extract());
        let parts: Option<(i128, u8)> = parts.map_err(failure)?;
        let decimal =
            parts.and_then(|(unscaled, scale)| Decimal::new(unscaled, DECIMAL_PRECISION, scale));
        return Ok(decimal.map_or_else(|| Value::String(object.to_string().into()), Value::Decimal));
    }
    let class = object.get_type();
    Err(Failure::new(
        FailureKind::Spark,
        format!(
            "net.razorvine.pickle.PickleException: expected zero arguments for construction of ClassDict (for {}). This \
             happens when an unsupported/unregistered class is being unpickled that requires construction arguments. Fix \
             it by registering a custom IObjectConstructor for this class.",
            class.fully_qualified_name().map_err(failure)?
        ),
    ))
}

/// A value as the JVM has it, as one of a type.
fn of_java(value: Value, data_type: &DataType) -> Result<Value, Failure> {
    let number = match &value {
        Value::Integer(number) => Some(i64::from(*number)),
        Value::Long(number) => Some(*number),
        _ => None,
    };
    Ok(match (data_type, value) {
        (DataType::String, value) => text(value)?,
        (DataType::Boolean, Value::Boolean(truth)) => Value::Boolean(truth),
        // Bits that do not fit are lost, as by `Long.toByte`.
        (DataType::Byte, _) => number.map_or(Value::Null, |it| Value::Byte(it as i8)),
        (DataType::Short, _) => number.map_or(Value::Null, |it| Value::Short(it as i16)),
        (DataType::Integer, _) => number.map_or(Value::Null, |it| Value::Integer(it as i32)),
        (DataType::Long, _) => number.map_or(Value::Null, Value::Long),
        (DataType::Float, Value::Double(number)) => Value::Float((number.0 as f32).into()),
        (DataType::Double, Value::Double(number)) => Value::Double(number),
        (DataType::Decimal { precision, scale }, Value::Decimal(decimal)) => {
            decimal_of(decimal, *precision, *scale)?
        }
        (DataType::Binary, Value::String(text)) => Value::Binary(text.as_bytes().into()),
        (DataType::Binary, Value::Binary(bytes)) => Value::Binary(bytes),
        (DataType::Array { element, .. }, Value::Array(items) | Value::Tuple(items)) => {
            let items = items.into_vec().into_iter();
            array(
                items
                    .map(|item| of_java(item, element))
                    .collect::<Result<_, _>>()?,
            )?
        }
        (DataType::Array { element, .. }, Value::Binary(bytes)) => {
            let items = bytes
                .iter()
                .map(|byte| of_java(Value::Integer(i32::from(*byte)), element));
            array(items.collect::<Result<_, _>>()?)?
        }
        (DataType::Map { key, value, .. }, Value::Map(entries)) => {
            let entries = entries.iter().map(|(one, other)| {
                Ok((of_java(one.clone(), key)?, of_java(other.clone(), value)?))
            });
            Value::Map(MapEntries::new(entries.collect::<Result<_, Failure>>()?)?)
        }
        _ => Value::Null,
    })
}

/// The text of any object, as its `toString` gives it. That of an array is its address.
fn text(value: Value) -> Result<Value, Failure> {
    let value = match value {
        Value::Null | Value::String(_) => return Ok(value),
        Value::Struct(set) => Value::Array(set.values().cloned().collect()),
        Value::Tuple(_) | Value::Binary(_) => {
            return Err(Failure::new(
                FailureKind::Spark,
                "a function whose result is STRING returns a tuple or bytes, of which Spark has the address of an array: \
                 give the function the type of its result",
            ));
        }
        value => value,
    };
    Ok(Value::String(Notation::Java.text(&value).into()))
}

/// A decimal as one of a type, rounded (`Decimal.set`).
fn decimal_of(decimal: Decimal, precision: u8, scale: u8) -> Result<Value, Failure> {
    let power = |digits: u8| 10_i128.checked_pow(digits.into());
    let unscaled = decimal.unscaled();
    let unscaled = match scale.checked_sub(decimal.scale()) {
        Some(more) => power(more).and_then(|power| unscaled.checked_mul(power)),
        None => power(decimal.scale() - scale).map(|power| {
            let half_up = (unscaled % power).abs() >= power / 2;
            unscaled / power + i128::from(half_up) * unscaled.signum()
        }),
    };
    let found = unscaled.and_then(|unscaled| Decimal::new(unscaled, precision, scale));
    found.map(Value::Decimal).ok_or_else(|| {
        let digits = unscaled.map_or(DECIMAL_PRECISION + 1, |it| it.unsigned_abs().max(1).ilog10() as u8 + 1);
        Failure::new(
            FailureKind::Overflow,
            format!("[DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION] Decimal precision {digits} exceeds max precision {precision}."),
        )
    })
}

fn array(items: Vec<Value>) -> Result<Value, Failure> {
    Ok(Value::Array(Values::new(items)?))
}

/// The map of a dictionary, in the order of its `HashMap`.
fn map(entries: Vec<(Value, Value)>) -> Result<Value, Failure> {
    if entries.iter().any(|(key, _)| *key == Value::Null) {
        return Err(Failure::new(
            FailureKind::Spark,
            "java.lang.NullPointerException: the key of a map is None",
        ));
    }
    Ok(Value::Map(MapEntries::new(unpickled_order(entries))?))
}
