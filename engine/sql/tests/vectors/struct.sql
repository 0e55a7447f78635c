-- construction
struct(1, 'a'), struct(1), struct(NULL), struct(1 AS x, 'a' AS y), named_struct('a', 1, 'b', 'x'), named_struct('a', NULL), (1, 'a'), (1 AS x, 2), struct(1 + 1, 'a' || 'b'), struct(struct(1), array(2))
struct()
named_struct('a')
named_struct(1, 2)
named_struct(NULL, 2)
named_struct('a', 1, 'a', 2)
named_struct()
named_struct(concat('a', 'b'), 1), named_struct('a b', 1), named_struct('', 1)
named_struct(x, 1) FROM VALUES ('a') AS t(x)
struct(a, b), struct(a, b + 1), struct(a AS c), struct(t.a), struct(*), named_struct('p', a, 'q', b) FROM VALUES (1, 2), (NULL, 3) AS t(a, b)
struct(t.*), struct(t.*, 1) FROM VALUES (1, 2) AS t(a, b)
-- access
named_struct('a', 1).a, named_struct('a', named_struct('b', 2)).a.b, struct(1, 2).col1, struct(1, 2).col2, named_struct('a', 1)['a'], named_struct('A', 1).a, named_struct('a b', 1).`a b`, (1, 2).col1, named_struct('a', NULL).a
named_struct('a', 1).b
named_struct('a', 1)['b']
named_struct('a', 1)[0]
named_struct('a', 1, 'A', 2).a
s.a, s.b, s['a'], t.s.a, s.b IS NULL FROM VALUES (named_struct('a', 1, 'b', 'x')), (named_struct('a', NULL, 'b', NULL)), (NULL) AS t(s)
s.* FROM VALUES (named_struct('a', 1, 'b', 'x')), (NULL) AS t(s)
s.*, s.a + 1 AS c FROM VALUES (named_struct('a', 1, 'b', 'x')) AS t(s)
t.s.* FROM VALUES (named_struct('a', 1, 'b', 'x')) AS t(s)
s.a.b.c, s.a.*, s.a.b.* FROM VALUES (named_struct('a', named_struct('b', named_struct('c', 1)))) AS t(s)
s.x FROM VALUES (named_struct('a', 1)) AS t(s)
a.x FROM VALUES (1) AS t(a)
a.* FROM VALUES (1) AS t(a)
s.a[0], s.m['k'], s.a[0] + s.m.k FROM VALUES (named_struct('a', array(1, 2), 'm', map('k', 5))) AS t(s)
a.b FROM VALUES (named_struct('b', 1)) AS a(a)
a.b FROM VALUES (1, named_struct('b', 2)) AS a(b, a)
arr.x, arr[1].x, m['k'].x FROM VALUES (array(named_struct('x', 1), named_struct('x', NULL)), map('k', named_struct('x', 7))) AS t(arr, m)
-- comparison, order, cast
struct(1, 2) = struct(1, 2)
struct(1, 2) < struct(1, 3)
struct(1, NULL) <=> struct(1, NULL)
struct(1, NULL) = struct(1, NULL)
struct(1, NULL) < struct(1, 2)
named_struct('a', 1) = named_struct('b', 1)
struct(1) = struct(1L)
struct(1, 2) IN (struct(1, 2))
struct(1) IS NULL
struct(NULL) IS NULL
struct(1) = struct(1, 2)
struct(1) = struct('a')
s FROM VALUES (named_struct('a', 2, 'b', 'x')), (named_struct('a', 1, 'b', 'z')), (NULL), (named_struct('a', 1, 'b', NULL)) AS t(s) ORDER BY s
s FROM VALUES (named_struct('a', 2)), (NULL), (named_struct('a', NULL)) AS t(s) ORDER BY s DESC
DISTINCT s FROM VALUES (named_struct('a', 1)), (named_struct('a', 1)) AS t(s)
CAST(named_struct('a', 1) AS STRUCT<b: STRING>).b, CAST(struct(1, '2') AS STRUCT<x: DOUBLE, y: INT>), CAST(named_struct('a', 1, 'b', NULL) AS STRING), typeof(struct(1, 'a')), typeof(named_struct('a b', 1)), to_json(struct(1 AS a))
struct(1, 2) || 'x'
struct(1) + 1
struct('a', 1.0D, NULL, true, X'41', DATE'2024-01-01', TIMESTAMP'2024-01-01 00:00:00', array(1), map('k', 'v'), struct(1.50))
coalesce(named_struct('a', 1), named_struct('a', 2)), if(true, named_struct('a', 1), NULL), nullif(struct(1), struct(1)), greatest(struct(1), struct(2)), array(struct(1), NULL), array(named_struct('a', 1), named_struct('a', NULL)), CASE WHEN false THEN struct(1) END
array(named_struct('a', 1), named_struct('b', 1))
array(named_struct('a', 1), named_struct('a', 2.5))
