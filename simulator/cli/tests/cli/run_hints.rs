//! Remarks on a run that goes well and may not be meant, and where a run ends early.

use serde_json::{Value, json};

use crate::support::{Folder, TestResult, word_count};

/// The standard error of a run that ends well, without the names of its pipelines.
fn hints(text: &str, options: &str) -> Result<String, Box<dyn std::error::Error>> {
    let folder = Folder::with(&[("a.toml", text)])?;
    let run = folder.millrace(&format!("run a.toml {options}"))?;
    assert_eq!(run.code, Some(0), "{run}");
    let lines = run.stderr.lines().filter(|line| !line.starts_with("a "));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_receiver_on_one_core_is_remarked_on() -> TestResult {
    let text = word_count(&["counts"]);
    assert_eq!(hints(&text, "")?, "");
    let starved = text.replace("\n[[pipeline]]", "\n[cluster]\ncores = 1\n\n[[pipeline]]");
    assert_eq!(
        hints(&starved, "")?,
        "note: a.toml: pipeline `counts` has `cores = 1`: in Spark a receiver, as of `socketTextStream`, takes that core, \
         and no batch ever runs; take 2 or more"
    );
    assert_eq!(hints(&starved, "--quiet")?, "");
    let query = starved.replace("stateless", "structured");
    assert_eq!(hints(&query, "")?, "", "a query has no receiver");
    Ok(())
}

#[test]
fn lines_without_an_event_time_are_remarked_on() -> TestResult {
    let text = "timeline = [\n  { at = \"1s\", lines = [\"12 blue\"] },\n  \
                { at = \"2s\", lines = [\"2018-06-21T23:00:29Z blue\"] },\n]\n\n\
                [[pipeline]]\nname = \"windows\"\nmode = \"structured\"\nwindow = \"5 minutes\"\n";
    assert_eq!(
        hints(text, "")?,
        "note: a.toml: pipeline `windows`: 1 of 2 lines have no event time and are in no window, the first \
         `2018-06-21T23:00:29Z blue` on line 3: a line is `SECONDS WORD`, in whole seconds since 1970, as \
         `1529622030 blue`"
    );
    assert_eq!(hints(text, "--quiet")?, "");
    Ok(())
}

#[test]
fn a_test_remarks_on_what_is_not_the_same() -> TestResult {
    let starved = word_count(&["counts", "other"]).replace(
        "\n[[pipeline]]\nname = \"counts\"",
        "\n[cluster]\ncores = 1\n\n[[pipeline]]\nname = \"counts\"",
    );
    let folder = Folder::with(&[("a.toml", &starved)])?;
    let hint = |name: &str| {
        format!(
            "a.toml: pipeline `{name}` has `cores = 1`: in Spark a receiver, as of `socketTextStream`, takes that \
             core, and no batch ever runs; take 2 or more"
        )
    };
    folder.millrace("test --bless -q a.toml")?.said(0);
    let [counts, other] = ["counts", "other"].map(hint);
    assert_eq!(
        folder.millrace("test a.toml")?.said(0),
        "    same  a/counts\n    same  a/other\n2 same\n"
    );
    folder.edit("snapshots/a/other.snap", "'blue'", "'red'")?;
    let said = folder.millrace("test a.toml")?.said(1);
    assert!(
        said.starts_with("    same  a/counts\n differs  a/other\n"),
        "{said}"
    );
    assert_eq!(said.matches("note: ").count(), 1, "{said}");
    assert!(
        said.contains(&format!("\nnote: {other}\n1 same, 1 differs\n")),
        "{said}"
    );
    let printed = folder.millrace("test --json a.toml")?.stdout;
    let lines: Result<Vec<Value>, _> = printed.lines().map(serde_json::from_str).collect();
    let hints: Vec<Value> = lines?.iter().map(|line| line["hints"].clone()).collect();
    assert_eq!(hints, [json!([counts]), json!([other])]);
    let said = folder.millrace("test --bless a.toml")?.said(0);
    assert!(
        said.contains(&format!("accepted  a/other\nnote: {other}\n")),
        "{said}"
    );
    Ok(())
}

const OUT_OF_MEMORY: &str = include_str!("../../../../scenarios/state/out_of_memory.toml");

#[test]
fn a_failure_that_is_expected_fails_neither_a_run_nor_a_test() -> TestResult {
    assert_eq!(
        hints(OUT_OF_MEMORY, "")?,
        "note: pipeline `totals` failed as expected: update_state_by_key, batch at 1970-01-01 00:00:02: the states of 4 \
         keys would take 224 bytes, and the memory of the cluster is 120 bytes; give it more memory, or let keys go"
    );
    assert_eq!(hints(OUT_OF_MEMORY, "--quiet")?, "");
    let folder = Folder::with(&[("a.toml", OUT_OF_MEMORY)])?;
    folder.millrace("test --bless a.toml")?;
    let tested = folder.millrace("test a.toml")?;
    assert_eq!(tested.code, Some(0), "{tested}");

    // The batch is no part of the message.
    folder.edit("a.toml", "failure = \"memory\"", "failure = \"2000 ms\"")?;
    let run = folder.millrace("run --quiet a.toml")?;
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr
            .contains("\n  expected a failure: 2000 ms\n  failed last: the states of 4 keys "),
        "{run}"
    );
    let tested = folder.millrace("test a.toml")?;
    assert_eq!(tested.code, Some(1), "{tested}");
    Ok(())
}

#[test]
fn a_run_ends_at_its_limits_and_says_so() -> TestResult {
    let endless = word_count(&["counts"]).replace(
        "\n[[pipeline]]",
        "\n[clock]\ninterval = \"1ms\"\nstop = \"8760h\"\n\n[[pipeline]]",
    );
    let folder = Folder::with(&[("endless.toml", &endless)])?;
    for command in ["run", "test", "bench"] {
        let said = folder.millrace(&format!("{command} endless.toml"))?.said(2);
        let message =
            "the pipeline `counts` has 31_536_000_000 batches, and the limit is 10_000_000";
        assert!(said.contains(message), "{said}");
    }
    let loud = word_count(&["counts"]).replace(
        "\n[[pipeline]]",
        "\n[clock]\nstop = \"1m\"\n\n[limits]\noutput = \"100B\"\n\n[[pipeline]]",
    );
    let loud = loud.replace("stateless", "update_state");
    folder.write("loud.toml", &loud)?;
    let message = "its rows have more than 100B of text by 5s: print fewer, or allow more by `[limits] output`";
    let run = folder.millrace("run --quiet loud.toml")?;
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stdout.contains("Time: 1970-01-01 00:00:04"), "{run}");
    assert!(
        run.stderr.ends_with(&format!("because: {message}\n")),
        "{run}"
    );
    let tested = folder.millrace("test loud.toml")?;
    assert_eq!(tested.code, Some(2), "{tested}");
    assert!(tested.stderr.contains(message), "{tested}");
    Ok(())
}

#[test]
fn lines_for_a_source_of_no_pipeline_are_remarked_on() -> TestResult {
    let text = |stream: &str| {
        format!(
            "timeline = [\n  {{ at = \"1s\", lines = [\"blue\"] }},\n  \
             {{ at = \"2s\", stream = \"{stream}\", lines = [\"green\"] }},\n]\n\n\
             [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n"
        )
    };
    assert_eq!(
        hints(&text("localhost:9999"), "")?,
        "note: a.toml: pipeline `counts`: lines for `localhost:9999` are read by no pipeline, as on line 3: its source \
         is `lines`, which entries without `stream` reach"
    );
    assert_eq!(hints(&text("lines"), "")?, "");
    Ok(())
}

#[test]
fn lines_after_the_last_window_are_remarked_on() -> TestResult {
    let text = |pipeline: &str| {
        format!(
            "timeline = [\n  {{ at = \"0s\", lines = [\"blue\"] }},\n  {{ at = \"3.2s\", lines = [\"green\"] }},\n]\n\n\
             [clock]\nstart = 1970-01-01T00:00:00.5Z\n\n[[pipeline]]\nname = \"windows\"\n{pipeline}\n"
        )
    };
    let lost = |next: &str| {
        format!(
            "note: a.toml: pipeline `windows`: its last lines, at 3.2s, are in no window: the next one ends at {next}, \
             after the run; `stop = \"{next}\"` in `[clock]` plays it"
        )
    };
    let stateless = text("mode = \"stateless\"\nwindow = \"3s\"\nslide = \"3s\"");
    assert_eq!(hints(&stateless, "")?, lost("5.5s"));
    assert_eq!(hints(&stateless, "--quiet")?, "");
    let longer = stateless.replace("[clock]\n", "[clock]\nstop = \"5.5s\"\n");
    assert_eq!(hints(&longer, "")?, "");
    let no_window = text("mode = \"stateless\"\nwindow = \"60s\"\nslide = \"60s\"");
    assert_eq!(hints(&no_window, "")?, lost("59.5s"));
    let every_batch = text("mode = \"stateless\"\nwindow = \"3s\"");
    assert_eq!(hints(&every_batch, "")?, "");
    let window = "{ window = { length = \"3s\", slide = \"3s\" } }";
    let steps = text(&format!(
        "steps = [{window}, {{ count = true }}, {{ print = 10 }}]"
    ));
    assert_eq!(hints(&steps, "")?, lost("5.5s"));
    let before = text(&format!(
        "steps = [{{ print = 10 }}, {window}, {{ print = 10 }}]"
    ));
    assert_eq!(
        hints(&before, "")?,
        "",
        "all lines are printed before the window"
    );
    Ok(())
}

#[test]
fn lines_after_the_end_of_a_query_are_remarked_on() -> TestResult {
    let text = |more: &str| {
        format!(
            "timeline = [\n  {{ at = \"0s\", lines = [\"blue\"] }},\n  {{ at = \"1s\", lines = [\"green\"] }},\n]\n\n\
             [[pipeline]]\nname = \"query\"\nmode = \"structured\"\n{more}\n"
        )
    };
    for trigger in ["once", "available_now"] {
        let query = text(&format!("trigger = \"{trigger}\""));
        assert_eq!(
            hints(&query, "")?,
            format!(
                "note: a.toml: pipeline `query`: lines after 0s are never counted, as on line 3: `trigger = \
                 \"{trigger}\"` takes those that are there at the start"
            )
        );
        assert_eq!(hints(&query.replace("1s", "0s"), "")?, "");
        let socket = text(&format!("trigger = \"{trigger}\"\nsource = \"socket\""));
        assert_eq!(
            hints(&socket.replace("1s", "0s"), "")?,
            format!(
                "note: a.toml: pipeline `query`: no line is counted: with `trigger = \"{trigger}\"` the only \
                 micro-batch over a socket is empty"
            )
        );
    }
    assert_eq!(hints(&text(""), "")?, "");
    Ok(())
}

#[test]
fn a_long_window_that_is_read_anew_is_remarked_on() -> TestResult {
    let text = |length: &str, steps: &str| {
        format!(
            "timeline = [{{ at = \"1s\", lines = [\"blue\"] }}]\n\n[[pipeline]]\nname = \"windows\"\n\
             steps = [{{ flat_map = \"split\" }}, {{ window = {{ length = \"{length}\", slide = \"1s\" }} }}, {steps}]\n"
        )
    };
    assert_eq!(
        hints(
            &text("10000s", "{ count_by_value = true }, { print = 10 }"),
            ""
        )?,
        "note: a.toml: pipeline `windows` reads all 10000 batches of a window for each window; `reduce_by_key_and_window` \
         reads those that come and leave"
    );
    assert_eq!(
        hints(
            &text("9999s", "{ count_by_value = true }, { print = 10 }"),
            ""
        )?,
        ""
    );
    let count = text("10000s", "{ count = true }, { print = 10 }");
    assert_eq!(hints(&count, "")?, "", "each batch is counted once");
    Ok(())
}
