//! A PySpark program of a scenario, played by a Python interpreter in a process of its own.
//!
//! The package `millrace` of that interpreter writes the events of the program as lines of JSON to its standard output.

mod event;
mod timeline;

use std::cell::RefCell;
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use engine::{Event, Reader, SparkVersion};
use scenario::{PythonProgram, Scenario};
use simulator::RunError;

use self::event::{Line, parse};
pub use self::timeline::{ProgramEntry, ProgramTimeline, TimelineError, parse_faults};
use crate::play::PlayError;

/// Names the interpreter.
const INTERPRETER: &str = "MILLRACE_PYTHON";

/// Names the most seconds that a run may take.
const SECONDS: &str = "MILLRACE_PYTHON_SECONDS";

/// The most time that a run may take, unless the environment says otherwise.
const TIME_MAX: Duration = Duration::from_mins(2);

/// Lines of events that wait to be read.
const WAITING_MAX: usize = 64;

/// The last bytes of standard error that are shown.
const SHOWN_MAX: u64 = 4_000;

/// A program in Python that could not be played.
#[derive(Debug, thiserror::Error)]
pub enum PythonError {
    /// The file of the program is not there.
    #[error("there is no program {}; its path is from the folder of the scenario", .0.display())]
    NoFile(PathBuf),
    /// The scenario is of another version of Spark than programs see.
    #[error("a program in Python sees Spark 3.5: leave out `spark`, here or on the command line")]
    OtherSpark,
    /// The interpreter does not start.
    #[error(
        "failed to start {}, which plays programs in Python: name one of Python 3.11 or later by the variable \
         {INTERPRETER}", interpreter.display()
    )]
    NoInterpreter {
        /// The interpreter.
        interpreter: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The interpreter has no package `millrace`.
    #[error(
        "{interpreter} has no package `millrace`, which plays programs in Python: install it from a copy of the \
         repository by `{interpreter} -m pip install ./simulator/python`, or name another interpreter by the variable \
         {INTERPRETER}"
    )]
    NoPackage {
        /// The interpreter.
        interpreter: String,
    },
    /// The interpreter ended before the program had.
    #[error("the interpreter ended before the program did, by {status}{}", after(.said))]
    Died {
        /// Its exit status, or the signal that ended it.
        status: String,
        /// The end of its standard error.
        said: String,
    },
    /// The package is of another version than this.
    #[error(
        "the package `millrace` of the interpreter is of another version; install it anew: it wrote {0}"
    )]
    OtherVersion(String),
    /// The program takes too long.
    #[error(
        "the program has run for {0} s and was ended: if it waits for real time or for a socket, it waits in vain; \
         {SECONDS} allows more"
    )]
    TooSlow(u64),
    /// The system fails the process.
    #[error("failed to talk to the interpreter")]
    Io(#[from] io::Error),
}

/// The last words of an interpreter, behind a message; nothing if it said none.
fn after(said: &str) -> String {
    if said.is_empty() {
        String::new()
    } else {
        format!(", and said:\n{said}")
    }
}

/// The standard error of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StandardError<'a> {
    /// A person sees it.
    Shown,
    /// It is shown only if the interpreter fails. The remarks in it are collected here, each once.
    Kept(&'a RefCell<Vec<String>>),
}

/// Plays a program of a scenario in `folder`, in an empty folder of its own. `reader` follows its events.
///
/// # Errors
///
/// Fails if it cannot be played, takes too long, or prints more than the limit.
pub(crate) fn play(
    scenario: &Scenario,
    folder: &Path,
    program: &PythonProgram,
    seed: u64,
    errors: StandardError<'_>,
    reader: &mut dyn Reader,
) -> Result<(), PlayError> {
    if scenario.spark != SparkVersion::V3_5 {
        return Err(PythonError::OtherSpark.into());
    }
    let file = folder.join(&program.file);
    let file = std::path::absolute(&file).map_err(PythonError::Io)?;
    if !file.is_file() {
        return Err(PythonError::NoFile(file).into());
    }
    let scratch = tempfile::tempdir().map_err(PythonError::Io)?;
    let mut process = Process::start(scenario, &file, program, seed, errors, scratch.path())?;
    let limit = scenario.limits.output;
    let mut printed = 0;
    let mut has_ended = false;
    while let Some(line) = process.next_line()? {
        let (time, event) = match parse(&line).ok_or(PythonError::OtherVersion(line))? {
            Line::Event(time, event) => (time, event),
            Line::Note(note) => {
                errors.collect(note);
                continue;
            }
        };
        has_ended = event == Event::Stopped;
        if let Event::TextPrinted { text } = &event {
            printed += text.len() as u64;
        }
        reader.read(time, &event);
        if printed > limit {
            let at = time.since(scenario.clock.start);
            return Err(RunError::Output { limit, at }.into());
        }
    }
    if has_ended {
        Ok(())
    } else {
        Err(process.failure().into())
    }
}

impl StandardError<'_> {
    fn collect(self, note: String) {
        if let StandardError::Kept(notes) = self {
            let mut notes = notes.borrow_mut();
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
}

/// The interpreter while it runs. It is killed when this is dropped.
struct Process {
    interpreter: PathBuf,
    child: Child,
    lines: Receiver<io::Result<String>>,
    /// The file that has its standard error, if that is kept.
    kept: Option<PathBuf>,
    start: Instant,
    time_max: Duration,
}

impl Process {
    fn start(
        scenario: &Scenario,
        file: &Path,
        program: &PythonProgram,
        seed: u64,
        errors: StandardError<'_>,
        scratch: &Path,
    ) -> Result<Process, PythonError> {
        let interpreter = env::var_os(INTERPRETER).filter(|it| !it.is_empty());
        let interpreter = PathBuf::from(interpreter.unwrap_or_else(|| OsString::from("python3")));
        let [timeline, work, said] =
            ["timeline.json", "work", "stderr.txt"].map(|name| scratch.join(name));
        fs::write(
            &timeline,
            ProgramTimeline::of(scenario, seed).to_json().to_string(),
        )?;
        fs::create_dir(&work)?;
        let stderr = match errors {
            StandardError::Shown => Stdio::inherit(),
            StandardError::Kept(_) => File::create(&said)?.into(),
        };
        let strict = program.strict.then_some("--strict");
        let check_pickle = program.check_pickle.then_some("--check-pickle");
        let child = Command::new(&interpreter)
            .args(["-m", "millrace", "run", "--events"])
            .args(strict.into_iter().chain(check_pickle))
            .arg(file)
            .arg("--timeline")
            .arg(timeline)
            .arg("--")
            .args(&program.arguments)
            .current_dir(work)
            // As Spark's workers have it; and nothing is written beside the program.
            .envs([("PYTHONHASHSEED", "0"), ("PYTHONDONTWRITEBYTECODE", "1")])
            // The interpreter ends when this is closed: also if this process is killed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn();
        let mut child = child.map_err(|source| PythonError::NoInterpreter {
            interpreter: interpreter.clone(),
            source,
        })?;
        let stdout = child.stdout.take().expect("its standard output is a pipe");
        let seconds = env::var(SECONDS).ok().and_then(|it| it.parse().ok());
        Ok(Process {
            interpreter,
            child,
            lines: lines_of(stdout),
            kept: (errors != StandardError::Shown).then_some(said),
            start: Instant::now(),
            time_max: seconds.map_or(TIME_MAX, Duration::from_secs),
        })
    }

    /// The next line of events; `None` when the process has ended.
    fn next_line(&mut self) -> Result<Option<String>, PythonError> {
        let left = self.time_max.saturating_sub(self.start.elapsed());
        match self.lines.recv_timeout(left) {
            Ok(line) => Ok(Some(line?)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(PythonError::TooSlow(self.time_max.as_secs())),
        }
    }

    /// The reason for which there are no more events.
    fn failure(&mut self) -> PythonError {
        let import = Command::new(&self.interpreter)
            .args(["-c", "import millrace.events"])
            .stdin(Stdio::null())
            .output();
        if import.is_ok_and(|it| !it.status.success()) {
            let interpreter = self.interpreter.display().to_string();
            return PythonError::NoPackage { interpreter };
        }
        let said = self.kept.as_ref().and_then(|kept| end_of(kept).ok());
        let said = String::from_utf8_lossy(&said.unwrap_or_default())
            .trim()
            .to_owned();
        let status = self.child.wait();
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        PythonError::Died { status, said }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It fails only for a process that has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The last bytes of a file.
fn end_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(SHOWN_MAX)))?;
    let mut end = Vec::new();
    file.take(SHOWN_MAX).read_to_end(&mut end)?;
    Ok(end)
}

/// The lines of a process, as they come: to read them may wait for ever.
fn lines_of(stdout: ChildStdout) -> Receiver<io::Result<String>> {
    let (sender, lines) = mpsc::sync_channel(WAITING_MAX);
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}
