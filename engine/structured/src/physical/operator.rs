//! The port between the operators of a plan.

use std::fmt::Debug;
use std::ops::ControlFlow;

use engine::{Failure, ObservedMetrics, Row, Workers, gather};
use engine_sql::Context;

use super::columnar::Columnar;
use super::state::Stateful;
use super::watermark::Watermark;
use crate::source::BatchInput;

pub(crate) use engine_sql::{EachRow as Each, Flow, hand_out};

/// A micro-batch, or the one run of a plan without streams.
#[derive(Clone, Copy)]
pub(crate) struct Batch<'a> {
    /// Its number.
    pub(crate) id: u64,
    /// The input of each source.
    pub(crate) inputs: &'a [BatchInput],
    /// The session, and the time of the trigger.
    pub(crate) context: Context<'a>,
    /// The number of input partitions of a source whose lines are dealt out.
    pub(crate) cores: usize,
    /// The threads.
    pub(crate) workers: &'a dyn Workers,
}

/// The partitions that an operator hands out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Partitions {
    /// The number of partitions.
    pub(crate) count: usize,
    /// Those that may have rows, ascending. The others cost no work.
    pub(crate) used: Vec<usize>,
}

/// An operator of a physical plan.
///
/// A batch runs in two steps: `begin`, once, does what must be done before there are rows, as an aggregation does that
/// merges the rows of all partitions into its state; then `rows` hands out one partition, on any thread. So operators
/// without a state are run as one loop, each with one row that it fills again and again. An operator that can hand out
/// the same rows by column says so by `columnar`.
pub(crate) trait Operator: Debug + Send + Sync {
    /// Its name in `explain`; if nothing is said, that of its type.
    fn name(&self) -> String {
        let path = std::any::type_name::<Self>();
        path.rsplit("::").next().unwrap_or(path).to_owned()
    }

    /// The operators that it reads from; none of one that has rows of its own.
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        Vec::new()
    }

    /// Begins a batch. An operator that makes its rows one by one has nothing to do but to begin its input.
    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let mut partitions = Partitions::default();
        for input in self.inputs() {
            partitions = input.begin(batch)?;
        }
        Ok(partitions)
    }

    /// Hands the rows of a partition to `each`, in order, until it breaks.
    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow;

    /// The operator, if it hands out its rows by column, too.
    fn columnar(&self) -> Option<&dyn Columnar> {
        None
    }

    /// The operator, if it has a state.
    fn stateful(&mut self) -> Option<&mut dyn Stateful> {
        None
    }

    /// The metrics of the batch's rows, if it computes some.
    fn observed(&self) -> Option<&ObservedMetrics> {
        None
    }

    /// The operator, if it bounds the lateness of rows.
    fn watermark(&mut self) -> Option<&mut Watermark> {
        None
    }

    /// The watermark of its rows, in milliseconds, where that of the query is `global`; `None` if they have none
    /// (`WatermarkPropagator`).
    fn output_watermark(&mut self, global: i64) -> Option<i64> {
        input_watermark(self.inputs(), global)
    }
}

/// The least watermark of these operators' rows.
pub(crate) fn input_watermark(inputs: Vec<&mut dyn Operator>, global: i64) -> Option<i64> {
    let watermarks = inputs.into_iter().map(|it| it.output_watermark(global));
    watermarks.flatten().min()
}

/// Hands all operators from this one down to `visit`, an operator before those that it reads from.
pub(crate) fn visit(operator: &mut dyn Operator, visit_one: &mut dyn FnMut(&mut dyn Operator)) {
    visit_one(operator);
    for input in operator.inputs() {
        visit(input, visit_one);
    }
}

/// The results of `task` for each partition that may have rows, in their order; the failure of the first that fails.
pub(crate) fn each_partition<R: Send + Sync>(
    partitions: &Partitions,
    batch: &Batch<'_>,
    task: impl Fn(usize) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let results = gather(batch.workers, partitions.used.len(), |place| {
        task(partitions.used[place])
    });
    results.into_iter().collect()
}

/// The rows of each partition that may have some.
pub(crate) fn collect(
    operator: &dyn Operator,
    partitions: &Partitions,
    batch: &Batch<'_>,
) -> Result<Vec<Vec<Row>>, Failure> {
    each_partition(partitions, batch, |partition| {
        first_rows(operator, partition, batch, usize::MAX)
    })
}

/// The first rows of a partition, up to `most`; none of the others is computed.
pub(crate) fn first_rows(
    operator: &dyn Operator,
    partition: usize,
    batch: &Batch<'_>,
    most: usize,
) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    if most > 0 {
        let _ = operator.rows(partition, batch, &mut |row| {
            rows.push(row.to_vec());
            Ok(if rows.len() < most {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
    }
    Ok(rows)
}
