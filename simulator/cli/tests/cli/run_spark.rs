//! `millrace run`: the languages and the versions of Spark whose console text is printed.

use crate::support::{Folder, TestResult, WORD_COUNTED, word_count};

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
    let refused = |pipeline: &str| {
        format!(
            "error: cookbook, pipeline `{pipeline}` has the profile `cookbook`, which is older than Spark 4; add \
             `--profile pyspark` or `--profile jvm`\n"
        )
    };
    let all = ["stateless", "update_state", "structured"].map(refused);
    let run = folder.millrace("run scenarios/cookbook.toml --spark 4 -q")?;
    assert_eq!(run.said(2), all.concat());
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

#[test]
fn a_pipeline_that_is_older_than_spark_4_keeps_no_other_from_it() -> TestResult {
    let book = word_count(&["book"]).replace("mode", "profile = \"cookbook\"\nmode");
    let folder = Folder::with(&[
        ("all/a_book.toml", &book),
        ("all/counts.toml", &word_count(&["counts"])),
    ])?;
    let run = folder.millrace("run all --spark 4")?;
    assert_eq!(run.code, Some(2), "{run}");
    assert_eq!(run.stdout, WORD_COUNTED);
    assert_eq!(
        run.stderr,
        "a_book book\nerror: a_book, pipeline `book` has the profile `cookbook`, which is older than Spark 4; add \
         `--profile pyspark` or `--profile jvm`\ncounts counts\n"
    );
    Ok(())
}

#[test]
fn a_program_in_python_sees_spark_3_5() -> TestResult {
    let text = word_count(&["job"]).replace("mode = \"stateless\"", "program = \"job.py\"");
    let folder = Folder::with(&[("job.toml", &text), ("job.py", "print('played')\n")])?;
    let refused =
        "a program in Python sees Spark 3.5: leave out `spark`, here or on the command line\n";
    let said = folder.millrace("run job.toml --spark 4 -q")?.said(2);
    assert!(said.ends_with(refused), "{said}");
    folder.edit("job.toml", "timeline", "spark = \"4\"\ntimeline")?;
    let said = folder.millrace("run job.toml -q")?.said(2);
    assert!(said.ends_with(refused), "{said}");
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
