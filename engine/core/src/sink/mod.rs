//! What a batch looks like on a console: text from rows, and nothing else.
//!
//! The texts are those of Spark 3.5.9, byte for byte, and for [`Profile::Cookbook`](crate::Profile::Cookbook) the book's.
//! Nothing here prints: text is appended to a `String` that somebody hands in.

mod cell;
mod dstream_print;
mod java_double;
mod java_text;
mod python_nonprintable;
mod python_repr;
mod shortest;
pub mod table;
mod timestamp_text;

use std::fmt;

pub use cell::cell_text;
pub use java_text::java_text;
pub use python_repr::Python;
pub use timestamp_text::timestamp_text;

/// The line above and below a block's title, in both kinds of program.
const RULE: &str = "-------------------------------------------\n";

/// Writes `items` with `separator` between them.
fn joined(
    items: impl Iterator<Item: fmt::Display>,
    separator: &str,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    for (index, item) in items.enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
