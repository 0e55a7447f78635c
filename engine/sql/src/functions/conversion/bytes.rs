//! Bytes as texts, and texts as bytes: `hex`, `base64`, `encode` and their inverses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::{DataType, Failure, SparkVersion, Value};

use crate::context::Session;
use crate::function::{CallInfo, Mismatch, Takes, Type};
use crate::functions::values::{binary, bytes, failed, string, text, thrown};
use crate::typed::Typed;

/// Characters of a line of base64 (`java.util.Base64.getMimeEncoder`).
const LINE: usize = 76;

/// The argument of `hex`: a number is a `BIGINT`, bytes and texts are themselves, and others texts.
pub(super) fn hex_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let takes = match arguments.first().map(|it| &it.data_type) {
        Some(DataType::Binary) => &[Type::Binary],
        Some(data_type) if Type::Numeric.has(data_type) => &[Type::Long],
        _ => &[Type::String],
    };
    Takes::Exactly(takes).coerce("hex", arguments, session)
}

/// `hex` of a number, a text or bytes.
pub(super) fn hex(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[0] {
        Value::Long(number) => string(format!("{number:X}")),
        other => {
            let digits = bytes(other).iter().map(|byte| format!("{byte:02X}"));
            string(digits.collect::<String>())
        }
    }
}

/// `unhex`: `NULL` of a text that has other characters than digits.
pub(super) fn unhex(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(digits_to_bytes(text(&values[0])).map_or(Value::Null, |bytes| Value::Binary(bytes.into())))
}

/// Two digits are a byte; the first may be one digit alone.
fn digits_to_bytes(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = digits
        .chars()
        .map(|digit| digit.to_digit(16).map(|digit| digit as u8))
        .collect();
    let digits = digits?;
    let (first, pairs) = digits.split_at(digits.len() % 2);
    let pairs = pairs.chunks(2).map(|pair| pair[0] * 16 + pair[1]);
    Some(first.iter().copied().chain(pairs).collect())
}

/// `base64`: in lines of 76 characters.
pub(super) fn base64(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let encoded = STANDARD.encode(bytes(&values[0]));
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(LINE)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    string(lines.join("\r\n"))
}

/// `unbase64`: characters of no meaning do not count (`java.util.Base64.getMimeDecoder`).
pub(super) fn unbase64(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    binary(&decode_base64(text(&values[0])).map_err(thrown)?)
}

fn decode_base64(encoded: &str) -> Result<Vec<u8>, &'static str> {
    let value = |character: char| match character {
        'A'..='Z' => Some(character as u32 - 'A' as u32),
        'a'..='z' => Some(character as u32 - 'a' as u32 + 26),
        '0'..='9' => Some(character as u32 - '0' as u32 + 52),
        '+' => Some(62),
        '/' => Some(63),
        _ => None,
    };
    let mut decoded = Vec::new();
    let mut unit = 0;
    let mut count = 0;
    let mut rest = encoded.chars();
    for character in rest.by_ref() {
        if character == '=' {
            break;
        }
        let Some(value) = value(character) else {
            continue;
        };
        unit = unit << 6 | value;
        count += 1;
        if count == 4 {
            decoded.extend_from_slice(&u32::to_be_bytes(unit)[1..]);
            (unit, count) = (0, 0);
        }
    }
    let rest = rest.as_str();
    let is_padded = encoded.contains('=');
    match count {
        0 | 1 if is_padded => return Err("Input byte array has wrong 4-byte ending unit"),
        1 => return Err("Last unit does not have enough valid bits"),
        2 if is_padded && !rest.starts_with('=') => {
            return Err("Input byte array has wrong 4-byte ending unit");
        }
        2 => decoded.push((unit >> 4) as u8),
        3 => decoded.extend_from_slice(&u16::to_be_bytes((unit >> 2) as u16)),
        _ => {}
    }
    if rest.chars().any(|character| value(character).is_some()) {
        return Err("Input byte array has incorrect ending byte");
    }
    Ok(decoded)
}

/// The encodings.
#[derive(Clone, Copy)]
enum Charset {
    Ascii,
    Latin1,
    Utf8,
    /// With a mark of the order of its bytes.
    Utf16,
    Utf16BigEndian,
    Utf16LittleEndian,
}

impl Charset {
    fn of(name: &str, function: &str, session: &Session) -> Result<Charset, Failure> {
        let name_upper = name.to_ascii_uppercase();
        Ok(match (name_upper.as_str(), session.spark) {
            ("UTF-8", _) | ("UTF8", SparkVersion::V3_5) => Charset::Utf8,
            ("US-ASCII", _) | ("ASCII", SparkVersion::V3_5) => Charset::Ascii,
            ("ISO-8859-1", _) | ("LATIN1" | "ISO8859-1" | "ISO8859_1", SparkVersion::V3_5) => {
                Charset::Latin1
            }
            ("UTF-16", _) => Charset::Utf16,
            ("UTF-16BE", _) => Charset::Utf16BigEndian,
            ("UTF-16LE", _) => Charset::Utf16LittleEndian,
            (_, SparkVersion::V3_5) => return Err(thrown(name)),
            (_, SparkVersion::V4) => {
                let message = format!(
                    "The value of parameter(s) `charset` in `{function}` is invalid: expects one of the iso-8859-1, \
                     us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8, but got {name}."
                );
                return Err(failed(
                    session,
                    "INVALID_PARAMETER_VALUE.CHARSET",
                    &message,
                    "22023",
                ));
            }
        })
    }

    /// The bytes of a text, and true if a character has none and stands as `?`.
    fn encode(self, text: &str) -> (Vec<u8>, bool) {
        let narrow = |limit: u32| {
            let is_lossy = text.chars().any(|it| u32::from(it) >= limit);
            let bytes = text.chars().map(|it| match u32::from(it) {
                code if code < limit => code as u8,
                _ => b'?',
            });
            (bytes.collect(), is_lossy)
        };
        let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
        match self {
            Charset::Ascii => narrow(0x80),
            Charset::Latin1 => narrow(0x100),
            Charset::Utf8 => (text.as_bytes().to_vec(), false),
            Charset::Utf16 if text.is_empty() => (Vec::new(), false),
            Charset::Utf16 => {
                let mut bytes = vec![0xFE, 0xFF];
                bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
                (bytes, false)
            }
            Charset::Utf16BigEndian => (units(u16::to_be_bytes), false),
            Charset::Utf16LittleEndian => (units(u16::to_le_bytes), false),
        }
    }

    /// The text of some bytes, and true if some are none and stand as U+FFFD.
    fn decode(self, bytes: &[u8]) -> (String, bool) {
        let units = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
            let pairs = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
            let units: Vec<u16> = pairs.collect();
            let is_lossy = String::from_utf16(&units).is_err() || !bytes.len().is_multiple_of(2);
            let mut text = String::from_utf16_lossy(&units);
            if !bytes.len().is_multiple_of(2) {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            (text, is_lossy)
        };
        match self {
            Charset::Ascii => {
                let text = bytes.iter().map(|byte| match byte {
                    ..0x80 => char::from(*byte),
                    _ => char::REPLACEMENT_CHARACTER,
                });
                (text.collect(), !bytes.is_ascii())
            }
            Charset::Latin1 => (bytes.iter().copied().map(char::from).collect(), false),
            Charset::Utf8 => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                (text, std::str::from_utf8(bytes).is_err())
            }
            Charset::Utf16 => match bytes {
                [0xFF, 0xFE, rest @ ..] => units(rest, u16::from_le_bytes),
                [0xFE, 0xFF, rest @ ..] => units(rest, u16::from_be_bytes),
                _ => units(bytes, u16::from_be_bytes),
            },
            Charset::Utf16BigEndian => units(bytes, u16::from_be_bytes),
            Charset::Utf16LittleEndian => units(bytes, u16::from_le_bytes),
        }
    }
}

/// Spark 4 refuses characters and bytes that an encoding does not have.
fn check_coding(
    is_lossy: bool,
    function: &str,
    charset: &str,
    session: &Session,
) -> Result<(), Failure> {
    if !is_lossy || session.spark == SparkVersion::V3_5 {
        return Ok(());
    }
    let message = format!("Invalid value found when performing `{function}` with {charset}");
    Err(failed(
        session,
        "MALFORMED_CHARACTER_CODING",
        &message,
        "22000",
    ))
}

/// `encode(text, charset)`.
pub(super) fn encode(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let name = text(&values[1]);
    let charset = Charset::of(name, "encode", call.session)?;
    let (bytes, is_lossy) = charset.encode(text(&values[0]));
    check_coding(is_lossy, "encode", name, call.session)?;
    binary(&bytes)
}

/// `decode(bytes, charset)`.
pub(super) fn decode(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let name = text(&values[1]);
    let charset = Charset::of(name, "decode", call.session)?;
    let (text, is_lossy) = charset.decode(bytes(&values[0]));
    check_coding(is_lossy, "decode", name, call.session)?;
    string(text)
}

/// The arguments of `to_binary`: a text, and a format that is written down.
pub(super) fn to_binary_types(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    let takes = Takes::Optional {
        required: 1,
        parameters: &[Type::String, Type::String],
    };
    takes.coerce("to_binary", arguments, session)?;
    let format = arguments.get(1).map(|format| format.constant(session));
    match format {
        None | Some(Some(Value::Null)) => Ok(()),
        Some(Some(Value::String(format))) if is_format(&format) => Ok(()),
        Some(format) => {
            let got = match format {
                Some(Value::String(format)) => format!("'{format}'"),
                _ => "another expression".to_owned(),
            };
            Err(Mismatch::new(
                "DATATYPE_MISMATCH.INVALID_ARG_VALUE",
                format!(
                    "The fmt value must to be a case-insensitive \"STRING\" literal of 'hex', 'utf-8', 'utf8', or \
                     'base64', but got {got}."
                ),
            ))
        }
    }
}

fn is_format(format: &str) -> bool {
    ["hex", "utf-8", "utf8", "base64"].contains(&format.to_ascii_lowercase().as_str())
}

/// `to_binary(text, format)`.
pub(super) fn to_binary(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let format = values.get(1).map_or("hex", |format| text(format));
    let whole = text(&values[0]);
    let bytes = read_binary(whole, format).ok_or_else(|| {
        let message = format!(
            "The value '{whole}' ('{}') cannot be converted to \"BINARY\" because it is malformed. Correct the value as \
             per the syntax, or change its format. Use `try_to_binary` to tolerate malformed input and return NULL \
             instead.",
            format.to_uppercase()
        );
        failed(call.session, "CONVERSION_INVALID_INPUT", &message, "22018")
    });
    binary(&bytes?)
}

/// `try_to_binary(text, format)`: `NULL` also of an unknown format.
pub(super) fn try_to_binary(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let format = values.get(1).map_or("hex", |format| text(format));
    let bytes = read_binary(text(&values[0]), format);
    bytes.map_or(Ok(Value::Null), |bytes| binary(&bytes))
}

fn read_binary(text: &str, format: &str) -> Option<Vec<u8>> {
    match format.to_ascii_lowercase().as_str() {
        "hex" => digits_to_bytes(text),
        "utf-8" | "utf8" => Some(text.as_bytes().to_vec()),
        "base64" if is_base64(text) => decode_base64(text).ok(),
        _ => None,
    }
}

/// Digits of base64 in whole units, with padding at the end alone (`UnBase64.isValidBase64`).
fn is_base64(text: &str) -> bool {
    let mut digits = 0;
    let mut padding = 0;
    for character in text.chars() {
        match character {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' if padding == 0 => digits += 1,
            '=' if padding < 2 => padding += 1,
            _ if character.is_whitespace() => {}
            _ => return false,
        }
    }
    match padding {
        0 => digits % 4 != 1,
        _ => digits % 4 >= 2 && (digits % 4 + padding) == 4,
    }
}

/// `NULL` where an argument is, of digits that are none, and in Spark 4 of a text, which a method of the JVM encodes.
pub(super) fn to_binary_nullable(arguments: &[Typed], session: &Session) -> bool {
    let format = arguments.get(1).and_then(|format| format.constant(session));
    let is_never_null = match format {
        Some(Value::String(format)) => match format.to_ascii_lowercase().as_str() {
            "hex" => false,
            "base64" => true,
            _ => session.spark == SparkVersion::V3_5,
        },
        _ => false,
    };
    !is_never_null || arguments.iter().any(|it| it.nullable)
}
