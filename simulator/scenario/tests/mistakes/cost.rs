//! Mistakes in costs and limits of rate, and in expected delays and rates.

use crate::{check, check_timeline};

#[test]
fn costs_are_durations_to_the_microsecond() {
    check(
        "cost_values",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n\
         [cost]\nrecord = \"0.5us\"\nbatch = 20\nkey = \"1ms\"\n\n\
         [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\ncost = { batch = \"-1s\" }\n",
    );
}

#[test]
fn programs_have_no_costs() {
    check(
        "cost_of_programs",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n\
         [cluster]\nconcurrent_jobs = 2\n\n[cost]\nbatch = \"1s\"\n\n\
         [[pipeline]]\nname = \"free\"\nprogram = \"count.py\"\ncost = {}\n\n\
         [[pipeline]]\nname = \"slow\"\nrust = \"count\"\n",
    );
}

#[test]
fn bounds_hold_for_something() {
    check_timeline(
        "bounds",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n\
         \x20 { expect = { total_delay = {} } },\n\
         \x20 { expect = { total_delay = { at_least = \"2m\", at_most = \"1m\" } } },\n\
         \x20 { expect = { queue_length = 3, input_rate = { more = 2 } } },\n]",
    );
}

#[test]
fn a_query_has_no_queue() {
    check(
        "delays_of_queries",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n\
         \x20 { expect = { queue_length = { at_most = 1 } } },\n\
         \x20 { expect = { pipeline = \"program\", input_rate = { at_most = 1 } } },\n]\n\n\
         [[pipeline]]\nname = \"query\"\nmode = \"structured\"\n\n\
         [[pipeline]]\nname = \"program\"\nprogram = \"count.py\"\n",
    );
}

#[test]
fn a_table_that_several_checks_read_is_reported_once() {
    check(
        "cluster_twice_read",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n\
         [cluster]\ncore = 2\n\n[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n",
    );
}

#[test]
fn limits_are_of_receivers_that_cut_blocks() {
    check(
        "rates",
        "timeline = [{ at = \"1s\", lines = [\"blue\", \"green\"], partitions = 2 }]\n\n\
         [cluster]\nblock_interval = \"200ms\"\nmax_rate = 10\nbackpressure = { min_rate = 0, gain = 2 }\n\n\
         [[pipeline]]\nname = \"files\"\nmode = \"stateless\"\nsource = \"direct\"\n",
    );
    check(
        "rates_without_blocks",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[clock]\nstop = \"5s\"\n\n\
         [cluster]\ninitial_rate = 10\nbackpressure = true\n\n\
         [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\nmax_rate = 3\n",
    );
}
