//! The files of a micro-batch: which rows are in which.

use engine::{Failure, Row, StructField, Text, Value};
use engine_sql::{Session, string_of};

use crate::file_format::FileFormat;
use crate::file_sink::PartFile;
use crate::percent::percent_encoded;
use crate::physical::BatchRows;

/// The files of the rows of a micro-batch: one of each partition that has rows, and of the first one, or one of each
/// value that the columns `partition_by` have in it (`org.apache.spark.sql.execution.datasources.FileFormatDataWriter`).
///
/// # Errors
///
/// A value that the format cannot write.
pub(crate) fn file_parts(
    format: &FileFormat,
    columns: &[StructField],
    partition_by: &[Text],
    rows: BatchRows,
    session: &Session,
) -> Result<Vec<PartFile>, Failure> {
    let place = |name: &Text| columns.iter().position(|column| column.name == *name);
    let keys: Vec<usize> = partition_by.iter().filter_map(place).collect();
    let rest = |row: &[Value]| -> Row { without(row, &keys) };
    let columns = without(columns, &keys);
    let key = |row: &Row| -> Row { keys.iter().map(|it| row[*it].clone()).collect() };
    let mut files = Vec::new();
    for (partition, mut rows) in rows {
        rows.sort_by_cached_key(key);
        for group in rows.chunk_by(|one, other| key(one) == key(other)) {
            let rows: Vec<Row> = group.iter().map(|row| rest(row)).collect();
            files.push(PartFile {
                partition,
                within: folder_of(partition_by, &key(&group[0]), session),
                content: format.content(&columns, &rows, session)?,
            });
        }
    }
    let has_first = files.first().is_some_and(|file| file.partition == 0);
    if partition_by.is_empty() && !has_first {
        let empty = PartFile {
            partition: 0,
            within: None,
            content: format.content(&columns, &[], session)?,
        };
        files.insert(0, empty);
    }
    Ok(files)
}

/// The items that are at none of these places.
fn without<T: Clone>(items: &[T], places: &[usize]) -> Vec<T> {
    let kept = items
        .iter()
        .enumerate()
        .filter(|(place, _)| !places.contains(place));
    kept.map(|(_, item)| item.clone()).collect()
}

/// The folder of these values, if there are some
/// (`org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils.getPartitionPathString`).
fn folder_of(columns: &[Text], values: &[Value], session: &Session) -> Option<Text> {
    let parts = columns.iter().zip(values).map(|(column, value)| {
        let text = match value {
            Value::Null => String::new(),
            value => string_of(value, session),
        };
        let value = if text.is_empty() {
            "__HIVE_DEFAULT_PARTITION__".to_owned()
        } else {
            escaped(&text)
        };
        format!("{}={value}", escaped(column))
    });
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join("/").into())
}

/// A name in which the characters that mean something in a path are `%` and their number.
fn escaped(name: &str) -> String {
    percent_encoded(name, |character| {
        character < ' ' || "\"#%'*/:=?\\\u{7f}{[]^".contains(character)
    })
}

#[cfg(test)]
mod tests {
    use engine::{DataType, SparkVersion};

    use super::*;

    #[test]
    fn a_file_has_the_rows_of_a_partition_that_have_one_value() {
        let session = Session::new(SparkVersion::V3_5);
        let format = FileFormat::of("csv", &[("header".into(), "true".into())], &session);
        let format = format
            .expect("it has a header")
            .expect("it is one of these");
        let row = |city: Option<&str>, count| -> Row {
            let city = city.map_or(Value::Null, |city| Value::String(city.into()));
            vec![city, Value::Long(count)]
        };
        let rows = vec![
            (
                0,
                vec![row(Some("a/b"), 1), row(None, 2), row(Some("a/b"), 3)],
            ),
            (2, vec![row(None, 4)]),
        ];
        let columns = [("city", DataType::String), ("count", DataType::Long)];
        let columns = columns.map(|(name, data_type)| StructField::new(name, data_type));
        let parts = file_parts(&format, &columns, &["city".into()], rows, &session);
        let parts = parts.expect("all can be written").into_iter().map(|file| {
            let lines: Vec<String> = file.content.lines.iter().map(ToString::to_string).collect();
            let within = file.within.unwrap_or_default();
            format!("{} {within}: {}", file.partition, lines.join(" "))
        });
        assert_eq!(
            parts.collect::<Vec<_>>(),
            [
                "0 city=__HIVE_DEFAULT_PARTITION__: count 2",
                "0 city=a%2Fb: count 1 3",
                "2 city=__HIVE_DEFAULT_PARTITION__: count 4",
            ]
        );
    }
}
