//! Readers of finite tables.

use engine::{DataType, Failure, Records, Row, StructField, Text, Value};
use engine_sql::{
    AnalysisError, CsvOptions, CsvParser, Field, JsonOptions, JsonParser, csv_names, infer_csv,
    infer_json,
};

use crate::collect::CollectError;
use crate::dataframe::DataFrame;
use crate::session::SparkSession;
use crate::source::partitions;

/// The lines that a table is read from.
#[derive(Clone, Debug)]
pub enum TableLines {
    /// Those of files, which are dealt out to partitions: the largest first
    /// (`org.apache.spark.sql.execution.datasources.FilePartition`).
    Files(Vec<Records>),
    /// Those of partitions, as they are.
    Partitions(Vec<Records>),
}

/// Reads lines as a finite table (`org.apache.spark.sql.DataFrameReader`). All columns may be `NULL`.
///
/// ```
/// use engine::{Inline, Time, Value};
/// use engine_structured::{SparkSession, TableLines};
///
/// let spark = SparkSession::local(2, "users");
/// let users = TableLines::Files(vec![["name,level".into(), "ann,7".into()].into()]);
/// let table = spark.read().option("header", "true").option("inferSchema", "true").csv(users)?;
/// assert_eq!(table.columns()?, ["name", "level"]);
/// let row = vec![Value::String("ann".into()), Value::Integer(7)];
/// assert_eq!(table.collect(Time::EPOCH, &Inline)?, [row]);
/// # Ok::<(), engine_structured::CollectError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DataFrameReader {
    session: SparkSession,
    schema: Option<Vec<StructField>>,
    options: Vec<(String, String)>,
}

/// Lines by partition, and there by file.
type Parted = Vec<Vec<Records>>;

impl DataFrameReader {
    pub(crate) fn new(session: SparkSession) -> DataFrameReader {
        DataFrameReader {
            session,
            schema: None,
            options: Vec::new(),
        }
    }

    /// The columns of the table. Without them they follow from the lines.
    pub fn schema(self, columns: Vec<StructField>) -> DataFrameReader {
        DataFrameReader {
            schema: Some(columns),
            ..self
        }
    }

    /// Sets an option of the format, whatever the case of its name.
    pub fn option(mut self, name: &str, value: &str) -> DataFrameReader {
        self.options.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The table of lines of CSV. Its options are those of [`CsvOptions`], and `header` and `inferSchema`.
    ///
    /// # Errors
    ///
    /// An option or a type that is refused, and a malformed line in the mode `FAILFAST`.
    pub fn csv(&self, lines: TableLines) -> Result<DataFrame, CollectError> {
        let header = self.flag("header")?;
        let infers = self.flag("inferSchema")?;
        let settings = &self.session.sql;
        let options = self.others(&["header", "inferschema"]);
        let options = CsvOptions::new(options, settings).map_err(AnalysisError::from)?;
        let is_dealt = matches!(lines, TableLines::Partitions(_));
        let parted = self.parted(lines);
        let is_line = |line: &&Text| options.has_values(line);
        let mut all = parted
            .iter()
            .flatten()
            .flat_map(|file| file.iter())
            .filter(is_line);
        let first = all.next();
        let is_header = |line: &&Text| header && Some(*line) == first;
        let columns = match (&self.schema, first) {
            (Some(columns), _) => columns.clone(),
            (None, None) => Vec::new(),
            (None, Some(first)) => {
                let names = csv_names(first, header, &options);
                let rest = (!header).then_some(first).into_iter();
                let rest = rest.chain(all.filter(|line| !is_header(line)));
                let values = rest.map(Text::as_str).filter(|_| infers);
                infer_csv(names, values, &options)
            }
        };
        let parser = CsvParser::new(columns.clone(), options.clone(), settings);
        let parser = parser.map_err(AnalysisError::from)?;
        // Each file has a header of its own; partitions that were no files have one together.
        let rows_of = |file: &Records| {
            let skipped = usize::from(header && !is_dealt);
            let lines = file.iter().filter(is_line).skip(skipped);
            let lines = lines.filter(|line| !(is_dealt && is_header(line)));
            lines
                .filter_map(|line| parser.row(line).transpose())
                .collect()
        };
        self.table("csv", columns, &parted, rows_of)
    }

    /// The table of texts of JSON, each an object or an array of objects. Its options are those of [`JsonOptions`].
    ///
    /// # Errors
    ///
    /// An option or a type that is refused, and a malformed text in the mode `FAILFAST`.
    pub fn json(&self, texts: TableLines) -> Result<DataFrame, CollectError> {
        let settings = &self.session.sql;
        let options = JsonOptions::new(self.others(&[]), settings).map_err(AnalysisError::from)?;
        let parted = self.parted(texts);
        let columns = if let Some(columns) = &self.schema {
            columns.clone()
        } else {
            let all = parted.iter().flatten().flat_map(|file| file.iter());
            let inferred = infer_json(all.map(Text::as_str), &options, settings);
            inferred.map_err(CollectError::Failure)?
        };
        let parser = JsonParser::of_rows(columns.clone(), options, settings);
        let parser = parser.map_err(AnalysisError::from)?;
        let rows_of = |file: &Records| {
            let rows = file.iter().map(|text| parser.rows(text));
            Ok(rows.collect::<Result<Vec<_>, Failure>>()?.concat())
        };
        self.table("json", columns, &parted, rows_of)
    }

    /// The table `lines(value)` of texts.
    ///
    /// # Errors
    ///
    /// An option: there is none. A schema of more than one column, or of another type.
    pub fn text(&self, lines: TableLines) -> Result<DataFrame, CollectError> {
        if let Some((name, _)) = self.options.first() {
            let message = format!("the text option `{name}` is not supported here: leave it out");
            return Err(AnalysisError::unclassified(message).into());
        }
        let columns = match &self.schema {
            None => vec![StructField::new("value", DataType::String)],
            Some(columns) => match columns.as_slice() {
                [column] if column.data_type == DataType::String => columns.clone(),
                [column] => {
                    return Err(AnalysisError::new(
                        "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                        format!(
                            "The Text datasource doesn't support the column `{}` of the type \"{}\".",
                            column.name, column.data_type
                        ),
                    )
                    .into());
                }
                _ => {
                    return Err(AnalysisError::unclassified(format!(
                        "Text data source supports only a single column, and you have {} columns.",
                        columns.len()
                    ))
                    .into());
                }
            },
        };
        let parted = self.parted(lines);
        let rows_of = |file: &Records| {
            let rows = file.iter().map(|line| vec![Value::String(line.clone())]);
            Ok(rows.collect())
        };
        self.table("text", columns, &parted, rows_of)
    }

    fn parted(&self, lines: TableLines) -> Parted {
        match lines {
            TableLines::Files(files) => partitions(files, |file| file, self.session.cores),
            TableLines::Partitions(dealt) => dealt.into_iter().map(|lines| vec![lines]).collect(),
        }
    }

    fn table(
        &self,
        name: &str,
        columns: Vec<StructField>,
        parted: &Parted,
        rows_of: impl Fn(&Records) -> Result<Vec<Row>, Failure>,
    ) -> Result<DataFrame, CollectError> {
        let rows = parted.iter().map(|files| {
            let rows = files.iter().map(&rows_of);
            Ok(rows.collect::<Result<Vec<_>, Failure>>()?.concat())
        });
        let rows = rows
            .collect::<Result<_, _>>()
            .map_err(CollectError::Failure)?;
        let columns = columns.into_iter();
        let schema = columns.map(|column| Field::new(column.name, column.data_type));
        Ok(self
            .session
            .table_of_partitions(name, schema.collect(), rows))
    }

    /// The value of an option that is true or false, which is its default.
    fn flag(&self, name: &str) -> Result<bool, AnalysisError> {
        let mut given = self.options.iter().rev();
        let found = given.find(|(option, _)| option.eq_ignore_ascii_case(name));
        match found.map(|(_, value)| value.to_lowercase()).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => {
                let message = format!("{name} flag can be true or false");
                Err(AnalysisError::unclassified(message))
            }
        }
    }

    /// The options without these.
    fn others(&self, without: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        let options = self.options.iter();
        let others = options.filter(|(name, _)| !without.contains(&name.to_lowercase().as_str()));
        others.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
