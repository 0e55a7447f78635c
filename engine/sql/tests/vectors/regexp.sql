-- regexp_extract
regexp_extract('100-200', '(\\d+)-(\\d+)', 1), regexp_extract('100-200', '(\\d+)-(\\d+)', 2), regexp_extract('100-200', '(\\d+)-(\\d+)', 0), regexp_extract('100-200', '(\\d+)-(\\d+)'), regexp_extract('abc', '(\\d+)', 1), regexp_extract('', '(a)', 1), regexp_extract('foo', '(x)?foo', 1), regexp_extract('aXb', '([A-Z])', 1), regexp_extract('100-200', r'(\d+)-(\d+)', 2)
regexp_extract(NULL, '(a)', 1), regexp_extract('a', NULL, 1), regexp_extract('a', '(a)', NULL), regexp_extract(100200, '(\\d{3})', 1), regexp_extract('abc', 'b', 0), regexp_extract('abc', '', 0)
regexp_extract('100-200', '(\\d+)-(\\d+)', 3)
regexp_extract('100-200', '(\\d+)-(\\d+)', -1)
regexp_extract('abc', 'b', 1)
regexp_extract('abc', 'b')
regexp_extract('a', '(', 1)
regexp_extract('a', '[a', 0)
regexp_extract(s, '(\\w+)@(\\w+)\\.com', 2) AS domain FROM VALUES ('joe@example.com'), ('none'), (NULL), ('a@b.com c@d.com') AS t(s)
regexp_extract(line, '^(\\S+) \\S+ \\S+ \\[([^\\]]+)\\] "(\\S+) (\\S+) (\\S+)" (\\d{3}) (\\S+)', 1) AS host FROM VALUES ('127.0.0.1 - - [01/Jul/1995:00:00:01 -0400] "GET /history/apollo/ HTTP/1.0" 200 6245'), ('bad') AS t(line)
regexp_extract(line, '"(\\S+) (\\S+) (\\S+)"', 2) AS path FROM VALUES ('127.0.0.1 - - [01/Jul/1995:00:00:01 -0400] "GET /history/apollo/ HTTP/1.0" 200 6245'), ('bad') AS t(line)
CAST(regexp_extract(line, '" (\\d{3}) ', 1) AS INT) AS status FROM VALUES ('127.0.0.1 - - [01/Jul/1995:00:00:01 -0400] "GET /history/apollo/ HTTP/1.0" 200 6245'), ('bad') AS t(line)
regexp_extract(s, p, 1) FROM VALUES ('a1', '([a-z])'), ('a1', '(\\d)'), (NULL, '(a)'), ('a', NULL) AS t(s, p)
-- regexp_extract_all
regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)', 1), regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)', 0), regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)'), regexp_extract_all('abc', '\\d', 0), regexp_extract_all('a1b2', '(\\d)(x)?', 2), regexp_extract_all(NULL, 'a', 0), regexp_extract_all('aaa', 'a', 0), regexp_extract_all('ab', '', 0), regexp_extract_all('a,b', '(\\w)', 1)
regexp_extract_all('abc', 'b')
regexp_extract_all('abc', 'b', 1)
-- regexp_replace
regexp_replace('100-200', '(\\d+)', 'num'), regexp_replace('100-200', '(\\d+)-(\\d+)', '$2-$1'), regexp_replace('abc', 'x', 'y'), regexp_replace('abc', '', '-'), regexp_replace('aaa', 'a', 'b', 2), regexp_replace('aaa', 'a', 'b', 4), regexp_replace('abc', 'b', ''), regexp_replace('a.b', '\\.', '\\$'), regexp_replace('a b', '\\s', '\\\\'), regexp_replace('aBc', '(?i)b', 'x'), regexp_replace('héé', 'é', 'e'), regexp_replace('a\nb', '\n', ' '), regexp_replace('abc', '(b)', '[$1]'), regexp_replace('abc', '(b)', '$0$0'), regexp_replace('abc', '(?<x>b)', '<${x}>'), regexp_replace('😀a', 'a', 'b', 2)
regexp_replace(NULL, 'a', 'b'), regexp_replace('a', NULL, 'b'), regexp_replace('a', 'a', NULL), regexp_replace('a', 'a', 'b', NULL), regexp_replace(123, 2, 'x'), regexp_replace('a1b22', '[0-9]+', '#'), regexp_replace('  a  b ', ' +', ' '), regexp_replace('a', '$', '!'), regexp_replace('ab', '(?=b)', '-'), regexp_replace('aab', 'a*', 'x'), regexp_replace('a10', '(a)(1)', '$10')
regexp_replace('abc', '(b)', '$2')
regexp_replace('abc', 'b', '$')
regexp_replace('abc', 'b', '\\')
regexp_replace('abc', 'b', '${x}')
regexp_replace('abc', 'b', 'x', 0)
regexp_replace('abc', 'b', 'x', -1)
regexp_replace('abc', '[', 'x')
regexp_replace('abc', '(?<a', 'x')
regexp_replace(s, '[^a-zA-Z ]', ''), regexp_replace(s, p, r) FROM VALUES ('Hello, World!', 'o', '0'), (NULL, 'a', 'b'), ('x', NULL, 'b'), ('x1y2', '(\\d)', '<$1>') AS t(s, p, r)
regexp_replace('abc', 'b')
-- regexp_like, rlike
regexp_like('abc', '^b'), regexp_like('abc', 'b'), regexp('abc', 'c$'), rlike('abc', 'A'), rlike('abc', '(?i)A'), regexp_like(NULL, 'a'), regexp_like('a', NULL), 'a\nb' RLIKE '^b', 'a\nb' RLIKE '(?m)^b', 'a\nb' RLIKE 'a.b', 'a\nb' RLIKE '(?s)a.b', 'abc' RLIKE '', '' RLIKE '^$', 'a\n' RLIKE 'a$'
-- regexp_count, regexp_substr, regexp_instr
regexp_count('Steven Jones and Stephen Smith are the best players', 'Ste(v|ph)en'), regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}'), regexp_count('abc', 'x'), regexp_count('aaa', 'aa'), regexp_count(NULL, 'a'), regexp_count('a', NULL), regexp_count('', 'a'), regexp_count('abc', '')
regexp_substr('Steven Jones and Stephen Smith are the best players', 'Ste(v|ph)en'), regexp_substr('abc', 'x'), regexp_substr(NULL, 'a'), regexp_substr('a', NULL), regexp_substr('abc', 'b|c'), regexp_substr('abc', '')
regexp_instr('abc', 'b'), regexp_instr('abc', 'x'), regexp_instr(r'\abc', r'^\\abc$'), regexp_instr('abcb', 'b', 1), regexp_instr('日本b', 'b'), regexp_instr(NULL, 'a'), regexp_instr('a', NULL), regexp_instr('a', 'a', NULL), regexp_instr('a', '')
regexp_instr('a', '[')
regexp_count('a', '[')
-- classes and quantifiers of Java
'1' RLIKE '\\p{Digit}', 'é' RLIKE '\\p{L}', 'É' RLIKE '\\p{Lu}', 'a' RLIKE '\\p{Alpha}', 'é' RLIKE '\\p{Alpha}', 'é' RLIKE '\\w', '٣' RLIKE '\\d', '\u00a0' RLIKE '\\s', 'é' RLIKE '(?U)\\w', 'a' RLIKE '[a-z&&[^b]]', 'b' RLIKE '[a-z&&[^b]]', 'x' RLIKE '[^a-c]', 'ab' RLIKE '^a(?=b)', 'ab' RLIKE '^a(?!b)', 'ab' RLIKE '(?<=a)b', 'ab' RLIKE '(?<!a)b', 'aa' RLIKE '^(a)\\1$', 'ab' RLIKE '^(a)\\1$', 'abab' RLIKE '^(?<x>ab)\\k<x>$', '日' RLIKE '\\p{IsHan}', 'α' RLIKE '\\p{InGreek}', ' ' RLIKE '\\h', '\n' RLIKE '\\R', 'A' RLIKE '\\x41', 'A' RLIKE '\\u0041', '-' RLIKE '[a\\-z]', ']' RLIKE '[\\]]', '.' RLIKE '\\Q.\\E', 'a.b' RLIKE '\\Qa.b\\E'
regexp_extract('aaab', 'a+?', 0), regexp_extract('aaab', 'a++', 0), regexp_extract('aaab', 'a*+b', 0), regexp_extract('<a><b>', '<.*>', 0), regexp_extract('<a><b>', '<.*?>', 0), regexp_extract('aaab', 'a{2}', 0), regexp_extract('aaab', 'a{2,}', 0), regexp_extract('foobar', 'foo|foobar', 0), regexp_extract('abc123', '\\D+', 0), regexp_extract('a-b', '\\b-\\b', 0), regexp_extract('key=value', '(?<k>\\w+)=(?<v>\\w+)', 2), regexp_extract('ab', '(?:a)(b)', 1), regexp_extract('ab', '(?x) a \\s* b # comment', 0), regexp_extract('İ', '(?iu)i', 0), regexp_extract('K', '(?i)k', 0), regexp_extract('ſ', '(?iu)s', 0), regexp_extract('aab', '(?>a*)ab', 0), regexp_extract('é', '.', 0), regexp_extract('😀x', '.', 0), regexp_extract('😀x', '[😀]', 0)
'a' RLIKE '*'
'a' RLIKE 'a{2,1}'
'a' RLIKE '\\p{Foo}'
'a' RLIKE '(?<n>a)(?<n>b)'
'a' RLIKE '\\'
'aaaa' RLIKE '(?<=a+)b'
'a' RLIKE '\\y'
split('a1b2', '(?<=\\d)'), split('aXbXc', 'X', 2), split('a,b;c', '[,;]'), split('2024-01-01T00:00', '[-T:]'), split('CamelCaseText', '(?=[A-Z])'), split('a  b', ' '), split('a\tb c', '[ \\t]'), split('a\\b', '\\\\')
