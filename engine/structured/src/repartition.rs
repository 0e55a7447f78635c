//! The rows of a table in other partitions.

use std::sync::Arc;

use engine::{Inline, Row, Time};
use engine_sql::plan::{LogicalPlan, PlanKind, SortOrder};
use engine_sql::{Expression, ExternalOperator};

use crate::collect::CollectError;
use crate::dataframe::DataFrame;

/// The number of partitions that rows are dealt out to, and the rule.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    pub(crate) count: usize,
    pub(crate) by: SpreadBy,
}

/// The rule by which rows are dealt out to partitions.
#[derive(Clone, Debug)]
pub(crate) enum SpreadBy {
    /// One after the other.
    Turns,
    /// By the hash of the keys.
    Hash,
    /// By the ranges of an order of the keys.
    Range(Vec<Direction>),
    /// Partitions that are next to each other become one.
    Neighbours,
}

/// The direction of a key of an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Direction {
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

impl DataFrame {
    /// The rows in `count` partitions, by turns (`Dataset.repartition(n)`).
    ///
    /// ```
    /// use engine::{Inline, Time};
    /// let spark = engine_structured::SparkSession::local(1, "spread");
    /// let rows = spark.sql("SELECT * FROM VALUES (1), (2), (3)").repartition(2);
    /// let partitions = rows.collect_partitions(Time::EPOCH, &Inline)?;
    /// assert_eq!(partitions.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    pub fn repartition(&self, count: usize) -> DataFrame {
        self.spread(count, SpreadBy::Turns, Vec::new())
    }

    /// The rows in `count` partitions, by a hash of these columns (`Dataset.repartition(n, columns)`).
    pub fn repartition_by(&self, count: usize, columns: Vec<Expression>) -> DataFrame {
        self.spread(count, SpreadBy::Hash, columns)
    }

    /// The rows in at most `count` partitions, each of a range of this order (`Dataset.repartitionByRange`). The bounds are
    /// those of all rows; Spark has them of a sample, where a partition has more than some hundred rows.
    pub fn repartition_by_range(&self, count: usize, order: Vec<SortOrder>) -> DataFrame {
        let directions = order.iter().map(|key| Direction {
            descending: key.descending,
            nulls_first: key.nulls_first,
        });
        let directions = directions.collect();
        let keys = order.into_iter().map(|key| key.expression).collect();
        self.spread(count, SpreadBy::Range(directions), keys)
    }

    /// The rows in at most `count` partitions, each of some that are next to each other
    /// (`org.apache.spark.rdd.DefaultPartitionCoalescer`).
    pub fn coalesce(&self, count: usize) -> DataFrame {
        self.spread(count, SpreadBy::Neighbours, Vec::new())
    }

    fn spread(&self, count: usize, by: SpreadBy, keys: Vec<Expression>) -> DataFrame {
        let columns = match self.schema() {
            Ok(columns) => columns,
            Err(error) => return self.session().frame_of(Err(error)),
        };
        let name = match by {
            SpreadBy::Neighbours => "Repartition",
            SpreadBy::Turns | SpreadBy::Hash | SpreadBy::Range(_) => "Exchange",
        };
        let operator = ExternalOperator {
            name: name.into(),
            columns,
            code: Arc::new(Spread { count, by }),
        };
        self.with(|input| PlanKind::External {
            input,
            keys,
            operator,
        })
    }

    /// The rows that a table without streams has now, those of each partition in an order (`sortWithinPartitions`).
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect).
    pub fn sorted_within(&self, order: &[SortOrder], now: Time) -> Result<DataFrame, CollectError> {
        let partitions = self.collect_partitions(now, &Inline)?.into_iter();
        let sorted = partitions.map(|rows| {
            let input = self.of_partitions(vec![rows])?.plan()?.clone();
            let order = order.to_vec();
            let sorted = LogicalPlan::new(PlanKind::Sort { input, order });
            self.session().frame(sorted).collect(now, &Inline)
        });
        let sorted = sorted.collect::<Result<_, _>>()?;
        self.of_partitions(sorted)
    }

    /// A table with the same columns.
    fn of_partitions(&self, partitions: Vec<Vec<Row>>) -> Result<DataFrame, CollectError> {
        let schema = self.schema()?;
        Ok(self
            .session()
            .table_of_partitions("LocalTable", schema, partitions))
    }
}
