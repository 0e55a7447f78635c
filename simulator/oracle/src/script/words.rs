//! Durations and small numbers in words, for comments and SQL.

use std::time::Duration;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_words_have_no_more_decimals_than_milliseconds() {
        let of = |millis| in_words(Duration::from_millis(millis));
        assert_eq!(of(0), "0 seconds");
        assert_eq!(of(1_000), "1 second");
        assert_eq!(of(1_001), "1.001 seconds");
        assert_eq!(of(250), "0.25 seconds");
        assert_eq!(of(60_000), "60 seconds");
    }
}
