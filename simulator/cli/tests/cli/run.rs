//! `millrace run`: console text on standard output, notes on standard error.

use std::collections::BTreeSet;
#[cfg(unix)]
use std::io::{self, BufRead, BufReader};

use serde_json::Value;

use crate::support::{
    BOOK_PIPELINES, Folder, TestResult, WORD_COUNTED, book_transcript, check_snapshot, word_count,
};

#[test]
fn the_book_is_printed_byte_for_byte() -> TestResult {
    let run = Folder::of_the_book()?.millrace("run scenarios/cookbook.toml")?;
    let transcripts: Result<String, _> = BOOK_PIPELINES.into_iter().map(book_transcript).collect();
    assert_eq!(run.stdout, transcripts?);
    assert_eq!(
        run.stderr,
        "cookbook stateless\ncookbook update_state\ncookbook structured\n"
    );
    assert_eq!(run.code, Some(0));
    Ok(())
}

#[test]
fn one_pipeline_is_printed_alone() -> TestResult {
    let folder = Folder::of_the_book()?;
    for pipeline in BOOK_PIPELINES {
        let arguments = format!("run scenarios/cookbook.toml -q --pipeline {pipeline}");
        let printed = folder.millrace(&arguments)?.printed();
        assert_eq!(printed, book_transcript(pipeline)?);
    }
    Ok(())
}

#[test]
fn an_unknown_pipeline_is_reported_with_those_that_exist() -> TestResult {
    let run = Folder::of_the_book()?.millrace("run scenarios --pipeline stateles")?;
    assert_eq!(
        run.said(4),
        "error: no pipeline `stateles`; there are `stateless`, `structured` and `update_state`\n"
    );
    let folder = Folder::with(&[("counts.toml", &word_count(&["counts"]))])?;
    let run = folder.millrace("run counts.toml --pipeline count")?;
    assert_eq!(
        run.said(4),
        "error: no pipeline `count`; there is `counts`\n"
    );
    Ok(())
}

#[test]
fn a_profile_prints_the_same_counts_in_its_own_way() -> TestResult {
    let folder = Folder::with(&[("counts.toml", &word_count(&["counts"]))])?;
    let printed = |profile: &str| {
        let arguments = format!("run counts.toml --quiet --profile {profile}");
        folder.millrace(&arguments).map(|run| run.printed())
    };
    assert_eq!(printed("pyspark")?, WORD_COUNTED);
    let rule = "-".repeat(43);
    assert_eq!(
        printed("jvm")?,
        format!("{rule}\nTime: 1000 ms\n{rule}\n(blue,2)\n(green,1)\n\n")
    );
    let time = "Time: 1970-01-01 00:00:01";
    assert_eq!(
        printed("cookbook")?,
        format!("{rule}\n{time}\n{rule}\n(u'blue', 2)\n(u'green', 1)\n{rule}\n")
    );
    Ok(())
}

/// Two words of one hash code, in every kind of program that shows the version of Spark.
const OF_ONE_HASH: &str = "\
timeline = [{ at = \"1s\", lines = [\"bhAa bhBB\"] }]

[cluster]
cores = 1

[[pipeline]]
name = \"stream\"
mode = \"stateless\"
profile = \"jvm\"

[[pipeline]]
name = \"query\"
mode = \"structured\"
num_rows = 1
";

#[test]
fn a_version_of_spark_has_its_own_order_and_its_own_end_of_a_table() -> TestResult {
    let folder = Folder::with(&[("two.toml", OF_ONE_HASH)])?;
    let printed = |arguments: &str| {
        let arguments = format!("run two.toml --quiet {arguments}");
        folder.millrace(&arguments).map(|run| run.printed())
    };
    let stream = |spark| printed(&format!("--pipeline stream --spark {spark}"));
    assert!(stream("3.5")?.ends_with("\n(bhBB,1)\n(bhAa,1)\n\n"));
    assert!(stream("4")?.ends_with("\n(bhAa,1)\n(bhBB,1)\n\n"));
    let query = |spark| printed(&format!("--pipeline query --spark {spark}"));
    assert!(query("3.5")?.ends_with("\nonly showing top 1 row\n\n"));
    assert!(query("4")?.ends_with("+\nonly showing top 1 row\n"));

    let by_default = printed("")?;
    assert_eq!(by_default, printed("--spark 3.5")?);
    folder.edit("two.toml", "timeline", "spark = \"4\"\ntimeline")?;
    assert_eq!(printed("")?, printed("--spark 4")?);
    assert_eq!(printed("--spark 3.5")?, by_default);
    Ok(())
}

/// The line is what a person sees of the end of a query, besides the message of Spark.
#[test]
fn a_query_that_ends_in_spark_4_says_at_which_line() -> TestResult {
    let folder = Folder::with(&[(
        "windows.toml",
        "timeline = [\n  { at = \"1s\", lines = [\"12 blue\"] },\n  { at = \"2s\", lines = [\"x blue\"] },\n]\n\n\
         [[pipeline]]\nname = \"windows\"\nmode = \"structured\"\nwindow = \"10s\"\n",
    )])?;
    let run = folder.millrace("run windows.toml --spark 4")?;
    assert_eq!(run.code, Some(1), "{run}");
    let table = "|blue|    1|\n+--------------------+----+-----+\n\n";
    assert!(run.stdout.ends_with(table), "{run}");
    let said = &run.stderr;
    let hint = "1 of 2 lines have no event time and end the query in Spark 4, the first `x blue` on line 3: a line is";
    assert!(said.contains(hint), "{said}");
    let failed =
        "[CAST_INVALID_INPUT] The value 'x' of the type \"STRING\" cannot be cast to \"BIGINT\"";
    assert!(said.contains(failed), "{said}");
    let before = folder.millrace("run windows.toml")?;
    assert_eq!(before.code, Some(0), "{before}");
    Ok(())
}

#[test]
fn the_profile_of_the_book_is_older_than_spark_4() -> TestResult {
    let folder = Folder::of_the_book()?;
    let refused = "error: cookbook has the profile `cookbook`, which is older than Spark 4; add `--profile pyspark` or \
                   `--profile jvm`\n";
    let run = folder.millrace("run scenarios/cookbook.toml --spark 4")?;
    assert_eq!(run.said(2), refused);
    let run = folder.millrace("run scenarios/cookbook.toml --spark 4 --profile jvm -q")?;
    assert!(run.printed().contains("(blue,5)"));
    let run = folder.millrace("listen localhost:1 --profile cookbook --spark 4")?;
    let said = run.said(2);
    assert!(
        said.contains("'--profile cookbook' cannot be used with '--spark 4'"),
        "{said}"
    );
    Ok(())
}

/// A scenario whose lines are drawn, with as much work in a batch as several workers share.
const DRAWN: &str = "\
timeline = [{ at = \"0s\", generate = { rate = 500, duration = \"4s\", keys = 50, words = 4, skew = 1.1 } }]

[cluster]
cores = 8

[[pipeline]]
name = \"counts\"
mode = \"update_state\"
";

#[test]
fn the_seed_draws_what_is_generated() -> TestResult {
    let folder = Folder::with(&[("drawn.toml", DRAWN)])?;
    let printed = |more: &str| {
        let arguments = format!("run drawn.toml --quiet {more}");
        folder.millrace(&arguments).map(|run| run.printed())
    };
    assert_eq!(printed("--seed 0")?, printed("")?);
    assert_eq!(printed("--seed 7")?, printed("--seed 7")?);
    assert_ne!(printed("--seed 7")?, printed("--seed 8")?);
    Ok(())
}

#[test]
fn workers_do_not_change_a_byte() -> TestResult {
    let folder = Folder::with(&[("drawn.toml", DRAWN)])?;
    let one = folder.millrace("run drawn.toml -q --json")?.printed();
    for workers in [2, 7] {
        let arguments = format!("run drawn.toml -q --json --workers {workers}");
        assert!(
            folder.millrace(&arguments)?.printed() == one,
            "{workers} workers"
        );
    }
    Ok(())
}

#[test]
fn every_event_is_a_line_of_json() -> TestResult {
    let folder = Folder::of_the_book()?;
    let printed = folder.millrace("run scenarios --quiet --json")?.printed();
    let events: Result<Vec<Value>, _> = printed.lines().map(serde_json::from_str).collect();
    let names = |pipeline: &str| -> BTreeSet<String> {
        let events = events.iter().flatten();
        let mine = events.filter(|event| event["pipeline"] == pipeline);
        mine.map(|event| event["event"].to_string()).collect()
    };
    assert!(names("stateless").contains("\"printed\""));
    assert!(names("structured").contains("\"table_shown\""));
    let events = events?;
    assert!(events.iter().all(|event| event["time_ms"].is_i64()));
    assert!(events.iter().all(|event| event["scenario"] == "cookbook"));
    let counted = events.iter().find(|event| event["event"] == "printed");
    let rows = counted.map(|event| event["rows"].to_string());
    assert_eq!(rows.as_deref(), Some("[[\"blue\",5],[\"green\",3]]"));
    Ok(())
}

#[test]
fn a_summary_stands_on_standard_error() -> TestResult {
    let run = Folder::of_the_book()?.millrace("run scenarios --summary")?;
    assert_eq!(run.stdout.matches("Time: ").count(), 8);
    check_snapshot("run_summary", run.stderr);
    Ok(())
}

#[test]
fn counters_stand_on_standard_error() -> TestResult {
    let run = Folder::of_the_book()?.millrace("run scenarios --counters")?;
    assert_eq!(run.stdout.matches("Time: ").count(), 8);
    check_snapshot("run_counters", run.stderr);
    Ok(())
}

#[test]
fn folders_and_files_are_run_in_their_order() -> TestResult {
    let folder = Folder::with(&[
        ("scenarios/b/late.toml", &word_count(&["late"])),
        ("scenarios/b/early.toml", &word_count(&["one", "two"])),
        ("scenarios/a.toml", &word_count(&["a"])),
        ("scenarios/b/notes.txt", "no scenario"),
        ("mine.toml", &word_count(&["mine"])),
    ])?;
    let run = folder.millrace("run mine.toml scenarios")?;
    assert_eq!(run.stdout, WORD_COUNTED.repeat(5));
    assert_eq!(
        run.stderr,
        "mine mine\na a\nb/early one\nb/early two\nb/late late\n"
    );
    assert_eq!(run.code, Some(0));
    Ok(())
}

#[test]
fn nothing_runs_before_the_mistakes_of_all_files_are_shown() -> TestResult {
    let folder = Folder::with(&[
        ("good.toml", &word_count(&["counts"])),
        ("one.toml", &word_count(&["counts"]).replace("mode", "mod")),
        ("two.toml", &word_count(&["counts"]).replace("1s", "1 sek")),
    ])?;
    let run = folder.millrace("run good.toml one.toml absent.toml two.toml")?;
    check_snapshot("run_mistakes_of_all_files", &run);
    run.said(2);
    Ok(())
}

#[test]
fn an_expectation_that_does_not_hold_is_reported() -> TestResult {
    let text = word_count(&["good", "bad"]).replacen(
        "\"] }]",
        "\"] },\n  { expect = { rows = [\"('blue', 2)\", \"('green', 1)\"] } },\n  \
         { expect = { pipeline = \"bad\", contains = [\"('gold', 1)\"] } }]",
        1,
    );
    let run = Folder::with(&[("wish.toml", &text)])?.millrace("run wish.toml")?;
    assert_eq!(run.stdout, WORD_COUNTED.repeat(2));
    assert_eq!(
        run.stderr,
        "wish good\nwish bad\n\
         wish.toml: pipeline `bad`, expectation at 1s on line 3 does not hold\n  \
           expected among the rows: ('gold', 1)\n  \
           printed last: ('blue', 2)  ('green', 1)\n"
    );
    assert_eq!(run.code, Some(1));
    Ok(())
}

/// A scenario that prints more than a pipe holds.
#[cfg(unix)]
const LONG: &str = "\
timeline = [{ at = \"1s\", lines = [\"blue\"] }]

[clock]
stop = \"1h\"

[[pipeline]]
name = \"counts\"
mode = \"update_state\"
";

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() -> TestResult {
    let folder = Folder::with(&[("long.toml", LONG)])?;
    for format in ["", "--json"] {
        let (reader, writer) = io::pipe()?;
        let command = folder.command(&format!("run long.toml {format}"));
        let run = crate::running::Running::start_with_output(command, writer)?;
        let mut reader = BufReader::new(reader);
        reader.read_line(&mut String::new())?;
        drop(reader);
        assert_eq!(run.end()?.said(0), "long counts\n");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() -> TestResult {
    let folder = Folder::with(&[("long.toml", LONG)])?;
    for arguments in ["run long.toml -q", "run long.toml -q --json", "schema"] {
        let full = std::fs::File::create("/dev/full")?;
        let ended = folder.command(arguments).stdout(full).output()?;
        assert_eq!(
            crate::support::Ended::from(ended).said(2),
            "error: failed to write to standard output\n  \
               because: No space left on device (os error 28)\n"
        );
    }
    Ok(())
}

#[test]
fn texts_that_share_a_file_are_said_to() -> TestResult {
    let folder = Folder::with(&[("two.toml", &word_count(&["one", "two"]))])?;
    for (arguments, expected) in [
        (
            "run two.toml",
            "two one\ntwo two\nthe texts of 2 pipelines are in one file, one after the other; --pipeline NAME prints \
             one alone, and --json names the pipeline on each line\n",
        ),
        ("run two.toml --pipeline one", "two one\n"),
        ("run two.toml --json", "two one\ntwo two\n"),
        ("run two.toml -q", ""),
        (
            "spark two.toml --script",
            "two/one\ntwo/two\n2 programs are in one file, one after the other; --pipeline NAME prints one alone\n",
        ),
    ] {
        let file = std::fs::File::create(folder.path("out.txt"))?;
        let output = folder.command(arguments).stdout(file).output()?;
        let ended = crate::support::Ended::from(output);
        assert_eq!(ended.said(0), expected, "{arguments}");
    }
    Ok(())
}

#[test]
fn rows_that_no_pyspark_has_are_said_to_be_so() -> TestResult {
    let text = word_count(&["counts"]).replace("stateless", "map_with_state");
    let folder = Folder::with(&[("mapped.toml", &text)])?;
    let run = folder.millrace("run mapped.toml")?;
    assert_eq!(
        run.stderr,
        "mapped counts\nnote: no PySpark has mapWithState, so that the rows of `counts` are Millrace's own; with the \
         profile jvm they are Spark's\n"
    );
    let run = folder.millrace("run mapped.toml --profile jvm")?;
    assert_eq!(run.stderr, "mapped counts\n");
    Ok(())
}

/// Three words of 56 bytes do not fit; the first two do.
const GROWING: &str = "\
timeline = [
  { at = \"1s\", lines = [\"blue green\"] },
  { at = \"2s\", lines = [\"gohawks\"] },
  { at = \"3s\", lines = [] },
]

[cluster]
memory = \"120B\"

[[pipeline]]
name = \"counts\"
mode = \"update_state\"
";

#[test]
fn a_state_that_outgrows_its_memory_fails_its_batch_and_says_so() -> TestResult {
    let run = Folder::with(&[("growing.toml", GROWING)])?.millrace("run -q growing.toml")?;
    let rule = "-".repeat(43);
    let first = format!("{rule}\nTime: 1970-01-01 00:00:01\n{rule}\n('blue', 1)\n('green', 1)\n\n");
    assert_eq!(run.stdout, first);
    assert_eq!(
        run.stderr,
        "failed: update_state_by_key, batch at 1970-01-01 00:00:02: the states of 3 keys would take 168 bytes, and the \
         memory of the cluster is 120 bytes; give it more memory, or let keys go\n\
         failed: batch at 1970-01-01 00:00:03, for the same reason\nfailed: 2 jobs\n"
    );
    assert_eq!(run.code, Some(1));
    Ok(())
}

/// blue is idle for more than a second in the third batch, in which Spark does not look.
#[test]
fn exact_time_outs_happen_at_once_if_that_is_asked_for() -> TestResult {
    let text = "timeline = [{ at = \"1s\", lines = [\"blue\"] }, { at = \"3s\", lines = [] }]\n\n\
                [[pipeline]]\nname = \"counts\"\nmode = \"map_with_state\"\ntimeout = \"1s\"\n\n\
                [[pipeline]]\nname = \"steps\"\nsteps = [{ map = \"pair\" }, \
                { map_with_state = { timeout = \"1s\" } }, { print = 10 }]\n";
    let folder = Folder::with(&[("idle.toml", text)])?;
    let rows = |arguments: &str| {
        let run = folder.millrace(arguments);
        run.map(|run| run.printed().matches("('blue', 1)").count())
    };
    for pipeline in ["counts", "steps"] {
        let run = format!("run -q idle.toml --pipeline {pipeline}");
        assert_eq!(rows(&run)?, 1, "{pipeline}");
        assert_eq!(rows(&format!("{run} --exact-timeouts"))?, 2, "{pipeline}");
    }
    Ok(())
}

#[test]
fn a_program_in_rust_is_left_to_its_crate() -> TestResult {
    let scenario = "timeline = [{ at = \"1s\", lines = [] }]\n[[pipeline]]\nname = \"mine\"\nrust = \"visits\"\n";
    let folder = Folder::with(&[("scenarios/mine.toml", scenario)])?;
    for command in ["run", "spark --script"] {
        let said = folder
            .millrace(&format!("{command} scenarios/mine.toml --quiet"))?
            .said(2);
        assert_eq!(
            said,
            "error: failed to build the pipeline `mine`\n  because: it is the program `visits` in Rust: \
             `cargo test` runs it, in the crate that registers it\n"
        );
    }
    Ok(())
}
