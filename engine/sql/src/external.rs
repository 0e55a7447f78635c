//! Functions of a program, which it hands over as code.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::{DataType, Failure, Row, Text, Value};

use crate::context::Context;
use crate::expression::{Expression, ExpressionKind};
use crate::schema::Schema;

/// The code of a function of a program.
pub trait External: Any + Send + Sync {
    /// The value for these arguments, of the type that the function gives.
    ///
    /// # Errors
    ///
    /// The reason why it has none, which fails the batch.
    fn value(&self, arguments: &[Value], context: &Context<'_>) -> Result<Value, Failure>;

    /// Returns true if it is given all rows of a partition at once, as a function of series of values is.
    fn takes_partitions(&self) -> bool {
        false
    }

    /// The values for the arguments of each row of a partition, which has a number and whose columns are of these types.
    ///
    /// # Errors
    ///
    /// As [`value`](External::value).
    fn values(
        &self,
        partition: usize,
        arguments: &[Row],
        types: &[DataType],
        context: &Context<'_>,
    ) -> Result<Vec<Value>, Failure> {
        let _ = (partition, types);
        arguments
            .iter()
            .map(|row| self.value(row, context))
            .collect()
    }

    /// The code that gives this one the result of another one as it is, before it is of an SQL type; `None` if the two do
    /// not run in one process (`ChainedPythonFunctions`).
    fn after(&self, inner: &dyn External) -> Option<Arc<dyn External>> {
        let _ = inner;
        None
    }
}

impl<F> External for F
where
    F: Fn(&[Value]) -> Result<Value, Failure> + Any + Send + Sync,
{
    fn value(&self, arguments: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        self(arguments)
    }
}

/// A function of a program (`org.apache.spark.sql.expressions.UserDefinedFunction`). Clones are the same function.
///
/// Its arguments are not cast, and its value may be `NULL`.
///
/// ```
/// use engine::{DataType, Failure, SparkVersion, Value};
/// use engine_sql::{Context, Expression, ExternalFunction, Resolver, Schema, Session};
///
/// let shout = ExternalFunction::new("shout", DataType::String, |arguments: &[Value]| match &arguments[0] {
///     Value::String(word) => Ok(Value::String(format!("{word}!").into())),
///     _ => Ok(Value::Null),
/// });
/// let session = Session::new(SparkVersion::V3_5);
/// let call = shout.call([Expression::from("blue")]);
/// assert_eq!(call.name(), "shout(blue)");
/// let typed = Resolver::new(&Schema::default(), &session).resolve(&call)?;
/// let context = Context { session: &session, timestamp: 0 };
/// assert_eq!(typed.value(&[], &context), Ok(Value::String("blue!".into())));
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
#[derive(Clone)]
pub struct ExternalFunction(Arc<Details>);

#[derive(Clone)]
struct Details {
    name: Text,
    result: DataType,
    is_deterministic: bool,
    is_apart: bool,
    code: Arc<dyn External>,
    /// Of a function of a function: the outer one and the inner one.
    chained: Option<(ExternalFunction, ExternalFunction)>,
}

impl ExternalFunction {
    /// A deterministic function of this name, which gives values of this type. It is called where an expression needs it
    /// (`ScalaUDF`).
    pub fn new(name: impl Into<Text>, result: DataType, code: impl External) -> ExternalFunction {
        ExternalFunction(Arc::new(Details {
            name: name.into(),
            result,
            is_deterministic: true,
            is_apart: false,
            code: Arc::new(code),
            chained: None,
        }))
    }

    /// The same code as a function that may have other values for the same arguments: it is called for each place where
    /// it stands (`asNondeterministic`).
    #[must_use]
    pub fn nondeterministic(self) -> ExternalFunction {
        self.changed(|details| details.is_deterministic = false)
    }

    /// The same code as a function in a process of its own: it is called for all rows before the expression that it is
    /// part of, also where a `CASE` does not need it (`PythonUDF`).
    #[must_use]
    pub fn apart(self) -> ExternalFunction {
        self.changed(|details| details.is_apart = true)
    }

    /// The same code under another name.
    #[must_use]
    pub fn named(self, name: impl Into<Text>) -> ExternalFunction {
        self.changed(|details| details.name = name.into())
    }

    /// A call of the function.
    pub fn call(&self, arguments: impl IntoIterator<Item = Expression>) -> Expression {
        Expression::new(ExpressionKind::External {
            function: self.clone(),
            arguments: arguments.into_iter().collect(),
        })
    }

    /// The function that gives this one the result of another one as it is, if both run in one process.
    pub(crate) fn after(&self, inner: &ExternalFunction) -> Option<ExternalFunction> {
        let code = self.0.code.after(&*inner.0.code)?;
        let is_deterministic = self.is_deterministic() && inner.is_deterministic();
        Some(self.clone().changed(|details| {
            details.code = code;
            details.is_deterministic = is_deterministic;
            details.chained = Some((self.clone(), inner.clone()));
        }))
    }

    fn changed(mut self, change: impl FnOnce(&mut Details)) -> ExternalFunction {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Its name.
    pub fn name(&self) -> &Text {
        &self.0.name
    }

    /// The type of its values.
    pub fn result(&self) -> &DataType {
        &self.0.result
    }

    /// Returns true if the same arguments have the same value.
    pub fn is_deterministic(&self) -> bool {
        self.0.is_deterministic
    }

    /// Returns true if it runs in a process of its own.
    pub fn is_apart(&self) -> bool {
        self.0.is_apart
    }

    pub(crate) fn takes_partitions(&self) -> bool {
        self.0.code.takes_partitions()
    }

    pub(crate) fn values(
        &self,
        partition: usize,
        arguments: &[Row],
        types: &[DataType],
        context: &Context<'_>,
    ) -> Result<Vec<Value>, Failure> {
        let values = self.0.code.values(partition, arguments, types, context);
        values.map_err(|failure| failure.in_operator("udf"))
    }

    pub(crate) fn value(
        &self,
        arguments: &[Value],
        context: &Context<'_>,
    ) -> Result<Value, Failure> {
        let value = self.0.code.value(arguments, context);
        value.map_err(|failure| failure.in_operator("udf"))
    }
}

/// Two are equal if they are the same function, or the same one of the same one.
impl PartialEq for ExternalFunction {
    fn eq(&self, other: &ExternalFunction) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || self.0.chained.is_some() && self.0.chained == other.0.chained
    }
}

impl fmt::Debug for ExternalFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The functions that a session knows by name beside those of Spark (`FunctionRegistry`). Clones have the same ones.
#[derive(Clone, Debug, Default)]
pub struct ExternalFunctions(Arc<Mutex<BTreeMap<String, ExternalFunction>>>);

impl ExternalFunctions {
    /// Makes a function known by its name, whatever the case of its letters, before any other one of that name.
    pub fn register(&self, function: ExternalFunction) {
        let name = function.name().to_lowercase();
        self.functions().insert(name, function);
    }

    /// The function of a name in lower case.
    pub fn find(&self, name: &str) -> Option<ExternalFunction> {
        self.functions().get(name).cloned()
    }

    fn functions(&self) -> MutexGuard<'_, BTreeMap<String, ExternalFunction>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An operator that is none of Spark SQL's own: it makes rows of the rows of a table, or of their groups. The room that
/// runs it knows its code.
#[derive(Clone)]
pub struct ExternalOperator {
    /// Its name, as `explain` shows it.
    pub name: Text,
    /// The columns of its rows.
    pub columns: Schema,
    /// Its code.
    pub code: Arc<dyn Any + Send + Sync>,
}

/// Two are equal if they are the same operator.
impl PartialEq for ExternalOperator {
    fn eq(&self, other: &ExternalOperator) -> bool {
        Arc::ptr_eq(&self.code, &other.code)
    }
}

impl fmt::Debug for ExternalOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
