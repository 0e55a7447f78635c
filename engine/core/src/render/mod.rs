//! The text of rows and tables on a console, and nothing else.
//!
//! The texts are those of Spark 3.5.9 and 4.3.0, byte for byte, and in [`Notation::Python2`] the book's.
//! Nothing here prints: text is appended to a `String` of the caller.

mod cell;
mod dstream_print;
mod interval_text;
mod java_float;
mod notation;
mod progress;
mod python_nonprintable;
mod python_text;
mod shortest;
pub mod table;
mod time_text;

pub use notation::{Notation, Renderer};
pub use progress::progress;
pub use time_text::timestamp_text;

/// The line above and below a block's title, in both kinds of program.
const RULE: &str = "-------------------------------------------\n";
