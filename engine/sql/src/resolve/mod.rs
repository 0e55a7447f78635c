//! Names to columns, calls to functions, and the casts that Spark adds by itself.

mod aggregates;
mod arguments;
mod coerce;
mod columns;
mod duration;
mod external;
mod grouping;
mod over;
mod stars;
mod windows;

pub use aggregates::TypedAggregate;

use self::aggregates::PlaceWithoutAggregates;
pub(crate) use coerce::{
    cast_all, cast_each, check_count, check_ordered, common_type_without_texts, different_listed,
    is_same_type, unexpected_type, wider_type,
};
pub use coerce::{common_type, implicit_cast};
pub use duration::parse_duration;
pub(crate) use grouping::GroupingKeys;
pub use windows::FoundWindow;

use engine::{DataType, SparkVersion, Text};

use crate::context::Session;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind, Lambda};
use crate::function::Mismatch;
use crate::name_text::filled;
use crate::nearest::nearest;
use crate::over::TypedOver;
use crate::schema::{Schema, column_of};
use crate::span::Span;
use crate::typed::{Typed, TypedKind};
use crate::{functions, generators};

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
    /// The place, where there may be none.
    place: PlaceWithoutAggregates,
    /// The number of columns before that of the windows.
    width: Option<usize>,
    /// The windows that were found.
    window: Option<FoundWindow>,
    /// The functions over rows that were found; `None` where there may be none.
    over: Option<Vec<TypedOver>>,
    /// Columns of the same `SELECT`, which those after them may name.
    aliases: Vec<(Text, Typed)>,
    /// The number of columns that a star stands for, which are the first ones.
    visible: usize,
    /// The number of columns of the left table, in the condition of a join.
    left: Option<usize>,
    /// The columns of the row around a subquery.
    outer: Option<Schema>,
    /// The queries whose values are columns, and the places of these.
    subqueries: Vec<(Expression, usize)>,
    /// The keys of the grouping sets around.
    grouping: Option<GroupingKeys>,
}

/// A parameter of a lambda.
#[derive(Clone, Debug)]
struct Parameter {
    name: Text,
    data_type: DataType,
    nullable: bool,
}

impl<'a> Resolver<'a> {
    /// A resolver of expressions without aggregates.
    pub fn new(schema: &'a Schema, session: &'a Session) -> Resolver<'a> {
        Resolver {
            schema,
            session,
            lambdas: Vec::new(),
            aggregates: None,
            place: PlaceWithoutAggregates::Condition,
            width: None,
            window: None,
            over: None,
            aliases: Vec::new(),
            visible: schema.fields().len(),
            left: None,
            outer: None,
            subqueries: Vec::new(),
            grouping: None,
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

    /// The same resolver in a subquery, which may name columns of the row around it.
    pub(crate) fn within(mut self, outer: Option<Schema>) -> Resolver<'a> {
        self.outer = outer;
        self
    }

    /// The same resolver, where queries have their values in columns of the table.
    pub(crate) fn with_subqueries(mut self, places: Vec<(Expression, usize)>) -> Resolver<'a> {
        self.subqueries = places;
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
        self.place = PlaceWithoutAggregates::Argument;
        self
    }

    /// The same resolver for the keys of groups.
    pub(crate) fn for_keys(mut self) -> Resolver<'a> {
        self.place = PlaceWithoutAggregates::Key;
        self
    }

    /// The aggregates that were found, each once, and the windows.
    pub fn into_found(self) -> (Vec<TypedAggregate>, Option<FoundWindow>) {
        (self.aggregates.unwrap_or_default(), self.window)
    }

    /// The same resolver, which collects the functions over rows that it finds: in their place is [`TypedKind::Over`].
    pub fn with_over(mut self) -> Resolver<'a> {
        self.over = Some(Vec::new());
        self
    }

    /// The functions over rows that were found; none is found from here on.
    pub fn take_over(&mut self) -> Vec<TypedOver> {
        self.over.take().unwrap_or_default()
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
            ExpressionKind::External {
                function,
                arguments,
            } => self.resolve_external(function, arguments),
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
            ExpressionKind::Star(_)
            | ExpressionKind::StarExcept { .. }
            | ExpressionKind::Attributes(_) => Err(AnalysisError::new(
                "INVALID_USAGE_OF_STAR_OR_REGEX",
                "Invalid usage of '*' in expression",
            )),
            ExpressionKind::Over { function, window } => self.resolve_over(function, window),
            ExpressionKind::Subquery(_) => self.resolve_subquery(expression),
            ExpressionKind::Lambda(_) => Err(AnalysisError::new(
                "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
                "a lambda function is an argument of a function of arrays or maps only",
            )),
        }
        .map_err(|error| error.at(span))
    }

    /// The column that has the value of a query.
    fn resolve_subquery(&self, written: &Expression) -> Result<Typed, AnalysisError> {
        let mut known = self.subqueries.iter();
        match known.find(|(known, _)| known == written) {
            Some((_, place)) => Ok(column_of(*place, &self.schema.fields()[*place])),
            None => Err(
                AnalysisError::unclassified("a subquery is not supported here").with_help(
                    "EXISTS and IN stand alone or beside AND in WHERE, a single value in SELECT, WHERE and ORDER BY; \
                     else join with the query.",
                ),
            ),
        }
    }

    fn resolve_call(&mut self, call: &Call, span: Option<Span>) -> Result<Typed, AnalysisError> {
        if let Some(call) = self.spread(call)? {
            return self.resolve_call(&call, span);
        }
        if let Some(function) = self.session.functions.find(&call.function) {
            return self.resolve_external(&function, &call.arguments);
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
        if let Some(aggregate) = crate::aggregates::find(&call.function) {
            return self.resolve_aggregate(aggregate, call);
        }
        if matches!(call.function.as_str(), "grouping" | "grouping_id") {
            return self.resolve_grouping(call);
        }
        if crate::over::find(&call.function).is_some() {
            return Err(AnalysisError::new(
                "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
                format!(
                    "Window function \"{}\" requires an OVER clause.",
                    self.texts().call(call)
                ),
            ));
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
        let arguments = self.resolve_arguments(function, call)?;
        let typed = function.typed(arguments, self.session);
        typed.map_err(|mismatch| self.refused(&mismatch, call))
    }

    /// The error of a call that Spark refuses for the types of its arguments: it names the expression.
    pub(super) fn refused(&self, mismatch: &Mismatch, call: &Call) -> AnalysisError {
        let texts = self.texts();
        let arguments: Vec<String> = call.arguments.iter().map(|it| texts.text(it)).collect();
        let message = mismatch.message.replace(Mismatch::CALL, &call.function);
        let mut message = filled(&message, &arguments);
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
            over: self.over.as_ref().map(|_| Vec::new()),
            subqueries: self.subqueries.clone(),
            grouping: self.grouping.clone(),
            aliases: self.aliases.clone(),
            outer: self.outer.clone(),
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
}

fn unknown_function(name: &str, session: &Session) -> AnalysisError {
    if functions::is_missing(&name.to_lowercase(), session.spark) {
        return AnalysisError::unclassified(format!(
            "the function `{name}` of Spark is not implemented here"
        ))
        .with_help("compute it from other functions, or in a function of the program");
    }
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
        .chain(crate::aggregates::all().map(|it| it.name))
        .chain(crate::over::all().map(|it| it.name));
    match nearest(name, names) {
        Some(known) => error.with_help(format!("did you mean `{known}`?")),
        None => error,
    }
}
