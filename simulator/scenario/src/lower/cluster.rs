//! `[cluster]`.

use super::fields::Fields;
use crate::Cluster;
use crate::words::{CLUSTER_TABLE, CORES, MEMORY, SHUFFLE_PARTITIONS};

pub(super) fn lower(top: &Fields) -> Cluster {
    let cluster = top.section(&CLUSTER_TABLE);
    Cluster {
        cores: cluster.size(&CORES),
        shuffle_partitions: cluster.size(&SHUFFLE_PARTITIONS),
        memory: cluster.bytes(&MEMORY),
    }
}
