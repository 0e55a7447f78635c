//! The English names of zones, as Java has them (`java.time.format.TextStyle`).

use jiff::tz::{Dst, TimeZone};

use crate::zone::{known_instant, offset_text, zone_name};

/// A zone and its names: short and long, each in winter and in summer.
type Names = (&'static str, [&'static str; 4]);

const CENTRAL_EUROPE: [&str; 4] = [
    "CET",
    "CEST",
    "Central European Standard Time",
    "Central European Summer Time",
];

const EASTERN_EUROPE: [&str; 4] = [
    "EET",
    "EEST",
    "Eastern European Standard Time",
    "Eastern European Summer Time",
];

const US_CENTRAL: [&str; 4] = [
    "CST",
    "CDT",
    "Central Standard Time",
    "Central Daylight Time",
];
const US_EASTERN: [&str; 4] = [
    "EST",
    "EDT",
    "Eastern Standard Time",
    "Eastern Daylight Time",
];
const US_MOUNTAIN: [&str; 4] = [
    "MST",
    "MDT",
    "Mountain Standard Time",
    "Mountain Daylight Time",
];
const UNIVERSAL: [&str; 4] = [
    "UTC",
    "UTC",
    "Coordinated Universal Time",
    "Coordinated Universal Time",
];

/// The zones whose names are known; of those with the same short name the first one is read.
const ZONES: &[Names] = &[
    ("UTC", UNIVERSAL),
    ("Etc/UTC", UNIVERSAL),
    (
        "GMT",
        ["GMT", "GMT", "Greenwich Mean Time", "Greenwich Mean Time"],
    ),
    (
        "America/Los_Angeles",
        [
            "PST",
            "PDT",
            "Pacific Standard Time",
            "Pacific Daylight Time",
        ],
    ),
    ("America/Denver", US_MOUNTAIN),
    ("America/Phoenix", US_MOUNTAIN),
    ("America/Chicago", US_CENTRAL),
    ("America/New_York", US_EASTERN),
    ("America/Toronto", US_EASTERN),
    ("America/Detroit", US_EASTERN),
    (
        "Europe/London",
        ["GMT", "BST", "Greenwich Mean Time", "British Summer Time"],
    ),
    ("Europe/Paris", CENTRAL_EUROPE),
    ("Europe/Amsterdam", CENTRAL_EUROPE),
    ("Europe/Berlin", CENTRAL_EUROPE),
    ("Europe/Brussels", CENTRAL_EUROPE),
    ("Europe/Budapest", CENTRAL_EUROPE),
    ("Europe/Copenhagen", CENTRAL_EUROPE),
    ("Europe/Madrid", CENTRAL_EUROPE),
    ("Europe/Oslo", CENTRAL_EUROPE),
    ("Europe/Prague", CENTRAL_EUROPE),
    ("Europe/Rome", CENTRAL_EUROPE),
    ("Europe/Stockholm", CENTRAL_EUROPE),
    ("Europe/Vienna", CENTRAL_EUROPE),
    ("Europe/Warsaw", CENTRAL_EUROPE),
    ("Europe/Zurich", CENTRAL_EUROPE),
    ("Europe/Athens", EASTERN_EUROPE),
    ("Europe/Bucharest", EASTERN_EUROPE),
    ("Europe/Helsinki", EASTERN_EUROPE),
    ("Europe/Sofia", EASTERN_EUROPE),
    (
        "Europe/Moscow",
        ["MSK", "MSD", "Moscow Standard Time", "Moscow Summer Time"],
    ),
    (
        "Asia/Kolkata",
        ["IST", "IST", "India Standard Time", "India Standard Time"],
    ),
    (
        "Asia/Tokyo",
        ["JST", "JDT", "Japan Standard Time", "Japan Daylight Time"],
    ),
    (
        "Asia/Seoul",
        ["KST", "KDT", "Korean Standard Time", "Korean Daylight Time"],
    ),
];

/// The name of a zone at a point in time.
///
/// # Errors
///
/// The name is not known here.
pub(super) fn name(zone: &TimeZone, micros: i64, is_full: bool) -> Result<String, String> {
    let id = zone_name(zone);
    if zone.iana_name().is_none() {
        let seconds = zone.to_fixed_offset().map_or(0, jiff::tz::Offset::seconds);
        return Ok(offset_text(seconds));
    }
    let is_summer = zone.to_offset_info(known_instant(micros)).dst() == Dst::Yes;
    let index = usize::from(is_full) * 2 + usize::from(is_summer);
    let found = ZONES.iter().find(|(zone, _)| *zone == id);
    found.map(|(_, names)| names[index].to_owned()).ok_or_else(|| {
        format!("the name of the zone {id} is not known: `VV`, `XXX` and `O` of a pattern do not need it")
    })
}

/// The zone whose name stands at the start of a text, and the bytes of the name.
pub(super) fn parse(text: &str) -> Option<(TimeZone, usize)> {
    let names = ZONES
        .iter()
        .flat_map(|(id, names)| names.iter().map(move |name| (*id, *name)));
    let here = names.filter(|(_, name)| {
        text.get(..name.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(name))
    });
    // The longest one, and of these the first.
    let found = here.fold(None, |best: Option<(&str, &str)>, it| match best {
        Some(best) if best.1.len() >= it.1.len() => Some(best),
        _ => Some(it),
    });
    let (id, name) = found?;
    Some((TimeZone::get(id).ok()?, name.len()))
}
