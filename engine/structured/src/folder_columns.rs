//! The columns that the names of folders are: `year=2024/month=1/` (`org.apache.spark.sql.execution.datasources.PartitioningUtils`).

use engine::{DataType, Row, StructField, Text, Value};
use engine_sql::{AnalysisError, Context, Session, Typed};

/// The name of a folder whose column is `NULL`.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The columns of the folders that files are in, and their values.
#[derive(Debug, Default)]
pub(crate) struct FolderColumns {
    pub(crate) columns: Vec<StructField>,
    /// The values by file.
    pub(crate) values: Vec<Row>,
}

/// A folder's column, as its name has it.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    column: String,
    value: Option<String>,
}

impl FolderColumns {
    /// The columns of files with these paths, of the folders below `base`. They have the types of the columns of the same
    /// names that are `given`, or types in which all their values fit.
    ///
    /// # Errors
    ///
    /// Folders of the same depth have columns of other names, or a value has not the given type.
    pub(crate) fn of(
        paths: &[Text],
        base: &str,
        given: &[StructField],
        session: &Session,
    ) -> Result<FolderColumns, AnalysisError> {
        let folders: Vec<Vec<Named>> = paths.iter().map(|path| named_in(path, base)).collect();
        let names =
            |of: &[Named]| -> Vec<String> { of.iter().map(|it| it.column.clone()).collect() };
        let first = folders.first().map(|it| names(it)).unwrap_or_default();
        if let Some(other) = folders.iter().find(|it| names(it) != first) {
            return Err(conflicting(&first, &names(other)));
        }
        let mut found = FolderColumns {
            columns: Vec::new(),
            values: vec![Row::new(); paths.len()],
        };
        for (place, name) in first.iter().enumerate() {
            let texts: Vec<Option<&str>> = folders
                .iter()
                .map(|it| it[place].value.as_deref())
                .collect();
            let given = given.iter().find(|it| it.name.eq_ignore_ascii_case(name));
            let column = given.cloned().unwrap_or_else(|| {
                StructField::new(
                    name.as_str(),
                    inferred(texts.iter().copied().flatten(), session),
                )
            });
            for (row, text) in found.values.iter_mut().zip(texts) {
                row.push(match text {
                    None => Value::Null,
                    Some(text) => cast(text, &column.data_type, session)?,
                });
            }
            found.columns.push(column);
        }
        Ok(found)
    }

    /// The columns that are no folders'.
    pub(crate) fn others(&self, mut columns: Vec<StructField>) -> Vec<StructField> {
        let is_folder = |column: &StructField| {
            let mut folders = self.columns.iter();
            folders.any(|it| it.name.eq_ignore_ascii_case(&column.name))
        };
        columns.retain(|column| !is_folder(column));
        columns
    }
}

fn conflicting(one: &[String], other: &[String]) -> AnalysisError {
    AnalysisError::new(
        "CONFLICTING_PARTITION_COLUMN_NAMES",
        format!(
            "Conflicting partition column names detected:\n\tPartition column name list #0: {}\n\tPartition column name \
             list #1: {}\nFor partitioned table directories, data files should only live in leaf directories.\nAnd \
             directories at the same level should have the same partition column name.",
            one.join(", "),
            other.join(", ")
        ),
    )
}

/// The columns of the folders between `base` and a file.
fn named_in(path: &str, base: &str) -> Vec<Named> {
    let below = path
        .strip_prefix(base.trim_end_matches('/'))
        .unwrap_or_default();
    let folders = below.rsplit_once('/').map_or("", |(folders, _)| folders);
    let named = folders.split('/').filter_map(|folder| {
        let (column, value) = folder.split_once('=')?;
        Some(Named {
            column: unescaped(column),
            value: Some(unescaped(value)).filter(|it| it != NULL),
        })
    });
    named.collect()
}

/// A name in which `%` and two digits stand for a character
/// (`org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils.unescapePathName`).
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let digits = digits.and_then(|it| std::str::from_utf8(it).ok());
        if let Some(byte) = digits.and_then(|it| u8::from_str_radix(it, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The type in which all values fit (`PartitioningUtils.inferPartitionColumnValue`).
fn inferred<'a>(values: impl Iterator<Item = &'a str>, session: &Session) -> DataType {
    let types = values.map(|value| type_of(value, session));
    let common = types.reduce(|one, other| common(&one, &other));
    common.unwrap_or(DataType::Null)
}

/// The types that a value may have, from the narrowest on, of which a wider one has the values of those before.
fn type_of(value: &str, session: &Session) -> DataType {
    if value.parse::<i32>().is_ok() {
        return DataType::Integer;
    }
    if value.parse::<i64>().is_ok() {
        return DataType::Long;
    }
    if let Some(decimal) = whole_decimal(value) {
        return decimal;
    }
    let number = value.trim_end_matches(['d', 'D', 'f', 'F']);
    let is_number = number.ends_with(|it: char| it.is_ascii_digit() || it == '.');
    if matches!(value, "NaN" | "Infinity" | "-Infinity")
        || (is_number && number.parse::<f64>().is_ok())
    {
        return DataType::Double;
    }
    let is = |data_type: DataType| {
        let value = cast(
            value,
            &data_type,
            &Session {
                ansi: false,
                ..session.clone()
            },
        );
        value.is_ok_and(|it| it != Value::Null)
    };
    let dashes = value.matches('-').count() == 2;
    if dashes && !value.contains([':', ' ', 'T']) && is(DataType::Date) {
        return DataType::Date;
    }
    if dashes && value.contains(':') && is(DataType::Timestamp) {
        return DataType::Timestamp;
    }
    DataType::String
}

/// The type of a whole number that is too long for 64 bits.
fn whole_decimal(value: &str) -> Option<DataType> {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let is_whole = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    let precision = u8::try_from(digits.len()).ok()?;
    (is_whole && precision <= 38).then_some(DataType::Decimal {
        precision,
        scale: 0,
    })
}

fn common(one: &DataType, other: &DataType) -> DataType {
    let rank = |data_type: &DataType| match data_type {
        DataType::Integer => 0,
        DataType::Long => 1,
        DataType::Decimal { precision, .. } => 2 + precision,
        DataType::Double => 50,
        DataType::Date => 60,
        DataType::Timestamp => 61,
        _ => 70,
    };
    let are_of_a_kind = (rank(one) < 60) == (rank(other) < 60);
    match (are_of_a_kind, rank(one) >= rank(other)) {
        (false, _) => DataType::String,
        (true, true) => one.clone(),
        (true, false) => other.clone(),
    }
}

fn cast(text: &str, data_type: &DataType, session: &Session) -> Result<Value, AnalysisError> {
    let text = Typed::literal(Value::String(text.into()), DataType::String);
    let cast = text.cast(data_type, false, session)?;
    let context = Context {
        session,
        timestamp: 0,
    };
    let value = cast.value(&[], &context);
    value.map_err(|failure| AnalysisError::unclassified(failure.message().as_str()))
}

#[cfg(test)]
mod tests {
    use engine::SparkVersion;
    use engine::render::Notation;

    use super::*;

    fn columns(folders: &[&str], given: &[StructField]) -> Result<String, AnalysisError> {
        let paths: Vec<Text> = folders
            .iter()
            .map(|it| format!("/in/{it}/a.txt").into())
            .collect();
        let session = Session::new(SparkVersion::V3_5);
        let found = FolderColumns::of(&paths, "/in/", given, &session)?;
        let columns = found
            .columns
            .iter()
            .map(|it| format!("{} {}", it.name, it.data_type));
        let rows = found.values.iter().map(|row| {
            let values = row.iter().map(|it| Notation::Sql.text(it));
            values.collect::<Vec<_>>().join(" ")
        });
        Ok(columns.chain(rows).collect::<Vec<_>>().join(" | "))
    }

    #[test]
    fn a_folder_is_a_column_of_the_type_that_spark_gives_it() {
        for (folders, expected) in [
            (["k=1", "k=2"], "k INT | 1 | 2"),
            (["k=01", "k=__HIVE_DEFAULT_PARTITION__"], "k INT | 1 | NULL"),
            (["k=1", "k=x"], "k STRING | 1 | x"),
            (["k=1", "k=2.5"], "k DOUBLE | 1.0 | 2.5"),
            (["k=1.5f", "k=NaN"], "k DOUBLE | 1.5 | NaN"),
            (["k=1L", "k=2"], "k STRING | 1L | 2"),
            (["k=9999999999", "k=1"], "k BIGINT | 9999999999 | 1"),
            (
                ["k=99999999999999999999999", "k=1"],
                "k DECIMAL(23,0) | 99999999999999999999999 | 1",
            ),
            (
                ["k=2024-01-01", "k=2024-01-02"],
                "k DATE | 2024-01-01 | 2024-01-02",
            ),
            (
                ["k=2024-01-01 10%3A00%3A00", "k=2024-01-02"],
                "k TIMESTAMP | 2024-01-01 10:00:00 | 2024-01-02 00:00:00",
            ),
            (["k=1", "k=2024-01-01"], "k STRING | 1 | 2024-01-01"),
            (["k=true", "k=a%2Fb"], "k STRING | true | a/b"),
            (["a=1/b=x", "a=2/b=y"], "a INT | b STRING | 1 x | 2 y"),
        ] {
            assert_eq!(columns(&folders, &[]).as_deref(), Ok(expected));
        }
        let given = [StructField::new("K", DataType::Long)];
        assert_eq!(columns(&["k=1"], &given).as_deref(), Ok("K BIGINT | 1"));
    }

    #[test]
    fn folders_of_other_columns_are_refused() {
        let refused = columns(&["k=1", "j=1"], &[]).expect_err("they differ");
        assert!(
            refused
                .to_string()
                .contains("Partition column name list #1: j"),
            "{refused}"
        );
    }
}
