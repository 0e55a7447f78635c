//! Conditions and joins.

use engine::SparkVersion;

use super::{analyzed, check, check_optimized, check_refused};
use crate::context::Session;
use crate::optimize;

#[test]
fn equalities_of_both_tables_are_the_keys_of_a_join() {
    check(
        "SELECT e.n, s.name FROM events e LEFT JOIN names s ON e.user = s.user AND e.n > 1",
        &[
            "Project [n, name]",
            "+- Join LeftOuter [user = user, >(n, 1)]",
            "   :- EventTimeWatermark ts, 10s",
            "   :  +- StreamingRelation events [ts, user, n, tags]",
            "   +- Relation names [user, name]",
        ],
    );
    let columns = analyzed("SELECT * FROM events JOIN names USING (user)").expect("it is a join");
    assert_eq!(columns.names(), ["user", "ts", "n", "tags", "name"]);
}

#[test]
fn wm_8_a_condition_on_a_key_holds_for_the_other_table_of_a_join_too() {
    check_optimized(
        "SELECT n, name FROM events JOIN names USING (user) WHERE user > 'a' AND n > 1",
        &[
            "Project [n, name]",
            "+- Join Inner [user = user]",
            "   :- EventTimeWatermark ts, 10s",
            "   :  +- Filter and(and(and(isnotnull(user), isnotnull(n)), >(user, a)), >(n, 1))",
            "   :     +- StreamingRelation events [ts, user, n, tags]",
            "   +- Filter and(isnotnull(user), >(user, a))",
            "      +- Relation names [user, name]",
        ],
    );
}

/// As Spark 3.5.9 optimises: what is filtered by other columns does not raise the watermark.
#[test]
fn wm_8_a_filter_goes_below_the_watermark_unless_it_reads_its_column() {
    check_optimized(
        "SELECT user FROM events WHERE user = 'a' AND ts > '2024-01-01'",
        &[
            "Project [user]",
            "+- Filter >(ts, 2024-01-01 00:00:00)",
            "   +- EventTimeWatermark ts, 10s",
            "      +- Filter =(user, a)",
            "         +- StreamingRelation events [ts, user, n, tags]",
        ],
    );
}

#[test]
fn wm_8_a_filter_goes_below_the_watermark_however_many_tables_are_between() {
    let views: Vec<String> = (0..60)
        .map(|view| format!(" LATERAL VIEW explode(tags) AS t{view}"))
        .collect();
    let sql = format!(
        "SELECT n FROM (SELECT * FROM events{}) WHERE user = 'a'",
        views.concat()
    );
    let plan = analyzed(&sql).expect("it is a query");
    let text = optimize(plan, &Session::new(SparkVersion::V3_5)).to_string();
    let [above, below] = text.split("EventTimeWatermark").collect::<Vec<_>>()[..] else {
        panic!("there is one watermark: {text}");
    };
    assert!(
        !above.contains("=(user, a)") && below.contains("=(user, a)"),
        "{text}"
    );
}

/// As Spark 3.5.9 optimises.
#[test]
fn conditions_on_both_tables_of_a_join_are_its_own() {
    check_optimized(
        "SELECT n, name FROM events e, names s WHERE e.user = s.user AND n < length(name) AND name > 'a'",
        &[
            "Project [n, name]",
            "+- Join Inner [user = user, <(n, length(name))]",
            "   :- EventTimeWatermark ts, 10s",
            "   :  +- Filter and(isnotnull(user), isnotnull(n))",
            "   :     +- StreamingRelation events [ts, user, n, tags]",
            "   +- Filter and(and(isnotnull(user), isnotnull(name)), >(name, a))",
            "      +- Relation names [user, name]",
        ],
    );
}

#[test]
fn a_key_of_a_join_that_is_null_does_not_raise_the_watermark() {
    check_optimized(
        "SELECT n, name FROM events JOIN names USING (user)",
        &[
            "Project [n, name]",
            "+- Join Inner [user = user]",
            "   :- EventTimeWatermark ts, 10s",
            "   :  +- Filter isnotnull(user)",
            "   :     +- StreamingRelation events [ts, user, n, tags]",
            "   +- Filter isnotnull(user)",
            "      +- Relation names [user, name]",
        ],
    );
}

/// As Spark 3.5.9 rewrites them.
#[test]
fn a_query_in_a_condition_is_a_join() {
    check_optimized(
        "SELECT n FROM events WHERE user IN (SELECT user FROM names WHERE name = 'a') AND n > 1",
        &[
            "Project [n]",
            "+- Join LeftSemi [user = user]",
            "   :- EventTimeWatermark ts, 10s",
            "   :  +- Filter and(>(n, 1), isnotnull(user))",
            "   :     +- StreamingRelation events [ts, user, n, tags]",
            "   +- Project [user]",
            "      +- Filter and(=(name, a), isnotnull(user))",
            "         +- Relation names [user, name]",
        ],
    );
    check(
        "SELECT n FROM events e WHERE NOT EXISTS (SELECT 1 FROM names s WHERE s.user = e.user AND name < 'b')",
        &[
            "Project [n]",
            "+- Join LeftAnti [user = user]",
            "   :- EventTimeWatermark ts, 10s",
            "   :  +- StreamingRelation events [ts, user, n, tags]",
            "   +- Filter <(name, b)",
            "      +- Relation names [user, name]",
        ],
    );
    let error = analyzed("SELECT name FROM names WHERE user IN (SELECT user FROM events)");
    let error = error.expect_err("it is of a stream");
    assert!(
        error.to_string().contains("a subquery of a stream"),
        "{error}"
    );
}

#[test]
fn a_null_of_no_type_is_a_condition_of_having_alone() {
    let filter = "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN";
    check_refused("SELECT n FROM events WHERE NULL", filter, "NULL");
    let join = "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE";
    check_refused("SELECT n FROM events JOIN names ON NULL", join, "NULL");
    let of_aggregate = "SELECT count(*) FILTER (WHERE NULL) FROM events";
    check_refused(of_aggregate, "_LEGACY_ERROR_TEMP_1025", "NULL");
    let having = analyzed("SELECT user FROM events GROUP BY user HAVING NULL");
    having.expect("Spark takes it");
}
