//! Rows that a function of the program makes of the rows of partitions, or of groups.

use std::fmt;
use std::sync::Arc;

use engine::{Failure, Row, Value};
use engine_sql::plan::PlanKind;
use engine_sql::{Expression, ExternalOperator, Schema};

use crate::dataframe::{DataFrame, GroupedData};

/// The rows that a function makes of those of a partition (`org.apache.spark.sql.catalyst.plans.logical.MapInPandas`).
#[derive(Debug)]
pub(crate) struct MapPartitions(pub(crate) Named<PartitionFunction>);

/// The rows that a function makes of those of a group (`org.apache.spark.sql.catalyst.plans.logical.FlatMapGroupsInPandas`).
#[derive(Debug)]
pub(crate) struct MapGroups(pub(crate) Named<GroupFunction>);

pub(crate) type PartitionFunction = dyn Fn(Vec<Row>) -> Result<Vec<Row>, Failure> + Send + Sync;

pub(crate) type GroupFunction =
    dyn Fn(&[Value], Vec<Row>) -> Result<Vec<Row>, Failure> + Send + Sync;

/// A function with its name in messages.
pub(crate) struct Named<F: ?Sized> {
    pub(crate) name: &'static str,
    pub(crate) function: Box<F>,
}

impl<F: ?Sized> fmt::Debug for Named<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl DataFrame {
    /// The rows that a function makes of those of each partition (`Dataset.mapPartitions`), which have these columns. Of a
    /// stream they are those of a micro-batch.
    ///
    /// ```
    /// use engine::{DataType, Inline, Time, Value};
    /// use engine_sql::Field;
    ///
    /// let spark = engine_structured::SparkSession::local(1, "sizes");
    /// let words = spark.sql("SELECT * FROM VALUES ('blue'), ('green')");
    /// let columns = [Field::new("size", DataType::Long)].into_iter().collect();
    /// let sizes = words.map_partitions("sizes", columns, |rows| Ok(vec![vec![Value::Long(rows.len() as i64)]]));
    /// assert_eq!(sizes.collect(Time::EPOCH, &Inline)?, [[Value::Long(2)]]);
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    pub fn map_partitions(
        &self,
        name: &'static str,
        columns: Schema,
        function: impl Fn(Vec<Row>) -> Result<Vec<Row>, Failure> + Send + Sync + 'static,
    ) -> DataFrame {
        let operator = ExternalOperator {
            name: name.into(),
            columns,
            code: Arc::new(MapPartitions(Named {
                name,
                function: Box::new(function),
            })),
        };
        self.with(|input| PlanKind::External {
            input,
            keys: Vec::new(),
            operator,
        })
    }
}

impl GroupedData {
    /// The rows that a function makes of the key and the rows of each group (`Dataset.flatMapGroups`), which have these
    /// columns. Groups come by shuffle partition, the least key first. Of a stream they are those of a micro-batch.
    ///
    /// ```
    /// use engine::{DataType, Inline, Time, Value};
    /// use engine_sql::Field;
    ///
    /// let spark = engine_structured::SparkSession::local(2, "sizes");
    /// let words = spark.sql("SELECT col1 AS word FROM VALUES ('blue'), ('green'), ('blue')");
    /// let columns = ["word", "size"].map(|name| Field::new(name, DataType::String));
    /// let sizes = words.group_by("word").flat_map_groups("sizes", columns.into_iter().collect(), |key, rows| {
    ///     Ok(vec![vec![key[0].clone(), Value::String(rows.len().to_string().into())]])
    /// });
    /// assert_eq!(sizes.collect(Time::EPOCH, &Inline)?.len(), 2);
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    pub fn flat_map_groups(
        &self,
        name: &'static str,
        columns: Schema,
        function: impl Fn(&[Value], Vec<Row>) -> Result<Vec<Row>, Failure> + Send + Sync + 'static,
    ) -> DataFrame {
        let keys: Vec<Expression> = self.keys.iter().map(|key| key.0.clone()).collect();
        let operator = ExternalOperator {
            name: name.into(),
            columns,
            code: Arc::new(MapGroups(Named {
                name,
                function: Box::new(function),
            })),
        };
        self.table.with(|input| PlanKind::External {
            input,
            keys,
            operator,
        })
    }
}
