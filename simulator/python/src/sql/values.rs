//! Values of a table as objects of Python, and back.

use engine::{DataType, Decimal, MapEntries, Row, Struct, StructField, Value, Values};
use engine_sql::Session;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyByteArray, PyDict, PyList, PyString, PyTuple};

use super::entries::pickled_order;
use super::returned::returned;
use crate::object::exception;

/// Functions of `millrace.pyspark.sql.convert`, by which dates, times, decimals and rows are made.
pub(super) fn converter<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = MODULE.get_or_try_init(py, || {
        py.import("millrace.pyspark.sql.convert").map(Bound::unbind)
    })?;
    module.bind(py).getattr(name)
}

/// The object of a value.
pub(super) fn to_python<'py>(
    py: Python<'py>,
    value: &Value,
    session: &Session,
) -> PyResult<Bound<'py, PyAny>> {
    let list = |values: &Values| -> PyResult<Vec<Bound<'py, PyAny>>> {
        values
            .iter()
            .map(|value| to_python(py, value, session))
            .collect()
    };
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Boolean(truth) => truth.into_pyobject(py)?.to_owned().into_any(),
        Value::Byte(number) => number.into_pyobject(py)?.into_any(),
        Value::Short(number) => number.into_pyobject(py)?.into_any(),
        Value::Integer(number) => number.into_pyobject(py)?.into_any(),
        Value::Long(number) => number.into_pyobject(py)?.into_any(),
        Value::Float(number) => f64::from(number.0).into_pyobject(py)?.into_any(),
        Value::Double(number) => number.0.into_pyobject(py)?.into_any(),
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Binary(bytes) => PyByteArray::new(py, bytes).into_any(),
        Value::Decimal(decimal) => converter(py, "decimal")?.call1((decimal.to_string(),))?,
        Value::Date(days) => converter(py, "date")?.call1((*days,))?,
        Value::Timestamp(micros) => {
            let local = engine_sql::local_micros(&session.zone, *micros);
            converter(py, "timestamp")?.call1((local,))?
        }
        Value::TimestampNtz(micros) => converter(py, "timestamp")?.call1((*micros,))?,
        Value::DayTimeInterval { micros, .. } => converter(py, "interval")?.call1((*micros,))?,
        Value::YearMonthInterval { months, .. } => months.into_pyobject(py)?.into_any(),
        Value::Array(values) => PyList::new(py, list(values)?)?.into_any(),
        Value::Tuple(values) => PyTuple::new(py, list(values)?)?.into_any(),
        Value::Struct(fields) => {
            let names: Vec<&str> = fields
                .fields()
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            let values = fields.values().map(|value| to_python(py, value, session));
            let values: Vec<Bound<'py, PyAny>> = values.collect::<PyResult<_>>()?;
            converter(py, "row")?.call1((names, values))?
        }
        Value::Map(entries) => {
            let dict = PyDict::new(py);
            for (key, value) in &pickled_order(entries) {
                dict.set_item(to_python(py, key, session)?, to_python(py, value, session)?)?;
            }
            dict.into_any()
        }
    })
}

/// The objects of rows, each a list.
pub(super) fn lists<'py>(
    py: Python<'py>,
    rows: &[Row],
    session: &Session,
) -> PyResult<Vec<Vec<Bound<'py, PyAny>>>> {
    let list = |row: &Row| {
        row.iter()
            .map(|value| to_python(py, value, session))
            .collect()
    };
    rows.iter().map(list).collect()
}

/// The row of objects, of the types of these fields.
pub(super) fn row_of_python(
    objects: &[Bound<'_, PyAny>],
    fields: &[StructField],
    session: &Session,
) -> PyResult<Row> {
    let values = objects.iter().zip(fields);
    let values = values.map(|(value, field)| of_python(value, &field.data_type, session));
    values.collect()
}

/// The value of an object, of this type.
pub(super) fn of_python(
    object: &Bound<'_, PyAny>,
    data_type: &DataType,
    session: &Session,
) -> PyResult<Value> {
    if object.is_none() {
        return Ok(Value::Null);
    }
    let py = object.py();
    Ok(match data_type {
        DataType::Null => return Err(refused(object, data_type)),
        DataType::Boolean => Value::Boolean(object.extract()?),
        DataType::Byte => Value::Byte(object.extract()?),
        DataType::Short => Value::Short(object.extract()?),
        DataType::Integer => Value::Integer(object.extract()?),
        DataType::Long => Value::Long(object.extract()?),
        DataType::Float => Value::Float((object.extract::<f64>()? as f32).into()),
        DataType::Double => Value::Double(object.extract::<f64>()?.into()),
        DataType::String => match object.cast::<PyString>() {
            Ok(text) => Value::String(text.to_str()?.into()),
            // The text that the JVM has of another object.
            Err(_) => return returned(object, data_type, session).map_err(|it| exception(py, &it)),
        },
        DataType::Binary => Value::Binary(object.extract::<Vec<u8>>()?.into()),
        DataType::Decimal { precision, scale } => {
            let unscaled = converter(py, "unscaled")?.call1((object, *scale))?;
            let decimal = Decimal::new(unscaled.extract()?, *precision, *scale);
            decimal.map_or(Value::Null, Value::Decimal)
        }
        DataType::Date => Value::Date(converter(py, "days")?.call1((object,))?.extract()?),
        DataType::Timestamp => {
            let local = converter(py, "micros")?.call1((object,))?;
            let (micros, is_instant): (i64, bool) = local.extract()?;
            let instant = if is_instant {
                Some(micros)
            } else {
                engine_sql::instant_of_local(&session.zone, micros)
            };
            instant.map_or(Value::Null, Value::Timestamp)
        }
        DataType::TimestampNtz => {
            let (micros, _): (i64, bool) = converter(py, "micros")?.call1((object,))?.extract()?;
            Value::TimestampNtz(micros)
        }
        DataType::DayTimeInterval(units) => {
            let micros = converter(py, "interval_micros")?.call1((object,))?;
            Value::DayTimeInterval {
                micros: micros.extract()?,
                units: *units,
            }
        }
        DataType::YearMonthInterval(units) => Value::YearMonthInterval {
            months: object.extract()?,
            units: *units,
        },
        DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_) => {
            return nested_of_python(object, data_type, session);
        }
    })
}

/// The value of an object that has parts.
fn nested_of_python(
    object: &Bound<'_, PyAny>,
    data_type: &DataType,
    session: &Session,
) -> PyResult<Value> {
    let py = object.py();
    Ok(match data_type {
        DataType::Array { element, .. } => {
            let items = object
                .try_iter()?
                .map(|item| of_python(&item?, element, session));
            Value::Array(checked(items.collect::<PyResult<_>>()?)?)
        }
        DataType::Map { key, value, .. } => {
            let mut entries = Vec::new();
            for entry in object.call_method0("items")?.try_iter()? {
                let (one, other): (Bound<'_, PyAny>, Bound<'_, PyAny>) = entry?.extract()?;
                entries.push((
                    of_python(&one, key, session)?,
                    of_python(&other, value, session)?,
                ));
            }
            Value::Map(MapEntries::from(entries))
        }
        DataType::Struct(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            let values: Vec<Bound<'_, PyAny>> =
                converter(py, "fields")?.call1((object, names))?.extract()?;
            let values = fields.iter().zip(&values);
            let values = values.map(|(field, value)| {
                Ok((
                    field.name.clone(),
                    of_python(value, &field.data_type, session)?,
                ))
            });
            Value::Struct(Struct::from_iter(values.collect::<PyResult<Vec<_>>>()?))
        }
        _ => return Err(refused(object, data_type)),
    })
}

fn checked(values: Vec<Value>) -> PyResult<Values> {
    Values::new(values).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn refused(object: &Bound<'_, PyAny>, data_type: &DataType) -> PyErr {
    PyTypeError::new_err(format!(
        "field of type {data_type} can not accept object {object} in type {}",
        object.get_type()
    ))
}
