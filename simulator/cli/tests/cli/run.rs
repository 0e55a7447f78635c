//! `millrace run`: console text on standard output, notes on standard error.

use std::collections::BTreeSet;
#[cfg(unix)]
use std::io::{self, BufRead, BufReader};

use serde_json::Value;

use crate::support::{
    BOOK_PIPELINES, Ended, Folder, TestResult, WORD_COUNTED, book_transcript, check_snapshot,
    word_count,
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
    let expecting = DRAWN.replacen(" }]", " }, { expect = { counters = { probes = 1 } } }]", 1);
    folder.write("drawn.toml", &expecting)?;
    for (arguments, is_remarked) in [
        ("run --seed 7", true),
        ("test --seed 7", true),
        ("run", false),
        ("test", false),
    ] {
        let ended = folder.millrace(&format!("{arguments} drawn.toml"))?;
        assert_eq!(ended.code, Some(1), "{ended}");
        let note = "note: with --seed 7 `generate` draws other lines than with seed 0, which the expectations of \
                    drawn.toml may be written for\n";
        assert_eq!(ended.stderr.contains(note), is_remarked, "{ended}");
    }
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
            Ended::from(ended).said(2),
            "error: failed to write to standard output\n  \
               because: No space left on device (os error 28)\n"
        );
    }
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

#[test]
fn prg_1_the_progress_of_a_query_is_a_line_a_micro_batch() -> TestResult {
    let folder = Folder::of_the_book()?;
    let run = folder
        .millrace("run scenarios/cookbook.toml --pipeline structured --progress json -q")?
        .printed();
    let batches = run
        .lines()
        .map(|line| -> Result<String, serde_json::Error> {
            let progress: Value = serde_json::from_str(line)?;
            let states = &progress["stateOperators"][0];
            Ok(format!(
                "{} {} {} {}",
                progress["batchId"],
                progress["numInputRows"],
                states["operatorName"],
                states["numRowsTotal"]
            ))
        });
    let batches: Vec<String> = batches.collect::<Result<_, _>>()?;
    check_snapshot("progress_of_the_book", batches.join("\n"));
    let refused =
        folder.millrace("run scenarios/cookbook.toml --pipeline stateless --progress json -q")?;
    assert!(
        refused
            .said(2)
            .contains("is no structured query, which alone has progress")
    );
    Ok(())
}
