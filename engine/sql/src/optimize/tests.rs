//! Plans as Spark 3.5.9 optimises them.

use engine::SparkVersion;

use crate::{Analyzer, Catalog, Session, optimize, parse_query};

/// The groups, joins and filters of a query over `t(a, b)` and `u(c, d)`, whose columns `col1` and `col2` may be `NULL`.
#[track_caller]
fn check(sql: &str, expected: &[&str]) {
    let session = Session::new(SparkVersion::V3_5);
    let tables = "WITH t AS (VALUES (1, 'x'), (NULL, NULL) AS t(a, b)), \
                  u AS (VALUES (1, 'x'), (NULL, NULL) AS u(c, d)) ";
    let plan = parse_query(&format!("{tables}{sql}")).expect("it is a query");
    let catalog = Catalog::default();
    let plan = Analyzer::new(&session, &catalog).analyze(&plan);
    let tree = optimize(plan.expect("it has types"), &session).to_string();
    let nodes = tree
        .lines()
        .map(|line| line.trim_start_matches([' ', ':', '+', '-']));
    let is_meant = |node: &&str| {
        ["Aggregate", "Join", "Filter"]
            .iter()
            .any(|it| node.starts_with(it))
    };
    assert_eq!(
        nodes.filter(is_meant).collect::<Vec<_>>(),
        expected,
        "{sql}"
    );
}

#[test]
fn keys_that_are_constant_or_there_twice_are_none() {
    check(
        "SELECT upper('x') AS u, a, count(*) AS c FROM t GROUP BY upper('x'), a, a",
        &["Aggregate [a], [count(1)]"],
    );
    check(
        "SELECT 2 + 3 AS five, count(*) AS c FROM t GROUP BY 2 + 3",
        &["Aggregate [0], [count(1)]"],
    );
}

#[test]
fn a_column_that_is_shown_twice_is_one_key() {
    let one = "Aggregate [a], []";
    check("SELECT DISTINCT a, a FROM t", &[one]);
    check(
        "SELECT a FROM (SELECT a, a AS z FROM t) GROUP BY a, z",
        &["Aggregate [a, z], []"],
    );
}

#[test]
fn a_function_that_is_never_a_constant_is_a_key() {
    check(
        "SELECT a, elt(1, 'x') FROM t GROUP BY a, elt(1, 'x')",
        &["Aggregate [a, elt(1, x)], []"],
    );
}

#[test]
fn an_aggregation_that_only_drops_duplicates_goes_where_they_make_no_difference() {
    let distinct = "(SELECT DISTINCT a, b FROM t)";
    check(
        &format!("SELECT a, max(b) AS m FROM {distinct} GROUP BY a"),
        &["Aggregate [a], [max(b)]"],
    );
    check(
        &format!("SELECT a, count(*) AS c FROM {distinct} GROUP BY a"),
        &["Aggregate [a], [count(1)]", "Aggregate [a, b], []"],
    );
    check(
        "SELECT DISTINCT b, c FROM (SELECT b, count(*) AS c FROM t GROUP BY b)",
        &["Aggregate [b], [count(1)]"],
    );
    check(
        "SELECT DISTINCT c FROM (SELECT b, count(*) AS c FROM t GROUP BY b)",
        &["Aggregate [c], []", "Aggregate [b], [count(1)]"],
    );
}

#[test]
fn an_outer_join_whose_lone_rows_are_dropped_has_none() {
    let is_not_null = "Filter isnotnull(col2)";
    check(
        "SELECT a, c FROM t LEFT JOIN u ON b = d WHERE c > 1",
        &[
            "Join Inner [b = d]",
            is_not_null,
            "Filter and(and(isnotnull(col1), isnotnull(col2)), >(col1, 1))",
        ],
    );
    check(
        "SELECT a, c FROM t FULL JOIN u ON b = d WHERE a > 1",
        &["Join LeftOuter [b = d]", "Filter >(col1, 1)", is_not_null],
    );
    check(
        "SELECT a, c FROM t LEFT JOIN u ON b = d WHERE c IS NULL",
        &["Filter isnull(c)", "Join LeftOuter [b = d]", is_not_null],
    );
}

#[test]
fn columns_that_a_condition_needs_are_not_null() {
    let both = "Filter and(isnotnull(col1), isnotnull(col2))";
    check(
        "SELECT a FROM t JOIN u ON b = d AND a < c + 1",
        &["Join Inner [b = d, <(a, +(c, 1))]", both, both],
    );
    check(
        "SELECT a FROM t JOIN u ON coalesce(b, 'x') = d",
        &["Join Inner [coalesce(b, x) = d]", "Filter isnotnull(col2)"],
    );
}
