//! Pairs of rows of two finite tables, and the rows of both without a partner.

use std::collections::BTreeMap;

use engine::order::partition;
use engine::{Failure, Row, Value, gather};
use engine_sql::{Context, Typed};

use super::keys::JoinKeys;
use crate::physical::generate::joined;
use crate::physical::kept::Kept;
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions, collect};
use crate::physical::state::GroupKey;

/// The rows of both tables by shuffle partition, each sorted by its key
/// (`org.apache.spark.sql.execution.joins.SortMergeJoinExec`, `FullOuter`).
#[derive(Debug)]
pub(crate) struct FullJoin {
    pub(crate) left: Side,
    pub(crate) right: Side,
    /// The condition beside the keys, over the columns of both.
    pub(crate) condition: Option<Typed>,
    pub(crate) shuffle_partitions: usize,
    pub(crate) rows: Kept,
}

/// A table of a join.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) keys: JoinKeys,
    /// The number of columns.
    pub(crate) width: usize,
}

/// The rows of one table in a shuffle partition by their keys; `None` of those that are equal to none.
type ByKey = BTreeMap<Option<GroupKey>, Vec<Row>>;

impl Side {
    /// The rows by shuffle partition and key.
    fn read(
        &mut self,
        shuffle_partitions: usize,
        batch: &Batch<'_>,
    ) -> Result<BTreeMap<usize, ByKey>, Failure> {
        let partitions = self.input.begin(batch)?;
        let rows = collect(&*self.input, &partitions, batch)?;
        let mut all: BTreeMap<usize, ByKey> = BTreeMap::new();
        for row in rows.into_iter().flatten() {
            let values = self.keys.values(&row, &batch.context)?;
            let key = GroupKey::new(&values);
            let to = match values.len() {
                0 => 0,
                _ => partition(key.shuffle_hash(), shuffle_partitions),
            };
            let key = (!self.keys.is_missing(&values)).then_some(key);
            let rows = all.entry(to).or_default().entry(key).or_default();
            rows.push(row);
        }
        Ok(all)
    }

    fn nulls(&self) -> Row {
        vec![Value::Null; self.width]
    }
}

impl FullJoin {
    /// The result of a shuffle partition.
    fn join(
        &self,
        left: &ByKey,
        right: &ByKey,
        context: &Context<'_>,
    ) -> Result<Vec<Row>, Failure> {
        let mut result = Vec::new();
        let mut keys: Vec<&Option<GroupKey>> = left.keys().chain(right.keys()).collect();
        keys.sort();
        keys.dedup();
        let none = Vec::new();
        for key in keys {
            let left = left.get(key).unwrap_or(&none);
            let right = right.get(key).unwrap_or(&none);
            let partners = if key.is_some() { &right[..] } else { &[] };
            let mut has_partner = vec![false; right.len()];
            for row in left {
                let before = result.len();
                for (other, has_partner) in partners.iter().zip(&mut has_partner) {
                    let pair = joined(row, other.clone());
                    let is_pair = match &self.condition {
                        Some(condition) => condition.value(&pair, context)? == Value::Boolean(true),
                        None => true,
                    };
                    if is_pair {
                        *has_partner = true;
                        result.push(pair);
                    }
                }
                if result.len() == before {
                    result.push(joined(row, self.right.nulls()));
                }
            }
            let alone = right.iter().zip(has_partner).filter(|(_, has)| !has);
            result.extend(alone.map(|(row, _)| joined(&self.left.nulls(), row.clone())));
        }
        Ok(result)
    }
}

impl Operator for FullJoin {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.left.input, &mut *self.right.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let left = self.left.read(self.shuffle_partitions, batch)?;
        let right = self.right.read(self.shuffle_partitions, batch)?;
        let mut used: Vec<usize> = left.keys().chain(right.keys()).copied().collect();
        used.sort_unstable();
        used.dedup();
        let none = ByKey::default();
        let rows = gather(batch.workers, used.len(), |place| {
            let to = used[place];
            let of_left = left.get(&to).unwrap_or(&none);
            let of_right = right.get(&to).unwrap_or(&none);
            let rows = self.join(of_left, of_right, &batch.context)?;
            Ok((to, rows.into_iter().collect()))
        });
        let rows = rows.into_iter().collect::<Result<_, Failure>>()?;
        self.rows = Kept::new(self.shuffle_partitions, rows);
        Ok(self.rows.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.rows.hand_out(partition, each)
    }
}
