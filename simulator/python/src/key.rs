//! Python objects as keys.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::resume_unwind;

use engine::{Failure, Key, Profile};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyString, PyTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::object::{Object, copied, failure, is_nan, pickled, unpickled};

/// A key, by Python's equality, and the number by which it is placed: `portable_hash`, or that of a function of the
/// program's.
pub(crate) struct ObjectKey {
    object: Py<PyAny>,
    hash: i64,
    place: i64,
}

impl ObjectKey {
    fn new(
        object: &Bound<'_, PyAny>,
        partition_function: Option<&Py<PyAny>>,
    ) -> PyResult<ObjectKey> {
        let hash = portable_hash(object)?;
        let place = match partition_function {
            None => hash,
            Some(function) => {
                let place = function.bind(object.py()).call1((object,))?;
                place.extract()?
            }
        };
        let object = if has_nan(object) {
            copied(object.clone())?
        } else {
            object.clone()
        };
        Ok(ObjectKey {
            object: object.unbind(),
            hash,
            place,
        })
    }

    /// The partition of the key, of this number of partitions.
    pub(crate) fn partition(&self, partitions: usize) -> usize {
        self.place.rem_euclid(partitions.max(1) as i64) as usize
    }

    pub(crate) fn bind<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.object.bind(py)
    }
}

/// True of a key that is equal to no copy of it.
fn has_nan(key: &Bound<'_, PyAny>) -> bool {
    match key.cast_exact::<PyTuple>() {
        Ok(tuple) => tuple.iter_borrowed().any(|item| has_nan(&item)),
        Err(_) => is_nan(key),
    }
}

/// `pyspark.rdd.portable_hash` with the hash seed 0, as Spark's workers have it, whatever the seed of this process.
#[pyfunction]
pub(crate) fn portable_hash(object: &Bound<'_, PyAny>) -> PyResult<i64> {
    if let Ok(text) = object.cast_exact::<PyString>() {
        return match text.to_str() {
            Ok(text) => Ok(engine::order::python::hash(text)),
            // A lone surrogate has no text; its hash is the interpreter's.
            Err(_) => python_hash(object),
        };
    }
    if object.is_none() {
        return Ok(0);
    }
    if let Ok(tuple) = object.cast::<PyTuple>() {
        let mut hash: i64 = 0x34_5678;
        for item in tuple.iter_borrowed() {
            hash ^= portable_hash(&item)?;
            // In Python's integers, which do not wrap; `& sys.maxsize` makes it 63 bits again.
            let product = i128::from(hash) * 1_000_003;
            hash = (product & i128::from(i64::MAX)) as i64;
        }
        hash ^= tuple.len() as i64;
        return Ok(if hash == -1 { -2 } else { hash });
    }
    python_hash(object)
}

/// Python's own hash. A key of another type than a number may have one that depends on the seed of the process, which
/// is an error unless that is 0. That of `NaN` is the address of the object, for which stands 0.
fn python_hash(object: &Bound<'_, PyAny>) -> PyResult<i64> {
    static CHECK: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static NAN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if is_nan(object) {
        let note = NAN.import(object.py(), "millrace.seed", "note_nan")?;
        note.call0()?;
        return Ok(0);
    }
    let is_number = object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyFloat>()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_exact_instance_of::<PyComplex>();
    if !is_number {
        let check = CHECK.import(object.py(), "millrace.seed", "check")?;
        check.call1((object,))?;
    }
    Ok(object.hash()? as i64)
}

impl Clone for ObjectKey {
    fn clone(&self) -> ObjectKey {
        Python::attach(|py| ObjectKey {
            object: self.object.clone_ref(py),
            hash: self.hash,
            place: self.place,
        })
    }
}

/// As the bytes of pickle and the place; the hash is made again.
impl Serialize for ObjectKey {
    /// # Panics
    ///
    /// As an [`Object`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = Python::attach(|py| pickled(self.bind(py)));
        (bytes, self.place).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ObjectKey {
    /// # Panics
    ///
    /// As an [`Object`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ObjectKey, D::Error> {
        let (bytes, place) = <(Vec<u8>, i64)>::deserialize(deserializer)?;
        Python::attach(|py| {
            let object = unpickled(py, &bytes);
            let key = ObjectKey::new(&object, None).map(|key| ObjectKey { place, ..key });
            Ok(key.unwrap_or_else(|error| resume_unwind(Box::new(failure(error)))))
        })
    }
}

impl PartialEq for ObjectKey {
    /// # Panics
    ///
    /// Panics with the exception as payload if the key's own comparison raises.
    fn eq(&self, other: &ObjectKey) -> bool {
        if self.hash != other.hash {
            return false;
        }
        if self.object.is(&other.object) {
            return true;
        }
        Python::attach(|py| match self.bind(py).eq(other.bind(py)) {
            Ok(equal) => equal,
            Err(error) => resume_unwind(Box::new(failure(error))),
        })
    }
}

impl Eq for ObjectKey {}

impl Hash for ObjectKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl fmt::Debug for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Python::attach(|py| match self.bind(py).repr() {
            Ok(text) => f.write_str(&text.to_string_lossy()),
            Err(_) => f.write_str("?"),
        })
    }
}

impl Key for ObjectKey {
    fn spark_hash(&self, _: Profile) -> i64 {
        self.place
    }
}

/// A row taken apart, as `for key, value in rows` does it.
pub(crate) fn pair(
    row: Object,
    partition_function: Option<&Py<PyAny>>,
) -> Result<(ObjectKey, Object), Failure> {
    Python::attach(|py| {
        let row = row.0.into_bound(py);
        let (key, value) = key_and_value(&row)?;
        Ok((
            ObjectKey::new(&key, partition_function)?,
            Object(value.unbind()),
        ))
    })
    .map_err(failure)
}

fn key_and_value<'py>(row: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    if let Ok(tuple) = row.cast::<PyTuple>()
        && tuple.len() == 2
    {
        return Ok((tuple.get_item(0)?, tuple.get_item(1)?));
    }
    let Ok(items) = row.try_iter() else {
        let kind = row.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "cannot unpack non-iterable {kind} object"
        )));
    };
    let items: Vec<Bound<'py, PyAny>> = items.take(3).collect::<PyResult<_>>()?;
    match <[Bound<'py, PyAny>; 2]>::try_from(items) {
        Ok([key, value]) => Ok((key, value)),
        Err(items) if items.len() < 2 => Err(PyValueError::new_err(format!(
            "not enough values to unpack (expected 2, got {})",
            items.len()
        ))),
        Err(_) => Err(PyValueError::new_err(
            "too many values to unpack (expected 2)",
        )),
    }
}

/// A row of a key and a value.
pub(crate) fn row(key: &ObjectKey, value: Object) -> Result<Object, Failure> {
    Python::attach(|py| {
        let row = PyTuple::new(py, [key.bind(py), value.bind(py)])?;
        Ok(Object(row.into_any().unbind()))
    })
    .map_err(failure)
}
