//! A scenario with the folder of its snapshots.

use std::cell::RefCell;
use std::io::Read;
use std::path::{Path, PathBuf};

use engine::Reader;
use scenario::{Mistakes, Pipeline, Program, Scenario, TimelineEvent, TimelineLines};
use simulator::{RunOptions, UnmetExpectation};

use crate::case_outcome::CaseOutcome;
use crate::location::Location;
use crate::play::{self, PlayError, Played};
use crate::python::{self, StandardError};
use crate::read::{ReadError, read_text, text_of};
use crate::snapshot::Snapshot;
use crate::snapshots::{SnapshotError, SnapshotFolder};
use crate::text::TextComparison;

/// A scenario with the folder of its snapshots.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name: the path below the folder `scenarios`, with `/` between folders and without the extension.
    /// Outside such a folder it is the name of the file.
    pub name: String,
    /// The scenario file.
    pub file: PathBuf,
    /// The scenario.
    pub scenario: Scenario,
    /// The lines of the file on which the entries of the timeline are written.
    pub lines: TimelineLines,
    /// The snapshots of its pipelines.
    pub snapshots: SnapshotFolder,
}

impl Case {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, and with all its mistakes if it is not a scenario.
    pub fn read(file: &Path) -> Result<Case, ReadError> {
        Ok(Case::parse(file, &read_text(file)?)?)
    }

    /// Reads a scenario from a stream. `name` is what it is called in messages.
    ///
    /// # Errors
    ///
    /// As [`read`](Case::read).
    pub fn read_stream(name: &Path, stream: impl Read) -> Result<Case, ReadError> {
        Ok(Case::parse(name, &text_of(name, Ok(stream))?)?)
    }

    /// Parses the text of a scenario file. The path gives the name of the case and the folder of its
    /// snapshots; the file need not exist.
    ///
    /// # Errors
    ///
    /// Fails with all mistakes of the text, and those of its queries in SQL.
    ///
    /// ```
    /// use std::path::Path;
    /// let text = "timeline = [{ at = '1s', lines = ['blue'] }]\n[[pipeline]]\nname = 'jvm'\nmode = 'stateless'";
    /// let case = suite::Case::parse(Path::new("scenarios/spark/seed.toml"), text)?;
    /// assert_eq!(case.name, "spark/seed");
    /// assert_eq!(case.snapshots.file("jvm"), Path::new("snapshots/spark/seed/jvm.snap"));
    /// # Ok::<(), scenario::Mistakes>(())
    /// ```
    pub fn parse(file: &Path, text: &str) -> Result<Case, Mistakes> {
        let (scenario, lines) = scenario::parse_with_lines(&file.display().to_string(), text)?;
        let refusals = simulator::refusals(&scenario);
        if !refusals.is_empty() {
            let name = file.display().to_string();
            return Err(scenario::refused(&name, text, &refusals));
        }
        let Location { name, snapshots } = Location::of(file);
        Ok(Case {
            name,
            file: file.to_owned(),
            scenario,
            lines,
            snapshots,
        })
    }

    /// The expectations with the lines of the file on which they are written.
    pub fn located(&self, unmet: &[UnmetExpectation]) -> Vec<UnmetExpectation> {
        let mut unmet = unmet.to_vec();
        for expectation in &mut unmet {
            expectation.line = self.lines.of_entry(expectation.entry);
        }
        unmet
    }

    /// Plays a pipeline twice with a seed, and compares it with the expectations of the scenario and with its
    /// snapshot. The first kind of problem is the outcome: expectations, failed jobs, the snapshot.
    ///
    /// A snapshot has the text of seed 0: with another seed, only a scenario that generates no lines is compared
    /// with it.
    ///
    /// # Errors
    ///
    /// Fails as [`play`](crate::play()) does, and if there is a snapshot that cannot be read.
    pub fn test(&self, pipeline: &Pipeline, seed: u64) -> Result<Tested, TestError> {
        let options = RunOptions {
            seed,
            ..RunOptions::default()
        };
        let is_compared = seed == 0 || !self.is_drawn();
        let notes = RefCell::default();
        let tested = self.test_text(pipeline, is_compared, |reader| {
            Ok(self.play(pipeline, &options, StandardError::Kept(&notes), reader)?)
        });
        let tested = tested.map_err(|error: TestError| match (error, &pipeline.program) {
            (TestError::Play(error), Program::Python(_)) => TestError::Play(error),
            (TestError::Play(error), _) => TestError::Play(error.of_simulator(seed)),
            (error @ TestError::Snapshot(_), _) => error,
        })?;
        Ok(Tested {
            notes: notes.into_inner(),
            ..tested
        })
    }

    /// Runs a pipeline once. `reader` follows its events; a program in Python has the standard error of this process.
    ///
    /// # Errors
    ///
    /// Fails if the pipeline breaks a rule or prints more than the limit, or if there is no Python for its program.
    pub fn run(
        &self,
        pipeline: &Pipeline,
        options: &RunOptions<'_>,
        reader: &mut dyn Reader,
    ) -> Result<(), PlayError> {
        self.play(pipeline, options, StandardError::Shown, reader)
    }

    /// Plays a pipeline twice with a seed, as [`play`](crate::play()) does, and a program in Python, too.
    ///
    /// # Errors
    ///
    /// As [`run`](Case::run), and if the journals of the two runs differ.
    pub fn played(&self, pipeline: &Pipeline, seed: u64) -> Result<Played, PlayError> {
        let options = RunOptions {
            seed,
            ..RunOptions::default()
        };
        let notes = RefCell::default();
        play::play_with(&self.scenario, pipeline, |reader| {
            self.play(pipeline, &options, StandardError::Kept(&notes), reader)
        })
    }

    /// The file of a pipeline's program in Python; `None` if it has none.
    pub fn program_file(&self, pipeline: &Pipeline) -> Option<PathBuf> {
        let Program::Python(program) = &pipeline.program else {
            return None;
        };
        Some(self.folder().join(&program.file))
    }

    /// The folder of the file.
    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    fn play(
        &self,
        pipeline: &Pipeline,
        options: &RunOptions<'_>,
        errors: StandardError<'_>,
        reader: &mut dyn Reader,
    ) -> Result<(), PlayError> {
        let scenario = &self.scenario;
        match &pipeline.program {
            Program::Python(program) => python::play(
                scenario,
                self.folder(),
                program,
                options.seed,
                errors,
                reader,
            ),
            _ => Ok(simulator::run(scenario, pipeline, options, reader)?),
        }
    }

    /// True if lines are drawn from the seed.
    pub(crate) fn is_drawn(&self) -> bool {
        let mut entries = self.scenario.timeline.iter();
        entries.any(|entry| matches!(entry.event, TimelineEvent::Generate(_)))
    }

    /// As [`test`](Case::test), by `run`, which the caller has for the pipeline.
    ///
    /// # Errors
    ///
    /// Fails as `run` does, if the two runs differ, and if there is a snapshot that cannot be read.
    pub fn test_with<E: From<PlayError> + From<SnapshotError>>(
        &self,
        pipeline: &Pipeline,
        run: impl Fn(&mut dyn Reader) -> Result<(), E>,
    ) -> Result<Tested, E> {
        self.test_text(pipeline, true, run)
    }

    /// Compares the text with the snapshot while the first run writes it. Only if it differs, the second run
    /// collects it.
    fn test_text<E: From<PlayError> + From<SnapshotError>>(
        &self,
        pipeline: &Pipeline,
        is_compared: bool,
        run: impl Fn(&mut dyn Reader) -> Result<(), E>,
    ) -> Result<Tested, E> {
        let scenario = &self.scenario;
        let snapshot = self.snapshots.open(&pipeline.name);
        let expected = snapshot.as_ref().ok().and_then(Option::as_ref);
        let comparison = TextComparison::with(expected.map(|it| &it.text));
        let mut console = play::console(scenario, pipeline, comparison)?;
        let first = play::observe(scenario, pipeline, &run, &mut console)?;
        let comparison = console.finish().map_err(PlayError::Render)?;
        let is_met = first.unmet.is_empty() && first.broken.is_empty();
        let has_text = is_met && first.failures.is_empty() && is_compared;
        let is_collected = has_text && !comparison.is_same();
        let collected = is_collected.then(|| play::console(scenario, pipeline, Vec::new()));
        let mut collected = collected.transpose()?;
        first.confirm(&run, &mut collected)?;
        let text = collected.map(play::text_of).transpose()?;
        if !is_met {
            return Ok(Tested::without_text(CaseOutcome::Unmet {
                unmet: self.located(&first.unmet),
                broken: first.broken,
                failures: first.failures,
            }));
        }
        if !first.failures.is_empty() {
            return Ok(Tested::without_text(CaseOutcome::Failed {
                failures: first.failures,
                expecting: first.expecting,
            }));
        }
        if !is_compared {
            return Ok(Tested::without_text(CaseOutcome::Holds));
        }
        let outcome = match &text {
            Some(text) => self.compare(&pipeline.name, snapshot, text)?,
            None => CaseOutcome::Same,
        };
        Ok(Tested {
            outcome,
            text,
            notes: Vec::new(),
        })
    }

    /// Compares a text that is not the snapshot's.
    fn compare(
        &self,
        pipeline: &str,
        snapshot: Result<Option<Snapshot>, SnapshotError>,
        text: &str,
    ) -> Result<CaseOutcome, SnapshotError> {
        let expected = match snapshot {
            Ok(Some(snapshot)) => snapshot
                .text
                .decode()
                .map_err(|reason| self.snapshots.broken(pipeline, reason)),
            Ok(None) => return Ok(CaseOutcome::missing(self.snapshots.file(pipeline), text)),
            Err(error) => Err(error),
        };
        match expected {
            Ok(expected) => Ok(CaseOutcome::of(&expected, text)),
            Err(SnapshotError::Broken { file, reason }) => Ok(CaseOutcome::Broken { file, reason }),
            Err(error @ SnapshotError::OfAnother { .. }) => {
                Ok(CaseOutcome::OfAnother(error.to_string()))
            }
            Err(error) => Err(error),
        }
    }
}

/// The result of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// The outcome.
    pub outcome: CaseOutcome,
    /// The console text, if it is not the snapshot's and may be accepted or proposed.
    pub text: Option<String>,
    /// The remarks of a program in Python.
    pub notes: Vec<String>,
}

impl Tested {
    fn without_text(outcome: CaseOutcome) -> Tested {
        Tested {
            outcome,
            text: None,
            notes: Vec::new(),
        }
    }
}

/// A test that has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The pipeline cannot be played.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// The snapshot cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}
