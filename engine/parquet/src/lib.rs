//! Files of Parquet, as Spark 3.5 and 4 write and read them: rows become bytes, and bytes rows.
//!
//! ```
//! use engine::{DataType, SparkVersion, StructField, Value};
//! use engine_parquet::{Codec, columns_of, read, write};
//!
//! let columns = [StructField::new("id", DataType::Long), StructField::new("tags", DataType::array(DataType::String))];
//! let tags = Value::Array([Value::String("new".into())].into_iter().collect());
//! let rows = vec![vec![Value::Long(1), tags], vec![Value::Long(2), Value::Null]];
//! let file = write(&columns, &rows, Codec::Snappy, SparkVersion::V3_5)?;
//! assert_eq!(columns_of(&file)?, columns);
//! assert_eq!(read(&file, &columns, SparkVersion::V3_5)?, rows);
//! # Ok::<(), engine_parquet::ParquetError>(())
//! ```
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
