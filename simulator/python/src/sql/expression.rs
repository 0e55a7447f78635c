//! Expressions.

use engine::{DataType, Text};
use engine_sql as sql;
use pyo3::prelude::*;

use super::error::refused;
use super::session::Session;
use super::values::of_python;
use super::window::{Frame, Key, frame_of, order_of};

/// The engine's part of a `pyspark.sql.Column`.
#[pyclass(frozen, from_py_object)]
#[derive(Clone)]
pub(crate) struct Expression(pub(super) sql::Expression);

#[pymethods]
impl Expression {
    /// The column of this name, the field of one (`a.b`), or all (`*`, `a.*`). A part in backquotes may have points.
    #[staticmethod]
    fn column(name: &str) -> Expression {
        let mut parts = parts_of(name);
        if parts.last().is_some_and(|last| last == "*") {
            parts.pop();
            return Expression::of(sql::ExpressionKind::Star(parts));
        }
        Expression::of(sql::ExpressionKind::Column(parts))
    }

    /// A value of a type, which is given as its text.
    #[staticmethod]
    fn literal(
        value: &Bound<'_, PyAny>,
        data_type: &str,
        session: &Session,
    ) -> PyResult<Expression> {
        let data_type = parsed(data_type)?;
        let value = of_python(value, &data_type, &session.settings())?;
        Ok(Expression(sql::Expression::literal(value, data_type)))
    }

    /// A call of a function or an operator.
    #[staticmethod]
    #[pyo3(signature = (function, arguments, distinct = false, ignore_nulls = false))]
    fn call(
        function: &str,
        arguments: Vec<Expression>,
        distinct: bool,
        ignore_nulls: bool,
    ) -> Expression {
        Expression::of(sql::ExpressionKind::Call(sql::Call {
            function: function.to_lowercase().into(),
            arguments: arguments.into_iter().map(|argument| argument.0).collect(),
            is_distinct: distinct,
            filter: None,
            ignore_nulls,
        }))
    }

    /// The expression of a SQL text.
    #[staticmethod]
    fn parse(text: &str) -> PyResult<Expression> {
        let parsed = sql::parse_expression(text);
        parsed.map(Expression).map_err(|error| refused(&error))
    }

    /// A function of elements.
    #[staticmethod]
    fn function(parameters: Vec<String>, body: &Expression) -> Expression {
        Expression::of(sql::ExpressionKind::Lambda(sql::Lambda {
            parameters: parameters.into_iter().map(Text::from).collect(),
            body: body.0.clone(),
        }))
    }

    #[pyo3(signature = (data_type, is_try = false))]
    fn cast(&self, data_type: &str, is_try: bool) -> PyResult<Expression> {
        Ok(Expression::of(sql::ExpressionKind::Cast {
            operand: self.0.clone(),
            to: parsed(data_type)?,
            is_try,
        }))
    }

    /// The function over the rows with the same values in some columns, in an order, of which those of a frame count.
    #[pyo3(signature = (partition, order, frame = None))]
    fn over(
        &self,
        partition: Vec<Expression>,
        order: Vec<Key>,
        frame: Option<Frame<'_>>,
    ) -> PyResult<Expression> {
        Ok(Expression::of(sql::ExpressionKind::Over {
            function: self.0.clone(),
            window: sql::WindowSpec {
                partition: partition.into_iter().map(|key| key.0).collect(),
                order: order_of(order),
                frame: frame.as_ref().map(frame_of).transpose()?,
            },
        }))
    }

    fn alias(&self, names: Vec<String>) -> Expression {
        Expression::of(sql::ExpressionKind::Alias {
            operand: self.0.clone(),
            names: names.into_iter().map(Text::from).collect(),
        })
    }

    fn field(&self, name: &str) -> Expression {
        Expression::of(sql::ExpressionKind::Field {
            operand: self.0.clone(),
            name: name.into(),
        })
    }

    /// Its text, with its alias.
    fn text(&self) -> String {
        self.0.text()
    }

    /// The name of a column of it.
    fn name(&self) -> String {
        self.0.name().to_string()
    }
}

impl Expression {
    pub(super) fn of(kind: sql::ExpressionKind) -> Expression {
        Expression(sql::Expression::new(kind))
    }
}

/// The parts of a name (`UnresolvedAttribute.parseAttributeName`).
pub(super) fn parts_of(name: &str) -> Vec<Text> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for character in name.chars() {
        match character {
            '`' => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(String::new()),
            _ => parts
                .last_mut()
                .expect("there is one from the start")
                .push(character),
        }
    }
    parts.into_iter().map(Text::from).collect()
}

/// The type of a text.
pub(super) fn parsed(data_type: &str) -> PyResult<DataType> {
    sql::parse_type(data_type).map_err(|error| refused(&error))
}
