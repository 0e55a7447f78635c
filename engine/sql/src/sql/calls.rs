//! Calls of functions, and the forms that look like one but have words between their arguments.

use engine::{SparkVersion, Text};

use super::cursor::Cursor;
use super::token::TokenKind;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind, SubqueryKind};

/// The units of `timestampadd` and `timestampdiff`.
const DATETIME_UNITS: &[&str] = &[
    "YEAR",
    "QUARTER",
    "MONTH",
    "WEEK",
    "DAY",
    "DAYOFYEAR",
    "HOUR",
    "MINUTE",
    "SECOND",
    "MILLISECOND",
    "MICROSECOND",
];

impl Cursor<'_> {
    /// Reads the arguments of a function, and what may follow them.
    pub(super) fn call(
        &mut self,
        start: usize,
        path: &[Text],
    ) -> Result<Expression, AnalysisError> {
        let [name] = path else {
            let name: Vec<&str> = path.iter().map(Text::as_str).collect();
            let message = format!("There is no function `{}`.", name.join("`.`"));
            return Err(
                AnalysisError::new("UNRESOLVED_ROUTINE", message).at(Some(self.span_from(start)))
            );
        };
        self.expect_symbol("(")?;
        let mut call = Call {
            function: name.to_lowercase().into(),
            arguments: Vec::new(),
            is_distinct: false,
            filter: None,
            ignore_nulls: false,
        };
        if !self.is_symbol(")") {
            call.is_distinct = self.takes_quantifier();
            call.arguments = self.arguments(&call.function)?;
            self.treat_nulls(&mut call);
        }
        self.expect_symbol(")")?;
        self.call_end(start, call)
    }

    /// Reads `DISTINCT` or `ALL`, if it does not stand for a column; true of the first.
    pub(super) fn takes_quantifier(&mut self) -> bool {
        let next = self.peek_after(1);
        let is_column = matches!(next.text, "," | ")" | "." | "[" | "");
        if is_column || !self.is_any_word(&["DISTINCT", "ALL"]) {
            return false;
        }
        self.advance().is_word("DISTINCT")
    }

    fn argument(&mut self) -> Result<Expression, AnalysisError> {
        if self.peek_after(1).is_symbol("=>") {
            let error = self.unsupported("An argument by name here");
            return Err(error.with_help("Write the arguments in their order."));
        }
        self.expression()
    }

    fn treat_nulls(&mut self, call: &mut Call) {
        if self.take_words(&["IGNORE", "NULLS"]) {
            call.ignore_nulls = true;
        } else {
            self.take_words(&["RESPECT", "NULLS"]);
        }
    }

    /// Reads what may follow the parentheses of a call: `FILTER (WHERE ..)`, `IGNORE NULLS`.
    fn call_end(&mut self, start: usize, mut call: Call) -> Result<Expression, AnalysisError> {
        let takes_order =
            call.function.starts_with("percentile_") || self.spark == SparkVersion::V4;
        if takes_order && self.is_words(&["WITHIN", "GROUP"]) {
            return Err(self.unsupported("WITHIN GROUP"));
        }
        if self.is_word("FILTER") && self.peek_after(1).is_symbol("(") {
            self.advance();
            let condition = self.parenthesized(|cursor| {
                cursor.expect_word("WHERE")?;
                cursor.expression()
            })?;
            call.filter = Some(condition);
        }
        self.treat_nulls(&mut call);
        let after = self.peek_after(1);
        if self.is_word("OVER") && (after.is_symbol("(") || after.name().is_some()) {
            self.advance();
            let function = self.made_from(start, ExpressionKind::Call(call));
            let window = self.window_spec()?;
            self.grow()?;
            return Ok(self.made_from(start, ExpressionKind::Over { function, window }));
        }
        self.grow()?;
        Ok(self.made_from(start, ExpressionKind::Call(call)))
    }

    /// Reads a form with words between its arguments, if one is next; the word is before a parenthesis.
    pub(super) fn form(&mut self) -> Result<Option<Expression>, AnalysisError> {
        let start = self.start();
        let name = self.peek().text.to_ascii_uppercase();
        Ok(Some(match name.as_str() {
            "CAST" | "TRY_CAST" => self.cast(name == "TRY_CAST")?,
            "EXISTS"
                if self.peek_after(2).is_word("SELECT") || self.peek_after(2).is_word("WITH") =>
            {
                self.advance();
                let plan = self.parenthesized(Cursor::query)?;
                self.subquery(start, SubqueryKind::Exists, plan)?
            }
            "CASE" => self.case()?,
            "STRUCT" => self.struct_call()?,
            "EXTRACT" => self.extract()?,
            "SUBSTRING" | "SUBSTR" => self.substring()?,
            "TRIM" => self.trim()?,
            "POSITION" => self.position()?,
            "OVERLAY" => self.overlay()?,
            "TIMESTAMPADD" | "DATEADD" | "DATE_ADD" => match self.unit_call("timestampadd")? {
                Some(call) => call,
                None => return Ok(None),
            },
            "TIMESTAMPDIFF" | "DATEDIFF" | "DATE_DIFF" | "TIMEDIFF" => {
                match self.unit_call("timestampdiff")? {
                    Some(call) => call,
                    None => return Ok(None),
                }
            }
            _ => return Ok(None),
        }))
    }

    fn cast(&mut self, is_try: bool) -> Result<Expression, AnalysisError> {
        let start = self.start();
        self.advance();
        self.expect_symbol("(")?;
        let operand = self.expression()?;
        if self.is_symbol(",") {
            // A function of this name, which Spark looks for after it has looked at the arguments.
            let mut arguments = vec![operand];
            while self.take_symbol(",") {
                arguments.push(self.argument()?);
            }
            self.expect_symbol(")")?;
            return self.call_from(start, if is_try { "try_cast" } else { "cast" }, arguments);
        }
        self.expect_word("AS")?;
        let to = self.data_type()?;
        self.expect_symbol(")")?;
        self.grow()?;
        let kind = ExpressionKind::Cast {
            operand,
            to,
            is_try,
        };
        Ok(self.made_from(start, kind))
    }

    /// Reads `CASE`, both of conditions and of values of one operand.
    pub(super) fn case(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        self.advance();
        let operand = if self.is_word("WHEN") {
            None
        } else {
            Some(self.expression()?)
        };
        if !self.is_word("WHEN") {
            return Err(self.unexpected());
        }
        let mut arguments = Vec::new();
        while self.take_word("WHEN") {
            let mut when = self.expression()?;
            if let Some(operand) = &operand {
                let span = when.span;
                self.grow()?;
                when = Expression::call("=", [operand.clone(), when]).at(span);
            }
            self.expect_word("THEN")?;
            arguments.extend([when, self.expression()?]);
        }
        if self.take_word("ELSE") {
            arguments.push(self.expression()?);
        }
        self.expect_word("END")?;
        self.call_from(start, "case", arguments)
    }

    /// Reads `struct(a AS x, b)`.
    fn struct_call(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        self.advance();
        self.expect_symbol("(")?;
        let mut fields = Vec::new();
        if !self.is_symbol(")") {
            fields = self.list(Cursor::named_expression)?;
        }
        self.expect_symbol(")")?;
        self.call_from(start, "struct", fields)
    }

    /// Reads `EXTRACT(YEAR FROM d)`.
    fn extract(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        self.advance();
        self.expect_symbol("(")?;
        let field = self.peek();
        let name = self.name()?;
        self.expect_word("FROM")?;
        let source = self.value()?;
        self.expect_symbol(")")?;
        let field = Expression::from(name.as_str()).at(Some(field.span));
        self.call_from(start, "extract", vec![field, source])
    }

    /// Reads `SUBSTRING(a FROM b FOR c)`, or with commas.
    fn substring(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let mut function = self.advance().text.to_ascii_lowercase();
        self.expect_symbol("(")?;
        let mut arguments = vec![self.argument()?];
        if self.take_word("FROM") {
            "substring".clone_into(&mut function);
            arguments.push(self.value()?);
            if self.take_word("FOR") {
                arguments.push(self.value()?);
            }
        } else {
            while self.take_symbol(",") {
                arguments.push(self.argument()?);
            }
        }
        self.expect_symbol(")")?;
        self.call_from(start, function, arguments)
    }

    /// Reads `TRIM(BOTH x FROM y)`, or with commas.
    fn trim(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        let path = [self.name()?];
        let sides = [
            ("BOTH", "trim"),
            ("LEADING", "ltrim"),
            ("TRAILING", "rtrim"),
        ];
        let next = self.peek_after(2);
        let is_name = matches!(next.text, "," | ")" | "." | "[" | "(" | "");
        let after = self.peek_after(1);
        let side = sides
            .iter()
            .find(|(word, _)| after.is_word(word) && !is_name);
        let Some((_, function)) = side else {
            return self.trim_of(start, &path);
        };
        self.expect_symbol("(")?;
        self.advance();
        let mut arguments = Vec::new();
        if !self.is_word("FROM") {
            arguments.push(self.value()?);
        }
        self.expect_word("FROM")?;
        arguments.push(self.value()?);
        self.expect_symbol(")")?;
        self.call_from(start, *function, arguments)
    }

    /// Reads `(x FROM y)`, or arguments with commas.
    fn trim_of(&mut self, start: usize, path: &[Text]) -> Result<Expression, AnalysisError> {
        self.expect_symbol("(")?;
        let mut arguments = Vec::new();
        if !self.is_symbol(")") {
            arguments.push(self.argument()?);
            if self.take_word("FROM") {
                arguments.push(self.value()?);
            }
            while self.take_symbol(",") {
                arguments.push(self.argument()?);
            }
        }
        self.expect_symbol(")")?;
        self.call_from(start, path[0].to_ascii_lowercase(), arguments)
    }

    /// Reads `POSITION(a IN b)`, or with commas.
    fn position(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        self.advance();
        self.expect_symbol("(")?;
        let mut arguments = vec![self.value()?];
        let mut function = "position";
        if self.take_word("IN") {
            function = "locate";
            arguments.push(self.value()?);
        }
        while self.take_symbol(",") {
            arguments.push(self.argument()?);
        }
        self.expect_symbol(")")?;
        self.call_from(start, function, arguments)
    }

    /// Reads `OVERLAY(a PLACING b FROM c FOR d)`, or with commas.
    fn overlay(&mut self) -> Result<Expression, AnalysisError> {
        let start = self.start();
        self.advance();
        self.expect_symbol("(")?;
        let mut arguments = vec![self.argument()?];
        if self.take_word("PLACING") {
            arguments.push(self.value()?);
            self.expect_word("FROM")?;
            arguments.push(self.value()?);
            if self.take_word("FOR") {
                arguments.push(self.value()?);
            }
        }
        while self.take_symbol(",") {
            arguments.push(self.argument()?);
        }
        self.expect_symbol(")")?;
        self.call_from(start, "overlay", arguments)
    }

    /// Reads `DATEADD(DAY, 1, d)`, if the first argument is a unit and there are three.
    fn unit_call(&mut self, function: &'static str) -> Result<Option<Expression>, AnalysisError> {
        let unit = self.peek_after(2);
        let is_unit = DATETIME_UNITS.iter().any(|known| unit.is_word(known));
        let is_text = unit.kind == TokenKind::String;
        if !(is_unit || is_text) || !self.peek_after(3).is_symbol(",") {
            return Ok(None);
        }
        let start = self.start();
        let path = [self.name()?];
        let call = self.call(start, &path)?;
        let ExpressionKind::Call(mut call) = *call.kind else {
            return Ok(Some(call));
        };
        if call.arguments.len() == 3 && is_text {
            let message = format!(
                "The value of parameter(s) `unit` in `{}` is invalid: expects one of the units without quotes {}, but got the \
                 string literal {}.",
                path[0].to_lowercase(),
                DATETIME_UNITS.join(", "),
                unit.text
            );
            let condition = "INVALID_PARAMETER_VALUE.DATETIME_UNIT";
            return Err(AnalysisError::new(condition, message).at(Some(unit.span)));
        }
        if call.arguments.len() == 3 {
            let name = unit.text.to_ascii_uppercase();
            call.arguments[0] = Expression::from(name.as_str()).at(Some(unit.span));
            call.function = function.into();
        }
        Ok(Some(self.made_from(start, ExpressionKind::Call(call))))
    }
}
