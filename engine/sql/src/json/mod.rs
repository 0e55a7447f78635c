//! JSON texts as Spark reads and writes them, with Jackson's rules: `from_json`, `to_json`, and lines of a source.
//!
//! A reader of its own and no library's: Spark takes texts that no strict reader does (`NaN`, single quotes, text behind
//! the value), finds out by the types what is wrong, and goes on behind a wrong value.

mod infer;
mod names;
mod options;
mod parser;
mod path;
mod reader;
mod value;
mod write;
mod writer;

pub use infer::infer_json;
pub use options::{JsonOptions, ParseMode};
pub use parser::JsonParser;

pub(crate) use infer::schema_of;
pub(crate) use names::{array_length, object_keys, tuple};
pub(crate) use options::{boolean, unsupported};
pub(crate) use parser::{invalid_schema, malformed_record};
pub(crate) use path::JsonPath;
pub use write::write_json;

#[cfg(test)]
mod tests;
