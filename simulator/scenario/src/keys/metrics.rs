//! Delays and rates in `expect`.

use std::time::Duration;

use crate::language::{Items, KeyCount, Kind, TableOf, TableReader, TomlKey, toml_table};
use crate::{Bounds, Code};

/// Bounds of a time.
pub(super) const TIME_BOUNDS: Kind<Bounds<Duration>> = Kind::Table(TableOf {
    table: &TIME_BOUNDS_TABLE,
    read: |table| read(table, &TIME_AT_LEAST, &TIME_AT_MOST),
    write: |bounds, items| write(bounds, items, &TIME_AT_LEAST, &TIME_AT_MOST),
});

/// Bounds of a number.
pub(super) const COUNT_BOUNDS: Kind<Bounds<u64>> = Kind::Table(TableOf {
    table: &COUNT_BOUNDS_TABLE,
    read: |table| read(table, &COUNT_AT_LEAST, &COUNT_AT_MOST),
    write: |bounds, items| write(bounds, items, &COUNT_AT_LEAST, &COUNT_AT_MOST),
});

/// Bounds of a rate.
pub(super) const RATE_BOUNDS: Kind<Bounds<f64>> = Kind::Table(TableOf {
    table: &RATE_BOUNDS_TABLE,
    read: |table| read(table, &RATE_AT_LEAST, &RATE_AT_MOST),
    write: |bounds, items| write(bounds, items, &RATE_AT_LEAST, &RATE_AT_MOST),
});

toml_table! {
    TIME_BOUNDS_TABLE = "time_bounds", "in the bounds of a time", KeyCount::Any;
    "The bounds of a time, both included: one of them, or both."

    "It is not shorter than this."
    TIME_AT_LEAST: TomlKey<Duration> = ("at_least", Kind::OFFSET, r#"at_least = "2m""#);

    "It is not longer than this."
    TIME_AT_MOST: TomlKey<Duration> = ("at_most", Kind::OFFSET, r#"at_most = "500ms""#);
}

toml_table! {
    COUNT_BOUNDS_TABLE = "count_bounds", "in the bounds of a number", KeyCount::Any;
    "The bounds of a number, both included: one of them, or both."

    "It is not less than this."
    COUNT_AT_LEAST: TomlKey<u64> = ("at_least", Kind::integer(0, i64::MAX), "at_least = 3");

    "It is not more than this."
    COUNT_AT_MOST: TomlKey<u64> = ("at_most", Kind::integer(0, i64::MAX), "at_most = 1");
}

toml_table! {
    RATE_BOUNDS_TABLE = "rate_bounds", "in the bounds of a rate", KeyCount::Any;
    "The bounds of a rate, in records a second, both included: one of them, or both."

    "It is not less than this."
    RATE_AT_LEAST: TomlKey<f64> = ("at_least", Kind::number(0.0, 1e12), "at_least = 90");

    "It is not more than this."
    RATE_AT_MOST: TomlKey<f64> = ("at_most", Kind::number(0.0, 1e12), "at_most = 100");
}

fn read<T: Clone + PartialEq + PartialOrd + Sync + 'static>(
    table: &TableReader,
    at_least: &'static TomlKey<T>,
    at_most: &'static TomlKey<T>,
) -> Option<Bounds<T>> {
    if table.is_empty() {
        let mistake = Code::NothingHappens.at(table.span(), "bounds that bound nothing");
        let [least, most] = [at_least, at_most].map(|key| key.text.example);
        let help = format!("for example `{least}`, or `{most}`, or both");
        table.push(mistake.label("empty").help(help));
    }
    if !table.has(at_least) && !table.has(at_most) {
        return None;
    }
    let bounds = Bounds {
        at_least: table.get(at_least),
        at_most: table.get(at_most),
    };
    if let (Some(least), Some(most)) = (&bounds.at_least, &bounds.at_most)
        && least > most
    {
        let mistake = Code::OutOfRange.at(table.span(), "nothing is within these bounds");
        let help = "`at_least` is the lower bound, and `at_most` the upper one";
        table.push(mistake.label("`at_least` is above `at_most`").help(help));
        return None;
    }
    Some(bounds)
}

fn write<T: Clone + PartialEq + Sync + 'static>(
    bounds: &Bounds<T>,
    items: &mut Items,
    at_least: &TomlKey<T>,
    at_most: &TomlKey<T>,
) {
    items.set_some(at_least, bounds.at_least.as_ref());
    items.set_some(at_most, bounds.at_most.as_ref());
}
