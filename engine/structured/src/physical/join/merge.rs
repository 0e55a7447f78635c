//! Pairs of rows of two tables that are sorted by their keys.

use std::collections::BTreeMap;

use engine::order::partition;
use engine::{Failure, Row, Value, gather};
use engine_sql::plan::JoinKind;
use engine_sql::{Context, Typed};

use super::keys::JoinKeys;
use crate::physical::generate::joined;
use crate::physical::kept::Kept;
use crate::physical::operator::{Batch, Each, Flow, Operator, Partitions, collect};
use crate::physical::row_list::RowList;
use crate::physical::state::GroupKey;

/// The rows of both tables by shuffle partition, each sorted by its key
/// (`org.apache.spark.sql.execution.joins.SortMergeJoinExec`).
#[derive(Debug)]
pub(crate) struct MergeJoin {
    pub(crate) left: Side,
    pub(crate) right: Side,
    pub(crate) kind: JoinKind,
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

impl MergeJoin {
    /// The result of a shuffle partition.
    fn join(&self, left: &ByKey, right: &ByKey, context: &Context<'_>) -> Result<RowList, Failure> {
        let mut keys: Vec<&Option<GroupKey>> = left.keys().chain(right.keys()).collect();
        keys.sort();
        keys.dedup();
        let mut result = RowList::default();
        for key in keys {
            let of = |rows: &ByKey| rows.get(key).cloned().unwrap_or_default();
            let pairs = Pairs {
                join: self,
                left: &of(left),
                right: &of(right),
                // A key with `NULL` is equal to none.
                may_be_equal: key.is_some(),
                context,
            };
            match self.kind {
                JoinKind::LeftSemi => pairs.of_left_alone(true, &mut result)?,
                JoinKind::LeftAnti => pairs.of_left_alone(false, &mut result)?,
                JoinKind::RightOuter => pairs.of_right(&mut result)?,
                _ => pairs.of_left(&mut result)?,
            }
        }
        Ok(result)
    }
}

/// The rows of both tables with one key.
struct Pairs<'a> {
    join: &'a MergeJoin,
    left: &'a [Row],
    right: &'a [Row],
    may_be_equal: bool,
    context: &'a Context<'a>,
}

impl Pairs<'_> {
    /// The pair of two rows, if it is one.
    fn pair(&self, left: &Row, right: &Row) -> Result<Option<Row>, Failure> {
        if !self.may_be_equal {
            return Ok(None);
        }
        let pair = joined(left, right.clone());
        let is_pair = match &self.join.condition {
            Some(condition) => condition.value(&pair, self.context)? == Value::Boolean(true),
            None => true,
        };
        Ok(is_pair.then_some(pair))
    }

    /// The rows of the left table that have a partner, or those that have none.
    fn of_left_alone(&self, has_partner: bool, result: &mut RowList) -> Result<(), Failure> {
        for left in self.left {
            let pairs = self.right.iter().map(|right| self.pair(left, right));
            let pairs: Vec<_> = pairs.collect::<Result<_, _>>()?;
            if pairs.iter().any(Option::is_some) == has_partner {
                result.push(left.clone());
            }
        }
        Ok(())
    }

    /// The rows of the right table, each with its partners.
    fn of_right(&self, result: &mut RowList) -> Result<(), Failure> {
        for right in self.right {
            let before = result.len();
            for left in self.left {
                if let Some(pair) = self.pair(left, right)? {
                    result.push(pair);
                }
            }
            if result.len() == before {
                result.push(joined(&self.join.left.nulls(), right.clone()));
            }
        }
        Ok(())
    }

    /// The rows of the left table, each with its partners, and of a full join those of the right table without one.
    fn of_left(&self, result: &mut RowList) -> Result<(), Failure> {
        let kind = self.join.kind;
        let mut has_partner = vec![false; self.right.len()];
        for left in self.left {
            let before = result.len();
            for (right, has_partner) in self.right.iter().zip(&mut has_partner) {
                if let Some(pair) = self.pair(left, right)? {
                    *has_partner = true;
                    result.push(pair);
                }
            }
            let is_alone = result.len() == before;
            if is_alone && matches!(kind, JoinKind::LeftOuter | JoinKind::FullOuter) {
                result.push(joined(left, self.join.right.nulls()));
            }
        }
        if kind == JoinKind::FullOuter {
            let alone = self.right.iter().zip(has_partner).filter(|(_, has)| !has);
            for (right, _) in alone {
                result.push(joined(&self.join.left.nulls(), right.clone()));
            }
        }
        Ok(())
    }
}

impl Operator for MergeJoin {
    fn name(&self) -> String {
        "SortMergeJoin".to_owned()
    }

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
            Ok((to, self.join(of_left, of_right, &batch.context)?))
        });
        let rows = rows.into_iter().collect::<Result<_, Failure>>()?;
        self.rows = Kept::new(self.shuffle_partitions, rows);
        Ok(self.rows.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.rows.hand_out(partition, each)
    }
}
