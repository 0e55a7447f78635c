//! `millrace run`: the scenarios and the pipelines that are played.

use crate::support::{
    BOOK_PIPELINES, Ended, Folder, TestResult, WORD_COUNTED, book_transcript, check_snapshot,
    word_count,
};

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
    let many: Vec<String> = (10..25)
        .map(|number| format!("word_count_{number}"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let folder = Folder::with(&[("many.toml", &word_count(&many))])?;
    for command in ["run", "test"] {
        let refused =
            |name: &str| folder.millrace(&format!("{command} many.toml --pipeline {name}"));
        assert_eq!(
            refused("wordcount12")?.said(4),
            "error: no pipeline `wordcount12`; did you mean `word_count_12`?\n"
        );
        let said = refused("nosuch")?.said(4);
        assert!(
            said.starts_with("error: no pipeline `nosuch`; there are `word_count_10`, "),
            "{said}"
        );
        assert!(said.ends_with(", `word_count_19` and 5 more\n"), "{said}");
    }
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
fn a_file_that_is_no_scenario_does_not_keep_the_others_from_being_played() -> TestResult {
    let folder = Folder::with(&[
        ("good.toml", &word_count(&["counts"])),
        ("one.toml", &word_count(&["counts"]).replace("mode", "mod")),
        ("two.toml", &word_count(&["counts"]).replace("1s", "1 sek")),
    ])?;
    let run = folder.millrace("run good.toml one.toml absent.toml two.toml")?;
    check_snapshot("run_mistakes_of_all_files", &run);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), WORD_COUNTED));
    folder.millrace("run one.toml absent.toml")?.said(2);
    let scripts = folder.millrace("spark --script -q good.toml one.toml")?;
    assert_eq!(scripts.code, Some(2), "{scripts}");
    assert!(
        scripts.stdout.contains("\nssc = StreamingContext(sc, 1)\n"),
        "{scripts}"
    );
    Ok(())
}

/// Pipelines after one that does not get to its end are played.
#[test]
fn a_pipeline_that_cannot_be_played_does_not_keep_the_others_from_it() -> TestResult {
    let rust = "timeline = [{ at = \"1s\", lines = [] }]\n[[pipeline]]\nname = \"mine\"\nrust = \"visits\"\n";
    let folder = Folder::with(&[("a.toml", rust), ("b.toml", &word_count(&["counts"]))])?;
    let run = folder.millrace("run a.toml b.toml")?;
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), WORD_COUNTED));
    assert!(
        run.stderr
            .starts_with("a mine\nerror: failed to build the pipeline `mine`\n"),
        "{run}"
    );
    Ok(())
}

#[test]
fn a_scenario_may_come_by_standard_input() -> TestResult {
    let folder = Folder::with(&[
        ("good.toml", &word_count(&["counts"])),
        ("bad.toml", &word_count(&["counts"]).replace("mode", "mod")),
    ])?;
    let run = |file: &str| -> Result<Ended, Box<dyn std::error::Error>> {
        let input = std::fs::File::open(folder.path(file))?;
        let output = folder.command("run -").stdin(input).output()?;
        Ok(Ended::from(output))
    };
    let good = run("good.toml")?;
    assert_eq!(
        (good.code, good.stdout.as_str()),
        (Some(0), WORD_COUNTED),
        "{good}"
    );
    assert_eq!(good.stderr, "standard input counts\n");
    let said = run("bad.toml")?.said(2);
    assert!(said.contains("[standard input:5:1]"), "{said}");
    assert_eq!(
        folder.millrace("test -")?.said(2),
        "error: a scenario on standard input has no snapshots to be compared with; `millrace run -` plays it\n"
    );
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
        let ended = Ended::from(output);
        assert_eq!(ended.said(0), expected, "{arguments}");
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

#[test]
fn a_program_in_python_says_what_it_lacks() -> TestResult {
    let scenario = "timeline = [{ at = \"1s\", lines = [] }]\n[[pipeline]]\nname = \"mine\"\nprogram = \"mine.py\"\n";
    let folder = Folder::with(&[("mine.toml", scenario)])?;
    let run = || {
        let mut command = folder.command("run mine.toml --quiet");
        command
            .env("MILLRACE_PYTHON", "no-such-python")
            .output()
            .map(Ended::from)
    };
    let said = run()?.said(2);
    assert!(said.contains("because: there is no program "), "{said}");
    assert!(
        said.contains("mine.py; its path is from the folder of the scenario"),
        "{said}"
    );
    folder.write("mine.py", "print('mine')\n")?;
    let said = run()?.said(2);
    let message = "because: failed to start no-such-python, which plays programs in Python: name one of Python 3.11 or \
                   later by the variable MILLRACE_PYTHON";
    assert!(said.contains(message), "{said}");
    let script = folder
        .millrace("spark --script mine.toml --quiet")?
        .printed();
    assert_eq!(script, "print('mine')\n");
    Ok(())
}
