//! JSON texts.

use engine::render::Notation;
use engine::{DataType, SparkVersion};

use super::*;
use crate::context::Session;
use crate::ddl::parse_schema;

fn session() -> Session {
    Session::new(SparkVersion::V3_5)
}

/// Reads a row, and shows it.
#[track_caller]
fn check(schema: &str, text: &str, expected: &str) {
    let options = JsonOptions::new([], &session()).expect("options");
    let schema = DataType::Struct(parse_schema(schema).expect("a schema"));
    let parser = JsonParser::new(schema, options, &session()).expect("a parser");
    let value = parser.value(text).expect("a value").expect("a text");
    assert_eq!(Notation::Sql.text(&value), expected, "{text}");
}

#[test]
fn what_is_wrong_is_null_and_the_rest_stays() {
    check("a INT, b INT", r#"{"a":"x","b":2}"#, "{NULL, 2}");
    check(
        "a STRUCT<b: INT, c: INT>",
        r#"{"a":{"b":"x","c":1}}"#,
        "{{NULL, 1}}",
    );
    check(
        "a ARRAY<INT>, b INT",
        r#"{"a":[1,"x",[{}]],"b":3}"#,
        "{NULL, 3}",
    );
    check("a INT, b INT", r#"{"a":{"c":[1]},"b":3}"#, "{NULL, 3}");
    check("a INT, b INT", r#"{"a":1,"b":2"#, "{NULL, NULL}");
}

#[test]
fn text_behind_the_value_does_not_count_and_the_last_of_a_name_does() {
    check("a INT", r#"{"a":1} x"#, "{1}");
    check("a INT", r#"{"a":1,"a":2}"#, "{2}");
    check("a INT", r#"{"A":1}"#, "{NULL}");
    check("a INT", "{'a':1}", "{1}");
}

#[test]
fn a_text_is_any_value() {
    check(
        "a STRING",
        r#"{"a":{"b": 1,  "c":[1, 2.50]}}"#,
        r#"{{"b":1,"c":[1,2.5]}}"#,
    );
    check("a STRING", r#"{"a":"\ud83d\ude00"}"#, "{😀}");
}

#[test]
fn a_malformed_text_is_kept_where_it_is_asked_for() {
    let text = r#"{"a":"x","b":2}"#;
    let expected = r#"{NULL, {"a":"x","b":2}, 2}"#;
    check("a INT, _corrupt_record STRING, b INT", text, expected);
}

#[test]
fn paths_find_one_or_all() {
    let find = |path: &str, text: &str| JsonPath::parse(path).and_then(|path| path.find(text));
    let text = r#"{"a":[{"b":"x"},{"b":2},{"c":[3,[4]]}]}"#;
    assert_eq!(find("$.a[*].b", text).as_deref(), Some(r#"["x",2]"#));
    assert_eq!(find("$.a[0].b", text).as_deref(), Some("x"));
    assert_eq!(find("$['a'][2].c", text).as_deref(), Some("[3,[4]]"));
    assert_eq!(find("$.a[7]", text), None);
    assert_eq!(find("a", text), None);
}

#[test]
fn deep_texts_are_malformed_and_never_panic() {
    let deep = "[".repeat(100_000);
    assert_eq!(array_length(&deep), None);
    check("a STRING", &format!(r#"{{"a":{deep}"#), "{NULL}");
}

/// As Spark 3.5.9 says it.
#[test]
fn an_array_is_no_object_of_a_text_that_has_to_fit() {
    let options = JsonOptions::new([("mode", "FAILFAST")], &session()).expect("options");
    let fields = parse_schema("a INT").expect("a schema");
    let parser = JsonParser::of_rows(fields, options, &session()).expect("a parser");
    let failure = parser.value(r#"[{"a":1}]"#).expect_err("it is an array");
    assert_eq!(
        failure.message(),
        "[MALFORMED_RECORD_IN_PARSING.CANNOT_PARSE_JSON_ARRAYS_AS_STRUCTS] Malformed records are detected in record parsing: \
         [{\"a\":1}].\nParse Mode: FAILFAST. To process malformed records as null result, try setting the option 'mode' as \
         'PERMISSIVE'. Parsing JSON arrays as structs is forbidden."
    );
    let rows = parser
        .rows(r#"[{"a":1},{"a":2}]"#)
        .expect("lines of files may be arrays");
    assert_eq!(rows.len(), 2);
}
