//! Lines of CSV as Spark reads and writes them, with the rules of univocity's parser: `from_csv`, `to_csv`, and lines of a
//! source. A reader of its own and no library's, as quotes within a value have a meaning of their own there.

mod infer;
mod options;
mod parser;
mod records;
mod tokens;
mod write;

pub use infer::{csv_names, infer_csv};
pub use options::CsvOptions;
pub use parser::CsvParser;
pub use records::csv_records;

pub(crate) use infer::schema_of;
pub use write::write_csv;

#[cfg(test)]
mod tests;
