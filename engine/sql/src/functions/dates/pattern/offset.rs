//! Offsets from UTC in patterns (`DateTimeFormatterBuilder.OffsetIdPrinterParser`).

use std::fmt::Write;

/// A way to write an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffsetStyle {
    /// The text of no offset.
    zero: &'static str,
    has_colon: bool,
    minutes: Presence,
    seconds: Presence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Never,
    IfNotZero,
    Always,
}

impl OffsetStyle {
    /// The style of some letters `X`, `x` or `Z`.
    pub(super) fn of_letters(letter: char, count: usize) -> OffsetStyle {
        let (zero, count) = match (letter, count) {
            ('Z', 5) => ("Z", 5),
            ('Z', _) => ("+0000", 2),
            ('X', count) => ("Z", count),
            (_, 1) => ("+00", 1),
            (_, 2 | 4) => ("+0000", count),
            (_, count) => ("+00:00", count),
        };
        OffsetStyle {
            zero,
            has_colon: count == 3 || count == 5,
            minutes: if count == 1 {
                Presence::IfNotZero
            } else {
                Presence::Always
            },
            seconds: if count >= 4 {
                Presence::IfNotZero
            } else {
                Presence::Never
            },
        }
    }

    /// The text of an offset in seconds.
    pub(super) fn text(self, seconds: i32) -> String {
        let size = seconds.unsigned_abs();
        let hours = size / 3_600;
        let minutes = size / 60 % 60;
        let rest = size % 60;
        let colon = if self.has_colon { ":" } else { "" };
        let mut written = format!("{}{hours:02}", if seconds < 0 { '-' } else { '+' });
        let mut is_zero = hours == 0;
        if self.minutes == Presence::Always || minutes > 0 {
            let _ = write!(written, "{colon}{minutes:02}");
            is_zero &= minutes == 0;
            if self.seconds != Presence::Never && rest > 0 {
                let _ = write!(written, "{colon}{rest:02}");
                is_zero = false;
            }
        }
        if is_zero {
            self.zero.to_owned()
        } else {
            written
        }
    }

    /// The seconds of an offset at the start of a text, and the number of bytes that it takes.
    pub(super) fn parse(self, text: &str) -> Option<(i64, usize)> {
        let is_zero = text
            .get(..self.zero.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(self.zero));
        if is_zero {
            return Some((0, self.zero.len()));
        }
        let sign = match text.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let mut end = 1;
        let mut part = |presence: Presence, colon: bool| -> Option<i64> {
            let start = end + usize::from(colon);
            let has_colon = !colon || text.as_bytes().get(end) == Some(&b':');
            let digits = text.get(start..start + 2);
            let digits = digits.filter(|it| has_colon && it.bytes().all(|it| it.is_ascii_digit()));
            match (digits, presence) {
                (Some(digits), Presence::IfNotZero | Presence::Always) => {
                    end = start + 2;
                    digits.parse().ok()
                }
                (None, Presence::Always) => None,
                (_, Presence::Never | Presence::IfNotZero) => Some(0),
            }
        };
        let hours = part(Presence::Always, false)?;
        let minutes = part(self.minutes, self.has_colon)?;
        let seconds = part(self.seconds, self.has_colon)?;
        let is_offset = hours <= 18 && minutes <= 59 && seconds <= 59;
        is_offset.then_some((sign * (hours * 3_600 + minutes * 60 + seconds), end))
    }
}

/// `GMT`, `GMT+8`, `GMT+08:00`.
pub(super) fn gmt_text(seconds: i32, is_full: bool) -> String {
    if seconds == 0 {
        return "GMT".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let size = seconds.unsigned_abs();
    let hours = size / 3_600;
    let minutes = size / 60 % 60;
    let rest = size % 60;
    let mut written = if is_full {
        format!("GMT{sign}{hours:02}:{minutes:02}")
    } else if minutes == 0 && rest == 0 {
        format!("GMT{sign}{hours}")
    } else {
        format!("GMT{sign}{hours}:{minutes:02}")
    };
    if rest != 0 {
        let _ = write!(written, ":{rest:02}");
    }
    written
}

/// The seconds of such an offset at the start of a text, and the number of bytes that it takes.
pub(super) fn parse_gmt(text: &str, is_full: bool) -> Option<(i64, usize)> {
    let start = text.get(..3)?;
    if !start.eq_ignore_ascii_case("GMT") {
        return None;
    }
    let rest = &text[3..];
    if !rest.starts_with(['+', '-']) {
        return Some((0, 3));
    }
    if is_full {
        let style = OffsetStyle::of_letters('x', 5);
        return style.parse(rest).map(|(seconds, end)| (seconds, end + 3));
    }
    let digits = rest[1..]
        .find(|it: char| !it.is_ascii_digit())
        .unwrap_or(rest.len() - 1)
        .min(2);
    let hours: i64 = rest[1..=digits].parse().ok()?;
    let minutes = rest
        .get(digits + 1..digits + 4)
        .and_then(|it| it.strip_prefix(':'));
    let minutes = minutes.and_then(|it| it.parse::<i64>().ok());
    let sign = if rest.starts_with('-') { -1 } else { 1 };
    let end = 3 + digits + 1 + if minutes.is_some() { 3 } else { 0 };
    let seconds = hours * 3_600 + minutes.unwrap_or(0) * 60;
    (seconds <= 18 * 3_600).then_some((sign * seconds, end))
}
