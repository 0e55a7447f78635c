//! Files of a folder as a reader has them: their facts, texts of several lines, and schemas that follow from them, with the
//! rows of real Spark 3.5.9 for the same files.

use engine::{FileStatus, Records, StreamId, Text, Time};
use engine_structured::functions::col;
use engine_structured::{DataFrame, DataStreamReader};

use super::support::{Run, check, session};

/// A file of a text.
fn file(path: &str, text: &str) -> Records {
    let status = FileStatus {
        path: path.into(),
        bytes: text.len() as u64,
        modified: Time::from_millis(1_700_000_000_122),
    };
    let lines = text.lines().map(Text::from);
    [status.to_record()].into_iter().chain(lines).collect()
}

/// The tables that a query on these rows shows when the files come at once.
fn shown(rows: &DataFrame, files: &[Records]) -> Vec<String> {
    let query = rows.write_stream().console();
    let mut run = Run::start(query.expect("the query keeps the rules"), 1_000);
    for file in files {
        run.records_of(StreamId(0), 1_000, file.clone());
    }
    run.wake_until(1_000);
    run.shown()
}

fn reader(format: &str) -> DataStreamReader {
    session(1).read_stream().format(format).path("/in")
}

#[test]
fn a_row_has_the_facts_of_its_file_where_they_are_named() {
    let files = [
        file("/in/a b.txt", "one\ntwo\n"),
        file("/in/b.txt", "three"),
    ];
    let lines = reader("text").load();
    check(&shown(&lines, &files), &["0: one two three"]);
    let named = ["value", "_metadata.file_name", "_metadata.file_size"].map(col);
    check(
        &shown(&lines.select(named), &files),
        &["0: one=a%20b.txt=8 two=a%20b.txt=8 three=b.txt=5"],
    );
    let time = col("_metadata.file_modification_time");
    let filtered = lines
        .filter(col("_metadata.file_size").lt(6))
        .select([time]);
    check(&shown(&filtered, &files), &["0: 2023-11-14 22:13:20.122"]);
}

#[test]
fn the_facts_of_a_file_are_found_below_a_select_but_not_below_a_view() {
    let lines = reader("text").load();
    let below = lines
        .select([col("value")])
        .select([col("_metadata.file_path")]);
    assert_eq!(below.columns().expect("as in Spark"), ["file_path"]);
    lines.create_or_replace_temp_view("lines");
    let refused = lines.session().sql("SELECT _metadata FROM lines").schema();
    let refused = refused.expect_err("a view has no hidden columns");
    assert!(
        refused.to_string().contains("UNRESOLVED_COLUMN"),
        "{refused}"
    );
    let refused = lines.select([col("_metadata.nope")]).schema();
    let refused = refused.expect_err("it has no such field");
    assert!(refused.to_string().contains("FIELD_NOT_FOUND"), "{refused}");
}

#[test]
fn a_text_of_several_lines_may_be_one() {
    let multi = |format: &str, schema| {
        let reader = reader(format).schema(schema).option("multiLine", true);
        reader.option("header", true).load()
    };
    let json = reader("json").schema("a INT, _corrupt_record STRING");
    let json = json.option("multiLine", true).load();
    let files = [
        file("/in/1.json", "[\n{\"a\":1},\n {\"a\":2}\n]"),
        file("/in/3.json", "{\"a\":4}\n{\"a\":5}\n"),
        file("/in/2.json", "{\"a\":\n3}"),
        file("/in/4.json", "{\"a\":\n"),
        file("/in/5.json", ""),
    ];
    check(
        &shown(&json, &files),
        &["0: 1=null 2=null 4=null 3=null null={\"a\":\n"],
    );
    let files = [
        file("/in/1.csv", "id,text\n1,\"a\nb\"\n2,c\n"),
        file("/in/2.csv", "id,text\n3,\"x\n"),
    ];
    check(
        &shown(&multi("csv", "id INT, text STRING"), &files),
        &["0: 1=a\nb 2=c 3=x\n"],
    );
    let whole = reader("text").option("wholetext", true).load();
    check(
        &shown(&whole, &[file("/in/a.txt", "one\ntwo\n")]),
        &["0: one\ntwo\n"],
    );
}

#[test]
fn columns_follow_from_files_that_are_there() {
    let columns = |reader: DataStreamReader| {
        let schema = reader.load().schema()?;
        let fields = schema.fields().iter();
        let fields = fields.map(|field| format!("{} {}", field.name, field.data_type));
        Ok::<_, engine_structured::AnalysisError>(fields.collect::<Vec<_>>().join(", "))
    };
    let json = [
        file("/in/1.json", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2.5}\n"),
        file("/in/2.json", "{\"c\":[1]}\n"),
    ];
    assert_eq!(
        columns(reader("json").infer_schema_from(&json)).expect("as in Spark"),
        "a DOUBLE, b STRING, c ARRAY<BIGINT>"
    );
    let csv = [
        file("/in/1.csv", "id,name\n1,x\n2,y\n"),
        file("/in/2.csv", "id,name\n3.5,z\n"),
    ];
    let csv = reader("csv").infer_schema_from(&csv);
    assert_eq!(
        columns(csv.clone()).expect("as in Spark"),
        "_c0 STRING, _c1 STRING"
    );
    let csv = csv.option("header", true).option("inferSchema", true);
    assert_eq!(columns(csv).expect("as in Spark"), "id DOUBLE, name STRING");
    let refused = columns(reader("json").infer_schema_from(&[]));
    assert_eq!(
        refused.expect_err("there is no file").to_string(),
        "[UNABLE_TO_INFER_SCHEMA] Unable to infer schema for JSON. It must be specified manually."
    );
}
