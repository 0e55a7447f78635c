//! Files of a folder, as records of its stream.

use std::borrow::Cow;

use crate::{Records, Text, Time};

/// The facts of a file (`org.apache.hadoop.fs.FileStatus`), which may stand before its lines as a record of their own.
///
/// ```
/// use engine::{FileStatus, Records, Time};
/// let status = FileStatus { path: "inbox/a b.txt".into(), bytes: 5, modified: Time::from_millis(1_000) };
/// let file = Records::from([status.to_record(), "blue".into()]);
/// assert_eq!(FileStatus::of_records(&file), Some(status));
/// assert_eq!(FileStatus::lines(&file).len(), 1);
/// assert_eq!(FileStatus::of_records(&["blue".into()]), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStatus {
    /// The path.
    pub path: Text,
    /// The size.
    pub bytes: u64,
    /// The time at which it was written last.
    pub modified: Time,
}

/// The start of a record that is no line.
const MARK: &str = "\u{1f}file ";

impl FileStatus {
    /// The record of the facts.
    pub fn to_record(&self) -> Text {
        let millis = self.modified.as_millis();
        format!("{MARK}{} {millis} {}", self.bytes, self.path).into()
    }

    /// The facts of a file of these records; `None` if they are only lines.
    pub fn of_records(records: &[Text]) -> Option<FileStatus> {
        let mut parts = records.first()?.strip_prefix(MARK)?.splitn(3, ' ');
        Some(FileStatus {
            bytes: parts.next()?.parse().ok()?,
            modified: Time::from_millis(parts.next()?.parse().ok()?),
            path: parts.next()?.into(),
        })
    }

    /// The lines of a file of these records.
    pub fn lines(records: &Records) -> Cow<'_, Records> {
        match FileStatus::of_records(records) {
            None => Cow::Borrowed(records),
            Some(_) => Cow::Owned(records[1..].into()),
        }
    }

    /// The last name of the path.
    pub fn name(&self) -> &str {
        let name = self.path.rsplit('/').next();
        name.unwrap_or_default()
    }
}
