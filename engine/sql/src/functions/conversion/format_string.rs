//! `format_string`: texts by a pattern of `java.util.Formatter`.

use engine::render::Notation;
use engine::{Failure, Value, order};

use super::digits::{Half, Number, grouped};
use crate::context::Session;
use crate::function::{CallInfo, Mismatch, Takes, Type};
use crate::functions::values::{string, thrown};
use crate::typed::Typed;

/// A pattern, and values that have a text of their own.
pub(super) fn types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let takes = Takes::Repeated {
        first: &[Type::String],
        rest: Type::Any,
        least: 1,
    };
    takes.coerce("format_string", arguments, session)?;
    if let Some(Value::String(pattern)) = arguments[0].as_literal()
        && pattern.contains("%0$")
    {
        return Err(Mismatch::new(
            "INVALID_PARAMETER_VALUE.ZERO_INDEX",
            "The value of parameter(s) `strfmt` in `format_string` is invalid: expects %1$, %2$ and so on, but got %0$.",
        ));
    }
    Ok(())
}

/// `format_string(pattern, a, b, ..)`.
pub(super) fn format_string(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let Value::String(pattern) = &values[0] else {
        return Ok(Value::Null);
    };
    let mut out = String::new();
    let mut rest = pattern.as_str();
    let mut next = 0;
    let mut last = None;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (specifier, behind) = Specifier::parse(&rest[at..]).map_err(thrown)?;
        rest = behind;
        match specifier.conversion {
            'n' => out.push('\n'),
            '%' => out.push_str(&specifier.padded("%".to_owned())),
            _ => {
                let index = match specifier.index {
                    Index::Next => {
                        next += 1;
                        next
                    }
                    Index::Last => last.unwrap_or(usize::MAX),
                    Index::At(index) => index,
                };
                last = Some(index);
                let value = values[1..]
                    .get(index.wrapping_sub(1))
                    .ok_or_else(|| thrown(format!("Format specifier '{}'", specifier.text)))?;
                out.push_str(&specifier.format(value).map_err(thrown)?);
            }
        }
    }
    out.push_str(rest);
    string(out)
}

/// The value that a specifier is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index {
    Next,
    /// That of the one before: `%<s`.
    Last,
    /// The one of this number: `%2$s`.
    At(usize),
}

/// `%1$-10.2f`.
#[derive(Debug)]
struct Specifier<'a> {
    text: &'a str,
    index: Index,
    flags: &'a str,
    width: usize,
    precision: Option<usize>,
    conversion: char,
    is_upper: bool,
}

impl<'a> Specifier<'a> {
    /// Reads one that begins with `%`, and returns the rest.
    fn parse(text: &'a str) -> Result<(Specifier<'a>, &'a str), String> {
        let mut rest = &text[1..];
        let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
        let count = digits(rest);
        let index = if count > 0 && rest[count..].starts_with('$') {
            let index = rest[..count].parse().unwrap_or(0);
            rest = &rest[count + 1..];
            Index::At(index)
        } else if let Some(behind) = rest.strip_prefix('<') {
            rest = behind;
            Index::Last
        } else {
            Index::Next
        };
        let end = rest
            .find(|it| !"-#+ 0,(".contains(it))
            .unwrap_or(rest.len());
        let (flags, behind) = rest.split_at(end);
        let count = digits(behind);
        let (width, behind) = behind.split_at(count);
        let (precision, behind) = match behind.strip_prefix('.') {
            Some(behind) => {
                let (precision, behind) = behind.split_at(digits(behind));
                (
                    Some(precision.parse().map_err(|_| "Conversion = '.'")?),
                    behind,
                )
            }
            None => (None, behind),
        };
        let letter = behind.chars().next().ok_or("Conversion = '%'")?;
        let rest = &behind[letter.len_utf8()..];
        let unknown = || format!("Conversion = '{letter}'");
        let conversion = letter.to_ascii_lowercase();
        let has_upper = matches!(conversion, 'b' | 'h' | 's' | 'c' | 'x' | 'e' | 'g');
        match conversion {
            'b' | 'h' | 's' | 'c' | 'd' | 'o' | 'x' | 'e' | 'f' | 'g' | '%' | 'n' => {}
            'a' | 't' => return Err(format!("the conversion %{letter} is not supported here")),
            _ => return Err(unknown()),
        }
        if letter.is_ascii_uppercase() && !has_upper {
            return Err(unknown());
        }
        let specifier = Specifier {
            text: &text[..text.len() - rest.len()],
            index,
            flags,
            width: if width.is_empty() {
                0
            } else {
                width.parse().map_err(|_| unknown())?
            },
            precision,
            conversion,
            is_upper: letter.is_ascii_uppercase(),
        };
        if specifier.width == 0 && (specifier.has('-') || specifier.has('0')) {
            return Err(specifier.text.to_owned());
        }
        // Java has no text of more characters.
        if specifier.width.max(precision.unwrap_or(0)) > 1_000_000 {
            return Err(format!(
                "the width of {} is not supported here",
                specifier.text
            ));
        }
        Ok((specifier, rest))
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    fn format(&self, value: &Value) -> Result<String, String> {
        let text = match (self.conversion, value) {
            ('b', Value::Boolean(truth)) => self.cut(truth.to_string()),
            ('b', value) => self.cut((*value != Value::Null).to_string()),
            (_, Value::Null) => self.cut("null".to_owned()),
            ('s', value) => self.cut(plain(value)?),
            ('h', value) => format!("{:x}", hash_code(value)?),
            ('c', value) => character(value).ok_or_else(|| self.mismatch(value))?,
            ('d' | 'o' | 'x', value) => return self.integral(value),
            (_, Value::Double(number)) => return Ok(self.floating(number.0)),
            (_, Value::Float(number)) => {
                // The digits of a `float` are fewer than those of the same `double`.
                return Ok(self.floating(number.0.to_string().parse().unwrap_or(f64::NAN)));
            }
            _ => return Err(self.mismatch(value)),
        };
        Ok(self.padded(text))
    }

    fn mismatch(&self, value: &Value) -> String {
        format!("{} != {}", self.conversion, class_name(value))
    }

    fn cut(&self, text: String) -> String {
        match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text,
        }
    }

    fn padded(&self, text: String) -> String {
        let text = if self.is_upper {
            text.to_uppercase()
        } else {
            text
        };
        let missing = " ".repeat(self.width.saturating_sub(text.encode_utf16().count()));
        if self.has('-') {
            text + &missing
        } else {
            missing + &text
        }
    }

    fn integral(&self, value: &Value) -> Result<String, String> {
        let (number, bits) = match value {
            Value::Byte(number) => (i64::from(*number), 8),
            Value::Short(number) => (i64::from(*number), 16),
            Value::Integer(number) | Value::Date(number) => (i64::from(*number), 32),
            Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => {
                (*number, 64)
            }
            _ => return Err(self.mismatch(value)),
        };
        let unsigned = number.cast_unsigned() & (u64::MAX >> (64 - bits));
        let prefix = |prefix| if self.has('#') { prefix } else { "" };
        let digits = match self.conversion {
            'x' => format!("{}{unsigned:x}", prefix("0x")),
            'o' => format!("{}{unsigned:o}", prefix("0")),
            _ => {
                let digits = number.unsigned_abs().to_string();
                let digits = if self.has(',') {
                    grouped(&digits, 3)
                } else {
                    digits
                };
                return Ok(self.signed(&digits, number < 0));
            }
        };
        let zeros = if self.has('0') { self.width } else { 0 };
        Ok(self.padded(format!("{digits:0>zeros$}")))
    }

    /// The digits with a sign, and zeros between if they are asked for.
    fn signed(&self, digits: &str, is_negative: bool) -> String {
        let (before, after) = match is_negative {
            true if self.has('(') => ("(", ")"),
            true => ("-", ""),
            false if self.has('+') => ("+", ""),
            false if self.has(' ') => (" ", ""),
            false => ("", ""),
        };
        let zeros = if self.has('0') {
            self.width.saturating_sub(before.len() + after.len())
        } else {
            0
        };
        self.padded(format!("{before}{digits:0>zeros$}{after}"))
    }

    fn floating(&self, number: f64) -> String {
        if number.is_nan() {
            return self.padded("NaN".to_owned());
        }
        let is_negative = number.is_sign_negative();
        if number.is_infinite() {
            return match (is_negative, self.has('('), self.has('+')) {
                (true, true, _) => self.padded("(Infinity)".to_owned()),
                (true, false, _) => self.padded("-Infinity".to_owned()),
                (false, _, true) => self.padded("+Infinity".to_owned()),
                (false, _, false) => self.padded("Infinity".to_owned()),
            };
        }
        let digits = Number::shortest(number);
        let precision = self.precision.unwrap_or(6);
        let text = match self.conversion {
            'f' => self.plain(&digits, precision),
            'e' => scientific(&digits, precision),
            _ => {
                let significant = precision.max(1);
                let rounded = digits.cut(significant as i32, Half::Up);
                // From 10^-4 on, up to as many digits as there may be.
                let is_plain =
                    rounded.digits.is_empty() || (-3..=significant as i32).contains(&rounded.whole);
                if is_plain {
                    let whole = if rounded.digits.is_empty() {
                        1
                    } else {
                        rounded.whole
                    };
                    let places = usize::try_from(significant as i32 - whole).unwrap_or(0);
                    self.plain(&digits, places)
                } else {
                    scientific(&digits, significant - 1)
                }
            }
        };
        self.signed(&text, is_negative)
    }

    fn plain(&self, digits: &Number, places: usize) -> String {
        let (whole, fraction) = digits.rounded(places, Half::Up).parts(places);
        let whole = if self.has(',') {
            grouped(&whole, 3)
        } else {
            whole
        };
        let point = if fraction.is_empty() && !self.has('#') {
            ""
        } else {
            "."
        };
        format!("{whole}{point}{fraction}")
    }
}

/// `1.234568e+04`.
fn scientific(digits: &Number, places: usize) -> String {
    let rounded = digits.cut(places as i32 + 1, Half::Up);
    let exponent = if rounded.digits.is_empty() {
        0
    } else {
        rounded.whole - 1
    };
    let one = Number {
        whole: i32::from(!rounded.digits.is_empty()),
        ..rounded
    };
    let (whole, fraction) = one.parts(places);
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!(
        "{whole}{point}{fraction}e{sign}{:02}",
        exponent.unsigned_abs()
    )
}

/// The text of a value within the JVM: a date is a number of days there, a time one of microseconds.
fn plain(value: &Value) -> Result<String, String> {
    match value {
        Value::Date(days) => Ok(days.to_string()),
        Value::Timestamp(micros)
        | Value::TimestampNtz(micros)
        | Value::DayTimeInterval { micros, .. } => Ok(micros.to_string()),
        Value::YearMonthInterval { months, .. } => Ok(months.to_string()),
        Value::Binary(_) | Value::Array(_) | Value::Map(_) | Value::Struct(_) | Value::Tuple(_) => {
            Err(format!(
                "{} as a text of `format_string` is not supported here: cast it to a STRING",
                class_name(value)
            ))
        }
        other => Ok(Notation::Sql.text(other)),
    }
}

/// The hash code of an object in the JVM.
fn hash_code(value: &Value) -> Result<i32, String> {
    Ok(match value {
        Value::String(text) => order::murmur3::hash_bytes(text.as_bytes(), order::murmur3::SEED),
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::Integer(number) | Value::Date(number) => *number,
        Value::Long(number) | Value::Timestamp(number) => (*number ^ (*number >> 32)) as i32,
        Value::Boolean(truth) => {
            if *truth {
                1_231
            } else {
                1_237
            }
        }
        other => return Err(format!("h of {} is not supported here", class_name(other))),
    })
}

fn character(value: &Value) -> Option<String> {
    let code = match value {
        Value::Byte(number) => i32::from(*number),
        Value::Short(number) => i32::from(*number),
        Value::Integer(number) | Value::Date(number) => *number,
        _ => return None,
    };
    let character = u32::try_from(code).ok().and_then(char::from_u32);
    character.map(String::from)
}

fn class_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Boolean(_) => "java.lang.Boolean",
        Value::Byte(_) => "java.lang.Byte",
        Value::Short(_) => "java.lang.Short",
        Value::Integer(_) | Value::Date(_) | Value::YearMonthInterval { .. } => "java.lang.Integer",
        Value::Long(_)
        | Value::Timestamp(_)
        | Value::TimestampNtz(_)
        | Value::DayTimeInterval { .. } => "java.lang.Long",
        Value::Float(_) => "java.lang.Float",
        Value::Double(_) => "java.lang.Double",
        Value::Decimal(_) => "org.apache.spark.sql.types.Decimal",
        Value::String(_) => "org.apache.spark.unsafe.types.UTF8String",
        Value::Binary(_) => "[B",
        Value::Array(_) | Value::Tuple(_) => "an array",
        Value::Map(_) => "a map",
        Value::Struct(_) => "a struct",
    }
}
