//! Claims of a user: sentences about a run, in words.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::duration;

/// The claims that a scenario makes of each run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Those that hold whenever something is measured.
    pub always: Vec<Claim>,
    /// Those that hold when the run ends.
    pub eventually: Vec<Claim>,
}

impl Claims {
    /// True if nothing is claimed.
    pub fn is_empty(&self) -> bool {
        self.always.is_empty() && self.eventually.is_empty()
    }
}

/// A sentence about a run: `count of 'blue' <= 5`, `failures = 0`, `scheduling_delay < 10s`.
///
/// ```
/// let claim: scenario::Claim = "count of 'blue' <= 5".parse()?;
/// assert!(claim.holds(5) && !claim.holds(6));
/// assert_eq!(claim.to_string(), "count of 'blue' <= 5");
/// # Ok::<(), scenario::NoClaim>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The number that it is about.
    pub measure: Measure,
    /// The relation of the number to the bound.
    pub relation: Relation,
    /// The bound; of a delay, in milliseconds.
    pub bound: i64,
}

/// A number that a run has, again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The number that was printed last beside a key; 0 of one that was not printed.
    Count(String),
    /// The rows that an output printed of a batch.
    Rows,
    /// The records that came in with a batch.
    Records,
    /// The jobs and micro-batches that have failed, and drivers that did not start again.
    Failures,
    /// The time from the submission of a batch to the start of its first job, in milliseconds.
    SchedulingDelay,
    /// The time from the start of a batch's first job to the end of its last one, in milliseconds.
    ProcessingTime,
    /// The time from the submission of a batch to its end, in milliseconds.
    TotalDelay,
}

/// A relation of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

/// The relations as they are written: a longer one before the one that it begins with.
const RELATIONS: [(&str, Relation); 6] = [
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("!=", Relation::NotEqual),
    ("<", Relation::Less),
    (">", Relation::Greater),
    ("=", Relation::Equal),
];

/// The measures but `count of`, as they are written.
const MEASURES: [(&str, Measure); 6] = [
    ("rows of batch", Measure::Rows),
    ("records of batch", Measure::Records),
    ("failures", Measure::Failures),
    ("scheduling_delay", Measure::SchedulingDelay),
    ("processing_time", Measure::ProcessingTime),
    ("total_delay", Measure::TotalDelay),
];

const COUNT: &str = "count of ";

/// A text that is no claim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoClaim {
    /// It compares nothing.
    #[error("it has none of `<`, `<=`, `=`, `!=`, `>=` and `>`")]
    NoRelation,
    /// It begins with something that is not measured.
    #[error("`{0}` is not measured")]
    NoMeasure(String),
    /// The key is not in quotes.
    #[error("a key is in single quotes, as `count of 'blue'`")]
    NoKey,
    /// The bound is no whole number.
    #[error("`{0}` is no whole number")]
    NoNumber(String),
    /// The bound is no duration.
    #[error("`{0}` is no duration in milliseconds or longer, as `250ms` or `10s`")]
    NoDuration(String),
}

impl Claim {
    /// True if it holds of this number.
    pub fn holds(&self, number: i64) -> bool {
        match self.relation {
            Relation::Less => number < self.bound,
            Relation::AtMost => number <= self.bound,
            Relation::Equal => number == self.bound,
            Relation::NotEqual => number != self.bound,
            Relation::AtLeast => number >= self.bound,
            Relation::Greater => number > self.bound,
        }
    }
}

impl Measure {
    /// A number of this measure, as it is written.
    pub fn text(&self, number: i64) -> String {
        if self.is_duration() {
            let millis = u64::try_from(number).unwrap_or_default();
            duration::print(Duration::from_millis(millis))
        } else {
            number.to_string()
        }
    }

    fn is_duration(&self) -> bool {
        matches!(
            self,
            Measure::SchedulingDelay | Measure::ProcessingTime | Measure::TotalDelay
        )
    }

    fn parse(text: &str) -> Result<Measure, NoClaim> {
        if let Some(key) = text.strip_prefix(COUNT) {
            let key = key.trim().strip_prefix('\'');
            let key = key.and_then(|key| key.strip_suffix('\''));
            return Ok(Measure::Count(key.ok_or(NoClaim::NoKey)?.to_owned()));
        }
        let mut measures = MEASURES.into_iter();
        let measure = measures.find(|(written, _)| *written == text);
        let measure = measure.map(|(_, measure)| measure);
        measure.ok_or_else(|| NoClaim::NoMeasure(text.to_owned()))
    }

    fn bound(&self, text: &str) -> Result<i64, NoClaim> {
        if !self.is_duration() {
            let number = text.parse();
            return number.map_err(|_| NoClaim::NoNumber(text.to_owned()));
        }
        let bound = duration::parse(text).ok();
        let millis = bound.and_then(|bound| i64::try_from(bound.as_millis()).ok());
        millis.ok_or_else(|| NoClaim::NoDuration(text.to_owned()))
    }
}

impl FromStr for Claim {
    type Err = NoClaim;

    fn from_str(text: &str) -> Result<Claim, NoClaim> {
        // A key may have any sign in it: the relation comes behind its quotes.
        let after_key = text.rfind('\'').map_or(0, |quote| quote + 1);
        let at = text[after_key..].find(['<', '>', '=', '!']);
        let at = after_key + at.ok_or(NoClaim::NoRelation)?;
        let mut relations = RELATIONS.into_iter();
        let relation = relations.find(|(written, _)| text[at..].starts_with(written));
        let (written, relation) = relation.ok_or(NoClaim::NoRelation)?;
        let measure = Measure::parse(text[..at].trim())?;
        let bound = measure.bound(text[at + written.len()..].trim())?;
        Ok(Claim {
            measure,
            relation,
            bound,
        })
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Measure::Count(key) = self {
            return write!(f, "{COUNT}'{key}'");
        }
        let mut measures = MEASURES.iter();
        let written = measures.find(|(_, measure)| measure == self);
        f.write_str(written.map_or("", |(written, _)| written))
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut relations = RELATIONS.iter();
        let relation = relations.find(|(_, relation)| *relation == self.relation);
        let relation = relation.map_or("", |(written, _)| written);
        let bound = self.measure.text(self.bound);
        write!(f, "{} {relation} {bound}", self.measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_claim_is_written_as_it_is_read() {
        for text in [
            "count of 'blue' <= 5",
            "count of 'a = 'b'' != -1",
            "rows of batch < 10",
            "records of batch >= 1",
            "failures = 0",
            "scheduling_delay < 10s",
            "processing_time <= 250ms",
            "total_delay > 0s",
        ] {
            let claim: Claim = text.parse().expect(text);
            assert_eq!(claim.to_string(), text);
        }
    }

    #[test]
    fn another_text_says_what_is_wrong() {
        let said = |text: &str| text.parse::<Claim>().map_err(|error| error.to_string());
        let wrong = |error: &str| Err(error.to_owned());
        let none = "it has none of `<`, `<=`, `=`, `!=`, `>=` and `>`";
        assert_eq!(said("count of 'blue'"), wrong(none));
        assert_eq!(said("failures ! 0"), wrong(none));
        assert_eq!(said("rows <= 5"), wrong("`rows` is not measured"));
        let key = "a key is in single quotes, as `count of 'blue'`";
        assert_eq!(said("count of blue <= 5"), wrong(key));
        assert_eq!(said("failures = no"), wrong("`no` is no whole number"));
        let length = "`10` is no duration in milliseconds or longer, as `250ms` or `10s`";
        assert_eq!(said("total_delay < 10"), wrong(length));
    }
}
