//! `millrace test`: the tests that are chosen, and the forms in which they are reported.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Ended, Folder, TestResult, word_count};

/// Three scenarios with snapshots, and one that is none.
fn with_a_bad_file() -> std::io::Result<Folder> {
    let folder = Folder::with(&[
        ("scenarios/a.toml", &word_count(&["one", "two"])),
        ("scenarios/c/d.toml", &word_count(&["one"])),
    ])?;
    folder.millrace("test --bless")?.said(0);
    folder.write(
        "scenarios/b.toml",
        &word_count(&["one"]).replace("mode", "mod"),
    )?;
    Ok(folder)
}

fn lines_of_json(text: &str) -> Result<Vec<Value>, serde_json::Error> {
    text.lines().map(serde_json::from_str).collect()
}

#[test]
fn without_a_path_the_folder_scenarios_is_tested() -> TestResult {
    let folder = Folder::with(&[("scenarios/a.toml", &word_count(&["counts"]))])?;
    assert!(
        folder
            .millrace("test --bless")?
            .said(0)
            .ends_with("1 accepted\n")
    );
    assert!(folder.millrace("test")?.said(0).ends_with("1 same\n"));
    assert_eq!(
        Folder::with(&[])?.millrace("test")?.said(4),
        "error: there is no folder `scenarios` here; name a scenario, or a folder of them\n"
    );
    Ok(())
}

#[test]
fn a_file_that_is_no_scenario_does_not_keep_the_others_from_being_tested() -> TestResult {
    let folder = with_a_bad_file()?;
    let said = folder.millrace("test scenarios absent.toml")?.said(2);
    assert!(
        said.starts_with("    same  a/one\n    same  a/two\n  broken  scenarios/b.toml\n"),
        "{said}"
    );
    assert!(
        said.contains("did you mean `mode`?") && said.contains("    same  c/d/one\n"),
        "{said}"
    );
    assert!(
        said.contains("  broken  absent.toml\nerror: failed to read absent.toml\n"),
        "{said}"
    );
    assert!(said.ends_with("3 same, 2 broken\n"), "{said}");

    let ended = folder.millrace("test --json")?;
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(2), ""),
        "{ended}"
    );
    let lines = lines_of_json(&ended.stdout)?;
    let broken = &lines[2];
    assert_eq!(
        (lines.len(), &broken["result"]),
        (4, &json!("broken")),
        "{ended}"
    );
    assert_eq!(
        (&broken["pipeline"], &broken["exit_code"]),
        (&Value::Null, &json!(2))
    );
    assert_eq!(broken["path"], "scenarios/b.toml");
    assert!(
        broken["complaints"]
            .to_string()
            .contains("did you mean `mode`?"),
        "{broken}"
    );
    Ok(())
}

/// A folder whose path is longer than the system takes: it cannot be searched, not even by a superuser.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_does_not_keep_the_others_from_being_tested() -> TestResult {
    let folder = Folder::with(&[
        ("scenarios/a.toml", &word_count(&["one"])),
        ("scenarios/z/c.toml", &word_count(&["one"])),
        ("snapshots/deep/b/one.snap", ""),
    ])?;
    folder.millrace("test --bless -q scenarios/a.toml")?.said(0);
    folder
        .millrace("test --bless -q scenarios/z/c.toml")?
        .said(0);
    let name = "d".repeat(250);
    let script =
        "mkdir deep && cd -P deep && for i in $(seq 20); do mkdir $0 && cd -P $0 || exit 1; done";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, &name]);
    let made = shell.current_dir(folder.path("scenarios")).status()?;
    assert!(made.success());
    let said = folder.millrace("test")?.said(2);
    assert!(
        said.starts_with("    same  a/one\n  broken  scenarios/deep/ddd"),
        "{said}"
    );
    assert!(
        said.contains("\nerror: failed to read scenarios/deep/ddd"),
        "{said}"
    );
    assert!(said.contains("\n  because: File name too long"), "{said}");
    assert!(said.contains("\n    same  z/c/one\n"), "{said}");
    Ok(())
}

/// Its pipelines are not known, so that none of its snapshots is known to be an orphan.
#[test]
fn the_snapshots_of_a_file_that_is_no_scenario_are_kept() -> TestResult {
    let folder = with_a_bad_file()?;
    folder.write("scenarios/a.toml", "no scenario")?;
    folder.millrace("test --remove-orphans")?.said(2);
    assert!(folder.path("snapshots/a/one.snap").exists());
    Ok(())
}

#[test]
fn tests_are_listed_by_name() -> TestResult {
    let folder = Folder::with(&[
        ("scenarios/a.toml", &word_count(&["one", "two"])),
        ("scenarios/c/d.toml", &word_count(&["one"])),
    ])?;
    assert_eq!(
        folder.millrace("test --list")?.printed(),
        "a/one\na/two\nc/d/one\n"
    );
    assert_eq!(
        folder.millrace("test --list --pipeline one")?.printed(),
        "a/one\nc/d/one\n"
    );
    let lines = lines_of_json(&folder.millrace("test scenarios/c --list --json")?.printed())?;
    let line = json!({ "scenario": "c/d", "pipeline": "one", "path": "scenarios/c/d.toml" });
    assert_eq!(lines, [line]);
    let shards = ["1/2", "2/2", "3/7"].map(|shard| {
        let listed = folder.millrace(&format!("test --list --shard {shard}"));
        listed.map(Ended::printed)
    });
    let [first, second, third] = shards;
    assert_eq!(
        [first?, second?, third?],
        ["a/one\nc/d/one\n", "a/two\n", "c/d/one\n"]
    );
    let said = folder.millrace("test --shard 3/2")?.said(2);
    assert!(said.contains("write K/N, with K from 1 to N"), "{said}");
    Ok(())
}

#[test]
fn a_pipeline_is_tested_alone() -> TestResult {
    let folder = with_a_bad_file()?;
    fs::remove_file(folder.path("scenarios/b.toml"))?;
    folder.write("snapshots/a/old.snap", "")?;
    assert_eq!(
        folder.millrace("test --pipeline two")?.said(0),
        "    same  a/two\n1 same\n"
    );
    assert_eq!(
        folder.millrace("test --pipeline tow")?.said(4),
        "error: no pipeline `tow`; there are `one` and `two`\n"
    );
    // Each shard has its pipelines, and the first one the orphans.
    let said = folder.millrace("test --shard 1/4")?.said(1);
    assert!(said.ends_with("1 same, 1 orphaned\n"), "{said}");
    assert_eq!(folder.millrace("test --shard 4/4 -q")?.said(0), "");
    Ok(())
}

#[test]
fn another_seed_checks_what_is_expected_and_no_text() -> TestResult {
    let drawn = "timeline = [{ at = \"0s\", generate = { rate = 9, duration = \"2s\", keys = 50 } },\n\
                 { at = \"1s\", expect = { contains = [\"('key-0', 1)\"] } }]\n\
                 [[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n";
    let folder = Folder::with(&[
        ("scenarios/drawn.toml", drawn),
        ("scenarios/said.toml", &word_count(&["counts"])),
    ])?;
    let seeds: Vec<Option<i32>> = (0..40)
        .map(|seed| {
            folder
                .millrace(&format!("test scenarios/drawn.toml -q --seed {seed}"))
                .map(|it| it.code)
        })
        .collect::<Result<_, _>>()?;
    assert!(
        seeds[1..].contains(&Some(0)) && seeds[1..].contains(&Some(1)),
        "{seeds:?}"
    );
    let held = (1..)
        .zip(&seeds[1..])
        .find(|(_, code)| **code == Some(0))
        .map(|(seed, _)| seed);
    let seed = held.ok_or("none holds")?;
    folder.millrace("test --bless scenarios/said.toml")?.said(0);
    let said = folder.millrace(&format!("test --seed {seed}"))?.said(0);
    assert_eq!(
        said,
        "   holds  drawn/counts\n    same  said/counts\n1 same, 1 holds\n"
    );
    let said = folder.millrace("test --seed 1 --bless")?.said(2);
    assert!(said.contains("cannot be used with"), "{said}");
    Ok(())
}

#[test]
fn orphans_are_removed_if_that_is_asked_for_and_never_in_ci() -> TestResult {
    let folder = with_a_bad_file()?;
    fs::remove_file(folder.path("scenarios/b.toml"))?;
    fs::remove_file(folder.path("scenarios/c/d.toml"))?;
    let mut command = folder.command("test --remove-orphans");
    let ended = Ended::from(command.env("CI", "1").output()?);
    assert_eq!(
        ended.said(2),
        "error: snapshots are not removed where the variable CI is set; run this on your own machine\n"
    );
    assert_eq!(
        folder.millrace("test --remove-orphans")?.said(0),
        "    same  a/one\n    same  a/two\n removed  c/d/one\n2 same, 1 removed\n"
    );
    assert!(!folder.path("snapshots/c").exists());
    assert!(folder.millrace("test")?.said(0).ends_with("2 same\n"));
    Ok(())
}

#[test]
fn a_proposal_for_a_pipeline_that_is_gone_is_orphaned() -> TestResult {
    let folder = Folder::with(&[("scenarios/a.toml", &word_count(&["one"]))])?;
    folder.millrace("test --bless")?.said(0);
    folder.write("snapshots/a/gone.snap.new", "a text")?;
    let said = folder.millrace("test")?.said(1);
    assert!(said.contains("orphaned  a/gone\n"), "{said}");
    assert_eq!(
        folder.millrace("test --remove-orphans")?.said(0),
        "    same  a/one\n removed  a/gone\n1 same, 1 removed\n"
    );
    assert!(!folder.path("snapshots/a/gone.snap.new").exists());
    Ok(())
}

#[test]
fn settings_of_a_run_are_refused_by_name() -> TestResult {
    let folder = Folder::with(&[("scenarios/a.toml", &word_count(&["one"]))])?;
    for (option, key) in [
        ("--spark 4", "spark = \"4\""),
        ("--profile jvm", "profile"),
        ("--exact-timeouts", "timeouts = \"exact\""),
    ] {
        let said = folder.millrace(&format!("test {option}"))?.said(2);
        let name = option.split(' ').next().unwrap_or(option);
        let expected = format!(
            "' found\n\n  tip: a test plays what its scenario says, by `{key}`; `millrace run {option}` plays \
             otherwise\n"
        );
        let named = said.starts_with(&format!("error: unexpected argument '{name}"));
        assert!(named && said.contains(&expected), "{said}");
    }
    Ok(())
}

#[test]
fn ci_that_is_false_is_none() -> TestResult {
    let folder = Folder::with(&[("scenarios/a.toml", &word_count(&["counts"]))])?;
    for value in ["false", "0", ""] {
        let mut command = folder.command("test --bless -q");
        assert_eq!(Ended::from(command.env("CI", value).output()?).said(0), "");
    }
    Ok(())
}

#[test]
fn results_are_written_for_a_ci_server() -> TestResult {
    let folder = with_a_bad_file()?;
    folder.millrace("test --junit report.xml -q")?.said(2);
    let report = folder.read("report.xml")?;
    assert!(
        report.contains("tests=\"4\" failures=\"0\" errors=\"1\""),
        "{report}"
    );
    assert!(
        report.contains("classname=\"c/d\" name=\"one\" file=\"scenarios/c/d.toml\""),
        "{report}"
    );
    let said = folder.millrace("test --junit absent/report.xml")?.said(2);
    assert!(
        said.starts_with("error: failed to write absent/report.xml\n"),
        "{said}"
    );
    Ok(())
}

#[test]
fn two_scenarios_of_one_name_are_told_apart() -> TestResult {
    let folder = Folder::with(&[
        ("a/same.toml", &word_count(&["counts"])),
        ("b/same.toml", &word_count(&["counts"])),
    ])?;
    let printed = folder.millrace("run a b -q --json")?.printed();
    let lines = lines_of_json(&printed)?;
    let first = lines.iter().map(|line| line["scenario"].clone());
    let mut names: Vec<Value> = first.collect();
    names.dedup();
    assert_eq!(names, ["a/same.toml", "b/same.toml"]);
    let said = folder.millrace("test a b --bless")?.said(0);
    assert_eq!(
        said,
        "accepted  a/same.toml/counts\naccepted  b/same.toml/counts\n2 accepted\n"
    );
    Ok(())
}

/// `foo.toml` and `scenarios/foo.toml` have one folder of snapshots.
#[test]
fn a_snapshot_is_not_overwritten_by_another_scenario() -> TestResult {
    let folder = Folder::with(&[
        ("foo.toml", &word_count(&["counts"])),
        (
            "scenarios/foo.toml",
            &word_count(&["counts"]).replace("blue", "gold"),
        ),
    ])?;
    folder.millrace("test --bless foo.toml")?.said(0);
    let before = folder.read("snapshots/foo/counts.snap")?;
    for arguments in ["test", "test --bless", "test --remove-orphans"] {
        assert_eq!(
            folder.millrace(arguments)?.said(1),
            " refused  foo/counts\nsnapshots/foo/counts.snap is the snapshot of foo.toml, and not of scenarios/foo.toml: \
             give one of the two scenarios another name, or remove the snapshot if it is a copy\n1 refused\n"
        );
    }
    assert_eq!(folder.read("snapshots/foo/counts.snap")?, before);
    folder.millrace("test foo.toml")?.said(0);
    Ok(())
}
