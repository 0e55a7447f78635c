//! Files that are no text, as records of their stream.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::Text;

/// The start of a record that is all bytes of a file.
const MARK: &str = "\u{1f}bytes ";

/// The bytes of a file as one record, which stands in the place of its lines.
///
/// ```
/// use engine::{bytes_of_record, record_of_bytes};
/// let record = record_of_bytes(b"PAR1\xff");
/// assert_eq!(bytes_of_record(&record), Some(b"PAR1\xff".to_vec()));
/// assert_eq!(bytes_of_record("a line"), None);
/// ```
pub fn record_of_bytes(bytes: &[u8]) -> Text {
    let mut record = MARK.to_owned();
    BASE64_STANDARD.encode_string(bytes, &mut record);
    record.into()
}

/// The bytes of a file that a record is; `None` if it is a line.
pub fn bytes_of_record(record: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(record.strip_prefix(MARK)?).ok()
}
