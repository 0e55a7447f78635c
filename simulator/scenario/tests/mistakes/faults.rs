//! Faults that cannot be.

use crate::{check, check_timeline};

#[test]
fn a_driver_dies_once_and_runs_once() {
    check_timeline(
        "a_driver_dies_once",
        "timeline = [\n  { at = \"1s\", restart = \"driver\" },\n  { at = \"2s\", crash = \"driver\" },\n  \
         { at = \"3s\", crash = \"driver\" },\n]",
    );
}

#[test]
fn a_point_is_one_of_a_batch() {
    check_timeline(
        "a_point_is_one_of_a_batch",
        "timeline = [{ at = \"1.5s\", crash = \"driver\", point = \"job\" }]",
    );
}

#[test]
fn files_are_those_of_a_checkpoint_folder() {
    check_timeline(
        "files_are_those_of_a_checkpoint_folder",
        "timeline = [{ at = \"1s\", corrupt = \"newest checkpoint\" }]",
    );
}

#[test]
fn a_query_has_no_faults_yet() {
    check(
        "a_query_has_no_faults",
        "timeline = [{ at = \"1s\", crash = \"driver\" }]\n\n[[pipeline]]\nname = \"job\"\nmode = \"structured\"\n",
    );
}

#[test]
fn words_that_people_try_for_faults() {
    check_timeline(
        "words_that_people_try_for_faults",
        "timeline = [{ at = \"1s\", kill = \"driver\" }, { at = \"1s\", crash = \"executor\" }]",
    );
}
