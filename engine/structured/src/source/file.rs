//! A file of a folder, and the column that says which one a row is of.

use engine::{DataType, FileStatus, Records, Row, StructField, Text, Time, Value};
use engine_sql::Field;

use super::row_format::timestamp;
use crate::percent::percent_encoded;

/// A file with its lines.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) status: FileStatus,
    pub(crate) lines: Records,
}

impl File {
    /// The file of some records; `None` of one that has no name.
    pub(crate) fn of_records(records: &Records) -> Option<File> {
        let status = FileStatus::of_records(records)?;
        let lines = FileStatus::lines(records).into_owned();
        Some(File { status, lines })
    }

    /// The file of lines that came at a time, and have no name but this one.
    pub(crate) fn nameless(path: Text, time: Time, lines: Records) -> File {
        let status = FileStatus {
            path,
            bytes: lines.iter().map(|line| line.len() as u64 + 1).sum(),
            modified: time,
        };
        File { status, lines }
    }

    /// The lines as one text. Its last line has an end, unless the size of the file says that it has none.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(Text::as_str).collect();
        let mut text = lines.join("\n");
        if !self.lines.is_empty() && text.len() as u64 != self.status.bytes {
            text.push('\n');
        }
        text
    }

    /// The value of [`metadata_column`].
    pub(crate) fn metadata(&self) -> Value {
        let FileStatus {
            path,
            bytes,
            modified,
        } = &self.status;
        let size = Value::Long(i64::try_from(*bytes).unwrap_or(i64::MAX));
        let values = [
            Value::String(format!("file:{}", escaped(path)).into()),
            Value::String(escaped(self.status.name()).into()),
            size.clone(),
            Value::Long(0),
            size,
            timestamp(*modified),
        ];
        let fields = metadata_fields().into_iter().map(|field| field.name);
        Value::Struct(fields.zip(values).collect())
    }
}

/// The column of a stream of files that is there where it is named (`FileFormat.createFileMetadataCol`).
pub(crate) fn metadata_column() -> Field {
    Field {
        nullable: false,
        ..Field::new("_metadata", DataType::Struct(metadata_fields()))
    }
}

fn metadata_fields() -> Vec<StructField> {
    let fields = [
        ("file_path", DataType::String),
        ("file_name", DataType::String),
        ("file_size", DataType::Long),
        ("file_block_start", DataType::Long),
        ("file_block_length", DataType::Long),
        ("file_modification_time", DataType::Timestamp),
    ];
    let fields = fields.into_iter().map(|(name, data_type)| StructField {
        nullable: false,
        ..StructField::new(name, data_type)
    });
    fields.collect()
}

/// A row with the facts of its file behind its columns.
pub(crate) fn with_metadata(row: &[Value], metadata: &Value) -> Row {
    row.iter().chain([metadata]).cloned().collect()
}

/// A path as a URI has it (`java.net.URI.getRawPath`).
fn escaped(path: &str) -> String {
    percent_encoded(path, |character| {
        character <= ' ' || "\"#%<>?[\\]^`{|}\u{7f}".contains(character)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: u64) -> File {
        let path = "/in/a b.txt".into();
        let modified = Time::from_millis(1_500);
        let status = FileStatus {
            path,
            bytes,
            modified,
        };
        let records: Records = [status.to_record(), "one".into(), "two".into()].into();
        File::of_records(&records).expect("it has a name")
    }

    #[test]
    fn the_metadata_of_a_file_is_that_of_spark() {
        let metadata = engine::render::Notation::Sql.text(&file(8).metadata());
        assert_eq!(
            metadata,
            "{file:/in/a%20b.txt, a%20b.txt, 8, 0, 8, 1970-01-01 00:00:01.5}"
        );
    }

    #[test]
    fn the_size_says_whether_the_last_line_has_an_end() {
        assert_eq!(file(8).text(), "one\ntwo\n");
        assert_eq!(file(7).text(), "one\ntwo");
    }
}
