//! Texts, durations and numbers as Python and Java write them.

use std::fmt::Write;
use std::time::Duration;

/// A text in double quotes, for Python.
pub(super) fn python(text: &str) -> String {
    quoted(text, |character, out| {
        write!(out, "\\x{:02x}", u32::from(character))
    })
}

/// A text in double quotes, for Java.
pub(super) fn java(text: &str) -> String {
    quoted(text, |character, out| {
        write!(out, "\\{:03o}", u32::from(character))
    })
}

fn quoted(text: &str, control: fn(char, &mut String) -> std::fmt::Result) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' => {
                control(character, &mut out).expect("a `String` takes all that is written to it");
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// A duration in seconds, as `PySpark` takes it: cut to whole milliseconds after a multiplication by 1000,
/// which must not lose one.
pub(super) fn seconds(duration: Duration) -> String {
    let millis = duration.as_millis() as i64;
    if millis % 1000 == 0 {
        return (millis / 1000).to_string();
    }
    let seconds = millis as f64 / 1000.0;
    let is_exact = (seconds * 1000.0) as i64 == millis;
    let seconds = if is_exact { seconds } else { seconds.next_up() };
    format!("{seconds:?}")
}

/// A duration for the JVM.
pub(super) fn durations(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis.is_multiple_of(1000) {
        format!("Durations.seconds({})", millis / 1000)
    } else {
        format!("Durations.milliseconds({millis})")
    }
}

/// `1 second`, `0.25 seconds`: to the millisecond, as Spark's intervals take no more than nine decimals.
pub(super) fn in_words(duration: Duration) -> String {
    let decimals = format!("{}.{:03}", duration.as_secs(), duration.subsec_millis());
    match decimals.trim_end_matches('0').trim_end_matches('.') {
        "1" => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}

/// Small numbers in words, as the book's comments have them.
pub(super) fn number(number: usize) -> String {
    let words = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    words
        .get(number)
        .map_or_else(|| number.to_string(), ToString::to_string)
}

/// The arguments of a print of so many rows: ten are printed if nothing is said.
pub(super) fn rows(rows: usize) -> String {
    if rows == 10 {
        String::new()
    } else {
        rows.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_for_each_language() {
        assert_eq!(python("a\"\\\n\u{1}é"), r#""a\"\\\n\x01é""#);
        assert_eq!(java("a\"\\\n\u{1}é"), r#""a\"\\\n\001é""#);
    }

    #[test]
    fn durations_in_words_have_no_more_decimals_than_milliseconds() {
        let of = |millis| in_words(Duration::from_millis(millis));
        assert_eq!(of(0), "0 seconds");
        assert_eq!(of(1_000), "1 second");
        assert_eq!(of(1_001), "1.001 seconds");
        assert_eq!(of(250), "0.25 seconds");
        assert_eq!(of(60_000), "60 seconds");
    }

    #[test]
    fn no_millisecond_is_lost_in_seconds() {
        for millis in 1..100_000 {
            let text = seconds(Duration::from_millis(millis));
            let read: f64 = text.parse().expect("it is a number");
            assert_eq!((read * 1000.0) as u64, millis, "{text}");
        }
    }
}
