//! Merged of rows of two streams.

use std::ops::ControlFlow;

use engine::order::partition;
use engine::{Failure, Row, Value};
use engine_sql::plan::JoinKind;
use engine_sql::{Context, Typed};

use super::bounds::{Bound, Side, state_watermark};
use super::store::{JoinStore, SideStore, Waiting};
use crate::physical::aggregate::StreamSettings;
use crate::physical::generate::joined;
use crate::physical::operator::{
    Batch, Each, Flow, Operator, Partitions, each_partition, input_watermark,
};
use crate::physical::state::{
    GroupKey, Merged, OperatorState, StateKind, Stateful, StoreLayout, end_micros, normalized,
    state_schema,
};

/// The pairs of rows of two streams, whose rows wait for each other
/// (`org.apache.spark.sql.execution.streaming.StreamingSymmetricHashJoinExec`).
#[derive(Debug)]
pub(crate) struct StreamJoin {
    pub(crate) left: JoinSide,
    pub(crate) right: JoinSide,
    kind: JoinKind,
    conditions: JoinConditions,
    state: OperatorState<JoinStore>,
}

/// One side of a join.
#[derive(Debug)]
pub(crate) struct JoinSide {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) keys: Vec<Typed>,
    /// The column that rows are late by.
    pub(crate) event_time: Option<usize>,
    pub(crate) bound: Bound,
    /// The columns of the condition that a bound by time depends on.
    pub(crate) side: Side,
    /// The number of its columns.
    pub(crate) width: usize,
}

/// The conditions of a pair, over the columns of both sides.
#[derive(Debug)]
pub(crate) struct JoinConditions {
    /// All of it.
    pub(crate) all: Vec<Typed>,
    /// Those of the left side alone.
    pub(crate) left: Vec<Typed>,
    /// Those of the right side alone.
    pub(crate) right: Vec<Typed>,
    /// Those of both.
    pub(crate) both: Vec<Typed>,
}

/// A row that came, of the left side or of the right one.
type Came = (bool, GroupKey, Row);

impl StreamJoin {
    pub(crate) fn new(
        left: JoinSide,
        right: JoinSide,
        kind: JoinKind,
        conditions: JoinConditions,
        settings: StreamSettings,
    ) -> StreamJoin {
        let types: Vec<_> = left.keys.iter().map(|key| key.data_type.clone()).collect();
        let is_outer = matches!(
            kind,
            JoinKind::LeftOuter | JoinKind::RightOuter | JoinKind::FullOuter
        );
        let has_bound = [&left, &right].iter().any(|it| it.bound != Bound::None);
        StreamJoin {
            left,
            right,
            kind,
            conditions,
            // Only rows without a partner come in the order of the stores.
            state: OperatorState::new(
                state_schema(&types, &[]),
                settings.shuffle_partitions,
                StoreLayout::new(
                    settings.order(is_outer && settings.output_mode.reads_state()),
                    &types,
                ),
            )
            .saved(settings.saves)
            .heeding_watermark(has_bound)
            .of_kind(StateKind {
                name: "symmetricHashJoin",
                stores: 4,
                ..StateKind::default()
            }),
        }
    }

    /// True if the watermark lets go of rows.
    fn has_bound(&self) -> bool {
        [&self.left, &self.right]
            .iter()
            .any(|it| it.bound != Bound::None)
    }

    fn side(&self, is_left: bool) -> &JoinSide {
        if is_left { &self.left } else { &self.right }
    }

    /// True if a row of this side that has no partner is in the result.
    fn keeps(&self, is_left: bool) -> bool {
        match self.kind {
            JoinKind::FullOuter => true,
            JoinKind::LeftOuter => is_left,
            JoinKind::RightOuter => !is_left,
            _ => false,
        }
    }

    /// The rows of a side's partition, each with the partition that it goes to.
    fn keyed(
        &self,
        is_left: bool,
        from: usize,
        batch: &Batch<'_>,
    ) -> Result<Vec<(usize, Came)>, Failure> {
        let side = self.side(is_left);
        let partitions = self.state.partition_count();
        let mut keyed = Vec::new();
        let _ = side.input.rows(from, batch, &mut |row| {
            let key = Typed::values(&side.keys, row, &batch.context)?;
            let key: Row = key.into_iter().map(normalized).collect();
            let key = GroupKey::new(&key);
            let to = partition(key.shuffle_hash(), partitions);
            keyed.push((to, (is_left, key, row.to_vec())));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(keyed)
    }

    /// The row of a pair: the left row, then the right one; `NULL`s in the place of one that is not there.
    fn pair(&self, is_left: bool, row: &[Value], other: Option<&[Value]>) -> Row {
        let nulls = || vec![Value::Null; self.side(!is_left).width];
        let other = other.map_or_else(nulls, <[Value]>::to_vec);
        if is_left {
            joined(row, other)
        } else {
            joined(&other, row.to_vec())
        }
    }

    /// Joins the rows that came to one partition with those that wait, the left ones first, and has them wait.
    fn merge(
        &self,
        store: &mut JoinStore,
        came: Vec<Came>,
        context: &Context<'_>,
    ) -> Result<Merged, Failure> {
        let mut pairs = Merged::default();
        for (is_left, key, row) in came {
            let time = self
                .side(is_left)
                .event_time
                .and_then(|column| end_micros(&row[column]));
            if time.is_some_and(|micros| self.state.watermark().is_late(micros)) {
                pairs.counters.late += 1;
            } else {
                self.join(store, is_left, &key, row, context, &mut pairs)?;
            }
        }
        for is_left in [true, false] {
            self.let_go(store, is_left, &mut pairs);
        }
        pairs.changes = store.end();
        Ok(pairs)
    }

    fn join(
        &self,
        store: &mut JoinStore,
        is_left: bool,
        key: &GroupKey,
        row: Row,
        context: &Context<'_>,
        pairs: &mut Merged,
    ) -> Result<(), Failure> {
        let (own, others) = if is_left {
            (&mut store.left, &mut store.right)
        } else {
            (&mut store.right, &mut store.left)
        };
        let alone = if is_left {
            &self.conditions.left
        } else {
            &self.conditions.right
        };
        if !alone.is_empty() && !all_true(alone, &self.pair(is_left, &row, None), context)? {
            // It joins no row, whatever comes.
            if self.keeps(is_left) {
                pairs.rows.push(self.pair(is_left, &row, None));
            }
            return Ok(());
        }
        let is_semi = self.kind == JoinKind::LeftSemi;
        let mut has_partner = false;
        for other in 0..others.get(key).len() {
            let waiting = &others.get(key)[other];
            if is_semi && !is_left && waiting.is_matched {
                continue;
            }
            let pair = self.pair(is_left, &row, Some(&waiting.row));
            if !all_true(&self.conditions.both, &pair, context)? {
                continue;
            }
            has_partner = true;
            let result = match (is_semi, is_left) {
                (false, _) => pair,
                (true, true) => row.clone(),
                (true, false) => waiting.row.clone(),
            };
            others.set_matched(key, other);
            pairs.rows.push(result);
            if is_semi && is_left {
                break;
            }
        }
        let stays = if is_left {
            !(is_semi && has_partner)
        } else {
            !self.is_past(false, key, &row) || (self.keeps(false) && !has_partner)
        };
        if stays {
            let is_matched = has_partner;
            own.append(key, Waiting { row, is_matched });
            pairs.counters.function_calls += 1;
            pairs.counters.keys_touched += 1;
            pairs.counters.states_set += 1;
        }
        Ok(())
    }

    /// Lets go of the rows of a side that will have no partner any more.
    fn let_go(&self, store: &mut JoinStore, is_left: bool, pairs: &mut Merged) {
        if self.side(is_left).bound == Bound::None {
            return;
        }
        let side: &mut SideStore = if is_left {
            &mut store.left
        } else {
            &mut store.right
        };
        let gone = side.take(|key, row| self.is_past(is_left, key, row));
        pairs.counters.keys_touched += gone.len() as u64;
        pairs.counters.states_removed += gone.len() as u64;
        if self.keeps(is_left) {
            let alone = gone.into_iter().filter(|waiting| !waiting.is_matched);
            for waiting in alone {
                pairs.rows.push(self.pair(is_left, &waiting.row, None));
            }
        }
    }

    /// True if no row that comes after this batch is a partner of this one.
    fn is_past(&self, is_left: bool, key: &GroupKey, row: &[Value]) -> bool {
        let side = self.side(is_left);
        match side.bound {
            Bound::None => false,
            Bound::Key(place) => end_micros(&key.values()[place])
                .is_some_and(|micros| self.state.watermark().is_final(micros)),
            Bound::Time(column) => {
                let bound = state_watermark(
                    &self.conditions.all,
                    &side.side,
                    self.state.watermark().evict(),
                );
                let is_past = |(micros, bound): (i64, i64)| micros <= bound.saturating_mul(1_000);
                end_micros(&row[column]).zip(bound).is_some_and(is_past)
            }
        }
    }
}

fn all_true(conditions: &[Typed], row: &[Value], context: &Context<'_>) -> Result<bool, Failure> {
    for condition in conditions {
        if condition.value(row, context)? != Value::Boolean(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Operator for StreamJoin {
    fn name(&self) -> String {
        "StreamingSymmetricHashJoin".to_owned()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.left.input, &mut *self.right.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let mut keyed = Vec::new();
        for is_left in [true, false] {
            let side = if is_left {
                &mut self.left
            } else {
                &mut self.right
            };
            let partitions = side.input.begin(batch)?;
            keyed.extend(each_partition(&partitions, batch, |it| {
                self.keyed(is_left, it, batch)
            })?);
        }
        let rows = keyed.iter().map(|rows| rows.len() as u64).sum();
        let came = self
            .state
            .deal(rows, keyed.into_iter().flatten(), self.has_bound());
        let merged = self.state.merge(&came, batch, |store, came| {
            self.merge(store, came, &batch.context)
        })?;
        Ok(self.state.end_batch(merged))
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.state.rows(partition, each)
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(&mut self.state)
    }

    /// The least time that its rows may have from now on.
    fn output_watermark(&mut self, global: i64) -> Option<i64> {
        let input = input_watermark(self.inputs(), global)?;
        let bounds = [&self.left, &self.right].map(|side| match side.bound {
            Bound::Time(_) => state_watermark(&self.conditions.all, &side.side, input),
            Bound::None | Bound::Key(_) => None,
        });
        bounds.into_iter().flatten().chain([input]).min()
    }
}
