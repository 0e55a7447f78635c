//! Columns, generators and constants.

use super::{analyzed, check, check_optimized, check_refused};

#[test]
fn columns_are_found_by_table_and_whatever_their_case() {
    check(
        "SELECT e.USER, n + 1 AS more FROM events AS e",
        &[
            "Project [user AS USER, +(n, 1) AS more]",
            "+- EventTimeWatermark ts, 10s",
            "   +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
    check_refused(
        "SELECT x.user FROM events e",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
        "x.user",
    );
    check_refused(
        "SELECT usr FROM events",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION",
        "usr",
    );
    check_refused("SELECT 1 FROM event", "TABLE_OR_VIEW_NOT_FOUND", "event");
    check_refused(
        "SELECT user FROM names a CROSS JOIN names b",
        "AMBIGUOUS_REFERENCE",
        "user",
    );
}

#[test]
fn a_column_may_name_an_alias_before_it() {
    check(
        "SELECT n + 1 AS m, m + 1 AS k FROM (SELECT n FROM events)",
        &[
            "Project [+(n, 1) AS m, +(+(n, 1), 1) AS k]",
            "+- Project [n]",
            "   +- EventTimeWatermark ts, 10s",
            "      +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
}

#[test]
fn a_generator_is_a_table_beside_the_row() {
    check(
        "SELECT user, explode(tags) AS tag FROM events",
        &[
            "Project [user, tag]",
            "+- Generate explode(tags), [tag]",
            "   +- EventTimeWatermark ts, 10s",
            "      +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
    check_refused(
        "SELECT explode(tags), explode(tags) FROM events",
        "UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
        "explode(tags)",
    );
    check_refused(
        "SELECT length(explode(tags)) FROM events",
        "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
        "explode(tags)",
    );
}

#[test]
fn constants_are_folded_and_those_that_fail_stay() {
    check_optimized(
        "SELECT 1 + 2 AS three",
        &["Project [3 AS three]", "+- OneRow"],
    );
}

#[test]
fn a_lambda_without_its_arrays_is_refused() {
    let calls = [
        "transform(x -> x)",
        "exists(x -> x)",
        "array_sort((x, y) -> 1)",
        "zip_with((x, y) -> x)",
        "zip_with(tags, (x, y) -> x)",
        "map_filter((k, v) -> true)",
        "map_zip_with(map(1, 2), (k, v, w) -> v)",
        "aggregate(x -> x)",
    ];
    for call in calls {
        let error = analyzed(&format!("SELECT {call} FROM events")).expect_err(call);
        let condition = error.condition();
        assert_eq!(
            condition,
            Some("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"),
            "{call}"
        );
    }
}

#[test]
fn functions_over_the_same_rows_are_computed_together() {
    check(
        "SELECT user, rank() OVER (PARTITION BY user ORDER BY name) AS r, count(*) OVER (PARTITION BY name) AS c,
             lag(name) OVER (PARTITION BY user ORDER BY name) AS l FROM names",
        &[
            "Project [user, column 2 AS r, column 4 AS c, column 3 AS l]",
            "+- Window [count], [name]",
            "   +- Window [rank, lag], [user]",
            "      +- Relation names [user, name]",
        ],
    );
    check_refused(
        "SELECT user FROM names WHERE rank() OVER (ORDER BY name) = 1",
        "_LEGACY_ERROR_TEMP_1034",
        "rank() OVER (ORDER BY name)",
    );
}
