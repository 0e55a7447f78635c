//! The name of a column that has none (`org.apache.spark.sql.catalyst.util.toPrettySQL`).

use std::iter;

use engine::{DataType, SparkVersion, Text, Value};

use crate::context::Session;
use crate::expression::{Call, Expression, ExpressionKind, Lambda, Literal, SubqueryKind};
use crate::external::ExternalFunction;
use crate::function::ColumnText;
use crate::literal_text::{plain_text, sql_value};
use crate::resolve::Resolver;
use crate::{aggregates, functions, over};

impl Expression {
    /// The name of a column of this expression as it was written: its alias, its own name if it is a column, or its text.
    ///
    /// Where the columns are known, [`Resolver::name`] has the name that Spark gives.
    pub fn name(&self) -> Text {
        Names::new(&Session::new(SparkVersion::V3_5), None).name(self)
    }

    /// The text of the expression as it was written, with its alias if it has one (`Column.toString`).
    pub fn text(&self) -> String {
        Names::new(&Session::new(SparkVersion::V3_5), None).text(self)
    }
}

impl Resolver<'_> {
    /// The name of a column of this expression: its alias, its own name if it is a column, or its text, in which an
    /// operator may be what Spark has made of it by the types of its operands.
    pub fn name(&self, expression: &Expression) -> Text {
        self.texts().name(expression)
    }

    /// The text of a call in a message.
    pub(super) fn texts(&self) -> Names<'_> {
        Names::new(self.session(), Some(self))
    }
}

/// The text of a parameter of a lambda, whatever its name.
const PARAMETER: &str = "namedlambdavariable()";

/// The settings that names depend on.
pub(crate) struct Names<'a> {
    session: &'a Session,
    resolver: Option<&'a Resolver<'a>>,
    /// The parameters of the lambdas around.
    parameters: Vec<Text>,
    /// Within the arguments of a function of the program, where casts are written in small letters
    /// (`PrettyPythonUDF`).
    is_external: bool,
}

impl<'a> Names<'a> {
    fn new(session: &'a Session, resolver: Option<&'a Resolver<'a>>) -> Names<'a> {
        Names {
            session,
            resolver,
            parameters: Vec::new(),
            is_external: false,
        }
    }

    fn name(&self, expression: &Expression) -> Text {
        match &*expression.kind {
            ExpressionKind::Alias { names, .. } => names.first().cloned().unwrap_or_default(),
            ExpressionKind::Column(name) => name.last().cloned().unwrap_or_default(),
            ExpressionKind::Attribute(attribute) => attribute.name.clone(),
            // A column that is cast keeps its name (`Column.named`).
            ExpressionKind::Cast { operand, .. }
                if matches!(
                    *operand.kind,
                    ExpressionKind::Column(_) | ExpressionKind::Attribute(_)
                ) =>
            {
                self.name(operand)
            }
            _ => self.text(expression).into(),
        }
    }

    /// The text of the expression as part of another one.
    pub(crate) fn text(&self, expression: &Expression) -> String {
        match &*expression.kind {
            ExpressionKind::Column(name) if self.is_parameter(&name[0]) => {
                let fields = name[1..].iter().map(Text::to_string);
                join(iter::once(PARAMETER.to_owned()).chain(fields), ".")
            }
            ExpressionKind::Column(name) => {
                let qualifiers = self.resolver.map_or(0, |it| it.qualifiers(name));
                self.path(name, qualifiers)
            }
            ExpressionKind::Attribute(attribute) => attribute.name.to_string(),
            ExpressionKind::Attributes(columns) => {
                join(columns.iter().map(|it| it.name.to_string()), ", ")
            }
            ExpressionKind::Star(table) | ExpressionKind::StarExcept { table, .. } => {
                let parts = table.iter().map(Text::as_str).chain(["*"]);
                join(parts.map(str::to_owned), ".")
            }
            ExpressionKind::Literal(literal) => self.literal(literal),
            ExpressionKind::Call(call) => self.call(call),
            ExpressionKind::External {
                function,
                arguments,
            } => self.external(function, arguments),
            ExpressionKind::Cast {
                operand,
                to,
                is_try,
            } => self.cast(&self.text(operand), to, *is_try),
            ExpressionKind::Field { operand, name } => format!("{}.{name}", self.text(operand)),
            ExpressionKind::Alias { operand, names } => match &names[..] {
                [name] => format!("{} AS {name}", self.text(operand)),
                _ => self.text(operand),
            },
            ExpressionKind::Over { function, window } => self.over(function, window),
            ExpressionKind::Subquery(subquery) => match &subquery.kind {
                SubqueryKind::Scalar => "scalarsubquery()".to_owned(),
                SubqueryKind::Exists => "exists()".to_owned(),
                SubqueryKind::In(operand) => format!("({} IN (listquery()))", self.text(operand)),
            },
            ExpressionKind::Lambda(Lambda { parameters, body }) => {
                let inner = Names {
                    parameters: self.parameters.iter().chain(parameters).cloned().collect(),
                    ..*self
                };
                let named = iter::repeat_n(PARAMETER.to_owned(), parameters.len());
                let parts = iter::once(inner.text(body)).chain(named);
                format!("lambdafunction({})", join(parts, ", "))
            }
        }
    }

    fn cast(&self, operand: &str, to: &DataType, is_try: bool) -> String {
        match to {
            _ if self.is_external => {
                let cast = if is_try { "try_cast" } else { "cast" };
                format!("{cast}({operand} as {})", to.to_string().to_lowercase())
            }
            // Hive has no casts to types of several values.
            DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_) => {
                operand.to_owned()
            }
            _ => {
                let cast = if is_try { "TRY_CAST" } else { "CAST" };
                format!("{cast}({operand} AS {to})")
            }
        }
    }

    /// The text of a column or a part of it, from this part of its name on.
    fn path(&self, name: &[Text], first: usize) -> String {
        let mut text = name[first].to_string();
        for end in first + 1..name.len() {
            let value = Expression::new(ExpressionKind::Column(name[..end].to_vec()));
            text = match self.type_of(&value) {
                Some(DataType::Map { .. }) => format!("{text}[{}]", name[end]),
                _ => format!("{text}.{}", name[end]),
            };
        }
        text
    }

    fn type_of(&self, expression: &Expression) -> Option<DataType> {
        let typed = self.resolver.and_then(|it| it.peek(expression))?;
        Some(typed.data_type)
    }

    /// Returns true of `a['b']` where `a` is a struct, or an array of structs.
    fn is_field(&self, call: &Call) -> bool {
        let [operand, name] = &call.arguments[..] else {
            return false;
        };
        let is_name =
            matches!(&*name.kind, ExpressionKind::Literal(it) if it.data_type == DataType::String);
        call.function == *"get_item"
            && is_name
            && match self.type_of(operand) {
                Some(DataType::Struct(_)) => true,
                Some(DataType::Array { element, .. }) => matches!(*element, DataType::Struct(_)),
                _ => false,
            }
    }

    /// Returns true if the columns of the table are known.
    pub(crate) fn is_resolved(&self) -> bool {
        self.resolver.is_some()
    }

    /// The number of rows of a function of another row, if one is written.
    pub(crate) fn number_of(&self, function: &Expression) -> Option<i64> {
        let ExpressionKind::Call(call) = &*function.kind else {
            return None;
        };
        let typed = self.resolver?.peek(call.arguments.get(1)?)?;
        match typed.constant(self.session)? {
            Value::Integer(number) => Some(i64::from(number)),
            _ => None,
        }
    }

    fn is_parameter(&self, name: &str) -> bool {
        let mut parameters = self.parameters.iter();
        parameters.any(|parameter| parameter.eq_ignore_ascii_case(name))
    }

    /// The text of the call as part of another expression.
    pub(crate) fn call(&self, call: &Call) -> String {
        let spread = self.resolver.and_then(|it| it.spread(call).ok().flatten());
        let call = spread.as_ref().unwrap_or(call);
        if let Some(function) = self.session.functions.find(&call.function) {
            return self.external(&function, &call.arguments);
        }
        let arguments: Vec<String> = call.arguments.iter().map(|it| self.text(it)).collect();
        let made = self.resolver.and_then(|it| it.text_of_replaced(call));
        let mut written = match made {
            Some(template) => filled(&template, &arguments),
            None if self.is_field(call) => arguments.join("."),
            None => as_written(call, arguments),
        };
        if let Some(filter) = &call.filter {
            written = format!("{written} FILTER (WHERE {})", self.text(filter));
        }
        written
    }

    /// The text of a call of a function of the program.
    fn external(&self, function: &ExternalFunction, arguments: &[Expression]) -> String {
        let inner = Names {
            parameters: self.parameters.clone(),
            is_external: true,
            ..*self
        };
        let arguments = join(arguments.iter().map(|it| inner.text(it)), ", ");
        format!("{}({arguments})", function.name())
    }

    fn literal(&self, literal: &Literal) -> String {
        match (&literal.value, &literal.data_type) {
            (Value::Null, _) => "NULL".to_owned(),
            (Value::Decimal(number), _) => number.scientific(),
            (value, DataType::Date | DataType::Timestamp | DataType::TimestampNtz)
            | (value @ Value::Binary(_), _) => sql_value(value, self.session),
            (value, _) => plain_text(value, self.session),
        }
    }
}

/// Puts the texts of arguments in their places, `{0}`, `{1}` and so on.
pub(crate) fn filled(template: &str, arguments: &[String]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let place = after.split_once('}');
        let argument = place.and_then(|(place, _)| arguments.get(place.parse::<usize>().ok()?));
        rest = after;
        if let (Some((_, after)), Some(argument)) = (place, argument) {
            text.push_str(argument);
            rest = after;
        } else {
            text.push('{');
        }
    }
    text + rest
}

/// The text of a call by the row of its function.
fn as_written(call: &Call, mut arguments: Vec<String>) -> String {
    let text = aggregates::find(&call.function).map(|it| it.text);
    let text = text.or_else(|| functions::find(&call.function).map(|it| it.text));
    let text = text.or_else(|| over::find(&call.function).map(|it| it.text));
    let distinct = if call.is_distinct { "DISTINCT " } else { "" };
    let name = call.function.as_str();
    // `count(*)` counts a literal.
    for (argument, written) in arguments.iter_mut().zip(&call.arguments) {
        if name == "count" && written.is_star() {
            "1".clone_into(argument);
        }
    }
    // The column that the plan adds to the table.
    if matches!(name, "window" | "session_window") {
        return name.to_owned();
    }
    let named =
        |name: &str, arguments: &[String]| format!("{name}({distinct}{})", arguments.join(", "));
    match text.unwrap_or(ColumnText::Call) {
        ColumnText::Call => named(name, &arguments),
        ColumnText::First(count) => named(name, &arguments[..count.min(arguments.len())]),
        ColumnText::Named(name) => named(name, &arguments),
        ColumnText::Capitals => named(&name.to_uppercase(), &arguments),
        ColumnText::Filled(count, defaults) => {
            let left_out = count.saturating_sub(arguments.len());
            let given = defaults.len().saturating_sub(left_out);
            arguments.extend(defaults[given..].iter().map(|text| (*text).to_owned()));
            named(name, &arguments)
        }
        ColumnText::Infix(sign) => format!("({})", arguments.join(&format!(" {sign} "))),
        ColumnText::By(text) => text(&arguments),
    }
}

pub(crate) fn join(parts: impl Iterator<Item = String>, separator: &str) -> String {
    parts.collect::<Vec<_>>().join(separator)
}
