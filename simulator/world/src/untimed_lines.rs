//! The lines of a scenario that a query over event time can count in no window.

use std::fmt;

use engine_structured::parse_long;
use scenario::{Pipeline, Program, Scenario, Source, SparkVersion, TimelineEvent};

use crate::arrivals::socket_lines;
use crate::compile::LINES;

/// Lines that have no event time, so that a query in windows of event time counts them nowhere, as Spark's does not; in
/// Spark 4 it ends at the first of them.
///
/// A line of such a query is `SECONDS WORD`. A line of JSON, or with a time as `2018-06-21T23:00:29Z`, or that is
/// generated, has no such time, and an empty table is all that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntimedLines {
    /// The version of Spark.
    pub spark: SparkVersion,
    /// The number of lines without a time.
    pub count: u64,
    /// The number of all lines.
    pub lines: u64,
    /// The first of those without; `None` if it is generated.
    pub first: Option<String>,
    /// The index of its entry on the timeline.
    pub entry: usize,
    /// The line of the scenario file on which that is written, if it is known.
    pub line: Option<usize>,
}

/// Characters of a line that are shown.
const SHOWN_MAX: usize = 60;

impl UntimedLines {
    /// Those of a pipeline; `None` if there are none, or if it has no windows of event time.
    ///
    /// ```
    /// use simulator::UntimedLines;
    /// let scenario = scenario::parse("json.toml", r#"
    ///     timeline = [{ at = "1s", lines = ["12 blue", "{\"time\": 12}"] }]
    ///     [[pipeline]]
    ///     name = "windows"
    ///     mode = "structured"
    ///     window = "10s"
    /// "#).expect("the scenario has no mistakes");
    /// let untimed = UntimedLines::find(&scenario, &scenario.pipelines[0]).unwrap();
    /// assert_eq!((untimed.count, untimed.lines), (1, 2));
    /// ```
    pub fn find(scenario: &Scenario, pipeline: &Pipeline) -> Option<UntimedLines> {
        let Program::Structured(structured) = &pipeline.program else {
            return None;
        };
        structured.event_time?;
        let mut found = UntimedLines {
            spark: scenario.spark,
            count: 0,
            lines: 0,
            first: None,
            entry: 0,
            line: None,
        };
        let entries = scenario.timeline.iter().enumerate();
        for (index, entry) in entries.filter(|(_, it)| it.is_for(LINES)) {
            match &entry.event {
                TimelineEvent::Lines { lines, .. } => {
                    for line in lines {
                        found.add(index, line, structured.source);
                    }
                }
                TimelineEvent::Generate(generate) => found.add_generated(index, generate.lines()),
                TimelineEvent::Fault(_)
                | TimelineEvent::SourceFault(_)
                | TimelineEvent::ChangedRestart(_)
                | TimelineEvent::Expect(_) => {}
            }
        }
        (found.count > 0).then_some(found)
    }

    fn add(&mut self, entry: usize, line: &str, source: Source) {
        let lines = match source {
            Source::Memory | Source::Direct => vec![line.into()],
            Source::Socket => socket_lines(line),
        };
        for line in lines {
            self.lines += 1;
            let line: &str = &line;
            let seconds = line.split(' ').next().unwrap_or_default();
            if parse_long(seconds, self.spark).is_some() {
                continue;
            }
            if self.count == 0 {
                self.entry = entry;
                self.first = Some(line.to_owned());
            }
            self.count += 1;
        }
    }

    /// The words of generated lines are `key-0` and so on: none is a number.
    fn add_generated(&mut self, entry: usize, lines: u64) {
        self.lines += lines;
        if self.count == 0 {
            self.entry = entry;
        }
        self.count += lines;
    }
}

impl fmt::Display for UntimedLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UntimedLines { count, lines, .. } = self;
        let fate = match self.spark {
            SparkVersion::V3_5 => "are in no window",
            SparkVersion::V4 => "end the query in Spark 4",
        };
        write!(
            f,
            "{count} of {lines} lines have no event time and {fate}, "
        )?;
        match &self.first {
            Some(line) => {
                let plain = |c: char| if c.is_control() { ' ' } else { c };
                let shown: String = line.chars().take(SHOWN_MAX).map(plain).collect();
                let rest = if line.chars().nth(SHOWN_MAX).is_some() {
                    "…"
                } else {
                    ""
                };
                write!(f, "the first `{shown}{rest}`")?;
            }
            None => write!(f, "the first of `generate`")?,
        }
        if let Some(line) = self.line {
            write!(f, " on line {line}")?;
        }
        write!(
            f,
            ": a line is `SECONDS WORD`, in whole seconds since 1970, as `1529622030 blue`"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entries: &str, pipeline: &str, expected: Option<&str>) {
        let text = format!("timeline = [{entries}]\n[[pipeline]]\nname = 'p'\n{pipeline}");
        let scenario = scenario::parse("times.toml", &text).expect("the text has no mistakes");
        let found = UntimedLines::find(&scenario, &scenario.pipelines[0]);
        assert_eq!(found.map(|it| it.to_string()).as_deref(), expected);
    }

    const WINDOWS: &str = "mode = 'structured'\nwindow = '10s'";

    const RIGHT: &str =
        ": a line is `SECONDS WORD`, in whole seconds since 1970, as `1529622030 blue`";

    #[test]
    fn lines_without_a_time_are_counted_and_the_first_is_shown() {
        let json = "{ at = '1s', lines = ['12 blue', '{\"time\": 12}', '2018-06-21T23:00:29Z blue', ' 12 x'] }";
        let said = format!(
            "3 of 4 lines have no event time and are in no window, the first `{{\"time\": 12}}`{RIGHT}"
        );
        check(json, WINDOWS, Some(&said));
        check(
            "{ at = '1s', lines = ['12.7 blue', '+3', '\t4'] }",
            WINDOWS,
            None,
        );
    }

    #[test]
    fn generated_lines_have_no_time() {
        let generated = "{ at = '1s', generate = { rate = 5, duration = '2s' } }";
        let said = format!(
            "10 of 10 lines have no event time and are in no window, the first of `generate`{RIGHT}"
        );
        check(generated, WINDOWS, Some(&said));
    }

    #[test]
    fn a_socket_cuts_lines_first() {
        let two = "{ at = '1s', lines = [\"12 blue\\ngreen\"] }";
        check(two, WINDOWS, None);
        let said = format!(
            "1 of 2 lines have no event time and are in no window, the first `green`{RIGHT}"
        );
        check(two, &format!("{WINDOWS}\nsource = 'socket'"), Some(&said));
    }

    #[test]
    fn without_windows_of_event_time_lines_need_none() {
        let words = "{ at = '1s', lines = ['blue'] }";
        check(words, "mode = 'structured'", None);
        check(words, "mode = 'stateless'\nwindow = '10s'", None);
    }
}
