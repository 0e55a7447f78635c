//! Answers of expressions, for tests.

use engine::{SparkVersion, Value};

use crate::context::{Context, Session};
use crate::literal_text::plain_text;
use crate::resolve::Resolver;
use crate::schema::Schema;
use crate::sql::parse_expression_in;
use crate::zone::find_zone;

/// 2024-07-01 12:00:00 UTC.
pub(crate) const NOW: i64 = 1_719_835_200_000_000;

/// A session of Spark 3.5 in a zone.
pub(crate) fn session(ansi: bool, zone: &str) -> Session {
    Session {
        ansi,
        zone: find_zone(zone).expect("a zone"),
        ..Session::new(SparkVersion::V3_5)
    }
}

/// The value of an expression as a cell of a table has it, or the message of its error.
pub(crate) fn answer(sql: &str, session: &Session) -> String {
    let value = value(sql, session);
    value.map_or_else(|message| message, |value| plain_text(&value, session))
}

/// The value of an expression, or the message of its error.
pub(crate) fn value(sql: &str, session: &Session) -> Result<Value, String> {
    let expression = parse_expression_in(sql, session).map_err(|error| error.to_string())?;
    let schema = Schema::default();
    let typed = Resolver::new(&schema, session).resolve(&expression);
    let typed = typed.map_err(|error| error.to_string())?;
    let context = Context {
        session,
        timestamp: NOW,
    };
    let value = typed.value(&[], &context);
    value.map_err(|failure| failure.message().to_string())
}

/// Asserts answers of Spark 3.5 in UTC outside of ANSI mode.
#[track_caller]
pub(crate) fn check(cases: &[(&str, &str)]) {
    check_in(&session(false, "UTC"), cases);
}

/// Asserts answers in a session.
#[track_caller]
pub(crate) fn check_in(session: &Session, cases: &[(&str, &str)]) {
    for (sql, expected) in cases {
        let answer = answer(sql, session);
        assert!(
            answer.starts_with(expected),
            "{sql} is {answer}, not {expected}"
        );
    }
}
