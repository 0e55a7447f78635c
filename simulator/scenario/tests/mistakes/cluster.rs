//! Clusters and faults of executors that cannot be.

use crate::check;

/// A scenario of a word count with this timeline and these keys of the cluster.
#[track_caller]
fn check_cluster(name: &str, timeline: &str, cluster: &str) {
    check(
        name,
        &format!(
            "timeline = [\n{timeline}\n]\n\n[cluster]\n{cluster}\n\n[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n"
        ),
    );
}

#[test]
fn a_process_is_one_of_the_cluster() {
    check_cluster(
        "a_process_is_one_of_the_cluster",
        "  { at = \"1s\", crash = \"executor one\" },\n  { at = \"1s\", pause = \"driver\" },\n  \
         { at = \"1s\", partition = [\"executor 0\", \"executor 1\"] },\n  { at = \"1s\", crash = \"executor 2\" },\n  \
         { at = \"1s\", crash = \"receiver 1\" },\n  { at = \"1s\", restart = \"receiver 0\" },\n  \
         { at = \"1s\", crash = \"executor 1\", point = \"job\" },",
        "executors = 2",
    );
}

#[test]
fn a_fault_of_executors_makes_a_difference() {
    check_cluster(
        "a_fault_of_executors_makes_a_difference",
        "  { at = \"1s\", restart = \"executor 0\" },\n  { at = \"1s\", resume = \"executor 0\" },\n  \
         { at = \"1s\", repair = [\"driver\", \"executor 0\"] },\n  { at = \"1s\", resume = \"receiver 0\" },\n  \
         { at = \"1s\", crash = \"executor 0\" },\n  { at = \"1s\", pause = \"executor 0\" },",
        "executors = 1",
    );
}

#[test]
fn a_cluster_without_executors_loses_none() {
    check_cluster(
        "a_cluster_without_executors_loses_none",
        "  { at = \"1s\", crash = \"executor 0\" },",
        "replication = 2\nreceivers = \"reliable\"",
    );
}

#[test]
fn executors_have_programs_of_streams_and_as_many_cores_as_there_may_be_partitions() {
    check(
        "executors_of_a_query",
        "timeline = [{ at = \"1s\", crash = \"receiver 0\" }]\n\n[clock]\ninterval = \"500ms\"\n\n[cluster]\nexecutors = 600\n\n\
         [[pipeline]]\nname = \"query\"\nmode = \"structured\"\n\n\
         [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\nsource = \"direct\"\n",
    );
}

#[test]
fn receivers_on_executors_cut_no_blocks() {
    check_cluster(
        "blocks_of_executors",
        "{ at = \"1s\", lines = [\"blue\"] }",
        "executors = 2\nblock_interval = \"100ms\"",
    );
}
