//! Spark SQL: expressions, functions and plans, with Spark's meaning, and the SQL text that they are read from.
//!
//! | room | is |
//! |---|---|
//! | [`Expression`] | an expression as it was written, in SQL, Rust or Python: names, literals, calls |
//! | [`Function`], `functions/` | one row for each scalar function: its types, its column text, its evaluation |
//! | [`AggregateFunction`], `aggregates/` | one row for each aggregate function |
//! | [`Generator`], `generators/` | one row for each generator |
//! | [`resolve`](Resolver) | names to columns, calls to functions, Spark's implicit casts |
//! | [`columns`] | values by column, and what is evaluated on many rows at once |
//! | [`Typed`] | an expression whose names and types are known, and its value in a row |
//!
//! # What is not here
//!
//! No stream, no state and no clock: the time of `current_timestamp` is handed in by a [`Context`].

mod aggregate;
pub mod aggregates;
mod analyze;
mod attribute;
mod cast;
pub mod columns;
mod context;
mod csv;
mod ddl;
mod decimal;
mod error;
mod expression;
mod external;
mod failures;
mod function;
pub mod functions;
mod generator;
pub mod generators;
mod java_regex;
mod json;
mod literal_text;
mod name_over;
mod name_text;
mod nearest;
mod optimize;
mod over;
pub mod plan;
mod resolve;
mod rows;
mod schema;
mod span;
mod sql;
#[cfg(test)]
mod testing;
mod time_formats;
mod typed;
mod zone;

pub use aggregate::{Accumulate, AggregateCall, AggregateFunction, AggregateKind};
pub use analyze::{Analyzer, Catalog};
pub use attribute::{Attribute, Origin};
pub use cast::{Cast, CastMode, string_of};
pub use context::{Context, Session};
pub use csv::{CsvOptions, CsvParser, csv_names, csv_records, infer_csv, write_csv};
pub use ddl::{parse_schema, parse_type};
pub use error::{AnalysisError, Condition};
pub use expression::{Call, Expression, ExpressionKind, Lambda, Literal, Subquery, SubqueryKind};
pub use external::{External, ExternalFunction, ExternalFunctions, ExternalOperator};
pub use function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Instead, LambdaParameters, Mismatch, Nulls,
    Operator, Prepared, Replaced, Takes, Type,
};
pub use functions::as_nullable;
pub use generator::{Generator, TypedGenerator};
pub use json::{JsonOptions, JsonParser, ParseMode, infer_json, write_json};
pub use nearest::nearest;
pub use optimize::optimize;
pub use over::{FrameBound, FrameUnit, TypedOver, WindowFrame, WindowSpec};
pub use resolve::{
    FoundWindow, Resolver, TypedAggregate, common_type, implicit_cast, parse_duration,
};
pub use rows::{EachRow, Flow, hand_out};
pub use schema::{Field, Schema};
pub use span::Span;
pub use sql::{parse_expression, parse_expression_in, parse_query, parse_query_in};
pub use typed::{Scope, Typed, TypedKind, Variables};
pub use zone::{find_zone, instant_of_local, local_micros};
