//! The virtual time that the jobs and writes of a machine take.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Counters, Event, Job, Outcome, OutputId, WriteContent};
use scenario::Cost;

/// Says how long the work of a machine takes. All of it is counted in microseconds, and ends with a millisecond.
#[derive(Debug)]
pub(crate) struct CostMeter {
    cost: Cost,
    /// The rows that each output has written. A query has one output.
    tables: BTreeMap<OutputId, u64>,
}

impl CostMeter {
    pub(crate) fn new(cost: Cost) -> CostMeter {
        CostMeter {
            cost,
            tables: BTreeMap::new(),
        }
    }

    /// The time of a job that is known before it runs.
    pub(crate) fn of_input(&self, job: &Job) -> Duration {
        let batch = job.input().map(|records| {
            let records = times(self.cost.record, records as u64);
            self.cost.batch.saturating_add(records)
        });
        self.cost.job.saturating_add(batch.unwrap_or_default())
    }

    /// The time that is known when a job has run: what it has done to states, and what it writes.
    pub(crate) fn of_outcome(&mut self, outcome: &Outcome) -> Duration {
        let times = outcome.events.iter().map(|event| match event {
            Event::StateUpdated { counters, .. } => self.of_states(*counters),
            Event::Printed { output, rows, .. } => self.of_rows(*output, rows.len() as u64),
            Event::TableShown { table, .. } => self.of_rows(OutputId(0), table.rows.len() as u64),
            Event::TableWritten { write, .. } => self.of_rows(OutputId(0), write.rows.len() as u64),
            _ => Duration::ZERO,
        });
        times.fold(Duration::ZERO, Duration::saturating_add)
    }

    fn of_states(&self, counters: Counters) -> Duration {
        let passed = times(self.cost.state_key, counters.keys_passed);
        let others = counters.keys_touched.saturating_sub(counters.keys_passed);
        passed.saturating_add(times(self.cost.key_touched, others))
    }

    fn of_rows(&mut self, output: OutputId, rows: u64) -> Duration {
        let table = self.tables.entry(output).or_default();
        let time = times(self.cost.row_written, rows);
        let time = time.saturating_add(times(self.cost.table_row, *table));
        *table += rows;
        time
    }

    /// The time until a write is durable.
    pub(crate) fn of_write(&self, content: &WriteContent) -> Duration {
        match content {
            WriteContent::Checkpoint(_)
            | WriteContent::States { .. }
            | WriteContent::QueryFile { .. } => self.cost.checkpoint,
            WriteContent::Log(_)
            | WriteContent::Block { .. }
            | WriteContent::RemoveStates { .. }
            | WriteContent::RemoveQueryFiles(_) => Duration::ZERO,
        }
    }

    /// The time that a driver takes to go on from its checkpoint.
    pub(crate) fn of_recovery(&self) -> Duration {
        self.cost.recovery
    }
}

/// The time of some work that is done `count` times.
fn times(cost: Duration, count: u64) -> Duration {
    let micros = cost.as_micros().saturating_mul(u128::from(count));
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}

/// The time in whole milliseconds, rounded up.
pub(crate) fn in_millis(time: Duration) -> Duration {
    let millis = time.as_micros().div_ceil(1_000);
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}
