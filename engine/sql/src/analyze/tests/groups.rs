//! Groups, their keys and windows.

use super::{analyzed, check, check_optimized, check_refused};

#[test]
fn keys_are_expressions_places_and_aliases() {
    let tree = [
        "Project [column 0 AS size, count AS c]",
        "+- Aggregate [length(user)], [count(1)]",
        "   +- EventTimeWatermark ts, 10s",
        "      +- StreamingRelation events [ts, user, n, tags]",
    ];
    check(
        "SELECT length(user) AS size, count(*) AS c FROM events GROUP BY length(user)",
        &tree,
    );
    check(
        "SELECT length(user) AS size, count(*) AS c FROM events GROUP BY 1",
        &tree,
    );
    check(
        "SELECT length(user) AS size, count(*) AS c FROM events GROUP BY size",
        &tree,
    );
    check_refused(
        "SELECT count(*) FROM events GROUP BY 2",
        "GROUP_BY_POS_OUT_OF_RANGE",
        "2",
    );
    check_refused(
        "SELECT count(*) c FROM events GROUP BY 1",
        "GROUP_BY_POS_AGGREGATE",
        "1",
    );
}

/// The moment is the same in all rows of a batch, and not known before.
#[test]
fn what_depends_on_the_moment_is_a_key_and_not_folded() {
    check_optimized(
        "SELECT current_date() AS day, count(*) AS c FROM events WHERE ts < now() GROUP BY current_date()",
        &[
            "Project [column 0 AS day, count AS c]",
            "+- Aggregate [current_date()], [count(1)]",
            "   +- Filter <(ts, current_timestamp())",
            "      +- EventTimeWatermark ts, 10s",
            "         +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
}

#[test]
fn a_column_of_no_group_is_refused() {
    for sql in [
        "SELECT user, count(*) FROM events",
        "SELECT n FROM events HAVING n > 0",
    ] {
        let error = analyzed(sql).expect_err("there is no GROUP BY");
        assert_eq!(error.condition(), Some("MISSING_GROUP_BY"), "{sql}");
    }
}

#[test]
fn a_column_that_is_no_key_is_refused() {
    let error = analyzed("SELECT n, count(*) FROM events GROUP BY user").expect_err("n is no key");
    assert_eq!(error.condition(), Some("MISSING_AGGREGATION"));
    assert!(
        error
            .help()
            .is_some_and(|help| help.contains("any_value(n)")),
        "{error}"
    );
}

#[test]
fn having_and_order_may_use_what_is_not_in_the_result() {
    check(
        "SELECT user FROM events GROUP BY user HAVING count(*) > 1 ORDER BY max(n) DESC",
        &[
            "Project [user]",
            "+- Sort [max(n) DESC NULLS LAST]",
            "   +- Project [user, max AS max(n)]",
            "      +- Filter >(count, cast(1 as bigint))",
            "         +- Aggregate [user], [count(1), max(n)]",
            "            +- EventTimeWatermark ts, 10s",
            "               +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
}

#[test]
fn a_window_is_a_column_of_the_table_below() {
    check(
        "SELECT window.start, count(*) FROM events GROUP BY window(ts, '10 seconds', '5 seconds')",
        &[
            "Project [extract_value(window, start) AS start, count AS count(1)]",
            "+- Aggregate [window], [count(1)]",
            "   +- TimeWindow ts, 10 s every 5 s",
            "      +- EventTimeWatermark ts, 10s",
            "         +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
    check_refused(
        "SELECT 1 FROM events GROUP BY window(ts, '5 s'), window(ts, '9 lightyears')",
        "CANNOT_PARSE_INTERVAL",
        "'5 s'",
    );
}

#[test]
fn the_window_and_its_aggregation_keep_the_watermark() {
    let plan = analyzed("SELECT window(ts, '5 seconds') AS w, user FROM events GROUP BY 1, 2");
    let plan = plan.expect("it is a query");
    let marks = plan.schema.fields().iter().map(|field| field.is_event_time);
    assert_eq!(marks.collect::<Vec<_>>(), [true, false]);
}

#[test]
fn grouping_sets_count_each_row_once_a_set() {
    check(
        "SELECT user, n, count(*) AS c FROM events GROUP BY ROLLUP (user, n)",
        &[
            "Project [column 0 AS user, column 1 AS n, count AS c]",
            "+- Aggregate [column 4, column 5, spark_grouping_id], [count(1)]",
            "   +- Expand, 3 rows each",
            "      +- EventTimeWatermark ts, 10s",
            "         +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
}
