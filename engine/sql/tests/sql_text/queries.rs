//! Queries.

use super::shape::{check_query, plan, shape};
use engine_sql::plan::{Grouping, PlanKind};

#[test]
fn queries_are_trees_of_operators() {
    check_query("SELECT 1", "project(row; 1)");
    check_query(
        "select a b, * from t where a > 1;",
        "project(filter(t; >(a, 1)); a AS b, *)",
    );
    check_query("SELECT DISTINCT a FROM s.t", "distinct(project(s.t; a))");
    check_query("SELECT ALL a FROM t", "project(t; a)");
    check_query("FROM t SELECT a", "project(t; a)");
    check_query("TABLE t", "t");
    check_query("VALUES 1, 2", "values(2)");
    check_query(
        "SELECT a FROM VALUES (1), (2) AS t(a)",
        "project(t(values(2); a); a)",
    );
    check_query(
        "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3",
        "union(project(row; 1), project(row; 2), project(row; 3))",
    );
    check_query(
        "SELECT 1 UNION SELECT 2",
        "distinct(union(project(row; 1), project(row; 2)))",
    );
    check_query(
        "(SELECT 1) UNION (SELECT 2) LIMIT 1",
        "limit(distinct(union(project(row; 1), project(row; 2))); 1)",
    );
    check_query(
        "SELECT * FROM ((SELECT 1) UNION (SELECT 2)) t",
        "project(t(distinct(union(project(row; 1), project(row; 2))); ); *)",
    );
    check_query(
        "WITH t AS (SELECT 1), u(b) AS (SELECT 2) SELECT * FROM t, u",
        "with(t = project(row; 1), u = u(project(row; 2); b); project(Inner(t, u); *))",
    );
    check_query(
        "SELECT a FROM t ORDER BY a, b DESC, c ASC NULLS LAST, d DESC NULLS FIRST",
        "sort(project(t; a); a first, b desc last, c last, d desc first)",
    );
    check_query(
        "SELECT a FROM t LIMIT 2 OFFSET 1",
        "limit(offset(project(t; a); 1); 2)",
    );
    check_query("SELECT a FROM t LIMIT ALL", "project(t; a)");
}

#[test]
fn tables_are_joined_and_exploded() {
    check_query(
        "SELECT * FROM a JOIN b ON a.x = b.x",
        "project(Inner(a, b on =(a.x, b.x)); *)",
    );
    check_query(
        "SELECT * FROM a x LEFT JOIN b AS y USING (k)",
        "project(LeftOuter(x(a; ), y(b; ) using k); *)",
    );
    check_query(
        "SELECT * FROM a NATURAL FULL OUTER JOIN b",
        "project(FullOuter(a, b natural); *)",
    );
    check_query(
        "SELECT * FROM a LEFT SEMI JOIN b ON true CROSS JOIN c",
        "project(Cross(LeftSemi(a, b on true), c); *)",
    );
    check_query(
        "SELECT * FROM a ANTI JOIN b, (c RIGHT OUTER JOIN d)",
        "project(Inner(LeftAnti(a, b), RightOuter(c, d)); *)",
    );
    check_query(
        "SELECT * FROM t LATERAL VIEW explode(a) u AS x LATERAL VIEW OUTER posexplode(b) v AS p, y",
        "project(outer view(view(t; explode(a) u x); posexplode(b) v p, y); *)",
    );
    check_query(
        "SELECT * FROM t LATERAL VIEW explode(a) AS x",
        "project(view(t; explode(a)  x); *)",
    );
    check_query(
        "SELECT * FROM t LATERAL VIEW explode(a) u",
        "project(view(t; explode(a) u ); *)",
    );
}

#[track_caller]
fn check_grouping(text: &str, keys: &str, expected_sets: Option<&[&[usize]]>) {
    let PlanKind::Aggregate { grouping, .. } = plan(&format!("SELECT 1 FROM t GROUP BY {text}"))
    else {
        panic!("{text} groups");
    };
    let (found, sets) = match &grouping {
        Grouping::Keys(keys) => (&keys[..], None),
        Grouping::Sets { keys, sets } => (&keys[..], Some(sets)),
        Grouping::All => (&[][..], None),
    };
    let found: Vec<String> = found.iter().map(shape).collect();
    assert_eq!(found.join(", "), keys, "{text}");
    let sets = sets.map(|sets| sets.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!(sets.as_deref(), expected_sets, "{text}");
}

#[test]
fn groups_have_keys_or_sets_of_them() {
    check_grouping("a, 2, upper(b)", "a, 2, upper(b)", None);
    check_grouping("ALL", "", None);
    check_grouping("ROLLUP(a, b)", "a, b", Some(&[&[0, 1], &[0], &[]]));
    check_grouping("a, b WITH ROLLUP", "a, b", Some(&[&[0, 1], &[0], &[]]));
    check_grouping("CUBE(a, b)", "a, b", Some(&[&[0, 1], &[0], &[1], &[]]));
    check_grouping("a, b WITH CUBE", "a, b", Some(&[&[0, 1], &[0], &[1], &[]]));
    check_grouping(
        "GROUPING SETS ((a, b), a, ())",
        "a, b",
        Some(&[&[0, 1], &[0], &[]]),
    );
    check_grouping("a, b GROUPING SETS (b, ())", "a, b", Some(&[&[1], &[]]));
    check_grouping("a, ROLLUP(b)", "a, b", Some(&[&[0, 1], &[0]]));
    check_grouping(
        "GROUPING SETS (ROLLUP(a), b)",
        "a, b",
        Some(&[&[0], &[], &[1]]),
    );
    check_grouping(
        "CUBE((a, b), c)",
        "a, b, c",
        Some(&[&[0, 1, 2], &[0, 1], &[2], &[]]),
    );
    check_grouping("cube", "cube", None);
    let PlanKind::Aggregate {
        grouping, having, ..
    } = plan("SELECT count(*) FROM t HAVING true")
    else {
        panic!("HAVING alone groups all rows");
    };
    assert_eq!(
        (grouping, having.is_some()),
        (Grouping::Keys(Vec::new()), true)
    );
}
