//! Every kind of mistake as the user sees it: what is wrong, where, and what would be right.

mod changes;
mod cluster;
mod cost;
mod faults;
mod meaning;
mod queries;
mod source_faults;
mod values;

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
pub(crate) fn check(name: &str, text: &str) {
    let settings = insta::Settings::clone_current();
    let mut settings = settings;
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, render(text)));
}

/// A scenario without mistakes, but for what `more` adds to its end.
#[track_caller]
pub(crate) fn check_pipeline(name: &str, more: &str) {
    check(
        name,
        &format!("timeline = [{{ at = \"1s\", lines = [\"blue\"] }}]\n\n[[pipeline]]\n{more}\n"),
    );
}

/// A scenario without mistakes, but for its timeline.
#[track_caller]
pub(crate) fn check_timeline(name: &str, timeline: &str) {
    check(
        name,
        &format!("{timeline}\n\n[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n"),
    );
}

/// A scenario without mistakes, but for `clock`.
#[track_caller]
pub(crate) fn check_clock(name: &str, clock: &str) {
    check_timeline(
        name,
        &format!("timeline = [{{ at = \"1s\", lines = [\"blue\"] }}]\n\n[clock]\n{clock}"),
    );
}

#[track_caller]
pub(crate) fn check_steps(name: &str, steps: &str) {
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

/// A value that is no TOML is there all the same: what follows from no lost part is said.
#[test]
fn syntax_of_a_value_hides_nothing() {
    check(
        "syntax_and_all_else",
        "timeline = [\n  { at = \"1s\", lines = [\"blue\"] },\n  { at = \"2s\" },\n  \
         { at = \"1s\", expect = { pipeline = \"nope\", rows = [] } },\n]\n\n\
         [clock]\nstart = 2018-13-45T00:00:00Z\n\n[[pipeline]]\nname = \"counts\"\n",
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
        "name = \"counts\"\nmode = \"stateless\"\nselect = \"word\"",
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
    check_timeline(
        "empty_failure",
        "timeline = [{ at = \"1s\", expect = { failure = \"\" } }]",
    );
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
