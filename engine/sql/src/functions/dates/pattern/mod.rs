//! Patterns of dates and times: `yyyy-MM-dd HH:mm:ss` (`java.time.format.DateTimeFormatterBuilder.appendPattern`, with
//! what Spark's `DateTimeFormatterHelper` changes of it).

mod compile;
mod fields;
mod format;
mod offset;
mod parse;
mod resolve;

pub(super) use compile::PatternError;
pub(super) use format::Moment;
pub(super) use parse::ParseError;

use fields::Field;
use offset::OffsetStyle;

/// A pattern, read once.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    items: Vec<Item>,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    /// A number.
    Number(Number),
    /// A year of two digits, from 2000 on.
    ShortYear(Field),
    /// Digits of a fraction of a second.
    Fraction { least: usize, most: usize },
    /// A name.
    Name { field: Field, is_full: bool },
    /// An offset from UTC.
    Offset(OffsetStyle),
    /// `GMT+8`, or `GMT+08:00`.
    GmtOffset { is_full: bool },
    /// The identifier of a zone.
    ZoneId,
    /// The name of a zone: `PST`, `Pacific Standard Time`.
    ZoneName { is_full: bool },
    /// Text that stands as it is.
    Literal(String),
    /// A part that may be missing.
    Optional(Vec<Item>),
}

/// A number with some digits.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Number {
    field: Field,
    least: usize,
    most: usize,
    sign: Sign,
    /// The digits of the numbers that follow without anything between.
    reserved: usize,
}

/// The signs of numbers (`java.time.format.SignStyle`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// `-` of negative ones.
    Normal,
    /// None.
    NotNegative,
    /// `-` of negative ones, and `+` of those with more digits than the least number.
    ExceedsPad,
}
