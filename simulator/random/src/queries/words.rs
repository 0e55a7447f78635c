//! Words that stand in queries as they are: patterns, units, zones.

/// The words of a place that is no expression.
pub(super) fn words(place: &str) -> Option<&'static [&'static str]> {
    let found = WORDS.iter().find(|(name, _)| *name == place);
    found.map(|(_, words)| *words)
}

/// Places, each with its words.
const WORDS: &[(&str, &[&str])] = &[
    ("small", &["0", "1", "2", "3", "-1", "5"]),
    ("positive", &["1", "2", "3", "4"]),
    (
        "like",
        &[
            "'a%'", "'%n'", "'_o%'", "'%'", "''", "'%a%b%'", "'1%'", "'é%'",
        ],
    ),
    (
        "regex",
        &[
            "'[aeiou]'",
            "'^(.)(.*)$'",
            "'\\\\d+'",
            "'n+'",
            "'(a|b)'",
            "'\\\\s'",
            "'.'",
            "'(?i)A'",
            "'\\\\p{L}+'",
            "''",
        ],
    ),
    ("separator", &["','", "' '", "''", "'-'", "'n'", "'::'"]),
    (
        "format",
        &[
            "'yyyy-MM-dd'",
            "'yyyy-MM-dd HH:mm:ss'",
            "'dd/MM/yy'",
            "'HH:mm'",
            "'EEE d MMM yyyy'",
            "'D'",
            "'hh a'",
            "'yyyy-MM-dd HH:mm:ss.SSS'",
        ],
    ),
    (
        "unit",
        &[
            "'year'",
            "'quarter'",
            "'month'",
            "'week'",
            "'day'",
            "'hour'",
            "'minute'",
            "'second'",
        ],
    ),
    (
        "field",
        &[
            "YEAR",
            "QUARTER",
            "MONTH",
            "WEEK",
            "DAY",
            "HOUR",
            "MINUTE",
            "SECOND",
            "DOW",
            "DOY",
            "YEAROFWEEK",
        ],
    ),
    (
        "difference",
        &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"],
    ),
    (
        "zone",
        &["'UTC'", "'Europe/Berlin'", "'America/New_York'", "'+05:30'"],
    ),
    ("weekday", &["'MO'", "'Tue'", "'SUNDAY'"]),
    (
        "interval",
        &[
            "INTERVAL 1 DAY",
            "INTERVAL '1' DAY",
            "INTERVAL 10 SECONDS",
            "INTERVAL '1:30' MINUTE TO SECOND",
            "INTERVAL 1 MONTH",
            "INTERVAL '2' HOUR",
            "INTERVAL -90 MINUTES",
            "INTERVAL '1-2' YEAR TO MONTH",
        ],
    ),
    (
        "days",
        &[
            "INTERVAL 1 DAY",
            "INTERVAL '3' DAY",
            "INTERVAL 1 MONTH",
            "INTERVAL '1' YEAR",
        ],
    ),
    (
        "type",
        &[
            "STRING",
            "INT",
            "BIGINT",
            "DOUBLE",
            "FLOAT",
            "SMALLINT",
            "TINYINT",
            "DECIMAL(5,1)",
            "DECIMAL(20,3)",
            "BOOLEAN",
            "DATE",
            "TIMESTAMP",
        ],
    ),
    (
        "number",
        &[
            "TINYINT",
            "SMALLINT",
            "INT",
            "BIGINT",
            "FLOAT",
            "DOUBLE",
            "DECIMAL(8,3)",
        ],
    ),
    (
        "schema",
        &["'p INT, q STRING'", "'STRUCT<p: INT, q: STRING>'"],
    ),
    ("path", &["'$.p'", "'$.q'", "'$'", "'$[0]'", "'$.x.y'"]),
    ("bits", &["0", "224", "256", "384", "512"]),
    ("base", &["2", "10", "16", "36"]),
    ("ratio", &["0.5", "0.25", "0.9", "0", "1"]),
    ("printf", &["'%s|%s'", "'%2$s-%1$s'", "'%10s%-5s'"]),
    (
        "order",
        &["", " DESC", " ASC NULLS LAST", " DESC NULLS FIRST"],
    ),
];
