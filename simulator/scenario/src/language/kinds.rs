//! The kinds of plain values: texts, numbers, durations, instants.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use engine::Time;
use jiff::tz::{TimeZoneDatabase, TimeZoneName};
use toml::de::DeValue;

use super::key::{Described, Kind};
use super::table::{Shape, TomlTable};
use super::toml::{array, text};
use super::written::Written;
use crate::instant::{self, InstantError};
use crate::quote::quote;
use crate::suggest::nearest;
use crate::{Code, duration, size};

/// Any text.
pub(crate) struct AnyText;

/// The name of a pipeline.
pub(crate) struct PipelineName;

/// The name of a time zone.
pub(crate) struct ZoneName;

/// `true` or `false`.
pub(crate) struct Flag;

/// The argument of a step that has none to choose: `count = true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct True;

/// A whole number, not smaller nor greater than these.
pub(crate) struct Integer<T>(pub(crate) T, pub(crate) T);

/// A number, not smaller nor greater than these.
pub(crate) struct Real(pub(crate) f64, pub(crate) f64);

/// A duration, not shorter nor longer than these.
pub(crate) struct Span(pub(crate) Duration, pub(crate) Duration);

/// The longest duration: what fits a signed number of milliseconds.
pub(crate) const DURATION_MAX: Duration = Duration::from_millis(i64::MAX as u64);

/// The shortest duration that is not zero.
const MILLISECOND: Duration = Duration::from_millis(1);

impl Span {
    /// A duration at or after the start.
    pub(crate) const OFFSET: Span = Span(Duration::ZERO, DURATION_MAX);

    /// A duration that is not zero.
    pub(crate) const LENGTH: Span = Span(MILLISECOND, DURATION_MAX);

    /// A batch interval: 365 days at most.
    pub(crate) const INTERVAL: Span = Span(MILLISECOND, Duration::from_hours(365 * 24));
}

/// A number of bytes, one at least.
pub(crate) struct Size;

/// A date, a time and an offset.
pub(crate) struct Instant;

/// An array of texts.
pub(crate) struct Texts;

/// A table of words and the number of times each comes, in these bounds.
pub(crate) struct Counts(pub(crate) i64, pub(crate) i64);

/// A table.
pub(crate) struct Subtable(pub(crate) &'static TomlTable);

/// An array of tables.
pub(crate) struct Subtables(pub(crate) &'static TomlTable);

impl Described for Counts {
    fn shape(&self) -> Shape {
        Shape::Counts(self.0, self.1)
    }
}

impl Described for Subtable {
    fn shape(&self) -> Shape {
        Shape::Table(self.0)
    }
}

impl Described for Subtables {
    fn shape(&self) -> Shape {
        Shape::Tables(self.0)
    }
}

impl Kind for AnyText {
    type Value = String;

    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn read(&self, written: &Written) -> Option<String> {
        written.text().map(str::to_owned)
    }

    fn write(&self, value: &String) -> String {
        text(value)
    }
}

impl Kind for PipelineName {
    type Value = String;

    fn shape(&self) -> Shape {
        Shape::Name
    }

    fn read(&self, written: &Written) -> Option<String> {
        written.text().map(str::to_owned)
    }

    fn write(&self, value: &String) -> String {
        text(value)
    }
}

impl Kind for ZoneName {
    type Value = Cow<'static, str>;

    fn shape(&self) -> Shape {
        Shape::Zone
    }

    fn read(&self, written: &Written) -> Option<Self::Value> {
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

    fn write(&self, value: &Self::Value) -> String {
        text(value)
    }
}

impl Kind for Flag {
    type Value = bool;

    fn shape(&self) -> Shape {
        Shape::Flag
    }

    fn read(&self, written: &Written) -> Option<bool> {
        let flag = written.value.get_ref().as_bool();
        flag.or_else(|| written.wrong_type(written.key.shape().noun()))
    }

    fn write(&self, value: &bool) -> String {
        value.to_string()
    }
}

impl Kind for True {
    type Value = True;

    fn shape(&self) -> Shape {
        Shape::True
    }

    fn read(&self, written: &Written) -> Option<True> {
        match written.value.get_ref() {
            DeValue::Boolean(true) => Some(True),
            _ => written.wrong_type(written.key.shape().noun()),
        }
    }

    fn write(&self, _: &True) -> String {
        true.to_string()
    }
}

impl<T: Copy + TryInto<i64>> Integer<T> {
    fn bounds(&self) -> (i64, i64) {
        let bound = |it: T| it.try_into().unwrap_or(i64::MAX);
        (bound(self.0), bound(self.1))
    }
}

impl<T: Copy + Display + Sync + TryInto<i64> + TryFrom<i64>> Kind for Integer<T> {
    type Value = T;

    fn shape(&self) -> Shape {
        let (least, most) = self.bounds();
        Shape::Integer(least, most)
    }

    fn read(&self, written: &Written) -> Option<T> {
        let (least, most) = self.bounds();
        let integer = written.integer(least, most)?;
        integer.try_into().ok()
    }

    fn write(&self, value: &T) -> String {
        value.to_string()
    }
}

impl Kind for Real {
    type Value = f64;

    fn shape(&self) -> Shape {
        Shape::Number(self.0, self.1)
    }

    fn read(&self, written: &Written) -> Option<f64> {
        let (shown, digits) = match written.value.get_ref() {
            DeValue::Integer(it) => (it.to_string(), it.as_str()),
            DeValue::Float(it) => (it.to_string(), it.as_str()),
            _ => return written.wrong_type(written.key.shape().noun()),
        };
        let number = digits.parse::<f64>().ok();
        number
            .filter(|it| (self.0..=self.1).contains(it))
            .or_else(|| written.out_of_range(&shown, &self.0, &self.1))
    }

    fn write(&self, value: &f64) -> String {
        format!("{value:?}")
    }
}

impl Kind for Span {
    type Value = Duration;

    fn shape(&self) -> Shape {
        Shape::Span(self.0, self.1)
    }

    fn read(&self, written: &Written) -> Option<Duration> {
        let Some(text) = written.value.get_ref().as_str() else {
            return written.wrong_type("a duration in quotes");
        };
        match duration::parse(text) {
            Ok(duration) if (self.0..=self.1).contains(&duration) => Some(duration),
            Ok(_) => {
                let [least, most] = [self.0, self.1].map(duration::print);
                written.out_of_range(&text, &least, &most)
            }
            Err(error) => {
                let message = format!("{} is not a duration", quote(text));
                let mistake = Code::BadDuration.at(written.value.span(), message);
                let help = "durations are written as \"250ms\", \"1.5s\", \"2m\" or \"1h\"";
                let mistake = mistake.label(error.to_string()).help(help);
                written.push(mistake);
                None
            }
        }
    }

    fn write(&self, value: &Duration) -> String {
        text(&duration::print(*value))
    }
}

impl Kind for Size {
    type Value = u64;

    fn shape(&self) -> Shape {
        Shape::Size
    }

    fn read(&self, written: &Written) -> Option<u64> {
        let Some(text) = written.value.get_ref().as_str() else {
            return written.wrong_type("a number of bytes in quotes");
        };
        match size::parse(text) {
            Ok(0) => written.out_of_range(&text, &"1B", &size::print(u64::MAX)),
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let message = format!("{} is not a number of bytes", quote(text));
                let mistake = Code::BadSize.at(written.value.span(), message);
                let help = "sizes are written as \"64kB\", \"512MB\" or \"2GiB\"";
                let mistake = mistake.label(error.to_string()).help(help);
                written.push(mistake);
                None
            }
        }
    }

    fn write(&self, value: &u64) -> String {
        text(&size::print(*value))
    }
}

impl Kind for Instant {
    type Value = Time;

    fn shape(&self) -> Shape {
        Shape::Instant
    }

    fn read(&self, written: &Written) -> Option<Time> {
        let instant = match written.value.get_ref() {
            DeValue::Datetime(datetime) => instant::parse(&datetime.to_string()),
            DeValue::String(text) => instant::parse(text),
            _ => return written.wrong_type(written.key.shape().noun()),
        };
        instant
            .map_err(|error| {
                let help = match error {
                    InstantError::NoOffset => "add `Z` for UTC, or an offset such as `+02:00`",
                    _ => "for example\nstart = 2018-06-21T23:00:29Z",
                };
                let mistake = Code::BadInstant.at(written.value.span(), error.to_string());
                written.push(mistake.label(error.label()).help(help));
            })
            .ok()
    }

    fn write(&self, value: &Time) -> String {
        instant::print(*value)
    }
}

impl Kind for Texts {
    type Value = Vec<String>;

    fn shape(&self) -> Shape {
        Shape::Texts
    }

    fn read(&self, written: &Written) -> Option<Vec<String>> {
        let texts = written.items()?.filter_map(|item| item.text());
        Some(texts.map(str::to_owned).collect())
    }

    fn write(&self, value: &Vec<String>) -> String {
        array(value)
    }
}
