//! Checks the claims of a scenario against the events of a run.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use engine::render::Notation;
use engine::{Event, Reader, Table, TableWrite, Time, Value};
use scenario::{Claim, Claims, Measure, Pipeline, Scenario, duration};

use crate::printed_text::PrintedText;

/// A claim that did not hold of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenClaim {
    /// The pipeline.
    pub pipeline: String,
    /// The claim.
    pub claim: Claim,
    /// The number of which it did not hold.
    pub number: i64,
    /// The offset from the start of the clock at which it did not hold first; `None` of one that had to hold in the end.
    pub at: Option<Duration>,
}

impl fmt::Display for BrokenClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BrokenClaim {
            pipeline, claim, ..
        } = self;
        let number = claim.measure.text(self.number);
        write!(f, "pipeline `{pipeline}`: ")?;
        match self.at {
            Some(at) => {
                let at = duration::print(at);
                write!(f, "always {claim}, and it was {number} at {at}")
            }
            None => write!(f, "eventually {claim}, and it was {number} in the end"),
        }
    }
}

/// Follows a run, and checks each claim whenever there is a new number for it.
#[derive(Debug)]
pub struct ClaimChecker<'a> {
    pipeline: &'a str,
    claims: &'a Claims,
    start: Time,
    notation: Notation,
    /// The rows of the text that a program prints, since the last batch ended.
    text: PrintedText,
    text_rows: Option<Vec<String>>,
    failures: i64,
    /// The times at which batches were submitted, and started.
    submitted: BTreeMap<Time, Time>,
    started: BTreeMap<Time, Time>,
    /// The last number of each claim that has to hold in the end.
    last: Vec<i64>,
    broken: Vec<BrokenClaim>,
}

impl<'a> ClaimChecker<'a> {
    /// A checker of one pipeline's run.
    pub fn new(scenario: &'a Scenario, pipeline: &'a Pipeline) -> ClaimChecker<'a> {
        ClaimChecker {
            pipeline: &pipeline.name,
            claims: &scenario.claims,
            start: scenario.clock.start,
            notation: scenario.profile_of(pipeline).notation(),
            text: PrintedText::default(),
            text_rows: None,
            failures: 0,
            submitted: BTreeMap::new(),
            started: BTreeMap::new(),
            last: vec![0; scenario.claims.eventually.len()],
            broken: Vec::new(),
        }
    }

    /// The claims that did not hold, once the run has ended: each once.
    pub fn finish(mut self) -> Vec<BrokenClaim> {
        for (claim, number) in self.claims.eventually.iter().zip(self.last) {
            if !claim.holds(number) {
                self.broken.push(BrokenClaim {
                    pipeline: self.pipeline.to_owned(),
                    claim: claim.clone(),
                    number,
                    at: None,
                });
            }
        }
        self.broken
    }

    /// Takes a number of the measures that `is_measured` names.
    fn measure(&mut self, time: Time, number: i64, is_measured: impl Fn(&Measure) -> bool) {
        for claim in &self.claims.always {
            let mut broken = self.broken.iter();
            if is_measured(&claim.measure)
                && !claim.holds(number)
                && !broken.any(|broken| broken.claim == *claim)
            {
                self.broken.push(BrokenClaim {
                    pipeline: self.pipeline.to_owned(),
                    claim: claim.clone(),
                    number,
                    at: Some(time.since(self.start)),
                });
            }
        }
        for (claim, last) in self.claims.eventually.iter().zip(&mut self.last) {
            if is_measured(&claim.measure) {
                *last = number;
            }
        }
    }

    fn count(&mut self, time: Time, key: &str, number: i64) {
        self.measure(
            time,
            number,
            |it| matches!(it, Measure::Count(name) if name == key),
        );
    }

    /// Takes the number at the end of a row, and the key before it.
    fn read_row(&mut self, time: Time, row: &[Value], notation: Notation) {
        if let [.., key, number] = row
            && let Some(number) = integer(number)
        {
            match key {
                Value::String(key) => self.count(time, key, number),
                key => self.count(time, &notation.text(key), number),
            }
        }
    }

    fn read_rows(&mut self, time: Time, rows: usize) {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        self.measure(time, rows, |it| *it == Measure::Rows);
    }

    fn read_records(&mut self, time: Time, records: usize) {
        let records = i64::try_from(records).unwrap_or(i64::MAX);
        self.measure(time, records, |it| *it == Measure::Records);
    }

    /// Takes the rows that a program has printed itself.
    fn read_text(&mut self, time: Time) {
        let Some(rows) = self.text_rows.take() else {
            return;
        };
        self.read_rows(time, rows.len());
        for row in &rows {
            if let Some((key, number)) = printed_pair(row) {
                self.count(time, key, number);
            }
        }
    }

    fn end_batch(&mut self, time: Time, batch_time: Time) {
        let since = |times: &BTreeMap<Time, Time>| {
            let begun = times.get(&batch_time).copied().unwrap_or(time);
            i64::try_from(time.since(begun).as_millis()).unwrap_or(i64::MAX)
        };
        let [total, processing] = [since(&self.submitted), since(&self.started)];
        self.measure(time, processing, |it| *it == Measure::ProcessingTime);
        self.measure(time, total, |it| *it == Measure::TotalDelay);
        self.submitted.remove(&batch_time);
        self.started.remove(&batch_time);
    }
}

impl Reader for ClaimChecker<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        if self.claims.is_empty() {
            return;
        }
        if event.failure().is_some() {
            self.failures += 1;
            self.measure(time, self.failures, |it| *it == Measure::Failures);
        }
        match event {
            Event::BatchSubmitted {
                batch_time,
                records,
                ..
            } => {
                self.submitted.insert(*batch_time, time);
                self.read_records(time, *records);
            }
            Event::BatchStarted { batch_time } => {
                let submitted = self.submitted.get(batch_time).copied().unwrap_or(time);
                let delay = time.since(submitted).as_millis();
                let delay = i64::try_from(delay).unwrap_or(i64::MAX);
                self.measure(time, delay, |it| *it == Measure::SchedulingDelay);
                self.started.insert(*batch_time, time);
            }
            Event::BatchCompleted { batch_time } => {
                self.read_text(time);
                self.end_batch(time, *batch_time);
            }
            Event::Printed { rows, .. } => {
                self.read_rows(time, rows.len());
                for row in rows {
                    if let Value::Tuple(values) = row {
                        self.read_row(time, values, self.notation);
                    }
                }
            }
            Event::TableShown {
                table: Table { rows, .. },
                ..
            }
            | Event::TableWritten {
                write: TableWrite { rows, .. },
                ..
            } => {
                self.read_rows(time, rows.len());
                for row in rows {
                    self.read_row(time, row, Notation::Sql);
                }
            }
            Event::QueryProgress { records, .. } => {
                self.read_text(time);
                self.read_records(time, *records);
            }
            Event::TextPrinted { text } => {
                let rows = self.text_rows.get_or_insert_default();
                self.text.read(text, rows);
            }
            _ => {}
        }
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Byte(it) => Some((*it).into()),
        Value::Short(it) => Some((*it).into()),
        Value::Integer(it) => Some((*it).into()),
        Value::Long(it) => Some(*it),
        _ => None,
    }
}

/// The key and the number of a row as a program prints it: `('blue', 5)`, `(blue,5)` or `|blue|5|`.
fn printed_pair(row: &str) -> Option<(&str, i64)> {
    let row = row
        .trim_start_matches(['(', '|'])
        .trim_end_matches([')', '|']);
    let (key, number) = row.rsplit_once([',', '|'])?;
    let (_, key) = key.rsplit_once('|').unwrap_or(("", key));
    let key = key.trim().trim_matches(['\'', '"']);
    Some((key, number.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RunOptions, run};

    /// The claims that do not hold in a run of running totals.
    fn broken(claims: &str) -> Vec<String> {
        let text = format!(
            "timeline = [
                {{ at = '1s', lines = ['blue blue green'] }},
                {{ at = '2s', lines = ['blue'], slow = '3s' }},
                {{ at = '3s', lines = [] }},
            ]
            [clock]
            stop = '6s'
            [invariant]
            {claims}
            [[pipeline]]
            name = 'totals'
            mode = 'update_state'
            "
        );
        let scenario = scenario::parse("claims.toml", &text).expect("it has no mistakes");
        let pipeline = &scenario.pipelines[0];
        let mut checker = ClaimChecker::new(&scenario, pipeline);
        run(&scenario, pipeline, &RunOptions::default(), &mut checker).expect("it runs");
        checker.finish().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn claims_that_hold_say_nothing() {
        let claims = "always = ['failures = 0', 'rows of batch <= 2', \"count of 'blue' >= 2\", 'records of batch <= 1', \
                      'scheduling_delay <= 2s', 'total_delay < 4s']\neventually = [\"count of 'blue' = 3\"]";
        assert_eq!(broken(claims), [""; 0]);
    }

    #[test]
    fn a_claim_is_broken_once_with_the_first_number_and_its_time() {
        assert_eq!(
            broken(
                "always = [\"count of 'blue' < 3\", 'processing_time < 1s', 'scheduling_delay < 1s']"
            ),
            [
                "pipeline `totals`: always count of 'blue' < 3, and it was 3 at 5s",
                "pipeline `totals`: always processing_time < 1s, and it was 3s at 5s",
                "pipeline `totals`: always scheduling_delay < 1s, and it was 2s at 5s",
            ]
        );
    }

    #[test]
    fn in_the_end_the_last_number_counts() {
        assert_eq!(
            broken(
                "eventually = [\"count of 'blue' = 2\", \"count of 'red' > 0\", 'processing_time = 3s']"
            ),
            [
                "pipeline `totals`: eventually count of 'blue' = 2, and it was 3 in the end",
                "pipeline `totals`: eventually count of 'red' > 0, and it was 0 in the end",
                "pipeline `totals`: eventually processing_time = 3s, and it was 0s in the end",
            ]
        );
    }

    #[test]
    fn pairs_are_found_in_text() {
        assert_eq!(printed_pair("('blue', 5)"), Some(("blue", 5)));
        assert_eq!(printed_pair("(blue,5)"), Some(("blue", 5)));
        assert_eq!(printed_pair("|{0, 10}|blue|5|"), Some(("blue", 5)));
        assert_eq!(printed_pair("hello"), None);
    }
}
