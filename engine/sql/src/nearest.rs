//! "Did you mean": the known name that a mistaken one is nearest to.

/// The name that `word` was meant to be, if it is near enough to one. Upper and lower case do not count.
///
/// ```
/// assert_eq!(engine_sql::nearest("uper", ["lower", "upper"]), Some("upper"));
/// assert_eq!(engine_sql::nearest("window", ["lower", "upper"]), None);
/// ```
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |name: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), &word);
    let nearest = names.into_iter().min_by_key(distance)?;
    (distance(&nearest) <= 1 + word.len() / 4).then_some(nearest)
}
