//! `millrace plan`.

use crate::support::{Folder, TestResult, word_count};

#[test]
fn a_query_is_printed_with_the_states_of_its_operators() -> TestResult {
    let folder = Folder::of_the_book()?;
    let planned = folder.millrace("plan scenarios/cookbook.toml")?;
    assert_eq!(
        planned.printed(),
        "\
== Incremental Physical Plan ==
Project [word, count]
+- StateStoreSave Complete, [word], [count(1)], state 0 in 200 partitions
   +- Project [word]
      +- Generate explode(split(value,  , -1)), [word]
         +- MicroBatchScan lines [value]
"
    );
    Ok(())
}

#[test]
fn where_no_query_is_structured_there_is_no_plan() -> TestResult {
    let folder = Folder::with(&[("counts.toml", &word_count(&["counts"]))])?;
    assert_eq!(
        folder.millrace("plan counts.toml")?.said(2),
        "error: there is no structured query, which alone has a plan; name one by `--pipeline`\n"
    );
    Ok(())
}
