//! A node with what it remembers: batches, and those that could not be made.

use std::any::Any;
use std::collections::VecDeque;
use std::time::Duration;

use super::failing::{Asker, FailingBatches};
use super::node::{Batch, Node, NodeContext};
use crate::failure::catch;
use crate::recovery::StateContent;
use crate::rows::HashPartitioner;
use crate::{FailedBatch, Failure, Grid, Time};

/// A node with the batches that it remembers.
pub(crate) struct CachedNode<B> {
    node: Box<dyn Node<Batch = B>>,
    /// True if its batches change what it remembers: one that it has made is made, whatever it is made of.
    is_stateful: bool,
    /// In the order of time.
    batches: VecDeque<(Time, B)>,
    failing: FailingBatches<B>,
}

impl<B: Batch> CachedNode<B> {
    pub(crate) fn new(node: impl Node<Batch = B> + 'static, is_stateful: bool) -> CachedNode<B> {
        CachedNode {
            is_stateful,
            batches: VecDeque::new(),
            failing: FailingBatches::new(node.is_made_by_function()),
            node: Box::new(node),
        }
    }

    /// The index of the batch at `time`, or the one at which to insert it: mostly the end, as most batches
    /// are made in the order of time.
    fn find(&self, time: Time) -> Result<usize, usize> {
        match self.batches.back() {
            Some((newest, _)) if *newest >= time => {
                self.batches.binary_search_by_key(&time, |(at, _)| *at)
            }
            _ => Err(self.batches.len()),
        }
    }

    /// The batch at `time`, made now unless it is remembered (`PLAN-1`).
    ///
    /// One that cannot be made is a batch whose reading fails, as Spark computes the rows of a batch when a job reads
    /// them, unless it is a function of whole batches that fails, which Spark calls to make one.
    pub(super) fn batch(
        &mut self,
        time: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<B, Failure> {
        let index = match self.find(time) {
            Ok(index) => return Ok(self.batches[index].1.clone()),
            Err(index) => index,
        };
        let job = context.job;
        if let Some(failing) = self.failing.find(time, job.asker) {
            job.has_failing.set(true);
            return failing.clone();
        }
        let had_failing = job.has_failing.replace(false);
        let made = self.make(time, context);
        match made {
            Ok(batch) if self.is_stateful || !job.has_failing.get() => {
                job.has_failing.set(had_failing);
                self.remember(index, time, batch.clone());
                Ok(batch)
            }
            Err(failure) if self.node.is_made_by_function() => Err(failure),
            made => {
                job.has_failing.set(true);
                let batch = made.or_else(|failure| B::failing(failure, self.node.partitioner()));
                self.failing.push(time, job.asker, batch.clone());
                batch
            }
        }
    }

    fn remember(&mut self, index: usize, time: Time, batch: B) {
        if index == self.batches.len() {
            self.batches.push_back((time, batch));
        } else {
            self.batches.insert(index, (time, batch));
        }
    }

    /// The failure of the batch at `time`, with where it is.
    fn named(&self, failure: Failure, time: Time) -> Failure {
        failure
            .in_operator(self.node.name())
            .in_batch(FailedBatch::At(time))
    }

    fn make(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<B, Failure> {
        let name = self.node.name();
        let made = catch(name, || self.node.compute(time, context)).and_then(|made| made);
        made.map_err(|failure| self.named(failure, time))
    }
}

/// A node whose type of batches is erased.
pub(crate) trait AnyNode: Any + Send {
    /// Makes and remembers the batch at `time`, unless it is remembered.
    fn ensure(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<(), Failure>;

    /// True if the batch at `time` need not be made for this job.
    fn remembers(&self, time: Time, asker: Option<Asker>) -> bool;

    /// Lets the batch at `time` fail for this job.
    fn fail(&mut self, failure: Failure, time: Time, asker: Option<Asker>);

    /// Lets the batch at `later` fail as the one at `time` has for this job.
    fn fail_later(&mut self, time: Time, later: Time, asker: Option<Asker>);

    /// Forgets the batches that failed for a job, but those that all jobs share.
    fn end_failing(&mut self, asker: Option<Asker>);

    /// Forgets the batches that failed for jobs on batches up to this one.
    fn forget_failing(&mut self, batch_time: Time);

    /// Ends a job that the batch at `time` is part of, if the batch is remembered.
    fn end_job(&self, time: Time);

    /// Forgets the batches at and before `time`. Sets `forgotten` to the time of each before it is dropped, which
    /// may panic: what is left is forgotten by another call.
    fn forget(&mut self, time: Time, forgotten: &mut Time);

    /// True if no batch is remembered.
    fn is_empty(&self) -> bool;

    /// The name of the operator.
    fn name(&self) -> &'static str;

    /// True if its batch is empty where those of its parents are.
    fn keeps_empty(&self) -> bool;

    /// True if a function of the user's makes its batch of those of its parents.
    fn is_made_by_function(&self) -> bool;

    /// True if it can save its states.
    fn can_save(&self) -> bool;

    /// From one batch whose states are saved to the next, where the program does not say.
    fn checkpoint_interval(&self, slide: Duration) -> Duration;

    /// The placement of its states; `None` of a node that has none.
    fn state_partitioner(&self) -> Option<HashPartitioner>;

    /// Keeps what changes of its states, in a program that saves them at the times of `saves`.
    fn begin_saving(&mut self, saves: Grid, slide: Duration);

    /// Has all states saved the next time.
    fn save_all(&mut self);

    /// The unsaved part of the batch at `time` and the states after it, with the batch with whose file those begin
    /// that they are put together from; `None` if it is not remembered.
    fn save(&mut self, time: Time) -> Option<Result<(StateContent, Time), Failure>>;

    /// Remembers the batch at `time` as it was saved, and takes over the states after it.
    fn restore(&mut self, time: Time, saved: &[u8], zero_time: Time) -> Result<(), Failure>;
}

impl<B: Batch> AnyNode for CachedNode<B> {
    fn ensure(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<(), Failure> {
        self.batch(time, context).map(drop)
    }

    fn remembers(&self, time: Time, asker: Option<Asker>) -> bool {
        self.find(time).is_ok() || self.failing.is_shared(time, asker)
    }

    fn fail(&mut self, failure: Failure, time: Time, asker: Option<Asker>) {
        let failing = B::failing(failure, self.node.partitioner());
        self.failing.push(time, asker, failing);
    }

    fn fail_later(&mut self, time: Time, later: Time, asker: Option<Asker>) {
        if self.failing.find(later, asker).is_none()
            && let Some(failing) = self.failing.find(time, asker).cloned()
        {
            self.failing.push(later, asker, failing);
        }
    }

    fn end_failing(&mut self, asker: Option<Asker>) {
        self.failing.end_job(asker);
    }

    fn forget_failing(&mut self, batch_time: Time) {
        self.failing.forget(batch_time);
    }

    fn end_job(&self, time: Time) {
        if let Ok(index) = self.find(time) {
            self.batches[index].1.end_job();
        }
    }

    fn forget(&mut self, time: Time, forgotten: &mut Time) {
        while let Some((at, batch)) = self.batches.pop_front_if(|(at, _)| *at <= time) {
            *forgotten = at;
            drop(batch);
        }
    }

    fn is_empty(&self) -> bool {
        self.batches.is_empty() && self.failing.is_empty()
    }

    fn name(&self) -> &'static str {
        self.node.name()
    }

    fn keeps_empty(&self) -> bool {
        self.node.keeps_empty()
    }

    fn is_made_by_function(&self) -> bool {
        self.node.is_made_by_function()
    }

    fn can_save(&self) -> bool {
        self.node.can_save()
    }

    fn checkpoint_interval(&self, slide: Duration) -> Duration {
        self.node.checkpoint_interval(slide)
    }

    fn state_partitioner(&self) -> Option<HashPartitioner> {
        self.node.state_partitioner()
    }

    fn begin_saving(&mut self, saves: Grid, slide: Duration) {
        self.node.begin_saving(saves, slide);
    }

    fn save_all(&mut self) {
        self.node.save_all();
    }

    fn save(&mut self, time: Time) -> Option<Result<(StateContent, Time), Failure>> {
        let index = self.find(time).ok()?;
        let name = self.node.name();
        let batch = &self.batches[index].1;
        let saved = catch(name, || self.node.save(time, batch)).and_then(|saved| saved);
        Some(saved.map_err(|failure| self.named(failure, time)))
    }

    fn restore(&mut self, time: Time, saved: &[u8], zero_time: Time) -> Result<(), Failure> {
        let name = self.node.name();
        let restored = catch(name, || self.node.restore(time, saved, zero_time));
        let restored = restored.and_then(|batch| batch);
        let batch = restored.map_err(|failure| self.named(failure, time))?;
        if let Err(index) = self.find(time) {
            self.remember(index, time, batch);
        }
        Ok(())
    }
}
