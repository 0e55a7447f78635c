//! Mistakes in texts that can be read and cannot be meant.

use crate::{check, check_clock, check_pipeline, check_steps, check_timeline};

#[test]
fn names() {
    check_pipeline(
        "name_with_slash",
        "name = \"word/count\"\nmode = \"stateless\"",
    );
    check_pipeline("name_empty", "name = \"\"\nmode = \"stateless\"");
    check_pipeline(
        "name_too_long",
        &format!("name = \"{}\"\nmode = \"stateless\"", "n".repeat(101)),
    );
    check_pipeline(
        "name_twice",
        "name = \"counts\"\nmode = \"stateless\"\n\n[[pipeline]]\nname = \"counts\"\nmode = \"update_state\"",
    );
    check_pipeline(
        "name_twice_but_for_its_case",
        "name = \"counts\"\nmode = \"stateless\"\n\n[[pipeline]]\nname = \"Counts\"\nmode = \"update_state\"",
    );
    check_timeline(
        "name_unknown",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n  { expect = { pipeline = \"count\", rows = [] } },\n]",
    );
}

#[test]
fn memory_of_no_states() {
    check(
        "memory_of_programs",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[cluster]\nmemory = \"512MB\"\n\n\
         [[pipeline]]\nname = \"counts\"\nprogram = \"count.py\"\n",
    );
}

#[test]
fn a_checkpoint_of_programs_that_name_their_own() {
    check(
        "checkpoint_of_programs",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[cluster]\ncheckpoint = \"checkpoint\"\n\
         write_ahead_log = true\n\n[[pipeline]]\nname = \"counts\"\nprogram = \"count.py\"\n",
    );
}

#[test]
fn versions_of_spark() {
    let rest = "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[console]\nprofile = \"cookbook\"\n\n\
                [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n\n\
                [[pipeline]]\nname = \"totals\"\nprofile = \"cookbook\"\nmode = \"update_state\"\n";
    check("older_profile", &format!("spark = \"4\"\n{rest}"));
    check_timeline(
        "version_of_a_release",
        "spark = \"4.2\"\ntimeline = [{ at = \"1s\", lines = [\"blue\"] }]",
    );
    check_timeline(
        "version_as_a_number",
        "spark = 4\ntimeline = [{ at = \"1s\", lines = [\"blue\"] }]",
    );
    check_timeline(
        "version_by_another_name",
        "spark_version = \"4\"\ntimeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[console]\nspark = \"4\"",
    );
}

#[test]
fn words() {
    check_timeline(
        "words",
        "timeline = [{ at = \"1s\", words = { \"blue green\" = 5, \"\" = 3 } }]",
    );
}

#[test]
fn nothing_happens() {
    check_timeline("empty_timeline", "timeline = []");
    check_timeline("empty_entry", "timeline = [{ at = \"1s\" }]");
    check_timeline("empty_words", "timeline = [{ at = \"1s\", words = {} }]");
    check_timeline(
        "empty_expect",
        "timeline = [{ at = \"1s\", lines = [\"blue\"], expect = {} }]",
    );
    check(
        "empty_pipelines",
        "pipeline = []\ntimeline = [{ at = \"1s\", lines = [\"blue\"] }]",
    );
}

#[test]
fn times() {
    check_timeline(
        "time_runs_backwards",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n  { at = \"5s\", lines = [\"blue\"] },\n  { at = \"2s\", lines = [\"green\"] },\n  { at = \"3s\", lines = [\"green\"] },\n]",
    );
    check_clock("after_stop", "stop = \"500ms\"");
    check_clock(
        "after_stop_off_the_grid",
        "start = 2018-06-21T23:00:29.5Z\nstop = \"500ms\"",
    );
    check_clock(
        "beyond_calendar",
        "start = 9000-01-01T00:00:00Z\nstop = \"9000000h\"",
    );
    check_timeline(
        "too_many_generated",
        "timeline = [{ at = \"1s\", generate = { rate = 1000000, duration = \"1s\", words = 11 } }]",
    );
    check_timeline(
        "beyond_calendar_generate",
        "timeline = [{ at = \"1s\", generate = { rate = 1, duration = \"9223372036854775807ms\" } }]",
    );
}

#[test]
fn a_batch_fits_into_memory() {
    check_timeline(
        "too_many_generated_a_batch",
        "timeline = [{ at = \"1s\", generate = { rate = 1000000, duration = \"8760h\" } }]\n\n[clock]\ninterval = \"1h\"",
    );
}

#[test]
fn no_line_is_lost_at_the_stop() {
    check_clock(
        "lines_after_the_last_batch",
        "interval = \"2s\"\nstop = \"1s\"",
    );
    check_timeline(
        "generated_after_the_stop",
        "timeline = [{ at = \"1s\", generate = { rate = 2, duration = \"10s\" } }]\n\n[clock]\nstop = \"5s\"",
    );
    check(
        "lines_after_the_last_trigger",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n  { at = \"6s\", words = { green = 2 } },\n]\n\n\
         [clock]\nstop = \"8s\"\n\n[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n\n\
         [[pipeline]]\nname = \"every_5s\"\nmode = \"structured\"\ntrigger = { processing_time = \"5s\" }\n",
    );
}

#[test]
fn runs_without_an_end() {
    check_clock("too_many_batches", "interval = \"1ms\"\nstop = \"8760h\"");
    check_timeline(
        "too_many_batches_until_the_last_entry",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n  { at = \"200000000s\", lines = [\"green\"] },\n]",
    );
    check_timeline(
        "too_many_generated_micro_batches",
        "timeline = [{ at = \"1s\", generate = { rate = 1000, duration = \"8760h\" } }]\n\n\
         [[pipeline]]\nname = \"query\"\nmode = \"structured\"",
    );
    check_clock(
        "too_long",
        "interval = \"365 days\"\nstop = \"200 weeks\"\n\n[limits]\ntime = \"2 days\"",
    );
    check_clock(
        "limit_of_batches",
        "stop = \"1h\"\n\n[limits]\nbatches = 3599",
    );
}

#[test]
fn modes() {
    check_pipeline(
        "mode_and_steps",
        "name = \"counts\"\nmode = \"stateless\"\nsteps = [{ print = 10 }]",
    );
    check_pipeline(
        "option_of_another_mode",
        "name = \"counts\"\nmode = \"update_state\"\nwindow = \"3s\"\ntrigger = \"once\"",
    );
    check_pipeline(
        "idle_keys_of_map_with_state",
        "name = \"counts\"\nmode = \"map_with_state\"\nupdate = \"drop_idle\"",
    );
    check_pipeline(
        "option_with_steps",
        "name = \"counts\"\nsteps = [{ print = 10 }]\nsource = \"socket\"",
    );
    check_pipeline(
        "mode_and_rust",
        "name = \"counts\"\nmode = \"stateless\"\nrust = \"counts\"",
    );
    check_pipeline(
        "option_with_rust",
        "name = \"counts\"\nrust = \"counts\"\nwindow = \"3s\"",
    );
    check_pipeline(
        "option_with_program",
        "name = \"counts\"\nprogram = \"counts.py\"\nwindow = \"3s\"",
    );
    check_pipeline(
        "mode_and_program",
        "name = \"counts\"\nmode = \"stateless\"\nprogram = \"counts.py\"",
    );
}

#[test]
fn states_of_a_program_are_not_counted() {
    check(
        "counters_of_a_program",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"], expect = { counters = { probes = 1 } } },\n]\n\n\
         [[pipeline]]\nname = \"job\"\nprogram = \"job.py\"\n",
    );
}

#[test]
fn the_file_of_a_program_is_python_on_any_machine() {
    for (name, path) in [
        ("absolute_program", "/home/me/count.py"),
        ("program_of_windows", "jobs\\\\count.py"),
        ("program_of_java", "Count.java"),
    ] {
        check_pipeline(name, &format!("name = \"counts\"\nprogram = \"{path}\""));
    }
}

#[test]
fn needs() {
    check_pipeline(
        "inverse_without_window",
        "name = \"counts\"\nmode = \"stateless\"\ninverse = true",
    );
    check_pipeline(
        "timeouts_without_timeout",
        "name = \"counts\"\nmode = \"map_with_state\"\ntimeouts = \"exact\"",
    );
    check_steps(
        "timeouts_without_timeout_in_a_step",
        "  { flat_map = \"split\" },\n  { map = \"pair\" },\n  { map_with_state = { timeouts = \"exact\" } },\n  { print = 10 },",
    );
    check_pipeline(
        "arguments_without_program",
        "name = \"counts\"\nsteps = [{ print = 10 }]\narguments = [\"9999\"]",
    );
    check_pipeline(
        "append_without_window",
        "name = \"counts\"\nmode = \"structured\"\noutput = \"append\"",
    );
    check_pipeline(
        "append_without_watermark",
        "name = \"counts\"\nmode = \"structured\"\nwindow = \"10s\"\noutput = \"append\"",
    );
    check_pipeline(
        "sink_without_append",
        "name = \"counts\"\nmode = \"structured\"\nsink = { json = \"out\" }",
    );
    check_pipeline(
        "sink_with_rows_of_the_console",
        "name = \"counts\"\nmode = \"structured\"\nwindow = \"10s\"\nwatermark = \"5s\"\noutput = \"append\"\n\
         num_rows = 5\nsink = { json = \"out\" }",
    );
    check_pipeline(
        "window_longer_than_event_time",
        "name = \"counts\"\nmode = \"structured\"\nwindow = \"9223372036854776ms\"",
    );
    check_pipeline(
        "watermark_without_window",
        "name = \"counts\"\nmode = \"structured\"\nwatermark = \"5s\"",
    );
    check_timeline(
        "partitions_without_lines",
        "timeline = [{ at = \"1s\", words = { blue = 3 }, partitions = 2 }]",
    );
}

#[test]
fn win_1_windows_are_multiples() {
    check_pipeline(
        "window_off_grid",
        "name = \"counts\"\nmode = \"stateless\"\nwindow = \"2.5s\"\nslide = \"500ms\"",
    );
    check_steps(
        "window_of_window_off_grid",
        "  { window = { length = \"2s\", slide = \"2s\" } },\n  { window = { length = \"3s\" } },\n  { print = 10 },",
    );
    check_steps(
        "inverse_of_max",
        "  { flat_map = \"split\" },\n  { map = \"pair\" },\n  { reduce_by_key_and_window = { function = \"max\", length = \"3s\", inverse = true } },\n  { print = 10 },",
    );
}

#[test]
fn steps() {
    check_steps(
        "step_type",
        "  { flat_map = \"split\" },\n  { reduce_by_key = \"sum\" },\n  { print = 10 },",
    );
    check_steps(
        "step_type_of_lines",
        "  { map = \"key\" },\n  { print = 10 },",
    );
    check_steps(
        "step_type_of_group",
        "  { flat_map = \"split\" },\n  { map = \"pair\" },\n  { group_by_key = true },\n  { filter = \"not_empty\" },\n  { print = 10 },",
    );
    check_steps(
        "last_step",
        "  { flat_map = \"split\" },\n  { count = true },",
    );
    check_pipeline("no_steps", "name = \"counts\"\nsteps = []");
}

#[test]
fn any_order_is_that_of_rows() {
    check_timeline(
        "any_order_without_rows",
        "timeline = [{ at = \"1s\", expect = { contains = [\"x\"], any_order = true } }]",
    );
}

#[test]
fn counters_of_no_state() {
    check_timeline(
        "counters_of_the_stateless",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n  { expect = { pipeline = \"counts\", counters = { probes = 1 } } },\n]",
    );
    check(
        "counters_of_all",
        "timeline = [{ at = \"1s\", expect = { counters = { probes = 1 } } }]\n\n\
         [[pipeline]]\nname = \"totals\"\nmode = \"update_state\"\n\n\
         [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n",
    );
}

#[test]
fn one_mistake_is_told_once() {
    check(
        "counters_of_a_misspelt_mode",
        "timeline = [{ at = \"1s\", expect = { counters = { probes = 1 } } }]\n\n\
         [[pipeline]]\nname = \"totals\"\nmode = \"update_stat\"\n",
    );
    check(
        "counters_misspelt",
        "timeline = [{ at = \"1s\", expect = { counters = { probe = 1 } } }]\n\n\
         [[pipeline]]\nname = \"totals\"\nmode = \"update_state\"\n",
    );
    check(
        "counters_empty",
        "timeline = [{ at = \"1s\", expect = { counters = {} } }]\n\n\
         [[pipeline]]\nname = \"totals\"\nmode = \"update_state\"\n",
    );
}

#[test]
fn values_that_are_read_one_after_the_other_are_told_at_once() {
    check_pipeline(
        "window_and_watermark",
        "name = \"counts\"\nmode = \"structured\"\nwindow = \"5 minuts\"\nwatermark = \"10 minuts\"",
    );
    check_pipeline(
        "watermark_without_a_window",
        "name = \"counts\"\nmode = \"structured\"\nwatermark = \"10 minuts\"",
    );
    check_pipeline(
        "window_slide_and_inverse",
        "name = \"counts\"\nmode = \"stateless\"\nwindow = \"3x\"\nslide = \"1x\"\ninverse = 1",
    );
    check_pipeline(
        "options_of_a_misspelt_mode",
        "name = \"counts\"\nmode = \"structred\"\nwindow = \"5x\"\nnum_rows = 0\noutput = \"all\"",
    );
    check_steps(
        "keys_of_a_window",
        "  { window = { length = \"3x\", slide = \"1x\" } },\n  { flat_map = \"split\" },\n  { map = \"pair\" },\n  \
         { reduce_by_key_and_window = { function = \"max\", slide = \"1x\", inverse = 1 } },\n  { print = 10 },",
    );
    check_timeline(
        "lines_and_partitions",
        "timeline = [{ at = \"1s\", lines = \"blue\", partitions = 0 }]",
    );
}

#[test]
fn a_stream_has_a_name_and_lines() {
    check_timeline(
        "stream_without_lines",
        "timeline = [{ at = \"1s\", stream = \"localhost:9999\", expect = { rows = [] } }]",
    );
    check_timeline(
        "empty_stream",
        "timeline = [{ at = \"1s\", stream = \"\", lines = [\"blue\"] }]",
    );
}

#[test]
fn many_mistakes_at_once() {
    check("many", include_str!("../many_mistakes.toml"));
}

#[test]
fn more_mistakes_than_are_kept() {
    let entries = "{},\n".repeat(1500);
    let text = format!(
        "timeline = [{{ at = \"1s\", lines = [] }},\n{entries}]\npipeline = [{{ name = \"a\", mode = \"stateless\" }}]"
    );
    let mistakes = scenario::parse("many.toml", &text).expect_err("entries are empty");
    assert_eq!(
        mistakes.to_string(),
        "failed to read many.toml: 1500 mistakes, of which 1000 follow"
    );
    assert_eq!(mistakes.iter().count(), 1000);
}
