//! Finite tables that are written out.

use engine::{Inline, Text, Time};

use crate::collect::CollectError;
use crate::dataframe::DataFrame;
use crate::file_format::FileFormat;
use crate::file_parts::file_parts;
use crate::file_sink::PartFile;
use crate::sink::check_columns;

impl DataFrame {
    /// The files of a table without streams in the format `csv`, `json`, `text` or, with the feature `parquet`, `parquet`, in folders by the values of some
    /// columns; `None` of another format, in which a table can be [`written`](DataFrame::written) down alone.
    ///
    /// ```
    /// use engine::Time;
    /// let spark = engine_structured::SparkSession::local(2, "finite");
    /// let files = spark.sql("SELECT 1 AS one").files("json", &[], &[], Time::EPOCH)?;
    /// assert_eq!(files.expect("it is a format of files")[0].content.lines[0], "{\"one\":1}");
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect), and columns or options that the format does not have.
    pub fn files(
        &self,
        format: &str,
        options: &[(Text, Text)],
        partition_by: &[Text],
        now: Time,
    ) -> Result<Option<Vec<PartFile>>, CollectError> {
        let settings = &self.session().sql;
        let Some(format) = FileFormat::of(format, options, settings)? else {
            return Ok(None);
        };
        let schema = self.schema()?;
        check_columns(&format, partition_by, &schema)?;
        let rows = self.collect_partitions(now, &Inline)?.into_iter();
        let rows = rows.enumerate().filter(|(_, rows)| !rows.is_empty());
        let files = file_parts(
            &format,
            &schema.to_struct(),
            partition_by,
            rows.collect(),
            settings,
        );
        files.map(Some).map_err(CollectError::Failure)
    }
}
