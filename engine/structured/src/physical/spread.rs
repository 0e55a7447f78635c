//! The rows in other partitions.

use std::cmp::Ordering;
use std::sync::Arc;

use engine::order::xor_shift_random::first;
use engine::order::{murmur3, partition, unsafe_row};
use engine::{DataType, Failure, Row};
use engine_sql::Typed;

use super::operator::{Batch, Each, Flow, Operator, Partitions, collect, hand_out};
use super::sort::{Order, Sortable, compare, sortable};
use crate::repartition::{Spread, SpreadBy};

/// The rows in other partitions (`org.apache.spark.sql.execution.exchange.ShuffleExchangeExec`, `CoalesceExec`).
#[derive(Debug)]
pub(crate) struct Spreading {
    input: Box<dyn Operator>,
    /// The types of the rows.
    types: Vec<DataType>,
    keys: Vec<Typed>,
    spread: Arc<Spread>,
    rows: Vec<Vec<Row>>,
}

impl Spreading {
    pub(crate) fn new(
        input: Box<dyn Operator>,
        types: Vec<DataType>,
        keys: Vec<Typed>,
        spread: Arc<Spread>,
    ) -> Spreading {
        Spreading {
            input,
            types,
            keys,
            spread,
            rows: Vec::new(),
        }
    }

    /// By turns: a partition begins behind a random one, with its rows in the order of their hashes, so that a task that
    /// runs again deals them out as before (`spark.sql.execution.sortBeforeRepartition`).
    fn by_turns(&self, partitions: &Partitions, inputs: Vec<Vec<Row>>) -> Vec<Vec<Row>> {
        let count = self.spread.count;
        let mut spread = vec![Vec::new(); count];
        for (from, mut rows) in partitions.used.iter().zip(inputs) {
            if count > 1 {
                rows.sort_by_cached_key(|row| {
                    let hash = unsafe_row::hash_row(row, &self.types);
                    (hash, unsafe_row::row_bytes(row, &self.types))
                });
            }
            let bound = u32::try_from(count).unwrap_or(u32::MAX);
            let begin = first(*from as u64, bound) as usize;
            for (turn, row) in rows.into_iter().enumerate() {
                spread[(begin + 1 + turn) % count].push(row);
            }
        }
        spread
    }

    fn by_hash(&self, inputs: Vec<Vec<Row>>, batch: &Batch<'_>) -> Result<Vec<Vec<Row>>, Failure> {
        let mut spread = vec![Vec::new(); self.spread.count];
        for row in inputs.into_iter().flatten() {
            let keys = Typed::values(&self.keys, &row, &batch.context)?;
            let hash = murmur3::hash_row(&keys).into();
            spread[partition(hash, self.spread.count)].push(row);
        }
        Ok(spread)
    }

    /// By ranges, whose bounds cut the rows into equal parts (`RangePartitioner.determineBounds`).
    fn by_range(
        &self,
        order: &Order,
        inputs: Vec<Vec<Row>>,
        batch: &Batch<'_>,
    ) -> Result<Vec<Vec<Row>>, Failure> {
        let rows = inputs.into_iter().flatten();
        let rows = rows.map(|row| sortable(order, row, &batch.context));
        let rows = rows.collect::<Result<Vec<Sortable>, _>>()?;
        let mut sorted: Vec<&Sortable> = rows.iter().collect();
        sorted.sort_by(|one, other| compare(order, one, other));
        let step = rows.len() as f64 / self.spread.count as f64;
        let mut bounds: Vec<Sortable> = Vec::new();
        let mut target = step;
        for (place, row) in sorted.into_iter().enumerate() {
            let is_next = |last: &Sortable| compare(order, row, last) == Ordering::Greater;
            if bounds.len() + 1 < self.spread.count
                && (place + 1) as f64 >= target
                && bounds.last().is_none_or(is_next)
            {
                bounds.push(row.clone());
                target += step;
            }
        }
        let mut spread = vec![Vec::new(); bounds.len() + 1];
        for row in rows {
            let is_below = |bound: &&Sortable| compare(order, &row, bound) == Ordering::Greater;
            let place = bounds.iter().take_while(is_below).count();
            spread[place].push(row.1);
        }
        Ok(spread)
    }

    /// Partitions that are next to each other as one.
    fn of_neighbours(&self, partitions: &Partitions, inputs: Vec<Vec<Row>>) -> Vec<Vec<Row>> {
        let before = partitions.count;
        // One is there even of none.
        let count = self.spread.count.min(before.max(1));
        let mut spread = vec![Vec::new(); count];
        for (from, mut rows) in partitions.used.iter().zip(inputs) {
            let is_before = |group: &usize| (group + 1) * before / count <= *from;
            let group = (0..count).take_while(is_before).count();
            spread[group].append(&mut rows);
        }
        spread
    }
}

impl Operator for Spreading {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let inputs = collect(&*self.input, &partitions, batch)?;
        self.rows = match &self.spread.by {
            SpreadBy::Turns => self.by_turns(&partitions, inputs),
            SpreadBy::Hash => self.by_hash(inputs, batch)?,
            SpreadBy::Range(directions) => {
                let keys = self.keys.iter().cloned().zip(directions);
                let order = keys.map(|(key, it)| (key, it.descending, it.nulls_first));
                self.by_range(&order.collect(), inputs, batch)?
            }
            SpreadBy::Neighbours => self.of_neighbours(&partitions, inputs),
        };
        let used = (0..self.rows.len()).filter(|it| !self.rows[*it].is_empty());
        Ok(Partitions {
            count: self.rows.len(),
            used: used.collect(),
        })
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        hand_out(self.rows[partition].iter().map(Vec::as_slice), each)
    }
}
