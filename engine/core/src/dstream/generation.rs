//! The functions that make batches of batches, as those of `transform`. They are called when the jobs of a batch are
//! generated, before the first of these goes on (`GEN-2`; Spark's `DStreamGraph.generateJobs`).

use std::sync::Arc;
use std::time::Duration;

use super::failing::Asker;
use super::graph::Graph;
use super::node::JobContext;
use super::node_ref::{Edge, NodeId, batch_times};
use super::nodes::Nodes;
use crate::job::BatchJob;
use crate::{Counters, Failure, Grid, OutputId, Time, Workers};

/// Where such functions are in a program, and what the calls of them have come to.
pub(super) struct Generation {
    /// For each node; `None` if neither it nor a node that it is made of calls such a function.
    steps: Arc<[Option<Step>]>,
    has_functions: bool,
    interval: Duration,
    /// The last batch whose jobs are generated.
    newest: Time,
    /// Of the jobs that have not begun.
    generated: Vec<Generated>,
}

/// A node on the way to functions.
struct Step {
    parents: Vec<Edge>,
    is_stateful: bool,
    /// If it calls one itself: the stateful nodes that it is made of, parents first.
    function: Option<Vec<NodeId>>,
}

/// The calls for the job of an output on a batch.
pub(super) struct Generated {
    output: OutputId,
    batch_time: Time,
    /// Changes of states that a function was given.
    pub(super) counters: Option<Counters>,
    /// The failure of a function, for which no operation of the batch runs.
    pub(super) failure: Option<Failure>,
}

impl Generation {
    pub(super) fn new(graph: &Graph) -> Generation {
        let mut steps: Vec<Option<Step>> = Vec::with_capacity(graph.nodes.len());
        for (id, node) in graph.nodes.iter().enumerate() {
            let is_function = node.node.is_made_by_function();
            let is_on_the_way = node.parents.iter().any(|edge| steps[edge.parent].is_some());
            steps.push((is_function || is_on_the_way).then(|| Step {
                parents: node.parents.clone(),
                is_stateful: node.stateful,
                function: is_function.then(|| graph.stateful_ancestors(id)),
            }));
        }
        Generation {
            has_functions: steps.iter().any(Option::is_some),
            steps: steps.into(),
            interval: graph.interval,
            newest: Time::EPOCH,
            generated: Vec::new(),
        }
    }

    /// Sets the time before which there is no batch.
    pub(super) fn start(&mut self, zero_time: Time) {
        self.newest = zero_time;
    }
}

impl Nodes {
    /// Calls the functions of each batch up to this one for which that is yet to be done: those of one output after the
    /// other, in the order of registration.
    pub(super) fn generate(&mut self, batch_time: Time, workers: &dyn Workers) {
        if !self.generation.has_functions {
            return;
        }
        while let Some(time) = self.generation.newest.checked_add(self.generation.interval)
            && time <= batch_time
        {
            self.generation.newest = time;
            let generated = self.generate_batch(time, workers);
            self.generation.generated.extend(generated);
        }
    }

    /// Takes what the calls for a job have come to; `None` if the program has no functions.
    pub(super) fn take_generated(&mut self, job: BatchJob) -> Option<Generated> {
        let generated = &mut self.generation.generated;
        let is_it = |it: &Generated| (it.batch_time, it.output) == (job.batch_time, job.output);
        let index = generated.iter().position(is_it)?;
        Some(generated.remove(index))
    }

    fn generate_batch(&mut self, batch_time: Time, workers: &dyn Workers) -> Vec<Generated> {
        let is_due = |nodes: &Nodes, output: &OutputId| {
            let slide = nodes.slides[nodes.outputs[output.0].parent];
            Grid::every(slide).holds(batch_time, nodes.zero_time)
        };
        let outputs = (0..self.outputs.len()).map(OutputId);
        let due = outputs.filter(|output| is_due(self, output));
        let mut jobs: Vec<Generated> = due
            .map(|output| Generated {
                output,
                batch_time,
                counters: None,
                failure: None,
            })
            .collect();
        let steps = Arc::clone(&self.generation.steps);
        for index in 0..jobs.len() {
            let asker = Asker {
                output: jobs[index].output,
                batch_time,
            };
            let context = JobContext::new(workers, Some(asker));
            let parent = self.outputs[jobs[index].output.0].parent;
            let called = self.call_functions(&steps, parent, batch_time, &context);
            jobs[index].counters = context.counters();
            if let Err(failure) = called {
                let all = jobs.iter_mut();
                all.for_each(|job| job.failure = Some(failure.clone()));
                break;
            }
        }
        jobs
    }

    /// Calls the functions that the batch of a node at `time` is made by, in the order in which Spark makes batches: the
    /// parents' first, one parent after the other.
    fn call_functions(
        &mut self,
        steps: &[Option<Step>],
        id: NodeId,
        time: Time,
        job: &JobContext<'_>,
    ) -> Result<(), Failure> {
        let Some(step) = &steps[id] else {
            return Ok(());
        };
        if self.all[id].remembers(time, job.asker) {
            return Ok(());
        }
        // A stateful node makes each batch since the last one that it has made.
        let coming = if step.is_stateful {
            time.since(self.advanced_to[id])
        } else {
            self.slides[id]
        };
        for time in batch_times(time, coming, self.slides[id], self.zero_time) {
            for edge in &step.parents {
                let slide = self.slides[edge.parent];
                for needed in batch_times(time, edge.reach.max(slide), slide, self.zero_time) {
                    self.call_functions(steps, edge.parent, needed, job)?;
                }
            }
        }
        let Some(stateful) = &step.function else {
            return Ok(());
        };
        self.make_each(stateful, time, job);
        self.make(id, time, job)
    }
}
