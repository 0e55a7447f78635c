//! Arrays, maps, structs and lambdas.

use engine::SparkVersion;

use crate::cast::string_of;
use crate::context::{Context, Session};
use crate::resolve::Resolver;
use crate::schema::Schema;
use crate::sql::parse_expression_in;

/// The text of the value of an expression, or the class of its failure.
fn text(sql: &str, spark: SparkVersion, ansi: bool) -> String {
    let mut session = Session::new(spark);
    session.ansi = ansi;
    let context = Context {
        session: &session,
        timestamp: 0,
    };
    let class = |message: &str| {
        let end = message.find(']').unwrap_or(message.len());
        message[..end].trim_start_matches('[').to_owned()
    };
    let expression = parse_expression_in(sql, &session).expect("it is SQL");
    let schema = Schema::default();
    match Resolver::new(&schema, &session).resolve(&expression) {
        Err(error) => class(&error.to_string()),
        Ok(typed) => match typed.value(&[], &context) {
            Ok(value) => string_of(&value, &session),
            Err(failure) => class(failure.message()),
        },
    }
}

#[track_caller]
fn check(sql: &str, expected: &str) {
    assert_eq!(text(sql, SparkVersion::V3_5, false), expected, "{sql}");
}

/// The answers of Spark 3.5.9.
#[test]
fn elements_are_inserted_before_a_place_or_after_a_gap() {
    check("array_insert(array(1, 2, 3), 1, 0)", "[0, 1, 2, 3]");
    check(
        "array_insert(array(1, 2, 3), 6, 9)",
        "[1, 2, 3, null, null, 9]",
    );
    check("array_insert(array(1, 2, 3), -1, 9)", "[1, 2, 3, 9]");
    check("array_insert(array(1, 2, 3), -2, 9)", "[1, 2, 9, 3]");
    check(
        "array_insert(array(1, 2, 3), -6, 9)",
        "[9, null, null, 1, 2, 3]",
    );
    check("array_insert(array(1), 0, 9)", "INVALID_INDEX_OF_ZERO");
    check(
        "array_insert(array(1), 2147483647, 9)",
        "COLLECTION_SIZE_LIMIT_EXCEEDED",
    );
}

#[test]
fn an_index_beyond_the_array_fails_in_ansi_mode_alone() {
    let ansi = |sql: &str| text(sql, SparkVersion::V4, true);
    check("coalesce(array(1, 2)[2], -1)", "-1");
    assert_eq!(ansi("array(1, 2)[2]"), "INVALID_ARRAY_INDEX");
    check("coalesce(element_at(array(1, 2), -3), -1)", "-1");
    assert_eq!(
        ansi("element_at(array(1, 2), 3)"),
        "INVALID_ARRAY_INDEX_IN_ELEMENT_AT"
    );
    assert_eq!(ansi("coalesce(try_element_at(array(1), 3), -1)"), "-1");
    assert_eq!(ansi("coalesce(get(array(1), -1), -1)"), "-1");
    assert_eq!(ansi("coalesce(map('a', 1)['b'], -1)"), "-1");
}

#[test]
fn zeros_of_both_signs_are_two_elements_to_spark_3_5() {
    let distinct = "array_distinct(array(0.0D, -0.0D, 0.0D))";
    assert_eq!(text(distinct, SparkVersion::V3_5, false), "[0.0, -0.0]");
    assert_eq!(text(distinct, SparkVersion::V4, false), "[0.0]");
    let map = "map(0.0D, 1, -0.0D, 2)";
    assert_eq!(
        text(map, SparkVersion::V3_5, false),
        "{0.0 -> 1, -0.0 -> 2}"
    );
    assert_eq!(text(map, SparkVersion::V4, false), "DUPLICATED_MAP_KEY");
}

#[test]
fn sets_count_null_once_and_keep_the_first_order() {
    check(
        "array_union(array(1, 1, NULL), array(NULL, 2))",
        "[1, null, 2]",
    );
    check(
        "array_intersect(array(3, 1, 3, NULL), array(NULL, 1, 3))",
        "[3, 1, null]",
    );
    check("array_except(array(2, 2, NULL, 1), array(1))", "[2, null]");
    check("arrays_overlap(array(1, 2), array(2))", "true");
    check("isnull(arrays_overlap(array(1, NULL), array(2)))", "true");
    check("arrays_overlap(array(), array(NULL))", "false");
}

#[test]
fn sequences_end_at_or_before_the_stop() {
    check("sequence(10, 1, -3)", "[10, 7, 4, 1]");
    check("sequence(1, 5, 10)", "[1]");
    check(
        "sequence(DATE'2024-01-31', DATE'2024-04-30', INTERVAL '1' MONTH)",
        "[2024-01-31, 2024-02-29, 2024-03-31, 2024-04-30]",
    );
    check(
        "sequence(TIMESTAMP'2024-01-01 00:00:00', TIMESTAMP'2024-01-02 12:00:00')",
        "[2024-01-01 00:00:00, 2024-01-02 00:00:00]",
    );
    check(
        "sequence(1, 5, -1)",
        "requirement failed: Illegal sequence boundaries: 1 to 5 by -1",
    );
    check(
        "sequence(1L, 9223372036854775807L)",
        "COLLECTION_SIZE_LIMIT_EXCEEDED",
    );
    let widest = "sequence(-9223372036854775807L, 9223372036854775807L, 9223372036854775807L)";
    check(widest, "[-9223372036854775807, 0, 9223372036854775807]");
}

#[test]
fn lambdas_see_the_parameters_around_them() {
    check(
        "transform(array(1, 2), x -> transform(array(10, 20), y -> x + y))",
        "[[11, 21], [12, 22]]",
    );
    check("transform(array(5, 6), (x, i) -> x * i)", "[0, 6]");
    check(
        "aggregate(array(1, 2, 3), 0, (acc, x) -> acc + x, acc -> acc * 10)",
        "60",
    );
    check("array_sort(array(3, 1, 2), (a, b) -> b - a)", "[3, 2, 1]");
    check("array_sort(array(3, NULL, 1))", "[1, 3, null]");
    check(
        "map_zip_with(map('a', 1, 'b', 2), map('b', 3, 'c', 4), (k, x, y) -> coalesce(x, 0) + coalesce(y, 0))",
        "{a -> 1, b -> 5, c -> 4}",
    );
    check(
        "transform_keys(map(1, 'a', 2, 'b'), (k, v) -> 1)",
        "DUPLICATED_MAP_KEY",
    );
    check(
        "transform(array(1), (x, i, j) -> x)",
        "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
    );
}

/// Recorded from Spark 3.5.9 and 4.3.0.
#[test]
fn a_call_with_a_lambda_is_refused_by_its_own_name() {
    let session = Session::new(SparkVersion::V3_5);
    for (call, requires) in [
        (
            "filter()",
            "The `filter` requires 2 parameters but the actual number is 0.",
        ),
        (
            "exists(array(1))",
            "The `exists` requires 2 parameters but the actual number is 1.",
        ),
        (
            "filter(array(1), x -> true, 3)",
            "The `filter` requires 2 parameters but the actual number is 3.",
        ),
        (
            "transform_keys(map(1, 2))",
            "The `transform_keys` requires 2 parameters but the actual number is 1.",
        ),
        (
            "reduce(array(1), 0)",
            "The `reduce` requires [3, 4] parameters but the actual number is 2.",
        ),
        (
            "array_sort()",
            "The `array_sort` requires [1, 2] parameters but the actual number is 0.",
        ),
    ] {
        let expression = parse_expression_in(call, &session).expect("it is SQL");
        let refused = Resolver::new(&Schema::default(), &session).resolve(&expression);
        let refused = refused.expect_err(call).to_string();
        assert!(refused.contains(requires), "{refused}");
    }
}

#[test]
fn parts_of_structs_arrays_and_maps_have_one_notation() {
    check("named_struct('a', array(named_struct('b', 7))).a.b", "[7]");
    check("struct(1, 'x').col2", "x");
    check("map('k', array(1, 2))['k'][1]", "2");
    check("named_struct('a', 1)['A']", "1");
    check(
        "named_struct('a', 1, 'A', 2).a",
        "AMBIGUOUS_REFERENCE_TO_FIELDS",
    );
    check("arrays_zip(array(1, 2), array('a'))", "[{1, a}, {2, null}]");
    check("str_to_map('a:1,b')", "{a -> 1, b -> null}");
}
