//! Queries as the trees of their plans.

use engine::{DataType, SparkVersion};

use super::*;
use crate::plan::Relation;
use crate::{Field, optimize, parse_query};

/// The views `events(ts, user, n, tags)`, whose `ts` has a watermark, and `names(user, name)`.
fn catalog() -> Catalog {
    let relation = |id, name: &str, is_streaming, columns: Vec<(&str, DataType)>| {
        let fields = columns
            .into_iter()
            .map(|(name, data_type)| Field::new(name, data_type));
        LogicalPlan::from(Relation {
            id,
            name: name.into(),
            schema: fields.collect(),
            hidden: None,
            is_streaming,
            is_sized: true,
        })
    };
    let events = vec![
        ("ts", DataType::Timestamp),
        ("user", DataType::String),
        ("n", DataType::Integer),
        ("tags", DataType::array(DataType::String)),
    ];
    let names = vec![("user", DataType::String), ("name", DataType::String)];
    let mut catalog = Catalog::default();
    let events = LogicalPlan::new(PlanKind::Watermark {
        input: relation(0, "events", true, events),
        column: "ts".into(),
        delay: std::time::Duration::from_secs(10),
    });
    catalog.insert("events", events);
    catalog.insert("names", relation(1, "names", false, names));
    catalog
}

fn analyzed(sql: &str) -> Result<TypedPlan, AnalysisError> {
    let session = Session::new(SparkVersion::V3_5);
    let plan = parse_query(sql)?;
    Analyzer::new(&session, &catalog()).analyze(&plan)
}

#[track_caller]
fn check(sql: &str, tree: &[&str]) {
    let plan = analyzed(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = plan.to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), tree, "{sql}");
}

#[track_caller]
fn check_optimized(sql: &str, tree: &[&str]) {
    let plan = analyzed(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = optimize(plan, &Session::new(SparkVersion::V3_5)).to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), tree, "{sql}");
}

/// The class of the error, and the part of the text that it points at.
#[track_caller]
fn check_refused(sql: &str, condition: &str, place: &str) {
    let error = analyzed(sql).expect_err(sql);
    let span = error.span().map(|span| &sql[span.start..span.end]);
    assert_eq!(
        (error.condition(), span),
        (Some(condition), Some(place)),
        "{sql}: {error}"
    );
}

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

#[test]
fn constants_are_folded_and_those_that_fail_stay() {
    check_optimized(
        "SELECT 1 + 2 AS three",
        &["Project [3 AS three]", "+- OneRow"],
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
