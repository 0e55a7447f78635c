//! Adding a row to a vector in one move.

/// As [`Vec::push`], with what may unwind out of the way.
///
/// Where a row might have to be dropped the compiler takes it to pieces on its way, and the machine waits for
/// them when it puts them together again. Here it moves the row whole.
#[inline]
pub(crate) fn push<T>(rows: &mut Vec<T>, row: T) {
    if rows.len() < rows.capacity() {
        rows.push(row);
    } else {
        grow(rows, row);
    }
}

#[cold]
#[inline(never)]
fn grow<T>(rows: &mut Vec<T>, row: T) {
    rows.push(row);
}
