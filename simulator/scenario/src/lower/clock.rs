//! `[clock]`.

use std::time::Duration;

use engine::Time;
use jiff::tz::{TimeZoneDatabase, TimeZoneName};
use toml::Spanned;
use toml::de::DeValue;

use super::fields::Fields;
use super::value;
use crate::diagnostic::{Code, Draft};
use crate::instant::{self, InstantError};
use crate::quote::quote;
use crate::suggest::nearest;
use crate::words::{CLOCK_TABLE, INTERVAL, START, STOP, TIMEZONE};
use crate::{Clock, duration};

/// A clock whose mistaken parts are absent, with the places that other tables are compared with.
pub(super) struct DraftClock {
    pub(super) start: Option<Time>,
    /// `None` if it is mistaken, so that nothing is compared with it.
    pub(super) interval: Option<Duration>,
    pub(super) stop: Option<Spanned<Duration>>,
    timezone: String,
}

impl DraftClock {
    pub(super) fn into_clock(self) -> Clock {
        Clock {
            start: self.start.unwrap_or_default(),
            interval: self.interval.unwrap_or_default(),
            stop: self.stop.map(Spanned::into_inner),
            timezone: self.timezone,
        }
    }
}

pub(super) fn lower(top: &Fields) -> DraftClock {
    let clock = top.section(&CLOCK_TABLE);
    DraftClock {
        start: start(&clock),
        interval: interval(&clock),
        stop: clock.duration(&STOP),
        timezone: timezone(&clock).unwrap_or_else(|| TIMEZONE.default_text().to_owned()),
    }
}

fn interval(clock: &Fields) -> Option<Duration> {
    match clock.value(&INTERVAL) {
        Some(_) => clock.duration(&INTERVAL).map(Spanned::into_inner),
        None => duration::parse(INTERVAL.default_text()).ok(),
    }
}

fn start(clock: &Fields) -> Option<Time> {
    let Some(value) = clock.value(&START) else {
        return instant::parse(START.default_text()).ok();
    };
    let start = match value.get_ref() {
        DeValue::Datetime(datetime) => instant::parse(&datetime.to_string()),
        DeValue::String(text) => instant::parse(text),
        _ => return value::wrong_type(clock.sink, &START, value, "a date and time"),
    };
    start
        .map_err(|error| {
            let help = match error {
                InstantError::NoOffset => "add `Z` for UTC, or an offset such as `+02:00`",
                _ => "for example\nstart = 2018-06-21T23:00:29Z",
            };
            let draft = Draft::new(Code::BadInstant, value.span(), error.to_string());
            clock.push(draft.label(error.label()).help(help));
        })
        .ok()
}

fn timezone(clock: &Fields) -> Option<String> {
    let value = clock.value(&TIMEZONE)?;
    let name = value::text(clock.sink, &TIMEZONE, value)?;
    let database = TimeZoneDatabase::bundled();
    let known: Vec<_> = database.available().collect();
    let mut names = known.iter().map(TimeZoneName::as_str);
    if names.clone().any(|known| known == name) {
        return Some(name.to_owned());
    }
    let help = match nearest(name, &mut names) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "an IANA name such as `UTC`, `Europe/Berlin` or `America/New_York`".to_owned(),
    };
    let message = format!("unknown time zone {}", quote(name));
    let draft = Draft::new(Code::UnknownTimeZone, value.span(), message);
    clock.push(draft.label("not in the time zone database").help(help));
    None
}
