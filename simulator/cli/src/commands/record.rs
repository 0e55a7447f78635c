//! `millrace record`: writes the lines of a server as a scenario.

use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use engine::{StreamSource, Text, Time};
use engine_live::Live;
use scenario::{Entry, Scenario, TEXT_MAX, TimelineEvent, print_entry, print_head};

use crate::args::RecordArguments;
use crate::commands::address;
use crate::commands::listen::print_diagnostic;
use crate::commands::word_counts::word_counts;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files::create;
use crate::terminal::print_note;

/// Writes each line as it arrives, until it is stopped.
pub(crate) fn record(arguments: &RecordArguments) -> Result<Exit, CommandError> {
    let (host, port) = address::parse(&arguments.source.address)?;
    let mut recording = Recording::create(arguments)?;
    let quiet = arguments.quiet;
    let live = Live::new()
        .line_limit(arguments.source.line_limit.get())
        .on_diagnostic(move |diagnostic| print_diagnostic(&diagnostic, quiet));
    let received = live.receive(&StreamSource::Socket { host, port }, |time, line| {
        recording.write(time, &line)
    });
    if recording.is_full {
        print_note("a scenario has 64 MiB at most: the recording ends here");
    }
    let recorded = recording.finish(&arguments.output);
    received?;
    let lines = recorded?;
    if !quiet {
        print_note(format_args!(
            "recorded {lines} {}; replay with: millrace run {}",
            if lines == 1 { "line" } else { "lines" },
            arguments.output.display()
        ));
    }
    Ok(Exit::Success)
}

/// A scenario file that grows: its settings come first, and each line is one more entry of its timeline.
struct Recording {
    file: File,
    scenario: Scenario,
    /// True if the settings, among them the start of the clock, have been written.
    is_begun: bool,
    lines: u64,
    /// Bytes that may still be written.
    room: usize,
    is_full: bool,
    result: io::Result<()>,
}

impl Recording {
    fn create(arguments: &RecordArguments) -> Result<Recording, CommandError> {
        let mut scenario = word_counts();
        scenario.title = format!("recorded from {}", arguments.source.address);
        scenario.clock.interval = arguments.interval;
        let file = create(&arguments.output, "")?;
        Ok(Recording {
            file,
            scenario,
            is_begun: false,
            lines: 0,
            room: TEXT_MAX,
            is_full: false,
            result: Ok(()),
        })
    }

    /// Appends a line. The file is a complete scenario after every write.
    fn write(&mut self, time: Time, line: &Text) -> ControlFlow<()> {
        self.result = self.append(time, line);
        if self.result.is_err() || self.is_full {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn append(&mut self, time: Time, line: &Text) -> io::Result<()> {
        let mut text = String::new();
        if !self.is_begun {
            self.is_begun = true;
            self.scenario.clock.start =
                start_before(time, self.scenario.clock.interval.as_millis() as i64);
            text.push_str(&print_head(&self.scenario));
        }
        let at = time.since(self.scenario.clock.start);
        let event = TimelineEvent::Lines {
            lines: vec![line.to_string()],
            partitions: 1,
        };
        text.push('\n');
        text.push_str(&print_entry(&Entry { at, event }));
        let Some(room) = self.room.checked_sub(text.len()) else {
            self.is_full = true;
            return Ok(());
        };
        self.room = room;
        self.lines += 1;
        self.file.write_all(text.as_bytes())
    }

    /// Returns the number of lines. Without one the file is empty, which is not a scenario, and is removed.
    fn finish(self, path: &Path) -> Result<u64, CommandError> {
        let removed = if self.is_begun {
            Ok(())
        } else {
            fs::remove_file(path)
        };
        self.result
            .and(removed)
            .map_err(CommandError::write(path))?;
        if self.is_begun {
            Ok(self.lines)
        } else {
            Err(CommandError::NothingReceived(path.to_owned()))
        }
    }
}

/// A time on the batch grid before the first line, so that the replay's batches are those of a live
/// program.
fn start_before(time: Time, interval_ms: i64) -> Time {
    let before = time.as_millis() - 1;
    Time::from_millis(before - before.rem_euclid(interval_ms))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_recording_is_never_longer_than_a_scenario_may_be() -> io::Result<()> {
        let mut recording = Recording {
            file: tempfile::tempfile()?,
            scenario: word_counts(),
            is_begun: false,
            lines: 0,
            room: 1_000,
            is_full: false,
            result: Ok(()),
        };
        let mut written = recording.file.try_clone()?;
        let line = Text::from("blue blue green");
        while recording.write(Time::from_millis(500), &line).is_continue() {}
        assert!(recording.is_full && recording.lines > 1);
        let mut text = String::new();
        io::Seek::rewind(&mut written)?;
        written.read_to_string(&mut text)?;
        assert!(text.len() <= 1_000);
        let scenario = scenario::parse("recorded.toml", &text).expect("it is whole");
        assert_eq!(scenario.timeline.len() as u64, recording.lines);
        Ok(())
    }
}
