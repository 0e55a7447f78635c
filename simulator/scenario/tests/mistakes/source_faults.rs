//! Faults of a source that cannot be.

use crate::{check, check_timeline};

#[test]
fn a_source_is_paused_once() {
    check_timeline(
        "a_source_is_paused_once",
        "timeline = [\n  { at = \"1s\", resume = \"source\", release = \"source\" },\n  \
         { at = \"2s\", pause = \"source\", hold = \"source\" },\n  \
         { at = \"3s\", pause = \"source\", hold = \"source\" },\n]",
    );
}

#[test]
fn a_fault_of_lines_says_which() {
    check_timeline(
        "a_fault_of_lines_says_which",
        "timeline = [\n  { at = \"1s\", drop = \"lines\" },\n  { at = \"2s\", delay = \"1s\", share = 0.5 },\n  \
         { at = \"3s\", reorder = \"lines\", next = 2, for = \"1s\" },\n  \
         { at = \"4s\", drop = \"connection\", next = 2 },\n  { at = \"5s\", crash = \"driver\", share = 2 },\n]",
    );
}

const PIPELINES: &str = "\n\n[[pipeline]]\nname = \"query\"\nmode = \"structured\"\n\n\
                         [[pipeline]]\nname = \"kept\"\nmode = \"update_state\"\nsource = \"direct\"\n\n\
                         [[pipeline]]\nname = \"program\"\nprogram = \"job.py\"\n";

#[test]
fn a_connection_is_one_of_a_source_that_has_one() {
    check(
        "a_connection_is_one_of_a_source_that_has_one",
        &format!(
            "timeline = [\n  {{ at = \"1s\", hold = \"source\" }},\n  \
             {{ at = \"2s\", drop = \"connection mid-line\" }},\n]{PIPELINES}"
        ),
    );
}
