//! Functions of Python over the values of a row.

use std::any::Any;
use std::sync::Arc;

use engine::{DataType, Failure, FailureKind, Row, Value};
use engine_sql::{Context, External, ExternalFunction};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::expression::{Expression, parsed};
use super::returned::returned;
use super::values::{lists, of_python, to_python};
use crate::function::Function;
use crate::object::{check_interrupt, failure};

/// The engine's part of a `pyspark.sql.udf.UserDefinedFunction`.
#[pyclass(frozen)]
pub(crate) struct UserDefinedFunction(pub(super) ExternalFunction);

#[pymethods]
impl UserDefinedFunction {
    #[new]
    fn new(
        name: &str,
        result: &str,
        function: Py<PyAny>,
        is_deterministic: bool,
    ) -> PyResult<UserDefinedFunction> {
        let result = parsed(result)?;
        let code = Code {
            functions: Arc::from([Arc::new(Function(function))]),
            result: result.clone(),
        };
        Ok(UserDefinedFunction::of(
            name,
            result,
            code,
            is_deterministic,
        ))
    }

    /// A function that is given the arguments of all rows of a partition, each a list, and their types, and returns as many
    /// values.
    #[staticmethod]
    fn of_partitions(
        name: &str,
        result: &str,
        function: Py<PyAny>,
        is_deterministic: bool,
    ) -> PyResult<UserDefinedFunction> {
        let result = parsed(result)?;
        let code = PartitionCode {
            function: Function(function),
            result: result.clone(),
        };
        Ok(UserDefinedFunction::of(
            name,
            result,
            code,
            is_deterministic,
        ))
    }

    /// The value of the function for these arguments.
    fn call(&self, arguments: Vec<Expression>) -> Expression {
        Expression(
            self.0
                .call(arguments.into_iter().map(|argument| argument.0)),
        )
    }
}

impl UserDefinedFunction {
    fn of(
        name: &str,
        result: DataType,
        code: impl External,
        is_deterministic: bool,
    ) -> UserDefinedFunction {
        let function = ExternalFunction::new(name, result, code).apart();
        UserDefinedFunction(if is_deterministic {
            function
        } else {
            function.nondeterministic()
        })
    }
}

/// A function of all rows of a partition (`org.apache.spark.sql.execution.python.ArrowEvalPythonExec`).
struct PartitionCode {
    function: Function,
    result: DataType,
}

impl External for PartitionCode {
    fn takes_partitions(&self) -> bool {
        true
    }

    fn value(&self, _: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        Err(Failure::new(
            FailureKind::Function,
            "a function of pandas is called here for one row: give it a column of its own by select or withColumn",
        ))
    }

    fn values(
        &self,
        _: usize,
        arguments: &[Row],
        types: &[DataType],
        context: &Context<'_>,
    ) -> Result<Vec<Value>, Failure> {
        check_interrupt()?;
        Python::attach(|py| {
            let rows = lists(py, arguments, context.session).map_err(failure)?;
            let types: Vec<String> = types.iter().map(DataType::to_string).collect();
            let made = (rows, types).into_pyobject(py).map_err(failure)?;
            let made = self.function.call(made)?;
            let made: Vec<Bound<'_, PyAny>> = made.extract().map_err(failure)?;
            let values = made.iter();
            let values = values.map(|value| of_python(value, &self.result, context.session));
            values.collect::<PyResult<_>>().map_err(failure)
        })
    }
}

/// Functions that a worker calls one after the other, each with the result of the one before
/// (`pyspark.worker.read_single_udf`).
struct Code {
    functions: Arc<[Arc<Function>]>,
    result: DataType,
}

impl External for Code {
    fn value(&self, arguments: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        check_interrupt()?;
        Python::attach(|py| {
            let arguments = arguments.iter();
            let arguments = arguments.map(|value| to_python(py, value, context.session));
            let arguments = arguments.collect::<PyResult<Vec<_>>>().map_err(failure)?;
            let mut arguments = PyTuple::new(py, arguments).map_err(failure)?;
            let Some((last, inner)) = self.functions.split_last() else {
                return Ok(Value::Null);
            };
            for function in inner {
                let result = function.call(arguments)?;
                arguments = PyTuple::new(py, [result]).map_err(failure)?;
            }
            returned(&last.call(arguments)?, &self.result, context.session)
        })
    }

    fn after(&self, inner: &dyn External) -> Option<Arc<dyn External>> {
        let inner: &dyn Any = inner;
        let inner = inner.downcast_ref::<Code>()?;
        let functions = inner.functions.iter().chain(&*self.functions);
        Some(Arc::new(Code {
            functions: functions.cloned().collect(),
            result: self.result.clone(),
        }))
    }
}
