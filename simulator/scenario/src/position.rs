//! Lines and columns of byte offsets.

/// A place in the text: its offset in bytes, its line and its column, these two from 1, the column in
/// characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The first character of a text.
const START: Position = Position {
    offset: 0,
    line: 1,
    column: 1,
};

/// The positions of some offsets, found in one pass over the text.
pub(crate) struct Positions(Vec<Position>);

impl Positions {
    pub(crate) fn find(text: &str, offsets: impl Iterator<Item = usize>) -> Positions {
        // In order, so that each position is counted on from the one before: a text of many mistakes would
        // otherwise be read once for each.
        let mut offsets: Vec<usize> = offsets.collect();
        offsets.sort_unstable();
        offsets.dedup();
        let mut position = START;
        let found = offsets.into_iter().map(|offset| {
            let passed = &text[position.offset..offset];
            if let Some(newline) = passed.rfind('\n') {
                position.line += passed.matches('\n').count();
                position.column = 1 + passed[newline + 1..].chars().count();
            } else {
                position.column += passed.chars().count();
            }
            position.offset = offset;
            position
        });
        Positions(found.collect())
    }

    /// The position of one of the offsets that were looked for.
    pub(crate) fn of(&self, offset: usize) -> Position {
        let found = self.0.binary_search_by_key(&offset, |found| found.offset);
        debug_assert!(found.is_ok(), "the position of {offset} was not looked for");
        found.map_or(START, |index| self.0[index])
    }
}
