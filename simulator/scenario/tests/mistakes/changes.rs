//! Programs and clocks that cannot change so.

use crate::{check, check_timeline};

#[test]
fn a_change_is_one_of_a_restart() {
    check_timeline(
        "a_change_is_one_of_a_restart",
        "timeline = [\n  { at = \"1s\", crash = \"driver\" },\n  { at = \"2s\", with = { cores = 4 } },\n  \
         { at = \"3s\", restart = \"driver\", with = { outputs = \"append\", cores = 0, window = \"2s\" } },\n]",
    );
}

#[test]
fn a_changed_pipeline_is_checked_as_it_is_then() {
    check(
        "a_changed_pipeline_is_checked_as_it_is_then",
        "timeline = [\n  { at = \"1s\", crash = \"driver\" },\n  \
         { at = \"2s\", restart = \"driver\", with = { output = \"append\" } },\n  \
         { at = \"3s\", crash = \"driver\" },\n  \
         { at = \"4s\", restart = \"driver\", with = { steps = [{ print = 5 }], update = \"sum\" } },\n]\n\n\
         [[pipeline]]\nname = \"query\"\nmode = \"structured\"\nsource = \"direct\"\n",
    );
}

#[test]
fn a_program_of_its_own_is_changed_in_its_file() {
    check(
        "a_program_of_its_own_is_changed_in_its_file",
        "timeline = [\n  { at = \"1s\", crash = \"driver\", clock = \"+5s\" },\n  \
         { at = \"2s\", restart = \"driver\", with = { cores = 4 } },\n]\n\n\
         [[pipeline]]\nname = \"program\"\nprogram = \"job.py\"\n",
    );
}

#[test]
fn a_clock_jumps_forward_or_back() {
    check_timeline(
        "a_clock_jumps_forward_or_back",
        "timeline = [\n  { at = \"1s\", clock = \"5s\" },\n  { at = \"2s\", clock = \"-0s\" },\n  \
         { at = \"3s\", clock = \"+soon\" },\n  { at = \"4s\", clock = 5 },\n]",
    );
}
