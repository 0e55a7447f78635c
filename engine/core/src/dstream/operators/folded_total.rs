//! One value of all the records of a window, computed from those of the batches that come and leave.

use super::folded_queue::FoldedQueue;
use super::window_spec::ReduceFunction;
use crate::dstream::node::{Node, NodeContext};
use crate::dstream::node_ref::NodeRef;
use crate::dstream::stream::Windows;
use crate::{Data, Failure, Rdd, Time, Workers};

/// Makes one value of the records of a batch, if there are any. It fails if that takes the other batches of its window.
pub(super) trait TotalOf<T, V>:
    Fn(&Rdd<T>, &dyn Workers) -> Result<Option<V>, Failure> + Send
{
}

impl<T, V, F: Fn(&Rdd<T>, &dyn Workers) -> Result<Option<V>, Failure> + Send> TotalOf<T, V> for F {}

/// The value of each window. If a batch fails, the whole window is read anew, and its value or failure counts.
pub(super) struct FoldedTotal<T, V, F> {
    pub(super) operator: &'static str,
    pub(super) windows: Windows<T>,
    pub(super) total_of: F,
    /// Makes one value of two.
    pub(super) function: ReduceFunction<V>,
    /// The value of a window in which no batch has one.
    pub(super) nothing: Option<V>,
    /// The values of the same windows, for which all batches are read.
    pub(super) read_anew: NodeRef<Rdd<V>>,
    pub(super) last: Option<LastTotal<V>>,
}

/// The values of the batches of the last window.
pub(super) struct LastTotal<V> {
    end: Time,
    values: FoldedQueue<Time, V>,
}

impl<T: Data, V: Data, F: TotalOf<T, V>> Node for FoldedTotal<T, V, F> {
    type Batch = Rdd<V>;

    fn name(&self) -> &'static str {
        self.operator
    }

    fn compute(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<Rdd<V>, Failure> {
        match self.total(time, context) {
            Ok(total) => Ok(Rdd::of_rows(vec![total.into_iter().collect()])),
            Err(_) => context.batch(self.read_anew, time),
        }
    }
}

impl<T: Data, V: Data, F: TotalOf<T, V>> FoldedTotal<T, V, F> {
    /// The value of the window that ends with the batch at `time`, if it has one.
    fn total(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<Option<V>, Failure> {
        let begin = self.windows.begin(time, context.zero_time());
        // Windows need not be asked for in the order of time, and not each of them.
        self.last
            .take_if(|last| last.end <= begin || time <= last.end);
        let since = self.last.as_ref().map_or(begin, |last| last.end);
        let coming = self.windows.coming(since, time, context)?;
        let mut last = self.last.take().unwrap_or_else(|| LastTotal {
            end: begin,
            values: FoldedQueue::new(),
        });
        for batch in coming {
            if let Some(value) = (self.total_of)(&batch.batch, context.workers())? {
                last.values.push(batch.time, value, &self.function)?;
            }
        }
        while last.values.oldest().is_some_and(|oldest| oldest <= begin) {
            last.values.pop(&self.function)?;
        }
        let total = last.values.fold(&self.function)?;
        last.end = time;
        self.last = Some(last);
        Ok(total.or(self.nothing.clone()))
    }
}
