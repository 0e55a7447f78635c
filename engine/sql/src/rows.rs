//! The port by which rows are handed on, one by one.

use std::ops::ControlFlow;

use engine::{Failure, Value};

/// The end of the rows, or the reader's word that it has enough.
pub type Flow = Result<ControlFlow<()>, Failure>;

/// A reader of rows. A row lives until the next one, so that none is made for a reader that does not keep it.
pub type EachRow<'a> = dyn FnMut(&[Value]) -> Flow + 'a;

/// Hands rows to a reader until it breaks.
pub fn hand_out(
    rows: impl IntoIterator<Item = impl AsRef<[Value]>>,
    each: &mut EachRow<'_>,
) -> Flow {
    for row in rows {
        if each(row.as_ref())?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}
