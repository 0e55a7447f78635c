//! Dates and times to texts and back, by patterns.

use engine::{DataType, Failure, FailureKind, SparkVersion, Value};

use super::pattern::{Moment, ParseError, Pattern, PatternError};
use super::takes::{cast_implicitly, check_count, unexpected};
use super::{DATE, LONG, MICROS_PER_DAY, MICROS_PER_SECOND, STRING, TIMESTAMP, legacy, micros};
use crate::context::Session;
use crate::failures::{ansi_advice, failure, long_overflow};
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Prepared, Takes, Type,
};
use crate::literal_text::sql_value;
use crate::typed::Typed;
use crate::zone::{instant_of_local, local_micros, start_of_day};

/// The pattern where none is written.
const DEFAULT: &str = "yyyy-MM-dd HH:mm:ss";

/// Without a pattern that of the cast; else outside of ANSI mode a text that cannot be read is `NULL`.
const OF_TEXT: Nulls = Nulls::By(|arguments, session| {
    arguments.iter().any(|it| it.nullable) || (arguments.len() > 1 && !session.ansi)
});

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "date_format",
        Takes::Exactly(&[Type::Timestamp, Type::String]),
        STRING,
        Evaluate::Prepared(|call| Ok(prepared(call, false, false, format_timestamp))),
    ),
    Function::new(
        "from_unixtime",
        Takes::By(seconds_and_pattern),
        STRING,
        Evaluate::Prepared(|call| Ok(prepared(call, false, false, format_seconds))),
    )
    .nulls(Nulls::Always)
    .text(ColumnText::Filled(2, &[DEFAULT])),
    to_time("to_timestamp", TIMESTAMP, |arguments, session| {
        text_and_pattern("to_timestamp", &DataType::Timestamp, arguments, session)
    }),
    to_time("to_timestamp_ltz", TIMESTAMP, |arguments, session| {
        text_and_pattern("to_timestamp_ltz", &DataType::Timestamp, arguments, session)
    }),
    to_time(
        "to_timestamp_ntz",
        Gives::Type(DataType::TimestampNtz),
        |arguments, session| {
            text_and_pattern(
                "to_timestamp_ntz",
                &DataType::TimestampNtz,
                arguments,
                session,
            )
        },
    ),
    to_time("to_date", DATE, |arguments, session| {
        text_and_pattern("to_date", &DataType::Date, arguments, session)
    }),
    try_to_time("try_to_timestamp", TIMESTAMP, |arguments, session| {
        tried("try_to_timestamp", &DataType::Timestamp, arguments, session)
    }),
    try_to_time("try_to_date", DATE, |arguments, session| {
        tried("try_to_date", &DataType::Date, arguments, session)
    })
    .since_4(),
    to_seconds("unix_timestamp").text(ColumnText::By(|arguments| match arguments {
        [] => format!("unix_timestamp(current_timestamp(), {DEFAULT})"),
        [text] => format!("unix_timestamp({text}, {DEFAULT})"),
        _ => format!("unix_timestamp({})", arguments.join(", ")),
    })),
    to_seconds("to_unix_timestamp").text(ColumnText::Filled(2, &[DEFAULT])),
];

const fn to_time(
    name: &'static str,
    gives: Gives,
    takes: fn(&mut Vec<Typed>, &Session) -> Result<(), Mismatch>,
) -> Function {
    let evaluate = Evaluate::Prepared(|call| Ok(prepared(call, true, false, to_value)));
    Function::new(name, Takes::By(takes), gives, evaluate).nulls(OF_TEXT)
}

const fn try_to_time(
    name: &'static str,
    gives: Gives,
    takes: fn(&mut Vec<Typed>, &Session) -> Result<(), Mismatch>,
) -> Function {
    let evaluate = Evaluate::Prepared(|call| Ok(prepared(call, true, true, to_value)));
    Function::new(name, Takes::By(takes), gives, evaluate).nulls(Nulls::Always)
}

const fn to_seconds(name: &'static str) -> Function {
    let evaluate = Evaluate::Prepared(|call| Ok(prepared(call, true, false, to_value)));
    Function::new(name, Takes::By(text_for_seconds), LONG, evaluate).nulls(Nulls::By(
        |arguments, session| !session.ansi || arguments.iter().any(|it| it.nullable),
    ))
}

fn seconds_and_pattern(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let takes = Takes::Optional {
        required: 1,
        parameters: &[Type::Long, Type::String],
    };
    takes.coerce("from_unixtime", arguments, session)?;
    add_default(arguments);
    Ok(())
}

fn add_default(arguments: &mut Vec<Typed>) {
    if arguments.len() == 1 {
        let pattern = Value::String(DEFAULT.into());
        arguments.push(Typed::literal(pattern, DataType::String));
    }
}

/// A value to cast, or a text and its pattern.
fn text_and_pattern(
    function: &str,
    to: &DataType,
    arguments: &mut [Typed],
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(function, arguments.len(), 1..=2)?;
    if arguments.len() == 1 {
        return arguments[0].cast_in_place(to, session);
    }
    expect_text_or_time(arguments, session)
}

/// The same of a function that gives `NULL` for a text that cannot be read.
fn tried(
    function: &str,
    to: &DataType,
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(function, arguments.len(), 1..=2)?;
    if arguments.len() == 2 {
        return expect_text_or_time(arguments, session);
    }
    let operand = arguments.remove(0);
    arguments.push(operand.cast(to, true, session)?);
    Ok(())
}

fn text_for_seconds(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("unix_timestamp", arguments.len(), 0..=2)?;
    if arguments.is_empty() {
        let now =
            crate::functions::find("current_timestamp").expect("the function is in the table");
        arguments.push(now.typed(Vec::new(), session)?);
    }
    add_default(arguments);
    expect_text_or_time(arguments, session)
}

/// A text, a date or a timestamp, and a pattern.
fn expect_text_or_time(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    let first = &mut arguments[0];
    match first.data_type {
        DataType::String | DataType::Date | DataType::Timestamp | DataType::TimestampNtz => {}
        DataType::Null => first.cast_in_place(&DataType::String, session)?,
        _ => {
            let takes = "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\")";
            return Err(unexpected(0, takes, first, session));
        }
    }
    cast_implicitly(arguments, 1, Type::String, session)
}

/// The evaluation of values by a pattern, and what it needs to know.
type ByPattern = fn(&[Value], &Wanted, &Reader) -> Result<Value, Failure>;

/// The result that a call is to give.
#[derive(Clone, Debug)]
struct Wanted {
    session: Session,
    result: DataType,
    /// A text that cannot be read fails; else it is `NULL`.
    is_strict: bool,
}

/// A pattern, and its text.
struct Reader {
    text: String,
    pattern: Result<Pattern, PatternError>,
}

impl Reader {
    fn new(text: &str, is_parsing: bool) -> Reader {
        Reader {
            text: text.to_owned(),
            pattern: Pattern::new(text, is_parsing),
        }
    }

    fn pattern(&self, session: &Session) -> Result<&Pattern, Failure> {
        let error = self.pattern.as_ref();
        error.map_err(|error| invalid_pattern(&self.text, error, session))
    }
}

/// Reads a pattern that was written down once, and any other one for each row.
fn prepared(call: &CallInfo<'_>, is_parsing: bool, is_try: bool, evaluate: ByPattern) -> Prepared {
    let wanted = Wanted {
        session: call.session.clone(),
        result: call.result.clone(),
        is_strict: call.session.ansi && !is_try,
    };
    let known = call.arguments.get(1).and_then(Typed::as_literal);
    let known = known.and_then(|known| match known {
        Value::String(text) => Some(Reader::new(text, is_parsing)),
        _ => None,
    });
    Prepared::new(move |values| match (&known, values.get(1)) {
        (Some(reader), _) => evaluate(values, &wanted, reader),
        (None, Some(Value::String(text))) => {
            evaluate(values, &wanted, &Reader::new(text, is_parsing))
        }
        // A value that was cast is there already.
        _ => Ok(values[0].clone()),
    })
}

fn format_timestamp(values: &[Value], wanted: &Wanted, reader: &Reader) -> Result<Value, Failure> {
    format(micros(&values[0]), wanted, reader)
}

fn format_seconds(values: &[Value], wanted: &Wanted, reader: &Reader) -> Result<Value, Failure> {
    let seconds = super::arithmetic::count(&values[0]);
    format(seconds.wrapping_mul(MICROS_PER_SECOND), wanted, reader)
}

fn format(micros: i64, wanted: &Wanted, reader: &Reader) -> Result<Value, Failure> {
    let pattern = reader.pattern(&wanted.session)?;
    let text = pattern.format(&Moment::new(micros, &wanted.session.zone));
    let text = text.map_err(|message| Failure::new(FailureKind::Spark, message))?;
    Ok(Value::String(text.into()))
}

/// A text by its pattern, or a date or a timestamp, as the result of the call.
fn to_value(values: &[Value], wanted: &Wanted, reader: &Reader) -> Result<Value, Failure> {
    let zone = &wanted.session.zone;
    let micros = match &values[0] {
        Value::String(text) => match of_text(text, wanted, reader)? {
            Some(micros) => micros,
            None => return Ok(Value::Null),
        },
        Value::Date(days) => start_of_day(zone, (*days).into()).ok_or_else(long_overflow)?,
        time => micros(time),
    };
    Ok(match wanted.result {
        DataType::Long => Value::Long(micros / MICROS_PER_SECOND),
        DataType::TimestampNtz => Value::TimestampNtz(micros),
        DataType::Date => Value::Date(local_micros(zone, micros).div_euclid(MICROS_PER_DAY) as i32),
        _ => Value::Timestamp(micros),
    })
}

/// The microsecond of a text; `None` if it cannot be read and is `NULL` for that.
fn of_text(text: &str, wanted: &Wanted, reader: &Reader) -> Result<Option<i64>, Failure> {
    let session = &wanted.session;
    let pattern = reader.pattern(session)?;
    let read = pattern.parse(text).and_then(|parsed| {
        let time = parsed.local_time().map_err(ParseError)?;
        let overflow = || ParseError("long overflow".to_owned());
        let local = time.to_micros().ok_or_else(overflow)?;
        if wanted.result == DataType::TimestampNtz {
            return Ok(local);
        }
        let zone = parsed.zone.as_ref().unwrap_or(&session.zone);
        instant_of_local(zone, local).ok_or_else(overflow)
    });
    let error = match read {
        Ok(micros) => return Ok(Some(micros)),
        Err(error) => error,
    };
    if session.spark == SparkVersion::V3_5 && legacy::takes_text(&reader.text, text) {
        return Err(read_before(text, session));
    }
    if !wanted.is_strict {
        return Ok(None);
    }
    let advice = match (session.spark, &wanted.result) {
        (SparkVersion::V3_5, _) => ansi_advice(session).to_owned(),
        (SparkVersion::V4, result) => {
            let function = if *result == DataType::Date {
                "try_to_date"
            } else {
                "try_to_timestamp"
            };
            format!(" Use `{function}` to tolerate invalid input string and return NULL instead.")
        }
    };
    let message = format!("{}.{advice}", error.0);
    Err(failure(
        FailureKind::Spark,
        "CANNOT_PARSE_TIMESTAMP",
        &message,
        "22007",
        session,
    ))
}

/// A text that Spark before version 3 read (`SparkUpgradeException`).
fn read_before(text: &str, session: &Session) -> Failure {
    let text = sql_value(&Value::String(text.into()), session);
    let message = format!(
        "You may get a different result due to the upgrading to Spark >= 3.0:\nFail to parse {text} in the new \
         parser. You can set \"spark.sql.legacy.timeParserPolicy\" to \"LEGACY\" to restore the behavior before Spark \
         3.0, or set to \"CORRECTED\" and treat it as an invalid datetime string."
    );
    let condition = "INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER";
    failure(FailureKind::Spark, condition, &message, "42K0B", session)
}

const GUIDE: &str = "You can form a valid datetime pattern with the guide from \
                     'https://spark.apache.org/docs/latest/sql-ref-datetime-pattern.html'.";

/// A text that is no pattern.
fn invalid_pattern(pattern: &str, error: &PatternError, session: &Session) -> Failure {
    let quoted = sql_value(&Value::String(pattern.into()), session);
    let upgraded = "You may get a different result due to the upgrading to Spark >= 3.0:";
    if legacy::takes_pattern(pattern) {
        let message = format!(
            "{upgraded}\nFail to recognize {quoted} pattern in the DateTimeFormatter. 1) You can set \
             \"spark.sql.legacy.timeParserPolicy\" to \"LEGACY\" to restore the behavior before Spark 3.0. 2) {GUIDE}"
        );
        let condition = "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION";
        return failure(FailureKind::Spark, condition, &message, "42K0B", session);
    }
    if session.spark == SparkVersion::V3_5 {
        return Failure::new(FailureKind::Spark, java_message(error));
    }
    let (condition, message, state) = match error {
        PatternError::WeekBased(letter) => (
            "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN",
            format!(
                "{upgraded}\nAll week-based patterns are unsupported since Spark 3.0, detected week-based character: \
                 {letter}.\nPlease use the SQL function EXTRACT instead."
            ),
            "42K0B",
        ),
        PatternError::Illegal(letter) => (
            "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
            format!(
                "Unrecognized datetime pattern: {pattern}. Illegal pattern character found in datetime pattern: \
                 {letter}. Please provide legal character."
            ),
            "22007",
        ),
        PatternError::TooMany(_) => (
            "INVALID_DATETIME_PATTERN.LENGTH",
            format!(
                "Unrecognized datetime pattern: {pattern}. Too many letters in datetime pattern: {pattern}. Please \
                 reduce pattern length."
            ),
            "22007",
        ),
        PatternError::Other(_) => (
            "INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
            format!("Unrecognized datetime pattern: {quoted}. {GUIDE}"),
            "22007",
        ),
    };
    failure(FailureKind::Spark, condition, &message, state, session)
}

/// The words of Spark 3.5 and Java for a text that is no pattern.
fn java_message(error: &PatternError) -> String {
    match error {
        PatternError::WeekBased(letter) => format!(
            "All week-based patterns are unsupported since Spark 3.0, detected: {letter}, Please use the SQL function \
             EXTRACT instead"
        ),
        PatternError::Illegal(letter) => format!("Illegal pattern character: {letter}"),
        PatternError::TooMany(letter) => format!("Too many pattern letters: {letter}"),
        PatternError::Other(message) => message.clone(),
    }
}
