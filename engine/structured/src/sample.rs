//! Random numbers for the rows of a finite table, by which a sample of them is drawn.

use engine::order::xor_shift_random::XorShiftRandom;
use engine::{DataType, Inline, Time, Value};
use engine_sql::Field;

use crate::collect::CollectError;
use crate::dataframe::DataFrame;

impl DataFrame {
    /// The rows that a table without streams has now, with a column behind all, which has a random number of each row:
    /// from 0 up to 1, without it (`org.apache.spark.util.random.BernoulliCellSampler`).
    ///
    /// Each partition has a generator of its own. With `sorts` the rows of a partition are sorted by their columns
    /// before, so that the numbers do not depend on the order in which they come (`randomSplit`).
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect).
    pub fn with_draws(
        &self,
        column: &str,
        seed: i64,
        sorts: bool,
        now: Time,
    ) -> Result<DataFrame, CollectError> {
        let schema = self.schema()?;
        let fields = schema.fields().iter().cloned();
        let draw = Field {
            nullable: false,
            ..Field::new(column, DataType::Double)
        };
        let mut partitions = self.collect_partitions(now, &Inline)?;
        for (rows, index) in partitions.iter_mut().zip(0..) {
            if sorts {
                rows.sort();
            }
            let mut random = XorShiftRandom::new(seed.wrapping_add(index).cast_unsigned());
            for row in rows {
                row.push(Value::Double(random.next_double().into()));
            }
        }
        let columns = fields.chain([draw]).collect();
        let session = self.session();
        Ok(session.table_of_partitions("LocalTable", columns, partitions))
    }
}
