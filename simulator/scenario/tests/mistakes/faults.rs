//! Faults that cannot be.

use crate::{check, check_pipeline, check_timeline};

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
fn a_point_at_a_checkpoint_needs_one() {
    check_timeline(
        "a_point_at_a_checkpoint_needs_one",
        "timeline = [{ at = \"1s\", crash = \"driver\", point = \"before completion checkpoint\" }]",
    );
}

#[test]
fn a_batch_is_one_of_a_fault() {
    check_timeline(
        "a_batch_is_one_of_a_fault",
        "timeline = [{ at = \"1s\", batch = \"2s\", crash = \"driver\" }]",
    );
}

const QUERY: &str = "\n\n[cluster]\ncheckpoint = \"checkpoint\"\n\n[[pipeline]]\nname = \"counts\"\n\
                     mode = \"structured\"\nsource = \"direct\"\n";

#[test]
fn a_query_has_no_batches_of_streams() {
    check(
        "a_query_has_no_batches_of_streams",
        &format!(
            "timeline = [\n  {{ at = \"1s\", crash = \"driver\", point = \"job\" }},\n  \
             {{ at = \"2s\", delete = \"newest checkpoint\" }},\n  \
             {{ at = \"2s\", corrupt = \"newest checkpoint\" }},\n  \
             {{ at = \"2s\", restart = \"driver\" }},\n  \
             {{ at = \"3s\", slow = \"1s\", fail = \"task\" }},\n]{QUERY}"
        ),
    );
}

#[test]
fn a_program_of_streams_has_no_files_of_a_query() {
    check(
        "a_program_of_streams_has_no_files_of_a_query",
        "timeline = [\n  { at = \"1s\", crash = \"driver\", before = \"commits/3\" },\n  \
         { at = \"2s\", delete = { file = \"offsets/3\" } },\n  \
         { at = \"2s\", corrupt = { file = \"offsets/3\" }, restart = \"driver\" },\n]\n\n[cluster]\n\
         checkpoint = \"checkpoint\"\n\n[[pipeline]]\nname = \"counts\"\nmode = \"update_state\"\n",
    );
}

#[test]
fn a_file_of_a_query_has_the_name_that_spark_gives_it() {
    check(
        "a_file_of_a_query_has_the_name_that_spark_gives_it",
        &format!(
            "timeline = [\n  {{ at = \"1s\", crash = \"driver\", before = \"commit/3\" }},\n  \
             {{ at = \"2s\", delete = {{ file = \"state/0/1.delta\" }} }},\n  \
             {{ at = \"2s\", corrupt = {{ left = \"half\" }} }},\n  \
             {{ at = \"2s\", corrupt = {{ file = \"offsets/1\", left = \"zeros\" }} }},\n]{QUERY}"
        ),
    );
}

#[test]
fn a_query_over_memory_has_no_checkpoint() {
    check(
        "a_query_over_memory_has_no_checkpoint",
        &format!(
            "timeline = []{}",
            QUERY.replace("source = \"direct\"", "num_rows = 5")
        )
        .replace("[cluster]", "[clock]\nstop = \"1s\"\n\n[cluster]"),
    );
}

#[test]
fn a_driver_dies_at_one_point() {
    check(
        "a_driver_dies_at_one_point",
        &format!(
            "timeline = [{{ at = \"1s\", crash = \"driver\", before = \"commits/3\", after = \"offsets/3\" }}]{QUERY}"
        ),
    );
}

#[test]
fn files_of_a_micro_batch_are_those_of_a_source_that_has_some() {
    check_pipeline(
        "max_files_without_files",
        "name = \"counts\"\nmode = \"structured\"\nmax_files_per_trigger = 1",
    );
}

#[test]
fn a_program_of_its_own_may_be_one_of_streams_or_a_query() {
    for fault in ["before = 'commits/3'", "point = 'before checkpoint'"] {
        let timeline = format!("timeline = [{{ at = '1s', crash = 'driver', {fault} }}]");
        let parsed = scenario::parse_timeline("program.toml", &timeline);
        assert!(parsed.is_ok(), "{fault}: {parsed:?}");
    }
}

#[test]
fn words_that_people_try_for_faults() {
    check_timeline(
        "words_that_people_try_for_faults",
        "timeline = [{ at = \"1s\", kill = \"driver\" }, { at = \"1s\", crash = \"executor\" }]",
    );
}
