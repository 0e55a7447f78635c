-- count
count(*), count(1), count(x), count(DISTINCT x), count(NULL), count(x, y), count(DISTINCT x, y) FROM VALUES (1, 'a'), (1, NULL), (NULL, 'b'), (2, 'a'), (1, 'a') AS t(x, y)
count(*), count(x), sum(x), avg(x), min(x), max(x), first(x), collect_list(x), collect_set(x), count(DISTINCT x), stddev(x), count_if(x > 0) FROM VALUES (1) AS t(x) WHERE false
count(*), count(x), sum(x), avg(x), min(x), max(x), first(x), last(x), collect_list(x), collect_set(x), stddev(x), variance(x), bool_and(x > 0), max_by(x, x) FROM VALUES (CAST(NULL AS INT)), (NULL) AS t(x)
count(*) FROM VALUES (1) AS t(x) WHERE false
x, count(*) FROM VALUES (1) AS t(x) WHERE false GROUP BY x
count() FROM VALUES (1) AS t(x)
count(*) FROM VALUES (1) AS t(x)
count(t.*) FROM VALUES (1, NULL), (2, 3) AS t(x, y)
count_if(x % 2 = 0), count_if(x IS NULL), count_if(NULL) FROM VALUES (NULL), (0), (1), (2), (3) AS t(x)
count_if(x) FROM VALUES (1) AS t(x)
count(DISTINCT x) FROM VALUES (0.0D), (-0.0D), (CAST('NaN' AS DOUBLE)), (CAST('NaN' AS DOUBLE)), (NULL) AS t(x)
-- sum, avg of each type
sum(x), avg(x), sum(DISTINCT x), avg(DISTINCT x) FROM VALUES (1Y), (2Y), (2Y), (NULL) AS t(x)
sum(x), avg(x) FROM VALUES (1S), (2S), (NULL) AS t(x)
sum(x), avg(x), sum(DISTINCT x), avg(DISTINCT x) FROM VALUES (1), (2), (2), (NULL) AS t(x)
sum(x), avg(x), mean(x) FROM VALUES (1L), (2L), (NULL) AS t(x)
sum(x), avg(x) FROM VALUES (1.5F), (2.25F), (NULL) AS t(x)
sum(x), avg(x) FROM VALUES (0.1D), (0.2D), (0.3D), (NULL) AS t(x)
sum(x), avg(x) FROM VALUES (CAST('NaN' AS DOUBLE)), (1.0D) AS t(x)
sum(x), avg(x) FROM VALUES (CAST('Infinity' AS DOUBLE)), (CAST('-Infinity' AS DOUBLE)) AS t(x)
sum(x), avg(x) FROM VALUES (1.10), (2.25), (NULL) AS t(x)
sum(x), avg(x) FROM VALUES (CAST(1 AS DECIMAL(10,2))), (CAST(2 AS DECIMAL(10,2))), (CAST(2 AS DECIMAL(10,2))) AS t(x)
sum(x), avg(x) FROM VALUES (CAST(1 AS DECIMAL(38,10))), (CAST(2 AS DECIMAL(38,10))) AS t(x)
sum(x), avg(x) FROM VALUES (CAST(1 AS DECIMAL(5,0))), (CAST(2 AS DECIMAL(5,0))), (CAST(2 AS DECIMAL(5,0))) AS t(x)
sum(x) FROM VALUES (99999999999999999999999999999999999999), (1) AS t(x)
sum(x) FROM VALUES (9223372036854775807L), (1L) AS t(x)
sum(x) FROM VALUES (2147483647), (1) AS t(x)
avg(x) FROM VALUES (9223372036854775807L), (9223372036854775807L) AS t(x)
avg(x) FROM VALUES (99999999999999999999999999999999999999), (99999999999999999999999999999999999999) AS t(x)
sum(x), avg(x) FROM VALUES ('1'), ('2.5'), (NULL) AS t(x)
sum(x) FROM VALUES ('1'), ('x') AS t(x)
avg(x) FROM VALUES ('1'), ('x') AS t(x)
sum(x) FROM VALUES (true) AS t(x)
sum(x) FROM VALUES (DATE'2024-01-01') AS t(x)
avg(x) FROM VALUES (TIMESTAMP'2024-01-01 00:00:00') AS t(x)
sum(x) FROM VALUES (array(1)) AS t(x)
sum(NULL), avg(NULL), sum(1), avg(1), sum(1.5), min(NULL), max('a'), count('a') FROM VALUES (1), (2) AS t(x)
sum(x), avg(x) FROM VALUES (INTERVAL '1' DAY), (INTERVAL '2' DAY), (NULL) AS t(x)
sum(x), avg(x) FROM VALUES (INTERVAL '1' HOUR), (INTERVAL '90' MINUTE) AS t(x)
sum(x), avg(x) FROM VALUES (INTERVAL '1' YEAR), (INTERVAL '3' MONTH) AS t(x)
sum(x + 1), sum(x) + 1, avg(x * 2.0), sum(x) / count(x), round(avg(x), 2), max(x) - min(x) FROM VALUES (1), (2), (4) AS t(x)
try_sum(x), try_avg(x) FROM VALUES (9223372036854775807L), (1L) AS t(x)
try_sum(x) FROM VALUES (1.5), (NULL), (2.5) AS t(x)
try_sum(x), try_avg(x) FROM VALUES (99999999999999999999999999999999999999), (99999999999999999999999999999999999999) AS t(x)
-- min, max
min(x), max(x) FROM VALUES (3), (1), (NULL), (2) AS t(x)
min(x), max(x) FROM VALUES ('b'), ('a'), (NULL), ('B'), ('') AS t(x)
min(x), max(x) FROM VALUES (1.5D), (CAST('NaN' AS DOUBLE)), (CAST('-Infinity' AS DOUBLE)), (NULL) AS t(x)
min(x), max(x) FROM VALUES (0.0D), (-0.0D) AS t(x)
min(x), max(x) FROM VALUES (-0.0D), (0.0D) AS t(x)
min(x), max(x) FROM VALUES (true), (false), (NULL) AS t(x)
min(x), max(x) FROM VALUES (DATE'2024-01-02'), (DATE'2023-12-31') AS t(x)
min(x), max(x) FROM VALUES (TIMESTAMP'2024-01-01 00:00:00'), (TIMESTAMP'2024-01-01 00:00:00.000001') AS t(x)
min(x), max(x) FROM VALUES (1.10), (1.2), (-0.5) AS t(x)
min(x), max(x) FROM VALUES (array(1, 2)), (array(1)), (array(NULL)) AS t(x)
min(x) FROM VALUES (struct(1, 'b')), (struct(1, 'a')), (struct(NULL, 'z')) AS t(x)
max(x) FROM VALUES (struct(1, 'b')), (struct(1, 'a')), (struct(NULL, 'z')) AS t(x)
min(x), max(x) FROM VALUES (X'02'), (X'FF'), (X'01') AS t(x)
min(x), max(x) FROM VALUES (INTERVAL '1' DAY), (INTERVAL '2' DAY) AS t(x)
max(x) FROM VALUES (map(1, 2)) AS t(x)
max_by(x, y), min_by(x, y) FROM VALUES ('a', 10), ('b', 50), ('c', 20) AS t(x, y)
max_by(x, y), min_by(x, y) FROM VALUES ('a', 10), ('b', 10), (NULL, 20), ('d', NULL) AS t(x, y)
max_by(x, y), min_by(x, y) FROM VALUES ('a', CAST(NULL AS INT)), ('b', NULL) AS t(x, y)
max_by(x, y), min_by(x, y) FROM VALUES (1, 'x'), (2, 'y'), (3, 'y'), (4, 'x') AS t(x, y)
max_by(x, y) FROM VALUES (1, map(1, 2)) AS t(x, y)
max(struct(y, x)), max(struct(y, x)).x FROM VALUES ('a', 10), ('b', 50) AS t(x, y)
-- first, last, any_value
first(x), last(x), any_value(x), first_value(x), last_value(x) FROM VALUES (10), (5), (20) AS t(x)
first(x), last(x), any_value(x) FROM VALUES (NULL), (5), (NULL) AS t(x)
first(x, true), last(x, true), any_value(x, true), first(x) IGNORE NULLS, last(x) IGNORE NULLS, any_value(x) IGNORE NULLS, first(x, false), first_value(x, true), first(x) RESPECT NULLS FROM VALUES (NULL), (5), (NULL), (7), (NULL) AS t(x)
first(x, NULL) FROM VALUES (1) AS t(x)
first(x, y) FROM VALUES (1, true) AS t(x, y)
first(DISTINCT x) FROM VALUES (1) AS t(x)
-- collect
collect_list(x), array_agg(x), sort_array(collect_set(x)) FROM VALUES (1), (2), (NULL), (1) AS t(x)
collect_set(x) FROM VALUES (3), (1), (2), (1), (NULL), (3) AS t(x)
collect_set(x) FROM VALUES ('b'), ('a'), ('c'), ('a') AS t(x)
collect_set(x) FROM VALUES (100), (-5), (33), (64), (1000000), (7), (-1), (0), (2147483647), (17) AS t(x)
collect_set(x) FROM VALUES (100L), (-5L), (33L), (4294967296L), (7L), (-1L), (0L) AS t(x)
collect_set(x) FROM VALUES ('the'), ('quick'), ('brown'), ('fox'), ('jumps'), ('over'), ('lazy'), ('dog'), (''), ('é') AS t(x)
collect_set(x) FROM VALUES (1.5D), (-2.5D), (100.0D), (0.1D), (1e10D) AS t(x)
collect_set(x) FROM VALUES (true), (false), (true) AS t(x)
collect_set(x) FROM VALUES (1.5), (2.50), (-0.10) AS t(x)
collect_set(x) FROM VALUES (DATE'2024-01-01'), (DATE'2023-01-01'), (DATE'1970-01-01') AS t(x)
collect_set(x) FROM VALUES (named_struct('a', 1, 'b', 'x')), (named_struct('a', 2, 'b', 'y')), (named_struct('a', 1, 'b', 'x')) AS t(x)
collect_set(id) FROM range(20)
collect_set(CAST(id AS STRING)) FROM range(20)
y, collect_set(x) FROM VALUES (3, 'a'), (1, 'a'), (2, 'b'), (9, 'a'), (3, 'a') AS t(x, y) GROUP BY y ORDER BY y
collect_list(DISTINCT x) FROM VALUES (1), (1) AS t(x)
collect_list(struct(x, y)) FROM VALUES (1, 'a'), (NULL, 'b') AS t(x, y)
collect_set(x) FROM VALUES (array(1)), (array(1)), (array(2)) AS t(x)
collect_set(x) FROM VALUES (map(1, 2)) AS t(x)
size(collect_set(x)) FROM VALUES (0.0D), (-0.0D), (CAST('NaN' AS DOUBLE)), (CAST('NaN' AS DOUBLE)) AS t(x)
map_from_entries(collect_list(struct(k, v))) FROM VALUES ('a', 1), ('b', 2) AS t(k, v)
concat_ws(',', collect_list(x)), array_join(collect_list(x), '-') FROM VALUES ('a'), (NULL), ('b') AS t(x)
-- approximate and percentiles
approx_count_distinct(x), approx_count_distinct(x, 0.1) FROM VALUES (1), (1), (2), (2), (3), (NULL) AS t(x)
approx_count_distinct(id) FROM range(1000)
approx_count_distinct(id), approx_count_distinct(id % 10), approx_count_distinct(CAST(id AS STRING)), approx_count_distinct(id * 1.5D) FROM range(10000)
approx_count_distinct(x) FROM VALUES ('a'), ('b'), ('a'), (NULL) AS t(x)
approx_count_distinct(x), approx_count_distinct(NULL) FROM VALUES (0.0D), (-0.0D), (CAST('NaN' AS DOUBLE)) AS t(x)
approx_count_distinct(x, 0.5) FROM VALUES (1) AS t(x)
percentile(x, 0.5), percentile(x, 0.3), percentile(x, array(0.25, 0.75)), percentile(x, 0), percentile(x, 1) FROM VALUES (0), (10), (20), (NULL) AS t(x)
percentile(x, 0.5, w) FROM VALUES (1, 1), (2, 3), (3, 0) AS t(x, w)
percentile(x, 0.5) FROM VALUES (1.5D), (2.5D) AS t(x)
percentile(x, 1.5) FROM VALUES (1) AS t(x)
percentile(x, 0.5) FROM VALUES ('a') AS t(x)
percentile(x, 0.5) FROM VALUES (INTERVAL '1' DAY), (INTERVAL '2' DAY) AS t(x)
percentile_approx(x, 0.5), approx_percentile(x, 0.5, 100), percentile_approx(x, array(0.5, 0.4, 0.1), 100), percentile_approx(x, 0), percentile_approx(x, 1) FROM VALUES (0), (1), (2), (10), (NULL) AS t(x)
percentile_approx(x, 0.5) FROM VALUES (1.5D), (2.5D), (3.5D) AS t(x)
percentile_approx(x, 0.5) FROM VALUES (DATE'2024-01-01'), (DATE'2024-01-03') AS t(x)
percentile_approx(x, 0.5), percentile_approx(x, 0.9) FROM VALUES (1.10), (2.20) AS t(x)
percentile_approx(id, array(0.1, 0.5, 0.99)), percentile_approx(id, 0.5, 10), percentile_approx(id, 0.99, 5) FROM range(1000)
percentile_approx(x, -1) FROM VALUES (1) AS t(x)
percentile_approx(x, 0.5, 0) FROM VALUES (1) AS t(x)
percentile_approx(x, 0.5) FROM VALUES (CAST(NULL AS INT)) AS t(x)
percentile_cont(0.5) WITHIN GROUP (ORDER BY x), percentile_disc(0.5) WITHIN GROUP (ORDER BY x), percentile_cont(0.25) WITHIN GROUP (ORDER BY x DESC) FROM VALUES (0), (10), (20), (25) AS t(x)
median(x) FROM VALUES (0), (10), (NULL), (30) AS t(x)
median(x) FROM VALUES (1), (2) AS t(x)
median(x) FROM VALUES (INTERVAL '0' MONTH), (INTERVAL '10' MONTH) AS t(x)
mode(x) FROM VALUES (0), (10), (10), (NULL), (NULL), (NULL) AS t(x)
mode(x) FROM VALUES ('a'), ('b'), ('b') AS t(x)
histogram_numeric(x, 5) FROM VALUES (0), (1), (2), (10) AS t(x)
-- statistics
stddev(x), stddev_samp(x), stddev_pop(x), std(x), variance(x), var_samp(x), var_pop(x) FROM VALUES (1), (2), (3), (NULL) AS t(x)
stddev(x), stddev_pop(x), variance(x), var_pop(x), skewness(x), kurtosis(x) FROM VALUES (5) AS t(x)
stddev(x), variance(x), var_pop(x) FROM VALUES (0.1D), (0.2D), (0.4D) AS t(x)
stddev(x), variance(x) FROM VALUES (1.10), (2.20), (3.30) AS t(x)
stddev(x) FROM VALUES ('1'), ('3') AS t(x)
skewness(x), kurtosis(x) FROM VALUES (-10), (-20), (100), (1000), (NULL) AS t(x)
skewness(x), kurtosis(x) FROM VALUES (1), (1) AS t(x)
corr(x, y), covar_pop(x, y), covar_samp(x, y) FROM VALUES (3, 2), (3, 3), (6, 4) AS t(x, y)
corr(x, y), covar_pop(x, y), covar_samp(x, y) FROM VALUES (1, 2), (NULL, 3), (4, NULL) AS t(x, y)
corr(x, y) FROM VALUES (1, 1), (1, 2) AS t(x, y)
regr_count(y, x), regr_avgx(y, x), regr_avgy(y, x), regr_slope(y, x), regr_intercept(y, x), regr_r2(y, x), regr_sxx(y, x), regr_sxy(y, x), regr_syy(y, x) FROM VALUES (1, 2), (2, 3), (3, 5), (NULL, 1) AS t(y, x)
avg(x), stddev(x) FROM VALUES (1e308D), (1e308D) AS t(x)
-- logic and bits
bool_and(x), bool_or(x), every(x), some(x), any(x) FROM VALUES (true), (false), (NULL) AS t(x)
bool_and(x), bool_or(x) FROM VALUES (true), (NULL) AS t(x)
bool_and(x), bool_or(x) FROM VALUES (CAST(NULL AS BOOLEAN)) AS t(x)
bool_and(x) FROM VALUES (1) AS t(x)
bit_and(x), bit_or(x), bit_xor(x) FROM VALUES (3), (5), (NULL) AS t(x)
bit_and(x), bit_or(x), bit_xor(x) FROM VALUES (3L), (5L) AS t(x)
bit_and(x), bit_or(x), bit_xor(x) FROM VALUES (CAST(NULL AS INT)) AS t(x)
bit_and(x) FROM VALUES (1.5) AS t(x)
product(x) FROM VALUES (1) AS t(x)
-- FILTER
count(*) FILTER (WHERE x > 1), sum(x) FILTER (WHERE x > 1), count(DISTINCT x) FILTER (WHERE x < 3), avg(x) FILTER (WHERE x > 100), collect_list(x) FILTER (WHERE x IS NOT NULL) FROM VALUES (1), (2), (2), (3), (NULL) AS t(x)
y, count(*) FILTER (WHERE x > 1) AS big, max(x) FILTER (WHERE x < 3) FROM VALUES (1, 'a'), (2, 'a'), (3, 'b'), (NULL, 'b') AS t(x, y) GROUP BY y ORDER BY y
sum(x) FILTER (WHERE x) FROM VALUES (1) AS t(x)
upper('a') FILTER (WHERE true)
-- GROUP BY
y, sum(x), count(*) FROM VALUES (1, 'a'), (2, 'b'), (3, 'a'), (4, NULL), (NULL, NULL) AS t(x, y) GROUP BY y ORDER BY y
y, sum(x) FROM VALUES (1, 'a'), (2, 'b'), (3, 'a') AS t(x, y) GROUP BY 1 ORDER BY 1
x % 2 AS odd, count(*) AS n FROM VALUES (1), (2), (3) AS t(x) GROUP BY odd ORDER BY odd
x % 2, count(*) FROM VALUES (1), (2), (3) AS t(x) GROUP BY x % 2 ORDER BY 1
x % 2 + 1, count(*) FROM VALUES (1), (2), (3) AS t(x) GROUP BY x % 2 ORDER BY 1
upper(y), count(*) FROM VALUES ('a'), ('A'), ('b') AS t(y) GROUP BY upper(y) ORDER BY 1
y, count(*) FROM VALUES ('a'), ('b'), ('a') AS t(y) GROUP BY ALL ORDER BY y
count(*) FROM VALUES ('a'), ('b'), ('a') AS t(y) GROUP BY y ORDER BY count(*)
y, count(*) AS n FROM VALUES ('a'), ('b'), ('a') AS t(y) GROUP BY y HAVING n > 1
y, count(*) FROM VALUES ('a'), ('b'), ('a') AS t(y) GROUP BY y HAVING count(*) > 1 AND y <> 'z'
y FROM VALUES (1, 'a'), (5, 'b') AS t(x, y) GROUP BY y HAVING max(x) > 2
sum(x) FROM VALUES (1), (2) AS t(x) HAVING sum(x) > 5
sum(x) FROM VALUES (1), (2) AS t(x) HAVING sum(x) > 2
x, y FROM VALUES (1, 'a'), (2, 'a') AS t(x, y) GROUP BY y
x FROM VALUES (1) AS t(x) HAVING x > 0
x FROM VALUES (1), (2) AS t(x)
count(*) FROM VALUES (1), (2) AS t(x)
sum(count(x)) FROM VALUES (1) AS t(x)
x FROM VALUES (1) AS t(x) WHERE sum(x) > 1
x FROM VALUES (1) AS t(x) GROUP BY sum(x)
x, count(*) FROM VALUES (1) AS t(x) GROUP BY 3
sum(x) FROM VALUES (1) AS t(x) GROUP BY 1
m, count(*) FROM VALUES (map(1, 2)) AS t(m) GROUP BY m
x, count(*) FROM VALUES (0.0D), (-0.0D), (CAST('NaN' AS DOUBLE)), (CAST('NaN' AS DOUBLE)) AS t(x) GROUP BY x ORDER BY x
x, count(*) FROM VALUES (1), (1L), (2.0) AS t(x) GROUP BY x ORDER BY x
x, y, sum(z) FROM VALUES (1, 'a', 10), (1, 'b', 20), (2, 'a', 30) AS t(x, y, z) GROUP BY x, y ORDER BY x, y
x, y, sum(z), grouping(x), grouping(y), grouping_id(), grouping_id(x, y) FROM VALUES (1, 'a', 10), (1, 'b', 20), (2, 'a', 30), (NULL, 'a', 5) AS t(x, y, z) GROUP BY ROLLUP (x, y) ORDER BY grouping_id(), x, y
x, y, sum(z), grouping_id() FROM VALUES (1, 'a', 10), (1, 'b', 20), (2, 'a', 30) AS t(x, y, z) GROUP BY CUBE (x, y) ORDER BY grouping_id(), x, y
x, y, sum(z) FROM VALUES (1, 'a', 10), (1, 'b', 20), (2, 'a', 30) AS t(x, y, z) GROUP BY GROUPING SETS ((x, y), (x), ()) ORDER BY x NULLS LAST, y NULLS LAST
x, y, sum(z) FROM VALUES (1, 'a', 10), (2, 'b', 20) AS t(x, y, z) GROUP BY x, y WITH ROLLUP ORDER BY x, y
x, y, sum(z) FROM VALUES (1, 'a', 10), (2, 'b', 20) AS t(x, y, z) GROUP BY x, y WITH CUBE ORDER BY x, y
x, count(*) FROM VALUES (1), (2), (2) AS t(x) GROUP BY x GROUPING SETS ((x), ()) ORDER BY x
grouping(x) FROM VALUES (1) AS t(x) GROUP BY x
y, collect_list(x), first(x), last(x), min(x), max_by(y, x) FROM VALUES (3, 'a'), (1, 'b'), (2, 'a'), (NULL, 'b') AS t(x, y) GROUP BY y ORDER BY y
y, avg(x) FROM VALUES (1.5D, 'a'), (2.5D, 'a'), (NULL, 'b') AS t(x, y) GROUP BY y ORDER BY y
length(y) AS n, count(DISTINCT y), sum(DISTINCT length(y)) FROM VALUES ('a'), ('b'), ('cc'), ('a') AS t(y) GROUP BY length(y) ORDER BY n
a.b, count(*) FROM VALUES (named_struct('b', 1)), (named_struct('b', 1)) AS t(a) GROUP BY a.b
a, count(*) FROM VALUES (named_struct('b', 1)), (named_struct('b', 1)) AS t(a) GROUP BY a
a, count(*) FROM VALUES (array(1)), (array(1)) AS t(a) GROUP BY a
word, count(*) AS count FROM (SELECT explode(split('a b a', ' ')) AS word) GROUP BY word ORDER BY count DESC, word
DISTINCT y FROM VALUES (1, 'a'), (2, 'a') AS t(x, y)
DISTINCT count(*) FROM VALUES (1, 'a'), (2, 'b') AS t(x, y) GROUP BY y
avg(x) AS average, sum(x) total, max(x) `the max` FROM VALUES (1), (2) AS t(x)
sum(DISTINCT x), count(DISTINCT x, y), avg(DISTINCT y) FROM VALUES (1, 2), (1, 2), (3, NULL) AS t(x, y)
string_agg(x, ','), listagg(x), listagg(x, ', ') WITHIN GROUP (ORDER BY x DESC) FROM VALUES ('a'), ('b'), (NULL) AS t(x)
listagg(DISTINCT x, ',') FROM VALUES ('a'), ('a') AS t(x)
count_min_sketch(x, 0.5D, 0.5D, 1) IS NOT NULL, hll_sketch_estimate(hll_sketch_agg(x)) FROM VALUES (1), (2), (2) AS t(x)
bitmap_count(bitmap_construct_agg(bitmap_bit_position(x))) FROM VALUES (1), (2), (3) AS t(x)
max(x, 1) FROM VALUES (1) AS t(x)
sum() FROM VALUES (1) AS t(x)
sum(*) FROM VALUES (1) AS t(x)
sum(y) FROM VALUES (1) AS t(x)
percentile(x, array(0.1, 0.25, 0.3, 0.77)), median(x) FROM VALUES (10.10D), (99.99D), (-7.31D), (0.1D) AS t(x)
x, sum(1) FROM VALUES (1) AS t(x) GROUP BY GROUPING SETS ((x), (x), ())
x, grouping_id(), count(*) FROM VALUES (1), (2) AS t(x) GROUP BY CUBE (x, x)
sum(1 / 0) FROM VALUES (1) AS t(x) WHERE x > 5
