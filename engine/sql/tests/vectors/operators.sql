-- arithmetic: the result type of each pair of types
1Y + 1Y, 1Y + 1S, 1S + 1, 1 + 1L, 1L + 1.5BD, 1 + 1.0F, 1L + 1.0F, 1.0F + 1.0D, 1.5 + 1.0F, 1.5 + 1.0D
1Y - 1Y, 1Y - 1S, 1S - 1, 1 - 1L, 1L - 1.5BD, 1 - 1.0F, 1L - 1.0F, 1.0F - 1.0D, 1.5 - 1.0F, 1.5 - 1.0D
2Y * 3Y, 2Y * 3S, 2S * 3, 2 * 3L, 2L * 1.5BD, 2 * 1.5F, 2L * 1.5F, 1.5F * 2.0D, 1.5 * 2.0F, 1.5 * 2.0D
7Y / 2Y, 7Y / 2S, 7 / 2, 7L / 2, 7L / 2.0BD, 7 / 2.0F, 7.0F / 2.0D, 7.5 / 2, 1 / 3, 2 / 3.0F
7Y % 2Y
7Y % 2S
-7 % 3
7 % -3
7L % 3
7.5 % 2
7.5D % 2
-7.5D % 2
7.5F % 2
7 MOD 3
7 div 2
-7 div 2
7L div 2L
7Y div 2Y
7.5 div 2
7.9D div 2
7.5F div 2.0F
7S div 2
7.9BD div 2.1BD
100 div 7.0
99999999999999999999 div 3
1.0D div 0.3D
pmod(7, 3), pmod(-7, 3), pmod(7, -3), pmod(-7, -3), pmod(-7.5, 2), pmod(-7.5D, 2), pmod(7L, 3), pmod(-7Y, 3Y), pmod(-7S, 3S), pmod(-7.5F, 2.0F)
+1, -1, - -1, -(1), +'1', -'1', -1.5, -1.5D, -NULL, +NULL, -CAST(1 AS TINYINT), -CAST(1 AS SMALLINT), - - - 1
positive(1), negative(1), positive('2'), negative('2'), positive(1.5), negative(-1.5)
1 + NULL, NULL + NULL, NULL * 1.5, 1 / NULL, NULL / 0, 1 % NULL, NULL div 1, pmod(NULL, 2), pmod(2, NULL)
NULL + 1L
NULL - 1.5BD
1.5F + NULL
'a' + NULL
a + b, a - b, a * b, a / b, a % b FROM VALUES (7, 2), (NULL, 2), (7, NULL), (-7, 2), (0, 5) AS t(a, b)
a + b, a - b, a * b, a / b, a % b FROM VALUES (7.5D, 2.0D), (CAST('NaN' AS DOUBLE), 2.0D), (CAST('Infinity' AS DOUBLE), 2.0D), (-0.0D, 2.0D), (NULL, 2.0D) AS t(a, b)
a + b, a - b, a * b, a / b FROM VALUES (1.10, 2.25), (-1.10, 0.01), (NULL, 1.00) AS t(a, b)
a / b FROM VALUES (7, 0) AS t(a, b)
a % b FROM VALUES (7, 0) AS t(a, b)
a div b FROM VALUES (7, 0) AS t(a, b)
try_divide(a, b), try_add(a, b) FROM VALUES (7, 0), (7, 2), (2147483647, 1), (NULL, 1) AS t(a, b)
0.1D + 0.2D, 0.1F + 0.2F, 0.1 + 0.2, 1.0D / 3, 1e20D + 1, 100.0D * 1.1D, 1.0F / 3.0F, 16777217 + 1.0F, 16777216L * 1.0F
-- precision and scale of decimals
1.1 + 1.11, 1.1 - 1.11, 1.1 * 1.11, 1.1 / 1.11, 1.1 % 1.11, 1.1 div 0.11
CAST(1 AS DECIMAL(10,2)) + CAST(1 AS DECIMAL(5,4)), CAST(1 AS DECIMAL(10,2)) - CAST(1 AS DECIMAL(5,4)), CAST(1 AS DECIMAL(10,2)) * CAST(1 AS DECIMAL(5,4)), CAST(1 AS DECIMAL(10,2)) / CAST(3 AS DECIMAL(5,4)), CAST(1 AS DECIMAL(10,2)) % CAST(3 AS DECIMAL(5,4))
CAST(1 AS DECIMAL(38,0)) + CAST(1 AS DECIMAL(38,0)), CAST(1 AS DECIMAL(38,18)) * CAST(1 AS DECIMAL(38,18)), CAST(1 AS DECIMAL(38,18)) / CAST(3 AS DECIMAL(38,18)), CAST(1 AS DECIMAL(38,10)) + CAST(1 AS DECIMAL(38,20)), CAST(7 AS DECIMAL(38,10)) % CAST(3 AS DECIMAL(38,20))
CAST(1 AS DECIMAL(38,0)) / CAST(3 AS DECIMAL(38,0)), CAST(1 AS DECIMAL(20,10)) / CAST(3 AS DECIMAL(20,10)), CAST(1 AS DECIMAL(10,0)) / CAST(3 AS DECIMAL(10,0)), CAST(2 AS DECIMAL(18,6)) * CAST(3 AS DECIMAL(22,8)), CAST(2 AS DECIMAL(38,6)) * CAST(3 AS DECIMAL(38,8))
CAST(1.5 AS DECIMAL(3,1)) + 1Y, CAST(1.5 AS DECIMAL(3,1)) + 1S, CAST(1.5 AS DECIMAL(3,1)) + 1, CAST(1.5 AS DECIMAL(3,1)) + 1L, CAST(1.5 AS DECIMAL(3,1)) * 100, CAST(1.5 AS DECIMAL(3,1)) / 100L
x + CAST(1.5 AS DECIMAL(3,1)), x * CAST(1.5 AS DECIMAL(3,1)), x / CAST(1.5 AS DECIMAL(3,1)) FROM VALUES (2), (NULL) AS t(x)
x + 1.5, x * 1.5, x / 1.5, x % 1.5, x > 1.5 FROM VALUES (2L), (NULL) AS t(x)
99999999999999999999999999999999999999 + 1
99999999999999999999999999999999999999 * 10
CAST(99999999999999999999 AS DECIMAL(38,18)) * CAST(99999999999999999999 AS DECIMAL(38,18))
-99999999999999999999999999999999999999 - 1
1.0 / 0
1.0 / 0.0
1.0 % 0
1.5 + '2.5', 1.5 * '2', '3' / 1.5, 10 - 0.5, 10L / 0.3, 0.00 + 0, 1.00 * 1.00, 1e-3BD + 1, 1.5e3 + 1, 1E3BD + 0.5
0.1BD * 0.1BD * 0.1BD * 0.1BD, 1.0 / 3.0 / 3.0, 12345678901234567890.123456789 * 1.1, 1.23456789012345678901234567890 + 1
2.50 = 2.5, 2.50, 0.0, -0.0, 0.10 + 0.20, 1.0 = 1, 1.10 <=> 1.1
-- integral overflow
127Y + 1Y
-128Y - 1Y
127Y * 2Y
32767S + 1S
2147483647 + 1
-2147483648 - 1
2147483647 * 2
9223372036854775807 + 1
9223372036854775807L + 1L
-9223372036854775807L - 2
9223372036854775807L * 2
-(-2147483648)
-(-9223372036854775808)
-x FROM VALUES (-2147483648) AS t(x)
-x FROM VALUES (-128Y) AS t(x)
-9223372036854775808 div -1
-2147483648 div -1, -2147483648 % -1, -9223372036854775808L % -1L
abs(-2147483648)
x + 1 FROM VALUES (2147483646), (2147483647) AS t(x)
x + 1L FROM VALUES (2147483647) AS t(x)
-- division by zero
1 / 0
1 % 0
1 div 0
pmod(1, 0)
1.5D / 0
0.0D / 0.0D
1.5D % 0.0D
1L div 0L
pmod(1.5D, 0D)
0 / 0
1 / x FROM VALUES (0), (1), (NULL) AS t(x)
mod(7, 3), mod(-7, 3), mod(7.5, 2), mod(NULL, 2), mod(7L, 3Y), mod('7', 3)
mod(7, 0)
-- bitwise
5 & 3, 5 | 3, 5 ^ 3, ~5, ~0, ~-1, 5Y & 3Y, 5S | 3, 5L ^ 3, ~5Y, ~5S, ~5L, -1 & 255, NULL & 1, 1 | NULL, NULL ^ NULL, ~NULL
2 | 1 & 0, 1 ^ 2 | 4, 1 + 2 & 3, 6 & 3 = 2, ~1 + 1, 1 | 2 + 4
1 << 3
-16 >> 2
-16 >>> 28
1L << 40
1 << 33
1 << -1
shiftleft(1, 3), shiftright(-16, 2), shiftrightunsigned(-16, 28), shiftleft(1L, 40), shiftleft(1, 33), shiftleft(1, -1), shiftright(8, 33), shiftleft(NULL, 1), shiftleft(1Y, 10), shiftrightunsigned(-1L, 60)
5 & '3'
5 & 1.5
true & false
bit_count(7), bit_count(-1), bit_count(true), bit_count(0L), bit_count(NULL), bit_get(11, 0), bit_get(11, 2), getbit(11, 1), bit_get(-1L, 63), bit_get(NULL, 1)
bit_get(11, 32)
bit_get(11, -1)
-- comparison
1 = 1, 1 == 1, 1 <> 2, 1 != 2, 1 < 2, 1 <= 1, 2 > 1, 2 >= 3, NOT 1 = 1, !(1 = 2)
1 = NULL, NULL = NULL, NULL <> 1, NULL < 1, NULL >= NULL, 1 <=> NULL, NULL <=> NULL, 1 <=> 1, 1 <=> 2, NOT (NULL = 1)
a = b, a <> b, a < b, a <= b, a > b, a >= b, a <=> b FROM VALUES (1, 2), (2, 2), (3, 2), (NULL, 2), (1, NULL), (NULL, NULL) AS t(a, b)
a = b, a <> b, a < b, a <= b, a > b, a >= b, a <=> b FROM VALUES ('a', 'b'), ('b', 'a'), ('a', 'a'), ('', 'a'), ('A', 'a'), ('é', 'z'), (NULL, 'a') AS t(a, b)
a = b, a < b, a > b, a <=> b FROM VALUES (0.0D, -0.0D), (CAST('NaN' AS DOUBLE), CAST('NaN' AS DOUBLE)), (CAST('NaN' AS DOUBLE), CAST('Infinity' AS DOUBLE)), (CAST('-Infinity' AS DOUBLE), -1e308D), (1.0D, NULL) AS t(a, b)
true > false, true = true, true < NULL, false <=> NULL, true >= true
'a' < 'B', 'a' < 'b', 'abc' < 'abd', '' < 'a', 'Z' < 'a', 'é' > 'z', '10' < '9', 'a' = 'a ', '日' > 'z', '😀' > '\uffff'
X'00' < X'01', X'FF' > X'01', X'41' = X'4100', X'41' = 'A', X'' < X'00'
DATE'2024-01-01' < DATE'2024-01-02', DATE'2024-01-01' = TIMESTAMP'2024-01-01 00:00:00', TIMESTAMP'2024-01-01 00:00:00' < TIMESTAMP'2024-01-01 00:00:00.000001', DATE'2024-01-01' <=> NULL
array(1, 2) = array(1, 2), array(1, 2) < array(1, 3), array(1) < array(1, 0), array(1, NULL) = array(1, NULL), array(NULL) < array(1), array() = array(), array(1, NULL) <=> array(1, NULL)
struct(1, 'a') = struct(1, 'a')
struct(1, 'a') < struct(1, 'b')
struct(1, NULL) = struct(1, NULL)
struct(NULL, 1) < struct(0, 1)
named_struct('a', 1) = named_struct('b', 1)
map(1, 2) = map(1, 2)
INTERVAL '1' DAY < INTERVAL '25' HOUR, INTERVAL '1' YEAR = INTERVAL '12' MONTH, INTERVAL '1' DAY = INTERVAL '24' HOUR
1 = 1.0, 1 < 1.5, 1L = 1Y, 1 = 1.0D, 1.1 = 1.1D, 1.1F = 1.1D, 1.1F = 1.1, 16777217 = 16777216F, 9223372036854775807 = 9223372036854775807D
1 = '1'
1 = '1.0'
1.5 = '1.5'
'1.5' = 1.5D
1 < '10'
'9' < 10
'1' = 1L
' 1 ' = 1
'1' = 1Y
1 = 'a'
1 < 'a'
1.5 = 'x'
true = 'true', true = 't', 'yes' = true, 'false' = false, 'F' = false
true = 'x'
true = 1
true = 1.0
DATE'2024-01-01' = '2024-01-01', DATE'2024-01-01' < '2024-01-02', '2024-01-01' = DATE'2024-01-01', DATE'2024-01-01' = '2024-1-1', DATE'2024-01-01' = '2024'
DATE'2024-01-01' = 'x'
TIMESTAMP'2024-01-01 00:00:00' = '2024-01-01', TIMESTAMP'2024-01-01 00:00:00' < '2024-01-01 00:00:00.1', TIMESTAMP'2024-01-01 00:00:00' = '2024-01-01T00:00:00Z'
TIMESTAMP'2024-01-01 00:00:00' = 'x'
DATE'2024-01-01' = 1
1 = DATE'2024-01-01'
TIMESTAMP'2024-01-01 00:00:00' > 1
array(1) = 1
array(1) = array('1')
struct(1) = 1
'a' = NULL, NULL = 'a', NULL < DATE'2024-01-01', NULL = array(1)
1 < 2 < 3
1 < 2 = true
x = 1 OR x = 2 FROM VALUES (1), (2), (3), (NULL) AS t(x)
-- three-valued logic
true AND true, true AND false, true AND NULL, false AND NULL, NULL AND true, NULL AND false, NULL AND NULL
true OR true, true OR false, true OR NULL, false OR NULL, NULL OR true, NULL OR false, NULL OR NULL
NOT true, NOT false, NOT NULL, !true, NOT NOT true
a AND b, a OR b, NOT a, a = b, a <=> b FROM VALUES (true, true), (true, false), (true, NULL), (false, true), (false, false), (false, NULL), (NULL, true), (NULL, false), (NULL, NULL) AS t(a, b)
false AND 1 / 0 > 0
true OR 1 / 0 > 0
false AND CAST('x' AS INT) > 0
a <> 0 AND 1 / a > 0.4 FROM VALUES (0), (1), (2) AS t(a)
1 AND true
'true' AND true
'a' OR true
NOT 1
NOT 'true'
true AND NOT false OR false, NOT true OR true, NOT (true OR true), true OR false AND false, NOT 1 = 2, NOT 1 > 2 AND true
x IS TRUE, x IS FALSE, x IS UNKNOWN, x IS NOT TRUE, x IS NOT FALSE, x IS NOT UNKNOWN, x IS NULL, x IS NOT NULL FROM VALUES (true), (false), (NULL) AS t(x)
1 IS NULL FROM VALUES (1) AS t(x)
NULL IS NULL FROM VALUES (1) AS t(x)
'a' IS NOT NULL FROM VALUES (1) AS t(x)
1 + NULL IS NULL FROM VALUES (1) AS t(x)
NOT NULL IS NULL FROM VALUES (1) AS t(x)
x IS NULL = false FROM VALUES (1) AS t(x)
1 IS TRUE
1 IS DISTINCT FROM 2, 1 IS DISTINCT FROM NULL, NULL IS DISTINCT FROM NULL, 1 IS NOT DISTINCT FROM 1, NULL IS NOT DISTINCT FROM NULL
-- IN, BETWEEN
1 IN (1, 2), 3 IN (1, 2), 1 IN (1, NULL), 3 IN (1, NULL), NULL IN (1, 2), NULL IN (NULL), 1 NOT IN (1, 2), 3 NOT IN (1, NULL), NULL NOT IN (1), 1 IN (NULL)
x IN (1, 2), x IN (1, NULL), x NOT IN (1, 2), x NOT IN (1, NULL) FROM VALUES (1), (3), (NULL) AS t(x)
x IN (y, 2) FROM VALUES (1, 1), (1, NULL), (2, NULL), (NULL, 1), (3, 4) AS t(x, y)
'a' IN ('a', 'b')
1 IN ('1', '2')
'1' IN (1, 2)
1 IN (1.0, 2L)
1.5 IN (1, 2)
DATE'2024-01-01' IN ('2024-01-01')
'a' IN (NULL, 'a')
true IN ('true')
1 IN ('a')
1 IN (1, 'x')
1 IN (array(1))
(1, 2) IN ((1, 2), (3, 4)), (1, NULL) IN ((1, NULL)), struct(1, 2) IN (struct(1, 2)), array(1) IN (array(1), array(2))
1 IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), NULL IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 20 IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, NULL)
0.0D IN (-0.0D), CAST('NaN' AS DOUBLE) IN (CAST('NaN' AS DOUBLE)), x IN (CAST('NaN' AS DOUBLE), 0.0D) FROM VALUES (-0.0D), (CAST('NaN' AS DOUBLE)) AS t(x)
1 IN ()
2 BETWEEN 1 AND 3, 1 BETWEEN 1 AND 3, 4 BETWEEN 1 AND 3, 2 BETWEEN 3 AND 1, NULL BETWEEN 1 AND 3, 2 BETWEEN NULL AND 3, 4 BETWEEN NULL AND 3, 0 BETWEEN 1 AND NULL, 2 NOT BETWEEN 1 AND 3, 4 NOT BETWEEN NULL AND 3, 2 NOT BETWEEN NULL AND NULL
'b' BETWEEN 'a' AND 'c', 2 BETWEEN '1' AND '3', '2' BETWEEN 1 AND 3, 1.5 BETWEEN 1 AND 2, DATE'2024-01-15' BETWEEN '2024-01-01' AND '2024-01-31', TIMESTAMP'2024-01-15 00:00:00' BETWEEN DATE'2024-01-01' AND '2024-01-31'
x BETWEEN 1 AND 2 AND y, x BETWEEN 1 AND 2 OR y, NOT x BETWEEN 1 AND 2 FROM VALUES (1, true), (3, true), (NULL, false) AS t(x, y)
'2' BETWEEN 1 AND 'x'
-- LIKE, ILIKE, RLIKE
'Spark' LIKE 'S%', 'Spark' LIKE '_park', 'Spark' LIKE 's%', 'Spark' LIKE 'Spark', 'Spark' LIKE '%', 'Spark' LIKE '', '' LIKE '', '' LIKE '%', 'Spark' LIKE '%ar%', 'Spark' LIKE 'S%k', 'Spark' NOT LIKE 'S%'
NULL LIKE 'a', 'a' LIKE NULL, NULL LIKE NULL, NULL NOT LIKE 'a', 12 LIKE '1%', '12' LIKE 12, 1.5 LIKE '1._'
'a%c' LIKE 'a\\%c', 'abc' LIKE 'a\\%c', 'a_c' LIKE 'a\\_c', 'a\\c' LIKE 'a\\\\c', 'a%c' LIKE 'a!%c' ESCAPE '!', 'a_c' LIKE 'a/_c' ESCAPE '/', 'a%' LIKE 'a#%' ESCAPE '#'
'a\nb' LIKE 'a%b', 'a\nb' LIKE 'a_b', 'a.c' LIKE 'a.c', 'abc' LIKE 'a.c', 'a*c' LIKE 'a*c', '(a)' LIKE '(a)', 'a+' LIKE 'a+', '[a]' LIKE '[a]', 'é' LIKE '_', '😀' LIKE '_', '日本' LIKE '日%', 'a$' LIKE 'a$', '^a' LIKE '^a'
'abc' LIKE 'a\\bc'
'abc' LIKE 'abc\\'
'abc' LIKE 'a%' ESCAPE '%'
'abc' LIKE 'a%' ESCAPE 'ab'
a LIKE b FROM VALUES ('abc', 'a%'), ('abc', '_b_'), ('abc', 'b%'), (NULL, 'a%'), ('abc', NULL), ('a%', 'a\\%') AS t(a, b)
'Spark' ILIKE 's%', 'SPARK' ILIKE '%PaR_', 'Spark' NOT ILIKE 'x%', NULL ILIKE 'a', 'É' ILIKE 'é', 'ẞ' ILIKE 'ß', 'a%' ILIKE 'A\\%', 'A' ILIKE 'a' ESCAPE '/'
'foo' LIKE ANY ('%foo%', '%bar%'), 'foo' LIKE ANY ('%fee%', NULL), 'foo' LIKE ALL ('%foo%', '%o%'), 'foo' LIKE ALL ('%foo%', NULL), 'foo' LIKE SOME ('x', 'f%'), 'foo' NOT LIKE ANY ('%foo%', '%bar%'), 'foo' NOT LIKE ALL ('%fee%', '%bar%'), NULL LIKE ANY ('a'), 'foo' LIKE ALL ('x', NULL), 'foo' NOT LIKE ALL ('foo', NULL), 'foo' ILIKE ANY ('FOO', 'b'), 'foo' ILIKE ALL ('F%', '%O')
s LIKE ANY ('a%', '%b'), s LIKE ALL ('a%', '%b'), s NOT LIKE ANY ('a%', '%b'), s NOT LIKE ALL ('a%', '%b') FROM VALUES ('ab'), ('a'), ('x'), (NULL) AS t(s)
'foo' LIKE ANY ()
'Spark' RLIKE 'S.*k', 'Spark' RLIKE 'par', 'Spark' RLIKE '^par', 'Spark' REGEXP 'k$', 'Spark' NOT RLIKE 'x', NULL RLIKE 'a', 'a' RLIKE NULL, 'a' RLIKE '', '' RLIKE 'a', '12' RLIKE '\\d+', 12 RLIKE '1'
'a' RLIKE '['
like('Spark', 'S%')
like('a_b', 'a/_b', '/')
ilike('Spark', 's%')
rlike('Spark', 'ar')
regexp('Spark', 'ar')
regexp_like('Spark', 'ar')
-- implicit casts of text
'1' + 1
'1' + '2'
'1.5' + 1
'1' - 0.5
'2' * '3'
'7' / 2
'7' % 4
1L + '2'
1Y + '2'
'3' div 2
1.0F + '2'
'a' + 1
'1.5' + 1L
'a' * 'b'
'' + 1
' 2 ' + 1
'7.5' div 2
true + 1
true + true
'1' + true
1 + DATE'2024-01-01', DATE'2024-01-01' + 1, DATE'2024-01-01' - 1, DATE'2024-01-01' - DATE'2023-12-25'
DATE'2024-01-01' + 1L
DATE'2024-01-01' + '1'
DATE'2024-01-01' + 1.5
DATE'2024-01-01' * 2
TIMESTAMP'2024-01-01 00:00:00' + 1
X'41' + 1
array(1) + 1
array(1) + array(2)
map(1, 2) + 1
INTERVAL '1' DAY * 2, 2 * INTERVAL '1' DAY, INTERVAL '1' DAY / 2, INTERVAL '3' MONTH * 1.5, -INTERVAL '1' DAY, INTERVAL '1' DAY + INTERVAL '1' HOUR, INTERVAL '1' YEAR - INTERVAL '1' MONTH, INTERVAL '2' HOUR * '2'
INTERVAL '1' DAY + INTERVAL '1' MONTH
INTERVAL '1' DAY / 0
INTERVAL '1' DAY + 1
CASE WHEN '1' THEN 1 END
-- precedence
1 + 2 * 3, (1 + 2) * 3, -2 * 3, 10 - 2 - 3, 2 * 3 % 4, 10 / 2 / 5, 1 || 2 + 3, 8 / 4 * 2, 7 - 3 % 2, 5 - -3, 2 + 3 || 'a'
1 + 1 = 2 AND 2 > 1
NOT false AND false
1 = 1 IS NOT NULL
1 + 2 BETWEEN 3 AND 4
'a' || 'b' = 'ab'
1 IN (1) = true
1 = 2 OR 3 = 3 AND false, NOT 1 IN (2), NOT 'a' LIKE 'b', NOT x IS NULL FROM VALUES (1) AS t(x)
-- functions of the same meaning
`+`(1, 2)
`-`(3, 1)
`*`(2, 3)
`/`(7, 2)
`%`(7, 2)
`=`(1, 1)
`==`(1, 2)
`<=>`(NULL, NULL)
`<`(1, 2)
`>=`(1, 2)
`and`(true, NULL)
`or`(false, true)
`not`(true)
`!`(false)
`&`(5, 3)
`|`(5, 3)
`^`(5, 3)
`~`(5)
`!=`(1, 2)
`<>`(1, 1)
`||`('a', 'b')
`div`(7, 2)
`in`(1, 1, 2)
`between`(1, 0, 2)
equal_null(1, NULL), equal_null(NULL, NULL), equal_null(1, 1), equal_null(1, '1')
