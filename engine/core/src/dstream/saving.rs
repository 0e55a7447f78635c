//! The states that a running program saves, and those that it starts again from.

use std::collections::BTreeMap;
use std::time::Duration;

use super::graph::Graph;
use super::node_ref::{Edge, NodeId};
use super::nodes::Nodes;
use crate::recovery::{StateId, StatesToSave};
use crate::{Failure, Grid, Text, Time};

/// The nodes that save their states, and when (`CKP-6`).
pub(super) struct Saving {
    /// For each node; `None` if it saves nothing.
    grids: Vec<Option<Grid>>,
    parents: Vec<Vec<Edge>>,
    /// The batches that were made and are to be saved when a job ends well.
    unsaved: Vec<StateId>,
    /// The states of batches that are not made yet, of a program that goes on after a crash.
    restorable: BTreeMap<StateId, Vec<u8>>,
}

impl Saving {
    /// Has the nodes that save their states keep what changes of them.
    pub(super) fn begin(graph: &mut Graph) -> Saving {
        let intervals = graph.save_intervals();
        let grids: Vec<Option<Grid>> = intervals.map(|it| it.map(Grid::every)).collect();
        for (node, grid) in graph.nodes.iter_mut().zip(&grids) {
            if let Some(grid) = grid {
                node.node.begin_saving(*grid, node.slide);
            }
        }
        Saving {
            grids,
            parents: graph
                .nodes
                .iter()
                .map(|node| node.parents.clone())
                .collect(),
            unsaved: Vec::new(),
            restorable: BTreeMap::new(),
        }
    }
}

impl Graph {
    /// From one batch of each node whose states are saved to the next; `None` of one that saves nothing.
    pub(super) fn save_intervals(&self) -> impl Iterator<Item = Option<Duration>> {
        self.nodes.iter().map(|node| {
            let saves = self.has_checkpoints && node.stateful;
            let interval = node.checkpoint_interval;
            saves.then(|| interval.unwrap_or_else(|| node.node.checkpoint_interval(node.slide)))
        })
    }

    /// The operators that save their states, each with the time for which Spark remembers its batches: twice the
    /// interval at least (`PLAN-1`).
    pub(crate) fn saving_operators(&self) -> Vec<(NodeId, Duration)> {
        let remember = self.remember_durations();
        let intervals = self.save_intervals().enumerate();
        let saving = intervals
            .filter_map(|(id, interval)| Some((id, interval?.saturating_mul(2).max(remember[id]))));
        saving.collect()
    }

    /// The parts of the program, one a line, as they must be the same when it goes on after a crash.
    pub(crate) fn shape(&self) -> Vec<Text> {
        let mut shape = vec![format!("a batch every {:?}", self.interval)];
        let sources = self
            .sources
            .iter()
            .map(|source| format!("a stream {source}"));
        shape.extend(sources);
        for (id, node) in self.nodes.iter().enumerate() {
            let parents: Vec<NodeId> = node.parents.iter().map(|edge| edge.parent).collect();
            let name = node.node.name();
            let slide = node.slide;
            // States lie where the hash of the language puts their keys.
            let placement = node.node.state_partitioner().map(|partitioner| {
                let partitions = partitioner.partitions();
                format!(" in {partitions} partitions of {:?}", partitioner.profile())
            });
            let placement = placement.unwrap_or_default();
            shape.push(format!(
                "operator {id}: {name} of {parents:?} every {slide:?}{placement}"
            ));
        }
        let outputs = self.outputs.iter();
        shape.extend(outputs.map(|output| format!("an output of {}", output.parent)));
        shape.into_iter().map(Text::from).collect()
    }
}

impl Nodes {
    /// Notes that a stateful node has made a batch, which is to be saved if its time has come.
    pub(super) fn note_made(&mut self, id: NodeId, time: Time) {
        let grid = self.saving.grids[id];
        if grid.is_some_and(|grid| grid.holds(time, self.zero_time)) {
            self.saving.unsaved.push(StateId {
                operator: id,
                batch_time: time,
            });
        }
    }

    /// Takes out what is to be saved of the batches whose time has come.
    ///
    /// # Errors
    ///
    /// The failure of a state that refuses to be cloned. The others are not saved either.
    pub(crate) fn save(&mut self) -> Result<Vec<StatesToSave>, Failure> {
        let unsaved = std::mem::take(&mut self.saving.unsaved).into_iter();
        let saved = unsaved.filter_map(|id| {
            let saved = self.all[id.operator].save(id.batch_time)?;
            Some(saved.map(|(content, since)| StatesToSave { id, since, content }))
        });
        saved.collect()
    }

    /// Has all states of an operator saved the next time, as those that were handed out last are lost.
    pub(crate) fn save_all(&mut self, operator: NodeId) {
        self.all[operator].save_all();
    }

    /// Restores the batch of a stateful node, if it was saved and not yet restored. Returns false if it was not.
    pub(super) fn restore(&mut self, id: NodeId, time: Time) -> Result<bool, Failure> {
        let state = StateId {
            operator: id,
            batch_time: time,
        };
        let Some(saved) = self.saving.restorable.get(&state) else {
            return Ok(false);
        };
        self.all[id].restore(time, saved, self.zero_time)?;
        self.saving.restorable.remove(&state);
        Ok(true)
    }

    /// Goes on after a crash, from these states, with the batch at `first`. Returns the end of the first batch whose
    /// input will be asked for.
    pub(crate) fn recover(
        &mut self,
        zero_time: Time,
        first: Time,
        states: BTreeMap<StateId, Vec<u8>>,
    ) -> Time {
        self.start(zero_time);
        self.saving.restorable = states;
        // The first batch of each node that will be asked for.
        let mut needed = vec![None; self.all.len()];
        let need = |needed: &mut Option<Time>, time: Time| {
            *needed = Some(needed.map_or(time, |first| first.min(time)));
        };
        for output in &self.outputs {
            need(&mut needed[output.parent], first);
        }
        let mut input = first;
        for id in (0..self.all.len()).rev() {
            let Some(mut first) = needed[id] else {
                continue;
            };
            if self.saving.grids[id].is_some() {
                let saved = self.last_saved(id, first);
                let next = saved.unwrap_or(zero_time).checked_add(self.slides[id]);
                first = next.unwrap_or(first);
                // A batch that was saved is restored, which takes no parent.
                let restored = saved.and_then(|saved| saved.checked_sub(self.slides[id]));
                self.advanced_to[id] = restored.unwrap_or(zero_time);
            }
            for edge in &self.saving.parents[id] {
                let reach = edge.reach.saturating_sub(self.slides[edge.parent]);
                let reached = first.checked_sub(reach).unwrap_or(zero_time);
                need(&mut needed[edge.parent], reached);
                input = input.min(reached);
            }
        }
        input.max(zero_time)
    }

    /// The last batch of a node up to `time` whose states were saved.
    fn last_saved(&self, id: NodeId, time: Time) -> Option<Time> {
        let state = |batch_time| StateId {
            operator: id,
            batch_time,
        };
        let saved = self
            .saving
            .restorable
            .range(state(Time::from_millis(i64::MIN))..=state(time));
        saved.last().map(|(saved, _)| saved.batch_time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Profile, SparkContext, StreamingContext, UpdateSpec};

    /// The parts of a running count with checkpoints.
    fn shape(profile: Profile) -> Vec<Text> {
        let cluster = SparkContext::local(2, "totals").with_profile(profile);
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        ssc.checkpoint();
        let words = ssc.direct_stream("lines").map(|line: Text| (line, 1_i64));
        let sum = |values: &[i64], old: Option<i64>| {
            Some(old.unwrap_or_default() + values.iter().sum::<i64>())
        };
        let totals = words.update_state_by_key_with(UpdateSpec::function(sum).saved());
        totals.print();
        let program = ssc.build().expect("the program keeps the rules");
        program.saving.expect("it has checkpoints").shape
    }

    #[test]
    fn states_that_another_language_has_placed_are_of_another_program() {
        assert_eq!(shape(Profile::Jvm), shape(Profile::Jvm));
        assert_ne!(shape(Profile::Jvm), shape(Profile::Pyspark));
    }
}
