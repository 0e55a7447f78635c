//! Files of Parquet, as Spark 3.5 and 4 write and read them: rows become bytes, and bytes rows.
//!
//! The encodings, the pages and their compression are those of the crate `parquet`, without its arrays. The crate is empty
//! without the feature `parquet`.
#![cfg(feature = "parquet")]

mod cells;
mod error;
mod file_columns;
mod parts;
mod read;
mod row_metadata;
mod schema;
mod write;

pub use error::ParquetError;
pub use file_columns::columns_of;
pub use read::read;
pub use write::{Codec, write};
