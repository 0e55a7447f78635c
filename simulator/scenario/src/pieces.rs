//! Long texts, read piece by piece: the tree of TOML takes some thirty times the room of its text.

use toml::de::DeTable;

use crate::diagnostics::Diagnostics;
use crate::document::TEXT_MAX;
use crate::lower::Pipelines;
use crate::{Scenario, lower};

/// The least bytes of a piece.
const PIECE_BYTES: usize = 1 << 20;

/// The line before which a text may be cut.
const ENTRY: &str = "\n[[timeline]]";

/// Reads a long text that ends in entries `[[timeline]]` alone, as a recording does, with the offset at which each entry
/// is written.
///
/// `None` of any other text, and of one with a mistake: those are read as a whole, so that each mistake is found and has
/// its place. A text that is cut where no entry begins is no TOML in front of the cut, as it is cut in a text of several
/// lines or in an array.
pub(crate) fn read(text: &str, pipelines: Pipelines) -> Option<(Scenario, Vec<usize>)> {
    read_by(text, pipelines, PIECE_BYTES)
}

/// Reads a text in pieces of this many bytes at least.
fn read_by(text: &str, pipelines: Pipelines, bytes: usize) -> Option<(Scenario, Vec<usize>)> {
    let first = first_piece(text, bytes);
    if first.len() == text.len() || text.len() > TEXT_MAX {
        return None;
    }
    let diagnostics = Diagnostics::default();
    let head = DeTable::parse(first).ok()?.into_inner();
    let mut lowering = lower::Lowering::begin(&head, pipelines, &diagnostics);
    let mut begin = first.len();
    while begin < text.len() {
        let piece = first_piece(&text[begin..], bytes);
        let table = DeTable::parse(piece).ok()?.into_inner();
        if table.len() != 1 || !diagnostics.is_empty() {
            return None;
        }
        lowering.add_entries(&table, begin);
        begin += piece.len();
    }
    let read = lowering.finish();
    diagnostics.is_empty().then_some(read)
}

fn first_piece(text: &str, bytes: usize) -> &str {
    let after = text.ceil_char_boundary(bytes);
    let next = text[after..].find(ENTRY);
    // The line feed is the last of the entry before.
    next.map_or(text, |next| &text[..=after + next])
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[[pipeline]]\nname = 'p'\nmode = 'stateless'\n";

    const PIECE: usize = 1_000;

    /// A recording of several pieces.
    fn recording() -> String {
        let entry =
            |second| format!("\n[[timeline]]\nat = '{second}s'\nlines = ['blue', 'green']\n");
        let entries: String = (0..200).map(entry).collect();
        HEAD.to_owned() + &entries
    }

    #[test]
    fn the_pieces_of_a_text_mean_what_the_whole_does() {
        let text = recording();
        let (scenario, offsets) =
            read_by(&text, Pipelines::Required, PIECE).expect("it is a recording");
        assert_eq!(
            Ok(&scenario),
            crate::parse("text.toml", &text).as_ref().map_err(drop)
        );
        assert_eq!(offsets.len(), 200);
        let begins = |offset: &usize| text[*offset..].starts_with("[[timeline]]");
        assert!(offsets.iter().all(begins));
    }

    #[test]
    fn another_text_is_read_as_a_whole() {
        let text = recording();
        let others = [
            text.replace("'green'", "\"\"\"\n[[timeline]]\"\"\""),
            text.replace('\n', "\r\n")
                .replace("'green'", "'''\r\n[[timeline]]'''"),
            text.clone() + "\n[clock]\ninterval = '2s'\n",
            text.replace("\nlines", "\nline"),
            text.replace("'199s'", "'1s'"),
            text.replace("'199s'", "199s"),
            text[..PIECE].to_owned(),
        ];
        for other in others {
            assert_eq!(read_by(&other, Pipelines::Required, PIECE), None, "{other}");
        }
    }
}
