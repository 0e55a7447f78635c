//! Queries in SQL as a scenario file has them: refused where they are written, and played.

use std::path::Path;

use suite::{Case, play};

/// A scenario with the lines `blue`, and what stands below its timeline.
fn scenario(rest: &str) -> String {
    format!("timeline = [{{ at = '1s', lines = ['blue'] }}]\n{rest}")
}

/// The first mistake of a scenario: the text that is refused, its line, and the message.
#[track_caller]
fn refused(rest: &str) -> (String, usize, String) {
    let text = scenario(rest);
    let mistakes = Case::parse(Path::new("query.toml"), &text).expect_err("it is refused");
    let mistake = mistakes.iter().next().expect("there is a mistake");
    assert_eq!(mistake.code(), scenario::Code::Refused);
    let refused = text[mistake.span()].to_owned();
    (refused, mistake.line(), mistake.message().to_owned())
}

/// The first mistake of a query, which is written so.
#[track_caller]
fn refused_query(sql: &str) -> (String, usize, String) {
    refused(&format!(
        "[[pipeline]]\nname = 'query'\nmode = 'structured'\noutput = 'append'\nsql = {sql}"
    ))
}

#[test]
fn a_query_is_refused_at_the_word_that_is_wrong() {
    for (sql, word, line) in [
        (r#""SELECT valeu FROM lines""#, "valeu", 6),
        (
            r#""SELECT 'é\t' AS `a`, \"x\" AS b, valeu FROM lines""#,
            "valeu",
            6,
        ),
        ("'''\nSELECT\n  valeu\nFROM lines'''", "valeu", 8),
        (
            "\"\"\"\nSELECT value, \\\n    valeu FROM lines\"\"\"",
            "valeu",
            8,
        ),
        ("'SELECT value FROM line'", "line", 6),
    ] {
        let (refused, at, message) = refused_query(sql);
        assert_eq!((&*refused, at), (word, line), "{sql}: {message}");
    }
}

#[test]
fn a_schema_is_refused_at_its_type() {
    let query = "[[pipeline]]\nname = 'query'\nmode = 'structured'\nsql = 'SELECT * FROM events'";
    let source = "[[source]]\nname = 'events'\nformat = 'json'\nschema = 'a INT, b STRNG'";
    let source = format!("{source}\n{query}");
    let (word, line, _) = refused(&source);
    assert_eq!((&*word, line), ("STRNG", 5));
}

#[test]
fn a_value_of_a_table_is_refused_in_its_row() {
    let query = "[[pipeline]]\nname = 'query'\nmode = 'structured'\nsql = 'SELECT * FROM lines'";
    let row = |schema: &str, row: &str| {
        let table = format!(
            "[[table]]\nname = 'users'\nschema = '{schema}'\nrows = [\n  [1],\n  {row},\n]"
        );
        refused(&format!("{table}\n{query}"))
    };
    let (refused, line, message) = row("level INT", "['high']");
    assert_eq!((&*refused, line), ("['high']", 7));
    assert!(message.starts_with("[CAST_INVALID_INPUT]"), "{message}");
    let (_, _, message) = row("level INT NOT NULL", "{}");
    assert_eq!(message, "the column `level` is NOT NULL");
}

#[test]
fn a_query_is_refused_as_its_scenario_expects() {
    let query = |sql: &str, refused: &str| {
        scenario(&format!(
            "[[pipeline]]\nname = 'query'\nmode = 'structured'\nsql = '{sql}'\nrefused = '{refused}'"
        ))
    };
    let path = Path::new("query.toml");
    let text = query("SELECT * FROM line", "TABLE_OR_VIEW_NOT_FOUND");
    let case = Case::parse(path, &text).expect("it is refused as expected");
    let played = play(&case.scenario, &case.scenario.pipelines[0], 0).expect("nothing runs");
    assert_eq!(played.text, "");
    for (sql, expected) in [
        ("SELECT * FROM line", "[TABLE_OR_VIEW_NOT_FOUND]"),
        ("SELECT count(*) FROM lines", "the query is not refused"),
    ] {
        let mistakes = Case::parse(path, &query(sql, "PARSE_SYNTAX_ERROR")).expect_err(sql);
        let mistake = mistakes.iter().next().expect("there is a mistake");
        assert!(mistake.message().starts_with(expected), "{mistake}");
    }
}

#[test]
fn a_query_without_sources_reads_lines() {
    let query = "[[pipeline]]\nname = 'query'\nmode = 'structured'\noutput = 'append'\nsql = 'SELECT upper(value) AS v FROM lines'";
    let case = Case::parse(Path::new("query.toml"), &scenario(query)).expect("it has no mistakes");
    let played = play(&case.scenario, &case.scenario.pipelines[0], 0).expect("it runs");
    assert!(played.text.contains("|BLUE|"), "{}", played.text);
}
