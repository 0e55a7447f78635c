//! Functions of the program, as columns call them.

use engine::{DataType, Failure, Value};
use engine_sql::{ExternalFunction, ExternalFunctions};

use crate::column::Column;

/// A function of the program over the values of a row (`org.apache.spark.sql.expressions.UserDefinedFunction`), made by
/// [`udf`].
#[derive(Clone, Debug, PartialEq)]
pub struct UserDefinedFunction(ExternalFunction);

/// The function of this name that gives values of this type. Its arguments come as they are, without casts, and any may
/// be [`Value::Null`]. An error fails the batch, with the error as its source.
///
/// Its name is for columns: queries in SQL know the function once it is [registered](UdfRegistration::register).
///
/// ```
/// use engine::{DataType, Value};
/// use engine_structured::SparkSession;
/// use engine_structured::functions::{col, udf};
///
/// let vowels = udf("vowels", DataType::Integer, |arguments| {
///     let Value::String(word) = &arguments[0] else {
///         return Ok(Value::Null);
///     };
///     let count = word.chars().filter(|letter| "aeiou".contains(*letter)).count();
///     Ok(Value::Integer(i32::try_from(count)?))
/// });
/// let lines = SparkSession::local(2, "vowels").read_stream().memory("lines");
/// let counted = lines.select([vowels.call([col("value")])]);
/// assert_eq!(counted.columns()?, ["vowels(value)"]);
/// # Ok::<(), engine_structured::AnalysisError>(())
/// ```
pub fn udf(
    name: &str,
    result: DataType,
    function: impl Fn(&[Value]) -> Result<Value, Failure> + Send + Sync + 'static,
) -> UserDefinedFunction {
    UserDefinedFunction(ExternalFunction::new(name, result, function))
}

impl UserDefinedFunction {
    /// The value of the function for these arguments.
    pub fn call(&self, arguments: impl IntoIterator<Item = Column>) -> Column {
        let arguments = arguments.into_iter().map(|argument| argument.0);
        Column(self.0.call(arguments))
    }

    /// The same function, whose values may differ for the same arguments: it is called wherever it stands.
    #[must_use]
    pub fn as_nondeterministic(self) -> UserDefinedFunction {
        UserDefinedFunction(self.0.nondeterministic())
    }
}

/// The functions that queries in SQL know beside those of Spark (`org.apache.spark.sql.UDFRegistration`).
#[derive(Clone, Debug)]
pub struct UdfRegistration(pub(crate) ExternalFunctions);

impl UdfRegistration {
    /// Makes a function known by its name, whatever the case of its letters, before one of Spark's or an earlier one.
    ///
    /// ```
    /// use engine::DataType;
    /// use engine_structured::{SparkSession, functions::udf};
    ///
    /// let spark = SparkSession::local(2, "answers");
    /// spark.udf().register(&udf("answer", DataType::Integer, |_| Ok(engine::Value::Integer(42))));
    /// let rows = spark.sql("SELECT ANSWER() + 1").collect(engine::Time::EPOCH, &engine::Inline)?;
    /// assert_eq!(rows, [[engine::Value::Integer(43)]]);
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    pub fn register(&self, function: &UserDefinedFunction) {
        self.0.register(function.0.clone());
    }
}
