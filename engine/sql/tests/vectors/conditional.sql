-- CASE
CASE WHEN true THEN 1 END
CASE WHEN false THEN 1 END
CASE WHEN NULL THEN 1 ELSE 2 END
CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' ELSE 'c' END
CASE 1 WHEN 1 THEN 'a' END, CASE 3 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END, CASE NULL WHEN NULL THEN 'null' ELSE 'else' END, CASE 1 WHEN NULL THEN 'a' WHEN 1 THEN 'b' END
CASE WHEN x > 2 THEN 'big' WHEN x > 1 THEN 'mid' ELSE 'small' END FROM VALUES (1), (2), (3), (NULL) AS t(x)
CASE x WHEN 1 THEN 'one' WHEN 2 THEN 'two' END FROM VALUES (1), (2), (3), (NULL) AS t(x)
CASE x WHEN 1 THEN y ELSE -y END AS z FROM VALUES (1, 10), (2, 20), (NULL, 30), (1, NULL) AS t(x, y)
CASE WHEN x IS NULL THEN 0 ELSE x END FROM VALUES (1), (NULL) AS t(x)
CASE WHEN true THEN 1 ELSE 2.5 END, CASE WHEN true THEN 1 ELSE 2L END, CASE WHEN true THEN 1Y ELSE 1.5D END, CASE WHEN true THEN 1.5 ELSE 1.25 END, CASE WHEN true THEN DATE'2024-01-01' ELSE TIMESTAMP'2024-01-01 00:00:00' END, CASE WHEN true THEN NULL ELSE 1 END
CASE WHEN true THEN NULL END, CASE WHEN false THEN NULL ELSE NULL END
CASE WHEN true THEN 1 ELSE 'a' END
CASE WHEN true THEN 1 ELSE '2' END
CASE WHEN true THEN 'x' ELSE DATE'2024-01-01' END
CASE WHEN false THEN '2024-05-06' ELSE DATE'2024-01-01' END
CASE WHEN true THEN true ELSE 1 END
CASE WHEN true THEN true ELSE 'false' END
CASE WHEN true THEN array(1) ELSE array(2.5) END, CASE WHEN true THEN array(1) ELSE NULL END, CASE WHEN false THEN struct(1) ELSE struct(2) END
CASE WHEN true THEN array(1) ELSE 1 END
CASE WHEN 1 THEN 2 END
CASE WHEN 'true' THEN 2 END
CASE 1 WHEN '1' THEN 'text' ELSE 'no' END
CASE 1 WHEN 'a' THEN 'text' ELSE 'no' END
CASE WHEN true THEN 1 ELSE 1 / 0 END
CASE WHEN false THEN 1 / 0 ELSE 2 END
CASE WHEN x = 0 THEN 0 ELSE 10 / x END FROM VALUES (0), (2), (NULL) AS t(x)
CASE WHEN x = 0 THEN 0 ELSE 10 div x END FROM VALUES (0), (2), (NULL) AS t(x)
CASE END
CASE WHEN true THEN CASE WHEN false THEN 1 ELSE 2 END END, CASE WHEN true THEN 1 WHEN 1 / 0 > 0 THEN 2 END
-- if, iff
if(true, 1, 2), if(false, 1, 2), if(NULL, 1, 2), if(1 < 2, 'a', 'b'), if(true, NULL, 1), if(true, 1, NULL), if(true, NULL, NULL)
if(true, 1, 2.5), if(true, 1, 2L), if(false, 1Y, 1.5D), if(true, 1, '2'), if(true, DATE'2024-01-01', '2024-01-02')
if(x > 1, x, -x) FROM VALUES (1), (2), (NULL) AS t(x)
if(x IS NULL, 'none', x) FROM VALUES (1), (NULL) AS t(x)
if(1, 2, 3)
if('true', 2, 3)
if(true, 1)
if(true, 1, array(1))
if(true, 'a', 1)
if(false, 'a', 1)
-- coalesce, nvl, nvl2, ifnull, nullif, nullifzero, zeroifnull
coalesce(NULL, 1, NULL), coalesce(NULL, NULL), coalesce(1), coalesce(NULL), coalesce(NULL, 'a', 'b'), coalesce(NULL, 1, 2.5), coalesce(1, 2L), coalesce(NULL, DATE'2024-01-01', TIMESTAMP'2024-01-01 00:00:00')
coalesce(1, 1 / 0)
coalesce(NULL, 1 / 0)
coalesce(1, 'a')
coalesce('1', 2)
coalesce(1, '2')
coalesce(1, true)
coalesce(1, array(1))
coalesce()
coalesce(a, b, 0), coalesce(a, b), nvl(a, b), ifnull(a, b), nullif(a, b), nvl2(a, b, -1) FROM VALUES (1, 2), (NULL, 2), (1, NULL), (NULL, NULL), (2, 2) AS t(a, b)
coalesce(a, 'none') FROM VALUES (1), (NULL) AS t(a)
coalesce(a, '0') FROM VALUES (1), (NULL) AS t(a)
nvl(NULL, 1), nvl(1, 2), nvl(NULL, NULL), nvl(NULL, array('2')), nvl(1, 2.5), nvl(NULL, 'a'), nvl('a', NULL)
nvl(1, 'a')
nvl2(NULL, 1, 2), nvl2(1, 2, 3), nvl2(1, NULL, 3), nvl2(NULL, 1, NULL), nvl2('a', 1, 2.5), nvl2(false, 'x', 'y')
nvl2(1, 2)
ifnull(NULL, 1), ifnull(1, 2), ifnull(NULL, array('2')), ifnull(1L, 2.5), ifnull(NULL, NULL)
nullif(2, 2), nullif(1, 2), nullif(NULL, 2), nullif(2, NULL), nullif(NULL, NULL), nullif('a', 'a'), nullif('a', 'A'), nullif(1, 1.0), nullif(1, '1'), nullif(0.0D, -0.0D), nullif(CAST('NaN' AS DOUBLE), CAST('NaN' AS DOUBLE))
nullif(1, 'a')
nullif(array(1), array(1)), nullif(DATE'2024-01-01', '2024-01-01')
nullifzero(0)
nullifzero(1)
nullifzero(NULL)
zeroifnull(NULL)
zeroifnull(3)
-- greatest, least
greatest(10, 9, 2, 4, 3), least(10, 9, 2, 4, 3), greatest(1, NULL), least(NULL, 1), greatest(NULL, NULL), greatest('a', 'b', 'B'), least('a', 'b', 'B'), greatest(1, 2.5), least(1L, 2), greatest(1.5, 1.25), greatest(1, 2.5D)
greatest(CAST('NaN' AS DOUBLE), 1.0D), least(CAST('NaN' AS DOUBLE), 1.0D), greatest(0.0D, -0.0D), least(0.0D, -0.0D), least(-0.0D, 0.0D)
greatest(DATE'2024-01-01', DATE'2024-01-02'), least(DATE'2024-01-01', TIMESTAMP'2023-01-01 00:00:00'), greatest(true, false), greatest(array(1), array(2)), least(struct(1, 2), struct(1, 1))
greatest(1, '2')
greatest(1, 'a')
greatest('1', 2, 10)
greatest(1, true)
greatest(1)
greatest()
greatest(map(1, 2), map(1, 3))
greatest(a, b, c), least(a, b, c) FROM VALUES (1, 2, 3), (NULL, 2, 1), (NULL, NULL, NULL), (3, 3, NULL) AS t(a, b, c)
-- isnull, isnotnull, isnan, nanvl
isnull(NULL), isnull(1), isnotnull(NULL), isnotnull(1), isnull(''), isnull(CAST('NaN' AS DOUBLE)), isnull(array(NULL))
isnan(CAST('NaN' AS DOUBLE)), isnan(1.0D), isnan(NULL), isnan(CAST('NaN' AS FLOAT)), isnan(1), isnan(1.5), isnan(CAST(NULL AS DOUBLE)), isnan(CAST('Infinity' AS DOUBLE))
isnan('NaN'), isnan('1')
isnan('a')
isnan(true)
nanvl(CAST('NaN' AS DOUBLE), 123), nanvl(1.5D, 2.0D), nanvl(NULL, 1), nanvl(CAST('NaN' AS DOUBLE), NULL), nanvl(CAST('NaN' AS FLOAT), 1.5F), nanvl(1, 2), nanvl(CAST('NaN' AS FLOAT), 1.5D)
nanvl('NaN', 5)
x, isnan(x), nanvl(x, 0.0D), x IS NULL, isnull(x) FROM VALUES (CAST('NaN' AS DOUBLE)), (1.5D), (NULL) AS t(x)
isnull()
isnull(1, 2)
-- in a filter
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE CASE WHEN x > 1 THEN true END
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE x <> 1
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE NOT (x = 1)
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE coalesce(x, 0) = 0
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE x
x FROM VALUES (true), (false), (NULL) AS t(x) WHERE x
x FROM VALUES ('true'), ('no'), (NULL) AS t(x) WHERE x
x FROM VALUES (1), (2), (NULL) AS t(x) WHERE NULL
count(*) FILTER (WHERE x > 1), sum(if(x > 1, 1, 0)), sum(CASE WHEN x > 1 THEN 1 END), count(if(x = 1, x, NULL)) FROM VALUES (1), (2), (3), (NULL) AS t(x)
coalesce(x, 1 / 0), nvl2(x, 1, 1 / 0), if(x > 0, 1, 1 / 0), CASE WHEN x > 0 THEN 1 ELSE 1 / 0 END FROM VALUES (1) AS t(x)
coalesce(1, 1 / 0), if(true, 1, 1 / 0)
1 / 0 FROM VALUES (1) AS t(x) WHERE x > 5
x FROM (SELECT x, 1 / 0 AS y FROM VALUES (1) AS t(x))
x FROM VALUES (1) AS t(x) WHERE x > 5 AND 1 / 0 > 1
