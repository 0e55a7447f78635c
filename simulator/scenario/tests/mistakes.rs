//! Every kind of mistake as the user sees it: what is wrong, where, and what would be right.

use miette::{GraphicalReportHandler, GraphicalTheme};

/// Renders the mistakes of `text` as the command line does, without colours, 100 columns wide.
fn render(text: &str) -> String {
    let mistakes = scenario::parse("scenarios/blue.toml", text).expect_err("the text has mistakes");
    let mut shown = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(100)
        .with_links(false)
        .render_report(&mut shown, &mistakes)
        .expect("a mistake can be rendered");
    shown
}

#[track_caller]
fn check(name: &str, text: &str) {
    let settings = insta::Settings::clone_current();
    let mut settings = settings;
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, render(text)));
}

/// A scenario without mistakes, but for what `more` adds to its end.
#[track_caller]
fn check_pipeline(name: &str, more: &str) {
    check(
        name,
        &format!("timeline = [{{ at = \"1s\", lines = [\"blue\"] }}]\n\n[[pipeline]]\n{more}\n"),
    );
}

/// A scenario without mistakes, but for its timeline.
#[track_caller]
fn check_timeline(name: &str, timeline: &str) {
    check(
        name,
        &format!("{timeline}\n\n[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n"),
    );
}

/// A scenario without mistakes, but for `clock`.
#[track_caller]
fn check_clock(name: &str, clock: &str) {
    check_timeline(
        name,
        &format!("timeline = [{{ at = \"1s\", lines = [\"blue\"] }}]\n\n[clock]\n{clock}"),
    );
}

#[track_caller]
fn check_steps(name: &str, steps: &str) {
    check_pipeline(name, &format!("name = \"counts\"\nsteps = [\n{steps}\n]"));
}

#[test]
fn syntax() {
    check_clock("syntax_missing_value", "interval =");
    check_clock("syntax_unquoted_text", "timezone = Europe/Berlin");
    check_clock(
        "syntax_duplicate_key",
        "interval = \"1s\"\ninterval = \"2s\"",
    );
    check_clock(
        "syntax_duplicate_table",
        "interval = \"1s\"\n[clock]\nstop = \"2s\"",
    );
    check_clock("syntax_no_such_date", "start = 2018-02-30T00:00:00Z");
    check_clock("syntax_bad_escape", r#"timezone = "Europe\Berlin""#);
    check_clock(
        "syntax_unclosed_string",
        "timezone = \"Europe/Berlin\nstop = \"2s\"",
    );
    check_timeline(
        "syntax_unclosed_array",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n",
    );
    check_timeline(
        "syntax_unclosed_inline_table",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"],\n  { at = \"2s\", lines = [\"green\"] },\n]",
    );
    check_timeline(
        "syntax_missing_comma",
        "timeline = [\n  { at = \"1s\" lines = [\"blue\"] },\n  { at = \"2s\", lines = [\"green\"] }\n]",
    );
}

#[test]
fn syntax_and_meaning_together() {
    check_clock(
        "syntax_and_meaning",
        "timezone = Europe/Berlin\ninterval = \"1x\"\nintervall = 2",
    );
}

#[test]
fn empty_text() {
    check("empty_text", "");
}

#[test]
fn too_large() {
    check("too_large_text", &" ".repeat((64 << 20) + 1));
    check_timeline(
        "too_large_words",
        "timeline = [\n  { at = \"1s\", words = { blue = 1_000_000, a_word_of_sixty_four_letters_that_comes_a_million_times_in_a_lin = 1_000_000 } },\n]",
    );
}

#[test]
fn long_lines_are_cut() {
    let lines = vec!["\"blue green gohawks\""; 1000].join(", ");
    check_timeline(
        "long_line",
        &format!("timeline = [{{ at = \"1s\", lines = [{lines}, 7, {lines}] }}]"),
    );
    check_timeline(
        "long_value",
        &format!("timeline = [{{ at = 7, lines = [{lines}] }}, [{lines}]]"),
    );
    let entry = format!("{{ lines = [{lines}], at = \"1s\" }}");
    let early = entry.replace("1s", "0s");
    check_timeline(
        "long_line_with_two_places",
        &format!("timeline = [{entry}, {early}]"),
    );
    check_timeline(
        "long_lines_around",
        &format!("#{lines}\ntimeline = []\n#{lines}"),
    );
}

#[test]
fn places_far_apart() {
    let comment = "# green\n".repeat(10);
    check_timeline(
        "places_far_apart",
        &format!(
            "timeline = [\n{{ at = \"5s\", lines = [\"blue\"] }},\n{comment}{{ at = \"1s\", lines = [\"blue\"] }},\n]"
        ),
    );
}

#[test]
fn control_characters_are_not_printed() {
    check_clock(
        "control_characters",
        "timezone = \"\u{1b}[31mred\u{202e}\"\n\"a\\u001b[31m\" = 1",
    );
}

#[test]
fn windows_line_ends() {
    check(
        "windows_line_ends",
        "timeline = [\r\n  { at = \"1x\" },\r\n]\r\n[clock]\r\nzone = 1\r\n",
    );
}

#[test]
fn columns_are_characters() {
    check_clock("columns", "\"größe 😀\" = 1");
}

#[test]
fn unknown_keys() {
    check_clock("unknown_key", "intervall = \"1s\"");
    check_clock("unknown_key_nothing_near", "watermark = \"1s\"");
    check(
        "unknown_key_at_the_top",
        "titel = \"blue\"\ntimeline = [{ at = \"1s\", lines = [\"blue\"] }]\npipeline = [{ name = \"counts\", mode = \"stateless\" }]",
    );
    check(
        "unknown_key_of_the_top",
        "[clock]\ninterval = \"1s\"\ntimeline = [{ at = \"1s\", lines = [\"blue\"] }]\n[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n",
    );
    check_timeline(
        "unknown_key_in_entry",
        "timeline = [{ at = \"1s\", line = [\"blue\"], crash = \"driver\" }]",
    );
    check_pipeline(
        "unknown_key_in_pipeline",
        "name = \"counts\"\nmode = \"stateless\"\nsql = \"SELECT 1\"",
    );
    check_steps(
        "unknown_step",
        "  { reduceByKey = \"sum\" },\n  { print = 10 },",
    );
}

#[test]
fn missing_keys() {
    check_pipeline("missing_name", "mode = \"stateless\"");
    check_pipeline("missing_mode", "name = \"counts\"");
    check_timeline("missing_at", "timeline = [{ lines = [\"blue\"] }]");
    check_timeline(
        "missing_in_generate",
        "timeline = [{ at = \"1s\", generate = { keys = 3 } }]",
    );
    check_steps(
        "missing_in_window",
        "  { window = { slide = \"1s\" } },\n  { print = 10 },",
    );
}

#[test]
fn choices() {
    check_steps(
        "step_with_two_keys",
        "  { flat_map = \"split\", map = \"pair\" },\n  { print = 10 },",
    );
    check_steps("step_without_keys", "  {},\n  { print = 10 },");
    check_pipeline(
        "update_with_no_key",
        "name = \"counts\"\nmode = \"update_state\"\nupdate = {}",
    );
}

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
fn out_of_range() {
    check_clock("range_interval", "interval = \"0s\"");
    check_clock("range_interval_too_long", "interval = \"8761h\"");
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
        "name = \"counts\"\nmode = \"stateless\"\n\n[[pipeline]]\nname = \"Counts\"\nmode = \"update_state\"",
    );
    check_timeline(
        "name_unknown",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n  { expect = { pipeline = \"count\", rows = [] } },\n]",
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
        "append_without_window",
        "name = \"counts\"\nmode = \"structured\"\noutput = \"append\"",
    );
    check_pipeline(
        "append_without_watermark",
        "name = \"counts\"\nmode = \"structured\"\nwindow = \"10s\"\noutput = \"append\"",
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
fn many_mistakes_at_once() {
    check("many", include_str!("many_mistakes.toml"));
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
