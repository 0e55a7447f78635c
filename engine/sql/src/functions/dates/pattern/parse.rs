//! Texts read by a pattern.

use jiff::tz::{Offset, TimeZone};

use super::super::zone_names;
use super::fields::Field;
use super::offset::OffsetStyle;
use super::resolve::Parsed;
use super::{Item, Number, Pattern, Sign, offset};
use crate::zone::find_zone;

/// The reason why a text does not follow a pattern, in Java's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct ParseError(pub(in super::super) String);

impl Pattern {
    /// The fields of a text.
    pub(in super::super) fn parse(&self, text: &str) -> Result<Parsed, ParseError> {
        let mut parsed = Parsed::default();
        let shown = shortened(text);
        let index = |at: usize| text[..at].encode_utf16().count();
        let end = parse_all(&self.items, text, 0, &mut parsed).map_err(|at| {
            ParseError(format!(
                "Text '{shown}' could not be parsed at index {}",
                index(at)
            ))
        })?;
        if end < text.len() {
            return Err(ParseError(format!(
                "Text '{shown}' could not be parsed, unparsed text found at index {}",
                index(end)
            )));
        }
        let resolved = parsed.resolve();
        resolved.map_err(|message| {
            ParseError(format!("Text '{shown}' could not be parsed: {message}"))
        })?;
        Ok(parsed)
    }
}

/// As a message shows the text.
fn shortened(text: &str) -> String {
    if text.chars().count() <= 64 {
        return text.to_owned();
    }
    text.chars().take(64).chain("...".chars()).collect()
}

/// The end of the items at a place of the text, or the place where the text is otherwise.
fn parse_all(
    items: &[Item],
    text: &str,
    start: usize,
    parsed: &mut Parsed,
) -> Result<usize, usize> {
    let mut at = start;
    for item in items {
        at = parse_one(item, text, at, parsed)?;
    }
    Ok(at)
}

fn parse_one(item: &Item, text: &str, at: usize, parsed: &mut Parsed) -> Result<usize, usize> {
    let rest = &text[at..];
    match item {
        Item::Number(number) => number.parse(text, at, parsed),
        Item::ShortYear(field) => {
            let digits = rest
                .get(..2)
                .filter(|it| it.bytes().all(|it| it.is_ascii_digit()));
            let year = digits.and_then(|it| it.parse::<i64>().ok()).ok_or(at)?;
            parsed.set(*field, 2_000 + year, at, at + 2)
        }
        Item::Fraction { least, most } => {
            let digits = rest
                .bytes()
                .take(*most)
                .take_while(u8::is_ascii_digit)
                .count();
            if digits < *least {
                return Err(at);
            }
            let nanos = format!("{:0<9}", &rest[..digits]).parse().map_err(|_| at)?;
            parsed.set_nanos(nanos, at, at + digits)
        }
        Item::Name { field, is_full } => {
            let names = field.names(*is_full);
            let found = names.iter().find(|(_, name)| {
                rest.get(..name.len())
                    .is_some_and(|it| it.eq_ignore_ascii_case(name))
            });
            let (number, name) = found.ok_or(at)?;
            parsed.set(*field, *number, at, at + name.len())
        }
        Item::Offset(style) => with_offset(style.parse(rest), at, parsed),
        Item::GmtOffset { is_full } => with_offset(offset::parse_gmt(rest, *is_full), at, parsed),
        Item::ZoneId => with_zone(zone_id(rest), at, parsed),
        Item::ZoneName { .. } => with_zone(
            zone_names::parse(rest).or_else(|| zone_id(rest)),
            at,
            parsed,
        ),
        Item::Literal(literal) => {
            let is_here = rest
                .get(..literal.len())
                .is_some_and(|it| it.to_lowercase() == literal.to_lowercase());
            if is_here {
                Ok(at + literal.len())
            } else {
                Err(at)
            }
        }
        Item::Optional(items) => {
            let mut tried = parsed.clone();
            Ok(match parse_all(items, text, at, &mut tried) {
                Ok(end) => {
                    *parsed = tried;
                    end
                }
                Err(_) => at,
            })
        }
    }
}

fn with_offset(
    found: Option<(i64, usize)>,
    at: usize,
    parsed: &mut Parsed,
) -> Result<usize, usize> {
    let (seconds, length) = found.ok_or(at)?;
    let offset = Offset::from_seconds(seconds as i32).map_err(|_| at)?;
    parsed.zone = Some(TimeZone::fixed(offset));
    Ok(at + length)
}

fn with_zone(
    found: Option<(TimeZone, usize)>,
    at: usize,
    parsed: &mut Parsed,
) -> Result<usize, usize> {
    let (zone, length) = found.ok_or(at)?;
    parsed.zone = Some(zone);
    Ok(at + length)
}

/// The longest identifier of a zone at the start of a text.
fn zone_id(text: &str) -> Option<(TimeZone, usize)> {
    if text.starts_with(['+', '-']) {
        let (seconds, end) = OffsetStyle::of_letters('X', 5).parse(text)?;
        let offset = Offset::from_seconds(seconds as i32).ok()?;
        return Some((TimeZone::fixed(offset), end));
    }
    let is_part = |it: char| it.is_ascii_alphanumeric() || "/_+-:~.".contains(it);
    let most = text.find(|it| !is_part(it)).unwrap_or(text.len());
    (1..=most).rev().find_map(|end| {
        let name = &text[..end];
        // The short names of three letters are names, and no identifiers.
        let is_short = name.len() == 3 && !name.contains(['+', '-']);
        let zone = match find_zone(name) {
            Some(zone) if !is_short || matches!(name, "UTC" | "GMT") => Some(zone),
            _ => TimeZone::get(name).ok(),
        };
        zone.map(|zone| (zone, end))
    })
}

impl Number {
    /// Reads digits, and leaves as many as the numbers need that follow.
    fn parse(self, text: &str, start: usize, parsed: &mut Parsed) -> Result<usize, usize> {
        let bytes = text.as_bytes();
        let (position, sign) = match bytes.get(start) {
            Some(b'-') if self.sign != Sign::NotNegative => (start + 1, Some(-1)),
            Some(b'+') if self.sign == Sign::ExceedsPad => (start + 1, Some(1)),
            Some(_) => (start, None),
            None => return Err(start),
        };
        let digits = |most: usize| {
            let digits = bytes[position..].iter().take(most);
            digits.take_while(|it| it.is_ascii_digit()).count()
        };
        let mut count = digits(self.most + self.reserved);
        if count < self.least {
            return Err(position);
        }
        if self.reserved > 0 {
            count = digits(self.least.max(count.saturating_sub(self.reserved)));
        }
        let end = position + count;
        let number: i64 = text[position..end].parse().map_err(|_| position)?;
        match (sign, self.sign) {
            (Some(-1), _) if number == 0 => return Err(start),
            (Some(1), Sign::ExceedsPad) if count <= self.least => return Err(start),
            (None, Sign::ExceedsPad) if count > self.least => return Err(position),
            _ => {}
        }
        parsed.set(self.field, sign.unwrap_or(1) * number, start, end)
    }
}

impl Parsed {
    /// Takes the number of a field, which must not have another one already.
    fn set(&mut self, field: Field, number: i64, at: usize, end: usize) -> Result<usize, usize> {
        match self.fields.insert(field, number) {
            Some(other) if other != number => Err(at),
            _ => Ok(end),
        }
    }

    fn set_nanos(&mut self, nanos: i64, at: usize, end: usize) -> Result<usize, usize> {
        match self.nanos.replace(nanos) {
            Some(other) if other != nanos => Err(at),
            _ => Ok(end),
        }
    }
}
