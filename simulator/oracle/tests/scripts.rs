//! Pipelines as programs for Spark.

use scenario::Scenario;

fn scenario(text: &str) -> Scenario {
    scenario::parse("scripts.toml", text).expect("the text has no mistakes")
}

/// The programs of the book's scenario: its three programs, with arguments for the command line.
#[test]
fn the_book_gives_the_programs_of_the_book() {
    let book = scenario(include_str!("../../../scenarios/cookbook.toml"));
    for pipeline in &book.pipelines {
        let script = oracle::script(&book, pipeline, "Book");
        insta::assert_snapshot!(format!("book_{}", pipeline.name), script.text);
    }
}

#[track_caller]
fn check(head: &str, pipeline: &str, snapshot: &str) {
    let text = format!(
        "timeline = [{{ at = '1s', lines = [] }}]\n[clock]\ninterval = '250ms'\n[console]\n{head}\n[[pipeline]]\nname = 'kept-words'\n{pipeline}"
    );
    let scenario = scenario(&text);
    let script = oracle::script(&scenario, &scenario.pipelines[0], "KeptWords");
    insta::with_settings!({ description => pipeline }, {
        insta::assert_snapshot!(snapshot, script.text);
    });
}

#[test]
fn a_window_in_python() {
    let pipeline = "mode = 'stateless'\nwindow = '1500ms'\nslide = '500ms'\ninverse = true";
    check("rows = 3", pipeline, "window_python");
}

#[test]
fn totals_in_java() {
    let pipeline =
        "mode = 'update_state'\nupdate = { drop_at = 3 }\ninitial = { \"a\\\"b\" = 2, \"é\" = 1 }";
    check("profile = 'jvm'", pipeline, "update_state_java");
}

#[test]
fn map_with_state_is_java_in_every_profile() {
    let pipeline =
        "mode = 'map_with_state'\nemit = 'snapshots'\ntimeout = '5s'\nupdate = { drop_at = 9 }";
    check("profile = 'pyspark'", pipeline, "map_with_state");
}

#[test]
fn exact_time_outs_are_remarked_on() {
    let pipeline =
        "mode = 'map_with_state'\ninitial = { blue = 7 }\ntimeout = '5s'\ntimeouts = 'exact'";
    check("profile = 'jvm'", pipeline, "map_with_state_exact");
}

#[test]
fn steps_with_map_with_state_are_java_in_every_profile() {
    let pipeline = "steps = [
  { flat_map = 'split' }, { map = 'pair' }, { map_with_state = {} }, { print = 10 },
  { map_with_state = { emit = 'snapshots', initial = { blue = 7 }, timeout = '5s', drop_at = 9 } },
  { reduce_by_key = 'sum' }, { print = 5 },
]";
    check("profile = 'pyspark'", pipeline, "steps_map_with_state");
}

#[test]
fn a_query_with_all_its_options() {
    let pipeline = "mode = 'structured'\noutput = 'update'\ntrigger = { processing_time = '5s' }\nnum_rows = 5\ntruncate = false";
    check("", pipeline, "structured");
}

#[test]
fn windows_of_event_time() {
    let pipeline = "mode = 'structured'\noutput = 'append'\nwindow = '10s'\nwatermark = '1s'";
    check("", pipeline, "event_time");
}

#[test]
fn a_receiver_takes_a_core_for_itself() {
    check(
        "[cluster]\ncores = 1",
        "mode = 'stateless'",
        "one_core_python",
    );
    let java = "profile = 'jvm'\n[cluster]\ncores = 1";
    check(java, "mode = 'stateless'", "one_core_java");
    // A query has no receiver.
    let scenario = scenario(
        "timeline = [{ at = '1s', lines = [] }]\ncluster.cores = 1\n\
         [[pipeline]]\nname = 'query'\nmode = 'structured'",
    );
    let script = oracle::script(&scenario, &scenario.pipelines[0], "Query");
    assert!(
        script
            .text
            .contains("spark-submit --master \"local[1]\" struct")
    );
}

#[test]
fn times_are_printed_in_the_zone_of_the_clock() {
    let of = |pipeline: &str| {
        let text = format!(
            "timeline = [{{ at = '1s', lines = [] }}]\nclock.timezone = 'Europe/Berlin'\n\
             [[pipeline]]\nname = 'p'\n{pipeline}"
        );
        let scenario = scenario(&text);
        oracle::script(&scenario, &scenario.pipelines[0], "P").text
    };
    insta::assert_snapshot!("zone_python", of("mode = 'stateless'"));
    insta::assert_snapshot!("zone_structured", of("mode = 'structured'\nwindow = '10s'"));
}

const STEPS: &str = "steps = [
  { flat_map = 'split' }, { filter = { starts_with = 'a' } }, { map = 'upper' }, { map = 'pair' },
  { map_values = { multiply = -2 } }, { print = 10 },
  { reduce_by_key_and_window = { function = 'max', length = '1s' } }, { update_state_by_key = { drop_at = 3 } },
  { filter = { at_least = 2 } }, { group_by_key = true }, { print = 5 }, { window = { length = '2s' } },
  { count = true }, { reduce = 'min' }, { print = 1 },
]";

#[test]
fn steps_in_python() {
    check("", STEPS, "steps_python");
}

#[test]
fn steps_in_java() {
    check("profile = 'jvm'", STEPS, "steps_java");
}

/// Views over sources and tables, and the query over them.
#[test]
fn a_query_in_sql() {
    let scenario = scenario(
        r#"
timeline = [{ at = "1s", lines = [] }]
[cluster]
shuffle_partitions = 3
[[source]]
name = "events"
format = "json"
schema = "ts TIMESTAMP, user STRING"
mode = "failfast"
watermark = { column = "ts", delay = "10s" }
drop_duplicates = { columns = ["user"], within_watermark = true }
[[source]]
name = "words"
drop_duplicates = {}
[[table]]
name = "users"
schema = "user STRING, level INT, score DOUBLE"
rows = [["ann's \\", 1, 0.5], { user = "bob" }]
[[table]]
name = "none"
schema = "a INT"
rows = []
[[pipeline]]
name = "levels"
mode = "structured"
sql = """
SELECT level, count(*) AS n
FROM events JOIN users USING (user) GROUP BY level"""
output = "update"
truncate = false
conf = { "spark.sql.ansi.enabled" = true, "spark.sql.session.timeZone" = "Europe/Berlin" }
"#,
    );
    let script = oracle::script(&scenario, &scenario.pipelines[0], "Levels");
    insta::assert_snapshot!("sql", script.text);
}
