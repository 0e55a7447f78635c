//! What `millrace run` says of a run that goes well and may not be meant, and where a run ends early.

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
        "a.toml: pipeline `counts` has `cores = 1`: in Spark a receiver, as of `socketTextStream`, takes that core, \
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
        "a.toml: pipeline `windows`: 1 of 2 lines have no event time and are in no window, the first \
         `2018-06-21T23:00:29Z blue` on line 3: a line is `SECONDS WORD`, in whole seconds since 1970, as \
         `1529622030 blue`"
    );
    assert_eq!(hints(text, "--quiet")?, "");
    Ok(())
}

#[test]
fn a_test_remarks_on_the_same() -> TestResult {
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
        format!("    same  a/counts\n{counts}\n    same  a/other\n{other}\n2 same\n")
    );
    let printed = folder.millrace("test --json a.toml")?.printed();
    let lines: Result<Vec<Value>, _> = printed.lines().map(serde_json::from_str).collect();
    let hints: Vec<Value> = lines?.iter().map(|line| line["hints"].clone()).collect();
    assert_eq!(hints, [json!([counts]), json!([other])]);
    Ok(())
}

const OUT_OF_MEMORY: &str = include_str!("../../../../scenarios/state/out_of_memory.toml");

#[test]
fn a_failure_that_is_expected_fails_neither_a_run_nor_a_test() -> TestResult {
    assert_eq!(hints(OUT_OF_MEMORY, "")?, "");
    let folder = Folder::with(&[("a.toml", OUT_OF_MEMORY)])?;
    folder.millrace("test --bless a.toml")?;
    let tested = folder.millrace("test a.toml")?;
    assert_eq!(tested.code, Some(0), "{tested}");

    folder.edit("a.toml", "failure = \"memory\"", "failure = \"overflow\"")?;
    let run = folder.millrace("run --quiet a.toml")?;
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr
            .contains("\n  expected a failure: overflow\n  failed last: "),
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
        "a.toml: pipeline `windows` reads all 10000 batches of a window for each window; `reduce_by_key_and_window` \
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
