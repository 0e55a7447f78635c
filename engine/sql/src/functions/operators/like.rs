//! Patterns of `%` and `_` (`regexpExpressions.scala`, `StringUtils.escapeLikeRegex`).

use engine::{DataType, Failure, SparkVersion, Value};

use crate::context::Session;
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Prepared, Replaced, Takes,
    Type,
};
use crate::functions::{self, failures};
use crate::typed::Typed;

const TEXTS: Takes = Takes::Optional {
    required: 2,
    parameters: &[Type::String, Type::String, Type::String],
};

const PATTERNS: Takes = Takes::Repeated {
    first: &[Type::String],
    rest: Type::String,
    least: 2,
};

const BOOLEAN: Gives = Gives::Type(DataType::Boolean);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "like",
        TEXTS,
        BOOLEAN,
        Evaluate::Prepared(|call| Ok(prepared(call, false))),
    )
    .instead(without_escape)
    .text(ColumnText::By(like_text)),
    Function::new(
        "ilike",
        TEXTS,
        BOOLEAN,
        Evaluate::Prepared(|call| Ok(prepared(call, true))),
    )
    .text(ColumnText::By(|texts| {
        format!("ilike({}, {})", texts[0], texts[1])
    })),
    of_all("likeany", |values, call| {
        quantified(values, call, true, true)
    }),
    of_all("likeall", |values, call| {
        quantified(values, call, false, true)
    }),
    of_all("notlikeany", |values, call| {
        quantified(values, call, true, false)
    }),
    of_all("notlikeall", |values, call| {
        quantified(values, call, false, false)
    }),
];

/// Of several patterns, which its column text does not have.
const fn of_all(
    name: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(name, PATTERNS, BOOLEAN, Evaluate::Eager(evaluate))
        .nulls(Nulls::Always)
        .text(ColumnText::First(1))
}

fn like_text(texts: &[String]) -> String {
    match texts {
        [text, pattern, escape] => format!("{text} LIKE {pattern} ESCAPE '{escape}'"),
        _ => format!("{} LIKE {}", texts[0], texts[1]),
    }
}

/// Spark 3.5 does not write the escape.
fn without_escape(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<Option<Replaced>, Mismatch> {
    if session.spark != SparkVersion::V3_5 || arguments.len() < 3 {
        return Ok(None);
    }
    let like = functions::find("like").expect("the function is in the table");
    Ok(Some(Replaced {
        typed: like.typed_call(std::mem::take(arguments), session)?,
        text: Some("{0} LIKE {1}".to_owned()),
    }))
}

/// The character before `%`, `_` and itself that makes them stand for themselves.
const ESCAPE: char = '\\';

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    /// This character.
    Character(char),
    /// `_`: any character.
    One,
    /// `%`: any characters, be it none.
    Any,
}

fn parts(pattern: &str, escape: char, session: &Session) -> Result<Vec<Part>, Failure> {
    let invalid = |class: &str, reason: &str| {
        let quoted = pattern.replace('\\', "\\\\").replace('\'', "\\'");
        let class = format!("INVALID_FORMAT.{class}");
        let message = format!("The format is invalid: '{quoted}'. {reason}");
        failures::classified(session, &class, &message, "42601")
    };
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            it if it == escape => match characters.next() {
                Some(next) if next == '_' || next == '%' || next == escape => Part::Character(next),
                Some(next) => {
                    let reason =
                        format!("The escape character is not allowed to precede '{next}'.");
                    return Err(invalid("ESC_IN_THE_MIDDLE", &reason));
                }
                None => {
                    let reason = "The escape character is not allowed to end with.";
                    return Err(invalid("ESC_AT_THE_END", reason));
                }
            },
            '_' => Part::One,
            '%' => Part::Any,
            other => Part::Character(other),
        });
    }
    Ok(parts)
}

/// True if the whole text is as the pattern says.
fn matches(text: &str, parts: &[Part]) -> bool {
    let mut rest = text.chars();
    let mut place = 0;
    // The last `%`, and the text from which it is tried again with one character more.
    let mut retry = None;
    loop {
        match parts.get(place) {
            Some(Part::Any) => {
                place += 1;
                retry = Some((place, rest.clone()));
                continue;
            }
            None if rest.as_str().is_empty() => return true,
            Some(part) => {
                let mut ahead = rest.clone();
                match (ahead.next(), part) {
                    (Some(_), Part::One) => {
                        rest = ahead;
                        place += 1;
                        continue;
                    }
                    (Some(found), Part::Character(wanted)) if found == *wanted => {
                        rest = ahead;
                        place += 1;
                        continue;
                    }
                    _ => {}
                }
            }
            None => {}
        }
        let Some((after, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        place = *after;
        rest = from.clone();
    }
}

fn prepared(call: &CallInfo<'_>, ignores_case: bool) -> Prepared {
    let session = call.session.clone();
    let compile = move |values: &[Value]| {
        let (Value::String(pattern), escape) = (&values[0], escape(values.get(1))) else {
            unreachable!("`LIKE` takes texts, not {values:?}");
        };
        if ignores_case {
            return parts(&pattern.to_lowercase(), escape, &session);
        }
        parts(pattern, escape, &session)
    };
    let literals: Option<Vec<Value>> = call.arguments[1..]
        .iter()
        .map(|it| it.as_literal().cloned())
        .collect();
    let literals = literals.filter(|it| !it.contains(&Value::Null));
    let known = literals.map(|values| compile(&values));
    Prepared::new(move |values| {
        let Value::String(text) = &values[0] else {
            unreachable!("`LIKE` takes texts, not {values:?}");
        };
        let compiled;
        let parts = if let Some(known) = &known {
            known.as_ref().map_err(Clone::clone)?
        } else {
            compiled = compile(&values[1..])?;
            &compiled
        };
        Ok(Value::Boolean(if ignores_case {
            matches(&text.to_lowercase(), parts)
        } else {
            matches(text, parts)
        }))
    })
}

fn escape(value: Option<&Value>) -> char {
    match value {
        Some(Value::String(text)) => text.chars().next().unwrap_or(ESCAPE),
        _ => ESCAPE,
    }
}

/// True if the text is as any pattern says, or as all; `NULL` if that depends on one that is `NULL`.
fn quantified(
    values: &[Value],
    call: &CallInfo<'_>,
    is_any: bool,
    is_like: bool,
) -> Result<Value, Failure> {
    let Value::String(text) = &values[0] else {
        return Ok(Value::Null);
    };
    let mut has_null = false;
    for pattern in &values[1..] {
        let Value::String(pattern) = pattern else {
            has_null = true;
            continue;
        };
        let holds = matches(text, &parts(pattern, ESCAPE, call.session)?) == is_like;
        if holds == is_any {
            return Ok(Value::Boolean(is_any));
        }
    }
    Ok(if has_null {
        Value::Null
    } else {
        Value::Boolean(!is_any)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::SparkVersion;

    #[track_caller]
    fn check(text: &str, pattern: &str, expected: bool) {
        let session = Session::new(SparkVersion::V3_5);
        let parts = parts(pattern, ESCAPE, &session).expect("the pattern is one");
        assert_eq!(matches(text, &parts), expected, "{text:?} LIKE {pattern:?}");
    }

    #[test]
    fn a_pattern_stands_for_the_whole_text() {
        check("Spark", "S%", true);
        check("Spark", "_park", true);
        check("Spark", "s%", false);
        check("Spark", "", false);
        check("", "%", true);
        check("Spark", "%ar%", true);
        check("aXbXc", "a%X%c", true);
        check("aab", "%ab", true);
        check("a\nb", "a_b", true);
        check("😀", "_", true);
        check("a%c", "a\\%c", true);
        check("abc", "a\\%c", false);
    }

    #[test]
    fn an_escape_stands_before_a_sign_that_means_something() {
        let session = Session::new(SparkVersion::V3_5);
        let failure = |pattern| {
            parts(pattern, ESCAPE, &session)
                .err()
                .map(|it| it.to_string())
        };
        let middle = "[INVALID_FORMAT.ESC_IN_THE_MIDDLE] The format is invalid: 'a\\\\bc'. The escape character is \
                      not allowed to precede 'b'.";
        assert_eq!(failure("a\\bc").as_deref(), Some(middle));
        let end = "[INVALID_FORMAT.ESC_AT_THE_END] The format is invalid: 'abc\\\\'. The escape character is not \
                   allowed to end with.";
        assert_eq!(failure("abc\\").as_deref(), Some(end));
    }
}
