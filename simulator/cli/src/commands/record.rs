//! `millrace record`: writes the lines of a server as a scenario.

use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use engine::{StreamSource, Text, Time};
use engine_live::Live;
use scenario::{Entry, Scenario, TEXT_MAX, TimelineEvent, print_entry, print_head};

use crate::args::RecordArguments;
use crate::commands::address;
use crate::commands::listen::print_diagnostic;
use crate::commands::word_counts::word_counts;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files::not_created;
use crate::terminal::print_note;

/// Writes each line as it arrives, until it is stopped.
pub(crate) fn record(arguments: &RecordArguments) -> Result<Exit, CommandError> {
    let (host, port) = address::parse(&arguments.source.address)?;
    let mut recording = Recording::create(arguments)?;
    let quiet = arguments.quiet;
    let live = Live::new()
        .line_limit(arguments.source.line_limit)
        .on_diagnostic(move |diagnostic| print_diagnostic(&diagnostic, quiet));
    let received = live.receive(&StreamSource::Socket { host, port }, |time, line| {
        recording.write(time, &line)
    });
    let lines = recording.lines;
    let recorded = recording.finish();
    if lines > 0 && !quiet {
        print_note(format_args!(
            "recorded {lines} {}; replay with: millrace run {}",
            if lines == 1 { "line" } else { "lines" },
            arguments.output.display()
        ));
    }
    received?;
    recorded?;
    Ok(Exit::Success)
}

/// A scenario file that grows: its settings come first, and each line is one more entry of its timeline.
///
/// With its first line it is there at once, and each further one is one write at its end. If the process is killed in
/// the middle of a write, the file ends within an entry, and reading it says which lines to remove.
struct Recording {
    path: PathBuf,
    /// The file; before the first line there is none.
    file: Option<File>,
    scenario: Scenario,
    /// Lines that have been written.
    lines: u64,
    /// Bytes that have been written.
    length: usize,
    /// The most bytes of the file.
    limit: usize,
    end: Option<RecordingEnd>,
}

/// Why a recording has ended before it was stopped.
#[derive(Debug)]
enum RecordingEnd {
    /// The next line does not fit; with it the file would be so long.
    Full { needed: usize },
    /// The next line could not be written.
    Failed(io::Error),
}

impl Recording {
    fn create(arguments: &RecordArguments) -> Result<Recording, CommandError> {
        let mut scenario = word_counts();
        scenario.title = format!("recorded from {}", arguments.source.address);
        scenario.clock.interval = arguments.interval;
        let path = &arguments.output;
        suite::check_creatable(path).map_err(|error| not_created(path, error))?;
        Ok(Recording::of(path, scenario))
    }

    /// A recording of these settings, without a line.
    fn of(path: &Path, scenario: Scenario) -> Recording {
        Recording {
            path: path.to_owned(),
            file: None,
            scenario,
            lines: 0,
            length: 0,
            limit: TEXT_MAX,
            end: None,
        }
    }

    /// Appends a line, or ends the recording. The file is a whole scenario after each write, also after one that fails.
    fn write(&mut self, time: Time, line: &Text) -> ControlFlow<()> {
        match self.append(time, line) {
            Ok(()) => ControlFlow::Continue(()),
            Err(end) => {
                self.end = Some(end);
                ControlFlow::Break(())
            }
        }
    }

    fn append(&mut self, time: Time, line: &Text) -> Result<(), RecordingEnd> {
        let mut text = String::new();
        if self.lines == 0 {
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
        text.push_str(&print_entry(&Entry {
            at,
            stream: None,
            event,
        }));
        let needed = self.length + text.len();
        if needed > self.limit {
            return Err(RecordingEnd::Full { needed });
        }
        self.write_text(&text).map_err(RecordingEnd::Failed)?;
        self.length = needed;
        self.lines += 1;
        Ok(())
    }

    /// Makes the file with this text, or writes it at its end.
    fn write_text(&mut self, text: &str) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            suite::create_file(&self.path, text)?;
            self.file = Some(File::options().append(true).open(&self.path)?);
            return Ok(());
        };
        let written = file.write_all(text.as_bytes());
        if written.is_err() {
            // A part of the entry may be there. If it cannot be cut off either, the first error says why.
            file.set_len(self.length as u64).ok();
        }
        written
    }

    /// Syncs the file, and says why if the recording has ended by itself.
    fn finish(self) -> Result<(), CommandError> {
        let path = self.path;
        let is_empty = self.lines == 0;
        if let Some(file) = &self.file {
            file.sync_all().map_err(CommandError::write(&path))?;
        }
        match self.end {
            None if is_empty => Err(CommandError::NothingReceived(path)),
            None => Ok(()),
            Some(RecordingEnd::Full { needed }) if is_empty => {
                Err(CommandError::FirstLineTooLong { path, needed })
            }
            Some(RecordingEnd::Full { needed }) => {
                Err(CommandError::RecordingFull { path, needed })
            }
            Some(RecordingEnd::Failed(error)) => Err(not_created(&path, error)),
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
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const LIMIT: usize = 1_000;

    /// A folder, and the file of a recording in it that may have [`LIMIT`] bytes.
    fn short_recording() -> io::Result<(TempDir, PathBuf, Recording)> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("recorded.toml");
        let mut recording = Recording::of(&path, word_counts());
        recording.limit = LIMIT;
        Ok((folder, path, recording))
    }

    #[test]
    fn a_recording_is_never_longer_than_a_scenario_may_be() -> io::Result<()> {
        let (_folder, path, mut recording) = short_recording()?;
        let line = Text::from("blue blue green");
        while recording.write(Time::from_millis(500), &line).is_continue() {}
        let lines = recording.lines;
        let error = recording.finish().expect_err("it is full");
        assert_eq!(error.exit(), Exit::Usage);
        let text = fs::read_to_string(&path)?;
        assert!(text.len() <= LIMIT && lines > 1);
        assert_eq!(
            error.to_string(),
            format!(
                "{} is full and ends here: with the next line it would have {} bytes, and a scenario has \
                 67108864 at most",
                path.display(),
                text.len() + text.len() - text.rfind("\n[[timeline]]").expect("it has lines")
            )
        );
        let scenario = scenario::parse("recorded.toml", &text).expect("it is whole");
        assert_eq!(scenario.timeline.len() as u64, lines);
        Ok(())
    }

    #[test]
    fn a_first_line_that_does_not_fit_leaves_no_file() -> io::Result<()> {
        let (_folder, path, mut recording) = short_recording()?;
        let line = Text::from("\u{1}".repeat(LIMIT / 6));
        assert!(recording.write(Time::EPOCH, &line).is_break());
        let error = recording.finish().expect_err("there is nothing");
        assert_eq!(error.exit(), Exit::Usage);
        let said = error.to_string();
        assert!(
            said.starts_with("the first line makes a scenario of 1"),
            "{said}"
        );
        assert!(
            said.ends_with("; leave such lines out with --line-limit"),
            "{said}"
        );
        assert!(!path.exists());
        Ok(())
    }
}
