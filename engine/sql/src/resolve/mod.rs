//! Names to columns, calls to functions, and the casts that Spark adds by itself.

mod arguments;
mod coerce;
mod columns;
mod duration;
mod stars;
mod windows;

pub(crate) use coerce::{
    cast_all, cast_each, check_count, check_ordered, common_type_without_texts, different_listed,
    is_same_type, unexpected_type, wider_type,
};
pub use coerce::{common_type, implicit_cast};
pub use duration::parse_duration;
pub use windows::FoundWindow;

use engine::{DataType, SparkVersion, Text};

use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction};
use crate::context::Session;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind, Lambda};
use crate::function::Mismatch;
use crate::name_text::filled;
use crate::nearest::nearest;
use crate::schema::Schema;
use crate::span::Span;
use crate::typed::{Typed, TypedKind};
use crate::{aggregates, functions, generators};

/// Resolves expressions over the columns of one table
/// (`org.apache.spark.sql.catalyst.analysis.Analyzer`, `FunctionRegistry`, `TypeCoercion`).
///
/// ```
/// use engine::{DataType, SparkVersion, Value};
/// use engine_sql::{Context, Expression, Field, Resolver, Schema, Session};
///
/// let session = Session::new(SparkVersion::V3_5);
/// let schema = Schema::from_iter([Field::new("word", DataType::String)]);
/// let length = Expression::call("length", [Expression::column("word")]);
/// let length = Resolver::new(&schema, &session).resolve(&length)?;
/// let context = Context { session: &session, timestamp: 0 };
/// assert_eq!(length.value(&[Value::String("blue".into())], &context), Ok(Value::Integer(4)));
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
#[derive(Debug)]
pub struct Resolver<'a> {
    schema: &'a Schema,
    session: &'a Session,
    /// The parameters of the lambdas around the expression, the outermost first.
    lambdas: Vec<Vec<Parameter>>,
    /// The aggregates that were found; `None` where there may be none.
    aggregates: Option<Vec<TypedAggregate>>,
    /// The number of columns before that of the windows.
    width: Option<usize>,
    /// The windows that were found.
    window: Option<FoundWindow>,
    /// Columns of the same `SELECT`, which those after them may name.
    aliases: Vec<(Text, Typed)>,
    /// The number of columns that a star stands for, which are the first ones.
    visible: usize,
    /// The number of columns of the left table, in the condition of a join.
    left: Option<usize>,
}

/// A parameter of a lambda.
#[derive(Clone, Debug)]
struct Parameter {
    name: Text,
    data_type: DataType,
    nullable: bool,
}

/// A call of an aggregate function over the rows of a table.
#[derive(Debug)]
pub struct TypedAggregate {
    /// The function.
    pub function: &'static AggregateFunction,
    /// Its arguments.
    pub arguments: Vec<Typed>,
    /// Each list of arguments counts once.
    pub is_distinct: bool,
    /// The rows that count.
    pub filter: Option<Typed>,
    /// `NULL`s do not count.
    pub ignore_nulls: bool,
    /// Its buffer.
    pub accumulate: Box<dyn Accumulate>,
}

impl TypedAggregate {
    fn is_same(&self, other: &TypedAggregate) -> bool {
        let is_same_filter = match (&self.filter, &other.filter) {
            (None, None) => true,
            (Some(one), Some(other)) => one.is_same(other),
            _ => false,
        };
        std::ptr::eq(self.function, other.function)
            && self.arguments.len() == other.arguments.len()
            && self
                .arguments
                .iter()
                .zip(&other.arguments)
                .all(|(one, other)| one.is_same(other))
            && self.is_distinct == other.is_distinct
            && self.ignore_nulls == other.ignore_nulls
            && is_same_filter
    }
}

impl<'a> Resolver<'a> {
    /// A resolver of expressions without aggregates.
    pub fn new(schema: &'a Schema, session: &'a Session) -> Resolver<'a> {
        Resolver {
            schema,
            session,
            lambdas: Vec::new(),
            aggregates: None,
            width: None,
            window: None,
            aliases: Vec::new(),
            visible: schema.fields().len(),
            left: None,
        }
    }

    /// The same resolver for a table of which a star stands for the first columns alone.
    pub(crate) fn with_visible(mut self, visible: usize) -> Resolver<'a> {
        self.visible = visible;
        self
    }

    /// The same resolver for the condition of a join, whose left table has this number of columns.
    pub(crate) fn with_left_table(mut self, width: usize) -> Resolver<'a> {
        self.left = Some(width);
        self
    }

    /// The same resolver for a table that has this number of columns before that of the windows.
    pub fn with_width(mut self, width: usize) -> Resolver<'a> {
        self.width = Some(width);
        self
    }

    /// A name that expressions from here on may use, unless it is a column.
    pub(crate) fn add_alias(&mut self, name: Text, typed: Typed) {
        self.aliases.push((name, typed));
    }

    /// The windows that were found.
    pub fn into_window(self) -> Option<FoundWindow> {
        self.window
    }

    /// The same resolver, which collects the aggregates that it finds: in their place is
    /// [`TypedKind::Aggregate`].
    pub fn with_aggregates(mut self) -> Resolver<'a> {
        self.aggregates = Some(Vec::new());
        self
    }

    /// The aggregates that were found, each once, and the windows.
    pub fn into_found(self) -> (Vec<TypedAggregate>, Option<FoundWindow>) {
        (self.aggregates.unwrap_or_default(), self.window)
    }

    /// Resolves an expression.
    ///
    /// # Errors
    ///
    /// An unknown name, or types that Spark refuses.
    pub fn resolve(&mut self, expression: &Expression) -> Result<Typed, AnalysisError> {
        let span = expression.span;
        match &*expression.kind {
            ExpressionKind::Column(name) => self.resolve_column(name),
            ExpressionKind::Attribute(attribute) => self.resolve_attribute(attribute),
            ExpressionKind::Literal(literal) => Ok(Typed::literal(
                literal.value.clone(),
                literal.data_type.clone(),
            )),
            ExpressionKind::Call(call) => self.resolve_call(call, span),
            ExpressionKind::Cast {
                operand,
                to,
                is_try,
            } => {
                let operand = self.resolve(operand)?;
                operand
                    .cast(to, *is_try, self.session)
                    .map_err(AnalysisError::from)
            }
            ExpressionKind::Field { operand, name } => {
                let operand = self.resolve(operand)?;
                columns::extract(operand, name, self.session).map_err(AnalysisError::from)
            }
            ExpressionKind::Alias { operand, .. } => self.resolve(operand),
            ExpressionKind::Star(_) => Err(AnalysisError::new(
                "INVALID_USAGE_OF_STAR_OR_REGEX",
                "Invalid usage of '*' in expression",
            )),
            ExpressionKind::Subquery(_) => Err(AnalysisError::unclassified(
                "a subquery as a value is not supported",
            )
            .with_help("Join with the query instead.")),
            ExpressionKind::Lambda(_) => Err(AnalysisError::new(
                "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
                "a lambda function is an argument of a function of arrays or maps only",
            )),
        }
        .map_err(|error| error.at(span))
    }

    fn resolve_call(&mut self, call: &Call, span: Option<Span>) -> Result<Typed, AnalysisError> {
        if let Some(call) = self.spread(call)? {
            return self.resolve_call(&call, span);
        }
        if let Some(call) = self.of_both_tables(call) {
            return self.resolve_call(&call, span);
        }
        if matches!(call.function.as_str(), "window" | "session_window") {
            return self.resolve_window(call);
        }
        if generators::find(&call.function).is_some() {
            return Err(AnalysisError::new(
                "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
                format!(
                    "The generator is not supported: `{}` is nested in expressions.",
                    call.function
                ),
            ));
        }
        if let Some(aggregate) = aggregates::find(&call.function) {
            return self.resolve_aggregate(aggregate, call);
        }
        let function = functions::find(&call.function);
        let Some(function) = function.filter(|it| it.since <= self.session.spark) else {
            return Err(unknown_function(&call.function, self.session).at(span));
        };
        if call.is_distinct || call.filter.is_some() || call.ignore_nulls {
            return Err(AnalysisError::new(
                "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                format!(
                    "`{}` is no aggregate function: it takes no DISTINCT, FILTER or IGNORE NULLS",
                    function.name
                ),
            ));
        }
        let arguments = self.resolve_arguments(function, &call.arguments)?;
        let typed = function.typed(arguments, self.session);
        typed.map_err(|mismatch| self.refused(&mismatch, call))
    }

    /// The error of a call that Spark refuses for the types of its arguments: it names the expression.
    fn refused(&self, mismatch: &Mismatch, call: &Call) -> AnalysisError {
        let texts = self.texts();
        let arguments: Vec<String> = call.arguments.iter().map(|it| texts.text(it)).collect();
        let mut message = filled(&mismatch.message, &arguments);
        if mismatch.condition.starts_with("DATATYPE_MISMATCH") {
            let text = texts.call(call);
            message = format!("Cannot resolve \"{text}\" due to data type mismatch: {message}");
        }
        match mismatch.condition {
            Mismatch::UNCLASSIFIED => AnalysisError::unclassified(message),
            condition => AnalysisError::new(condition, message),
        }
    }

    /// The text of the expression that stands in the place of a call, as a template of the texts of the arguments.
    pub(crate) fn text_of_replaced(&self, call: &Call) -> Option<String> {
        let function = functions::find(&call.function)?;
        function.instead?;
        let arguments = call.arguments.iter().map(|it| self.peek(it));
        let arguments = arguments.collect::<Option<Vec<Typed>>>()?;
        function.replaced(arguments, self.session).ok()?.text
    }

    /// An expression as it would be resolved, if it can be.
    pub(crate) fn peek(&self, expression: &Expression) -> Option<Typed> {
        // Aggregates that are found here are found again where the expression is resolved.
        let mut resolver = Resolver {
            lambdas: self.lambdas.clone(),
            aggregates: self.aggregates.as_ref().map(|_| Vec::new()),
            window: None,
            aliases: self.aliases.clone(),
            ..*self
        };
        resolver.resolve(expression).ok()
    }

    /// The settings of the session.
    pub(crate) fn session(&self) -> &Session {
        self.session
    }

    fn resolve_lambda(
        &mut self,
        lambda: &Lambda,
        types: Vec<(DataType, bool)>,
    ) -> Result<Typed, AnalysisError> {
        let parameters = lambda.parameters.iter().zip(types);
        let parameters = parameters.map(|(name, (data_type, nullable))| Parameter {
            name: name.clone(),
            data_type,
            nullable,
        });
        self.lambdas.push(parameters.collect());
        let body = self.resolve(&lambda.body);
        self.lambdas.pop();
        let body = body?;
        Ok(Typed {
            data_type: body.data_type.clone(),
            nullable: body.nullable,
            kind: TypedKind::Lambda(Box::new(body)),
        })
    }

    fn resolve_aggregate(
        &mut self,
        function: &'static AggregateFunction,
        call: &Call,
    ) -> Result<Typed, AnalysisError> {
        if !self.lambdas.is_empty() {
            return Err(AnalysisError::unclassified(format!(
                "the aggregate function `{}` is not allowed in a lambda function",
                function.name
            )));
        }
        let Some(found) = self.aggregates.take() else {
            return Err(AnalysisError::new(
                "INVALID_WHERE_CONDITION",
                format!(
                    "the aggregate function `{}` is not allowed here",
                    function.name
                ),
            ));
        };
        // An aggregate within another finds none to collect into.
        let aggregate = self.typed_aggregate(function, call);
        let mut found = found;
        let result = aggregate.map(|aggregate| {
            let (data_type, nullable) = aggregate.accumulate.result();
            let index = found.iter().position(|it| it.is_same(&aggregate));
            let index = index.unwrap_or_else(|| {
                found.push(aggregate);
                found.len() - 1
            });
            Typed {
                kind: TypedKind::Aggregate(index),
                data_type,
                nullable,
            }
        });
        self.aggregates = Some(found);
        result
    }

    fn typed_aggregate(
        &mut self,
        function: &'static AggregateFunction,
        call: &Call,
    ) -> Result<TypedAggregate, AnalysisError> {
        if call.ignore_nulls && !function.takes_ignore_nulls {
            return Err(AnalysisError::new(
                "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                format!(
                    "The function `{}` does not support IGNORE NULLS.",
                    function.name
                ),
            ));
        }
        let mut arguments = self.resolve_aggregated(function, call)?;
        let coerced = function
            .takes
            .coerce(function.name, &mut arguments, self.session);
        coerced.map_err(AnalysisError::from)?;
        let filter = call
            .filter
            .as_ref()
            .map(|filter| self.resolve_filter(filter));
        let accumulate = (function.build)(&AggregateCall {
            arguments: &arguments,
            ignore_nulls: call.ignore_nulls,
            session: self.session,
        });
        Ok(TypedAggregate {
            function,
            is_distinct: call.is_distinct,
            filter: filter.transpose()?,
            ignore_nulls: call.ignore_nulls,
            accumulate: accumulate.map_err(AnalysisError::from)?,
            arguments,
        })
    }
}

fn unknown_function(name: &str, session: &Session) -> AnalysisError {
    let what = match session.spark {
        SparkVersion::V3_5 => "function",
        SparkVersion::V4 => "routine",
    };
    let error = AnalysisError::new(
        "UNRESOLVED_ROUTINE",
        format!(
            "Cannot resolve {what} `{name}` on search path [`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]."
        ),
    );
    let names = functions::all()
        .map(|it| it.name)
        .chain(aggregates::all().map(|it| it.name));
    match nearest(name, names) {
        Some(known) => error.with_help(format!("did you mean `{known}`?")),
        None => error,
    }
}
