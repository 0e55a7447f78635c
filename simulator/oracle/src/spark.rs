//! One running Spark: started, asked, and stopped on every way out.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{CompileError, Installation, Replay, javac};

/// How long a Spark may take to leave once it is told to.
const PATIENCE: Duration = Duration::from_secs(15);

/// How much of what a dying Spark says is passed on, in lines.
const LAST_WORDS: usize = 8;

/// What Spark says to a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// All that it printed.
    Console(String),
    /// Its error, without the stack of calls.
    Failed(String),
}

/// What runs, in which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Spark's.
    pub spark: String,
    /// Python's, whose hash decides the order of rows.
    pub python: String,
    /// Java's.
    pub java: String,
}

/// Why a Spark does not answer.
#[derive(Debug, thiserror::Error)]
pub enum SparkError {
    /// The Java programs of the replays cannot be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The process that replays cannot be started or written to.
    #[error("failed to start Spark")]
    Start(#[source] io::Error),
    /// It ended, or its JVM did, before it had answered.
    #[error("failed to hear from Spark: it ended before it had answered{}", last_words(.0))]
    Died(Vec<String>),
    /// It says that it cannot start, such as when the master of a cluster is not there.
    #[error("failed to start Spark: {0}")]
    Refused(String),
    /// It has not answered in time, and was killed.
    #[error("failed to hear from Spark: it did not answer in {} s and was killed", .0.as_secs())]
    TimedOut(Duration),
}

fn last_words(lines: &[String]) -> String {
    lines
        .iter()
        .fold(String::new(), |text, line| text + "\n  " + line)
}

/// A Spark that replays pipelines, one JVM for all of them.
///
/// The process that drives it leads a process group of its own, and ends it when nobody asks any more:
/// also when this program is killed, nothing is left running. The same happens on drop.
#[derive(Debug)]
pub struct Spark {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Receiver<Value>,
    last_words: Arc<Mutex<VecDeque<String>>>,
    timeout: Duration,
    versions: Versions,
    /// Removed on drop, after the processes that use it.
    _folder: TempDir,
}

impl Spark {
    /// Starts a Spark that can play these replays: compiles those in Java, and starts the JVM.
    ///
    /// Without a `master` each replay runs in local mode with its scenario's cores. `timeout` is for one
    /// answer.
    ///
    /// # Errors
    ///
    /// Fails if Java programs cannot be compiled, or if Spark does not come up.
    pub fn start(
        installation: &Installation,
        master: Option<&str>,
        replays: &[Replay],
        timeout: Duration,
    ) -> Result<Spark, SparkError> {
        let folder = tempfile::Builder::new()
            .prefix("millrace-spark-")
            .tempdir()
            .map_err(SparkError::Start)?;
        let programs = replays.iter().filter_map(|replay| replay.java.as_ref());
        javac::compile(installation, programs, folder.path())?;
        let script = write_script(folder.path()).map_err(SparkError::Start)?;
        let mut command = installation.python();
        command.arg(&script).args(master);
        let child = spawn(&mut command, &folder).map_err(SparkError::Start)?;
        let mut spark = Spark::driving(child, folder, timeout);
        let cores = replays.first().map_or(2, |replay| replay.cores);
        let answer = spark.ask(&format!("{}\n", json!({ "hello": cores })))?;
        spark.versions = versions(&answer)?;
        Ok(spark)
    }

    fn driving(mut child: Child, folder: TempDir, timeout: Duration) -> Spark {
        let last_words = Arc::default();
        if let Some(stderr) = child.stderr.take() {
            listen(stderr, Arc::clone(&last_words));
        }
        Spark {
            requests: child.stdin.take(),
            answers: answers(child.stdout.take()),
            child,
            last_words,
            timeout,
            versions: Versions {
                spark: String::new(),
                python: String::new(),
                java: String::new(),
            },
            _folder: folder,
        }
    }

    /// What runs, in which version.
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// Has Spark play a replay, one of those it was started with.
    ///
    /// # Errors
    ///
    /// Fails if Spark ends or does not answer in time: then it cannot be asked again. That a program
    /// fails is an [`Answer`].
    pub fn replay(&mut self, replay: &Replay) -> Result<Answer, SparkError> {
        let answer = self.ask(&replay.line())?;
        let text = |key: &str| answer[key].as_str().map(str::to_owned);
        let failed = || text("error").unwrap_or_else(|| "it says nothing".to_owned());
        Ok(text("console").map_or_else(|| Answer::Failed(failed()), Answer::Console))
    }

    fn ask(&mut self, request: &str) -> Result<Value, SparkError> {
        let requests = self.requests.as_mut();
        if requests.is_none_or(|requests| requests.write_all(request.as_bytes()).is_err()) {
            return Err(self.died());
        }
        self.answers
            .recv_timeout(self.timeout)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => {
                    self.kill();
                    SparkError::TimedOut(self.timeout)
                }
                RecvTimeoutError::Disconnected => self.died(),
            })
    }

    fn died(&mut self) -> SparkError {
        self.kill();
        let lines = self
            .last_words
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        SparkError::Died(lines.iter().cloned().collect())
    }

    /// Ends the whole process group. The standard library can signal one process only, so the shell,
    /// which is on every Unix, is asked for the group.
    fn kill(&mut self) {
        self.requests = None;
        let group = format!("kill -s KILL -- -{} 2>/dev/null", self.child.id());
        let _ = Command::new("/bin/sh").args(["-c", &group]).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Tells Spark that there is nothing more to do; true if it then ends by itself.
    fn leave(&mut self) -> bool {
        let Some(mut requests) = self.requests.take() else {
            return false;
        };
        if requests.write_all(b"null\n").is_err() {
            return false;
        }
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Spark {
    fn drop(&mut self) {
        if !self.leave() {
            self.kill();
        }
    }
}

/// The program of the process that replays, and what it imports.
fn write_script(folder: &Path) -> io::Result<PathBuf> {
    fs::write(
        folder.join("trigger_clock.py"),
        include_str!("trigger_clock.py"),
    )?;
    let script = folder.join("replay.py");
    fs::write(&script, include_str!("replay.py"))?;
    Ok(script)
}

fn spawn(command: &mut Command, folder: &TempDir) -> io::Result<Child> {
    command
        .current_dir(folder.path())
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONWARNINGS", "ignore")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// The answers, one JSON value a line, read on a thread of their own; the channel ends with them.
fn answers(stdout: Option<impl Read + Send + 'static>) -> Receiver<Value> {
    let (sender, receiver) = channel();
    if let Some(stdout) = stdout {
        thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            for answer in lines.filter_map(|line| serde_json::from_str(&line).ok()) {
                if sender.send(answer).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

/// Keeps the last lines that are said on standard error.
fn listen(stderr: impl Read + Send + 'static, last_words: Arc<Mutex<VecDeque<String>>>) {
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut lines = last_words.lock().unwrap_or_else(PoisonError::into_inner);
            if lines.len() == LAST_WORDS {
                lines.pop_front();
            }
            lines.push_back(line);
        }
    });
}

fn versions(answer: &Value) -> Result<Versions, SparkError> {
    if let Some(error) = answer["error"].as_str() {
        return Err(SparkError::Refused(error.to_owned()));
    }
    let text = |key: &str| answer[key].as_str().unwrap_or("unknown").to_owned();
    Ok(Versions {
        spark: text("spark"),
        python: text("python"),
        java: text("java"),
    })
}
