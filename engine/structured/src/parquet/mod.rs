//! Files of Parquet, which are read and written with the feature `parquet`. Without it no such file is there: rows of a
//! timeline are read as lines of JSON, and rows that are written are recorded.

#[cfg(feature = "parquet")]
mod files;
#[cfg(not(feature = "parquet"))]
mod no_files;

#[cfg(feature = "parquet")]
pub(crate) use self::files::{
    Codec, codec, columns_of_file, extension, file_of_rows, rows_of_file,
};
#[cfg(not(feature = "parquet"))]
pub(crate) use self::no_files::{
    Codec, codec, columns_of_file, extension, file_of_rows, rows_of_file,
};
