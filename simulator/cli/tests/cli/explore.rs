//! `millrace explore`: schedules of faults, and the scenario of one that breaks a promise.

use serde_json::Value;

use crate::support::{Folder, TestResult, check_snapshot};

/// Totals of words, from a receiver.
fn totals(cluster: &str) -> String {
    format!(
        "timeline = [
            {{ at = \"1s\", lines = [\"blue green blue\"] }},
            {{ at = \"2s\", lines = [\"blue\"] }},
            {{ at = \"4s\", lines = [\"green\"] }},
        ]
        [cluster]
        {cluster}
        [[pipeline]]
        name = \"totals\"
        mode = \"update_state\"
        "
    )
}

const LOGGED: &str = "checkpoint = \"checkpoint\"\nwrite_ahead_log = true";
const NOT_LOGGED: &str = "checkpoint = \"checkpoint\"";

fn folder(cluster: &str) -> std::io::Result<Folder> {
    Folder::with(&[("totals.toml", &totals(cluster))])
}

#[test]
fn a_program_with_a_log_keeps_its_promises() -> TestResult {
    let folder = folder(LOGGED)?;
    assert_eq!(
        folder
            .millrace("explore totals.toml --seeds 1..300")?
            .said(0),
        "   holds  totals/totals: 300 schedules\n"
    );
    let said =
        folder.millrace("explore totals.toml --lossless --crash-points --pairs --shard 1/4")?;
    assert!(said.said(0).starts_with("   holds  totals/totals: "));
    Ok(())
}

#[test]
fn lines_that_no_log_keeps_are_lost_and_a_scenario_shows_it() -> TestResult {
    let folder = folder(NOT_LOGGED)?;
    assert_eq!(
        folder
            .millrace("explore totals.toml --seeds 1..300")?
            .said(0),
        "   holds  totals/totals: 300 schedules\n",
        "Spark makes no such promise"
    );
    let ended = folder.millrace("explore totals.toml --lossless")?;
    check_snapshot("explore_broken", ended.said(1));
    let file = "totals-totals-broken.toml";
    check_snapshot("explore_broken_scenario", folder.read(file)?);
    let shown = folder.millrace(&format!("run --quiet {file}"))?;
    assert!(shown.printed().contains("-- driver recovered"));
    Ok(())
}

#[test]
fn a_query_keeps_its_promises_at_each_file_of_its_checkpoint() -> TestResult {
    let query = totals("checkpoint = \"checkpoint\"\nshuffle_partitions = 1")
        .replace("update_state\"", "structured\"\nsource = \"direct\"");
    let folder = Folder::with(&[("query.toml", &query)])?;
    let said = folder.millrace("explore query.toml --crash-points")?;
    assert_eq!(
        said.said(0),
        "   holds  query/totals: 56 schedules\n",
        "before and after each of 14 files, and down for two intervals or not"
    );
    let said = folder.millrace("explore query.toml --seeds 1..100")?;
    assert_eq!(said.said(0), "   holds  query/totals: 100 schedules\n");
    Ok(())
}

#[test]
fn claims_of_the_scenario_are_kept_under_faults_too() -> TestResult {
    let claimed = |claim: &str| {
        let totals = totals(LOGGED);
        Folder::with(&[("totals.toml", &format!("{totals}\n[invariant]\n{claim}\n"))])
    };
    let folder = claimed("eventually = [\"count of 'blue' = 3\", 'rows of batch = 2']")?;
    let said = folder.millrace("explore totals.toml --seeds 1..200")?;
    assert_eq!(said.said(0), "   holds  totals/totals: 200 schedules\n");
    let folder = claimed("always = ['records of batch <= 1', 'total_delay < 1s']")?;
    let said = folder.millrace("explore totals.toml --seeds 1..200")?;
    check_snapshot("explore_broken_claim", said.said(1));
    let folder = claimed("always = [\"count of 'blue' < 3\"]")?;
    let said = folder.millrace("explore totals.toml")?;
    assert_eq!(
        said.said(4),
        " skipped  totals/totals: it breaks a promise without a fault: pipeline `totals`: always count of 'blue' < 3, \
         and it was 3 at 2s\n"
    );
    let said = folder.millrace("test totals.toml")?;
    assert!(
        said.said(1)
            .contains("always count of 'blue' < 3, and it was 3 at 2s")
    );
    let ran = folder.millrace("run totals.toml")?;
    assert_eq!(ran.code, Some(1), "{ran}");
    Ok(())
}

#[test]
fn a_line_of_json_has_the_end_of_each_pipeline() -> TestResult {
    let folder = folder(NOT_LOGGED)?;
    let text = folder.millrace("explore totals.toml --lossless --json --seeds 1..300")?;
    assert_eq!((text.code, text.stderr.as_str()), (Some(1), ""), "{text}");
    let line: Value = serde_json::from_str(&text.stdout)?;
    assert_eq!(line["result"], "broken");
    assert_eq!(line["violations"][0]["invariant"], "reruns_print_the_same");
    let again = line["again"].as_str().ok_or("it is text")?;
    let again = folder.millrace(&format!("explore totals.toml --lossless {again} --json"))?;
    assert_eq!(serde_json::from_str::<Value>(&again.stdout)?, line);
    Ok(())
}

#[test]
fn a_pipeline_without_checkpoints_is_skipped_with_its_reason() -> TestResult {
    let folder = folder("")?;
    let said = folder.millrace("explore totals.toml")?.said(4);
    assert!(
        said.starts_with(" skipped  totals/totals: its scenario has no checkpoint folder"),
        "{said}"
    );
    Ok(())
}
