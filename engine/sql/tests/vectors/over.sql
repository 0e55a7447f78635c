-- the place of a row
x, y, row_number() OVER (PARTITION BY x ORDER BY y) AS n FROM VALUES ('a', 3), ('b', 1), ('a', 1), ('a', 2), ('b', 5), ('a', 2), ('c', NULL), ('b', NULL) AS t(x, y)
x, y, rank() OVER (PARTITION BY x ORDER BY y), dense_rank() OVER (PARTITION BY x ORDER BY y) FROM VALUES ('a', 3), ('b', 1), ('a', 1), ('a', 2), ('b', 5), ('a', 2), ('c', NULL), ('b', NULL) AS t(x, y)
x, y, percent_rank() OVER (PARTITION BY x ORDER BY y), cume_dist() OVER (PARTITION BY x ORDER BY y) FROM VALUES ('a', 3), ('b', 1), ('a', 1), ('a', 2), ('b', 5), ('a', 2), ('c', NULL), ('b', NULL) AS t(x, y)
y, ntile(3) OVER (ORDER BY y), ntile(2) OVER (ORDER BY y), ntile(9) OVER (ORDER BY y), ntile() OVER (ORDER BY y) FROM VALUES (1), (2), (3), (4), (5), (6), (7) AS t(y)
y, row_number() OVER (ORDER BY y DESC) AS n, rank() OVER (ORDER BY y DESC NULLS FIRST) AS r FROM VALUES (1), (2), (2), (NULL) AS t(y)
row_number() OVER (PARTITION BY x) FROM VALUES (1) AS t(x)
row_number() FROM VALUES (1) AS t(x)
x FROM VALUES (1) AS t(x) WHERE row_number() OVER (ORDER BY x) = 1
ntile(0) OVER (ORDER BY x) FROM VALUES (1) AS t(x)
ntile(x) OVER (ORDER BY x) FROM VALUES (1) AS t(x)
rank() OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM VALUES (1) AS t(x)
abs(x) OVER (ORDER BY x) FROM VALUES (1) AS t(x)
-- other rows
y, lag(y) OVER (ORDER BY y) AS a, lead(y) OVER (ORDER BY y) AS b, lag(y, 2) OVER (ORDER BY y) AS c, lead(y, 2, -1) OVER (ORDER BY y) AS d, lag(y, -1) OVER (ORDER BY y) AS e, lag(y, 0) OVER (ORDER BY y) AS f FROM VALUES (1), (2), (3), (4) AS t(y)
lag(y) OVER (ORDER BY y), lead(y, 2, -1) OVER (PARTITION BY y % 2 ORDER BY y DESC) FROM VALUES (1), (2), (3), (4) AS t(y)
x, lag(y) IGNORE NULLS OVER (ORDER BY x) AS a, lead(y) IGNORE NULLS OVER (ORDER BY x) AS b FROM VALUES (1, 1), (2, NULL), (3, NULL), (4, 4) AS t(x, y)
lag(y, 1, 'none') OVER (ORDER BY y) FROM VALUES ('a'), ('b') AS t(y)
y, nth_value(y, 2) OVER (ORDER BY y), nth_value(y, 1) OVER (ORDER BY y DESC) FROM VALUES (1), (2), (2), (3) AS t(y)
y, nth_value(y, 2) IGNORE NULLS OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS n FROM VALUES (1, NULL), (2, 5), (3, 6) AS t(x, y)
nth_value(y, 0) OVER (ORDER BY y) FROM VALUES (1) AS t(y)
x, first(y) OVER (PARTITION BY x ORDER BY y) AS f, last(y) OVER (PARTITION BY x ORDER BY y) AS l, first_value(y) IGNORE NULLS OVER (PARTITION BY x ORDER BY y) AS i FROM VALUES ('a', 3), ('b', 1), ('a', 1), ('a', NULL) AS t(x, y)
-- aggregates of frames
x, y, sum(y) OVER (PARTITION BY x ORDER BY y) AS s, sum(y) OVER (PARTITION BY x) AS t, count(*) OVER () AS c FROM VALUES ('a', 3), ('b', 1), ('a', 1), ('a', 2), ('b', 5), ('a', 2), ('b', NULL) AS t(x, y)
sum(y) OVER (PARTITION BY x), count(*) OVER (), sum(y) OVER (ORDER BY y), max(y) OVER (ORDER BY x, y DESC ROWS 1 PRECEDING) FROM VALUES ('a', 3) AS t(x, y)
y, sum(y) OVER (ORDER BY y ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, sum(y) OVER (ORDER BY y ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) AS b, count(y) OVER (ORDER BY y ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS c, sum(y) OVER (ORDER BY y ROWS 2 PRECEDING) AS d FROM VALUES (1), (2), (2), (4), (8) AS t(y)
y, sum(y) OVER (ORDER BY y RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a, sum(y) OVER (ORDER BY y DESC RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) AS b, count(*) OVER (ORDER BY y RANGE BETWEEN 1 FOLLOWING AND 4 FOLLOWING) AS c FROM VALUES (1), (2), (2), (4), (8), (NULL) AS t(y)
sum(y) OVER (ORDER BY y RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM VALUES (1), (2), (2), (4) AS t(y)
d, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) AS n FROM VALUES (TIMESTAMP'2024-01-01 00:00:00'), (TIMESTAMP'2024-01-01 12:00:00'), (TIMESTAMP'2024-01-02 06:00:00') AS t(d)
d, count(*) OVER (ORDER BY d RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM VALUES (DATE'2024-01-01'), (DATE'2024-01-02'), (DATE'2024-01-04') AS t(d)
y, collect_list(y) OVER (ORDER BY y ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS l, avg(y) OVER (ORDER BY y) AS a, min(y) OVER (ORDER BY y DESC) AS m FROM VALUES (1), (2), (4) AS t(y)
y, sum(y) FILTER (WHERE y > 1) OVER (ORDER BY y) AS s FROM VALUES (1), (2), (4) AS t(y)
count(DISTINCT y) OVER (PARTITION BY y) FROM VALUES (1) AS t(y)
sum(y) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM VALUES (1) AS t(y)
sum(y) OVER (ORDER BY y, x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM VALUES (1, 2) AS t(x, y)
sum(y) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM VALUES ('a', 2) AS t(x, y)
sum(y) OVER (ORDER BY y ROWS BETWEEN y PRECEDING AND CURRENT ROW) FROM VALUES (1) AS t(y)
sum(y) OVER (ORDER BY y ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM VALUES (1) AS t(y)
sum(y) OVER (ORDER BY y ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM VALUES (1) AS t(y)
-- beside groups, and in expressions
x, sum(y) AS s, rank() OVER (ORDER BY sum(y) DESC) AS r FROM VALUES ('a', 3), ('b', 1), ('a', 1), ('c', 2) AS t(x, y) GROUP BY x
x, sum(sum(y)) OVER (PARTITION BY x % 2 ORDER BY x) AS s FROM VALUES (1, 3), (2, 1), (1, 1), (3, 2) AS t(x, y) GROUP BY x
x, y / sum(y) OVER (PARTITION BY x) AS part FROM VALUES ('a', 3), ('a', 1), ('b', 1) AS t(x, y)
x, y FROM (SELECT x, y, row_number() OVER (PARTITION BY x ORDER BY y DESC) AS n FROM VALUES ('a', 3), ('b', 1), ('a', 1) AS t(x, y)) WHERE n = 1
x, row_number() OVER (ORDER BY row_number() OVER (ORDER BY x)) FROM VALUES (1) AS t(x)
x, y FROM VALUES ('a', 3), ('b', 1), ('a', 1) AS t(x, y) QUALIFY row_number() OVER (PARTITION BY x ORDER BY y) = 1
x, rank() OVER w AS r FROM VALUES (1), (2) AS t(x) WINDOW w AS (ORDER BY x DESC)
row_number() OVER (ORDER BY x) AS n, count(*) OVER (PARTITION BY x % 2) AS c FROM VALUES (1), (2), (3) AS t(x)
