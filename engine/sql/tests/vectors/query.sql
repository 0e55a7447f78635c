-- one table
1
1 AS one, 'a' AS `two words`
* FROM VALUES (1, 'a'), (2, 'b'), (NULL, 'c') AS t(x, y)
x, * FROM VALUES (1, 'a') AS t(x, y)
t.*, x + 1 AS z FROM VALUES (1, 'a') AS t(x, y)
x FROM VALUES (1), (2), (3) AS t(x) WHERE x > 1
x FROM VALUES (1), (2), (3) AS t(x) WHERE x > 1 AND x <> 3 OR x IS NULL
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE x IN (1, NULL)
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE x NOT IN (1, NULL)
x AS y FROM VALUES (1), (2) AS t(x) WHERE y > 1
x FROM VALUES (1) AS t(x) WHERE 'a'
x FROM VALUES ('1'), ('a') AS t(x) WHERE x = 1
x FROM VALUES (1, 'a') AS t(x)
y FROM VALUES (1, 'a') AS t(x)
x FROM VALUES (1), (2, 3) AS t(x)
x FROM VALUES (1), ('a') AS t(x)
x FROM VALUES (1), (array(1)) AS t(x)
x FROM VALUES (1 + 1), (CAST('3' AS INT)) AS t(x)
x FROM VALUES (y) AS t(x)
* FROM (SELECT 1 AS a, 2 AS b)
* FROM (SELECT 1 AS a) AS s
s.a FROM (SELECT 1 AS a) s
a FROM (SELECT 1 AS a, 2 AS a)
* FROM (SELECT 1 AS a, 2 AS a)
x.y FROM VALUES (1) AS x(y)
* EXCEPT (b) FROM VALUES (1, 2, 3) AS t(a, b, c)
-- order and limit
x FROM VALUES (3), (1), (NULL), (2) AS t(x) ORDER BY x
x FROM VALUES (3), (1), (NULL), (2) AS t(x) ORDER BY x DESC
x FROM VALUES (3), (1), (NULL), (2) AS t(x) ORDER BY x NULLS LAST
x FROM VALUES (3), (1), (NULL), (2) AS t(x) ORDER BY x DESC NULLS FIRST
x, y FROM VALUES (1, 'b'), (1, 'a'), (0, 'c') AS t(x, y) ORDER BY x DESC, y
x, y FROM VALUES (1, 'b'), (2, 'a') AS t(x, y) ORDER BY 2
x FROM VALUES (1), (2) AS t(x) ORDER BY 2
x + 1 AS z FROM VALUES (1), (2) AS t(x) ORDER BY z DESC
x + 1 AS z FROM VALUES (1), (2) AS t(x) ORDER BY -x
y FROM VALUES (1, 'b'), (2, 'a') AS t(x, y) ORDER BY x DESC
x FROM VALUES (1.5D), (CAST('NaN' AS DOUBLE)), (-0.0D), (0.0D), (NULL), (CAST('-Infinity' AS DOUBLE)) AS t(x) ORDER BY x
x FROM VALUES ('b'), ('a'), ('B'), ('é'), (''), ('日'), ('10'), ('9') AS t(x) ORDER BY x
x FROM VALUES (true), (false), (NULL) AS t(x) ORDER BY x
x FROM VALUES (array(2)), (array(1, 5)), (array(1)), (NULL), (array(NULL)) AS t(x) ORDER BY x
x FROM VALUES (X'02'), (X'FF'), (X'') AS t(x) ORDER BY x
x FROM VALUES (3), (1), (2) AS t(x) ORDER BY x LIMIT 2
x FROM VALUES (3), (1), (2) AS t(x) LIMIT 2
x FROM VALUES (3), (1), (2) AS t(x) LIMIT 0
x FROM VALUES (3), (1), (2) AS t(x) ORDER BY x LIMIT 2 OFFSET 1
x FROM VALUES (3), (1), (2) AS t(x) ORDER BY x OFFSET 1
x FROM VALUES (3) AS t(x) LIMIT -1
x FROM VALUES (3) AS t(x) LIMIT x
x FROM VALUES (3), (1) AS t(x) LIMIT 1 + 0
x FROM VALUES (3), (1), (2) AS t(x) LIMIT ALL
x FROM VALUES (3), (1), (2) AS t(x) SORT BY x
x FROM VALUES (1) AS t(x) ORDER BY nosuch
-- distinct and sets
DISTINCT x FROM VALUES (1), (2), (1), (NULL), (NULL) AS t(x) ORDER BY x
DISTINCT x, y FROM VALUES (1, 'a'), (1, 'a'), (1, 'b') AS t(x, y) ORDER BY x, y
DISTINCT x FROM VALUES (0.0D), (-0.0D) AS t(x)
DISTINCT x FROM VALUES (1, 2) AS t(x, y) ORDER BY y
ALL x FROM VALUES (1), (1) AS t(x)
1 AS a UNION ALL SELECT 2
1 AS a UNION ALL SELECT 2.5
1 AS a UNION ALL SELECT 'x'
1 AS a UNION ALL SELECT '2'
1, 2 UNION ALL SELECT 3
NULL UNION ALL SELECT 1
array(1) UNION ALL SELECT 1
1 AS a UNION SELECT 1 UNION SELECT 2 ORDER BY a
x FROM VALUES (1), (2), (2) AS t(x) INTERSECT SELECT 2
x FROM VALUES (1), (2), (2), (3) AS t(x) EXCEPT SELECT 2 ORDER BY x
x FROM VALUES (1), (2), (2) AS t(x) INTERSECT ALL SELECT * FROM VALUES (2), (2)
* FROM (SELECT 1 AS a UNION ALL SELECT 2 AS b) ORDER BY a DESC
DATE'2024-01-01' AS d UNION ALL SELECT TIMESTAMP'2024-01-01 10:00:00'
-- common table expressions
* FROM (WITH t AS (SELECT 1 AS a) SELECT a + 1 AS b FROM t)
* FROM (WITH t(x, y) AS (SELECT 1, 2) SELECT x + y AS s FROM t)
* FROM (WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM a, b)
* FROM (WITH t AS (SELECT 1) SELECT nosuch FROM t)
-- subqueries
(SELECT max(x) FROM VALUES (1), (2) AS t(x)) AS m
(SELECT x FROM VALUES (1), (2) AS t(x))
(SELECT x FROM VALUES (1) AS t(x) WHERE x > 1) AS none
(SELECT 1, 2)
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE x IN (SELECT y FROM VALUES (1), (3) AS s(y))
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE x NOT IN (SELECT y FROM VALUES (1), (3) AS s(y))
x FROM VALUES (1), (2) AS t(x) WHERE x NOT IN (SELECT y FROM VALUES (1), (NULL) AS s(y))
x FROM VALUES (1), (2) AS t(x) WHERE EXISTS (SELECT 1 FROM VALUES (2) AS s(y) WHERE y = x)
x FROM VALUES (1), (2) AS t(x) WHERE NOT EXISTS (SELECT 1 FROM VALUES (2) AS s(y) WHERE y = x)
x FROM VALUES (1), (2), (3) AS t(x) WHERE x > (SELECT avg(y) FROM VALUES (1), (2) AS s(y))
x, (SELECT max(y) FROM VALUES (1, 10), (2, 20), (1, 30) AS s(k, y) WHERE k = x) AS m FROM VALUES (1), (2), (3) AS t(x)
x FROM VALUES (1) AS t(x) WHERE x IN (SELECT 1, 2)
x IN (SELECT 1) FROM VALUES (1), (2) AS t(x)
x FROM VALUES (1) AS t(x) WHERE (x, 2) IN (SELECT 1, 2)
-- joins
t.x, s.y FROM VALUES (1), (2), (NULL) AS t(x) JOIN VALUES (1, 'a'), (1, 'b'), (3, 'c') AS s(x, y) ON t.x = s.x ORDER BY s.y
t.x, s.y FROM VALUES (1), (2), (NULL) AS t(x) LEFT JOIN VALUES (1, 'a'), (3, 'c') AS s(x, y) ON t.x = s.x ORDER BY t.x
t.x, s.x, s.y FROM VALUES (1), (2) AS t(x) RIGHT JOIN VALUES (1, 'a'), (3, 'c') AS s(x, y) ON t.x = s.x ORDER BY s.x
t.x, s.x FROM VALUES (1), (2) AS t(x) FULL OUTER JOIN VALUES (1), (3) AS s(x) ON t.x = s.x ORDER BY coalesce(t.x, s.x)
x FROM VALUES (1), (2), (NULL) AS t(x) LEFT SEMI JOIN VALUES (1), (1) AS s(y) ON x = y
x FROM VALUES (1), (2), (NULL) AS t(x) LEFT ANTI JOIN VALUES (1), (1) AS s(y) ON x = y ORDER BY x
* FROM VALUES (1), (2) AS t(x) CROSS JOIN VALUES ('a') AS s(y)
* FROM VALUES (1) AS t(x), VALUES ('a') AS s(y)
* FROM VALUES (1, 'a') AS t(x, y) JOIN VALUES (1, 'b') AS s(x, z) USING (x)
* FROM VALUES (1, 'a') AS t(x, y) NATURAL JOIN VALUES (1, 'b') AS s(x, z)
* FROM VALUES (1, 'a') AS t(x, y) LEFT JOIN VALUES (2, 'b') AS s(x, z) USING (x)
* FROM VALUES (1, 'a') AS t(x, y) FULL JOIN VALUES (2, 'b') AS s(x, z) USING (x) ORDER BY x
t.x, s.x FROM VALUES (1), (2) AS t(x) JOIN VALUES (1), (2) AS s(x) ON t.x < s.x
t.x, s.x FROM VALUES (NULL), (1) AS t(x) JOIN VALUES (NULL), (1) AS s(x) ON t.x <=> s.x ORDER BY t.x
x FROM VALUES (1) AS t(x) JOIN VALUES (1) AS s(x) ON t.x = s.x
t.x FROM VALUES (1) AS t(x) JOIN VALUES (1) AS s(x) ON t.x = nosuch
t.x FROM VALUES (1) AS t(x) JOIN VALUES ('1') AS s(x) ON t.x = s.x
t.x FROM VALUES (1) AS t(x) JOIN VALUES (1) AS s(x) ON t.x
nosuch.x FROM VALUES (1) AS t(x)
* FROM VALUES (1) AS t(x) LATERAL JOIN VALUES (1)
* FROM VALUES (1), (2) AS t(x), LATERAL (SELECT x + 1 AS y)
a.x, b.y, c.z FROM VALUES (1) AS a(x) JOIN VALUES (1, 2) AS b(x, y) ON a.x = b.x JOIN VALUES (2, 3) AS c(y, z) ON b.y = c.y
-- names
x + 1 AS y, y + 1 AS z FROM VALUES (1) AS t(x)
x AS a, a + 1 FROM VALUES (1, 5) AS t(x, a)
x + 1 AS y, y * 2 AS z, z - y FROM VALUES (1), (NULL) AS t(x)
sum(x) AS s, s + 1 FROM VALUES (1), (2) AS t(x)
x AS a FROM VALUES (1) AS t(x)
x + 1 AS a FROM VALUES (1) AS t(x)
a FROM VALUES (1) AS t(x)
X, T.x, `X` FROM VALUES (1) AS t(x)
`x.y`, `x y` FROM VALUES (1, 2) AS t(`x.y`, `x y`)
x.y FROM VALUES (1) AS t(`x.y`)
a.b FROM VALUES (named_struct('b', 1)) AS t(a)
t.a.b FROM VALUES (named_struct('b', 1)) AS t(a)
select AS `select`, from AS `from` FROM VALUES (1, 2) AS t(select, `from`)
1 AS "a"
1 "a"
1 a b
'a' b
x AS FROM VALUES (1) AS t(x)
nosuch FROM VALUES (1, 2) AS t(number, nosuc)
t.nosuch FROM VALUES (1) AS t(x)
s.x FROM VALUES (1) AS t(x)
x FROM nosuch
x FROM VALUES (1) AS t(x) GROUP BY nosuch
x FROM VALUES (1) t(x)
x, y FROM VALUES (1, 2) t(x, y), VALUES (3) s(z)
ts.x FROM VALUES (1) AS ts(x)
date, timestamp, year, value, key, count, window, start, end FROM VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9) AS t(date, timestamp, year, value, key, count, window, start, `end`)
current_date IS NOT NULL, current_timestamp IS NOT NULL, current_user IS NOT NULL
-- syntax
1,


, 1
1 FROM
FROM VALUES (1)
(1
1)
1 +
'a
"a
`a
1 WHERE true
1 WHERE false
1 LIMIT 1
1 -- a comment
1 /* a comment */ + 2
/* c */ 1
/*+ BROADCAST(t) */ x FROM VALUES (1) AS t(x)
1;
a FROM VALUES (1) AS t(a);
1; SELECT 2
x FROM VALUES (1) AS t(x) WHERE
x FROM VALUES (1) AS t(x) GROUP BY
x FROM VALUES (1) AS t(x) ORDER x
CASE WHEN true THEN 1
count(* FROM VALUES (1)
1 2
1 IS 2
1 BETWEEN 2
x NOT y FROM VALUES (1, 2) AS t(x, y)
1 == 1
1 === 1
1 && 2
1 ! 2
a -> b
:x
?
${x}
@x
1 AS
INTERVAL
DATE
TIMESTAMP '2024'
CAST(1 INT)
EXTRACT(YEAR DATE'2024-01-01')
-- grouping and windows over rows
y, sum(x) AS s FROM VALUES (1, 'a'), (2, 'b'), (3, 'a') AS t(x, y) WHERE x > 0 GROUP BY y HAVING s > 2 ORDER BY s DESC LIMIT 1
y, count(*) AS n FROM (SELECT upper(y) AS y FROM VALUES ('a'), ('A'), ('b') AS t(y)) GROUP BY y ORDER BY n DESC, y
max(n) FROM (SELECT y, count(*) AS n FROM VALUES ('a'), ('a'), ('b') AS t(y) GROUP BY y)
x, sum(x) OVER (ORDER BY x) AS running FROM VALUES (1), (2), (3) AS t(x)
x, row_number() OVER (PARTITION BY y ORDER BY x) AS n FROM VALUES (1, 'a'), (2, 'a'), (3, 'b') AS t(x, y) ORDER BY x
x, rank() OVER (ORDER BY x), dense_rank() OVER (ORDER BY x), percent_rank() OVER (ORDER BY x), ntile(2) OVER (ORDER BY x), cume_dist() OVER (ORDER BY x) FROM VALUES (1), (1), (2), (3) AS t(x)
x, lag(x) OVER (ORDER BY x), lead(x, 1, 0) OVER (ORDER BY x), first(x) OVER (ORDER BY x), last(x) OVER (ORDER BY x), nth_value(x, 2) OVER (ORDER BY x) FROM VALUES (1), (2), (3) AS t(x)
x, avg(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a FROM VALUES (1), (2), (6) AS t(x)
sum(x) OVER () FROM VALUES (1), (2) AS t(x)
row_number() FROM VALUES (1) AS t(x)
* FROM (SELECT x, y FROM VALUES (1, 'a'), (2, 'b') AS t(x, y)) PIVOT (sum(x) FOR y IN ('a', 'b'))
* FROM VALUES (1, 2) AS t(a, b) UNPIVOT (v FOR k IN (a, b))
transform(array(1, 2), x -> x + y) FROM VALUES (10) AS t(y)
explode(array(1, 2)) AS x, y FROM VALUES ('a') AS t(y) ORDER BY x DESC
x FROM (SELECT explode(array(3, 1, 2)) AS x) WHERE x > 1 ORDER BY x
x FROM VALUES (1, 'a'), (2, 'b') AS t(x, y) TABLESAMPLE (100 PERCENT)
y FROM VALUES (1, 'a'), (2, 'b') AS t(x, y) TABLESAMPLE (100 PERCENT)
