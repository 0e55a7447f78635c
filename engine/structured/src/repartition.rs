//! The rows of a finite table in other partitions.

use engine::{Inline, Row, Time, Value};
use engine_sql::plan::{LogicalPlan, PlanKind, SortOrder};

use crate::collect::CollectError;
use crate::dataframe::DataFrame;

impl DataFrame {
    /// The rows that a table without streams has now, in at most `count` partitions, each of some that are next to each
    /// other (`org.apache.spark.rdd.DefaultPartitionCoalescer`).
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect).
    pub fn coalesced(&self, count: usize, now: Time) -> Result<DataFrame, CollectError> {
        let partitions = self.collect_partitions(now, &Inline)?;
        let before = partitions.len();
        if count >= before {
            return self.of_partitions(partitions);
        }
        let mut rest = partitions.into_iter();
        let groups = (0..count).map(|index| {
            let end = (index + 1) * before / count;
            let start = index * before / count;
            rest.by_ref().take(end - start).flatten().collect()
        });
        self.of_partitions(groups.collect())
    }

    /// The rows that a table without streams has now, in `count` partitions, each in that whose number is its last value;
    /// without this value.
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect).
    pub fn placed(&self, count: usize, now: Time) -> Result<DataFrame, CollectError> {
        let mut placed: Vec<Vec<Row>> = vec![Vec::new(); count];
        for mut row in self.collect_partitions(now, &Inline)?.into_iter().flatten() {
            if let Some(Value::Integer(place)) = row.pop()
                && let Some(partition) = usize::try_from(place)
                    .ok()
                    .and_then(|it| placed.get_mut(it))
            {
                partition.push(row);
            }
        }
        let schema = self.schema()?;
        let columns = schema.fields().len().saturating_sub(1);
        let columns = schema.fields().iter().take(columns).cloned().collect();
        Ok(self
            .session()
            .table_of_partitions("LocalTable", columns, placed))
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
