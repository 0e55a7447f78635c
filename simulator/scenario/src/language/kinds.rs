//! The kinds of values: texts, numbers, durations, instants, words, and tables that are one value.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use engine::Time;
use jiff::tz::{TimeZoneDatabase, TimeZoneName};
use toml::de::DeValue;

use super::keywords::Keywords;
use super::reader::TableReader;
use super::table::{KindValue, Shape, TomlTable};
use super::toml::{Items, array, key, text};
use super::written::{Written, in_order};
use crate::instant::{self, InstantError};
use crate::quote::quote;
use crate::suggest::nearest;
use crate::{Code, duration, size};

/// A kind of value that is read to a `T`, and written from one.
pub(crate) enum Kind<T: 'static> {
    /// A value that is neither one of some words nor a table of keys.
    Plain {
        shape: Shape,
        /// Reads a value, or reports its mistake.
        read: fn(&Written) -> Option<T>,
        /// The value as TOML.
        write: fn(&T) -> String,
    },
    /// One of these words.
    Word(&'static Keywords<T>),
    /// A table that is one value.
    Table(TableOf<T>),
    /// One of these words, or a table that is one value.
    WordOr(&'static Keywords<T>, TableOf<T>),
}

/// A table that is one value.
pub(crate) struct TableOf<T> {
    pub(crate) table: &'static TomlTable,
    /// Reads the value, or reports its mistakes.
    pub(crate) read: fn(&TableReader) -> Option<T>,
    /// Adds the keys of the value.
    pub(crate) write: fn(&T, &mut Items),
}

impl<T: KindValue> Kind<T> {
    /// The values of this kind, as the schema and the reference describe them.
    pub(crate) fn shape(&self) -> Shape {
        match self {
            Kind::Plain { shape, .. } => *shape,
            Kind::Word(words) => Shape::Word(*words),
            Kind::Table(it) => Shape::Table(it.table),
            Kind::WordOr(words, it) => Shape::WordOr(*words, it.table),
        }
    }

    /// Reads a value, or reports its mistake.
    pub(crate) fn read(&self, written: &Written) -> Option<T> {
        match (self, written.value.get_ref()) {
            (Kind::Plain { read, .. }, _) => read(written),
            (Kind::Table(it), _) | (Kind::WordOr(_, it), DeValue::Table(_)) => {
                (it.read)(&TableReader::open(written, it.table)?)
            }
            (Kind::Word(words) | Kind::WordOr(words, _), _) => words.read(written),
        }
    }

    /// The value as TOML, at a stream with this slide: a window says its slide only where it differs.
    pub(crate) fn write(&self, value: &T, slide: Duration) -> String {
        match self {
            Kind::Plain { write, .. } => write(value),
            Kind::Word(words) => {
                let word = words.word(value);
                text(word.expect("every meaning of a key that takes a word has one"))
            }
            Kind::Table(it) => it.inline(value, slide),
            Kind::WordOr(words, it) => {
                let word = words.word(value);
                word.map_or_else(|| it.inline(value, slide), text)
            }
        }
    }
}

impl<T> TableOf<T> {
    fn inline(&self, value: &T, slide: Duration) -> String {
        let mut items = Items::on_slide(slide);
        (self.write)(value, &mut items);
        items.inline()
    }
}

/// The argument of a step that has none to choose: `count = true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct True;

/// The longest duration: what fits a signed number of milliseconds.
pub(crate) const DURATION_MAX: Duration = Duration::from_millis(i64::MAX as u64);

/// The shortest duration that is not zero.
const MILLISECOND: Duration = Duration::from_millis(1);

impl Kind<String> {
    /// Any text.
    pub(crate) const TEXT: Kind<String> = Kind::of_text(Shape::Text);

    /// The name of a pipeline.
    pub(crate) const NAME: Kind<String> = Kind::of_text(Shape::Name);

    /// The name of a table in SQL.
    pub(crate) const TABLE_NAME: Kind<String> = Kind::of_text(Shape::TableName);

    const fn of_text(shape: Shape) -> Kind<String> {
        Kind::Plain {
            shape,
            read: |written| written.text().map(str::to_owned),
            write: |value| text(value),
        }
    }
}

impl Kind<Cow<'static, str>> {
    /// The name of a time zone.
    pub(crate) const ZONE: Kind<Cow<'static, str>> = Kind::Plain {
        shape: Shape::Zone,
        read: read_zone,
        write: |value| text(value),
    };
}

impl Kind<bool> {
    /// `true` or `false`.
    pub(crate) const FLAG: Kind<bool> = Kind::Plain {
        shape: Shape::Flag,
        read: |written| {
            let flag = written.value.get_ref().as_bool();
            flag.or_else(|| written.wrong_type(written.key.shape().noun()))
        },
        write: bool::to_string,
    };
}

impl Kind<True> {
    /// `true`: the presence of the key is all its meaning.
    pub(crate) const TRUE: Kind<True> = Kind::Plain {
        shape: Shape::True,
        read: |written| match written.value.get_ref() {
            DeValue::Boolean(true) => Some(True),
            _ => written.wrong_type(written.key.shape().noun()),
        },
        write: |_| true.to_string(),
    };
}

impl<T: Display + TryFrom<i64>> Kind<T> {
    /// A whole number, not smaller nor greater than these.
    pub(crate) const fn integer(least: i64, most: i64) -> Kind<T> {
        Kind::Plain {
            shape: Shape::Integer(least, most),
            read: |written| written.integer()?.try_into().ok(),
            write: T::to_string,
        }
    }
}

impl Kind<f64> {
    /// A number, not smaller nor greater than these.
    pub(crate) const fn number(least: f64, most: f64) -> Kind<f64> {
        Kind::Plain {
            shape: Shape::Number(least, most),
            read: |written| written.number(),
            write: |value| format!("{value:?}"),
        }
    }
}

impl Kind<Duration> {
    /// A duration at or after the start.
    pub(crate) const OFFSET: Kind<Duration> = Kind::duration(Duration::ZERO, DURATION_MAX);

    /// A duration that is not zero.
    pub(crate) const LENGTH: Kind<Duration> = Kind::duration(MILLISECOND, DURATION_MAX);

    /// A batch interval: 365 days at most.
    pub(crate) const INTERVAL: Kind<Duration> =
        Kind::duration(MILLISECOND, Duration::from_hours(365 * 24));

    /// The time of some work, to the microsecond.
    pub(crate) const WORK: Kind<Duration> = Kind::Plain {
        shape: Shape::Work,
        read: |written| {
            let help = "costs are written as \"20us\", \"250ms\", \"1.5s\" or \"2m\"";
            written.quantity(duration::parse_micros, Code::BadDuration, help)
        },
        write: |value| text(&duration::print_micros(*value)),
    };

    /// A duration, not shorter nor longer than these.
    const fn duration(least: Duration, most: Duration) -> Kind<Duration> {
        Kind::Plain {
            shape: Shape::Span(least, most),
            read: read_duration,
            write: |value| text(&duration::print(*value)),
        }
    }
}

impl Kind<u64> {
    /// A number of bytes, one at least.
    pub(crate) const SIZE: Kind<u64> = Kind::Plain {
        shape: Shape::Size,
        read: read_size,
        write: |value| text(&size::print(*value)),
    };
}

impl Kind<Time> {
    /// A date, a time and an offset.
    pub(crate) const INSTANT: Kind<Time> = Kind::Plain {
        shape: Shape::Instant,
        read: read_instant,
        write: |value| instant::print(*value),
    };
}

impl Kind<Vec<String>> {
    /// An array of texts.
    pub(crate) const TEXTS: Kind<Vec<String>> = Kind::Plain {
        shape: Shape::Texts,
        read: |written| {
            let texts = written.items()?.filter_map(|item| item.text());
            Some(texts.map(str::to_owned).collect())
        },
        write: |value| array(value),
    };
}

impl Kind<Vec<(String, String)>> {
    /// Options of a data source by their names, in the order written.
    pub(crate) const OPTIONS: Kind<Vec<(String, String)>> = Kind::Plain {
        shape: Shape::Options,
        read: read_options,
        write: |options| {
            let options = options.iter();
            let options = options.map(|(name, value)| format!("{} = {}", key(name), text(value)));
            format!("{{ {} }}", options.collect::<Vec<_>>().join(", "))
        },
    };
}

fn read_options(written: &Written) -> Option<Vec<(String, String)>> {
    let options = in_order(written.table()?).into_iter().map(|(name, value)| {
        let value = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Boolean(flag) => flag.to_string(),
            _ => {
                return written
                    .part(value)
                    .wrong_type("texts, numbers, true and false");
            }
        };
        Some((name.get_ref().to_string(), value))
    });
    options.collect()
}

fn read_zone(written: &Written) -> Option<Cow<'static, str>> {
    let name = written.text()?;
    let database = TimeZoneDatabase::bundled();
    let known: Vec<_> = database.available().collect();
    let mut names = known.iter().map(TimeZoneName::as_str);
    if names.clone().any(|known| known == name) {
        return Some(Cow::Owned(name.to_owned()));
    }
    let help = match nearest(name, &mut names) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "an IANA name such as `UTC`, `Europe/Berlin` or `America/New_York`".to_owned(),
    };
    let message = format!("unknown time zone {}", quote(name));
    let mistake = Code::UnknownTimeZone.at(written.value.span(), message);
    let mistake = mistake.label("not in the time zone database");
    written.push(mistake.help(help));
    None
}

fn read_duration(written: &Written) -> Option<Duration> {
    let help = "durations are written as \"250ms\", \"1.5s\", \"2m\" or \"1h\", or as Spark has them: \"10 minutes\"";
    let duration = written.quantity(duration::parse, Code::BadDuration, help)?;
    match written.key.shape() {
        // No duration that can be read is longer than the longest one.
        Shape::Span(least, DURATION_MAX) if duration < least => {
            written.refuse_value(format!("at least {}", duration::print(least)))
        }
        Shape::Span(least, most) if !(least..=most).contains(&duration) => {
            written.out_of_range(duration::print(least), duration::print(most))
        }
        _ => Some(duration),
    }
}

fn read_size(written: &Written) -> Option<u64> {
    let help = "sizes are written as \"64kB\", \"512MB\" or \"2GiB\"";
    match written.quantity(size::parse, Code::BadSize, help)? {
        0 => written.out_of_range("1B", size::print(u64::MAX)),
        bytes => Some(bytes),
    }
}

fn read_instant(written: &Written) -> Option<Time> {
    let instant = match written.value.get_ref() {
        DeValue::Datetime(datetime) => instant::parse(&datetime.to_string()),
        DeValue::String(text) => instant::parse(text),
        _ => return written.wrong_type(written.key.shape().noun()),
    };
    let report = |error: InstantError| {
        let help = match error {
            InstantError::NoOffset => "add `Z` for UTC, or an offset such as `+02:00`",
            _ => "for example\nstart = 2018-06-21T23:00:29Z",
        };
        let mistake = Code::BadInstant.at(written.value.span(), error.to_string());
        written.push(mistake.label(error.label()).help(help));
    };
    instant.map_err(report).ok()
}
