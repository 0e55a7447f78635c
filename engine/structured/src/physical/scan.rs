//! The rows of a source, and rows that are known.

use engine::{Failure, Row, Value};

use super::build::Partitioned;
use super::operator::{Batch, Each, Flow, Operator, Partitions, hand_out};

/// The rows of a source in a batch.
#[derive(Debug)]
pub(crate) struct Scan {
    /// The place of the source among the batch's inputs.
    pub(crate) source: usize,
    /// The number of columns: the source may have one more, for another scan.
    pub(crate) width: usize,
}

impl Operator for Scan {
    fn name(&self) -> String {
        "MicroBatchScan".to_owned()
    }

    /// The partitions that have a record are the first ones.
    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let count = batch.inputs[self.source].partitions(batch.cores)?;
        Ok(Partitions {
            count,
            used: (0..count).collect(),
        })
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let mut each = |row: &[Value]| each(&row[..self.width.min(row.len())]);
        batch.inputs[self.source].rows(partition, batch.cores, &mut each)
    }
}

/// The rows of a finite table (`org.apache.spark.sql.execution.RDDScanExec`).
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) partitions: Partitioned,
}

impl Operator for Known {
    fn name(&self) -> String {
        "Scan".to_owned()
    }

    fn begin(&mut self, _: &Batch<'_>) -> Result<Partitions, Failure> {
        let count = self.partitions.len();
        Ok(Partitions {
            count,
            used: (0..count).collect(),
        })
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        hand_out(&*self.partitions[partition], each)
    }
}

/// Rows that are written down, dealt out to as many partitions as there are cores
/// (`org.apache.spark.sql.execution.LocalTableScanExec`).
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) rows: Vec<Row>,
    pub(crate) partitions: usize,
}

impl Operator for Listed {
    fn name(&self) -> String {
        "LocalTableScan".to_owned()
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        self.partitions = self.rows.len().min(batch.cores);
        Ok(Partitions {
            count: self.partitions,
            used: (0..self.partitions).collect(),
        })
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let start = |partition: usize| partition * self.rows.len() / self.partitions;
        hand_out(&self.rows[start(partition)..start(partition + 1)], each)
    }
}
