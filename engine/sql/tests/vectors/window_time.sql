-- window
window(ts, '10 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:10:00'), (TIMESTAMP'2024-01-01 12:09:59.999999'), (NULL) AS t(ts)
window(ts, '10 minutes').start, window(ts, '10 minutes').end FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:15:00'), (TIMESTAMP'2024-01-01 12:16:00'), (NULL) AS t(ts) GROUP BY window(ts, '10 minutes') ORDER BY window
window.start, window.end, count(*) AS n FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:15:00') AS t(ts) GROUP BY window(ts, '10 minutes') ORDER BY window.start
window(ts, '10 minutes') AS w, sum(x) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00', 1), (TIMESTAMP'2024-01-01 12:15:00', 2) AS t(ts, x) GROUP BY w ORDER BY w
window(ts, '10 minutes'), sum(x) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00', 1), (TIMESTAMP'2024-01-01 12:15:00', 2) AS t(ts, x) GROUP BY window(ts, '10 minutes') ORDER BY 1
a, window.start, sum(x) FROM VALUES ('p', TIMESTAMP'2024-01-01 12:05:00', 1), ('q', TIMESTAMP'2024-01-01 12:05:30', 2), ('p', TIMESTAMP'2024-01-01 12:06:00', 3) AS t(a, ts, x) GROUP BY a, window(ts, '5 minutes') ORDER BY a, window.start
window(ts, '10 minutes', '5 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:07:00'), (NULL) AS t(ts)
window(ts, '10 minutes', '3 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:00:00') AS t(ts)
window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:07:00') AS t(ts) GROUP BY window(ts, '10 minutes', '5 minutes') ORDER BY window.start
window(ts, '1 hour', '1 hour', '15 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:15:00') AS t(ts)
window(ts, '10 minutes', '5 minutes', '2 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '10 minutes', '10 minutes', '-2 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:08:00') AS t(ts)
window(ts, '1 day') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'1969-12-31 23:00:00'), (TIMESTAMP'1970-01-01 00:00:00') AS t(ts)
window(ts, '1 week') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '7 days', '7 days', '3 days') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '3 seconds') FROM VALUES (TIMESTAMP'1969-12-31 23:59:59.5'), (TIMESTAMP'1969-12-31 23:59:57'), (TIMESTAMP'1970-01-01 00:00:02.999') AS t(ts)
window(ts, '1 second 500 milliseconds') FROM VALUES (TIMESTAMP'2024-01-01 12:00:02') AS t(ts)
window(ts, INTERVAL '10' MINUTE) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, INTERVAL 10 MINUTES) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, 'interval 10 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, 600000000) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '1 month') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '1 year') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, 'x') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '0 seconds') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '-1 seconds') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '5 minutes', '10 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '5 minutes', '0 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '5 minutes', '5 minutes', '5 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '5 minutes', '5 minutes', '6 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, d) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00', '5 minutes') AS t(ts, d)
window(s, '10 minutes') FROM VALUES ('2024-01-01 12:05:00') AS t(s)
window(s, '10 minutes') FROM VALUES (1) AS t(s)
window(d, '1 day') FROM VALUES (DATE'2024-01-01') AS t(d)
window(ts, '10 minutes') FROM VALUES (TIMESTAMP_NTZ'2024-01-01 12:05:00') AS t(ts)
window(TIMESTAMP'2024-01-01 12:05:00', '10 minutes')
window(ts, '5 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(ts, '10 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window(a, '5 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00', TIMESTAMP'2024-01-01 12:05:00') AS t(a, b)
window(b, '5 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00', TIMESTAMP'2024-01-01 12:05:00') AS t(a, b)
ts FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts) WHERE window(ts, '10 minutes').start > '2024-01-01'
window FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
CAST(window AS STRING), to_json(window), window.start + INTERVAL '1' MINUTE, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts) GROUP BY window(ts, '10 minutes')
-- window_time
window_time(window), count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:15:00') AS t(ts) GROUP BY window(ts, '10 minutes') ORDER BY 1
window_time(w) FROM (SELECT window(ts, '10 minutes') AS w FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts))
window, n FROM (SELECT window(window_time(window), '1 hour') AS window, sum(c) AS n FROM (SELECT window, count(*) AS c FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:55:00') AS t(ts) GROUP BY window(ts, '10 minutes')) GROUP BY window(window_time(window), '1 hour'))
window(window, '1 hour'), sum(c) FROM (SELECT window, count(*) AS c FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 12:55:00') AS t(ts) GROUP BY window(ts, '10 minutes')) GROUP BY window(window, '1 hour')
window_time(ts) FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
window_time(s) FROM VALUES (named_struct('start', TIMESTAMP'2024-01-01 12:00:00', 'end', TIMESTAMP'2024-01-01 12:10:00')) AS t(s)
-- session_window
session_window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00'), (TIMESTAMP'2024-01-01 12:04:30'), (TIMESTAMP'2024-01-01 12:10:00'), (NULL) AS t(ts) GROUP BY session_window(ts, '5 minutes') ORDER BY session_window
a, session_window.start, session_window.end, count(*) AS n FROM VALUES ('x', TIMESTAMP'2024-01-01 12:00:00'), ('x', TIMESTAMP'2024-01-01 12:05:00'), ('y', TIMESTAMP'2024-01-01 12:01:00'), ('x', TIMESTAMP'2024-01-01 12:09:59') AS t(a, ts) GROUP BY a, session_window(ts, '5 minutes') ORDER BY a, session_window.start
a, session_window, count(*), sum(x), collect_list(x) FROM VALUES ('p', TIMESTAMP'2024-01-01 12:10:00', 1), ('p', TIMESTAMP'2024-01-01 12:00:00', 2), ('p', TIMESTAMP'2024-01-01 12:03:00', 3) AS t(a, ts, x) GROUP BY a, session_window(ts, '5 minutes') ORDER BY a, session_window.start
a, session_window, count(*) FROM VALUES ('p', TIMESTAMP'2024-01-01 12:00:00'), ('q', TIMESTAMP'2024-01-01 12:00:00'), ('p', TIMESTAMP'2024-01-01 12:06:00') AS t(a, ts) GROUP BY a, session_window(ts, CASE WHEN a = 'p' THEN '10 minutes' ELSE '1 minute' END) ORDER BY a
session_window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00') AS t(ts) GROUP BY session_window(ts, '0 seconds')
session_window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00') AS t(ts) GROUP BY session_window(ts, '-1 minute')
session_window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00') AS t(ts) GROUP BY session_window(ts, '1 month')
session_window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00') AS t(ts) GROUP BY session_window(ts, 'x')
session_window(ts, '5 minutes') FROM VALUES (TIMESTAMP'2024-01-01 12:00:00') AS t(ts)
session_window(ts) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00') AS t(ts)
session_window, count(*) FROM VALUES (TIMESTAMP_NTZ'2024-01-01 12:00:00') AS t(ts) GROUP BY session_window(ts, '5 minutes')
session_window, count(*) FROM VALUES (1) AS t(ts) GROUP BY session_window(ts, '5 minutes')
session_window, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00'), (TIMESTAMP'2024-01-01 12:05:00') AS t(ts) GROUP BY session_window(ts, '5 minutes') ORDER BY 1
session_window(ts, '5 minutes') AS s, count(*) FROM VALUES (TIMESTAMP'2024-01-01 12:00:00') AS t(ts) GROUP BY s
-- zone: America/Los_Angeles
window(ts, '1 day') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-01-01 23:05:00'), (TIMESTAMP'2024-07-01 12:05:00') AS t(ts)
window(ts, '1 day', '1 day', '8 hours') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00'), (TIMESTAMP'2024-07-01 00:30:00') AS t(ts)
window(ts, '1 hour') FROM VALUES (TIMESTAMP'2024-11-03 08:30:00Z'), (TIMESTAMP'2024-11-03 09:30:00Z') AS t(ts)
window(d, '1 day') FROM VALUES (DATE'2024-01-01') AS t(d)
-- zone: Asia/Kolkata
window(ts, '1 hour') FROM VALUES (TIMESTAMP'2024-01-01 12:05:00') AS t(ts)
