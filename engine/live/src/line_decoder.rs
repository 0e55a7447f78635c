//! Decodes packets of bytes into lines of text.

use engine::Text;

/// A line of the stream, or the place of one that was skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodedLine {
    /// A line, without its line end.
    Whole(Text),
    /// A line that is longer than the limit, reported as soon as that is known. The decoder skips it
    /// up to its end.
    TooLong,
}

/// Cuts a stream of bytes into lines, as Java's `BufferedReader` does for Spark's socket receiver.
///
/// A line ends with `\n`, `\r` or `\r\n`; a last line without an end counts as one. Bytes that are
/// not UTF-8 become U+FFFD. The lines do not depend on the packets: a `\r\n` and a character of
/// several bytes may be split between two.
///
/// ```
/// use engine::Text;
/// use engine_live::{DecodedLine, LineDecoder};
/// let mut decoder = LineDecoder::new(LineDecoder::LIMIT_DEFAULT);
/// let mut lines = Vec::new();
/// decoder.feed(b"blue gre", &mut lines);
/// decoder.feed(b"en\r", &mut lines);
/// decoder.feed(b"\ngohawks", &mut lines);
/// assert_eq!(lines, [DecodedLine::Whole(Text::from("blue green"))]);
/// decoder.finish(&mut lines);
/// assert_eq!(lines[1], DecodedLine::Whole(Text::from("gohawks")));
/// ```
#[derive(Clone, Debug)]
pub struct LineDecoder {
    limit: usize,
    /// The bytes of the current line; none if it is skipped.
    current: Vec<u8>,
    /// True if the current line is over the limit: its bytes are dropped up to its end.
    is_skipping: bool,
    /// True if the last byte was `\r`. It has ended its line already, since a server may wait after it,
    /// so a `\n` that follows is the rest of the same line end.
    is_after_return: bool,
}

impl LineDecoder {
    /// The default limit, in bytes: 16 MiB.
    pub const LIMIT_DEFAULT: usize = 16 * 1024 * 1024;

    /// A decoder for the start of a stream, of lines of at most `limit` bytes without the line end.
    pub fn new(limit: usize) -> LineDecoder {
        LineDecoder {
            limit,
            current: Vec::new(),
            is_skipping: false,
            is_after_return: false,
        }
    }

    /// Decodes the next bytes, and adds every line that ends in them to `lines`.
    pub fn feed(&mut self, bytes: &[u8], lines: &mut Vec<DecodedLine>) {
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (content, end) = match piece.split_last() {
                Some((end @ (b'\n' | b'\r'), content)) => (content, Some(*end)),
                _ => (piece, None),
            };
            let was_after_return = std::mem::replace(&mut self.is_after_return, end == Some(b'\r'));
            if was_after_return && piece == b"\n" {
                continue;
            }
            self.extend_line(content, lines);
            if end.is_some() {
                self.end_line(lines);
            }
        }
    }

    /// Ends the stream. Bytes after the last line end are a line too; without any there is none. The
    /// decoder is then ready for another stream.
    pub fn finish(&mut self, lines: &mut Vec<DecodedLine>) {
        if !self.current.is_empty() || self.is_skipping {
            self.end_line(lines);
        }
        self.is_after_return = false;
    }

    fn extend_line(&mut self, content: &[u8], lines: &mut Vec<DecodedLine>) {
        if self.is_skipping {
            return;
        }
        if self.current.len() + content.len() > self.limit {
            self.is_skipping = true;
            // A new vector, which gives the memory of the long line back.
            self.current = Vec::new();
            lines.push(DecodedLine::TooLong);
        } else {
            self.current.extend_from_slice(content);
        }
        debug_assert!(
            self.current.len() <= self.limit,
            "a line is never kept beyond the limit"
        );
    }

    fn end_line(&mut self, lines: &mut Vec<DecodedLine>) {
        if !std::mem::take(&mut self.is_skipping) {
            let text = String::from_utf8_lossy(&self.current);
            lines.push(DecodedLine::Whole(Text::from(&*text)));
            self.current.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode<'a>(limit: usize, packets: impl IntoIterator<Item = &'a [u8]>) -> Vec<DecodedLine> {
        let mut decoder = LineDecoder::new(limit);
        let mut lines = Vec::new();
        for packet in packets {
            decoder.feed(packet, &mut lines);
        }
        decoder.finish(&mut lines);
        lines
    }

    /// Checks the lines of these packets, `…` standing for a line over 8 bytes.
    #[track_caller]
    fn check<const N: usize>(packets: [&str; N], expected: &[&str]) {
        check_bytes(packets.map(str::as_bytes), expected);
    }

    #[track_caller]
    fn check_bytes<const N: usize>(packets: [&[u8]; N], expected: &[&str]) {
        let lines = decode(8, packets);
        let lines: Vec<&str> = lines
            .iter()
            .map(|line| match line {
                DecodedLine::Whole(text) => text.as_str(),
                DecodedLine::TooLong => "…",
            })
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_line_ends_with_any_line_end() {
        check(["a\nb\rc\r\nd\n"], &["a", "b", "c", "d"]);
    }

    #[test]
    fn empty_lines_are_lines() {
        check(["\n\r\r\n\n\r"], &["", "", "", "", ""]);
        check(["\n\r"], &["", ""]);
    }

    #[test]
    fn nothing_is_no_line() {
        check([], &[]);
        check(["", ""], &[]);
    }

    #[test]
    fn a_line_may_come_in_pieces() {
        check(["bl", "u", "", "e\ngre", "en\n"], &["blue", "green"]);
    }

    #[test]
    fn a_line_end_split_over_packets_ends_one_line() {
        check(["a\r", "\nb\r", "", "\n\n"], &["a", "b", ""]);
        check(["a\r", "b"], &["a", "b"]);
    }

    #[test]
    fn a_line_that_ends_with_return_does_not_wait_for_more() {
        let mut decoder = LineDecoder::new(LineDecoder::LIMIT_DEFAULT);
        let mut lines = Vec::new();
        decoder.feed(b"blue\r", &mut lines);
        assert_eq!(lines, [DecodedLine::Whole(Text::from("blue"))]);
    }

    #[test]
    fn the_end_of_the_stream_ends_the_last_line() {
        check(["a\nb"], &["a", "b"]);
        check(["a\r"], &["a"]);
    }

    #[test]
    fn a_stream_after_the_end_starts_anew() {
        let mut decoder = LineDecoder::new(3);
        let mut lines = Vec::new();
        decoder.feed(b"four", &mut lines);
        decoder.finish(&mut lines);
        decoder.feed(b"a\r", &mut lines);
        decoder.finish(&mut lines);
        decoder.feed(b"\n", &mut lines);
        let [a, empty] = ["a", ""].map(|line| DecodedLine::Whole(Text::from(line)));
        assert_eq!(lines, [DecodedLine::TooLong, a, empty]);
    }

    #[test]
    fn a_character_split_over_packets_is_whole() {
        check_bytes([b"\xe2", b"\x82", b"\xac\n"], &["€"]);
    }

    #[test]
    fn what_is_not_utf_8_is_replaced() {
        check_bytes([b"a\xffb\n\xe2\x82\n"], &["a\u{fffd}b", "\u{fffd}"]);
    }

    #[test]
    fn a_line_over_the_limit_is_reported_once_and_skipped() {
        check(
            ["a\n123456789", "and more", " and more\nb\n"],
            &["a", "…", "b"],
        );
        check(["1234567890\r\n12345678\n"], &["…", "12345678"]);
        check(["123456789"], &["…"]);
    }

    #[test]
    fn the_limit_counts_bytes() {
        check(["€€\n€€€\n"], &["€€", "…"]);
    }

    #[test]
    fn a_line_over_the_limit_is_reported_before_its_end() {
        let mut decoder = LineDecoder::new(2);
        let mut lines = Vec::new();
        decoder.feed(b"123", &mut lines);
        assert_eq!(lines, [DecodedLine::TooLong]);
    }

    /// The same without packets, byte by byte.
    fn plain_twin(limit: usize, bytes: &[u8]) -> Vec<DecodedLine> {
        let mut lines = vec![Vec::new()];
        for (index, &byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' if index > 0 && bytes[index - 1] == b'\r' => {}
                b'\n' | b'\r' => lines.push(Vec::new()),
                byte => lines.last_mut().expect("there is a first").push(byte),
            }
        }
        lines.pop_if(|last| last.is_empty());
        let line = |bytes: Vec<u8>| {
            if bytes.len() > limit {
                return DecodedLine::TooLong;
            }
            DecodedLine::Whole(Text::from(String::from_utf8_lossy(&bytes).into_owned()))
        };
        lines.into_iter().map(line).collect()
    }

    /// Bytes in packets, rich in line ends and in characters of several bytes.
    fn packets() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let bytes = prop_oneof![
            Just(b'\n'),
            Just(b'\r'),
            prop::sample::select("aé€😀".as_bytes()),
            any::<u8>(),
        ];
        prop::collection::vec(prop::collection::vec(bytes, 0..9), 0..9)
    }

    proptest! {
        #[test]
        fn packets_make_no_difference(packets in packets(), limit in 0_usize..12) {
            let lines = decode(limit, packets.iter().map(Vec::as_slice));
            prop_assert_eq!(lines, plain_twin(limit, &packets.concat()));
        }
    }
}
