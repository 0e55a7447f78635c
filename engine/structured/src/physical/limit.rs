//! The first rows after some.

use engine::{Counters, DataType, Failure, Row, StateChange, StateSchema, Value};

use super::kept::Kept;
use super::operator::{Batch, Each, Flow, Operator, Partitions, each_partition, first_rows};
use super::state::{Footprint, GroupKey, SavedStore, StateKind, Stateful};

/// The first rows after some, of all partitions, in one (`org.apache.spark.sql.execution.GlobalLimitExec`).
#[derive(Debug)]
pub(crate) struct Limit {
    input: Box<dyn Operator>,
    offset: usize,
    count: usize,
    rows: Kept,
}

impl Limit {
    pub(crate) fn new(input: Box<dyn Operator>, offset: usize, count: Option<usize>) -> Limit {
        Limit {
            input,
            offset,
            count: count.unwrap_or(usize::MAX),
            rows: Kept::default(),
        }
    }

    /// This many rows of each partition, and then of all.
    fn take(&mut self, batch: &Batch<'_>, most: usize) -> Result<Vec<Row>, Failure> {
        let partitions = self.input.begin(batch)?;
        let input = &*self.input;
        let rows = each_partition(&partitions, batch, |it| first_rows(input, it, batch, most))?;
        Ok(rows.into_iter().flatten().take(most).collect())
    }
}

impl Operator for Limit {
    fn name(&self) -> String {
        "GlobalLimit".to_owned()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let rows = self.take(batch, self.offset.saturating_add(self.count))?;
        self.rows = Kept::in_one(rows.into_iter().skip(self.offset));
        Ok(self.rows.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.rows.hand_out(partition, each)
    }
}

/// The first rows of all batches of a query (`org.apache.spark.sql.execution.streaming.StreamingGlobalLimitExec`). Its
/// state is their number.
#[derive(Debug)]
pub(crate) struct StreamLimit {
    limit: Limit,
    had: usize,
    schema: StateSchema,
    change: Option<StateChange>,
}

impl StreamLimit {
    pub(crate) fn new(input: Box<dyn Operator>, count: usize) -> StreamLimit {
        StreamLimit {
            limit: Limit::new(input, 0, Some(count)),
            had: 0,
            schema: StateSchema {
                key: DataType::Null.to_string().into(),
                value: DataType::Long.to_string().into(),
            },
            change: None,
        }
    }

    fn state(&self) -> StateChange {
        StateChange {
            key: vec![Value::Null],
            value: Some(vec![Value::Long(self.had as i64)]),
        }
    }
}

impl Operator for StreamLimit {
    fn name(&self) -> String {
        "StreamingGlobalLimit".to_owned()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        self.limit.inputs()
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let left = self.limit.count - self.had.min(self.limit.count);
        let rows = self.limit.take(batch, left)?;
        self.had += rows.len();
        self.change = (!rows.is_empty()).then(|| self.state());
        self.limit.rows = Kept::in_one(rows);
        Ok(self.limit.rows.partitions())
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.limit.rows(partition, batch, each)
    }

    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        Some(self)
    }
}

impl Stateful for StreamLimit {
    fn schema(&self) -> &StateSchema {
        &self.schema
    }

    fn partition_count(&self) -> usize {
        1
    }

    fn take_changes(&mut self) -> Vec<(usize, Vec<StateChange>)> {
        self.change
            .take()
            .map(|change| (0, vec![change]))
            .into_iter()
            .collect()
    }

    fn snapshots(&self) -> Vec<(usize, Vec<StateChange>)> {
        vec![(0, vec![self.state()])]
    }

    fn recover(&mut self, stores: Vec<SavedStore>) {
        let changes = stores
            .into_iter()
            .flat_map(|store| store.snapshot.into_iter().chain(store.changes));
        if let Some([Value::Long(had)]) = changes.last().and_then(|change| change.value).as_deref()
        {
            self.had = usize::try_from(*had).unwrap_or(0);
        }
    }

    fn kind(&self) -> StateKind {
        StateKind {
            name: "globalLimit",
            loads: 1,
            ..StateKind::default()
        }
    }

    fn footprint(&self) -> Footprint {
        match self.had {
            0 => Footprint::default(),
            _ => Footprint::of_key(&GroupKey::new(&[Value::Null])),
        }
    }

    fn counters(&self) -> Counters {
        Counters {
            states_set: u64::from(self.change.is_some()),
            ..Counters::default()
        }
    }

    fn set_watermark(&mut self, _: i64) {}

    fn wants_batch(&self, _: i64) -> bool {
        false
    }
}
