//! Metrics of the rows of a batch.

use std::sync::Arc;

use engine::{Failure, ObservedMetrics, Time};

use super::kept::Kept;
use super::operator::{Batch, Each, Flow, Operator, Partitions, collect};
use crate::observe::Observe;

/// The same rows, and their metrics (`org.apache.spark.sql.execution.CollectMetricsExec`).
#[derive(Debug)]
pub(crate) struct Observed {
    input: Box<dyn Operator>,
    observe: Arc<Observe>,
    rows: Kept,
    metrics: Option<ObservedMetrics>,
}

impl Observed {
    pub(crate) fn new(input: Box<dyn Operator>, observe: Arc<Observe>) -> Observed {
        Observed {
            input,
            observe,
            rows: Kept::default(),
            metrics: None,
        }
    }
}

impl Operator for Observed {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let rows = collect(&*self.input, &partitions, batch)?;
        let now = Time::from_millis(batch.context.timestamp / 1_000);
        self.metrics = Some(ObservedMetrics {
            name: self.observe.name.clone(),
            json: self.observe.json(rows.clone(), now)?,
        });
        let used = partitions.used.iter().copied().zip(rows);
        let used = used.map(|(partition, rows)| (partition, rows.into_iter().collect()));
        self.rows = Kept::new(partitions.count, used.collect());
        Ok(self.rows.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.rows.hand_out(partition, each)
    }

    fn observed(&self) -> Option<&ObservedMetrics> {
        self.metrics.as_ref()
    }
}
