//! Lines of the file as the records that a source makes of them, in blocks.

use engine::{Message, Records, Text};
use scenario::Source;

/// Cuts lines into contiguous blocks: block `i` of `n` is slice `i` of `parallelize(lines, n)`. Empty
/// ones are left out.
pub(super) fn blocks(
    lines: &[String],
    partitions: usize,
    source: Source,
) -> impl Iterator<Item = Records> {
    let lines: Vec<Text> = match source {
        Source::Memory | Source::Direct => {
            lines.iter().map(|line| Text::from(line.as_str())).collect()
        }
        Source::Socket => lines.iter().flat_map(|line| socket_lines(line)).collect(),
    };
    let start = move |index: usize, lines: usize| index * lines / partitions;
    (0..partitions)
        .map(move |index| {
            Records::from(&lines[start(index, lines.len())..start(index + 1, lines.len())])
        })
        .filter(|records| !records.is_empty())
}

/// The records of a line of the file that is sent over a socket with a line feed behind it: Java's
/// `BufferedReader` cuts at `\n`, `\r` and `\r\n`. The record of a message is not cut.
pub fn socket_lines(line: &str) -> Vec<Text> {
    if Message::is_written_out(line) {
        return vec![line.into()];
    }
    let sent = format!("{line}\n")
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    sent.split_terminator('\n').map(Text::from).collect()
}
