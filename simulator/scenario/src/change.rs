//! A driver that starts again as another program.

use std::time::Duration;

use crate::{Pipeline, Scenario};

/// A driver that starts again as another program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The keys that are other than before, each with its value as TOML.
    pub(crate) keys: Vec<(&'static str, String)>,
    /// The pipelines as they are now, in the order of the scenario.
    pub(crate) pipelines: Vec<Pipeline>,
    /// The cores, if they are others than the scenario's.
    pub(crate) cores: Option<usize>,
    /// The shuffle partitions, if they are others than the scenario's.
    pub(crate) shuffle_partitions: Option<usize>,
    /// The batch interval, if it is another one than the scenario's.
    pub(crate) interval: Option<Duration>,
}

impl Change {
    /// The scenario with the programs, the cluster and the batch interval that are now.
    pub fn apply(&self, scenario: &Scenario) -> Scenario {
        let mut changed = scenario.clone();
        changed.pipelines.clone_from(&self.pipelines);
        let cluster = &mut changed.cluster;
        cluster.cores = self.cores.unwrap_or(cluster.cores);
        cluster.shuffle_partitions = self
            .shuffle_partitions
            .unwrap_or(cluster.shuffle_partitions);
        changed.clock.interval = self.interval.unwrap_or(changed.clock.interval);
        changed
    }
}
