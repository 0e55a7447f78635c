//! `millrace explore`: schedules of faults, and the scenario of one that breaks a promise.

use serde_json::Value;

use crate::support::{Ended, Folder, TestResult, check_snapshot};

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
    let file = "totals.totals.broken.toml";
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
        "before and after each of 14 files, with a loss of power or without"
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
    let again = folder.millrace(&format!("explore totals.toml {again} --json"))?;
    let again: Value = serde_json::from_str(&again.stdout)?;
    for key in ["violations", "smallest", "file", "again"] {
        assert_eq!(again[key], line[key]);
    }
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

/// The parts of an exploration by three machines, merged.
fn merged(folder: &Folder, options: &str) -> std::io::Result<Ended> {
    let mut files = Vec::new();
    for part in 1..=3 {
        let command = format!("explore totals.toml {options} --json --shard {part}/3");
        let file = format!("part-{part}.json");
        folder.write(&file, &folder.millrace(&command)?.stdout)?;
        files.push(file);
    }
    folder.millrace(&format!("explore --merge {}", files.join(" ")))
}

#[test]
fn merged_parts_say_what_one_exploration_does() -> TestResult {
    let kept = folder(LOGGED)?;
    let merged_text = merged(&kept, "--seeds 1..100")?;
    assert_eq!(
        merged_text.said(0),
        "   holds  totals/totals: 100 schedules\n"
    );
    let broken = folder(NOT_LOGGED)?;
    for options in ["--seeds 1..100 --lossless", "--crash-points --lossless"] {
        let one = broken.millrace(&format!("explore totals.toml {options}"))?;
        assert_eq!(merged(&broken, options)?.said(1), one.said(1), "{options}");
    }
    Ok(())
}

#[test]
fn parts_that_are_not_all_there_are_refused() -> TestResult {
    let folder = folder(LOGGED)?;
    merged(&folder, "--seeds 1..10")?;
    let refused = |files: &str, reason: &str| -> TestResult {
        let said = folder
            .millrace(&format!("explore --merge {files}"))?
            .said(2);
        assert!(said.contains(reason), "{said}");
        Ok(())
    };
    refused("part-1.json part-3.json", "the part 2/3 is missing")?;
    refused(
        "part-1.json part-2.json part-3.json part-1.json",
        "a part is there twice",
    )?;
    refused("totals.toml", "is none of `explore --json`")?;
    refused("part-4.json", "failed to read part-4.json")
}

#[test]
fn a_window_that_slides_by_more_than_a_batch_leaves_no_gap() -> TestResult {
    let sliding = "timeline = [{ at = \"1s\", lines = [\"a\"] }, { at = \"5s\", lines = [\"b\"] }]\n\
                   [cluster]\ncheckpoint = \"checkpoint\"\nwrite_ahead_log = true\n\
                   [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\nwindow = \"4s\"\nslide = \"2s\"\n";
    let folder = Folder::with(&[("sliding.toml", sliding)])?;
    let explored = folder.millrace("explore sliding.toml --seeds 1..50")?;
    assert_eq!(explored.said(0), "   holds  sliding/counts: 50 schedules\n");
    Ok(())
}

#[test]
fn what_is_found_is_saved_in_a_folder_that_is_made() -> TestResult {
    let folder = folder(NOT_LOGGED)?;
    let ended = folder.millrace("explore totals.toml --lossless --save found/here")?;
    assert!(
        ended
            .said(1)
            .contains("found/here/totals.totals.broken.toml")
    );
    assert!(folder.path("found/here/totals.totals.broken.toml").exists());
    Ok(())
}
