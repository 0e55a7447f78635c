//! A snapshot file: a head of a few lines, and the console text.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::text::{EncodedText, FormatError};

/// Bytes within which the head of a snapshot ends.
const HEAD_MAX: u64 = 64 << 10;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A snapshot file.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// The scenario that it names.
    pub(crate) input_file: Option<String>,
    pub(crate) text: EncodedText,
}

impl Snapshot {
    /// Parses the bytes of a file. Its lines may end as on Windows.
    ///
    /// # Errors
    ///
    /// Fails if it is not UTF-8, or the text does not stand between its marker lines.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Snapshot, FormatError> {
        let file = String::from_utf8(bytes).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.split(|byte| *byte == b'\n').count();
            FormatError::NotUtf8 { line }
        })?;
        // An editor or a checkout puts them there: the text itself would have them as escapes.
        let file = if file.contains(['\r', BYTE_ORDER_MARK]) {
            file.trim_start_matches(BYTE_ORDER_MARK)
                .replace("\r\n", "\n")
        } else {
            file
        };
        let head = file
            .strip_prefix("---\n")
            .and_then(|rest| Some((rest, rest.find("\n---\n")?)));
        let content = head.map_or(0, |(rest, end)| {
            file.len() - rest.len() + end + "\n---\n".len()
        });
        Ok(Snapshot {
            input_file: Head::of(file.lines()).input_file,
            text: EncodedText::find(file, content)?,
        })
    }
}

/// The lines of a head that are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// The file of the test that wrote the snapshot.
    pub(crate) source: Option<String>,
    /// The scenario.
    pub(crate) input_file: Option<String>,
}

impl Head {
    /// The head with which these lines begin. A file may have none.
    fn of<L: AsRef<str>>(mut lines: impl Iterator<Item = L>) -> Head {
        let mut head = Head::default();
        let first = lines.next();
        let is_head = |first: L| first.as_ref().trim_start_matches(BYTE_ORDER_MARK) == "---";
        if !first.is_some_and(is_head) {
            return head;
        }
        for line in lines.take_while(|line| line.as_ref() != "---") {
            let line = line.as_ref();
            if let Some(source) = line.strip_prefix("source: ") {
                head.source = Some(source.to_owned());
            } else if let Some(input_file) = line.strip_prefix("input_file: ") {
                head.input_file = Some(input_file.to_owned());
            }
        }
        head
    }
}

/// The head of a snapshot file, without the rest of it; `None` if it cannot be read.
pub(crate) fn head_of(file: &Path) -> Option<Head> {
    let start = BufReader::new(File::open(file).ok()?.take(HEAD_MAX));
    Some(Head::of(start.lines().map_while(Result::ok)))
}
