//! SQL text: from the tokens of the `sqlparser` crate to plans and expressions, by Spark's grammar (`SqlBaseParser.g4`).
//!
//! Keywords are no reserved words: they are names wherever Spark takes them for one (`spark.sql.ansi.enforceReservedKeywords`
//! is off).

mod calls;
mod cursor;
mod dialect;
mod grouping;
mod hints;
mod identifier;
mod intervals;
mod lateral;
mod literals;
mod named_arguments;
mod number;
mod operators;
mod over;
mod pivot;
mod predicates;
mod primary;
mod queries;
mod relations;
mod sample;
mod select;
mod table_functions;
mod text;
mod token;

use engine::SparkVersion;

pub(crate) use cursor::Cursor;
pub(crate) use token::TokenKind;

use crate::context::Session;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::LogicalPlan;
use crate::span::Span;

/// The plan of a query in SQL, by the defaults of Spark 3.5 and in UTC: see [`parse_query_in`].
///
/// # Errors
///
/// Those of [`parse_query_in`].
///
/// ```
/// use engine_sql::parse_query;
/// let error = parse_query("SELECT a FORM t").unwrap_err();
/// assert_eq!(error.to_string(), "[PARSE_SYNTAX_ERROR] Syntax error at or near 't': extra input 't'.");
/// ```
pub fn parse_query(sql: &str) -> Result<LogicalPlan, AnalysisError> {
    parse_query_in(sql, &Session::new(SparkVersion::V3_5))
}

/// The plan of a query in SQL, as a session reads it: the version of Spark has its grammar, and times without a zone are
/// in the zone of the session.
///
/// # Errors
///
/// - `PARSE_SYNTAX_ERROR` of a text that is no query, `PARSE_EMPTY_STATEMENT` of one without a word
/// - the class that Spark has for a literal that has no value
/// - no class for what Spark takes and this engine does not
pub fn parse_query_in(sql: &str, session: &Session) -> Result<LogicalPlan, AnalysisError> {
    refuse_variables(sql)?;
    let mut cursor = Cursor::new(sql, session)?;
    cursor.refuse_empty()?;
    cursor.refuse_statements()?;
    let plan = cursor.query()?;
    while cursor.take_symbol(";") {}
    cursor.expect_end()?;
    Ok(plan)
}

/// The expression of a text in SQL, which may have a name (`expr("a + 1 AS b")`), by the defaults of Spark 3.5 and in
/// UTC: see [`parse_expression_in`].
///
/// # Errors
///
/// Those of [`parse_query_in`].
///
/// ```
/// use engine_sql::parse_expression;
/// let expression = parse_expression("n + 1 AS next")?;
/// assert_eq!(expression.name(), "next");
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
pub fn parse_expression(sql: &str) -> Result<Expression, AnalysisError> {
    parse_expression_in(sql, &Session::new(SparkVersion::V3_5))
}

/// The expression of a text in SQL, as a session reads it.
///
/// # Errors
///
/// Those of [`parse_query_in`].
pub fn parse_expression_in(sql: &str, session: &Session) -> Result<Expression, AnalysisError> {
    let mut cursor = Cursor::new(sql, session)?;
    cursor.refuse_empty()?;
    let expression = cursor.named_expression()?;
    cursor.expect_end()?;
    Ok(expression)
}

/// Spark puts the values of its settings into the text of a query (`spark.sql.variable.substitute`).
fn refuse_variables(sql: &str) -> Result<(), AnalysisError> {
    let Some(start) = sql.find("${") else {
        return Ok(());
    };
    let Some(length) = sql[start..].find('}') else {
        return Ok(());
    };
    let end = start + length + 1;
    let message = format!("The variable {} is not supported", &sql[start..end]);
    let error = AnalysisError::unclassified(message).at(Some(Span { start, end }));
    Err(error.with_help("Write the value into the text."))
}

/// The statements of Spark that are no queries.
const STATEMENTS: &[&str] = &[
    "ADD", "ALTER", "ANALYZE", "CACHE", "CLEAR", "COMMENT", "CREATE", "DELETE", "DESC", "DESCRIBE",
    "DROP", "EXPLAIN", "EXPORT", "GRANT", "IMPORT", "INSERT", "LIST", "LOAD", "LOCK", "MERGE",
    "MSCK", "REFRESH", "REPAIR", "REPLACE", "RESET", "REVOKE", "ROLLBACK", "SET", "SHOW", "START",
    "TRUNCATE", "UNCACHE", "UNLOCK", "UPDATE", "USE",
];

impl Cursor<'_> {
    pub(crate) fn refuse_empty(&self) -> Result<(), AnalysisError> {
        let token = self.peek();
        if token.kind != TokenKind::End && !token.is_symbol(";") {
            return Ok(());
        }
        let message = "Syntax error, unexpected empty statement.";
        Err(AnalysisError::new("PARSE_EMPTY_STATEMENT", message).at(Some(token.span)))
    }

    fn refuse_statements(&self) -> Result<(), AnalysisError> {
        if !self.is_any_word(STATEMENTS) {
            return Ok(());
        }
        let statement = format!("The statement {}", self.peek().text.to_uppercase());
        let error = self.unsupported(&statement);
        Err(error.with_help("A query begins with SELECT, WITH, VALUES or TABLE."))
    }
}
