//! The options of a reader, each of which is taken by its source or refused.

use std::collections::BTreeMap;
use std::time::Duration;

use engine_sql::{AnalysisError, nearest};

/// The options of a reader, by their names in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    given: BTreeMap<String, Given>,
    /// The names that the source has asked for.
    known: Vec<&'static str>,
}

/// An option as it was written.
#[derive(Clone, Debug)]
struct Given {
    name: String,
    value: String,
}

impl Options {
    pub(crate) fn set(&mut self, name: &str, value: String) {
        let name = name.to_owned();
        self.given
            .insert(name.to_lowercase(), Given { name, value });
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The value of an option that another part of the source takes.
    pub(super) fn value_of(&self, name: &str) -> Option<&str> {
        let given = self.given.get(&name.to_lowercase());
        given.map(|given| given.value.as_str())
    }

    /// Takes an option.
    pub(super) fn take(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        let given = self.given.remove(&name.to_lowercase());
        given.map(|given| given.value)
    }

    /// Takes a flag, which is false unless it is given.
    pub(super) fn flag(&mut self, name: &'static str) -> Result<bool, AnalysisError> {
        match self.take(name) {
            None => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
            Some(value) => Err(invalid(
                name,
                &value,
                "must be either \"true\" or \"false\"",
            )),
        }
    }

    /// Takes a number that is at least 1.
    pub(super) fn positive(&mut self, name: &'static str) -> Result<Option<usize>, AnalysisError> {
        let number = self.take(name).map(|value| match value.trim().parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(invalid(name, &value, "must be a positive integer")),
        });
        number.transpose()
    }

    /// Takes a time, such as `10s` or `7d`; without a unit these are of `unit`.
    pub(super) fn time(
        &mut self,
        name: &'static str,
        unit: Duration,
    ) -> Result<Option<Duration>, AnalysisError> {
        let time = self.take(name).map(|value| {
            time(&value, unit).ok_or_else(|| {
                let units = "must be a number of seconds (s), milliseconds (ms), microseconds (us), minutes (m or min), hours \
                     (h) or days (d), such as 50s";
                invalid(name, &value, units)
            })
        });
        time.transpose()
    }

    /// Refuses an option that is there in Spark, unless it has the value that does nothing.
    pub(super) fn only(&mut self, name: &'static str, value: &str) -> Result<(), AnalysisError> {
        match self.take(name) {
            Some(given) if !given.eq_ignore_ascii_case(value) => Err(AnalysisError::unclassified(
                format!("the option `{name}` = '{given}' is not there yet"),
            )
            .with_help(format!("leave it out, or set it to '{value}'"))),
            _ => Ok(()),
        }
    }

    /// Takes the options whose names start so.
    pub(super) fn take_all(&mut self, start: &str) -> BTreeMap<String, String> {
        let mut of_start = self.given.split_off(start);
        let mut others = of_start.clone();
        of_start.retain(|name, _| name.starts_with(start));
        others.retain(|name, _| !name.starts_with(start));
        self.given.append(&mut others);
        let taken = of_start.into_iter();
        taken.map(|(name, given)| (name, given.value)).collect()
    }

    /// Takes all that are left.
    pub(super) fn rest(&mut self) -> Vec<(String, String)> {
        let given = std::mem::take(&mut self.given).into_values();
        given.map(|given| (given.name, given.value)).collect()
    }

    /// Refuses the first option that the source has not taken.
    pub(crate) fn finish(&self, format: &str) -> Result<(), AnalysisError> {
        let Some(Given { name, .. }) = self.given.values().next() else {
            return Ok(());
        };
        let message = format!("the source {format} has no option `{name}` here");
        let error = AnalysisError::unclassified(message);
        Err(match nearest(name, self.known.iter().copied()) {
            Some(known) => error.with_help(format!("did you mean `{known}`?")),
            None => error.with_help(format!("It has {}.", self.known.join(", "))),
        })
    }
}

/// The refusal of a value.
pub(super) fn invalid(name: &str, value: &str, rule: &str) -> AnalysisError {
    let message = format!("Invalid value '{value}' for option '{name}', {rule}");
    AnalysisError::illegal_argument(message)
}

/// A time as Java programs write it (`org.apache.spark.network.util.JavaUtils.timeStringAs`).
fn time(text: &str, unit: Duration) -> Option<Duration> {
    let text = text.trim().to_lowercase();
    let digits = text.trim_end_matches(|it: char| it.is_ascii_lowercase());
    let unit = match &text[digits.len()..] {
        "" => unit,
        "us" => Duration::from_micros(1),
        "ms" => Duration::from_millis(1),
        "s" => Duration::from_secs(1),
        "m" | "min" => Duration::from_mins(1),
        "h" => Duration::from_hours(1),
        "d" => Duration::from_hours(24),
        _ => return None,
    };
    unit.checked_mul(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let second = Duration::from_secs(1);
        assert_eq!(time("5", second), Some(5 * second));
        assert_eq!(time("7D", second), Some(7 * 24 * 3_600 * second));
        assert_eq!(time("250ms", second), Some(Duration::from_millis(250)));
        for text in ["", "s", "5x", "-1s", "1.5s"] {
            assert_eq!(time(text, second), None, "{text}");
        }
    }
}
