//! "Did you mean": the allowed word that a mistaken one is nearest to.

/// Longer words are not compared: they are no misspelling of a key.
const LENGTH_MAX: usize = 64;

/// The candidate that `word` was meant to be, if it is near enough to one.
///
/// Case, `_`, `-` and spaces do not count, so that `reduceByKey` finds `reduce_by_key`.
///
/// ```
/// assert_eq!(scenario::nearest("cuonts", ["totals", "counts"]), Some("counts"));
/// assert_eq!(scenario::nearest("windows", ["totals", "counts"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LENGTH_MAX {
        return None;
    }
    let word = plain(word);
    // One typing mistake in a short word, one more for every four characters. A candidate that would have to
    // be typed anew altogether is near to everything short, and is never meant.
    let far = 1 + word.chars().count() / 4;
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= far && *distance < plain(candidate).len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The word without what does not count.
pub(crate) fn plain(word: &str) -> String {
    let kept = word.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        let candidates = ["interval", "stop", "start", "reduce_by_key", "at"];
        assert_eq!(nearest(word, candidates), expected, "{word}");
    }

    #[test]
    fn finds_the_word_that_was_meant() {
        check("intervall", Some("interval"));
        check("strat", Some("start"));
        check("reduceByKey", Some("reduce_by_key"));
        check("Stop", Some("stop"));
    }

    #[test]
    fn finds_nothing_for_another_word() {
        check("watermark", None);
        check("x", None);
        check("", None);
        check(&"interval".repeat(10), None);
    }
}
