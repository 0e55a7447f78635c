//! Values that are of a wrong type, unknown, or out of range.

use crate::{check, check_clock, check_pipeline, check_steps, check_timeline};

#[test]
fn wrong_types() {
    check_clock("type_integer_for_duration", "interval = 5");
    check(
        "type_text_for_table",
        "clock = \"1s\"\ntimeline = [{ at = \"1s\", lines = [\"blue\"] }]\npipeline = [{ name = \"counts\", mode = \"stateless\" }]",
    );
    check(
        "type_table_for_array",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[pipeline]\nname = \"counts\"\nmode = \"stateless\"",
    );
    check_timeline(
        "type_text_for_lines",
        "timeline = [{ at = \"1s\", lines = \"blue\" }]",
    );
    check_timeline(
        "type_integer_among_lines",
        "timeline = [{ at = \"1s\", lines = [\"blue\", 7] }]",
    );
    check_timeline("type_text_for_entry", "timeline = [\"blue\"]");
    check_timeline(
        "type_array_for_words",
        "timeline = [{ at = \"1s\", words = [\"blue\"] }]",
    );
    check_timeline(
        "type_text_for_count",
        "timeline = [{ at = \"1s\", words = { blue = \"five\", green.dark = 1 } }]",
    );
    check_timeline(
        "type_text_for_number",
        "timeline = [{ at = \"1s\", generate = { rate = 1.5, duration = \"1s\", skew = \"much\" } }]",
    );
    check_pipeline("type_integer_for_word", "name = \"counts\"\nmode = 1");
    check_pipeline(
        "type_text_for_flag",
        "name = \"counts\"\nmode = \"structured\"\ntruncate = \"yes\"",
    );
    check_pipeline(
        "type_text_for_initial",
        "name = \"counts\"\nmode = \"update_state\"\ninitial = \"blue\"",
    );
    check_pipeline(
        "type_triple_in_initial",
        "name = \"counts\"\nmode = \"update_state\"\ninitial = [[\"blue\", 7, 8], \"green\", [\"gohawks\", \"1\"]]",
    );
    check_steps(
        "type_false_for_true",
        "  { count = false },\n  { print = 10 },",
    );
    check_steps("type_text_for_step", "  \"split\",\n  { print = 10 },");
    check_steps("type_true_for_print", "  { print = true },");
}

#[test]
fn unknown_words() {
    check_pipeline("unknown_mode", "name = \"counts\"\nmode = \"stateles\"");
    check_pipeline(
        "unknown_mode_nothing_near",
        "name = \"counts\"\nmode = \"foreach_batch\"",
    );
    check_pipeline(
        "unknown_trigger",
        "name = \"counts\"\nmode = \"structured\"\ntrigger = \"5s\"",
    );
    check_pipeline(
        "unknown_update",
        "name = \"counts\"\nmode = \"update_state\"\nupdate = \"drop\"",
    );
    check_steps(
        "unknown_filter",
        "  { filter = \"empty\" },\n  { print = 10 },",
    );
}

#[test]
fn words_that_people_try() {
    check_steps(
        "tried_steps",
        "  { map = \"lambda x: x.upper()\" },\n  { flat_map = \"line => line.split(' ')\" },\n  { foreachRDD = \"f\" },\n  \
         { join = \"other\" },\n  { group_by = \"word\" },\n  { filter = { not_contains = \"x\" } },\n  \
         { reduce_by_key = \"avg\" },\n  { countByWindow = \"3s\" },\n  { pprint = 10 },",
    );
    check_pipeline(
        "tried_modes",
        "name = \"counts\"\nmode = \"complete\"\noutputMode = \"complete\"\nflat_map = \"split\"\ninterval = \"1s\"",
    );
    check_timeline(
        "tried_entries",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"], expect = { not_contains = [\"x\"] } },\n  \
         { time = \"1s\", lines = [\"blue\"] },\n  { at = \"2s\", kafka = \"topic\" },\n]",
    );
    check_clock(
        "tried_keys_of_other_tables",
        "cores = 2\nbatchDuration = \"1s\"\ntitle = \"blue\"",
    );
}

#[test]
fn out_of_range() {
    check_clock("range_interval", "interval = \"0s\"");
    check_clock("range_interval_too_long", "interval = \"8761h\"");
    check_pipeline(
        "range_timeout",
        "name = \"counts\"\nmode = \"map_with_state\"\ntimeout = \"0s\"",
    );
    check_timeline(
        "range_partitions",
        "timeline = [{ at = \"1s\", lines = [\"blue\"], partitions = 0 }]",
    );
    check_timeline(
        "range_count",
        "timeline = [{ at = \"1s\", words = { blue = 1_000_001 } }]",
    );
    check_timeline(
        "range_skew",
        "timeline = [{ at = \"1s\", generate = { rate = 10, duration = \"1s\", skew = -1.5 } }]",
    );
    check_timeline(
        "range_skew_nan",
        "timeline = [{ at = \"1s\", generate = { rate = 10, duration = \"1s\", skew = nan } }]",
    );
    check_steps(
        "range_integer",
        "  { flat_map = \"split\" },\n  { map = \"pair\" },\n  { map_values = { add = 9223372036854775808 } },\n  { print = 10 },",
    );
}

#[test]
fn durations() {
    check_clock("duration_negative", "interval = \"-1s\"");
    check_clock("duration_no_unit", "interval = \"5\"");
    check_clock("duration_unknown_unit", "interval = \"1m30s\"");
    check_clock("duration_fraction", "interval = \"0.5ms\"");
    check_clock("duration_no_number", "interval = \"soon\"");
    check_clock("duration_of_a_month", "interval = \"1 month\"");
    check_clock("duration_too_long", "stop = \"9223372036854775808ms\"");
}

#[test]
fn sizes() {
    let check_memory = |name: &str, memory: &str| {
        let head = "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[cluster]\n";
        check_timeline(name, &format!("{head}memory = {memory}"));
    };
    check_memory("size_unknown_unit", "\"512m\"");
    check_memory("size_no_number", "\"much\"");
    check_memory("size_too_large", "\"99999999TiB\"");
    check_memory("size_zero", "\"0MB\"");
    check_memory("type_integer_for_size", "512");
}

#[test]
fn instants() {
    check_clock("instant_local", "start = 2018-06-21T23:00:29");
    check_clock("instant_date", "start = 2018-06-21");
    check_clock("instant_fraction", "start = 2018-06-21T23:00:29.123456Z");
    check_clock("instant_leap_second", "start = 2018-06-21T23:00:60Z");
    check_clock("instant_text", "start = \"yesterday\"");
    check_clock("instant_integer", "start = 1529622029");
    check_clock("instant_out_of_range", "start = \"9999-06-21T23:00:29Z\"");
}

#[test]
fn time_zones() {
    check_clock("time_zone", "timezone = \"Europe/Berln\"");
    check_clock("time_zone_nothing_near", "timezone = \"+02:00\"");
}

#[test]
fn texts_that_are_no_claims() {
    check_timeline(
        "bad_claims",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[invariant]\nalways = [\"count of blue <= 5\", \"rows <= 5\"]\neventually = [\"failures\", \"total_delay < 10\"]\never = 1",
    );
}
