//! Operators, names, calls, and columns that have keywords for names.

use super::shape::{check, check_4, check_query};

#[test]
fn operators_bind_as_in_spark() {
    check("1 + 2 * 3 - 4", "-(+(1, *(2, 3)), 4)");
    check("a || b || 'c'", "concat(concat(a, b), 'c')");
    check("1 | 2 & 3 ^ 4", "|(1, ^(&(2, 3), 4))");
    check("-a * b", "*(-(a), b)");
    check("- -1", "-(-1)");
    check("5 -1", "-(5, 1)");
    check("+1 % ~2", "%(positive(1), ~(2))");
    check("7 DIV 2 = 3", "=(div(7, 2), 3)");
    check("a = b = c", "=(=(a, b), c)");
    check("a <=> b", "<=>(a, b)");
    check("a != b", "not(=(a, b))");
    check("a <> b", "not(=(a, b))");
    check("a == 1 !> 2", "<=(=(a, 1), 2)");
    check("! a = b", "not(=(a, b))");
    check("NOT a AND b", "and(not(a), b)");
    check("a OR b AND c", "or(a, and(b, c))");
    check("a AND b AND c AND d", "and(and(a, b), and(c, d))");
    check("a OR b OR c OR d OR e", "or(or(or(a, b), c), or(d, e))");
    check("(a + b) * c", "*(+(a, b), c)");
    check_4("1 << 2 + 3", "<<(1, +(2, 3))");
    check_4("1 >>> 2 >> 3", ">>(>>>(1, 2), 3)");
    check_4(
        "-1::STRING || a::INT",
        "concat(cast(-1 AS STRING), cast(a AS INT))",
    );
}

#[test]
fn predicates_take_one_value() {
    check("a IN (1, 2)", "in(a, 1, 2)");
    check("a NOT IN (1)", "not(in(a, 1))");
    check("a BETWEEN 1 AND 2 AND b", "and(between(a, 1, 2), b)");
    check("a NOT BETWEEN b = c AND 2", "not(between(a, =(b, c), 2))");
    check("a LIKE 'x%' ESCAPE '/'", "like(a, 'x%', '/')");
    check("a NOT ILIKE b", "not(ilike(a, b))");
    check(
        "a RLIKE 'b' OR a NOT REGEXP 'c'",
        "or(rlike(a, 'b'), not(rlike(a, 'c')))",
    );
    check("a LIKE ANY ('x', 'y')", "likeany(a, 'x', 'y')");
    check("a NOT LIKE ALL ('x')", "notlikeall(a, 'x')");
    check("a ILIKE SOME ('X')", "likeany(lower(a), 'x')");
    check("a LIKE ALL (b, 'y')", "and(like(a, b), like(a, 'y'))");
    check("a IS NULL", "isnull(a)");
    check("a IS NOT NULL", "isnotnull(a)");
    check("a IS TRUE", "<=>(a, true)");
    check("a IS NOT FALSE", "not(<=>(a, false))");
    check("a IS UNKNOWN", "isnull(a)");
    check("a IS DISTINCT FROM b", "not(<=>(a, b))");
    check("a IS NOT DISTINCT FROM b", "<=>(a, b)");
    check("a = b IS NULL", "isnull(=(a, b))");
    check("1 LIKE 'a' = true", "like(1, =('a', true))");
}

#[test]
fn names_are_quoted_or_keywords() {
    check("a.b.c", "a.b.c");
    check("`a b`.`c``d`", "a b.c`d");
    check("timestamp", "timestamp");
    check("date + window - count", "-(+(date, window), count)");
    check("interval", "interval");
    check("case", "case");
    check("1abc", "1abc");
    check("left(a, 1)", "left(a, 1)");
    check("user", "user");
    check("CURRENT_DATE", "current_date()");
    check(
        "current_timestamp() - current_timestamp",
        "-(current_timestamp(), current_timestamp())",
    );
    check("first", "first");
    check("t.*", "t.*");
    check("1 AS from", "1 AS from");
    check("1 `x y`", "1 AS x y");
    check("explode(m) AS (k, v)", "explode(m) AS k, v");
}

#[test]
fn calls_have_forms_of_their_own() {
    check("UPPER('a')", "upper('a')");
    check("count(*)", "count(*)");
    check(
        "count(DISTINCT a, b) FILTER (WHERE c)",
        "count(DISTINCT a, b) WHERE c",
    );
    check("first(a) IGNORE NULLS", "first(a) IGNORE NULLS");
    check("last(a IGNORE NULLS)", "last(a) IGNORE NULLS");
    check("any_value(a) RESPECT NULLS", "any_value(a)");
    check("CASE WHEN a THEN 1 ELSE 2 END", "case(a, 1, 2)");
    check(
        "CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' END",
        "case(=(a, 1), 'x', =(a, 2), 'y')",
    );
    check("CAST(a AS DECIMAL(5,2))", "cast(a AS DECIMAL(5,2))");
    check(
        "TRY_CAST(a AS ARRAY<STRUCT<x: INT>>)",
        "try_cast(a AS ARRAY<STRUCT<x: INT>>)",
    );
    check("EXTRACT(YEAR FROM d)", "extract('YEAR', d)");
    check("SUBSTRING(a FROM 2 FOR 3)", "substring(a, 2, 3)");
    check("substr(a, 2)", "substr(a, 2)");
    check("TRIM(a)", "trim(a)");
    check("TRIM('x' FROM a)", "trim('x', a)");
    check("TRIM(BOTH 'x' FROM a)", "trim('x', a)");
    check("TRIM(LEADING FROM a)", "ltrim(a)");
    check("TRIM(TRAILING b FROM a)", "rtrim(b, a)");
    check("trim(leading)", "trim(leading)");
    check("POSITION(a IN b)", "locate(a, b)");
    check("position(a, b, 2)", "position(a, b, 2)");
    check("OVERLAY(a PLACING b FROM 2 FOR 3)", "overlay(a, b, 2, 3)");
    check("DATEADD(day, 1, d)", "timestampadd('DAY', 1, d)");
    check("dateadd(d, 1)", "dateadd(d, 1)");
    check("dateadd(day, 1)", "dateadd(day, 1)");
    check("timestampdiff(MONTH, a, b)", "timestampdiff('MONTH', a, b)");
    check("struct(a AS x, b y)", "struct(a AS x, b AS y)");
    check("(a, 1)", "named_struct('a', a, 'col2', 1)");
    check("EXISTS (SELECT 1)", "exists(query)");
    check("exists(a, x -> x > 1)", "exists(a, (x) -> >(x, 1))");
    check("a IN (SELECT 1)", "in(a, query)");
    check("((SELECT 1) UNION (SELECT 2))", "(query)");
}

#[test]
fn values_have_parts() {
    check("a[0].b", "get_item(a, 0).b");
    check("f(x).y.z", "f(x).y.z");
    check("(a).b", "a.b");
    check("map('k', 1)['k'] + 1", "+(get_item(map('k', 1), 'k'), 1)");
    check(
        "transform(a, (x, i) -> x + i)",
        "transform(a, (x, i) -> +(x, i))",
    );
    check(
        "aggregate(a, 0, (s, x) -> s + x, s -> s)",
        "aggregate(a, 0, (s, x) -> +(s, x), (s) -> s)",
    );
}

#[test]
fn keywords_are_names_where_spark_takes_them_for_one() {
    check_query("SELECT 1 FROM", "project(row; 1 AS FROM)");
    check_query(
        "SELECT a left FROM t outer",
        "project(outer(t; ); a AS left)",
    );
    check_query("SELECT lateral, limit FROM t", "project(t; lateral, limit)");
    check_query(
        "SELECT window w FROM window",
        "project(window; window AS w)",
    );
    check_query("SELECT values FROM values", "project(values; values)");
}
