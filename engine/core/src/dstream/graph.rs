//! A program while it is written: nodes, outputs, and what each must remember.

use std::sync::Weak;
use std::time::Duration;

use super::cached_node::AnyNode;
use super::dataflow::Dataflow;
use super::error::BuildError;
use super::generation::Generation;
use super::node_ref::{Edge, GraphId, NodeId, REFUSED};
use super::nodes::{NewNode, Nodes, OutputPlan, Quiet};
use super::output::{OutputOperation, Reads};
use super::saving::Saving;
use crate::{OutputId, RateLimits, StreamSource};

/// A node as it was written down.
pub(crate) struct GraphNode {
    pub(crate) node: Box<dyn AnyNode>,
    pub(crate) slide: Duration,
    pub(crate) parents: Vec<Edge>,
    /// True if the node must make every batch, in order, whatever the outputs ask for.
    pub(crate) stateful: bool,
    /// The time for which it keeps its batches at least.
    pub(crate) remember: Duration,
    /// From one batch whose states are saved to the next, if the program says.
    pub(crate) checkpoint_interval: Option<Duration>,
}

/// An output operation as it was written down.
pub(crate) struct GraphOutput {
    pub(crate) slide: Duration,
    /// The node whose batches it is given.
    pub(crate) parent: NodeId,
    pub(crate) reads: Reads,
    pub(crate) operation: Box<dyn OutputOperation>,
}

/// The program of one context.
pub(crate) struct Graph {
    pub(crate) interval: Duration,
    pub(crate) block_interval: Duration,
    pub(crate) rate_limits: RateLimits,
    /// True if what the program needs to go on after a crash is saved.
    pub(crate) has_checkpoints: bool,
    /// True if the records of blocks are logged.
    pub(crate) logs_records: bool,
    /// The time for which all nodes keep their batches at least.
    pub(crate) remember: Duration,
    pub(crate) sources: Vec<StreamSource>,
    pub(crate) nodes: Vec<GraphNode>,
    pub(crate) outputs: Vec<GraphOutput>,
    /// The rules that were broken on the way, in the order of writing.
    errors: Vec<BuildError>,
    /// True if the program has been taken out, and nothing can be added.
    is_built: bool,
    /// The program that was taken out, as long as it is there.
    pub(crate) running: Weak<Dataflow>,
}

impl Graph {
    pub(crate) fn new(interval: Duration) -> Graph {
        Graph {
            interval,
            block_interval: Duration::from_millis(200),
            rate_limits: RateLimits::default(),
            has_checkpoints: false,
            logs_records: false,
            remember: Duration::ZERO,
            sources: Vec::new(),
            nodes: Vec::new(),
            outputs: Vec::new(),
            errors: Vec::new(),
            is_built: false,
            running: Weak::new(),
        }
    }

    /// Takes the program out, if it breaks no rule. Additions are refused from then on.
    pub(crate) fn build(&mut self) -> Result<Graph, BuildError> {
        self.validate()?;
        let built = Graph {
            is_built: true,
            ..Graph::new(self.interval)
        };
        Ok(std::mem::replace(self, built))
    }

    /// Refuses a program that breaks a rule.
    fn validate(&self) -> Result<(), BuildError> {
        BuildError::check_interval("batch interval", self.interval)?;
        BuildError::check_interval("block interval", self.block_interval)?;
        if let Some(error) = self.errors.first() {
            return Err(error.clone());
        }
        if self.is_built {
            return Err(BuildError::Built);
        }
        if self.outputs.is_empty() {
            return Err(BuildError::NoOutput);
        }
        if self.logs_records && !self.has_checkpoints {
            return Err(BuildError::LogWithoutCheckpoint);
        }
        let is_unsaved = |node: &&GraphNode| node.stateful && !node.node.can_save();
        match self.nodes.iter().find(is_unsaved) {
            Some(unsaved) if self.has_checkpoints => Err(BuildError::NotSaved {
                operator: unsaved.node.name(),
            }),
            _ => Ok(()),
        }
    }

    /// Keeps a broken rule until the program is built. One that is built has no operators to break rules: each of
    /// them is [refused](Graph::admits).
    pub(crate) fn refuse(&mut self, error: BuildError) {
        if !self.is_built {
            self.errors.push(error);
        }
    }

    /// Returns true if an operator, or a setting, can be added that needs these parents; `own` is the id of this
    /// graph. Otherwise the rule that it breaks is kept.
    pub(crate) fn admits(
        &mut self,
        operator: &'static str,
        own: GraphId,
        parents: &[Edge],
    ) -> bool {
        if self.is_built {
            self.errors.push(BuildError::AfterBuild { operator });
            return false;
        }
        if parents.iter().any(|edge| edge.graph != own) {
            self.errors.push(BuildError::Foreign { operator });
            return false;
        }
        parents.iter().all(|edge| edge.parent != REFUSED)
    }

    /// The time for which each node keeps its batches: its slide, and what its children reach back (`PLAN-1`, `WIN-7`).
    pub(crate) fn remember_durations(&self) -> Vec<Duration> {
        self.with_reach(self.nodes.iter().map(|node| node.slide).collect())
    }

    /// The time for which each node keeps its batches after they are done, as the program says, so that slices find
    /// them.
    fn slice_durations(&self) -> Vec<Duration> {
        let own = |node: &GraphNode| node.remember.max(self.remember);
        self.with_reach(self.nodes.iter().map(own).collect())
    }

    /// The time for which each node keeps its batches, at least for the time given for it, and for the time of each
    /// child and what that reaches back.
    fn with_reach(&self, mut remember: Vec<Duration>) -> Vec<Duration> {
        for (child, node) in self.nodes.iter().enumerate().rev() {
            if remember[child].is_zero() {
                continue;
            }
            for edge in &node.parents {
                let needed = remember[child].saturating_add(edge.reach);
                remember[edge.parent] = remember[edge.parent].max(needed);
            }
        }
        remember
    }

    /// The nodes that the batches of `node` are made of, parents first, and itself.
    pub(crate) fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        let mut is_ancestor = vec![false; node + 1];
        is_ancestor[node] = true;
        for child in (0..=node).rev() {
            if is_ancestor[child] {
                let parents = self.nodes[child].parents.iter();
                parents.for_each(|edge| is_ancestor[edge.parent] = true);
            }
        }
        (0..=node).filter(move |&id| is_ancestor[id])
    }

    /// Those of the [ancestors](Graph::ancestors) that are stateful.
    pub(super) fn stateful_ancestors(&self, node: NodeId) -> Vec<NodeId> {
        let ancestors = self.ancestors(node);
        ancestors.filter(|&id| self.nodes[id].stateful).collect()
    }

    /// For each node the first output that is made of it, if there is one.
    fn first_outputs(&self) -> Vec<Option<OutputId>> {
        let mut first = vec![None; self.nodes.len()];
        for (id, output) in self.outputs.iter().enumerate() {
            for node in self.ancestors(output.parent) {
                first[node].get_or_insert(OutputId(id));
            }
        }
        first
    }

    /// The time back from a batch of each node for which no input means that the batch is empty; `None` if it may
    /// have rows all the same, or calls a function of the user's to find out.
    fn quiet_after(&self) -> Vec<Option<Duration>> {
        let mut quiet: Vec<Option<Duration>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let mut longest = node.node.keeps_empty().then_some(node.slide);
            for edge in &node.parents {
                let parent = quiet[edge.parent].map(|parent| parent.saturating_add(edge.reach));
                longest = longest.zip(parent).map(|(own, parent)| own.max(parent));
            }
            quiet.push(longest);
        }
        quiet
    }

    /// Takes the nodes, for the run of the program.
    pub(crate) fn take_nodes(&mut self) -> Nodes {
        let remember = self.remember_durations();
        let slices = self.slice_durations();
        let quiet_after = self.quiet_after();
        let first_outputs = self.first_outputs();
        let generation = Generation::new(self);
        let saving = Saving::begin(self);
        let outputs = self.outputs.iter().map(|output| OutputPlan {
            parent: output.parent,
            stateful: self.stateful_ancestors(output.parent).into(),
            quiet: match output.reads {
                Reads::Rows { of_none } => quiet_after[output.parent].map(|after| Quiet {
                    after,
                    event: of_none,
                }),
                Reads::Batch => None,
            },
        });
        let outputs = outputs.collect();
        let new = self.nodes.drain(..).enumerate().map(|(id, node)| NewNode {
            node: node.node,
            slide: node.slide,
            remember: remember[id],
            remember_done: slices[id],
            first_output: first_outputs[id],
        });
        Nodes::new(new.collect(), outputs, generation, saving)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SparkContext, StreamingContext};

    const SECOND: Duration = Duration::from_secs(1);

    /// What is wrong with a program of one batch every `interval`.
    fn refusal(interval: Duration, write: impl FnOnce(&StreamingContext)) -> Option<BuildError> {
        let ssc = StreamingContext::new(&SparkContext::local(1, "refused"), interval);
        write(&ssc);
        ssc.build().err()
    }

    #[track_caller]
    fn check_interval_refused(
        what: &'static str,
        interval: Duration,
        write: impl FnOnce(&StreamingContext),
    ) {
        let batch_interval = if what == "batch interval" {
            interval
        } else {
            SECOND
        };
        assert_eq!(
            refusal(batch_interval, write),
            Some(BuildError::Interval { what, interval })
        );
    }

    #[test]
    fn clk_1_a_batch_interval_is_whole_milliseconds() {
        let too_long = Duration::from_millis(i64::MAX.unsigned_abs() + 1);
        for interval in [Duration::ZERO, Duration::from_micros(1_500), too_long] {
            check_interval_refused("batch interval", interval, |ssc| {
                ssc.queue_stream([vec![1]]).print();
            });
        }
    }

    #[test]
    fn blk_1_a_block_interval_is_whole_milliseconds() {
        for interval in [Duration::ZERO, Duration::from_nanos(1)] {
            check_interval_refused("block interval", interval, |ssc| {
                ssc.block_interval(interval);
                ssc.receiver_stream("lines").print();
            });
        }
    }

    #[test]
    fn gen_2_a_program_without_output_is_refused() {
        let refused = refusal(SECOND, |ssc| {
            ssc.queue_stream([vec![1]]).count();
        });
        assert_eq!(refused, Some(BuildError::NoOutput));
    }

    #[test]
    fn plan_4_a_cluster_without_cores_or_with_too_many_is_refused() {
        let error = |cores| {
            let ssc = StreamingContext::new(&SparkContext::local(cores, "words"), SECOND);
            let pairs = ssc.queue_stream([vec![(1, 1)]]);
            pairs.reduce_by_key(|x, y| x + y).print();
            ssc.build().err()
        };
        assert_eq!(error(0), Some(BuildError::NoCores));
        assert_eq!(error(SparkContext::CORES_MAX), None);
        let too_many = error(usize::MAX).expect("it is refused");
        assert_eq!(too_many, BuildError::TooManyCores(usize::MAX));
        assert_eq!(
            too_many.to_string(),
            format!("a cluster has at most 1024 cores, not {}", usize::MAX)
        );
    }

    #[test]
    fn the_first_broken_rule_is_told() {
        let refused = refusal(SECOND, |ssc| {
            let numbers = ssc.queue_stream([vec![1]]);
            numbers.window(SECOND, Duration::from_millis(100)).print();
            numbers
                .union(&numbers.window(SECOND * 2, SECOND * 2))
                .print();
        });
        let text = "the slide of a window must be a multiple of its parent's slide of 1s, \
                    not 100ms";
        assert_eq!(
            refused.map(|error| error.to_string()).as_deref(),
            Some(text)
        );
    }
}
